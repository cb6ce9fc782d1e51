/**
 * Bars of mean absolute SHAP values: how much each feature matters, over all patients or by group.
 *
 * Layer:  plot; imports core, explain, table.
 */
import { InputError } from "../core/errors.js";
import { Explanation } from "../explain/explanation.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import { formatNumber } from "../table/render.js";
import { Figure } from "./figure.js";
import {
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
import { classBars, patientBars } from "./shap-bar-parts.js";
import type { ExplainedClasses } from "./shap-classes.js";
import { clusterFeatures, clusterLayer, clusterText } from "./shap-clusters.js";
import { type FeatureRowOptions, featureRows, rowLargest } from "./shap-columns.js";
import { shapTitle } from "./shap-rows.js";
import { figureFrame } from "./theme.js";
import type { Spec } from "./vega.js";

export interface ShapBarOptions extends TitleOptions, FeatureRowOptions {
  /** A bar for each class of patients, beside each other. */
  readonly by?: Labels;
  /** Only this patient: bars of the SHAP values themselves, with the feature values. */
  readonly patient?: string;
  /**
   * Features that say the same stand beside each other, with their tree: clusters by average linkage of 1 − |Spearman's ρ| of
   * their values, below this distance. 0.5 is usual. Where `top` would part a cluster, the features in it that matter least share a
   * row.
   */
  readonly cluster?: number;
}

const WIDTH = 400;
const ROW = 26;
const ALL = "All patients";

/**
 * Draws the mean absolute SHAP value of each feature, the largest on top; with `order: "largest"` the largest value of any patient.
 *
 * @param explained  One explanation, or one for each class that a model predicts, by its name: their bars stand end to end.
 * @throws InputError if `top` is no count, `by` holds other patients than the explanation, the order, patient or class is unknown, or
 *   options contradict each other.
 *
 * @example
 * plot.shapBar(explanation, { top: 10, by: cohort.labels("sex") })
 * plot.shapBar({ low: explain.tree(forest, x, { positive: "low" }), high: explain.tree(forest, x, { positive: "high" }) })
 */
export function shapBar(explained: Explanation | ExplainedClasses, options: ShapBarOptions = {}): Figure {
  const { title = "", by, patient, cluster } = options;
  if ([by, patient, cluster].filter((option) => option !== undefined).length > 1) {
    throw new InputError("by, patient and cluster exclude each other. Draw two figures.");
  }
  if (!(explained instanceof Explanation)) return classBars(explained, options);
  const explanation = explained;
  if (patient !== undefined) return patientBars(explanation, patient, options);
  const { features, ids } = explanation;
  if (by !== undefined) checkSameIds(ids, by.ids, "the explanation", `"${by.name}"`);
  const groups = groupsOf(explanation, by);
  const clustered = cluster === undefined ? null : clusterFeatures(explanation, cluster, options);
  const shown = clustered === null ? featureRows(explanation, options) : clustered.rows;
  const isLargest = clustered === null && options.order === "largest";
  const measure = isLargest ? "Largest |SHAP value|" : "Mean |SHAP value|";
  const bars = shown.map(({ name, columns }) => ({
    name,
    means: groups.map(({ means, rows }) =>
      isLargest ? rowLargest(explanation, columns, rows) : columns.reduce((sum, j) => sum + means[j], 0),
    ),
  }));
  const labels = groups.map(({ label }) => label);
  const rowHeight = ROW * Math.max(1, 0.6 * groups.length);
  const height = rowHeight * bars.length;
  const thick = (rowHeight * 0.72) / groups.length;
  const largest = Math.max(...bars.flatMap(({ means }) => means));
  const x = numbers("x", {
    title: shapTitle(measure, explanation),
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
    `${isLargest ? "largest" : "mean"} absolute SHAP values of ${ids.length} patients and ${features.length} features` +
      `${explanation.outputUnit === "" ? "" : `, in ${explanation.outputUnit}`}. Largest: ` +
      `${bars
        .slice(0, 5)
        .map(
          ({ name, means }) =>
            `${name} (${means.map((mean, g) => `${groups.length > 1 ? `${labels[g]} ` : ""}${formatNumber(mean, 3)}`).join(", ")})`,
        )
        .join(", ")}.${clustered === null ? "" : ` ${clusterText(clustered, features)}`}`,
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
          tooltip: [tip("feature", "Feature"), tip("group", "Patients"), tip("x", measure, ".4~r")],
        },
      },
      {
        data: { values: rows },
        mark: { type: "text", align: "left", baseline: "middle", dx: 5, fontSize: 11 },
        encoding: { x, y: rowsDown("middle", height), text: { field: "text", type: "nominal" } },
      },
      ...(clustered === null ? [] : [clusterLayer(clustered, ROW, WIDTH, height)]),
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

interface BarGroup {
  readonly label: string;
  /** Mean absolute value of each feature. */
  readonly means: Float64Array;
  readonly ids: readonly string[];
  /** Of the explanation. */
  readonly rows: readonly number[];
}

/** Mean absolute values of all patients, or of those of each class that has patients. */
function groupsOf(explanation: Explanation, by: Labels | undefined): readonly BarGroup[] {
  const { values, features, ids } = explanation;
  if (by === undefined) {
    return [{ label: ALL, means: explanation.meanAbsolute(), ids, rows: [...ids.keys()] }];
  }
  const p = features.length;
  const { codes, counts } = by;
  return by.classes.flatMap((name, code) => {
    if (counts[code] === 0) return [];
    const means = new Float64Array(p);
    for (let i = 0; i < values.length; i++) {
      if (codes[Math.floor(i / p)] === code) means[i % p] += Math.abs(values[i]) / counts[code];
    }
    const rows = [...ids.keys()].filter((row) => codes[row] === code);
    return [{ label: `${name} (n = ${counts[code]})`, means, ids: rows.map((row) => ids[row]), rows }];
  });
}
