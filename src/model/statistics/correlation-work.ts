/**
 * The work behind a matrix of correlations, part by part, so that threads can share it.
 *
 * Layer:  model; imports workers, its own folder and the matrix products.
 */
import { runWithSideThreads, type SideTask, threadsAtOnce } from "../../workers/side-threads.js";
import { sharedCopy } from "../../workers/side-work.js";
import { threadEntry } from "../../workers/thread-entry.js";
import { checkWorkers } from "../../workers/worker-count.js";
import { type Products, withProducts } from "../wasm/products.js";
import { correlationTail } from "./correlation-tail.js";
import { ranksOf } from "./sample.js";

/** How features are compared. */
export interface CorrelationKind {
  readonly method: "pearson" | "spearman";
  readonly p: boolean;
  /** Patients. */
  readonly n: number;
}

/** What all parts have in common: plain data, which can be sent to a thread. */
export interface CorrelationCommon extends CorrelationKind {
  /** Features of the second table, centered and of length 1, NaN if they cannot be tested; laid out as `correlate` asks for. */
  readonly second: Float64Array;
  readonly columns: number;
}

/** Correlations of some features of the first table with all of the second, row-major. */
export interface CorrelationPart {
  readonly r: Float64Array;
  readonly p: Float64Array | null;
  /** 1 for each of those features that can be tested. */
  readonly tested: Uint8Array;
}

/** The whole matrix, and which features of both tables could be tested. */
export interface Correlations {
  readonly r: Float64Array;
  readonly p: Float64Array | null;
  readonly ofFirst: Uint8Array;
  readonly ofSecond: Uint8Array;
}

/** Features that are multiplied at once, a multiple of 4: they then fit into the processor's cache. */
const BLOCK = 64;
/** Features of the second table that lie side by side, patient after patient. */
const PANEL = 4;
/** Features of the first table in a part. */
const PART = 1_024;
/** Fewer products are done before threads have begun. */
const WORTH_PRODUCTS = 5e8;
/** Squares outside of these have lost digits. */
const [SMALLEST, LARGEST] = [1e-250, 1e250];
const BYTES: number = Float64Array.BYTES_PER_ELEMENT;

/**
 * @param workers  Threads; undefined: as it is worth.
 * @throws InputError unless `workers` is a number of threads or undefined.
 */
export function correlateAll(
  first: readonly Float64Array[],
  second: readonly Float64Array[],
  kind: CorrelationKind,
  workers: number | undefined,
): Correlations {
  const columns = second.length;
  const isWorth = first.length * columns * kind.n >= WORTH_PRODUCTS;
  const threads =
    workers === undefined
      ? isWorth
        ? threadsAtOnce()
        : 1
      : checkWorkers(workers, `${threadsAtOnce()} here, or one for little work`);
  const panels = panelsOf(second, kind);
  const common = { ...kind, columns, second: panels.values };
  const whole = partOf(first.length, common);
  const correlate = correlator(common);
  const tasks = function* (): Generator<SideTask<CorrelationPart>> {
    for (let from = 0; from < first.length; from += PART) {
      const part = first.slice(from, from + PART);
      const here = (): CorrelationPart => correlate(part, within(whole, from, part.length, columns));
      yield { here, message: () => sharedCopy(part) };
    }
  };
  const parts = runWithSideThreads(
    {
      entry: threadEntry("../correlation-thread"),
      common: () => ({ ...common, second: sharedCopy([panels.values]) }),
      tasks: tasks(),
      received: (answer: unknown) => answer as CorrelationPart,
    },
    threads,
  );
  parts.forEach(({ r, p, tested }, at) => {
    // What was done here is in its place already.
    if (r.buffer === whole.r.buffer) return;
    whole.r.set(r, at * PART * columns);
    if (p !== null) whole.p?.set(p, at * PART * columns);
    whole.tested.set(tested, at * PART);
  });
  return { r: whole.r, p: whole.p, ofFirst: whole.tested, ofSecond: panels.tested };
}

/** What a side thread makes of a part, whose features lie in one array. */
export function answerCorrelations(common: unknown): (part: unknown) => CorrelationPart {
  const known = common as CorrelationCommon;
  const correlate = correlator(known);
  return (part) => {
    const values = part as Float64Array;
    const { n } = known;
    const features = Array.from({ length: values.length / n }, (_, i) => values.subarray(i * n, (i + 1) * n));
    return correlate(features, partOf(features.length, known));
  };
}

function partOf(features: number, { columns, p }: CorrelationCommon): CorrelationPart {
  const size = features * columns;
  return {
    r: new Float64Array(size),
    p: p ? new Float64Array(size) : null,
    tested: new Uint8Array(features),
  };
}

