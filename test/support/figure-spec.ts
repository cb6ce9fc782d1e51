/** Reads the specification of a figure: its warnings when compiled, and the rows that its marks draw. */
import assert from "node:assert/strict";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Figure } from "../../src/plot/figure.js";

/** What Vega-Lite has to say against the specification. */
export function compileWarnings(figure: Figure): readonly unknown[] {
  const warnings: unknown[] = [];
  const collect = (...message: readonly unknown[]): typeof logger => {
    warnings.push(...message);
    return logger;
  };
  const logger = {
    level: () => logger,
    error: collect,
    warn: collect,
    info: () => logger,
    debug: () => logger,
  } as unknown as NonNullable<NonNullable<Parameters<typeof compile>[1]>["logger"]>;
  compile(figure.spec as unknown as TopLevelSpec, { logger });
  return warnings;
}

/** One row of data of a mark. */
export type Row = Readonly<Record<string, number | string | boolean | null>>;

interface Layer {
  readonly mark?: { readonly type: string };
  readonly data?: { readonly values: readonly Row[] };
  readonly layer?: readonly Layer[];
}

/** Rows of the nth layer of a mark type; layers in a layer may have their rows from it. */
export function rowsOf(figure: Figure, mark: string, nth = 0): readonly Row[] {
  const layers = (figure.spec.layer as unknown as readonly Layer[]).flatMap((layer) =>
    (layer.layer ?? [layer]).map((inner) => ({ mark: inner.mark, data: inner.data ?? layer.data })),
  );
  const found = layers.filter((layer) => layer.mark?.type === mark)[nth];
  return found?.data?.values ?? assert.fail(`no ${mark} layer ${nth}`);
}

/** A drawn number, which has six digits, against the library's; `relative` to the larger of it and 1. */
export function assertClose(drawn: Row[string] | undefined, expected: number, relative: number): void {
  const distance = Math.abs(Number(drawn) - expected);
  assert.ok(distance <= relative * Math.max(1, Math.abs(expected)), `${drawn} instead of ${expected}`);
}
