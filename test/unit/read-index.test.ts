/** A folder's index: every series with its counts, broken files with their reason, and nothing of the pixels. */
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { DISPLAY, type ShownTable, TABLE } from "../../src/core/display.js";
import { text } from "../../src/io/dicom-writer.js";
import { index, readDicom } from "../../src/io/index.js";
import { type Changes, putSeries, rtstructBytes, sliceBytes } from "../support/dicom.js";
import { freshFolder, put, refuses } from "../support/files.js";

describe("the index of a folder", () => {
  const folder = freshFolder();
  const of = (patient: string, study: string, series: string, more: Changes = {}): Changes => ({
    524320: text(0x00080020, "DA", "20251231"),
    1048608: text(0x00100020, "LO", patient),
    2097165: text(0x0020000d, "UI", study),
    2097166: text(0x0020000e, "UI", series),
    ...more,
  });
  const below = (...names: string[]): string => {
    const place = path.join(folder(), ...names);
    mkdirSync(place, { recursive: true });
    return place;
  };

  it("lists patients, studies and series, also where they lie mixed, with files that readDicom takes", async () => {
    const mixed = below("a");
    const later = { 524321: text(0x00080021, "DA", "20260102") };
    for (const z of [2, 4, 6]) put(mixed, `x${z}`, sliceBytes(z, of("P2", "1.5", "1.5.1")));
    for (const z of [2, 4]) put(mixed, `y${z}`, sliceBytes(z, of("P2", "1.5", "1.5.2", later)));
    putSeries(below("b", "c", "d"), [1, 2], of("P1", "1.4", "1.4.1"));
    put(mixed, "notes.txt", "about the data");
    put(mixed, "rs.dcm", rtstructBytes([]));
    put(mixed, "broken.dcm", "no DICOM at all");
    put(mixed, "cut.dcm", sliceBytes(8, of("P2", "1.5", "1.5.1")).subarray(0, 300));
    symlinkSync(folder(), path.join(mixed, "loop"));
    const reports: [number, number][] = [];
    const found = await index(folder(), { onProgress: (done, total) => reports.push([done, total]) });
    assert.deepEqual(found.patients, ["P1", "P2"]);
    assert.deepEqual(
      found.series
        .filter((entry) => entry.modality === "CT")
        .map(({ patient, series, date, slices, columns, rows, files }) => [
          patient,
          series,
          date,
          slices,
          columns,
          rows,
          files.length,
        ]),
      [
        ["P1", "1.4.1", "2025-12-31", 2, 4, 3, 2],
        ["P2", "1.5.1", "2025-12-31", 3, 4, 3, 3],
        ["P2", "1.5.2", "2026-01-02", 2, 4, 3, 2],
      ],
    );
    assert.equal(found.otherFiles, 1);
    assert.deepEqual(
      found.failures.map(({ file }) => path.basename(file)),
      ["broken.dcm", "cut.dcm", "rs.dcm"],
    );
    assert.match(found.failures[0]?.reason ?? "", /not a DICOM file/);
    assert.match(found.failures[1]?.reason ?? "", /damaged|cut off/);
    assert.match(found.failures[2]?.reason ?? "", /SeriesInstanceUID \(0020,000e\) is missing/);
    assert.deepEqual(reports.at(-1), [11, 11]);
    const second = found.series.find((entry) => entry.series === "1.5.1");
    assert.equal((await readDicom(second?.files ?? [])).geometry.size[2], 3);
  });

  it("shows itself as text and as a table to sort and page", async () => {
    putSeries(below("b"), [1, 2], of("P1", "1.4", "1.4.1"));
    const found = await index(folder());
    const shown = (found as unknown as Record<symbol, () => { "text/plain": string }>)[DISPLAY]?.();
    assert.match(
      shown?.["text/plain"] ?? "",
      /^1 patient, 1 study, 1 series in 2 files\n {2}P1 {2}2025-12-31 {2}CT "Chest" {2}4×3×2 {2}2 files$/,
    );
    const table = (found as unknown as Record<symbol, () => ShownTable>)[TABLE]?.() as ShownTable;
    assert.equal(table.rowCount, 1);
    for (const column of table.columns) assert.equal(column.values.length, 1, column.name);
  });

  it("of nothing is empty, and of a file is refused", async () => {
    assert.deepEqual((await index(folder())).series, []);
    const file = put(folder(), "a.txt", "a");
    await refuses(() => index(file), file, /this is a file, not a folder/);
    await refuses(
      () => index(path.join(folder(), "no")),
      path.join(folder(), "no"),
      /no such file or folder/,
    );
  });

  it("stops when it is asked to", async () => {
    putSeries(below("b"), [1, 2], of("P1", "1.4", "1.4.1"));
    await assert.rejects(index(folder(), { signal: AbortSignal.abort(new Error("enough")) }), /enough/);
  });
});
