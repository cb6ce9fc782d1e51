/**
 * Fetches a scan's voxels at full resolution from the kernel that showed it, over a comm, in chunks.
 *
 * Layer:  labextension, volume; imports output.
 */
import type { Kernel, KernelMessage } from "@jupyterlab/services";
import type { CoarseVoxels, VolumePayload, VoxelsChunk, VoxelsRequest } from "../../../src/plot/mime.js";
import { checkObject } from "../output/check.js";
import { isGone } from "../output/kernel-status.js";
import { PayloadError } from "../output/payload-error.js";
import type { Vec3 } from "./payload.js";
import type { Scan } from "./scan.js";

const TARGET = "radbook.live";
/** Scans that load at the same time in one page: the kernel answers one message after the other anyway. */
const SEATS = 2;

/** Where a view finds its kernel: a notebook's session context. */
export interface KernelSource {
  readonly ready: Promise<void>;
  readonly session: { readonly kernel: Kernel.IKernelConnection | null } | null;
}

export interface LiveOptions {
  /** Which scan, where the kernel's object has several. */
  readonly scan?: number;
  /** Called with the part that has arrived, 0 … 1. */
  readonly onProgress: (part: number) => void;
  /** Called with a coarse copy of a large scan, before all its voxels are there. */
  readonly onCoarse: (scan: Scan) => void;
  readonly signal: AbortSignal;
}

/**
 * The scan's voxels, x fastest.
 *
 * @throws PayloadError if there is no kernel, it no longer knows the scan, or it goes away meanwhile.
 */
export async function fetchVoxels(
  source: KernelSource,
  payload: VolumePayload,
  options: LiveOptions,
): Promise<Int16Array | Float32Array> {
  await source.ready;
  const leave = await takeSeat();
  try {
    options.signal.throwIfAborted();
    const kernel = source.session?.kernel;
    if (kernel === null || kernel === undefined) throw new PayloadError(RUN_THE_CELL);
    options.onProgress(0);
    return await requestVoxels(kernel, payload, options);
  } finally {
    leave();
  }
}

export const RUN_THE_CELL = "Run the cell to look around.";

function requestVoxels(
  kernel: Kernel.IKernelConnection,
  payload: VolumePayload,
  { scan, onProgress, onCoarse, signal }: LiveOptions,
): Promise<Int16Array | Float32Array> {
  const [nx, ny, nz] = payload.geometry.size;
  const voxels = new VoxelStore(nx * ny * nz);
  const comm = kernel.createComm(TARGET);
  let release = (): void => undefined;
  return new Promise<Int16Array | Float32Array>((resolve, reject) => {
    const lost = (): void =>
      reject(new PayloadError(`The kernel went away while it sent the scan. ${RUN_THE_CELL}`));
    const gone = (_kernel: unknown, status: Kernel.Status): void => {
      if (isGone(status)) lost();
    };
    // Another kernel was chosen, or the server ended this one.
    kernel.disposed.connect(lost);
    comm.onClose = () => reject(new PayloadError(RUN_THE_CELL));
    comm.onMsg = (message) => {
      try {
        const coarse = coarseScan(payload, message);
        if (coarse !== null) {
          onCoarse(coarse);
          return;
        }
        const done = voxels.add(message);
        onProgress(voxels.part);
        if (done) resolve(voxels.complete());
      } catch (error) {
        reject(error);
      }
    };
    kernel.statusChanged.connect(gone);
    signal.addEventListener("abort", () => reject(signal.reason));
    const request: VoxelsRequest = { kind: "voxels", ...(scan === undefined ? {} : { scan }) };
    comm.open({ id: payload.id });
    comm.send({ request: 1, content: { ...request } });
    release = () => {
      kernel.statusChanged.disconnect(gone);
      kernel.disposed.disconnect(lost);
    };
  }).finally(() => {
    release();
    comm.onMsg = () => undefined;
    comm.onClose = () => undefined;
    if (!comm.isDisposed && !kernel.isDisposed && kernel.connectionStatus === "connected") comm.close();
  });
}

/** The coarse copy in a message, null if it is another message. @throws PayloadError if the copy does not fit the scan. */
function coarseScan({ geometry }: VolumePayload, message: KernelMessage.ICommMsgMsg): Scan | null {
  const content = message.content.data.content as Partial<CoarseVoxels> | undefined;
  if (content?.kind !== "coarse") return null;
  const { type, step = 0 } = content;
  const bytes = bytesOf(message.buffers?.[0]);
  const size = geometry.size.map((n) => Math.ceil(n / step)) as unknown as Vec3;
  const count = size[0] * size[1] * size[2];
  if (!(Number.isInteger(step) && step > 1) || bytes.length !== count * (type === "int16" ? 2 : 4))
    throw new PayloadError(`The kernel's voxels do not fit this scan. ${RUN_THE_CELL}`);
  const own = bytes.slice().buffer;
  const stored = type === "int16" ? new Int16Array(own) : new Float32Array(own);
  return {
    geometry,
    offset: [0, 0, 0],
    size,
    step,
    stored,
    slope: 1,
    intercept: 0,
    missing: null,
    exact: false,
  };
}

/** Gathers chunks in one array, in any order. */
class VoxelStore {
  private array: Int16Array | Float32Array | null = null;
  private received = 0;
  private readonly total: number;

  constructor(total: number) {
    this.total = total;
  }

  /** Part that has arrived, 0 … 1. */
  get part(): number {
    return this.received / this.total;
  }

  /** Takes one message of the kernel; true when it was the last. */
  add(message: KernelMessage.ICommMsgMsg): boolean {
    const data = checkObject(message.content.data, "the kernel's answer");
    if (typeof data.error === "string")
      throw new PayloadError(`The kernel could not send the scan: ${data.error.slice(0, 500)}`);
    if (data.done === true) return true;
    const chunk = checkObject(data.content, "the kernel's answer") as unknown as VoxelsChunk;
    this.copy(chunk, bytesOf(message.buffers?.[0]));
    return false;
  }

  complete(): Int16Array | Float32Array {
    if (this.array === null || this.received !== this.total)
      throw new PayloadError(`The kernel sent ${this.received} of ${this.total} voxels. ${RUN_THE_CELL}`);
    return this.array;
  }

  private copy({ type, start, count, total }: VoxelsChunk, bytes: Uint8Array): void {
    this.array ??= type === "float32" ? new Float32Array(this.total) : new Int16Array(this.total);
    const width = this.array.BYTES_PER_ELEMENT;
    const sameType = (type === "float32") === this.array instanceof Float32Array;
    const inside = Number.isInteger(start) && start >= 0 && start + count <= this.total;
    if (!sameType || !inside || total !== this.total || bytes.length !== count * width)
      throw new PayloadError(`The kernel's voxels do not fit this scan. ${RUN_THE_CELL}`);
    new Uint8Array(this.array.buffer).set(bytes, start * width);
    this.received += count;
  }
}

function bytesOf(buffer: ArrayBuffer | ArrayBufferView | undefined): Uint8Array {
  if (buffer === undefined) return new Uint8Array(0);
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  return new Uint8Array(buffer);
}

let seats = SEATS;
const waiting: (() => void)[] = [];

/** Waits for one of the seats; the function returned gives it back. */
async function takeSeat(): Promise<() => void> {
  if (seats > 0) seats--;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  return () => {
    const next = waiting.shift();
    if (next === undefined) seats++;
    else next();
  };
}
