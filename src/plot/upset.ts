/**
 * The UpSet plot: which names several sets share, for example the features that several methods select.
 *
 * Source: Lex et al. 2014, doi:10.1109/TVCG.2014.2346248.
 * Layer:  plot; imports core.
 */
import { InputError } from "../core/errors.js";
import { Figure } from "./figure.js";
import { checkCount, headed, shorten, type TitleOptions, textAt, tip } from "./marks.js";
import { GROUP_COLORS } from "./palette.js";
import { figureFrame, INK, RULE } from "./theme.js";
import type { Spec } from "./vega.js";

export interface UpsetOptions extends TitleOptions {
  /** Combinations shown, the largest first. Default 20. */
  readonly top?: number;
}

const STEP = 30;
const ROW = 26;
const BARS = 170;
const SIZES = 110;
/** Room for the names of the sets between their sizes and the matrix. */
const LETTER = 6.8;
const MOST_SETS = 12;

/**
 * Draws how many names lie in exactly each combination of sets, the largest combination first.
 *
 * @param sets  Names of features or patients by set; a name counts once in a set.
 * @throws InputError unless there are 2 to 12 sets with a name in at least one, or `top` is no count.
 *
 * @example
 * plot.upset({ mRMR: mrmr.names, Lasso: lasso.names, ICC: stable.names })
 */
export function upset(
  sets: { readonly [set: string]: readonly string[] },
  { title = "", top = 20 }: UpsetOptions = {},
): Figure {
  checkCount("top", top);
  const names = Object.keys(sets);
  if (names.length < 2 || names.length > MOST_SETS) {
    throw new InputError(`an UpSet plot compares 2 to ${MOST_SETS} sets, found ${names.length}.`);
  }
  const members = names.map((name) => new Set(sets[name]));
  const combinations = combine(members);
  if (combinations.length === 0) {
    throw new InputError("all sets are empty: there is nothing to compare. Check the selection before.");
  }
  const shown = combinations.slice(0, top);
  const most = shown[0].size;
  const largest = Math.max(...members.map((set) => set.size));
  const width = STEP * shown.length;
  const height = BARS + ROW * (names.length + 0.7);
  const rowOf = (set: number): number => BARS + ROW * (set + 1);
  const longest = LETTER * Math.max(...names.map((name) => shorten(name, 30).length));
  const nameEnd = -14;
  const sizesEnd = nameEnd - longest - 12;
  const x = (field: string): Spec => ({
    field,
    type: "quantitative",
    scale: { domain: [0, width], nice: false },
    axis: null,
  });
  const y = (field: string): Spec => ({
    field,
    type: "quantitative",
    scale: { domain: [height, 0], nice: false },
    axis: null,
  });
  const bar = (left: number, right: number, upper: number, lower: number, words: string): Spec => ({
    x: left,
    x2: right,
    y: upper,
    y2: lower,
    words,
  });
  const middle = (k: number): number => STEP * (k + 0.5);
  const words = (inside: readonly number[]): string => inside.map((set) => names[set]).join(" and ");
  const bars = [
    ...shown.map(({ size, inside }, k) =>
      bar(
        middle(k) - 9,
        middle(k) + 9,
        BARS - ((BARS - 16) * size) / most,
        BARS,
        `only in ${words(inside)}: ${size}`,
      ),
    ),
    ...members.map(({ size }, set) =>
      bar(
        sizesEnd - (SIZES * size) / largest,
        sizesEnd,
        rowOf(set) - 8,
        rowOf(set) + 8,
        `${names[set]}: ${size}`,
      ),
    ),
  ];
  const dots = shown.flatMap(({ inside }, k) =>
    names.map((_, set) => ({ x: middle(k), y: rowOf(set), filled: inside.includes(set) })),
  );
  const links = shown
    .map(({ inside }, k) => ({ x: middle(k), y: rowOf(inside[0]), y2: rowOf(inside[inside.length - 1]) }))
    .filter((link) => link.y < link.y2);
  const alternative = headed(
    title,
    `sizes of ${names.length} sets: ${names.map((name, set) => `${name} ${members[set].size}`).join(", ")}. ` +
      `Exactly in: ${shown
        .slice(0, 8)
        .map(({ size, inside }) => `${words(inside)} ${size}`)
        .join("; ")}.` +
      `${shown.length < combinations.length ? ` ${combinations.length - shown.length} smaller combinations are not shown.` : ""}`,
  );
  return new Figure("upset", alternative, {
    ...figureFrame(title, alternative),
    width,
    height,
    layer: [
      {
        data: { values: bars },
        mark: { type: "rect", color: GROUP_COLORS[0] },
        encoding: {
          x: x("x"),
          x2: { field: "x2" },
          y: y("y"),
          y2: { field: "y2" },
          tooltip: tip("words", "Members"),
        },
      },
      {
        data: { values: dots },
        mark: { type: "circle", size: 120, opacity: 1 },
        encoding: {
          x: x("x"),
          y: y("y"),
          color: { condition: { test: "datum.filled", value: INK }, value: RULE },
        },
      },
      {
        data: { values: links },
        mark: { type: "rule", color: INK, strokeWidth: 2.5 },
        encoding: { x: x("x"), y: y("y"), y2: { field: "y2" } },
      },
      ...shown.map(({ size }, k) =>
        textAt(String(size), {
          x: middle(k),
          y: BARS - ((BARS - 16) * size) / most - 8,
          align: "center",
          fontSize: 11,
        }),
      ),
      ...names.flatMap((name, set) => [
        textAt(shorten(name, 30), { x: nameEnd, y: rowOf(set), align: "right" }),
        textAt(String(members[set].size), {
          x: sizesEnd - (SIZES * members[set].size) / largest - 5,
          y: rowOf(set),
          align: "right",
          fontSize: 11,
        }),
      ]),
    ],
  });
}

interface Combination {
  /** Sets by index, rising. */
  readonly inside: readonly number[];
  /** Names in exactly these sets. */
  readonly size: number;
}

/** Combinations that have names, the largest first; equals by fewer sets, then by their order. */
function combine(members: readonly ReadonlySet<string>[]): readonly Combination[] {
  const sizes = new Map<string, number>();
  for (const name of new Set(members.flatMap((set) => [...set]))) {
    const key = members.flatMap((set, at) => (set.has(name) ? [at] : [])).join(",");
    sizes.set(key, (sizes.get(key) ?? 0) + 1);
  }
  return [...sizes]
    .map(([key, size]) => ({ inside: key.split(",").map(Number), size }))
    .sort((a, b) => b.size - a.size || a.inside.length - b.inside.length || a.inside[0] - b.inside[0]);
}
