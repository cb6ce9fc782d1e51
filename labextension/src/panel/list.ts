/**
 * The list of patients: thousands of rows, of which only those in sight are in the document.
 *
 * A listbox by ARIA's pattern: it has the focus, and names the patient that keys act on. Space chooses, Enter opens.
 * Layer:  labextension, panel; imports output, table.
 */
import { element, setText } from "../output/dom.js";
import type { Cell } from "../table/payload.js";

/** Reads a part of the patients, in the order and with the filter that hold now. */
export type ReadRows = (start: number, count: number) => Promise<PatientRows>;

export interface PatientRows {
  readonly rows: readonly (readonly Cell[])[];
  readonly total: number;
}

export interface ListHost {
  /** Names and values that stand below a patient's id. */
  details(row: readonly Cell[]): readonly (readonly [string, string])[];
  isChosen(id: string): boolean;
  /** @param also  Adds or removes this patient; else this one alone is chosen. */
  choose(id: string, also: boolean): void;
  chooseNobody(): void;
  open(id: string): void;
  /** Finds a picture of the patient's lesion for a row. */
  picture(id: string, row: PictureRow): void;
  failed(error: unknown): void;
}

/** A row that waits for its picture. */
export interface PictureRow {
  /** Whether the row is still in the document. */
  wanted(): boolean;
  show(picture: Picture): void;
}

export interface Picture {
  /** Address of the picture. */
  readonly source: string;
  /** The patient's scan and regions. */
  readonly words: string;
}

/** Pixels; the style sheet has the same. */
export const ROW_HEIGHT = 56;
const PAGE = 100;
/** Rows above and below those in sight. */
const MARGIN = 4;
let lists = 0;

export class PatientList {
  readonly element: HTMLElement;
  private readonly host: ListHost;
  private readonly tall: HTMLElement = element("div", "rb-Cohort-tall", { role: "presentation" });
  private readonly shown: Map<number, HTMLElement> = new Map();
  private readonly name = `rb-cohort-${++lists}`;
  private pages: Map<number, readonly (readonly Cell[])[]> = new Map();
  private read: ReadRows | null = null;
  private total = 0;
  private active = 0;
  private turn = 0;

  constructor(host: ListHost) {
    this.host = host;
    this.element = element(
      "div",
      "rb-Cohort-list",
      { role: "listbox", tabindex: "0", "aria-label": "Patients", "aria-multiselectable": "true" },
      this.tall,
    );
    this.element.addEventListener("scroll", () => this.paint(), { passive: true });
    this.element.addEventListener("keydown", (event) => this.onKey(event));
    this.element.addEventListener("click", (event) => this.onClick(event));
    this.element.addEventListener("dblclick", () => this.openActive());
    // A list that was hidden has no height until it is shown.
    new ResizeObserver(() => this.paint()).observe(this.element);
  }

  /** Shows other rows from the top; resolves to their number when the first are there. */
  async show(read: ReadRows): Promise<number> {
    this.turn++;
    this.read = read;
    this.pages = new Map();
    await this.load(0);
    return this.total;
  }

  /** Marks the chosen patients anew. */
  mark(): void {
    for (const [at, option] of this.shown) {
      const id = this.idAt(at);
      option.setAttribute("aria-selected", String(id !== null && this.host.isChosen(id)));
    }
  }

  private async load(page: number): Promise<void> {
    const { read, turn } = this;
    if (read === null || this.pages.has(page)) return;
    this.pages.set(page, []);
    try {
      const { rows, total } = await read(page * PAGE, PAGE);
      if (turn !== this.turn) return;
      this.pages.set(page, rows);
      if (page === 0) this.begin(total);
      this.forget(page * PAGE, PAGE);
      this.paint();
    } catch (error) {
      if (turn !== this.turn) return;
      this.pages.delete(page);
      this.host.failed(error);
    }
  }

  private begin(total: number): void {
    this.total = total;
    this.active = 0;
    this.forget(0, Number.POSITIVE_INFINITY);
    this.tall.style.height = `${total * ROW_HEIGHT}px`;
    this.element.scrollTop = 0;
  }

  private forget(start: number, count: number): void {
    for (const [at, option] of this.shown) {
      if (at < start || at >= start + count) continue;
      option.remove();
      this.shown.delete(at);
    }
  }

