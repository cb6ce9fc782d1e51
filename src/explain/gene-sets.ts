/**
 * Gene-set masking: what a model still knows when only the genes of one set keep their values, against random sets of equal size.
 *
 * Source: Smedley, Aberle & Hsu 2021, doi:10.1117/1.JMI.8.3.031906 (deepRadiogenomics); the null band is ours.
 * Layer:  explain; imports core, table, model.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { type RandomStream, randomStream, shuffleFirst } from "../core/random.js";
import type { Fitted } from "../model/estimator.js";
import { areaUnderCurve } from "../model/metrics/delong.js";
import { averagePrecision } from "../model/metrics/roc.js";
import { adjust } from "../model/statistics/adjust.js";
import { run, type WorkOptions } from "../model/validation/parts.js";
import type { Prediction } from "../model/validation/rows.js";
import { FeatureTable } from "../table/feature-table.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import { formatNumber, formatPCell, renderTable, rowList } from "../table/render.js";
import { quantileOfSorted } from "../table/summarize.js";
import { type AnswerOptions, answerOf, checkExplained } from "./answer.js";

/** Names of genes by the name of their set. */
export type GeneSets = { readonly [name: string]: readonly string[] };

export interface GeneSetOptions extends AnswerOptions, WorkOptions {
  /** Random sets of each size, default 100. */
  readonly draws?: number;
  /** Same seed, same random sets. */
  readonly seed: number;
  /** Share of the random sets inside the band, default 0.95. */
  readonly band?: number;
}

/** A measure of one set beside random sets of as many genes. */
export interface AgainstRandom {
  readonly value: number;
  /** Band of the random sets. */
  readonly lower: number;
  readonly upper: number;
  /** (1 + random sets that are at least as good) / (1 + random sets). */
  readonly p: number;
}

/** One gene set. */
export interface MaskedSet {
  readonly name: string;
  /** Genes of the set. */
  readonly size: number;
  /** Those among them that the table has: these keep their values. */
  readonly present: number;
  readonly auc: AgainstRandom;
  readonly averagePrecision: AgainstRandom;
  /** p of the area, adjusted over the sets by Benjamini and Hochberg. */
  readonly adjusted: number;
}

export interface GeneSetMasking {
  /** The best area first. */
  readonly sets: readonly MaskedSet[];
  /** Of all genes together. */
  readonly whole: { readonly auc: number; readonly averagePrecision: number };
  /** Sets of which the table has no gene. */
  readonly absent: readonly string[];
  readonly n: number;
  readonly draws: number;
  readonly sentence: string;
}

/**
 * Keeps the genes of one set and puts 0 elsewhere. 0 is the average patient, not absence: the genes must be standardized, e.g.
 * `fitted.model, fitted.prepare(x)` of a pipeline with `model.standardize()`. Large sets predict well whatever their genes: look
 * at the band.
 *
 * @param model  Fitted on the standardized genes.
 * @param x  Standardized genes.
 * @param y  Who has the trait.
 * @throws InputError on mismatched ids, one class only, or if no set has a gene of the table; the signal's reason.
 *
 * @example
 * await explain.geneSets(fitted.model, fitted.prepare(x), y, { hypoxia: ["VEGFA", "CA9"] }, { seed: 7 });
 */
