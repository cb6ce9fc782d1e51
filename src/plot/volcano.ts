/**
 * The volcano plot of many tests: how strongly each feature differs between two classes, and how surely.
 *
 * Layer:  plot; imports core, model (types), table.
 */
import { InputError } from "../core/errors.js";
import type { Screen } from "../model/statistics/screen.js";
import type { Labels } from "../table/labels.js";
import { formatNumber } from "../table/render.js";
import { Figure } from "./figure.js";
import { checkCount, drawn, headed, numbers, shorten, type TitleOptions, textAt, tip } from "./marks.js";
import { GROUP_COLORS, NO_VALUE_COLOR } from "./palette.js";
import { figureFrame, INK, QUIET_INK } from "./theme.js";
import type { Spec } from "./vega.js";

export interface VolcanoOptions extends TitleOptions {
  /** Adjusted p below which a feature is colored, default 0.05. */
  readonly below?: number;
  /** Features that are named, those of the smallest p; names that would cover others are left out. Default 10. */
  readonly top?: number;
}

const WIDTH = 460;
const HEIGHT = 340;
/** More dots than this are a blot; the least surprising are thinned out. */
const MOST_DOTS = 5000;
/** Smallest p that a double tells from 0. */
const LEAST_P = 1e-307;
const LETTER = 6.4;
const NAME_HEIGHT = 14;

/**
 * Draws one dot per tested feature. The effect is the rank-biserial correlation for Mann–Whitney tests, which is 1 if every
 * patient of the first class lies above every one of the second, and the standardized mean difference t·√(1/m + 1/n) for t tests.
 *
 * @param y  The labels that the screen compared.
 * @throws InputError unless two classes of `y` have patients, no feature was tested, or `below` is not between 0 and 1.
 *
 * @example
 * plot.volcano(model.statistics.screen(train.x, train.y), train.y)
 */
export function volcano(screen: Screen, y: Labels, options: VolcanoOptions = {}): Figure {
  const { title = "", below = 0.05, top = 10 } = options;
  checkCount("top", top, 0);
  if (!(below > 0 && below <= 1)) throw new InputError(`below must lie between 0 and 1, found ${below}.`);
  const present = y.classes.flatMap((name, code) =>
    y.counts[code] > 0 ? [{ name, n: y.counts[code] }] : [],
  );
  if (present.length !== 2) {
    throw new InputError(
      `a volcano plot compares 2 classes with patients, but "${y.name}" has ${present.length}. Give the labels of the screen.`,
    );
  }
  const [first, second] = present;
  const dots = dotsOf(screen, first.n, second.n, below);
  if (dots.length === 0) {
    throw new InputError(
      "no feature was tested: all have missing values or no spread. Look at screen.untested.",
    );
  }
  const found = dots.filter(({ group }) => group !== NONE);
  const shown = thin(dots);
  const width = 1.08 * dots.reduce((most, { x }) => Math.max(most, Math.abs(x)), 0.1);
  const height = 1.08 * dots.reduce((most, dot) => Math.max(most, dot.y), 1);
  const isRank = screen.test === "mann-whitney";
  const x = numbers("x", {
    title: `${isRank ? "Rank-biserial correlation" : "Standardized mean difference"} (${shorten(first.name, 16)} − ${shorten(second.name, 16)})`,
    domain: [-width, width],
  });
  const yAxis = numbers("y", { title: "−log₁₀ p", domain: [0, height] });
  const groups = [
    `Higher in ${first.name}`,
    `Higher in ${second.name}`,
    `Adjusted p ≥ ${formatNumber(below)}`,
  ];
  const alternative = headed(title, describe(screen, dots, found, first.name, below, shown.length));
  // Midway between the last feature that is found and the first that is not.
  const rest = dots.slice(found.length);
  const limit = ((found.at(-1)?.y ?? 0) + (rest[0]?.y ?? 0)) / 2;
  return new Figure("volcano", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...(found.length === 0
        ? []
        : [
            {
              data: { values: [{ y: drawn(limit) }] },
              mark: { type: "rule", color: QUIET_INK, strokeDash: [4, 4] },
              encoding: { y: yAxis },
            },
            textAt(`adjusted p < ${formatNumber(below)}`, {
              x: WIDTH,
              y: HEIGHT * (1 - limit / height) - 8,
              align: "right",
              fontSize: 11,
              color: QUIET_INK,
            }),
          ]),
      {
        data: { values: shown.map((dot) => ({ ...dot, group: groups[GROUPS.indexOf(dot.group)] })) },
        mark: { type: "circle", opacity: 0.85, size: dots.length > 300 ? 22 : 40 },
        encoding: {
          x,
          y: yAxis,
          color: {
            field: "group",
            type: "nominal",
            scale: { domain: groups, range: [GROUP_COLORS[1], GROUP_COLORS[0], NO_VALUE_COLOR] },
            legend: { orient: "top", title: null, symbolOpacity: 1, columnPadding: 18, offset: 8 },
          },
          tooltip: [
            tip("feature", "Feature"),
            tip("x", "Effect", ".3f"),
            tip("p", "p", ".2~g"),
            tip("adjusted", "Adjusted p", ".2~g"),
          ],
        },
      },
      ...nameLayers(found.slice(0, top), width, height),
    ],
  });
}

