/**
 * What every estimator promises, tried on all that the namespace `model` has: a new one is found by itself, or the test names it.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { InputError } from "../../src/core/errors.js";
import type { Estimator, Fitted } from "../../src/model/estimator.js";
import * as model from "../../src/model/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import type { Probabilities } from "../../src/table/probabilities.js";
import { Scores } from "../../src/table/scores.js";
import type { SurvivalData } from "../../src/table/survival-data.js";
import { cohortForModels } from "../support/cohort-for-models.js";
import { assertSound, soundOrNull } from "../support/sound-results.js";

type Target = Labels | SurvivalData | Scores;
type Recipe = Estimator<Target, Fitted<Scores | Probabilities>>;
type Make = (options: object) => Recipe;

/** Recipes whose answer may depend on the order of the rows, and why. */
const ORDER_MATTERS: Readonly<Record<string, string>> = {
  coxnet: "folds are drawn by row",
  logisticNet: "folds are drawn by row",
  multinomialNet: "folds are drawn by row",
  "regression.randomForest": "patients are drawn by row",
  survivalForest: "patients are drawn by row",
  "classification.svm": "folds for the probabilities are drawn by row",
  "classification.mlp": "batches are drawn by row",
  "classification.randomForest": "patients are drawn by row",
};

/** Parts of recipes, tested with them. */
const COMPOSITES = new Set(["pipeline", "tuned"]);

const { x, response, survival } = cohortForModels(60);
const size = new Scores(
  x.ids,
  x.column("f0").map((value, row) => value + (x.column("f1")[row] ?? 0)),
);
/** Options of recipes that cannot be made by { seed: 1 } alone, or would take long. */
const OPTIONS: Readonly<Record<string, object>> = {
  coxnet: { seed: 1, folds: 3 },
  fineGray: {
    causes: new Labels(
      x.ids,
      x.ids.map((_, row) => (row % 4 === 0 ? "death" : "relapse")),
    ),
    cause: "relapse",
  },
  logisticNet: { seed: 1, folds: 3 },
  multinomialNet: { seed: 1, folds: 3 },
};
const made = recipesOf(model);

describe("every estimator", () => {
  it("of the sources is in the namespace and made without more than a seed, or stands in OPTIONS", () => {
    const found = new Set([...made.keys()].map((name) => name.split(".").at(-1)));
    const missing = estimatorsOfSources().filter((name) => !found.has(name) && !COMPOSITES.has(name));
    assert.deepEqual(missing, [], "not exported from src/model/index.ts, or in need of options");
    assert.ok(made.size >= 8, [...made.keys()].join(", "));
  });

  for (const [name, recipe] of made) {
    describe(name, () => {
      const target = targetOf(recipe);

      it("learns from classes, follow-up or numbers", () => {
        assert.ok(target !== null, `${name} can be fitted to none: add its outcome to this test`);
      });
      if (target === null) return;
      const fitted = recipe.fit(x, target);
      const predicted = fitted.predict(x);

      it("predicts a finite number for each patient, by id", () => {
        assert.deepEqual(predicted.ids, x.ids);
        assert.ok(predicted.values.every(Number.isFinite));
      });

      it("says something to classes or times that it has learned", () => {
        assert.ok(new Set(predicted.values).size > 1, "all predictions are the same");
      });

      it("gives the same bits when it is fitted again, and leaves its input as it was", () => {
        const before = x.columns.map(({ values }) => values.slice());
        assert.deepEqual(recipe.fit(x, target).predict(x).values, predicted.values);
        assert.deepEqual(
          x.columns.map(({ values }) => values),
          before,
        );
      });

      it("predicts for one patient what it predicts for all", () => {
        const width = predicted.values.length / x.length;
        for (const row of [0, 31]) {
          const alone = fitted.predict(x.pick([x.ids[row] as string]));
          assertNear(alone.values, predicted.values.slice(row * width, (row + 1) * width), 1e-12);
        }
      });

      it("finds columns by name, whatever their order and their neighbors", () => {
        const stranger = { name: "stranger", unit: "", values: new Float64Array(x.length).fill(Number.NaN) };
        const other = new FeatureTable(x.ids, [stranger, ...[...x.columns].reverse()]);
        assert.deepEqual(fitted.predict(other).values, predicted.values);
      });

      it("refuses columns that are absent, of another unit, or lack a value", () => {
        const used = x.names.filter((column) => refuses(() => fitted.predict(without(column))));
        assert.ok(used.length > 0, "no column is needed");
        for (const column of used) {
          const change = (unit: string, first: number): FeatureTable =>
            new FeatureTable(
              x.ids,
              x.columns.map((one) =>
                one.name === column
                  ? { ...one, unit, values: one.values.map((value, row) => (row === 0 ? first : value)) }
                  : one,
              ),
            );
          assert.throws(() => fitted.predict(change("furlong", 0)), InputError);
          assert.throws(() => fitted.predict(change(x.unit(column), Number.NaN)), InputError);
        }
      });

      it("refuses outcomes of other patients, or in another order", () => {
        const turned = [...x.ids].reverse();
        assert.throws(() => recipe.fit(x, target.pick(turned)), /another order/);
        assert.throws(() => recipe.fit(x, target.pick(x.ids.slice(1))), /not the same patients/);
      });

      it("does not depend on the order of the rows, or says why", () => {
        const turned = [...x.ids].reverse();
        const again = recipe.fit(x.pick(turned), target.pick(turned)).predict(x);
        const reason = ORDER_MATTERS[name];
        if (reason === undefined) assertNear(again.values, predicted.values, 1e-5);
        else
          assert.notDeepEqual(again.values, predicted.values, `${name} no longer depends on it: "${reason}"`);
      });

      it("is a part of a pipeline, and can be cross-validated", async () => {
        if (target instanceof Scores) {
          const whole = model.pipeline(model.standardize(), recipe as Estimator<Scores, Fitted<Scores>>);
          assert.ok(whole.fit(x, target).predict(x).values.every(Number.isFinite));
          return;
        }
        const recipes = model.pipeline(model.standardize(), recipe as Estimator<Labels, Fitted<Scores>>);
        const cv = await model.crossValidate(x, target as Labels, recipes, { folds: 4, seed: 1 });
        assert.ok((cv.metrics[0]?.pooled.value ?? 0) > 0.5);
      });

      for (const [what, [table, outcome]] of Object.entries(badData(target))) {
        it(`answers ${what} by numbers or a typed error`, () => {
          const answer = soundOrNull(() => recipe.fit(table, outcome).predict(table));
          if (answer !== null) assertSound(answer.values, [], name);
        });
      }
    });
  }
});

