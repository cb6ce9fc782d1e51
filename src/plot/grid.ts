/**
 * Several figures on one page.
 *
 * Layer:  plot; imports core.
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { Figure } from "./figure.js";
import { checkCount, type TitleOptions } from "./marks.js";
import type { FigureGroups, FigureKind } from "./mime.js";
import { figureFrame } from "./theme.js";
import type { Spec } from "./vega.js";

export interface GridOptions extends TitleOptions {
  /** How many figures stand beside each other, default 2. */
  readonly columns?: number;
}

/**
 * Puts figures beside and below each other; the grid shows and saves itself as one figure.
 *
 * @throws InputError if there is no figure, or columns is no count.
 *
 * @example
 * await plot.grid([plot.kaplanMeier(km), plot.forest(cox)], { columns: 2 }).save("fig3.pdf", { width: "double" });
 */
export function grid(figures: readonly Figure[], { title = "", columns = 2 }: GridOptions = {}): Figure {
  checkCount("columns", columns);
  if (figures.length === 0) throw new InputError("there is no figure to put on the page. Give one or more.");
  const words = inAll(figures.map(({ alternative }) => alternative));
  const alternative = `${title === "" ? "" : `${title}: `}${figures.length} figures. ${words}`;
  const views = figures.map(({ spec }) => withoutFrame(spec));
  return panels("grid", alternative, views, { title, columns }, groupsOf(figures));
}

/** Groups of all figures; those of one name together, so that choosing it in one chooses it in all. */
function groupsOf(figures: readonly Figure[]): FigureGroups {
  const merged = new Map<string, Set<string>>();
  for (const { groups } of figures) {
    for (const [name, ids] of Object.entries(groups)) {
      const known = merged.get(name) ?? new Set();
      for (const id of ids) known.add(id);
      merged.set(name, known);
    }
  }
  return Object.fromEntries([...merged].map(([name, ids]) => [name, [...ids]]));
}

/** Views of one figure beside each other. @param views  Each with its own width and height, or views of its own. */
export function panels(
  kind: FigureKind,
  alternative: string,
  views: readonly Spec[],
  { title = "", columns = 2 }: GridOptions,
  groups: FigureGroups = {},
): Figure {
  const spec: Spec = {
    ...figureFrame(title, alternative),
    concat: views,
    columns,
    spacing: { row: 36, column: 44 },
    // Each keeps its own colors and legend.
    resolve: { scale: { color: "independent", strokeDash: "independent", shape: "independent" } },
  };
  return new Figure(kind, alternative, spec, groups);
}

const FRAME: ReadonlySet<string> = new Set([
  "$schema",
  "autosize",
  "background",
  "config",
  "description",
  "padding",
]);

function withoutFrame(spec: Spec): Spec {
  return Object.fromEntries(Object.entries(spec).filter(([key]) => !FRAME.has(key))) as {
    [key: string]: Json;
  };
}

/** Front ends take 5000 letters. */
const MOST_LETTERS = 4500;

/** What all say, each cut alike where it is too much. */
function inAll(texts: readonly string[]): string {
  const whole = texts.map((text, at) => `(${at + 1}) ${text}`);
  const most = Math.floor(MOST_LETTERS / texts.length) - 1;
  return whole
    .map((text) =>
      whole.join(" ").length <= MOST_LETTERS || text.length <= most ? text : `${text.slice(0, most - 1)}…`,
    )
    .join(" ");
}
