/**
 * The rows of a table: those in the notebook at once, the others from the kernel that showed it.
 *
 * Layer:  labextension, table; imports output.
 */
import type { Kernel } from "@jupyterlab/services";
import { checkList, checkObject } from "../output/check.js";
import { PayloadError } from "../output/payload-error.js";
import type { KernelSource } from "../volume/live.js";
import { type Cell, checkRows, type TablePayload } from "./payload.js";

export interface Sort {
  readonly column: number;
  readonly descending: boolean;
}

/** A part of the table in an order; null is the table's own. */
export interface Part {
  readonly start: number;
  readonly count: number;
  readonly firstColumn: number;
  readonly columnCount: number;
  readonly sort: Sort | null;
}

type Rows = readonly (readonly Cell[])[];

const PATIENCE_MS = 1_000;

interface Waiting {
  rows: Rows;
  resolve(rows: Rows): void;
  reject(error: Error): void;
}

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
  has({ start, count, firstColumn, columnCount, sort }: Part): boolean {
    if (this.complete) return true;
    const { rows, rowCount, columns } = this.payload;
    const columnsHere = Math.min(columns.length, firstColumn + columnCount) <= (rows[0]?.length ?? 0);
    return sort === null && columnsHere && Math.min(rowCount, start + count) <= rows.length;
  }

  /** @throws PayloadError where the rows are neither here nor to be had. */
  async read(part: Part): Promise<Rows> {
    if (!this.has(part)) return this.ask(part);
    const { start, count, firstColumn, columnCount, sort } = part;
    const rows = sort === null ? this.payload.rows : this.sortHere(sort);
    return rows.slice(start, start + count).map((row) => row.slice(firstColumn, firstColumn + columnCount));
  }

  close(): void {
    for (const { reject } of this.waiting.values()) reject(new PayloadError("closed"));
    this.waiting.clear();
    if (this.comm !== null && !this.comm.isDisposed) this.comm.close();
    this.comm = null;
  }

  private async ask(part: Part): Promise<Rows> {
    const comm = await this.connect();
    const request = ++this.requests;
    return new Promise((resolve, reject) => {
      this.waiting.set(request, { rows: [], resolve, reject });
      const sort = part.sort === null ? null : { ...part.sort };
      comm.send({ request, content: { kind: "rows", ...part, sort } });
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
      if (!["dead", "restarting", "autorestarting", "terminating"].includes(status)) return;
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
        waiting.resolve(waiting.rows);
      } else {
        const { rows } = checkObject(data.content, "the kernel's answer");
        waiting.rows = checkRows(checkList(rows, 100_000, "the rows"));
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

  private unreachable(): PayloadError {
    const { rows, rowCount } = this.payload;
    return new PayloadError(
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
