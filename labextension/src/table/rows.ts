/**
 * The rows of a table: those in the notebook at once, the others from the kernel that showed it.
 *
 * Layer:  labextension, table; imports output.
 */
import type { Kernel } from "@jupyterlab/services";
import { checkList, checkNumber, checkObject } from "../output/check.js";
import { isGone } from "../output/kernel-status.js";
import { PayloadError } from "../output/payload-error.js";
import type { KernelSource } from "../volume/live.js";
import { keeps, type Term } from "./filter.js";
import { type Cell, checkRows, type TablePayload } from "./payload.js";

export interface Sort {
  readonly column: number;
  readonly descending: boolean;
}

/** A part of the table in an order; null is the table's own. */
export interface Part {
  readonly start: number;
  readonly count: number;
  /** Numbers of columns, in the order asked for. */
  readonly columns: readonly number[];
  readonly sort: Sort | null;
  /** Conditions that the rows fulfil; `start` counts those that do. */
  readonly filter: readonly Term[];
}

/** The rows asked for, and how many there are in all. */
export interface Found {
  readonly rows: Rows;
  readonly total: number;
  /** How many rows the filter has looked at. */
  readonly searched: number;
  /** What the person should know about them, or "". */
  readonly remark: string;
}

type Rows = readonly (readonly Cell[])[];

const PATIENCE_MS = 1_000;

interface Waiting {
  found: Found;
  resolve(found: Found): void;
  reject(error: Error): void;
}

/** There is no kernel that knows the table. */
class Unreachable extends PayloadError {}

export class RowSource {
  private readonly payload: TablePayload;
  private readonly kernels: KernelSource | null;
  private readonly waiting: Map<number, Waiting> = new Map();
  private comm: Kernel.IComm | null = null;
  private requests = 0;
  private sorted: { readonly sort: Sort; readonly rows: Rows } | null = null;

  constructor(payload: TablePayload, kernels: KernelSource | null) {
    this.payload = payload;
    this.kernels = kernels;
  }

  /** Whether the notebook holds the whole table. */
  get complete(): boolean {
    const { rows, rowCount, columns } = this.payload;
    return rows.length === rowCount && (rows[0]?.length ?? 0) === columns.length;
  }

  /** Whether the rows are here without asking. */
  has({ start, count, columns, sort, filter }: Part): boolean {
    if (this.complete) return true;
    const { rows, rowCount } = this.payload;
    const columnsHere = columns.every((at) => at < (rows[0]?.length ?? 0));
    const isOwnOrder = sort === null && filter.length === 0;
    return isOwnOrder && columnsHere && Math.min(rowCount, start + count) <= rows.length;
  }

  /** @throws PayloadError where the rows are neither here nor to be had. */
  async read(part: Part): Promise<Found> {
    if (this.has(part)) return this.readHere(part);
    try {
      return await this.ask(part);
    } catch (error) {
      // Without the kernel, a filter still finds what the notebook holds.
      if (part.filter.length === 0 || !(error instanceof Unreachable)) throw error;
      const { rows, rowCount } = this.payload;
      const remark = `Found in the first ${rows.length} of ${rowCount.toLocaleString("en")} rows, which the notebook holds. Run the cell to look into all.`;
      return { ...this.readHere(part), remark };
    }
  }

  private readHere({ start, count, columns, sort, filter }: Part): Found {
    const all = sort === null ? this.payload.rows : this.sortHere(sort);
    const kept = filter.length === 0 ? all : all.filter((row) => keeps(row, filter));
    const rows = kept.slice(start, start + count);
    const total = filter.length === 0 ? this.payload.rowCount : kept.length;
    return {
      rows: rows.map((row) => columns.map((at) => row[at] ?? null)),
      total,
      searched: this.payload.rows.length,
      remark: "",
    };
  }

  close(): void {
    for (const { reject } of this.waiting.values()) reject(new PayloadError("closed"));
    this.waiting.clear();
    if (this.comm !== null && !this.comm.isDisposed) this.comm.close();
    this.comm = null;
  }

