/**
 * The global `progress`: shows how far a loop is, also while the cell blocks, and leaves one line.
 *
 * The bars of nested loops share one output. It is painted at most ten times a second and once at the end.
 * Layer:  session/child; imports display.
 */
import { randomUUID } from "node:crypto";
import { type ProgressState, showBars, showEnd } from "../../display/progress-view.js";
import { currentCell, emit } from "./output.js";

interface ProgressOptions {
  readonly label?: string;
  readonly total?: number;
}

const PAINT_MS = 100;
/** Weight of the newest rate: high enough to follow a change, low enough not to jump. */
const NEWEST = 0.3;

/** The output that bars share, per cell; gone when its last bar has ended. */
const stages = new Map<number, Stage>();

/** How far a loop over something is, or how far a piece of work of `total` steps is. */
export function progress(
  what: number | Iterable<unknown> | AsyncIterable<unknown>,
  options: ProgressOptions = {},
): Progress | Iterable<unknown> | AsyncIterable<unknown> {
  const { label = "", total } = options;
  if (total !== undefined) checkTotal(total);
  if (typeof what === "number") {
    checkTotal(what);
    return new Progress(label, what);
  }
  if (typeof what === "object" && what !== null && Symbol.asyncIterator in what) {
    return { [Symbol.asyncIterator]: () => overAsync(what, label, total ?? null) };
  }
  if (what === null || what === undefined || typeof what[Symbol.iterator] !== "function") {
    throw new TypeError("progress() takes something that a loop can go through, or a number of steps");
  }
  return { [Symbol.iterator]: () => over(what, label, total ?? lengthOf(what)) };
}

/** A cell has ended: what shows is up to date, and after a failure nothing of it moves any more. */
export function endProgress(cell: number, failed: boolean): void {
  const stage = stages.get(cell);
  if (!stage) return;
  if (failed) stage.stop();
  else stage.paint();
}

/** Work of a known number of steps; also a loop over 0 … total − 1. */
class Progress implements Iterable<number> {
  readonly #bar: Bar;

  constructor(label: string, total: number) {
    this.#bar = begin(label, total);
  }

  get done(): number {
    return this.#bar.done;
  }

  get total(): number | null {
    return this.#bar.total;
  }

  get label(): string {
    return this.#bar.label;
  }

  set label(text: string) {
    this.#bar.label = String(text);
    this.#bar.stage.touch();
  }

  /** Some more steps are done. */
  advance(steps = 1): void {
    this.set(this.#bar.done + steps);
  }

  /** So many steps are done. */
  set(done: number): void {
    this.#bar.move(done);
    if (this.#bar.total !== null && done >= this.#bar.total) this.end();
  }

  /** The work is over, finished or not. */
  end(): void {
    const { done, total } = this.#bar;
    this.#bar.end(total === null || done >= total);
  }

  [Symbol.dispose](): void {
    this.end();
  }

  *[Symbol.iterator](): Generator<number, void> {
    const total = this.#bar.total ?? 0;
    try {
      for (let i = 0; i < total; i++) {
        yield i;
        this.#bar.move(i + 1);
      }
    } finally {
      this.end();
    }
  }
}

function* over<T>(items: Iterable<T>, label: string, total: number | null): Generator<T, void> {
  const bar = begin(label, total);
  let finished = false;
  try {
    for (const item of items) {
      yield item;
      bar.move(bar.done + 1);
    }
    finished = true;
  } finally {
    bar.end(finished);
  }
}

async function* overAsync<T>(
  items: AsyncIterable<T>,
  label: string,
  total: number | null,
): AsyncGenerator<T, void> {
  const bar = begin(label, total);
  let finished = false;
  try {
    for await (const item of items) {
      yield item;
      bar.move(bar.done + 1);
    }
    finished = true;
  } finally {
    bar.end(finished);
  }
}

function begin(label: string, total: number | null): Bar {
  const cell = currentCell();
  const stage = stages.get(cell) ?? new Stage(cell);
  stages.set(cell, stage);
  return stage.add(String(label), total);
}

/** One loop. */
class Bar {
  readonly stage: Stage;
  readonly total: number | null;
  label: string;
  done = 0;
  /** When it ended, and whether it got through. */
  ended: { readonly at: number; readonly finished: boolean } | null = null;
  readonly #started: number = performance.now();
  #rate = 0;
  #measuredAt: number = this.#started;
  #measuredDone = 0;

  constructor(stage: Stage, label: string, total: number | null) {
    this.stage = stage;
    this.label = label;
    this.total = total;
  }

  move(done: number): void {
    if (this.ended) return;
    this.done = done;
    this.stage.touch();
  }

  end(finished: boolean): void {
    if (this.ended) return;
    this.ended = { at: performance.now(), finished };
    this.stage.ended(this);
  }

  state(now: number): ProgressState {
    const span = now - this.#measuredAt;
    if (span >= PAINT_MS && this.done > this.#measuredDone) {
      const newest = (1000 * (this.done - this.#measuredDone)) / span;
      this.#rate = this.#rate === 0 ? newest : NEWEST * newest + (1 - NEWEST) * this.#rate;
      this.#measuredAt = now;
      this.#measuredDone = this.done;
    }
    const { label, done, total } = this;
    return { label, done, total, elapsed: (this.ended?.at ?? now) - this.#started, rate: this.#rate };
  }
}

/** The output of one outermost loop and the loops inside it. */
class Stage {
  readonly #cell: number;
  readonly #displayId: string = `progress-${randomUUID()}`;
  #bars: Bar[] = [];
  #shown = false;
  #painted = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(cell: number) {
    this.#cell = cell;
  }

  add(label: string, total: number | null): Bar {
    const bar = new Bar(this, label, total);
    this.#bars.push(bar);
    this.touch();
    return bar;
  }

  /** Something moved: paint now if the last picture is old enough, else soon. */
  touch(): void {
    if (performance.now() - this.#painted >= PAINT_MS) this.paint();
    else this.#timer ??= setTimeout(() => this.paint(), PAINT_MS).unref();
  }

  paint(): void {
    this.#clearTimer();
    this.#painted = performance.now();
    this.#send(showBars(this.#bars.map((bar) => bar.state(this.#painted))));
  }

  /** An inner loop leaves nothing; when the last loop ends, the line of the outermost stays. */
  ended(bar: Bar): void {
    const [outermost = bar] = this.#bars;
    if (this.#bars.every((one) => one.ended)) {
      this.#clearTimer();
      stages.delete(this.#cell);
      this.#send(showEnd(outermost.state(performance.now()), outermost.ended?.finished === true));
      return;
    }
    if (bar !== outermost) this.#bars = this.#bars.filter((one) => one !== bar);
    this.touch();
  }

  /** Everything is cut off, the innermost loop first. */
  stop(): void {
    for (const bar of [...this.#bars].reverse()) bar.end(false);
  }

  #send(shown: ReturnType<typeof showBars>): void {
    emit({ type: "display", cell: this.#cell, update: this.#shown, displayId: this.#displayId, ...shown });
    this.#shown = true;
  }

  #clearTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/** How many items there are, where that can be known without going through them. */
function lengthOf(items: Iterable<unknown>): number | null {
  const { length, size } = items as { length?: unknown; size?: unknown };
  if (typeof length === "number") return length;
  return typeof size === "number" ? size : null;
}

function checkTotal(total: number): void {
  if (Number.isInteger(total) && total >= 0) return;
  throw new RangeError(`progress() needs a whole number of steps, 0 or more; found ${total}`);
}