/** All recipes of a namespace, by their path in it. */
function recipesOf(namespace: object, prefix = ""): Map<string, Recipe> {
  const found = new Map<string, Recipe>();
  for (const [key, value] of Object.entries(namespace)) {
    const name = `${prefix}${key}`;
    if (typeof value === "function") {
      const recipe = recipeOf(value as Make, OPTIONS[name] ?? { seed: 1 });
      if (recipe !== null) found.set(name, recipe);
    } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [inner, recipe] of recipesOf(value, `${name}.`)) found.set(inner, recipe);
    }
  }
  return found;
}

/** What a function makes of options, if that is a recipe; most functions of the namespace make other things. */
function recipeOf(make: Make, options: object): Recipe | null {
  try {
    const value: unknown = make(options);
    if (value instanceof Promise) value.catch(() => undefined);
    return typeof value === "object" && value !== null && "fit" in value ? (value as Recipe) : null;
  } catch {
    return null;
  }
}

/** Exported functions of the sources that return an estimator: each must write its return type. */
function estimatorsOfSources(): string[] {
  const folder = path.resolve(import.meta.dirname, "../../src/model");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => {
      const text = readFileSync(path.join(folder, file), "utf8");
      return [...text.matchAll(/^export function (\w+)[\s\S]*?\n?\): ([^\n]*?) \{$/gm)]
        .filter(([, , type]) => /^(\w*Estimator|Pipeline)\b/.test(type ?? ""))
        .map(([, name]) => name ?? "");
    });
}

function targetOf(recipe: Recipe): Target | null {
  for (const target of [response, survival, size]) {
    try {
      recipe.fit(x, target).predict(x);
      return target;
    } catch {
      // The other outcome, then.
    }
  }
  return null;
}

function badData(target: Target): Record<string, readonly [FeatureTable, Target]> {
  const first = (n: number): string[] => x.ids.slice(0, n);
  const change = (column: number, to: (value: number, row: number) => number): FeatureTable =>
    new FeatureTable(
      x.ids,
      x.columns.map((one, at) => (at === column ? { ...one, values: one.values.map(to) } : one)),
    );
  const wide = Array.from({ length: 30 }, (_, at) => ({
    name: `w${at}`,
    unit: "",
    values: Float64Array.from(first(10), (__, row) => Math.sin((row + 1) * (at + 2))),
  }));
  const one =
    target instanceof Labels
      ? x.ids.filter((id) => target.pick([id]).values[0] === "no")
      : target instanceof Scores
        ? x.ids.slice(0, 1)
        : x.ids.filter((id) => target.pick([id]).event[0] === 0);
  return {
    "no patients": [x.pick([]), target.pick([])],
    "two patients": [x.pick(first(2)), target.pick(first(2))],
    "no columns": [x.select([]), target],
    "a constant column": [change(2, () => 7), target],
    "a repeated column": [change(1, (_, row) => x.column("f0")[row] ?? 0), target],
    "a missing value": [change(3, (value, row) => (row === 5 ? Number.NaN : value)), target],
    "an infinite value": [change(3, (value, row) => (row === 5 ? Number.POSITIVE_INFINITY : value)), target],
    "a far too large value": [change(3, (value, row) => (row === 5 ? 1e308 : value)), target],
    "tiny values": [change(3, (value) => value * 1e-300), target],
    "more columns than patients": [new FeatureTable(first(10), wide), target.pick(first(10))],
    "one class, no event, or one number": [x.pick(one), target.pick(one)],
  };
}

function without(column: string): FeatureTable {
  return x.select(x.names.filter((name) => name !== column));
}

function refuses(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return true;
  }
}

function assertNear(actual: Float64Array, expected: Float64Array, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, at) => {
    assert.ok(Math.abs((actual[at] as number) - value) <= tolerance, `${at}: ${actual[at]} is not ${value}`);
  });
}
