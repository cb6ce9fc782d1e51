/**
 * The tab beside a notebook in which the scan of a patient opens.
 *
 * Layer:  labextension, selection; imports output.
 */
import type { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { BoxLayout, Widget } from "@lumino/widgets";
import { element } from "../output/dom.js";
import { reasonOf } from "../output/payload-error.js";
import type { Shown } from "./link.js";
import type { SelectionModel } from "./model.js";
import { ScanCaption } from "./scan-caption.js";

const VOLUME_MIME = "application/vnd.radbook.volume+json";

export class ScanTab extends Widget {
  private readonly rendermime: IRenderMimeRegistry;
  private readonly ask: (id: string) => Promise<Shown>;
  private readonly caption: ScanCaption;
  private readonly line: Widget;
  private view: Widget | null = null;
  /** Counts the patients asked for, so that a scan which comes late for an earlier one is dropped. */
  private turn = 0;

  constructor(rendermime: IRenderMimeRegistry, chosen: SelectionModel, ask: (id: string) => Promise<Shown>) {
    super();
    this.rendermime = rendermime;
    this.ask = ask;
    this.addClass("rb-ScanTab");
    this.id = `rb-scan-${crypto.randomUUID()}`;
    this.title.closable = true;
    this.caption = new ScanCaption(chosen);
    this.line = new Widget({ node: element("p", "rb-Note rb-ScanTab-line", { role: "status" }) });
    const layout = new BoxLayout({ direction: "top-to-bottom" });
    this.layout = layout;
    layout.addWidget(new Widget({ node: this.caption.element }));
    layout.addWidget(this.line);
  }

  override dispose(): void {
    this.caption.dispose();
    super.dispose();
  }

  /** Shows the scan of a patient in place of the one before. */
  async open(id: string): Promise<void> {
    this.turn++;
    const { turn } = this;
    this.caption.show(id);
    this.title.label = `Scan of ${shortened(id)}`;
    this.title.caption = `Scan of ${id}`;
    this.say(`Reading the scan of ${id} …`);
    try {
      const { data, metadata } = await this.ask(id);
      if (turn !== this.turn || this.isDisposed) return;
      await this.mount(data, metadata);
      this.say("");
    } catch (error) {
      if (turn === this.turn) this.say(`The scan of ${id} cannot be opened: ${reasonOf(error)}`);
    }
  }

  private async mount(data: Shown["data"], metadata: Shown["metadata"]): Promise<void> {
    const { rendermime } = this;
    const model = rendermime.createModel({
      // A picture would be drawn first and make the view jump.
      data: { [VOLUME_MIME]: data[VOLUME_MIME] as never, "text/plain": (data["text/plain"] ?? "") as never },
      metadata: metadata as never,
      trusted: false,
    });
    const view = rendermime.createRenderer(VOLUME_MIME);
    view.addClass("rb-ScanTab-view");
    this.view?.dispose();
    this.view = view;
    (this.layout as BoxLayout).addWidget(view);
    await view.renderModel(model);
  }

  private say(text: string): void {
    this.line.node.textContent = text;
    this.line.setHidden(text === "");
    if (text.includes("cannot be opened")) {
      this.view?.dispose();
      this.view = null;
    }
  }
}

function shortened(id: string): string {
  return id.length > 24 ? `${id.slice(0, 23)}…` : id;
}
