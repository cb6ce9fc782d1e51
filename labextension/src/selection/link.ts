/**
 * Keeps a notebook's selection the same here and in its kernel, and asks the kernel for scans.
 *
 * The kernel decides: it sends back whatever it hears, so that several windows agree in the end. What it sends is left aside
 * while it has not read the newest click yet.
 * Layer:  labextension, selection; imports output.
 */
import type { ISessionContext } from "@jupyterlab/apputils";
import type { Kernel } from "@jupyterlab/services";
import { checkObject } from "../output/check.js";
import { isGone } from "../output/kernel-status.js";
import { PayloadError } from "../output/payload-error.js";
import { cleanIds, type SelectionModel } from "./model.js";

const TARGET = "radbook.state";
const NAME = "selection";
/** Reading a large scan from a network drive takes its time. */
const PATIENCE_MS = 300_000;

/** As much of a session context as the link needs. */
export type LinkedKernel = Pick<ISessionContext, "session" | "kernelChanged" | "statusChanged">;

/** What the kernel shows: a MIME bundle. */
export interface Shown {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

interface Waiting {
  resolve(shown: Shown): void;
  reject(error: Error): void;
}

export class KernelLink {
  private readonly context: LinkedKernel;
  private readonly model: SelectionModel;
  private readonly waiting: Map<number, Waiting> = new Map();
  private comm: Kernel.IComm | null = null;
  private connecting = false;
  private said = 0;
  private asked = 0;

  constructor(context: LinkedKernel, model: SelectionModel) {
    this.context = context;
    this.model = model;
    context.kernelChanged.connect(() => {
      this.lose();
      void this.connect();
    });
    context.statusChanged.connect((_context, status) => {
      if (isGone(status)) this.lose();
      else if (status === "idle") void this.connect();
    });
    model.watch(() => {
      if (model.source !== "cell") this.tell();
    });
    void this.connect();
  }

  /** @throws PayloadError in the kernel's words, or if there is none. */
  async ask(content: Readonly<Record<string, string>>): Promise<Shown> {
    await this.connect();
    const { comm } = this;
    if (comm === null) {
      throw new PayloadError("No kernel of Radbook runs here. Start it and run the notebook's cells.");
    }
    const request = ++this.asked;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.waiting.delete(request);
        reject(
          new PayloadError("The kernel has not answered within five minutes. It may be busy with a cell."),
        );
      }, PATIENCE_MS);
      const ended = (): void => clearTimeout(late);
      this.waiting.set(request, {
        resolve: (shown) => {
          ended();
          resolve(shown);
        },
        reject: (error) => {
          ended();
          reject(error);
        },
      });
      comm.send({ request, content: { ...content } });
    });
  }

  private async connect(): Promise<void> {
    const kernel = this.context.session?.kernel;
    if (this.comm !== null || this.connecting || kernel === null || kernel === undefined) return;
    this.connecting = true;
    try {
      // Other kernels know no such comm and would complain under a cell.
      const { implementation } = await kernel.info;
      if (implementation !== "radbook" || kernel !== this.context.session?.kernel) return;
      this.openComm(kernel);
    } catch {
      // The kernel went away meanwhile: the next one is told.
    } finally {
      this.connecting = false;
    }
  }

  private openComm(kernel: Kernel.IKernelConnection): void {
    const comm = kernel.createComm(TARGET);
    comm.onMsg = ({ content }) => this.hear(content.data);
    comm.onClose = () => {
      if (this.comm === comm) this.lose();
    };
    this.comm = comm;
    this.said = 0;
    const { ids, source } = this.model;
    // A page that was just loaded has nothing to tell: it hears what holds.
    comm.open({ name: NAME, ...(source === null ? {} : { value: [...ids] }) });
  }

  private tell(): void {
    this.comm?.send({ value: [...this.model.ids], number: ++this.said });
  }

  private hear(raw: unknown): void {
    const data = checkObject(raw, "the kernel's message");
    if (data.request !== undefined) {
      this.answered(data);
    } else if (typeof data.seen === "number" && data.seen >= this.said && Array.isArray(data.value)) {
      this.model.set(cleanIds(data.value), "cell");
    }
  }

  private answered({ request, error, shown }: Readonly<Record<string, unknown>>): void {
    const waiting = this.waiting.get(Number(request));
    this.waiting.delete(Number(request));
    if (waiting === undefined) return;
    try {
      if (typeof error === "string") throw new PayloadError(error.slice(0, 1000));
      const { data, metadata } = checkObject(shown, "the kernel's answer");
      waiting.resolve({
        data: checkObject(data, "the kernel's answer"),
        metadata: checkObject(metadata, "the kernel's answer"),
      });
    } catch (failure) {
      waiting.reject(failure as Error);
    }
  }

  private lose(): void {
    const { comm } = this;
    this.comm = null;
    if (comm !== null && !comm.isDisposed) comm.dispose();
    const gone = new PayloadError("The kernel went away. Run the notebook's cells again.");
    for (const { reject } of this.waiting.values()) reject(gone);
    this.waiting.clear();
  }
}
