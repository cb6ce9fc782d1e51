/** The library's magics as data: what they become, what they refuse, what they complete. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { InputError } from "../../src/core/errors.js";
import { type LineMagic, magics } from "../../src/magics/index.js";

describe("the library's magics", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "radbook-magics-"));
    writeFileSync(path.join(folder, "a.csv"), "\ufeffid,age,os months\r\n1,70,3\r\n");
    writeFileSync(path.join(folder, "quoted.csv"), 'patient;"a;b";"line\nbreak"\n1;2;3\n');
    writeFileSync(path.join(folder, "semicolons.csv"), "patient;age\n1;2\n");
    writeFileSync(path.join(folder, "empty.csv"), "");
    writeFileSync(path.join(folder, "only.csv"), "id\n1\n");
  });
  after(() => rmSync(folder, { recursive: true }));

  const expand = (name: string, argument: string): string => {
    const { before, after, keep: [from, to] = [0, argument.length] } = magic(name).rewrite(argument, folder);
    return before + argument.slice(from, to) + after;
  };

  it("%cohort names the columns of the file in the type, but for the id", () => {
    assert.equal(
      expand("cohort", "c = a.csv"),
      'const c = await (await import("radbook")).io.readCohort<"age" | "os months">("a.csv");',
    );
    assert.match(expand("cohort", "c = only.csv;"), /readCohort<never>\("only\.csv"\);$/);
  });

  it("%cohort reads a header with quotes, line breaks and another delimiter", () => {
    assert.equal(
      expand("cohort", 'größe = "quoted.csv" id=patient delimiter=";" missing=NA missing="n/a"'),
      'const größe = await (await import("radbook")).io.readCohort<"a;b" | "line\\nbreak">' +
        '("quoted.csv", { id: "patient", delimiter: ";", missing: ["NA","n/a"] });',
    );
  });

  it("%cohort says what to do about an argument that is wrong", () => {
    const wrong: readonly [string, RegExp][] = [
      ["", /needs a name and a file/],
      ["a.csv", /needs a name and a file/],
      ["3 = a.csv", /needs a name and a file/],
      ["c = b.csv", /cannot read b\.csv .*no such file/],
      ["c = .", /cannot read \. /],
      ["c = a.csv id=patient", /no column "patient"\. It has: id, age, os months\. .* id=id/],
      ["c = semicolons.csv", /delimiter=";"/],
      ["c = empty.csv", /is empty/],
      ["c = a.csv unit=months", /does not know "unit=months"/],
    ];
    for (const [argument, message] of wrong) {
      assert.throws(
        () => expand("cohort", argument),
        (error) => error instanceof InputError && message.test(error.message),
        argument,
      );
    }
  });

  it("%cohort completes files, options and the column of ids", () => {
    const words = (typed: string): readonly string[] => magic("cohort").complete?.(typed, folder).words ?? [];
    assert.deepEqual(words("c = a.csv "), ["id=", "delimiter=", "missing="]);
    assert.deepEqual(words("c = a.csv id="), ["id=id", "id=age", 'id="os months"']);
    assert.deepEqual(words("c = none.csv id="), []);
    const file = magic("cohort").complete?.("c = a", folder);
    assert.equal(file?.from, 4);
    assert.ok(file?.files?.test("a.csv") && !file.files.test("a.png"));
  });

  it("%view keeps scan and masks side by side as typed", () => {
    const { before, after, keep } = magic("view").rewrite("ct, gtv window=lung", folder);
    assert.deepEqual(keep, [0, "ct, gtv".length]);
    assert.match(before, /plot\.volume\(.*window: "lung".*\($/);
    assert.equal(after, "));");
  });

  it("%view refuses an unknown window and no scan", () => {
    assert.throws(() => expand("view", "ct window=lnug"), /no window "lnug"\. Choose one of lung/);
    assert.throws(() => expand("view", " "), /%view needs a scan/);
  });
});

function magic(name: string): LineMagic {
  const found = magics.find((one) => one.name === name);
  assert.ok(found);
  return found;
}
