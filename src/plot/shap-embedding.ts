/**
 * Patients in the plane of the two principal components of their SHAP values, or of another layout: who is explained alike lies close together.
 *
 * Layer:  plot; imports core, explain, table.
 */
import { InputError } from "../core/errors.js";
import { embedding } from "../explain/embedding.js";
import { type Explanation, featureColumn } from "../explain/explanation.js";
import { relativeValues, valueColor } from "./beeswarm.js";
import { Figure } from "./figure.js";
import { drawn, drawnOrNull, headed, numbers, type TitleOptions, textAt, tip, withUnit } from "./marks.js";
import { drawnPatients, featureRows, sampleNote } from "./shap-columns.js";
import { answerOf } from "./shap-rows.js";
import { figureFrame, QUIET_INK } from "./theme.js";

export interface ShapEmbeddingOptions extends TitleOptions {
  /** What colors the dots: the model's answer (default), or a feature. */
  readonly color?: string;
  /** Of a feature that colors: its SHAP value (default), or its own value. */
  readonly of?: "shap" | "value";
  /** Another layout of the patients, for example of UMAP: a place for each. Default: the principal components. */
  readonly places?: { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> };
}

const SIDE = 340;
const MOST_DOTS = 4000;

/**
 * Draws one dot per patient.
 *
 * @throws InputError if there is no such feature, or too few patients or features for a plane.
 *
 * @example
 * plot.shapEmbedding(explanation, { color: "volume" })
 */
export function shapEmbedding(explanation: Explanation, options: ShapEmbeddingOptions = {}): Figure {
  const { title = "", color, of = "shap" } = options;
  const { ids, features, values, data, outputUnit } = explanation;
  const p = features.length;
  const j = color === undefined ? null : featureColumn(explanation, color);
  const { x: across, y: up, axes, words } = layoutOf(explanation, options.places);
  const source = of === "value" ? data : values;
  const colored = Float64Array.from(ids, (_, i) =>
    j === null ? answerOf(explanation, i) : source[i * p + j],
  );
  const shades = relativeValues(colored);
  const name =
    j === null
      ? withUnit("Model's answer", outputUnit)
      : of === "value"
        ? withUnit(features[j].name, features[j].unit)
        : `SHAP value of ${features[j].name}`;
  const patients = drawnPatients(explanation, featureRows(explanation, { top: 3, rest: false }), MOST_DOTS);
  const note = sampleNote(patients.length, ids.length);
  const dots = patients.map((i) => ({
    id: ids[i],
    x: drawn(across[i]),
    y: drawn(up[i]),
    other: drawnOrNull(colored[i]),
    shade: drawnOrNull(shades[i]),
  }));
  const alternative = headed(
    title,
    `SHAP values of ${ids.length} patients and ${p} features in ${words}. Color shows: ${name}.${note === "" ? "" : ` ${note}.`}`,
  );
  return new Figure("shap-embedding", alternative, {
    ...figureFrame(title, alternative),
    width: SIDE,
    height: SIDE,
    layer: [
      {
        data: { values: dots },
        mark: {
          type: "circle",
          size: patients.length > 1000 ? 14 : 38,
          opacity: patients.length > 1000 ? 0.6 : 0.9,
          invalid: null,
        },
        encoding: {
          x: numbers("x", { title: axes[0] }),
          y: numbers("y", { title: axes[1] }),
          color: valueColor(name),
          tooltip: [tip("id", "Patient"), tip("other", name, ".4~r")],
        },
      },
      ...(note === "" ? [] : [textAt(note, { x: 0, y: SIDE + 58, color: QUIET_INK, fontSize: 11 })]),
    ],
  });
}

interface Layout {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly axes: readonly [string, string];
  readonly words: string;
}

/** @throws InputError unless there is a finite place for each patient. */
function layoutOf(explanation: Explanation, places: ShapEmbeddingOptions["places"]): Layout {
  if (places === undefined) {
    const { x, y, shares } = embedding(explanation);
    const [first, second] = shares.map((share) => `${(100 * share).toFixed(0)} %`);
    return {
      x,
      y,
      axes: [`First component (${first} of the variance)`, `Second component (${second})`],
      words: `the plane of their first two principal components, which show ${first} and ${second} of the variance`,
    };
  }
  const { x, y } = places;
  const n = explanation.ids.length;
  if (x.length !== n || y.length !== n || ![...Array.from(x), ...Array.from(y)].every(Number.isFinite)) {
    throw new InputError(
      `places needs ${n} finite numbers each in x and y, one for each patient, found ${x.length} and ${y.length}.`,
    );
  }
  const across = Array.from(x);
  const up = Array.from(y);
  const ends = [across, up].map((all) =>
    [Math.min(...all), Math.max(...all)].map((one) => one.toPrecision(3)),
  );
  return {
    x,
    y,
    axes: ["First coordinate", "Second coordinate"],
    words: `a plane of given places, ${ends[0].join(" to ")} across and ${ends[1].join(" to ")} up`,
  };
}
