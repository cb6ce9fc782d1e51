/** Tables written to Parquet and CSV, read back by DuckDB: values to the bit, missing ones, units, provenance. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { ExtractedFeatures, FeatureTable } from "../../src/index.js";
import { readCohort, writeCsv, writeParquet } from "../../src/io/index.js";
import { extractor } from "../../src/radiomics/index.js";
import { patient } from "../support/cohort-files.js";
import { freshFolder, put } from "../support/files.js";

const HARD = [0.1, -0, 5e-324, 1.7976931348623157e308, Number.NEGATIVE_INFINITY, Number.NaN, 1 / 3];

describe("tables in Parquet files", () => {
  const folder = freshFolder();

  it("have every double to the bit, missing ones as null, and ids of any letters", async () => {
    const ids = ["P1", "Ñandú", 'a "b", c', "P4", "P5", "P6", "7"];
    const table = new FeatureTable(ids, [
      { name: "original_shape_MeshVolume", unit: "mm³", values: Float64Array.from(HARD) },
      { name: "plain", unit: "", values: new Float64Array(7).fill(3) },
    ]);
    const file = path.join(folder(), "f.parquet");
    await writeParquet(table, file);
    const rows = await query(`select * from '${file}'`);
    assert.deepEqual(
      rows,
      ids.map((id, n) => [id, Number.isNaN(HARD[n]) ? null : HARD[n], 3]),
    );
    assert.ok(Object.is(rows[1]?.[1], -0));
    const types = await query(`select column_type from (describe select * from '${file}')`);
    assert.deepEqual(types.flat(), ["VARCHAR", "DOUBLE", "DOUBLE"]);
    assert.deepEqual(await metadata(file), { units: { original_shape_MeshVolume: "mm³" } });
    assert.equal(existsSync(`${file}.json`), false);
  });

  it("carry units, provenance and failures of extracted features inside, a CSV file beside it", async () => {
    const { image, mask } = patient(3);
    const extract = extractor({ families: ["morphology"] });
    const features = await extract([
      { id: "P1", image, mask },
      { id: "P2", image, mask: "nowhere.nrrd" },
    ]);
    assert.ok(features instanceof ExtractedFeatures);
    const file = path.join(folder(), "f.parquet");
    await writeParquet(features, file);
    await writeCsv(features, path.join(folder(), "f.csv"));
    const inside = (await metadata(file)) as Record<string, unknown>;
    assert.deepEqual(JSON.parse(readFileSync(path.join(folder(), "f.csv.json"), "utf8")), inside);
    assert.deepEqual(inside.provenance, JSON.parse(JSON.stringify(features.provenance)));
    assert.deepEqual(inside.failures, features.failures);
    assert.equal((inside.units as Record<string, string>).morph_volume, features.unit("morph_volume"));
    const [row] = await query(`select morph_volume from '${file}'`);
    assert.deepEqual(row, [features.column("morph_volume")[0]]);
  });

  it("have a cohort's cells as text, and nothing at all in an empty table", async () => {
    const cohort = await readCohort(put(folder(), "c.csv", "id,sex,age\nP1,m,50\nP2,,\n"));
    const file = path.join(folder(), "c.parquet");
    await writeParquet(cohort, file);
    assert.deepEqual(await query(`select * from '${file}'`), [
      ["P1", "m", "50"],
      ["P2", null, null],
    ]);
    const empty = path.join(folder(), "e.parquet");
    await writeParquet(new FeatureTable([], [{ name: "x", unit: "", values: new Float64Array(0) }]), empty);
    assert.deepEqual(await query(`select * from '${empty}'`), []);
  });

  it("are refused where a column is named like that of the ids, or there is no folder", async () => {
    const values = new Float64Array(1);
    const named = new FeatureTable(["a"], [{ name: "id", unit: "", values }]);
    await assert.rejects(writeParquet(named, path.join(folder(), "x.parquet")), /named "id"/);
    const table = new FeatureTable(["a"], [{ name: "x", unit: "", values }]);
    await assert.rejects(writeParquet(table, path.join(folder(), "no/x.parquet")), /cannot write the file/);
  });
});

async function query(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const rows = await (await connection.runAndReadAll(sql)).getRows();
  connection.closeSync();
  return rows;
}

async function metadata(file: string): Promise<unknown> {
  const found = await query(
    `select decode(value) from parquet_kv_metadata('${file}') where decode(key) = 'radbook'`,
  );
  return JSON.parse(String(found[0]?.[0]));
}