export async function geneSets(
  model: Fitted<Prediction>,
  x: FeatureTable,
  y: Labels,
  sets: GeneSets,
  { draws = 100, seed, band = 0.95, positive, ...work }: GeneSetOptions,
): Promise<GeneSetMasking> {
  checkExplained(x);
  checkSameIds(x.ids, y.ids, "the genes", `"${y.name}"`);
  if (!(Number.isInteger(draws) && draws >= 1)) {
    throw new InputError(`the number of random sets must be whole and positive, found ${draws}.`);
  }
  if (!Number.isInteger(seed)) throw new InputError(`the seed must be a whole number, found ${seed}.`);
  if (!(band > 0 && band < 1)) throw new InputError(`the band must lie between 0 and 1, found ${band}.`);
  const members = Object.entries(sets).map(([name, genes]) => ({
    name,
    size: new Set(genes).size,
    genes: [...new Set(genes)].filter((gene) => x.has(gene)),
  }));
  const known = members.filter(({ genes }) => genes.length > 0);
  if (known.length === 0) {
    throw new InputError(
      `none of ${members.length} gene sets has a gene that the table has (${x.names.slice(0, 5).join(", ")}, …). Check the names of the genes.`,
    );
  }
  const options = positive === undefined ? {} : { positive };
  const measure = measureOf(model, x, y, options);
  const sizes = [...new Set(known.map(({ genes }) => genes.length))];
  function* masking(): Generator<void, [Measured[], Map<number, Measured[]>]> {
    const random = new Map<number, Measured[]>();
    for (const size of sizes) {
      const stream = randomStream(`${seed}/gene-sets/${size}`);
      const found: Measured[] = [];
      for (let draw = 0; draw < draws; draw++) {
        found.push(measure(drawNames(x.names, size, stream)));
        yield;
      }
      random.set(size, found);
    }
    const found: Measured[] = [];
    for (const { genes } of known) {
      found.push(measure(genes));
      yield;
    }
    return [found, random];
  }
  const total = sizes.length * draws + known.length;
  const [found, random] = await run(masking(), total, work);
  const rows = known.map(({ name, size, genes }, at) => {
    const others = random.get(genes.length) ?? [];
    return {
      name,
      size,
      present: genes.length,
      auc: against(
        found[at].auc,
        others.map(({ auc }) => auc),
        band,
      ),
      averagePrecision: against(
        found[at].precision,
        others.map(({ precision }) => precision),
        band,
      ),
    };
  });
  const adjusted = adjust(
    rows.map(({ auc }) => auc.p),
    "benjamini-hochberg",
  );
  const whole = measure(x.names);
  const ranked = rows
    .map((row, at) => ({ ...row, adjusted: adjusted[at] }))
    .sort((a, b) => b.auc.value - a.auc.value);
  const result = {
    sets: ranked,
    whole: { auc: whole.auc, averagePrecision: whole.precision },
    absent: members.filter(({ genes }) => genes.length === 0).map(({ name }) => name),
    n: x.length,
    draws,
    sentence: sentenceOf(ranked, whole.auc, draws),
  };
  return showAs(result, () => show(result));
}

interface Measured {
  readonly auc: number;
  readonly precision: number;
}

/** Area and average precision when only these genes keep their values. */
function measureOf(
  model: Fitted<Prediction>,
  x: FeatureTable,
  y: Labels,
  options: AnswerOptions,
): (genes: readonly string[]) => Measured {
  const zeros = new Float64Array(x.length);
  return (genes) => {
    const kept = new Set(genes);
    const columns = x.columns.map((column) =>
      kept.has(column.name) ? column : { ...column, values: zeros },
    );
    const score = answerOf(model, new FeatureTable(x.ids, columns), options);
    return { auc: areaUnderCurve(y, score, options), precision: averagePrecision(y, score, options) };
  };
}

function drawNames(names: readonly string[], size: number, random: RandomStream): string[] {
  const order = names.slice();
  shuffleFirst(order, size, random);
  return order.slice(0, size);
}

function against(value: number, others: readonly number[], band: number): AgainstRandom {
  const sorted = Float64Array.from(others).sort();
  const better = sorted.filter((other) => other >= value).length;
  return {
    value,
    lower: quantileOfSorted(sorted, (1 - band) / 2),
    upper: quantileOfSorted(sorted, (1 + band) / 2),
    p: (1 + better) / (1 + sorted.length),
  };
}

function sentenceOf(sets: readonly MaskedSet[], whole: number, draws: number): string {
  const [best] = sets;
  const beyond = sets.filter(({ adjusted }) => adjusted < 0.05).length;
  return (
    `With the genes of one set alone, the area under the ROC curve was at most ${formatNumber(best.auc.value, 3)} (${best.name}, ${best.present} genes; ` +
    `random sets of equal size ${formatNumber(best.auc.lower, 3)} to ${formatNumber(best.auc.upper, 3)}), against ${formatNumber(whole, 3)} with all genes; ` +
    `${beyond} of ${sets.length} sets exceeded ${draws} random sets after adjustment (Benjamini–Hochberg, 0.05).`
  );
}

const SHOWN = 20;

function show({ sets, absent, n, sentence }: GeneSetMasking): MimeBundle {
  const cell = ({ value, lower, upper }: AgainstRandom): string =>
    `${formatNumber(value, 3)} (${formatNumber(lower, 3)} to ${formatNumber(upper, 3)})`;
  return renderTable({
    title: `Gene-set masking of ${n} patients: ${sets.length} sets`,
    header: ["set", "genes", "AUC (random sets)", "p", "adjusted p", "average precision (random sets)"],
    rows: rowList(sets, ({ name, present, size, auc, averagePrecision: precision, adjusted }) => [
      name,
      present === size ? String(size) : `${present} of ${size}`,
      cell(auc),
      formatPCell(auc.p),
      formatPCell(adjusted),
      cell(precision),
    ]),
    most: SHOWN,
    what: "sets",
    notes: [
      ...(absent.length > 0 ? [`${absent.length} sets have no gene in the table`] : []),
      "Genes outside the set have the mean of the training patients, which is not absence.",
      sentence,
    ],
  });
}
