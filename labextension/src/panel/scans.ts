/**
 * The scans of a notebook's patients, as the panel uses them: opened at the lesion, and as small pictures.
 *
 * Pictures are asked for one after the other, and only for rows in sight: the kernel reads a scan for each.
 * Layer:  labextension, panel; imports selection.
 */
import type { Choice } from "../selection/choice.js";
import type { Picture, PictureRow } from "./list.js";

const MOST_KEPT = 500;
/** Then the notebook has not said where the scans are, or they are not there. */
const MOST_FAILURES = 3;

export class PatientScans {
  private readonly choice: Choice;
  private readonly known: Map<string, Picture> = new Map();
  private waiting: { readonly id: string; readonly row: PictureRow }[] = [];
  private failures = 0;
  private busy = false;

  constructor(choice: Choice) {
    this.choice = choice;
  }

  open(id: string): void {
    this.choice.open?.(id);
  }

  picture(id: string, row: PictureRow): void {
    const known = this.known.get(id);
    if (known !== undefined) {
      row.show(known);
      return;
    }
    this.waiting.push({ id, row });
    void this.work();
  }

  /** A cell has run: it may have said where the scans are. */
  tryAgain(): void {
    this.failures = 0;
    void this.work();
  }

  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    await Promise.resolve(); // The row comes into the document after it has asked.
    while (this.failures < MOST_FAILURES) {
      this.waiting = this.waiting.filter(({ row }) => row.wanted());
      const next = this.waiting.shift();
      if (next === undefined) break;
      const { id, row } = next;
      try {
        const picture = this.known.get(id) ?? (await this.ask(id));
        this.failures = 0;
        row.show(picture);
      } catch {
        // A row without a picture; whoever opens the scan is told why.
        this.failures++;
        this.waiting.push(next);
      }
    }
    this.busy = false;
  }

  private async ask(id: string): Promise<Picture> {
    const { data } = await this.choice.picture(id);
    const png = data["image/png"];
    if (typeof png !== "string" || !/^[A-Za-z0-9+/]+=*$/.test(png)) throw new Error("no picture");
    const words = data["text/plain"];
    const picture = {
      source: `data:image/png;base64,${png}`,
      words: typeof words === "string" ? words.slice(0, 200) : "",
    };
    if (this.known.size >= MOST_KEPT) this.known.clear();
    this.known.set(id, picture);
    return picture;
  }
}
