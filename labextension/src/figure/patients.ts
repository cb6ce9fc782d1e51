/**
 * Which drawn marks of a chart stand for which patients.
 *
 * Layer:  labextension, figure; imports selection.
 */
import { cleanIds, isId } from "../selection/model.js";

/** Patient ids by the name of their group. */
export type Groups = ReadonlyMap<string, readonly string[]>;

/** An element of the drawing and its patients, one or more. */
export interface PatientMark {
  readonly element: SVGElement;
  readonly ids: readonly string[];
  /** A legend entry or a curve stands for its group as a whole; the other marks have a place of their own. */
  readonly isGroup: boolean;
  /** Name of the group, "" of other marks. */
  readonly name: string;
  /** Own opacity; 0 for marks that only the pointer finds. */
  readonly opacity: number;
}

/** An item or a mark of Vega's scene, as far as it is read here. */
interface Scene {
  readonly marktype?: string;
  readonly role?: string;
  readonly items?: readonly Scene[];
  readonly datum?: Readonly<Record<string, unknown>>;
  readonly opacity?: number;
  readonly _svg?: SVGElement | null;
}

const GROUP_MARKS = new Set(["line", "area", "trail"]);

/** All marks that stand for patients, in the order in which they are drawn. */
export function patientMarks(root: unknown, groups: Groups): readonly PatientMark[] {
  const found: PatientMark[] = [];
  collect(root as Scene, groups, found);
  return found;
}

function collect(mark: Scene, groups: Groups, found: PatientMark[]): void {
  const items = mark.items ?? [];
  if (mark.marktype === "group") {
    for (const item of items) for (const inner of item.items ?? []) collect(inner, groups, found);
    return;
  }
  if (mark.role === "legend-symbol" || mark.role === "legend-label") {
    for (const item of items) addGroup(item, item.datum?.value, groups, found);
  } else if (mark.role === "mark") {
    const [first] = items;
    const isOne = GROUP_MARKS.has(mark.marktype ?? "");
    if (isOne && first !== undefined) addShape(first, groups, found);
    else if (mark.marktype === "text") for (const item of items) addShape(item, groups, found);
    else for (const item of items) addMark(item, groups, found);
  }
}

/** One shape of many rows, or a name of a group: a rim would make its letters unreadable. */
function addShape(item: Scene, groups: Groups, found: PatientMark[]): void {
  if (isId(item.datum?.id)) addMark(item, groups, found);
  else addGroup(item, item.datum?.group, groups, found);
}

function addGroup(item: Scene, name: unknown, groups: Groups, found: PatientMark[]): void {
  const ids = typeof name === "string" ? groups.get(name) : undefined;
  if (ids === undefined || ids.length === 0 || !item._svg) return;
  found.push({ element: item._svg, ids, isGroup: true, name: String(name), opacity: item.opacity ?? 1 });
}

function addMark(item: Scene, groups: Groups, found: PatientMark[]): void {
  if (!item._svg) return;
  const { id, ids, group } = item.datum ?? {};
  const own = isId(id) ? [id] : Array.isArray(ids) ? cleanIds(ids) : groupIds(group, groups);
  if (own.length === 0) return;
  found.push({ element: item._svg, ids: own, isGroup: false, name: "", opacity: item.opacity ?? 1 });
}

function groupIds(group: unknown, groups: Groups): readonly string[] {
  return (typeof group === "string" ? groups.get(group) : undefined) ?? [];
}
