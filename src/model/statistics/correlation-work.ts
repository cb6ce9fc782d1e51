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
interface CorrelationKind {
  readonly method: "pearson" | "spearman";
  readonly p: boolean;
  /** Patients. */
  readonly n: number;
}

/** What all parts have in common: plain data, which can be sent to a thread. */
interface CorrelationCommon extends CorrelationKind {
  /** Features of the second table, centered and of length 1, NaN if they cannot be tested; laid out as `correlate` asks for. */
  readonly second: Float64Array;
  readonly columns: number;
}

/** Correlations of some features of the first table with all of the second, row-major. */
interface CorrelationPart {
  readonly r: Float64Array;
  readonly p: Float64Array | null;
  /** 1 for each of those features that can be tested. */
  readonly tested: Uint8Array;
}

/** The whole matrix, and which features of both tables could be tested. */
interface Correlations {
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
  const whole: CorrelationPart = {
    r: new Float64Array(first.length * columns),
    p: kind.p ? new Float64Array(first.length * columns) : null,
    tested: new Uint8Array(first.length),
  };
  const correlate = correlator(common);
  // Memory of parts that were done here, or have been answered: fresh memory takes longer than what is written to it.
  const free: Float64Array[] = [];
  const tasks = function* (): Generator<SideTask<void>> {
    for (let from = 0; from < first.length; from += PART) {
      const features = first.slice(from, from + PART);
      let sent: Float64Array | undefined;
      yield {
        here: () => {
          correlate(features, within(whole, from, features.length, columns));
          if (sent !== undefined) free.push(sent);
        },
        message: (): SentPart => {
          const memory = free.pop() ?? sharedDoubles(PART * (kind.n + columns * (kind.p ? 2 : 1)));
          features.forEach((values, i) => {
            memory.set(values, i * kind.n);
          });
          sent = memory;
          return { memory, from, count: features.length };
        },
      };
    }
  };
  const received = (answer: unknown): void => {
    const { memory, from, count, tested } = answer as AnsweredPart;
    const [to, there] = [within(whole, from, count, columns), areasOf(memory, count, common)];
    to.r.set(there.r);
    if (there.p !== null) to.p?.set(there.p);
    to.tested.set(tested);
    free.push(memory);
  };
  const shared = (): CorrelationCommon => ({ ...common, second: sharedCopy([panels.values]) });
  runWithSideThreads(
    { entry: threadEntry("../correlation-thread"), common: shared, tasks: tasks(), received },
    threads,
  );
  return { r: whole.r, p: whole.p, ofFirst: whole.tested, ofSecond: panels.tested };
}

/** A part on its way to a thread: in its memory the features, then room for r and p. */
interface SentPart {
  readonly memory: Float64Array;
  /** First feature, and how many. */
  readonly from: number;
  readonly count: number;
}

interface AnsweredPart extends SentPart {
  readonly tested: Uint8Array;
}

function sharedDoubles(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * BYTES));
}

function areasOf(
  memory: Float64Array,
  count: number,
  { n, columns, p }: CorrelationCommon,
): { readonly r: Float64Array; readonly p: Float64Array | null } {
  const start = PART * n;
  const size = count * columns;
  return {
    r: memory.subarray(start, start + size),
    p: p ? memory.subarray(start + size, start + 2 * size) : null,
  };
}

/** What a side thread does with a part. */
export function answerCorrelations(common: unknown): (part: unknown) => AnsweredPart {
  const known = common as CorrelationCommon;
  const correlate = correlator(known);
  return (part) => {
    const sent = part as SentPart;
    const { memory, count } = sent;
    const { n } = known;
    const features = Array.from({ length: count }, (_, i) => memory.subarray(i * n, (i + 1) * n));
    const tested = new Uint8Array(count);
    correlate(features, { ...areasOf(memory, count, known), tested });
    return { ...sent, tested };
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

/** Writes the correlations of some features into a part. */
type Correlator = (features: readonly Float64Array[], part: CorrelationPart) => void;

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
