/** A made-up cohort in which two of six features carry both a class and a hazard. */
import { randomStream } from "../../src/core/random.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { SurvivalData } from "../../src/table/survival-data.js";

export interface ModelCohort {
  readonly x: FeatureTable;
  readonly response: Labels<"no" | "yes">;
  readonly survival: SurvivalData;
}

/** @param signal  How much features say: 0 for nothing. */
export function cohortForModels(n: number, signal = 1, seed = 1): ModelCohort {
  const random = randomStream(`${seed}/model-cohort`);
  const ids = Array.from({ length: n }, (_, row) => `P${row}`);
  const columns = Array.from({ length: 6 }, (_, at) => ({
    name: `f${at}`,
    unit: at === 0 ? "mm" : "",
    values: Float64Array.from(ids, () => random.normal()),
  }));
  const risk = ids.map(
    (_, row) => signal * ((columns[0]?.values[row] ?? 0) + (columns[1]?.values[row] ?? 0)),
  );
  const values = risk.map((one) => (one + random.normal() > 0 ? "yes" : "no"));
  const time = Float64Array.from(risk, (one) => -Math.log(random.uniform()) / Math.exp(one));
  const event = risk.map(() => random.uniform() < 0.7);
  return {
    x: new FeatureTable(ids, columns),
    response: new Labels(ids, values, { name: "response", classes: ["no", "yes"] }),
    survival: new SurvivalData(ids, time, event, "months"),
  };
}
