/**
 * After a run of all tests that read modelling references, fails it if a file or a case of the references was not looked at.
 * A run of some of the tests is not judged.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { absence, referenceFiles } from "./modelling-references.js";
import { unread } from "./reference-coverage.js";

const TESTS = path.resolve(import.meta.dirname, "..");

/** Files or cases that no test reads, with the reason. One that is read must go from here. */
const EXEMPT: Readonly<Record<string, string>> = {};

/** What the hook is given of mocha's tree of tests. */
interface SuiteLike {
  readonly file?: string;
  readonly suites: readonly SuiteLike[];
  readonly tests: readonly { readonly state?: string; readonly pending: boolean }[];
}

/** Run by mocha when all is done (`.mocharc.json` requires this file). */
export const mochaHooks: { afterAll(this: Mocha.Context): void } = {
  afterAll() {
    const root = this.test?.parent as SuiteLike | undefined;
    if (absence !== null || root === undefined || !isComplete(root)) return;
    const missing = referenceFiles().flatMap((file) => {
      const cases = unread(file);
      if (cases === null) return [file];
      return cases.map((name) => `${file} › ${name}`);
    });
    const unknown = missing.filter((name) => EXEMPT[name] === undefined);
    const stale = Object.keys(EXEMPT).filter((name) => !missing.includes(name));
    if (unknown.length > 0) throw new Error(`No test reads these references:\n  ${unknown.join("\n  ")}`);
    if (stale.length > 0)
      throw new Error(`These references are read and need no exemption: ${stale.join(", ")}`);
  },
};

/** Whether every test file that reads references was loaded, and each of its tests ran to its end. */
function isComplete(root: SuiteLike): boolean {
  const ran = root.suites.filter(({ file }) => file !== undefined && readers().has(file));
  const files = new Set(ran.map(({ file }) => file));
  return files.size === readers().size && ran.every(isDone);
}

function isDone({ suites, tests }: SuiteLike): boolean {
  return tests.every((test) => test.state === "passed") && suites.every(isDone);
}

/** Test files whose source names `readReference`. */
function readers(): ReadonlySet<string> {
  const names = readdirSync(TESTS, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => name.endsWith(".test.ts") && !name.startsWith("dist"));
  return new Set(
    files
      .map((name) => path.join(TESTS, name))
      .filter(
        (file) =>
          readFileSync(file, "utf8").includes("readReference(") ||
          readFileSync(file, "utf8").includes("readReference<"),
      ),
  );
}
