/** Which columns stand beside each patient in the panel before anybody has chosen. */
import assert from "node:assert/strict";
import { keyColumns, namedColumns } from "../../labextension/src/panel/columns.js";
import { type Cell, checkTablePayload, type TablePayload } from "../../labextension/src/table/payload.js";

/** A table of patients with these columns: name and a cell for each of twelve rows. */
function table(columns: Readonly<Record<string, (row: number) => Cell>>): TablePayload {
  const names = Object.keys(columns);
  return checkTablePayload({
    version: 1,
    id: "t",
    title: "Cohort",
    rowCount: 12,
    columns: ["id", ...names].map((name) => ({ name, unit: "", selectable: name === "id" })),
    rows: Array.from({ length: 12 }, (_, row) => [`P${row}`, ...names.map((name) => columns[name]?.(row))]),
  });
}

const named = (payload: TablePayload): readonly unknown[] =>
  keyColumns(payload).map((at) => payload.columns[at]?.name);

describe("the columns beside each patient", () => {
  it("are outcome, time, stage and group before others", () => {
    const all = table({
      note: (row) => `free text ${row}`,
      center: (row) => `C${row % 3}`,
      "T stage": (row) => `T${row % 4}`,
      time: (row) => row * 1.5,
      event: (row) => row % 2,
      volume: (row) => row * 11.1,
    });
    assert.deepEqual(named(all), ["event", "time", "T stage", "center"]);
  });

  it("are those with few values where no name tells, and never the same value in all rows", () => {
    const all = table({
      volume: (row) => row * 11.1,
      always: () => "yes",
      marker: (row) => (row === 3 ? null : row % 2),
      entropy: (row) => row / 7,
    });
    assert.deepEqual(named(all), ["marker", "volume", "always", "entropy"]);
  });

  it("take no word for another that holds its letters", () => {
    const all = table({
      dose: (row) => row,
      sometimes: (row) => row,
      ostium: (row) => row,
      os: (row) => row,
    });
    assert.equal(named(all)[0], "os");
  });

  it("are the person's own where the table has them, in the person's order, without what a stranger wrote", () => {
    const { columns } = table({ age: (row) => row, event: (row) => row % 2 });
    assert.deepEqual(namedColumns(["event", "age"], columns), [2, 1]);
    assert.deepEqual(namedColumns(["event", "gone", 7, null, "event", "id"], columns), [2]);
    assert.deepEqual(namedColumns([], columns), [], "nothing, on purpose");
    for (const odd of [undefined, null, "event", { 0: "event" }, ["gone"]])
      assert.equal(namedColumns(odd, columns), null);
  });
});
