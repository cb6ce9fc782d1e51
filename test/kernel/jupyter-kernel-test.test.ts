/** Jupyter's public kernel test suite, run by Python; each of its tests is one here. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { install } from "../../kernel-ext/src/install.js";
import { MAIN } from "./client.js";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** A Python with pytest and jupyter_kernel_test. */
const PYTHON = process.env.RADBOOK_PYTHON ?? path.join(ROOT, ".venv/bin/python");

const TESTS = [
  "test_kernel_info",
  "test_execute_stdout",
  "test_execute_stderr",
  "test_completion",
  "test_is_complete",
  "test_pager",
  "test_error",
  "test_execute_result",
  "test_display_data",
  "test_history",
  "test_inspect",
  "test_clear_output",
  "test_recv_iopub_welcome_msg",
];

/** Outcome of one Python test: null when it passed. */
interface Outcome {
  readonly failure: string | null;
  readonly skipped: string | null;
}

describe("kernel: jupyter_kernel_test", () => {
  let outcomes: ReadonlyMap<string, Outcome>;

  before(function () {
    this.timeout(180_000);
    if (!existsSync(PYTHON)) {
      console.log(`      skipped: ${PYTHON} is not there; npm run setup makes it`);
      this.skip();
    }
    outcomes = runSuite();
  });

  for (const name of TESTS) {
    it(name, function () {
      const outcome = outcomes.get(name);
      assert.ok(outcome, `the suite has no test ${name}`);
      if (outcome.skipped !== null) {
        console.log(`      not yet: ${outcome.skipped}`);
        this.skip();
      }
      assert.equal(outcome.failure, null);
    });
  }

  it("has no test that is not listed here", () => {
    assert.deepEqual([...outcomes.keys()].sort(), [...TESTS].sort());
  });
});

/** Runs pytest with a kernelspec of the kernel as built here, and reads its report. */
function runSuite(): Map<string, Outcome> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "radbook-suite-"));
  const spec = install(folder);
  // The kernelspec is written from the sources, by the loader of the tests: it names their main file.
  assert.ok(existsSync(MAIN), `${MAIN} is missing: run npx tsc -b kernel-ext`);
  pointTo(spec, MAIN);
  const report = path.join(folder, "report.xml");
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stdout, stderr } = spawnSync(
    PYTHON,
    [
      "-m",
      "pytest",
      "-q",
      path.join(import.meta.dirname, "kernel_test.py"),
      `--junitxml=${report}`,
      "-p",
      "no:cacheprovider",
    ],
    {
      cwd: folder,
      env: {
        ...env,
        JUPYTER_PATH: path.join(folder, "share/jupyter"),
        PYTHONDONTWRITEBYTECODE: "1",
        RADBOOK_STATE: folder,
      },
      encoding: "utf8",
    },
  );
  assert.ok(existsSync(report), `pytest gave no report:\n${stdout}${stderr}`);
  return readReport(readFileSync(report, "utf8"));
}

function readReport(xml: string): Map<string, Outcome> {
  const found = new Map<string, Outcome>();
  for (const [, attributes = "", inner = ""] of xml.matchAll(
    /<testcase ([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g,
  )) {
    const name = /\bname="([^"]*)"/.exec(attributes)?.[1] ?? "";
    const failure = /<(?:failure|error)[^>]*message="([^"]*)"/.exec(inner)?.[1] ?? null;
    const skipped = /<skipped[^>]*message="([^"]*)"/.exec(inner)?.[1] ?? null;
    const known = found.get(name);
    // Subtests report under the name of their test: one failure is the test's.
    found.set(name, { failure: known?.failure ?? failure, skipped: known?.skipped ?? skipped });
  }
  return found;
}

function pointTo(spec: string, main: string): void {
  const file = path.join(spec, "kernel.json");
  const content = JSON.parse(readFileSync(file, "utf8")) as { argv: string[] };
  content.argv[1] = main;
  writeFileSync(file, JSON.stringify(content));
}
