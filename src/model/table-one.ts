/**
 * Table one: the patients of a study, together and by group, with missing values, tests and standardized differences.
 *
 * Source: Yang & Dalton 2012, SAS Global Forum 335 (differences of several classes); Austin 2009, doi:10.1002/sim.3697.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError, NumericalError } from "../core/errors.js";
import type { Cohort } from "../table/cohort.js";
import { FeatureTable } from "../table/feature-table.js";
import { checkSameIds } from "../table/ids.js";
import { Labels } from "../table/labels.js";
import { formatNumber, formatPCell, renderTable } from "../table/render.js";
import { quantileOfSorted } from "../table/summarize.js";
import { anova, kruskalWallis } from "./statistics/anova.js";
import { chiSquare } from "./statistics/contingency.js";
import { fisher } from "./statistics/fisher.js";
import { mannWhitney } from "./statistics/mann-whitney.js";
import { checkSample } from "./statistics/sample.js";
import { welch } from "./statistics/t-test.js";
import type { TestResult } from "./statistics/test-result.js";
import { meanDifference, shareDifference } from "./table-one-difference.js";

/**
 * How a variable is described and tested. "mean": mean ± standard deviation; Welch's t-test, or analysis of variance for more than
 * two groups. "median": median [first to third quartile]; Mann–Whitney or Kruskal–Wallis. "categorical": n (%); chi-square, or
 * Fisher's exact test where fewer than 5 patients are expected in a cell.
 */
export type VariableKind = "mean" | "median" | "categorical";

export interface TableOneOptions {
  /** Groups of the same patients. Default: all patients together, without tests. */
  readonly by?: Labels;
  /** Unit by name of the variable, for a cohort's columns. */
  readonly units?: { readonly [name: string]: string };
}

/** One variable, or one class of a categorical one. */
export interface TableOneRow {
  readonly variable: string;
  /** "" but for classes. */
  readonly level: string;
  /** All patients, then each group. */
  readonly cells: readonly string[];
  /** Patients without a value; null in rows of classes. */
  readonly missing: number | null;
  /** null without groups, in rows of classes, or where `test` says why not. */
  readonly p: number | null;
  readonly test: string;
  /** Standardized mean difference, the mean over pairs of groups. */
  readonly smd: number | null;
}

export interface TableOne {
  readonly rows: readonly TableOneRow[];
  readonly groups: readonly { readonly name: string; readonly n: number }[];
  readonly n: number;
  readonly sentence: string;
}

/**
 * Describes patients. Variables come in the order in which they are named.
 *
 * @param data  A cohort, or a table of features (whose variables are numbers).
 * @param variables  How to describe each, e.g. `{ age: "mean", volume: "median", sex: "categorical" }`.
 * @returns Shows itself as a table; `table.toCsv`, `table.toHtml` and `table.toLatex` export it.
 * @throws InputError on no patients or variables, unknown columns, cells that are no numbers or far too large, or groups of other
 *   patients.
 *
 * @example
 * const one = model.tableOne(cohort, { age: "mean", stage: "categorical" }, { by: cohort.labels("arm") });
 * table.toLatex(one);
 */
export function tableOne<Column extends string>(
  data: Cohort<Column> | FeatureTable,
  variables: { readonly [Name in Column]?: VariableKind },
  { by, units = {} }: TableOneOptions = {},
): TableOne {
  const names = Object.keys(variables) as Column[];
  if (data.length === 0 || names.length === 0) {
    throw new InputError(
      `a table needs patients and variables, found ${data.length} and ${names.length}. Name e.g. { age: "mean" }.`,
    );
  }
  if (by !== undefined) checkSameIds(data.ids, by.ids, "the data", `"${by.name}"`);
  const groups = groupsOf(data.length, by);
  const rows = names.flatMap((name) => {
    const kind: VariableKind | undefined = variables[name];
    if (kind === "categorical") return classRows(name, cellsOf(data, name), groups);
    if (kind === "mean" || kind === "median") {
      const { values, unit } = numbersOf(data, name, units);
      return [numberRow(unit === "" ? name : `${name} (${unit})`, values, kind, groups)];
    }
    throw new InputError(
      `"${name}" is described as "mean", "median" or "categorical", found "${String(kind)}".`,
    );
  });
  const result = {
    rows,
    groups: groups.slice(1).map(({ name, rows: own }) => ({ name, n: own.length })),
    n: data.length,
    sentence: sentenceOf(data.length, groups, rows),
  };
  return showAs(result, () => show(result));
}

interface RowGroup {
  readonly name: string;
  readonly rows: readonly number[];
}

/** All patients, then the groups that have any. */
function groupsOf(n: number, by: Labels | undefined): RowGroup[] {
  const all = { name: "all", rows: Array.from({ length: n }, (_, row) => row) };
  const own = (by?.classes ?? []).map((name) => ({
    name: String(name),
    rows: all.rows.filter((row) => by?.values[row] === name),
  }));
  return [all, ...own.filter(({ rows }) => rows.length > 0)];
}

function numbersOf<Column extends string>(
  data: Cohort<Column> | FeatureTable,
  name: Column,
  units: { readonly [name: string]: string },
): { readonly values: Float64Array; readonly unit: string } {
  const x = data instanceof FeatureTable ? data : data.numeric([name], { units });
  return { values: x.column(name), unit: x.unit(name) };
}

function cellsOf<Column extends string>(
  data: Cohort<Column> | FeatureTable,
  name: Column,
): readonly string[] {
  if (!(data instanceof FeatureTable)) return data.text(name);
  return Array.from(data.column(name), (value) => (Number.isNaN(value) ? "" : String(value)));
}

