/**
 * Bars of mean absolute SHAP values: how much each feature matters, over all patients or by group.
 *
 * Layer:  plot; imports core, explain (types), table.
 */
import type { Explanation } from "../explain/explanation.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import { formatNumber } from "../table/render.js";
import { Figure } from "./figure.js";
import {
  checkCount,
  drawn,
  groupColor,
  headed,
  numbers,
  rowsDown,
  shorten,
  type TitleOptions,
  textAt,
  tip,
} from "./marks.js";
import { shapTitle } from "./shap-rows.js";
import { figureFrame } from "./theme.js";
import type { Spec } from "./vega.js";

export interface ShapBarOptions extends TitleOptions {
  /** Features shown one by one; the others are added up in one more bar. Default 15. */
  readonly top?: number;
  /** A bar for each class of patients, beside each other. */
  readonly by?: Labels;
}

const WIDTH = 400;
const ROW = 26;
const ALL = "All patients";

/**
 * Draws the mean absolute SHAP value of each feature, the largest on top.
 *
 * @throws InputError if `top` is no count, or `by` holds other patients than the explanation.
 *
 * @example
 * plot.shapBar(explanation, { top: 10, by: cohort.labels("sex") })
 */
export function shapBar(explanation: Explanation, options: ShapBarOptions = {}): Figure {
  const { top = 15, title = "", by } = options;
  checkCount("top", top);
  const { features, ids } = explanation;
  if (by !== undefined) checkSameIds(ids, by.ids, "the explanation", `"${by.name}"`);
  const groups = groupsOf(explanation, by);
  const ranked = explanation.ranking();
  const shown = ranked.length === top + 1 ? ranked : ranked.slice(0, top);
  const others = ranked.slice(shown.length);
  const bars = [
    ...shown.map((j) => ({ name: features[j].name, columns: [j] })),
    ...(others.length === 0 ? [] : [{ name: `Sum of ${others.length} others`, columns: others }]),
  ].map(({ name, columns }) => ({
    name,
    means: groups.map(({ means }) => columns.reduce((sum, j) => sum + means[j], 0)),
  }));
  const labels = groups.map(({ label }) => label);
  const rowHeight = ROW * Math.max(1, 0.6 * groups.length);
  const height = rowHeight * bars.length;
  const thick = (rowHeight * 0.72) / groups.length;
  const largest = Math.max(...bars.flatMap(({ means }) => means));
  const x = numbers("x", {
    title: shapTitle("Mean |SHAP value|", explanation),
    domain: [0, largest > 0 ? 1.14 * largest : 1],
  });
  const rows = bars.flatMap(({ name, means }, r) =>
    means.map((mean, g) => {
      const from = rowHeight * (r + 0.14) + thick * g;
      return {
        feature: name,
        group: labels[g],
        x: drawn(mean),
        zero: 0,
        from: drawn(from + 0.5),
        to: drawn(from + thick - 0.5),
        middle: drawn(from + thick / 2),
        text: formatNumber(mean, 3),
      };
    }),
  );
  const alternative = headed(
    title,
    `mean absolute SHAP values of ${ids.length} patients and ${features.length} features` +
      `${explanation.outputUnit === "" ? "" : `, in ${explanation.outputUnit}`}. Largest: ` +
      `${bars
        .slice(0, 5)
        .map(
          ({ name, means }) =>
            `${name} (${means.map((mean, g) => `${groups.length > 1 ? `${labels[g]} ` : ""}${formatNumber(mean, 3)}`).join(", ")})`,
        )
        .join(", ")}.`,
  );
  const spec: Spec = {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height,
    layer: [
      {
        data: { values: rows },
        mark: { type: "rect", opacity: 1 },
        encoding: {
          x: numbersFromZero(x),
          x2: { field: "x" },
          y: rowsDown("from", height),
          y2: { field: "to" },
          color: groupColor(labels, { symbol: "square", columns: 3 }),
          tooltip: [
            tip("feature", "Feature"),
            tip("group", "Patients"),
            tip("x", "Mean |SHAP value|", ".4~r"),
          ],
        },
      },
      {
        data: { values: rows },
        mark: { type: "text", align: "left", baseline: "middle", dx: 5, fontSize: 11 },
        encoding: { x, y: rowsDown("middle", height), text: { field: "text", type: "nominal" } },
      },
      ...bars.map(({ name }, r) =>
        textAt(shorten(name, 40), { x: 0, y: rowHeight * (r + 0.5), dx: -10, align: "right" }),
      ),
    ],
  };
  const patients = groups.map(({ label, ids: own }) => [label, own] as const);
  return new Figure("shap-bar", alternative, spec, by === undefined ? {} : Object.fromEntries(patients));
}

/** The same axis for the ends of bars. */
function numbersFromZero(x: ReturnType<typeof numbers>): ReturnType<typeof numbers> {
  return { ...(x as object), field: "zero" } as ReturnType<typeof numbers>;
}

/** Mean absolute values of all patients, or of those of each class that has patients. */
function groupsOf(
  explanation: Explanation,
  by: Labels | undefined,
): readonly { readonly label: string; readonly means: Float64Array; readonly ids: readonly string[] }[] {
  const { values, features, ids } = explanation;
  if (by === undefined) return [{ label: ALL, means: explanation.meanAbsolute(), ids }];
  const p = features.length;
  const { codes, counts } = by;
  return by.classes.flatMap((name, code) => {
    if (counts[code] === 0) return [];
    const means = new Float64Array(p);
    for (let i = 0; i < values.length; i++) {
      if (codes[Math.floor(i / p)] === code) means[i % p] += Math.abs(values[i]) / counts[code];
    }
    const own = ids.filter((_, row) => codes[row] === code);
    return [{ label: `${name} (n = ${counts[code]})`, means, ids: own }];
  });
}
