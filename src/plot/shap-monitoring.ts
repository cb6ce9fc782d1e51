/**
 * Monitoring: a feature's SHAP values in the order of the patients, and where they begin to differ.
 *
 * Source: shap 0.48, `shap.plots.monitoring`.
 * Layer:  plot; imports explain, table.
 */
import { type Explanation, featureColumn } from "../explain/explanation.js";
import { type ShiftOptions, shift } from "../explain/shift.js";
import { formatNumber, formatP } from "../table/render.js";
import { relativeValues, valueColor } from "./beeswarm.js";
import { Figure } from "./figure.js";
import { drawn, drawnOrNull, headed, numbers, type TitleOptions, textAt, tip, withUnit } from "./marks.js";
import { drawnPatients, rowsOfColumns, sampleNote } from "./shap-columns.js";
import { shapTitle } from "./shap-rows.js";
import { figureFrame, QUIET_INK } from "./theme.js";

export interface ShapMonitoringOptions extends TitleOptions, ShiftOptions {}

const WIDTH = 520;
const HEIGHT = 220;
const MOST_DOTS = 4000;

/**
 * Draws one dot per patient, in the order of the explanation, which should be that of time. A dashed line stands where the values
 * before and after differ most, if that is clear.
 *
 * @throws InputError if there is no such feature, there are too few patients for the step, or nothing varies.
 *
 * @example
 * plot.shapMonitoring(explanation, "Volume", { step: 25 })
 */
export function shapMonitoring(
  explanation: Explanation,
  feature: string,
  options: ShapMonitoringOptions = {},
): Figure {
  const { title = "", ...shiftOptions } = options;
  const { ids, features, values, data } = explanation;
  const p = features.length;
  const j = featureColumn(explanation, feature);
  const found = shift(explanation, feature, shiftOptions);
  const shades = relativeValues(Float64Array.from(ids, (_, i) => data[i * p + j]));
  const patients = drawnPatients(explanation, rowsOfColumns(explanation, [j], []), MOST_DOTS);
  const note = sampleNote(patients.length, ids.length);
  const dots = patients.map((i) => ({
    id: ids[i],
    x: i + 1,
    y: drawn(values[i * p + j]),
    value: drawnOrNull(data[i * p + j]),
    shade: drawnOrNull(shades[i]),
  }));
  const x = numbers("x", {
    title: "Patients in their order",
    domain: [1 - 0.02 * ids.length, 1.02 * ids.length],
  });
  const y = numbers("y", { title: shapTitle("SHAP value", explanation) });
  const [before, after] = found.means.map((mean) => formatNumber(mean, 3).replace("-", "−"));
  const alternative = headed(
    title,
    `SHAP values of ${feature} of ${ids.length} patients in their order. ` +
      `${found.isClear ? "They shift" : "No clear shift; the largest is"} after ${found.at} patients, at ${found.id}: ` +
      `mean ${before} before, ${after} after (${formatP(found.p)}, the smallest of ${found.places} places).` +
      `${note === "" ? "" : ` ${note}.`}`,
  );
  return new Figure("shap-monitoring", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...(found.isClear
        ? [
            {
              data: { values: [{ x: found.at + 0.5 }] },
              mark: { type: "rule", color: QUIET_INK, strokeDash: [4, 4] },
              encoding: { x },
            },
          ]
        : []),
      {
        data: { values: dots },
        mark: { type: "circle", size: patients.length > 1000 ? 14 : 32, opacity: 0.9, invalid: null },
        encoding: {
          x,
          y,
          color: valueColor(withUnit(feature, features[j].unit)),
          tooltip: [
            tip("id", "Patient"),
            tip("x", "Place", "d"),
            tip("value", feature, ".4~r"),
            tip("y", "SHAP value", ".4~r"),
          ],
        },
      },
      textAt(found.isClear ? `shift after ${found.at} patients, ${formatP(found.p)}` : "no clear shift", {
        x: 0,
        y: -12,
        color: QUIET_INK,
        fontSize: 11,
      }),
      ...(note === "" ? [] : [textAt(note, { x: 0, y: HEIGHT + 58, color: QUIET_INK, fontSize: 11 })]),
    ],
  });
}
