/** Table one, and the export of whatever shows itself as a table. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { type MimeBundle, showAs } from "../../src/core/display.js";
import { table } from "../../src/index.js";
import * as model from "../../src/model/index.js";
import { Cohort } from "../../src/table/cohort.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { renderTable, rowList } from "../../src/table/render.js";
import { cohortForModels } from "../support/cohort-for-models.js";
import { soundOrNull } from "../support/sound-results.js";

const ids = ["a", "b", "c", "d", "e", "f", "g", "h"];
const cohort = new Cohort(ids, [
  { name: "age", cells: ["60", "62", "", "58", "71", "75", "69", "73"] },
  { name: "volume", cells: ["1", "2", "3", "40", "5", "6", "7", "80"] },
  { name: "sex", cells: ["f", "f", "m", "f", "m", "m", "m", ""] },
  { name: "stage", cells: ["I", "II", "III", "I", "II", "III", "I", "II"] },
]);
const arm = new Labels(ids, ["A", "A", "A", "A", "B", "B", "B", "B"], { name: "arm" });
const one = model.tableOne(
  cohort,
  { age: "mean", volume: "median", sex: "categorical", stage: "categorical" },
  { by: arm, units: { age: "years" } },
);

describe("table one", () => {
  it("describes all patients and each group, in the order of the variables", () => {
    const [age, volume, sex, female, male, stage] = one.rows;
    assert.equal(age?.variable, "age (years), mean ± SD");
    assert.deepEqual(age?.cells, ["66.9 ± 6.77", "60 ± 2", "72 ± 2.58"]);
    assert.deepEqual(volume?.cells, ["5.5 [2.75 to 15.3]", "2.5 [1.75 to 12.3]", "6.5 [5.75 to 25.3]"]);
    assert.deepEqual(
      [female?.level, ...(female?.cells ?? [])],
      ["f", "3 (42.9 %)", "3 (75.0 %)", "0 (0.0 %)"],
    );
    assert.deepEqual(male?.cells, ["4 (57.1 %)", "1 (25.0 %)", "3 (100.0 %)"]);
    assert.deepEqual([age?.missing, volume?.missing, sex?.missing, female?.missing], [1, 0, 1, null]);
    assert.equal(stage?.variable, "stage, n (%)");
  });

  it("tests by the test that it names", () => {
    const [age, volume, sex] = one.rows;
    const { welch, mannWhitney, fisher, chiSquare } = model.statistics;
    assert.equal(age?.p, welch([60, 62, 58], [71, 75, 69, 73]).p);
    assert.match(age?.test ?? "", /Welch/);
    assert.equal(volume?.p, mannWhitney([1, 2, 3, 40], [5, 6, 7, 80]).p);
    assert.equal(
      sex?.p,
      fisher([
        [3, 1],
        [0, 3],
      ]).p,
    );
    assert.match(sex?.test ?? "", /Fisher/);
    const many = Array.from({ length: 80 }, (_, row) => String(row));
    const big = new Cohort(many, [{ name: "sex", cells: many.map((_, row) => (row % 3 === 0 ? "f" : "m")) }]);
    const half = new Labels(
      many,
      many.map((_, row) => (row < 30 ? "x" : "y")),
    );
    const row = model.tableOne(big, { sex: "categorical" }, { by: half }).rows[0];
    assert.equal(
      row?.p,
      chiSquare(
        [
          [10, 20],
          [17, 33],
        ],
        { correct: false },
      ).p,
    );
    const three = new Labels(ids, ["A", "A", "A", "B", "B", "C", "C", "C"]);
    const groups = model.tableOne(cohort, { volume: "mean" }, { by: three }).rows[0];
    assert.equal(
      groups?.p,
      model.statistics.anova([
        [1, 2, 3],
        [40, 5],
        [6, 7, 80],
      ]).p,
    );
  });

  it("gives standardized mean differences by their definition", () => {
    const [age, , sex, , , stage] = one.rows;
    // Means 60 and 72, variances 4 and 20/3.
    assert.ok(Math.abs((age?.smd ?? 0) - 12 / Math.sqrt((4 + 20 / 3) / 2)) < 1e-12);
    // Shares of m: 1/4 and 1, variances 3/16 and 0.
    assert.ok(Math.abs((sex?.smd ?? 0) - 0.75 / Math.sqrt(3 / 32)) < 1e-12);
    // Shares of II, III: (1/4, 1/4) and (1/2, 1/4). S = [[7/32, -3/32], [-3/32, 3/16]]; d' S^-1 d = (1/16) (3/16) / |S|.
    const determinant = (7 / 32) * (3 / 16) - (3 / 32) ** 2;
    assert.ok(Math.abs((stage?.smd ?? 0) - Math.sqrt((1 / 16) * (3 / 16 / determinant))) < 1e-12);
  });

  it("says who is described without groups, and refuses what is not there", () => {
    const alone = model.tableOne(cohort, { age: "mean" });
    assert.deepEqual(alone.rows[0]?.cells, ["66.9 ± 6.77"]);
    assert.equal(alone.rows[0]?.p, null);
    assert.match(alone.sentence, /The study had 8 patients/);
    assert.throws(() => model.tableOne(cohort, {}), /needs patients and variables/);
    assert.throws(() => model.tableOne(cohort, { weight: "mean" } as object), /no column "weight"/);
    assert.throws(() => model.tableOne(cohort, { sex: "mean" }), /"f" is not a number/);
    assert.throws(() => model.tableOne(cohort, { age: "mode" as "mean" }), /found "mode"/);
    assert.throws(
      () => model.tableOne(cohort, { age: "mean" }, { by: arm.pick(ids.slice(1)) }),
      /not the same patients/,
    );
    const { x } = cohortForModels(5);
    assert.equal(model.tableOne(x, { f0: "median" }).rows[0]?.variable, "f0 (mm), median [IQR]");
  });

  it("answers any small cohort by cells without NaN, or a typed error", () => {
    const cell = fc.constantFrom("", "1", "2", "2.5", "1e308", "-7", "x");
    const row = fc.record({ a: cell, b: cell, group: fc.constantFrom("p", "q", "r") });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 9 }), (rows) => {
        const names = rows.map((_, at) => `P${at}`);
        const found = soundOrNull(() =>
          model.tableOne(
            new Cohort(names, [
              { name: "a", cells: rows.map(({ a }) => a) },
              { name: "b", cells: rows.map(({ b }) => b) },
            ]),
            { a: rows.length % 2 === 0 ? "mean" : "median", b: "categorical" },
            {
              by: new Labels(
                names,
                rows.map(({ group }) => group),
              ),
            },
          ),
        );
        if (found === null) return;
        assert.doesNotMatch(table.toCsv(found), /NaN|undefined|Infinity/);
        for (const { p, smd } of found.rows) {
          assert.ok(p === null || (p >= 0 && p <= 1));
          assert.ok(smd === null || (Number.isFinite(smd) && smd >= 0));
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the export of tables", () => {
  it("writes CSV by RFC 4180, with all rows of what is cut on the screen", () => {
    const cut = showAs({}, () =>
      renderTable({
        title: "t",
        header: ["name", 'with "quotes", and commas'],
        rows: rowList(
          Array.from({ length: 30 }, (_, at) => at),
          (at) => [`row ${at}`, at === 0 ? "two\nlines" : "1,5"],
        ),
        most: 3,
        what: "lines",
      }),
    );
    const csv = table.toCsv(cut);
    assert.equal(csv.split("\r\n").length, 32);
    assert.match(csv, /^name,"with ""quotes"", and commas"\r\nrow 0,"two\nlines"\r\nrow 1,"1,5"\r\n/);
    const shown = (cut as Record<symbol, () => MimeBundle>)[Symbol.for("Jupyter.display")]?.() ?? {};
    assert.match(String(shown["text/plain"]), /row 2.*\n… 27 more lines$/);
    assert.match(table.toHtml(cut), /row 29/);
    assert.doesNotMatch(table.toHtml(cut), /27 more/);
  });

  it("keeps every digit of features, and leaves missing values empty", () => {
    const x = new FeatureTable(
      ["P1", "P2"],
      [{ name: "v", unit: "mm", values: Float64Array.of(0.1 + 0.2, Number.NaN) }],
    );
    assert.equal(table.toCsv(x), "id,v (mm)\r\nP1,0.30000000000000004\r\nP2,\r\n");
  });

  it("exports fitted models, tests, validations and table one", async () => {
    const { x, response, survival } = cohortForModels(60);
    const cv = await model.crossValidate(x, response, model.logistic(), { seed: 1 });
    const values = [
      one,
      cv,
      model.cox().fit(x, survival),
      model.statistics.welch([1, 2, 4], [3, 5, 9]),
      cohort,
    ];
    for (const value of values) {
      assert.ok(table.toCsv(value).split("\r\n").length > 2);
      assert.match(table.toHtml(value), /<table>.*<\/table>/s);
      assert.match(table.toLatex(value), /\\toprule[\s\S]*\\midrule[\s\S]*\\bottomrule/);
    }
    assert.throws(() => table.toCsv({}), /shows no table/);
    assert.throws(() => table.toCsv(new Labels(["a"], ["x"])), /shows no table/);
  });

  it("escapes what LaTeX would read as commands", () => {
    const odd = showAs({}, () =>
      renderTable({ title: "50 % & more_of {it}", header: ["a#", "~^\\"], rows: [["$x$", "p < 0.05 ± λ²"]] }),
    );
    const latex = table.toLatex(odd, { label: "tab:x" });
    assert.ok(latex.includes("\\caption{50 \\% \\& more\\_of \\{it\\}}"));
    assert.ok(latex.includes("a\\# & \\textasciitilde{}\\textasciicircum{}\\textbackslash{} \\\\"));
    assert.ok(latex.includes("\\$x\\$ & p $<$ 0.05 $\\pm$ $\\lambda$\\textsuperscript{2} \\\\"));
    assert.ok(latex.includes("\\label{tab:x}"));
    const signs = showAs({}, () =>
      renderTable({ title: "t", header: ["a"], rows: [["-0.5 to -.1, SYN-0001, 2020-01-02"]] }),
    );
    assert.ok(table.toLatex(signs).includes("$-$0.5 to $-$.1, SYN-0001, 2020-01-02 \\\\"));
  });

  it("makes LaTeX that LaTeX takes", function () {
    const there = spawnSync("pdflatex", ["--version"]);
    if (there.error !== undefined) {
      console.log("      skipped: there is no pdflatex");
      return this.skip();
    }
    const folder = mkdtempSync(path.join(tmpdir(), "radbook-latex-"));
    const units = [
      "mm⁻¹",
      "HU mm³",
      "g·cm⁻³",
      "10⁻⁶ s⁻¹",
      "µm",
      "°",
      "α β γ δ ε λ μ σ χ² ω Δ Ω",
      "√n ≠ ∞ → x₁₂",
      "Σ wᵢⱼ xₖ / ‖½ x‖",
      "é ñ ü ł ő",
    ];
    const wide = renderTable({
      title: units.join(", "),
      header: ["a_b", ...units],
      rows: [["~^\\&%$#{}", ...units]],
    });
    const tables = [one, showAs({}, () => wide)].map((shown) => table.toLatex(shown));
    const body = [...tables, wide["text/latex"]].join("\n");
    const document = `\\documentclass{article}\\usepackage{booktabs,graphicx}\\begin{document}${body}\\end{document}`;
    writeFileSync(path.join(folder, "table.tex"), document);
    const run = spawnSync("pdflatex", ["-halt-on-error", "-interaction=nonstopmode", "table.tex"], {
      cwd: folder,
    });
    rmSync(folder, { recursive: true });
    assert.equal(run.status, 0, String(run.stdout).slice(-500));
  });
});