  private async ask(part: Part): Promise<Found> {
    const comm = await this.connect();
    const request = ++this.requests;
    return new Promise((resolve, reject) => {
      this.waiting.set(request, { found: { rows: [], total: 0, searched: 0, remark: "" }, resolve, reject });
      const sort = part.sort === null ? null : { ...part.sort };
      const filter = part.filter.map(({ values = [], ...term }) => ({ ...term, values: [...values] }));
      comm.send({ request, content: { kind: "rows", ...part, columns: [...part.columns], sort, filter } });
    });
  }

  private async connect(): Promise<Kernel.IComm> {
    if (this.comm !== null && !this.comm.isDisposed) return this.comm;
    const kernel = await this.kernel();
    if (kernel === null) throw this.unreachable();
    const comm = kernel.createComm("radbook.live");
    const lost = (): void => {
      kernel.statusChanged.disconnect(onStatus);
      this.comm = null;
      for (const { reject } of this.waiting.values()) reject(this.unreachable());
      this.waiting.clear();
    };
    const onStatus = (_kernel: unknown, status: Kernel.Status): void => {
      if (!isGone(status)) return;
      lost();
      comm.dispose();
    };
    kernel.statusChanged.connect(onStatus);
    comm.onClose = lost;
    comm.onMsg = (message) => this.receive(message.content.data);
    comm.open({ id: this.payload.id });
    this.comm = comm;
    return comm;
  }

  /** A notebook that nobody has given a kernel is never ready: whoever clicks is told soon. */
  private async kernel(): Promise<Kernel.IKernelConnection | null> {
    const patience = new Promise<void>((end) => setTimeout(end, PATIENCE_MS));
    if (!this.kernels?.session?.kernel) await Promise.race([this.kernels?.ready, patience]);
    return this.kernels?.session?.kernel ?? null;
  }

  private receive(raw: unknown): void {
    const data = checkObject(raw, "the kernel's answer");
    const waiting = this.waiting.get(Number(data.request));
    if (waiting === undefined) return;
    try {
      if (typeof data.error === "string")
        throw new PayloadError(`The kernel could not send the rows: ${data.error.slice(0, 500)}`);
      if (data.done === true) {
        this.waiting.delete(Number(data.request));
        waiting.resolve(waiting.found);
      } else {
        const { rows, total } = checkObject(data.content, "the kernel's answer");
        waiting.found = {
          rows: checkRows(checkList(rows, 100_000, "the rows")),
          total: checkNumber(total, "the number of rows"),
          searched: this.payload.rowCount,
          remark: "",
        };
      }
    } catch (error) {
      this.waiting.delete(Number(data.request));
      waiting.reject(error as Error);
    }
  }

  private sortHere(sort: Sort): Rows {
    if (this.sorted?.sort === sort) return this.sorted.rows;
    const { column, descending } = sort;
    const present = this.payload.rows.filter((row) => row[column] !== null);
    const missing = this.payload.rows.filter((row) => row[column] === null);
    const sign = descending ? -1 : 1;
    const rows = [...present].sort((a, b) => sign * compare(a[column] ?? null, b[column] ?? null));
    this.sorted = { sort, rows: [...rows, ...missing] };
    return this.sorted.rows;
  }

  private unreachable(): Unreachable {
    const { rows, rowCount } = this.payload;
    return new Unreachable(
      `The notebook holds ${rows.length} of ${rowCount.toLocaleString("en")} rows. Run the cell to sort the table and to see the others.`,
    );
  }
}

/** Texts as a person orders them: "P2" before "P10". */
const collator = new Intl.Collator("en", { numeric: true });

function compare(a: Cell, b: Cell): number {
  if (typeof a !== "string" && typeof b !== "string") return Number(a) - Number(b);
  if (typeof a !== "string") return -1;
  return typeof b !== "string" ? 1 : collator.compare(a, b);
}