const NONE = "none";
const GROUPS = ["first", "second", NONE] as const;

interface Dot extends Spec {
  readonly feature: string;
  readonly x: number;
  readonly y: number;
  readonly p: number;
  readonly adjusted: number;
  readonly group: (typeof GROUPS)[number];
}

/** By rising p. */
function dotsOf(screen: Screen, m: number, n: number, below: number): readonly Dot[] {
  const { features, statistic, p, adjusted, test } = screen;
  return features
    .flatMap((feature, at): Dot[] => {
      if (Number.isNaN(p[at])) return [];
      const effect =
        test === "mann-whitney"
          ? (2 * statistic[at]) / (m * n) - 1
          : statistic[at] * Math.sqrt(1 / m + 1 / n);
      return [
        {
          feature,
          x: drawn(effect),
          y: drawn(-Math.log10(Math.max(p[at], LEAST_P))),
          p: drawn(p[at]),
          adjusted: drawn(adjusted[at]),
          group: adjusted[at] < below ? (effect > 0 ? "first" : "second") : NONE,
        },
      ];
    })
    .sort((a, b) => a.p - b.p);
}

/** All that is surprising, and every k-th of the others. */
function thin(dots: readonly Dot[]): readonly Dot[] {
  const head = dots.slice(0, MOST_DOTS / 2);
  const rest = dots.slice(MOST_DOTS / 2);
  const step = Math.max(1, Math.ceil(rest.length / (MOST_DOTS / 2)));
  return [...head, ...rest.filter((_, at) => at % step === 0)];
}

/** Names beside their dots, towards the edge; one that would cover another is left out. */
function nameLayers(dots: readonly Dot[], width: number, height: number): Spec[] {
  const taken: { readonly left: number; readonly right: number; readonly y: number }[] = [];
  return dots.flatMap(({ feature, x, y }) => {
    const name = shorten(feature, 28);
    const at = { x: ((x + width) / (2 * width)) * WIDTH, y: HEIGHT * (1 - y / height) };
    const long = LETTER * name.length;
    const toRight = x < 0 ? at.x - 7 - long < 0 : at.x + 7 + long <= WIDTH + 60;
    const left = toRight ? at.x + 7 : at.x - 7 - long;
    const box = { left, right: left + long, y: at.y };
    const free = taken.every(
      (other) => Math.abs(other.y - box.y) >= NAME_HEIGHT || other.right < box.left || other.left > box.right,
    );
    if (!free) return [];
    taken.push(box);
    return [
      textAt(name, {
        x: drawn(at.x),
        y: drawn(at.y),
        dx: toRight ? 7 : -7,
        align: toRight ? "left" : "right",
        fontSize: 11,
        color: INK,
      }),
    ];
  });
}

function describe(
  { test, adjustment, untested }: Screen,
  dots: readonly Dot[],
  found: readonly Dot[],
  first: string,
  below: number,
  shown: number,
): string {
  const higher = found.filter(({ group }) => group === "first").length;
  const named = found.slice(0, 5).map(({ feature, p }) => `${feature} (p = ${formatNumber(p, 2)})`);
  return (
    `volcano plot of ${dots.length} features by ${test} tests: ${found.length} differ with an adjusted p below ` +
    `${formatNumber(below)} (${adjustment}), ${higher} of them higher in ${first}.` +
    `${named.length === 0 ? "" : ` Smallest p: ${named.join(", ")}.`}` +
    `${untested.length === 0 ? "" : ` ${untested.length} features could not be tested.`}` +
    `${shown < dots.length ? ` ${shown} of the dots are drawn, all those of small p.` : ""}`
  );
}
