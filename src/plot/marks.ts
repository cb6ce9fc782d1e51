/**
 * What most figures are made of: axes, lines of text, legends, checks, words.
 *
 * Layer:  plot; imports core, table.
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { groupColors } from "./palette.js";
import { INK, PAPER, QUIET_INK } from "./theme.js";
import type { Spec } from "./vega.js";

export interface TitleOptions {
  /** Default none. */
  readonly title?: string;
}

/** A number as it travels: six digits are finer than any picture, and half as long in the notebook. */
export function drawn(value: number): number {
  // Without the sign of −0, which JSON does not have.
  return Number(value.toPrecision(6)) + 0;
}

/** The same where a value may be missing: JSON has no NaN. */
export function drawnOrNull(value: number): number | null {
  return Number.isFinite(value) ? drawn(value) : null;
}

/** With that many digits after the point, a real minus, and no sign before a zero. */
export function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

export interface AxisLook {
  readonly title: string;
  /** Ends of the axis; default: those of the data, with zero only if it lies among them. */
  readonly domain?: readonly [number, number];
  readonly ticks?: readonly number[];
  readonly format?: string;
  readonly grid?: boolean;
  readonly log?: boolean;
}

/** A channel of numbers with its axis. */
export function numbers(
  field: string,
  { title, domain, ticks, format, grid = false, log = false }: AxisLook,
): Json {
  return {
    field,
    type: "quantitative",
    scale: {
      ...(log ? { type: "log" } : { zero: false }),
      ...(domain === undefined ? {} : { domain, nice: false }),
    },
    axis: {
      title,
      grid,
      ...(ticks === undefined ? { tickCount: 6 } : { values: ticks }),
      ...(format === undefined ? {} : { format }),
    },
  };
}

/** Shares from 0 to 1 on an axis. */
export function shares(field: string, title: string): Json {
  return numbers(field, { title, domain: [0, 1], ticks: [0, 0.2, 0.4, 0.6, 0.8, 1], format: ".1f" });
}

/** A channel of places in CSS pixels from the top of a figure of that height: no axis. */
export function rowsDown(field: string, height: number): Json {
  return { field, type: "quantitative", scale: { domain: [height, 0], nice: false }, axis: null };
}

/** The color of each group, told by a legend above the figure if there is more than one. */
export function groupColor(
  labels: readonly string[],
  {
    palette,
    symbol = "stroke",
    columns = 1,
  }: { readonly palette?: readonly string[]; readonly symbol?: string; readonly columns?: number } = {},
): Json {
  return {
    field: "group",
    type: "nominal",
    scale: { domain: labels, range: groupColors(labels.length, palette) },
    legend:
      labels.length < 2
        ? null
        : {
            orient: "top",
            title: null,
            columns,
            symbolType: symbol,
            // Else the legend takes the opacity of the first layer.
            symbolOpacity: 1,
            symbolStrokeWidth: symbol === "stroke" ? 2.5 : 0,
            symbolSize: symbol === "stroke" ? 250 : 110,
            columnPadding: 18,
            offset: 8,
          },
  };
}

/** One line of text at a place in CSS pixels from the upper left corner of the axes. */
export function textAt(
  line: string,
  { x, y, ...mark }: { readonly x: number; readonly y: number } & Spec,
): Spec {
  return {
    data: { values: [{}] },
    mark: { type: "text", align: "left", baseline: "middle", text: line, color: INK, ...mark },
    encoding: { x: { value: x }, y: { value: y } },
  };
}

/** A line of text that stays readable where another line runs through it. */
export function onPaper(line: string, place: Parameters<typeof textAt>[1]): Spec[] {
  return [
    textAt(line, { ...place, stroke: PAPER, strokeWidth: 5, strokeJoin: "round" }),
    textAt(line, place),
  ];
}

/** A straight line of quiet ink, dashed, e.g. that of chance. */
export function guide(x: Json, y: Json, points: readonly Spec[]): Spec {
  return {
    data: { values: points },
    mark: { type: "line", strokeDash: [4, 4], color: QUIET_INK, strokeWidth: 1 },
    encoding: { x, y },
  };
}

/** The line on which two shares are equal. */
export function diagonal(x: Json, y: Json): Spec {
  return guide(x, y, [
    { x: 0, y: 0 },
    { x: 1, y: 1 },
  ]);
}

/** One field of what the pointer shows. */
export function tip(field: string, title: string, format?: string): Json {
  return format === undefined
    ? { field, title, type: "nominal" }
    : { field, title, type: "quantitative", format };
}

/** "title: words", or the words alone. */
export function headed(title: string, words: string): string {
  return title === "" ? `${words.charAt(0).toUpperCase()}${words.slice(1)}` : `${title}: ${words}`;
}

/** "entropy (mL)", or the name alone. */
export function withUnit(name: string, unit: string): string {
  return unit === "" ? name : `${name} (${unit})`;
}

/** @throws InputError unless the number is whole and at least `least`. */
export function checkCount(what: string, count: number, least = 1): void {
  if (Number.isInteger(count) && count >= least) return;
  throw new InputError(`${what} must be a whole number of at least ${least}, found ${count}.`);
}

/** Text cut at a length, so that a long name does not push a figure off the page. */
export function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
