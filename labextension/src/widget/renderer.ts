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
import { controlModule } from "./controls.js";
import { GONE, WidgetModel } from "./model.js";
import { asCleanup, type FrontModule, loadModule } from "./module.js";

export const WIDGET_MIME = "application/vnd.radbook.widget+json";

/** A model and its module, shared by all its views in the page. */
interface Opened {
  readonly model: WidgetModel;
  readonly module: FrontModule;
}

const opened: WeakMap<Kernel.IKernelConnection, Map<string, Promise<Opened>>> = new WeakMap();

export class WidgetRenderer extends Widget implements IRenderMime.IRenderer {
  private readonly kernels: KernelSource | null;
  private closing: AbortController = new AbortController();

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
    const { signal } = this.begin();
    const twin = staticTwin(model);
    // Until the kernel answers; a notebook without one is never ready.
    this.node.replaceChildren(twin, note(GONE));
    const stay = (error: unknown): void => {
      if (!signal.aborted) this.node.replaceChildren(twin, note(reasonOf(error)));
    };
    // The page is not kept waiting for the kernel.
    void this.open(model.data[WIDGET_MIME], signal, stay).catch(stay);
    return Promise.resolve();
  }

  override dispose(): void {
    this.closing.abort();
    super.dispose();
  }

  private begin(): AbortController {
    this.closing.abort();
    this.closing = new AbortController();
    return this.closing;
  }

  private async open(raw: unknown, signal: AbortSignal, stay: (error: unknown) => void): Promise<void> {
    const payload = checkObject(raw, "the widget");
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
    const lost = (): void => {
      el.inert = true;
      this.node.append(note(GONE));
    };
    model.on("lost", lost);
    const end = (): void => {
      model.off("lost", lost);
      void Promise.resolve(cleanup()).catch(stay);
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
  }
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
