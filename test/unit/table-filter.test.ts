/** The filter of tables: what a person's text means, and that kernel and page keep the same rows. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { cellOf } from "../../kernel-ext/src/display/table/cells.js";
import { matchingRows } from "../../kernel-ext/src/display/table/filter.js";
import { keeps, parseFilter } from "../../labextension/src/table/filter.js";
import type { Cell } from "../../labextension/src/table/payload.js";

const COLUMNS = ["id", "age", "Tumor stage"].map((name) => ({
  name,
  unit: "",
  numeric: false,
  key: false,
  selectable: false,
}));
const ROWS: Cell[][] = [
  ["P1", 61, "T2 N0"],
  ["P2", 70.5, "T1 N1"],
  ["P10", null, "T2 N1"],
  ["Q1", 7, null],
];

/** Ids of the rows that a text leaves. */
function left(text: string): unknown[] {
  const terms = parseFilter(text, COLUMNS);
  return ROWS.filter((row) => keeps(row, terms)).map(([id]) => id);
}

describe("the filter of tables", () => {
  const cases: readonly [string, readonly string[]][] = [
    ["", ["P1", "P2", "P10", "Q1"]],
    ["p1", ["P1", "P10"]],
    ["P1 n0", ["P1"]],
    ['"t2 n1"', ["P10"]],
    ['"tumor stage":T2', ["P1", "P10"]],
    ['"tumor stage":"t1 n"', ["P2"]],
    ["age>61", ["P2"]],
    ["AGE>=61", ["P1", "P2"]],
    ["age<61", ["Q1"]],
    ["age<=61 id:p", ["P1"]],
    ["age=7", ["Q1"]],
    ["age:7", ["P2", "Q1"]],
    ["id>P2", ["P10", "Q1"]],
    ["id=p2", ["P2"]],
    ["age>", ["P1", "P2", "P10", "Q1"]],
    ["height>3", []],
    ["age>many", []],
  ];
  for (const [text, ids] of cases) {
    it(`keeps ${ids.length === 0 ? "no row" : ids.join(", ")} for ${JSON.stringify(text)}`, () => {
      assert.deepEqual(left(text), ids);
    });
  }

  it("is the same in the kernel and in the page", () => {
    const word = fc.constantFrom("a", "B", "a b", "10", "9", "2.5", "", "ä");
    const cell = fc.oneof(word, fc.constantFrom(1, 2.5, 9, 10, -3, Number.NaN, null, true));
    const name = fc.constantFrom("id", "age", '"Tumor stage"', "other", "");
    const sign = fc.constantFrom(":", "=", "<", ">", "<=", ">=");
    const term = fc.tuple(name, sign, word).map(([one, by, value]) => `${one}${by}"${value}"`);
    const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(table, fc.array(fc.oneof(term, word), { maxLength: 3 }), (rows, parts) => {
        const terms = parseFilter(parts.join(" "), COLUMNS);
        const columns = COLUMNS.map((column, at) => ({ ...column, values: rows.map((row) => row[at]) }));
        const inKernel = [...matchingRows(columns, rows.length, terms as never)];
        const inPage = rows.map((row) => Number(keeps(row.map(cellOf) as Cell[], terms)));
        assert.deepEqual(inKernel, inPage);
      }),
    );
  });

  it("keeps the chosen patients by their whole ids, in kernel and page", () => {
    const terms = [{ column: 0, sign: "in", value: "", values: ["P1", "Q1", "p2"] }] as const;
    assert.deepEqual(
      ROWS.filter((row) => keeps(row, terms)).map(([id]) => id),
      ["P1", "Q1"],
    );
    const ids = { name: "id", values: ROWS.map(([id]) => id) };
    assert.deepEqual([...matchingRows([ids], 4, terms as never)], [1, 0, 0, 1]);
  });

  it("refuses conditions that no view makes", () => {
    const columns = [{ name: "a", values: [1] }];
    for (const bad of [
      null,
      3,
      { column: 0 },
      { column: -1, sign: ":", value: "" },
      { column: 0, sign: "~", value: "1" },
    ])
      assert.throws(() => matchingRows(columns, 1, [bad]), RangeError);
    assert.throws(() => matchingRows(columns, 1, [{ column: 4, sign: ":", value: "1" }]), /no column 4/);
  });
});
