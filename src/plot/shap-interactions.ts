/**
 * SHAP interaction values as a matrix: what each feature does alone on the diagonal, what pairs do together below it.
 *
 * Source: shap 0.48, `shap.summary_plot` of interaction values ("compact_dot").
 * Layer:  plot; imports core, explain (types), table.
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { TreeInteractions } from "../explain/tree.js";
import type { FeatureTable } from "../table/feature-table.js";
import { checkSameIds } from "../table/ids.js";
import { relativeValues, valueColor } from "./beeswarm.js";
import { Figure } from "./figure.js";
import {
  checkCount,
  drawn,
  drawnOrNull,
  headed,
  rowsDown,
  shorten,
  type TitleOptions,
  textAt,
  tip,
} from "./marks.js";
import { packSwarm } from "./swarm.js";
import { figureFrame, INK, QUIET_INK, RULE } from "./theme.js";

export interface ShapInteractionsOptions extends TitleOptions {
  /** Features shown, those of the largest mean absolute SHAP value. Default 6. */
  readonly top?: number;
}

const CELL = 104;
const TALL = 54;
const DOT = 3;
/** In one cell; a third of a cell's room is enough to see its shape. */
const MOST_DOTS = 250;

/**
 * Draws a small beeswarm for each feature and each pair, all on one scale, colored by the value of the feature that names the row.
 * Above the diagonal stand the mean absolute values of the pairs. Both halves of a pair's interaction are added up.
 *
 * @param x  Values of the same patients.
 * @throws InputError if `x` holds other patients or lacks a column, or `top` is no count.
 *
 * @example
 * plot.shapInteractions(explain.treeInteractions(forest, test.x), test.x)
 */
export function shapInteractions(
  found: TreeInteractions,
  x: FeatureTable,
  { title = "", top = 6 }: ShapInteractionsOptions = {},
): Figure {
  checkCount("top", top, 2);
  checkSameIds(found.ids, x.ids, "the interactions", "the features");
  const { ids, features, values, outputUnit } = found;
  const p = features.length;
  if (p < 2) throw new InputError("interactions need at least 2 features, found 1.");
  const effect = (i: number, j: number, k: number): number => (j === k ? 1 : 2) * values[(i * p + j) * p + k];
  const meanOf = (of: (i: number) => number): number =>
    ids.reduce((sum, _, i) => sum + Math.abs(of(i)), 0) / ids.length;
  const total = features.map((_, j) =>
    meanOf((i) => features.reduce((sum, _other, k) => sum + values[(i * p + j) * p + k], 0)),
  );
  const shown = [...total.keys()].sort((a, b) => total[b] - total[a] || a - b).slice(0, top);
  const count = shown.length;
  const [width, height] = [CELL * count, TALL * count];
  const cells = shown.flatMap((j, r) => shown.slice(0, r + 1).map((k, c) => ({ j, k, r, c })));
  const every = Math.ceil(ids.length / MOST_DOTS);
  const drawnRows = ids.flatMap((_, i) => (i % every === 0 ? [i] : []));
  const reach =
    cells.reduce(
      (most, { j, k }) => drawnRows.reduce((one, i) => Math.max(one, Math.abs(effect(i, j, k))), most),
      0,
    ) || 1;
  const shades = new Map(shown.map((j) => [j, relativeValues(x.column(features[j].name))]));
  const dots = cells.flatMap(({ j, k, r, c }) => {
    const places = Float64Array.from(
      drawnRows,
      (i) => CELL * (c + 0.5) + ((CELL / 2 - 7) * effect(i, j, k)) / reach,
    );
    const { offsets } = packSwarm(places, DOT, (TALL - 8 - DOT) / 2);
    return drawnRows.map((i, at) => ({
      id: ids[i],
      x: Number(places[at].toFixed(2)),
      y: Number((TALL * (r + 0.5) - offsets[at]).toFixed(2)),
      pair: j === k ? features[j].name : `${features[k].name} × ${features[j].name}`,
      value: drawn(effect(i, j, k)),
      shade: drawnOrNull(shades.get(j)?.[i] ?? Number.NaN),
    }));
  });
  const strengths = cells
    .filter(({ j, k }) => j !== k)
    .map(({ j, k, r, c }) => ({ j, k, r, c, mean: meanOf((i) => effect(i, j, k)) }))
    .sort((a, b) => b.mean - a.mean);
  const number = (value: number): string => Number(value.toPrecision(2)).toString();
  const note = drawnRows.length < ids.length ? `${drawnRows.length} of ${ids.length} patients are drawn` : "";
  const alternative = headed(
    title,
    `SHAP interaction values of ${ids.length} patients and the ${count} features that matter most` +
      `${outputUnit === "" ? "" : `, in ${outputUnit}`}. Strongest pairs by mean absolute value: ${strengths
        .slice(0, 3)
        .map(({ j, k, mean }) => `${features[k].name} × ${features[j].name} (${number(mean)})`)
        .join(", ")}.${note === "" ? "" : ` ${note}.`}`,
  );
  const strongest = strengths[0]?.mean || 1;
  const along = (field: string): Json => ({
    field,
    type: "quantitative",
    scale: { domain: [0, width], nice: false },
    axis: null,
  });
  return new Figure("shap-interactions", alternative, {
    ...figureFrame(title, alternative),
    width,
    height,
    layer: [
      {
        data: {
          values: cells.map(({ r, c }) => ({ x: CELL * (c + 0.5), y: TALL * r + 5, y2: TALL * (r + 1) - 5 })),
        },
        mark: { type: "rule", color: RULE, strokeWidth: 1 },
        encoding: { x: along("x"), y: rowsDown("y", height), y2: { field: "y2" } },
      },
      {
        data: { values: dots },
        mark: { type: "circle", size: DOT * DOT, opacity: 1, invalid: null },
        encoding: {
          x: along("x"),
          y: rowsDown("y", height),
          color: valueColor("Row's feature"),
          tooltip: [
            tip("id", "Patient"),
            tip("pair", "Effect"),
            tip("value", "SHAP interaction value", ".4~r"),
          ],
        },
      },
      ...strengths.map(({ r, c, mean }) =>
        textAt(number(mean), {
          x: CELL * (r + 0.5),
          y: TALL * (c + 0.5),
          align: "center",
          fontSize: 11 + Math.round((5 * mean) / strongest),
          color: mean > strongest / 2 ? INK : QUIET_INK,
        }),
      ),
      ...shown.flatMap((j, r) => [
        textAt(shorten(features[j].name, 32), { x: 0, y: TALL * (r + 0.5), dx: -10, align: "right" }),
        textAt(shorten(features[j].name, 15), { x: CELL * (r + 0.5), y: -10, align: "center", fontSize: 11 }),
      ]),
      textAt(
        `Each cell from −${number(reach)} to ${number(reach)}${outputUnit === "" ? "" : ` ${outputUnit}`}${note === "" ? "" : `; ${note}`}`,
        { x: 0, y: height + 14, color: QUIET_INK, fontSize: 11 },
      ),
    ],
  });
}
