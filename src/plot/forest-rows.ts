/**
 * The lines of a forest plot: each covariate of a Cox model with its patients and events, and the reference of each group.
 *
 * Layer:  plot; imports core, model, table.
 */
import { InputError } from "../core/errors.js";
import type { CoxCovariate, CoxModel } from "../model/cox-model.js";
import { indicatorName } from "../model/indicators.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import { withUnit } from "./marks.js";

export interface ForestRow {
  readonly label: string;
  /** Undefined for the reference of a group. */
  readonly covariate?: CoxCovariate;
  /** Whom the line stands for: everybody, or the patients of a class. */
  readonly ids: readonly string[];
  readonly events: number;
}

/** @throws InputError if labels are of other patients, or the model has none of their columns. */
export function forestRows(fitted: CoxModel, groups: readonly Labels[]): readonly ForestRow[] {
  const { x, y } = fitted.training;
  const blocks = groups.map((labels) => {
    checkSameIds(y.ids, labels.ids, "the patients of the model", `"${labels.name}"`);
    const names = new Set(labels.classes.map((own) => indicatorName(labels, own)));
    const first = fitted.covariates.find(({ name }) => names.has(name));
    if (first === undefined) {
      throw new InputError(
        `the model has no column of "${labels.name}". Fit it on x.join(model.indicators(labels)), or leave the group out.`,
      );
    }
    return { labels, names, first: first.name };
  });
  return fitted.covariates.flatMap((covariate): ForestRow[] => {
    const block = blocks.find(({ names }) => names.has(covariate.name));
    if (block !== undefined) return block.first === covariate.name ? classRows(fitted, block.labels) : [];
    const values = x.column(covariate.name);
    const isIndicator = values.every((value) => value === 0 || value === 1);
    const keep = (row: number): boolean => !isIndicator || values[row] === 1;
    return [{ label: withUnit(covariate.name, covariate.unit), covariate, ...patientsOf(fitted, keep) }];
  });
}

/** All classes, those without a column as the reference. */
function classRows(fitted: CoxModel, labels: Labels): ForestRow[] {
  return labels.classes.map((own) => {
    const label = indicatorName(labels, own);
    const covariate = fitted.covariates.find(({ name }) => name === label);
    const patients = patientsOf(fitted, (row) => labels.values[row] === own);
    return covariate === undefined ? { label, ...patients } : { label, covariate, ...patients };
  });
}

function patientsOf(
  { training: { y } }: CoxModel,
  keep: (row: number) => boolean,
): Pick<ForestRow, "ids" | "events"> {
  const rows = [...y.ids.keys()].filter(keep);
  return { ids: rows.map((row) => y.ids[row]), events: rows.reduce((sum, row) => sum + y.event[row], 0) };
}