function numberRow(
  variable: string,
  values: Float64Array,
  kind: "mean" | "median",
  groups: readonly RowGroup[],
): TableOneRow {
  const samples = groups.map(({ rows }) =>
    Float64Array.from(rows, (row) => values[row]).filter((value) => !Number.isNaN(value)),
  );
  checkSample(`"${variable}"`, samples[0], 0);
  const [, ...own] = samples;
  const found =
    own.length < 2
      ? NO_TEST
      : tried(() => {
          if (own.length === 2) return kind === "mean" ? welch(own[0], own[1]) : mannWhitney(own[0], own[1]);
          return kind === "mean" ? anova(own) : kruskalWallis(own);
        });
  return {
    variable: `${variable}, ${kind === "mean" ? "mean ± SD" : "median [IQR]"}`,
    level: "",
    cells: samples.map((sample) => (kind === "mean" ? meanCell(sample) : medianCell(sample))),
    missing: values.length - samples[0].length,
    ...found,
    smd: meanDifference(own),
  };
}

function classRows(
  variable: string,
  cells: readonly string[],
  groups: readonly RowGroup[],
): readonly TableOneRow[] {
  const known = cells.filter((cell) => cell !== "");
  const { classes } = new Labels(
    known.map((_, row) => String(row)),
    known,
  );
  const counts = groups.map(({ rows }) =>
    classes.map((name) => rows.filter((row) => cells[row] === name).length),
  );
  const totals = counts.map((own) => own.reduce((sum, count) => sum + count, 0));
  const [, ...own] = counts;
  const found = own.length < 2 ? NO_TEST : tried(() => countTest(own));
  const head = {
    variable: `${variable}, n (%)`,
    level: "",
    cells: groups.map(() => ""),
    missing: cells.length - known.length,
    ...found,
    smd: shareDifference(own),
  };
  return [
    head,
    ...classes.map((level, c) => ({
      variable,
      level,
      cells: counts.map((count, at) => `${count[c]} (${share(count[c], totals[at])})`),
      missing: null,
      p: null,
      test: "",
      smd: null,
    })),
  ];
}

/** Groups × classes. Chi-square without continuity correction, unless fewer than 5 patients are expected somewhere. */
function countTest(counts: readonly (readonly number[])[]): TestResult {
  const rows = counts.map((own) => own.reduce((sum, count) => sum + count, 0));
  const columns = counts[0].map((_, c) => counts.reduce((sum, own) => sum + own[c], 0));
  const n = rows.reduce((sum, count) => sum + count, 0);
  const isSmall = rows.some((row) => columns.some((column) => (row * column) / n < 5));
  return isSmall ? fisher(counts) : chiSquare(counts, { correct: false });
}

const NO_TEST = { p: null, test: "" };

/** p and name of a test, or why there is none. */
function tried(work: () => TestResult): { readonly p: number | null; readonly test: string } {
  try {
    const { p, method } = work();
    return { p, test: method };
  } catch (error) {
    if (error instanceof InputError || error instanceof NumericalError)
      return { p: null, test: "not testable" };
    throw error;
  }
}

function meanCell(sample: Float64Array): string {
  if (sample.length === 0) return "–";
  const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length;
  if (sample.length === 1) return formatNumber(mean, 3);
  const squares = sample.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return `${formatNumber(mean, 3)} ± ${formatNumber(Math.sqrt(squares / (sample.length - 1)), 3)}`;
}

function medianCell(sample: Float64Array): string {
  if (sample.length === 0) return "–";
  const sorted = sample.slice().sort();
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((p) => formatNumber(quantileOfSorted(sorted, p), 3));
  return `${median} [${q1} to ${q3}]`;
}

function share(count: number, total: number): string {
  return total === 0 ? "–" : `${((100 * count) / total).toFixed(1)} %`;
}

function sentenceOf(n: number, groups: readonly RowGroup[], rows: readonly TableOneRow[]): string {
  const [, ...own] = groups;
  if (own.length < 2) return `The study had ${n} patients.`;
  const differing = rows.filter(({ p }) => p !== null && p < 0.05);
  const list = differing.map(
    ({ variable, p, test }) =>
      `${variable.split(",")[0]} (p ${formatPCell(p ?? 1).replace(/^(?=\d)/, "= ")}, ${test})`,
  );
  const sizes = own.map(({ name, rows: members }) => `${members.length} ${name}`).join(", ");
  return (
    `Of ${n} patients (${sizes}), groups differed ` +
    (list.length === 0 ? "in none of the variables at p < 0.05" : `in ${list.join("; ")}`) +
    "; p values are not adjusted."
  );
}

function show({ rows, groups, n, sentence }: TableOne): MimeBundle {
  const hasGroups = groups.length > 1;
  const heads = groups.length === 0 ? [] : groups.map(({ name, n: size }) => `${name} (n = ${size})`);
  return renderTable({
    title: `Table 1: ${n} patients`,
    header: ["", `all (n = ${n})`, ...heads, "missing", ...(hasGroups ? ["p", "test", "SMD"] : [])],
    rows: rows.map(({ variable, level, cells, missing, p, test, smd }) => [
      level === "" ? variable : `\u2003${level}`,
      ...cells,
      missing === null ? "" : String(missing),
      ...(hasGroups
        ? [p === null ? "" : formatPCell(p), test, smd === null ? "" : formatNumber(smd, 2)]
        : []),
    ]),
    words: hasGroups ? [heads.length + 4] : [],
    notes: hasGroups
      ? [sentence, "SMD: standardized mean difference, mean over pairs of groups."]
      : [sentence],
  });
}
