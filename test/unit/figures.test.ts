/** Figures: their specification is clean Vega-Lite v5, and the picture says what the data say. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import { Explanation } from "../../src/explain/explanation.js";
import { cox } from "../../src/model/cox.js";
import type { CoxModel } from "../../src/model/cox-model.js";
import { kaplanMeier } from "../../src/model/kaplan-meier.js";
import { logRank } from "../../src/model/log-rank.js";
import { beeswarm, relativeValues } from "../../src/plot/beeswarm.js";
import type { Figure } from "../../src/plot/figure.js";
import { forest } from "../../src/plot/forest.js";
import { kaplanMeier as drawCurves } from "../../src/plot/kaplan-meier.js";
import { pngSize } from "../../src/plot/png.js";
import { bandRows, stepRows, timeTicks } from "../../src/plot/survival-rows.js";
import { packSwarm } from "../../src/plot/swarm.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { SurvivalData } from "../../src/table/survival-data.js";
import { picture, shown } from "../support/display.js";
import { compileWarnings } from "../support/figure-spec.js";
import { svgTexts } from "../support/svg-text.js";

const ids = Array.from({ length: 40 }, (_, i) => `p${i}`);
const times = ids.map((_, i) => 1 + ((i * 17) % 40));
const follow = new SurvivalData(
  ids,
  times,
  ids.map((_, i) => i % 3 > 0),
  "months",
);
const risk = new Labels(
  ids,
  ids.map((_, i) => (i % 2 === 0 ? "low <1" : "high")),
  { name: "risk" },
);
const curves = kaplanMeier(follow, { by: risk });

const fitted = cox().fit(
  new FeatureTable(ids, [
    { name: "age", unit: "decades", values: Float64Array.from(ids, (_, i) => 4 + ((i * 11) % 40) / 10) },
    { name: "volume", unit: "", values: Float64Array.from(ids, (_, i) => Math.cos(i)) },
  ]),
  follow,
);

const explanation = new Explanation({
  ids,
  features: [
    { name: "sphericity", unit: "" },
    { name: "volume", unit: "mL" },
    { name: "entropy", unit: "" },
    { name: "age", unit: "years" },
  ],
  values: Float64Array.from({ length: 160 }, (_, i) => Math.sin(i * 7.3) * [0.2, 2, 1, 0.1][i % 4]),
  data: Float64Array.from({ length: 160 }, (_, i) => (i % 29 === 1 ? Number.NaN : (i * 13) % 31)),
  base: 0.5,
  outputUnit: "log hazard",
});

const figures: readonly [string, Figure][] = [
  [
    "Kaplan–Meier",
    drawCurves(curves, { p: logRank(follow, risk), title: "Overall survival", legendTitle: "Risk" }),
  ],
  ["one-curve Kaplan–Meier", drawCurves(kaplanMeier(follow), { atRisk: false })],
  ["forest", forest(fitted, { title: "Cox" })],
  ["beeswarm", beeswarm(explanation, { top: 2, title: "Model" })],
];

const swarm = figures[3][1];

describe("figures", () => {
  for (const [name, figure] of figures) {
    it(`${name}: Vega-Lite compiles the specification without a warning`, () => {
      assert.deepEqual(compileWarnings(figure), []);
      assert.equal(figure.spec.$schema, "https://vega.github.io/schema/vega-lite/v5.json");
    });

    it(`${name}: the bundle has payload, standard twin, picture with alternative, and words`, async () => {
      const bundle = await shown(figure);
      assert.deepEqual(Object.keys(bundle.data), [
        "application/vnd.radbook.figure+json",
        "application/vnd.vegalite.v5+json",
        "image/png",
        "text/plain",
      ]);
      const { width, height } = pngSize(picture(bundle));
      const alt = bundle.data["text/plain"];
      assert.deepEqual(bundle.metadata["image/png"], { width: width / 2, height: height / 2, alt });
      assert.deepEqual(
        JSON.parse(JSON.stringify(bundle.data)),
        bundle.data,
        "only JSON: no NaN, nothing undefined",
      );
    });
  }

  it("scale to print", async () => {
    const figure = figures[0][1];
    const [small, large] = [pngSize(await figure.png({ scale: 1 })), pngSize(await figure.png({ scale: 3 }))];
    assert.ok(Math.abs(large.width - 3 * small.width) <= 3, `${small.width} and ${large.width}`);
    await assert.rejects(figure.png({ scale: 0 }), isInputError(/scale/));
  });
});

describe("Kaplan–Meier figure", () => {
  it("writes the numbers at risk of each group under the ticks that they belong to", async () => {
    const texts = svgTexts(await figures[0][1].svg());
    const bottom = Math.max(...texts.map((t) => t.y));
    const [highRow, lowRow] = [rowAt(texts, bottom - 19), rowAt(texts, bottom)];
    assert.deepEqual([highRow[0].text, lowRow[0].text], ["high", "low &lt;1"]);
    for (const [cells, label] of [
      [highRow, "high"],
      [lowRow, "low <1"],
    ] as const) {
      const ticks = timeTicks(40, "months");
      assert.equal(cells.length, 1 + ticks.length);
      for (const [i, tick] of ticks.entries()) {
        // At risk by definition: followed until the tick or longer.
        const expected = times.filter((time, p) => risk.values[p] === label && time >= tick).length;
        assert.equal(cells[i + 1].text, String(expected), `${label} at ${tick}`);
        const above = texts.filter(
          (t) => t.text === String(tick) && t.y < bottom - 60 && Math.abs(t.x - cells[i + 1].x) < 1,
        );
        assert.equal(above.length, 1, `tick label ${tick} above the number`);
      }
    }
  });

  for (const [last, unit] of [
    [90, "months"],
    [3, "years"],
    [1100, "days"],
    [0.9, "years"],
  ] as const) {
    it(`labels the time axis up to ${last} ${unit} with the ticks' own values`, async () => {
      const ends = Float64Array.from([0.2, 0.5, 1], (part) => part * last);
      const one = new SurvivalData(["a", "b", "c"], ends, Uint8Array.of(1, 0, 1), unit);
      const texts = svgTexts(await drawCurves(kaplanMeier(one)).svg());
      const title = texts.find((t) => t.text.startsWith("Time")) ?? assert.fail("no axis title");
      const labels = texts.filter((t) => t.y < title.y && t.y > title.y - 40 && t.x >= 0).map((t) => t.text);
      for (const tick of timeTicks(last, unit))
        assert.ok(labels.includes(String(tick)), `${tick} in ${labels}`);
    });
  }

  it("says groups, events, medians with interval, and p in words", () => {
    const { p } = logRank(follow, risk);
    const [high] = curves.groups;
    const words = figures[0][1].alternative;
    assert.match(words, /^Overall survival: Kaplan–Meier/);
    assert.ok(
      words.includes(`high: n = 20, ${high.events} events, median ${high.median} months (95 % interval`),
      words,
    );
    assert.match(words, new RegExp(`Log-rank p = ${p.toFixed(2)}`));
  });

  it("draws steps from (0, 1), and a band that ends where the interval ends", () => {
    const everyone = kaplanMeier(new SurvivalData(["a", "b", "c"], [1, 2, 3], [0, 1, 1], "years")).groups[0];
    assert.deepEqual(
      stepRows(everyone).map(({ time, survival }) => [time, survival]),
      [
        [0, 1],
        [1, 1],
        [2, 0.5],
        [3, 0],
      ],
    );
    const band = bandRows(everyone);
    assert.deepEqual(
      band.map((row) => row.time),
      [0, 1, 2, 3],
    );
    assert.deepEqual([band[1].lower, band[1].upper], [1, 1]);
    assert.deepEqual([band[3].lower, band[3].upper], [band[2].lower, band[2].upper]);
  });

  it("has two to nine round ticks from zero, none after the last time", () => {
    const units = fc.constantFrom("days", "weeks", "months", "years");
    fc.assert(
      fc.property(fc.double({ min: 1.01, max: 50_000, noNaN: true }), units, (last, unit) => {
        const ticks = timeTicks(last, unit);
        assert.equal(ticks[0], 0);
        assert.ok(ticks.length >= 2 && ticks.length <= 9, `${ticks}`);
        assert.ok(ticks[ticks.length - 1] <= last);
      }),
    );
    assert.deepEqual(timeTicks(33.6, "months"), [0, 6, 12, 18, 24, 30]);
    assert.deepEqual(timeTicks(1022, "days"), [0, 200, 400, 600, 800, 1000]);
  });

  it("refuses a p outside 0 to 1, repeated labels and too few colors", () => {
    assert.throws(() => drawCurves(curves, { p: 1.2 }), isInputError(/between 0 and 1, found 1.2/));
    const twice = { ...curves, groups: [curves.groups[0], curves.groups[0]] };
    assert.throws(() => drawCurves(twice), isInputError(/two groups are called/));
    assert.throws(() => drawCurves(curves, { palette: ["#123456"] }), isInputError(/2 groups need 2 colors/));
    assert.throws(() => drawCurves(curves, { palette: ["red", "blue"] }), isInputError(/hexadecimal/));
  });
});

describe("forest plot", () => {
  it("puts each covariate, its ratio with interval, and its p on one line", async () => {
    const texts = svgTexts(await forest(fitted).svg());
    for (const { name, hazardRatio, lower, upper } of fitted.covariates) {
      const label = texts.find((t) => t.text.startsWith(name)) ?? assert.fail(`no ${name}`);
      const line = rowAt(texts, label.y).map((t) => t.text);
      assert.equal(line.length, 5);
      assert.equal(line[3], `${hazardRatio.toFixed(2)} (${lower.toFixed(2)}–${upper.toFixed(2)})`);
    }
  });

  it("ends intervals that leave the axis in arrows, and refuses an infinite ratio", async () => {
    const [covariate] = fitted.covariates;
    const change = (limits: object): CoxModel =>
      ({ ...fitted, covariates: [{ ...covariate, ...limits }] }) as unknown as CoxModel;
    const wide = await forest(change({ hazardRatio: 2, lower: 1e-5, upper: Number.POSITIVE_INFINITY })).svg();
    assert.ok(svgTexts(wide).some((t) => t.text === "2.00 (0.000010–∞)"));
    assert.equal(wide.match(/aria-roledescription="point"/g)?.length, 2);
    assert.throws(() => forest(change({ hazardRatio: Number.POSITIVE_INFINITY })), isInputError(/Rescale/));
  });
});

describe("beeswarm", () => {
  it("packs dots without overlap, each at its own value and within the room", () => {
    const swarms = fc.array(
      fc.oneof(
        fc.integer({ min: 0, max: 80 }).map((quarters) => quarters / 4),
        fc.double({ min: 0, max: 60, noNaN: true }),
      ),
      {
        minLength: 1,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(swarms, (values) => {
        const places = Float64Array.from(values);
        const { offsets, crowded } = packSwarm(places, 4, 1000);
        assert.equal(crowded, 0);
        for (let i = 0; i < places.length; i++) {
          for (let j = 0; j < i; j++) {
            const distance = Math.hypot(places[i] - places[j], offsets[i] - offsets[j]);
            assert.ok(distance >= 4 - 1e-9, `dots ${i} and ${j} are ${distance} apart`);
          }
        }
      }),
    );
  });

  it("keeps all dots in their room when there are too many, and says how many are crowded", () => {
    const { offsets, crowded } = packSwarm(new Float64Array(100), 4, 10);
    assert.equal(crowded, 95);
    assert.ok(offsets.every((offset) => Math.abs(offset) <= 10));
  });

  it("shows the most important features first and adds up the others", async () => {
    const texts = svgTexts(await swarm.svg());
    const heightOf = (text: string): number =>
      texts.find((t) => t.text === text)?.y ?? assert.fail(`no ${text}`);
    assert.ok(heightOf("volume") < heightOf("entropy"));
    assert.ok(heightOf("entropy") < heightOf("Sum of 2 others"));
    for (const text of ["mL", "Low", "High", "Feature value", "SHAP value (log hazard)"]) heightOf(text);
  });

  it("draws a dot for every patient and row, grey where the value is missing", async () => {
    const dots = dotsOf(swarm);
    assert.equal(dots.length, 3 * ids.length);
    const volume = dots.filter((dot) => dot.feature === "volume");
    for (const [i, dot] of volume.entries()) {
      assert.ok(Math.abs(dot.x - explanation.values[4 * i + 1]) < 1e-4);
      assert.equal(dot.value === null, Number.isNaN(explanation.data[4 * i + 1]));
    }
    const drawn = [
      ...(await swarm.svg()).matchAll(
        /aria-label="[^"]*" [^>]*role="graphics-symbol" aria-roledescription="circle"[^>]*fill="([^"]+)"/g,
      ),
    ];
    assert.equal(drawn.length, 3 * ids.length);
    const missing = dots.filter((dot) => dot.value === null).length;
    assert.ok(missing > ids.length, "the sum and some values");
    assert.equal(drawn.filter((m) => m[1] === "#9a9a9a").length, missing);
  });

  it("colors between the 5th and the 95th percentile, and tells rare classes apart", () => {
    const shades = relativeValues(Float64Array.from({ length: 101 }, (_, i) => i));
    assert.deepEqual([shades[0], shades[5], shades[50], shades[95], shades[100]], [0, 0, 0.5, 1, 1]);
    assert.deepEqual(
      [...relativeValues(Float64Array.of(...new Array(40).fill(0), 1, Number.NaN)).slice(39)],
      [0, 1, Number.NaN],
    );
    assert.deepEqual([...relativeValues(Float64Array.of(7, 7))], [0.5, 0.5]);
  });

  it("refuses a top that is no count", () => {
    assert.throws(() => beeswarm(explanation, { top: 0 }), isInputError(/top/));
  });
});

interface Dot {
  readonly feature: string;
  readonly x: number;
  readonly value: number | null;
}

function dotsOf(figure: Figure): readonly Dot[] {
  const layers = figure.spec.layer as unknown as { mark: { type: string }; data: { values: Dot[] } }[];
  return layers.find((layer) => layer.mark.type === "circle")?.data.values ?? assert.fail("no dots");
}

function rowAt(texts: ReturnType<typeof svgTexts>, y: number): ReturnType<typeof svgTexts> {
  return texts.filter((t) => Math.abs(t.y - y) < 1).sort((a, b) => a.x - b.x);
}

function isInputError(message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof InputError && message.test(error.message);
}
