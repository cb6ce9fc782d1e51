/**
 * The released classifiers of Deep-RadScore (Zhang et al. 2024) on their test tables.
 *
 * The judge is an evaluation by definition with NumPy (data-scripts/reference/deepradscore-classifiers.py). The article prints
 * other areas for most of them; a title says where the released files give the printed one, to its last digit.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { parseCsv } from "../../src/io/csv.js";
import { importClassifier } from "../../src/model/classification/import-classifier.js";
import * as metrics from "../../src/model/metrics/index.js";
import { Cohort } from "../../src/table/cohort.js";
import { assertClose } from "../support/modelling-references.js";

/** The README of the files: probabilities agree to 1e-12. */
const TOLERANCE = 1e-12;
/** Half of the last digit that the article prints. */
const PRINTED = 0.0005;

const folder = path.join(process.env.RADBOOK_DATA ?? "", "deepradscore");

interface Evaluated {
  readonly area: number;
  readonly sum: number;
  readonly chosen: number;
}

describe("released classifiers of Deep-RadScore", () => {
  if (process.env.RADBOOK_DATA === undefined || !existsSync(folder)) {
    it("are evaluated on their test tables (skipped: RADBOOK_DATA does not name a folder that has them)", function () {
      this.skip();
    });
    return;
  }
  const file = path.resolve(import.meta.dirname, "../support/released-classifiers.json");
  const { models } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly models: Readonly<Record<string, Evaluated>>;
  };
  const published = cohortOf("published_table3.csv");

  it("are all looked at", () => {
    assert.equal(Object.keys(models).length, published.length);
  });

  published.ids.forEach((_, row) => {
    const [endpoint, model, auc] = ["endpoint", "model", "auc"].map(
      (name) => published.text(name)[row] ?? "",
    );
    const name = `${endpoint}_${model}`;
    const expected = models[name];
    assert.ok(expected !== undefined, `${name} has no reference`);
    const isPrinted = Math.abs(expected.area - Number(auc)) <= PRINTED;
    const title = isPrinted
      ? "gives the published area"
      : `gives an area of ${expected.area.toFixed(3)}, published as ${auc}`;
    it(`${name} ${title}`, () => {
      const fitted = importClassifier(JSON.parse(textOf(name)));
      const cohort = cohortOf(`tables/${name}.csv`);
      const x = cohort.numeric(fitted.columns.map((column) => column.name));
      const y = cohort.labels("label");
      const probability = fitted.predict(x).of("1");
      const area = metrics.areaUnderCurve(y, probability);
      assertClose(area, expected.area, TOLERANCE, "area");
      if (isPrinted) assert.ok(Math.abs(area - Number(auc)) <= PRINTED, `area ${area}`);
      const sum = probability.values.reduce((total, value) => total + value, 0);
      assertClose(sum, expected.sum, TOLERANCE, "sum of the probabilities");
      assert.equal(fitted.decide(x).values.filter((value) => value === "1").length, expected.chosen);
      assert.deepEqual([fitted.endpoint, fitted.model], [endpoint, model]);
    });
  });
});

function textOf(name: string): string {
  const plain = path.join(folder, "models", `${name}.json`);
  return existsSync(plain) ? readFileSync(plain, "utf8") : gunzipSync(readFileSync(`${plain}.gz`)).toString();
}

function cohortOf(name: string): Cohort {
  const [header = [], ...rows] = parseCsv(readFileSync(path.join(folder, name), "utf8")).rows;
  return new Cohort(
    rows.map((_, row) => String(row)),
    header.map((column, at) => ({ name: column, cells: rows.map((row) => row[at] as string) })),
  );
}
