/** CSV by RFC 4180, cohorts from files and back. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import { csvCell, parseCsv } from "../../src/io/csv.js";
import { readCohort, writeCsv } from "../../src/io/read-cohort.js";
import { FeatureTable } from "../../src/table/feature-table.js";

describe("CSV", () => {
  it("reads quotes, doubled quotes, line breaks in cells, CRLF, a byte order mark and empty lines", () => {
    const { rows, lines } = parseCsv('\uFEFFid,note\r\na,"x, ""y""\r\nz"\r\n\r\nb,""\r\n');
    assert.deepEqual(rows, [
      ["id", "note"],
      ["a", 'x, "y"\r\nz'],
      ["b", ""],
    ]);
    assert.deepEqual(lines, [1, 2, 5]);
  });

  it("names line and character of what is not right", () => {
    const bad = [
      ["a,b\n1,2,3", /f: line 2: 3 cells, but the header has 2/],
      ['a,b\n1,"2', /f: line 2, character 3: this quote is never closed/],
      ['a,b\n1,2"', /f: line 2, character 4: a quote inside a cell/],
      ['a,b\n1,"2"x', /f: line 2, character 6: "x" after a closing quote/],
    ] as const;
    for (const [text, message] of bad) {
      assert.throws(() => parseCsv(text, { file: "f" }), message);
      assert.throws(() => parseCsv(text), InputError);
    }
  });

  it("gives back any cells that were written", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " ", "é", ";") });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const text = rows.map((row) => row.map(csvCell).join(",")).join("\r\n");
        assert.deepEqual(parseCsv(text).rows, rows);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("cohort file", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "radbook-csv-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const file = async (text: string | Uint8Array): Promise<string> => {
    const name = path.join(folder, "clinical.csv");
    await writeFile(name, text);
    return name;
  };

  it("becomes a cohort by the id column, with marks for missing values", async () => {
    const name = await file("age,patient,sex\n61.5,A,f\nNA,B,m\n");
    const cohort = await readCohort(name, { id: "patient", missing: ["NA"] });
    assert.deepEqual(cohort.ids, ["A", "B"]);
    assert.deepEqual(cohort.names, ["age", "sex"]);
    assert.deepEqual(Array.from(cohort.numeric(["age"]).column("age")), [61.5, Number.NaN]);
  });

  it("names file, line and column of a cell that is not a number, also after rows were filtered", async () => {
    const cohort = await readCohort(await file('id,age\nA,1\nB,"x\ny"\nC,old\n'));
    const rest = cohort.pick(["C", "A"]);
    assert.throws(
      () => rest.numeric(["age"]),
      /clinical\.csv: line 5, patient C, column "age": "old" is not a number/,
    );
  });

  it("refuses files without ids, with repeated ids or columns, that are empty, absent or not UTF-8", async () => {
    const bad: readonly (readonly [string | Uint8Array, RegExp])[] = [
      ["a,b\n1,2\n", /no column "id"\. The header has: a, b/],
      ["id;a\n1;2\n", /delimiter: ";"/],
      ["id,a\n1,2\n1,3\n", /id "1" occurs twice, in lines 2 and 3/],
      ["id,a\n,2\n", /line 2, column "id" is empty/],
      ["id,a,a\n1,2,3\n", /column "a" occurs twice/],
      ["id,\n1,2\n", /column 2 has no name/],
      ["", /the file is empty/],
      [Uint8Array.of(105, 100, 10, 233, 10), /not UTF-8/],
    ];
    for (const [text, message] of bad) {
      const name = await file(text);
      await assert.rejects(readCohort(name), (error) => {
        assert.ok(error instanceof InputError && error.file === name);
        assert.match(error.message, message);
        return true;
      });
    }
    await assert.rejects(readCohort(path.join(folder, "none.csv")), /none\.csv.*cannot read/);
  });

  it("is written whole or not at all, with every digit", async () => {
    const values = Float64Array.of(0.1 + 0.2, 5e-324, -1.7976931348623157e308, Number.NaN);
    const table = new FeatureTable(["a", 'b"', "c,d", "é"], [{ name: "v", unit: "", values }]);
    const name = path.join(folder, "out.csv");
    await writeCsv(table, name);
    const back = await readCohort(name);
    assert.deepEqual(back.ids, table.ids);
    assert.deepEqual(back.numeric(["v"]).column("v"), values);
    assert.deepEqual(await readdir(folder), ["out.csv"]);
    await assert.rejects(writeCsv(table, path.join(folder, "no", "out.csv")), InputError);
    assert.ok((await readFile(name, "utf8")).startsWith("id,v\r\n"));
  });
});
