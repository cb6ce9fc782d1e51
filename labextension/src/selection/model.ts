/**
 * The patients that are chosen in a notebook: one model for all its views, without any DOM.
 *
 * Ids come from notebooks of strangers: they are text only, and bounded in number and length.
 * Layer:  labextension, selection; imports nothing.
 */

/** What chose the patients: a kind of view, or a cell. */
export type SelectionSource = "figure" | "table" | "panel" | "scan" | "bar" | "cell";

export const MOST_IDS = 100_000;
export const LONGEST_ID = 200;

export class SelectionModel {
  private chosen: ReadonlySet<string> = new Set();
  private list: readonly string[] = [];
  private by: SelectionSource | null = null;
  private readonly watchers: Set<() => void> = new Set();

  /** Chosen patients, each once, in the order in which they were chosen. */
  get ids(): readonly string[] {
    return this.list;
  }

  /** What made the choice that holds now; null before the first. */
  get source(): SelectionSource | null {
    return this.by;
  }

  has(id: string): boolean {
    return this.chosen.has(id);
  }

  /** Whether none, some or all of these patients are chosen; none of nobody. */
  part(ids: readonly string[]): "none" | "some" | "all" {
    let found = 0;
    for (const id of ids) if (this.chosen.has(id)) found++;
    if (found === 0) return "none";
    return found === ids.length ? "all" : "some";
  }

  /** Chooses these patients and nobody else. */
  set(ids: readonly string[], source: SelectionSource): void {
    this.hold(cleanIds(ids), source);
  }

  /** Chooses these patients as well. */
  add(ids: readonly string[], source: SelectionSource): void {
    this.hold(cleanIds([...this.list, ...ids]), source);
  }

  /** Adds these patients, or takes them out where all of them are chosen. */
  toggle(ids: readonly string[], source: SelectionSource): void {
    if (this.part(ids) !== "all") {
      this.add(ids, source);
      return;
    }
    const out = new Set(ids);
    const rest = this.list.filter((id) => !out.has(id));
    this.hold(rest, source);
  }

  clear(source: SelectionSource): void {
    this.hold([], source);
  }

  /** Calls `changed` after each change of the choice; the function returned ends that. */
  watch(changed: () => void): () => void {
    this.watchers.add(changed);
    return () => void this.watchers.delete(changed);
  }

  private hold(ids: readonly string[], source: SelectionSource): void {
    const same = ids.length === this.list.length && ids.every((id, i) => id === this.list[i]);
    if (same) return;
    this.list = ids;
    this.chosen = new Set(ids);
    this.by = source;
    for (const changed of [...this.watchers]) changed();
  }
}

/** The texts among the values that can be ids, each once, as many as a selection holds. */
export function cleanIds(values: readonly unknown[]): readonly string[] {
  const ids = new Set<string>();
  for (const value of values) {
    if (ids.size === MOST_IDS) break;
    if (isId(value)) ids.add(value);
  }
  return [...ids];
}

export function isId(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= LONGEST_ID;
}

const models = new WeakMap<object, SelectionModel>();

/** The model of a notebook, by its session context; views without a notebook have one of their own. */
export function selectionOf(context: object | null): SelectionModel {
  if (context === null) return new SelectionModel();
  const known = models.get(context) ?? new SelectionModel();
  models.set(context, known);
  return known;
}