  /** Puts the rows in sight into the document, and takes the others out. */
  private paint(): void {
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / ROW_HEIGHT) - MARGIN);
    const last = Math.min(this.total, Math.ceil((scrollTop + clientHeight) / ROW_HEIGHT) + MARGIN);
    for (const [at, option] of this.shown) {
      if (at >= first && at < last) continue;
      option.remove();
      this.shown.delete(at);
    }
    for (let at = first; at < last; at++) {
      if (this.shown.has(at)) continue;
      const option = this.option(at);
      this.shown.set(at, option);
      this.tall.append(option);
    }
    this.pointAtActive();
  }

  private option(at: number): HTMLElement {
    const row = this.pages.get(Math.floor(at / PAGE))?.[at % PAGE];
    if (row === undefined) void this.load(Math.floor(at / PAGE));
    const id = row === undefined ? "…" : String(row[0] ?? "");
    const picture = element("span", "rb-Cohort-picture", { "aria-hidden": "true" });
    const scan = element("span", "rb-Cohort-details");
    const made = element(
      "div",
      "rb-Cohort-row",
      {
        role: "option",
        id: `${this.name}-${at}`,
        "data-at": String(at),
        "aria-setsize": String(this.total),
        "aria-posinset": String(at + 1),
        "aria-selected": String(row !== undefined && this.host.isChosen(id)),
        style: `top: ${at * ROW_HEIGHT}px`,
      },
      picture,
      element(
        "span",
        "rb-Cohort-words",
        {},
        element("span", "rb-Cohort-id", {}, id),
        row === undefined ? "" : detailLine(this.host.details(row)),
        scan,
      ),
    );
    if (row !== undefined) {
      this.host.picture(id, {
        wanted: () => made.isConnected,
        show: ({ source, words }) => {
          picture.replaceChildren(element("img", "", { src: source, alt: "" }));
          setText(scan, words);
        },
      });
    }
    return made;
  }

  private idAt(at: number): string | null {
    const cell = this.pages.get(Math.floor(at / PAGE))?.[at % PAGE]?.[0];
    return cell === undefined || cell === null ? null : String(cell);
  }

  private onClick(event: MouseEvent): void {
    const option = event.target instanceof Element ? event.target.closest(".rb-Cohort-row") : null;
    if (!(option instanceof HTMLElement)) return;
    this.active = Number(option.dataset.at);
    this.pointAtActive();
    this.choose(event.ctrlKey || event.metaKey || event.shiftKey);
  }

  private onKey(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW_HEIGHT) - 1);
    const actions: Record<string, () => void> = {
      ArrowUp: () => this.go(this.active - 1),
      ArrowDown: () => this.go(this.active + 1),
      PageUp: () => this.go(this.active - page),
      PageDown: () => this.go(this.active + page),
      Home: () => this.go(0),
      End: () => this.go(this.total - 1),
      " ": () => this.choose(true),
      Enter: () => this.openActive(),
      Escape: () => this.host.chooseNobody(),
    };
    const action = actions[event.key];
    if (action === undefined || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  private go(at: number): void {
    this.active = Math.max(0, Math.min(this.total - 1, at));
    const top = this.active * ROW_HEIGHT;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + ROW_HEIGHT > scrollTop + clientHeight)
      this.element.scrollTop = top + ROW_HEIGHT - clientHeight;
    this.paint();
  }

  private choose(also: boolean): void {
    const id = this.idAt(this.active);
    if (id !== null) this.host.choose(id, also);
  }

  private openActive(): void {
    const id = this.idAt(this.active);
    if (id !== null) this.host.open(id);
  }

  private pointAtActive(): void {
    for (const [at, option] of this.shown) option.classList.toggle("rb-mod-active", at === this.active);
    const option = this.shown.get(this.active);
    if (option === undefined) this.element.removeAttribute("aria-activedescendant");
    else this.element.setAttribute("aria-activedescendant", option.id);
  }
}

/** "time 12.3 · event 1", with the values clearer than their names; what the panel's edge cuts is the line's tip. */
function detailLine(details: readonly (readonly [string, string])[]): HTMLElement {
  const line = element("span", "rb-Cohort-details");
  details.forEach(([name, value], i) => {
    line.append(i === 0 ? "" : " · ", `${name} `, element("span", "rb-Cohort-value", {}, value));
  });
  line.title = line.textContent ?? "";
  return line;
}

/** A sentence that screen readers tell when it changes. */
export function statusLine(): { readonly element: HTMLElement; say(text: string): void } {
  const line = element("div", "rb-Cohort-status", { role: "status" });
  return { element: line, say: (text) => setText(line, text) };
}
