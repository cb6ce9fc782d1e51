/**
 * Rows of a kernel matrix, kept while there is room: those not asked for longest give way.
 *
 * Layer:  model; imports its own folder.
 */
import type { KernelSource } from "./svm-kernel.js";

/** As scikit-learn's `cache_size`; and like there, rows are kept in single precision, so that twice as many have room. */
const CACHE_BYTES = 200 << 20;

export class KernelRows {
  readonly #source: KernelSource;
  readonly #matrix: Float64Array;
  readonly #p: number;
  readonly #slots: Float32Array[] = [];
  readonly #most: number;
  /** Slot of each row, or −1; row of each slot; when each slot was asked for last. */
  readonly #slotOf: Int32Array;
  readonly #rowOf: number[] = [];
  readonly #asked: number[] = [];
  #time = 0;

  /** @param matrix  n × p, row-major. */
  constructor(source: KernelSource, matrix: Float64Array, n: number, p: number) {
    this.#source = source;
    this.#matrix = matrix;
    this.#p = p;
    // Two rows are in use at a time.
    this.#most = Math.max(2, Math.floor(CACHE_BYTES / (4 * n)));
    this.#slotOf = new Int32Array(n).fill(-1);
  }

  /** Kernel of a row with all rows. It holds until two others have been asked for. */
  row(at: number): Float32Array {
    const known = this.#slotOf[at];
    const slot = known >= 0 ? known : this.#compute(at);
    this.#asked[slot] = ++this.#time;
    return this.#slots[slot];
  }

  #compute(at: number): number {
    const slot = this.#freeSlot();
    const p = this.#p;
    const row = this.#matrix.subarray(at * p, at * p + p);
    this.#source.row(row, this.#source.squares[at], this.#slots[slot]);
    this.#slotOf[at] = slot;
    this.#rowOf[slot] = at;
    return slot;
  }

  #freeSlot(): number {
    if (this.#slots.length < this.#most) return this.#slots.push(new Float32Array(this.#slotOf.length)) - 1;
    let oldest = 0;
    for (let slot = 1; slot < this.#slots.length; slot++) {
      if (this.#asked[slot] < this.#asked[oldest]) oldest = slot;
    }
    this.#slotOf[this.#rowOf[oldest]] = -1;
    return oldest;
  }
}