/** Some features of a part, in its memory. */
function within(
  { r, p, tested }: CorrelationPart,
  from: number,
  count: number,
  columns: number,
): CorrelationPart {
  const [start, end] = [from * columns, (from + count) * columns];
  return {
    r: r.subarray(start, end),
    p: p === null ? null : p.subarray(start, end),
    tested: tested.subarray(from, from + count),
  };
}

/** Writes the correlations of some features into a part, and gives it back. */
type Correlator = (features: readonly Float64Array[], part: CorrelationPart) => CorrelationPart;

function correlator({ columns, second, n, method, p: asked }: CorrelationCommon): Correlator {
  const tail = asked ? correlationTail(n) : null;
  const bytes = {
    x: BLOCK * n * BYTES,
    stats: BLOCK * 2 * BYTES,
    y: second.byteLength,
    r: (BLOCK * columns + PANEL) * BYTES,
  };
  return (features, part) => {
    const { r, p, tested } = part;
    withProducts(bytes, [], (space) => {
      const { kernels, buffer, at } = space;
      new Float64Array(buffer, at.y, second.length).set(second);
      for (let from = 0; from < features.length; from += BLOCK) {
        const block = features.slice(from, from + BLOCK);
        tested.set(unitBlock(space, block, method), from);
        const rows = Math.ceil(block.length / PANEL) * PANEL;
        kernels.correlate(at.x, at.y, at.r, rows, n, columns);
        r.set(new Float64Array(buffer, at.r, block.length * columns), from * columns);
      }
    });
    if (p !== null && tail !== null) for (let cell = 0; cell < r.length; cell++) p[cell] = tail(r[cell]);
    return part;
  };
}

/** Where `unitBlock` works. */
interface UnitSpace {
  readonly kernels: Products;
  readonly buffer: ArrayBuffer;
  readonly at: { readonly x: number; readonly stats: number };
}

/** All features of the second table, made ready. */
function panelsOf(
  features: readonly Float64Array[],
  { n, method }: CorrelationKind,
): { readonly values: Float64Array; readonly tested: Uint8Array } {
  const values = new Float64Array(Math.ceil(features.length / PANEL) * PANEL * n);
  const tested = new Uint8Array(features.length);
  withProducts({ x: BLOCK * n * BYTES, stats: BLOCK * 2 * BYTES }, [], (space) => {
    const unit = new Float64Array(space.buffer, space.at.x, BLOCK * n);
    for (let from = 0; from < features.length; from += BLOCK) {
      const block = features.slice(from, from + BLOCK);
      tested.set(unitBlock(space, block, method), from);
      for (let i = 0; i < block.length; i++) {
        const start = (from + i - (i % PANEL)) * n + (i % PANEL);
        for (let row = 0; row < n; row++) values[start + row * PANEL] = unit[i * n + row];
      }
    }
  });
  return { values, tested };
}

/** Writes features, centered and of length 1, to x; NaN if they cannot be tested. @returns 1 for each that can. */
function unitBlock(
  { kernels, buffer, at }: UnitSpace,
  features: readonly Float64Array[],
  method: CorrelationKind["method"],
): Uint8Array {
  const n = features[0].length;
  const many = features.length;
  const out = new Float64Array(buffer, at.x, many * n);
  features.forEach((values, i) => {
    const isRanked = method === "spearman" && values.every(Number.isFinite);
    out.set(isRanked ? ranksOf(values).rank : values, i * n);
  });
  kernels.unitRows(at.x, many, n, SMALLEST, LARGEST, at.stats);
  const stats = new Float64Array(buffer, at.stats, many * 2);
  return Uint8Array.from(features, (values, i) => {
    const [squares, largest] = [stats[2 * i], stats[2 * i + 1]];
    const own = out.subarray(i * n, (i + 1) * n);
    const isUsual = squares > SMALLEST && squares < LARGEST;
    // The rule of a single correlation: a spread that is only rounding is none.
    const isTested = isUsual
      ? Math.sqrt(squares) > 4 * Number.EPSILON * largest * Math.sqrt(n)
      : method === "pearson" && unitOfExtreme(values, own);
    if (!isTested) own.fill(Number.NaN);
    return isTested ? 1 : 0;
  });
}

/** The same for values whose squares or sum no double can hold. */
function unitOfExtreme(values: Float64Array, out: Float64Array): boolean {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(largest > 0 && Number.isFinite(largest))) return false;
  const scaled = values.map((value) => value / largest);
  const mean = scaled.reduce((sum, value) => sum + value / scaled.length, 0);
  const spread = scaled.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
  if (!(spread > 4 * Number.EPSILON)) return false;
  const centered = scaled.map((value) => (value - mean) / spread);
  const length = Math.sqrt(centered.reduce((sum, value) => sum + value * value, 0));
  for (let row = 0; row < values.length; row++) out[row] = centered[row] / length;
  return true;
}
