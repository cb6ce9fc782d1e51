/**
 * Draws `application/vnd.radbook.widget+json`: the notebook holds only a name; code and state come from the kernel
 * that showed the widget, so that nothing runs from a saved file.
 *
 * Layer:  labextension, widget; imports output.
 */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import type { Kernel } from "@jupyterlab/services";
import { Widget } from "@lumino/widgets";
import { checkObject, checkText, checkVersion } from "../output/check.js";
import { element } from "../output/dom.js";
import { PayloadError, reasonOf } from "../output/payload-error.js";
import { note, staticTwin } from "../output/twin.js";
import type { KernelSource } from "../volume/live.js";
import { controlModule, controlText } from "./controls.js";
import { GONE, WidgetModel } from "./model.js";
import { asCleanup, type FrontModule, loadModule } from "./module.js";

export const WIDGET_MIME = "application/vnd.radbook.widget+json";

/** The notebook gets a control's value when it has rested for so long. */
const REST_MS = 500;

/** A model and its module, shared by all its views in the page. */
interface Opened {
  readonly model: WidgetModel;
  readonly module: FrontModule;
}

const opened: WeakMap<Kernel.IKernelConnection, Map<string, Promise<Opened>>> = new WeakMap();

export class WidgetRenderer extends Widget implements IRenderMime.IRenderer {
  private readonly kernels: KernelSource | null;
  private closing: AbortController = new AbortController();
  /** Name of the widget that is shown live. */
  private shown: string | null = null;

  /** @param kernels The notebook's kernel, null where there is none. */
  constructor(kernels: KernelSource | null) {
    super();
    this.kernels = kernels;
    this.addClass("rb-Widget");
    // Arrows and letters belong to the control that has the focus, not to the notebook.
    this.node.dataset.lmSuppressShortcuts = "true";
    this.node.addEventListener("keydown", (event) => event.stopPropagation());
  }

  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    // The same widget again, when its own text was renewed: whoever uses it goes on.
    if (this.shown !== null && this.shown === (model.data[WIDGET_MIME] as { id?: unknown } | null)?.id)
      return Promise.resolve();
    const { signal } = this.begin();
    const twin = staticTwin(model);
    // Until the kernel answers; a notebook without one is never ready.
    this.node.replaceChildren(twin, note(GONE));
    const stay = (error: unknown): void => {
      if (!signal.aborted) this.node.replaceChildren(twin, note(reasonOf(error)));
    };
    // The page is not kept waiting for the kernel.
    void this.open(model, signal, stay).catch(stay);
    return Promise.resolve();
  }

  override dispose(): void {
    this.closing.abort();
    super.dispose();
  }

  private begin(): AbortController {
    this.closing.abort();
    this.closing = new AbortController();
    this.shown = null;
    return this.closing;
  }

  private async open(
    output: IRenderMime.IMimeModel,
    signal: AbortSignal,
    stay: (error: unknown) => void,
  ): Promise<void> {
    const payload = checkObject(output.data[WIDGET_MIME], "the widget");
    checkVersion(payload.version);
    const id = checkText(payload.id, "the id");
    await this.kernels?.ready;
    const kernel = this.kernels?.session?.kernel ?? null;
    if (kernel === null) throw new PayloadError(GONE);
    const { model, module } = await share(kernel, id);
    if (signal.aborted) return;
    const el = element("div", "rb-Widget-view");
    const style = "css" in model.front && model.front.css !== "" ? [styleOf(model.front.css)] : [];
    this.node.replaceChildren(...style, el);
    const cleanup = asCleanup(await module.render?.({ model, el, signal }));
    this.shown = id;
    const lost = (): void => {
      this.shown = null;
      el.inert = true;
      this.node.append(note(GONE));
    };
    model.on("lost", lost);
    const forget = "control" in model.front ? keepText(output, model) : () => undefined;
    const end = (): void => {
      model.off("lost", lost);
      forget();
      void Promise.resolve(cleanup()).catch(stay);
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
  }
}

/** Writes a control's value beside it in the notebook, for whoever reads that without a kernel. */
function keepText(output: IRenderMime.IMimeModel, model: WidgetModel): () => void {
  let resting: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    const text = controlText(model);
    if (output.data["text/plain"] !== text) output.setData({ data: { ...output.data, "text/plain": text } });
  };
  const onChange = (): void => {
    clearTimeout(resting);
    resting = setTimeout(write, REST_MS);
  };
  model.on("change", onChange);
  return () => {
    clearTimeout(resting);
    model.off("change", onChange);
  };
}

function share(kernel: Kernel.IKernelConnection, id: string): Promise<Opened> {
  const models = opened.get(kernel) ?? new Map<string, Promise<Opened>>();
  opened.set(kernel, models);
  const existing = models.get(id);
  if (existing !== undefined) return existing;
  const made = (async (): Promise<Opened> => {
    const model = await WidgetModel.open(kernel, id, () => models.delete(id));
    const module = await moduleOf(model);
    await module.initialize?.({ model, signal: new AbortController().signal });
    return { model, module };
  })();
  models.set(id, made);
  made.catch(() => models.delete(id));
  return made;
}

async function moduleOf({ front }: WidgetModel): Promise<FrontModule> {
  if ("esm" in front) return loadModule(front.esm);
  const control = controlModule(front.control);
  if (control === undefined)
    throw new PayloadError(`This version of Radbook has no control "${front.control.slice(0, 50)}".`);
  return control;
}

function styleOf(css: string): HTMLStyleElement {
  return element("style", "", {}, css);
}
