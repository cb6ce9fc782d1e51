/** Recipes whose options name patients, each narrowed to the patients of a fold or of a bootstrap sample. */
import assert from "node:assert/strict";
import * as model from "../../src/model/index.js";
import type { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { Scores } from "../../src/table/scores.js";
import type { SurvivalData } from "../../src/table/survival-data.js";
import { cohortForModels } from "../support/cohort-for-models.js";

const { x, response, survival } = cohortForModels(90);
const labels = (count: number, name: string): Labels =>
  new Labels(
    [...x.ids].reverse(),
    x.ids.map((_, row) => `${name} ${(89 - row) % count}`),
    { name },
  );
const weights = new Scores(
  [...x.ids].reverse(),
  Float64Array.from(x.ids, (_, row) => 0.5 + ((row * 7) % 5) / 3),
  "weight",
);
const causes = new Labels(
  x.ids,
  x.ids.map((_, row) => (survival.event[row] === 0 ? "none" : row % 3 === 0 ? "death" : "relapse")),
);
const lambdas = [0.3, 0.1, 0.03];

/** By what is named. */
interface Recipes<Target> {
  readonly [what: string]: (
    ids: readonly string[],
  ) => model.Estimator<Target, model.Fitted<model.Prediction>>;
}

/** Each in another order than the patients; given alone to compare with what a fold gets. */
const SURVIVAL = {
  "strata of Cox regression": (ids) => model.cox({ strata: labels(3, "center").pick(ids) }),
  "weights of Cox regression": (ids) => model.cox({ weights: weights.pick(ids) }),
  "kinds of event of Fine and Gray's regression": (ids) =>
    model.fineGray({ causes: causes.pick(ids), cause: "relapse" }),
  "folds and weights of a Cox elastic net": (ids) =>
    model.coxnet({ foldIds: labels(3, "fold").pick(ids), weights: weights.pick(ids), lambdas }),
  "batches of harmonization": (ids) =>
    model.pipeline(model.harmonize(labels(2, "scanner").pick(ids)), model.cox()),
} satisfies Recipes<SurvivalData>;
const CLASSES = {
  "folds of a logistic elastic net": (ids) =>
    model.logisticNet({ foldIds: labels(3, "fold").pick(ids), lambdas }),
  "groups of a search": (ids) =>
    model.tuned({ smoothing: [1e-9, 0.1] }, (setting) => model.classification.naiveBayes(setting), {
      folds: 3,
      seed: 1,
      groups: labels(30, "patient").pick(ids),
    }),
} satisfies Recipes<Labels>;

describe("options by patient id", () => {
  for (const [what, recipeOf] of Object.entries<Recipes<SurvivalData>[string]>(SURVIVAL)) {
    it(`${what} are narrowed to each fold, whatever their order`, () => narrowed(survival, recipeOf));
    it(`${what} reach patients who were drawn twice`, async () => {
      const { samples } = await model.optimismBootstrap(x, survival, recipeOf(reversed), {
        draws: 6,
        seed: 2,
      });
      assert.ok(samples.onAll.length >= 5 && samples.onAll.every((c) => c > 0.5));
    });
  }
  for (const [what, recipeOf] of Object.entries<Recipes<Labels>[string]>(CLASSES)) {
    it(`${what} are narrowed to each fold, whatever their order`, () => narrowed(response, recipeOf));
    it(`${what} reach patients who were drawn twice`, async () => {
      const { samples } = await model.optimismBootstrap(x, response, recipeOf(reversed), {
        draws: 6,
        seed: 2,
      });
      assert.ok(samples.onAll.length >= 5 && samples.onAll.every((auc) => auc > 0.5));
    });
  }

  it("are missed by name where a patient has none", () => {
    const some = x.ids.slice(1);
    for (const work of [
      () => SURVIVAL["strata of Cox regression"](some).fit(x, survival),
      () => SURVIVAL["weights of Cox regression"](some).fit(x, survival),
      () => SURVIVAL["folds and weights of a Cox elastic net"](some).fit(x, survival),
      () => CLASSES["folds of a logistic elastic net"](some).fit(x, response),
    ])
      assert.throws(work, /has no patient "P0"/);
  });
});

const reversed = [...x.ids].reverse();

/** The fold's model of options for all patients is that of options for the fold's training patients alone. */
async function narrowed<Target extends Labels | SurvivalData>(
  y: Target,
  recipeOf: Recipes<Target>[string],
): Promise<void> {
  const folds = model.folds(y, { k: 3, seed: 5 });
  const found = await model.crossValidate(x, y, recipeOf(reversed), { folds });
  for (const { train, test } of folds.folds) {
    const own: FeatureTable = x.pick(train);
    // Batches are needed of the patients who are predicted too.
    const alone = recipeOf([...train, ...test]).fit(own, y.pick(train) as Target);
    assert.deepEqual(found.predicted.pick(test).values, alone.predict(x.pick(test)).values);
  }
}
