/**
 * A person chooses patients in a chart: by click, by dragging, by keys.
 *
 * Layer:  labextension, figure; imports output, selection.
 */
import { element, setText } from "../output/dom.js";
import { type Choice, choose, wordsFor } from "../selection/choice.js";
import { type Box, brushable } from "./brush.js";
import { highlight } from "./highlight.js";
import type { PatientMark } from "./patients.js";

/** Makes a drawn chart part of the selection. @returns Ends that. */
export function makeChoosable(frame: HTMLElement, marks: readonly PatientMark[], choice: Choice): () => void {
  if (marks.length === 0) return () => undefined;
  const { model } = choice;
  const byElement = new Map<Element, PatientMark>(marks.map((mark) => [mark.element, mark]));
  const at = (event: Event): PatientMark | undefined =>
    event.target instanceof Element ? byElement.get(event.target) : undefined;
  for (const { element: drawn } of marks) drawn.classList.add("rb-mod-patient");

  const placed = marks.filter(({ isGroup }) => !isGroup);
  const inside = lazily(() => placed.map((mark) => [mark, mark.element.getBoundingClientRect()] as const));
  const idsIn = (box: Box): readonly string[] => [
    ...new Set(inside.value().flatMap(([mark, place]) => (meets(place, box) ? mark.ids : []))),
  ];
  let preview = 0;
  const wasDrag = brushable(frame, () => plotOf(frame), {
    moved: (box) => {
      cancelAnimationFrame(preview);
      preview = requestAnimationFrame(() => {
        const ids = new Set(idsIn(box));
        highlight(marks, { ids: [...ids], part: (of) => partOf(of, ids) });
      });
    },
    ended: (box, event) => {
      cancelAnimationFrame(preview);
      const ids = idsIn(box);
      inside.forget();
      if (event.ctrlKey || event.metaKey || event.shiftKey) model.add(ids, "figure");
      else model.set(ids, "figure");
      // Also where the choice is the one before.
      highlight(marks, model);
    },
  });
  frame.addEventListener("click", (event) => {
    if (wasDrag()) return;
    const mark = at(event);
    if (mark !== undefined) choose(choice, mark.ids, "figure", event);
    else if (!event.ctrlKey && !event.metaKey && !event.shiftKey) model.clear("figure");
  });
  frame.addEventListener("dblclick", (event) => {
    const [id, ...others] = at(event)?.ids ?? [];
    if (id !== undefined && others.length === 0) choice.open?.(id);
  });
  listenToKeys(frame, marks, choice);
  highlight(marks, model);
  return model.watch(() => highlight(marks, model));
}

/** Arrow keys go through what can be chosen: groups first, then patients from left to right. */
function listenToKeys(frame: HTMLElement, marks: readonly PatientMark[], choice: Choice): void {
  const spoken = element("div", "rb-Spoken", { "aria-live": "polite" });
  frame.append(spoken);
  frame.tabIndex = 0;
  frame.dataset.lmSuppressShortcuts = "true";
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", `Choose patients in the figure. ${help(choice)}`);
  const stops = lazily(() => stopsOf(marks));
  let current = -1;
  const go = (to: number): void => {
    const list = stops.value();
    list[current]?.element.classList.remove("rb-mod-focus");
    current = Math.min(list.length - 1, Math.max(0, to));
    const mark = list[current];
    if (mark === undefined) return;
    mark.element.classList.add("rb-mod-focus");
    const state = choice.model.part(mark.ids) === "all" ? ", chosen" : "";
    setText(spoken, `${mark.name === "" ? "" : `${mark.name}: `}${wordsFor(mark.ids)}${state}`);
  };
  frame.addEventListener("blur", () => stops.value()[current]?.element.classList.remove("rb-mod-focus"));
  frame.addEventListener("keydown", (event) => {
    const mark = stops.value()[current];
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: current + 1,
      ArrowLeft: current - 1,
      ArrowDown: current + 10,
      ArrowUp: current - 10,
      Home: 0,
      End: Number.MAX_SAFE_INTEGER,
    };
    const step = steps[event.key];
    if (step !== undefined) go(step);
    else if (event.key === " " && mark !== undefined) choose(choice, mark.ids, "figure", event);
    else if (event.key === "Enter" && mark?.ids.length === 1) choice.open?.(mark.ids[0] ?? "");
    else if (event.key === "Escape") choice.model.clear("figure");
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** Keys, as the figure's name tells them. */
function help({ open }: Choice): string {
  const scan = open === null ? "" : "Enter opens the scan, ";
  return `Arrow keys go through groups and patients, Space chooses, ${scan}Escape chooses nobody.`;
}

/** Each group and each set of patients once. */
function stopsOf(marks: readonly PatientMark[]): readonly PatientMark[] {
  const left = (mark: PatientMark): number => mark.element.getBoundingClientRect().left;
  const placed = marks
    .filter(({ isGroup }) => !isGroup)
    .map((mark) => ({ mark, x: left(mark) }))
    .sort((a, b) => a.x - b.x)
    .map(({ mark }) => mark);
  const known = new Set<string>();
  return [...marks.filter(({ isGroup }) => isGroup), ...placed].filter(({ ids, name }) => {
    const key = `${name}\n${ids.length}\n${ids[0]}\n${ids[ids.length - 1]}`;
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
}

/** Vega's area between the axes. */
function plotOf(frame: HTMLElement): Box {
  const area = frame.querySelector(".role-frame .background") ?? frame;
  return area.getBoundingClientRect();
}

/** A dot whose middle lies in the box; a bar of which any part does. */
function meets(place: DOMRect, box: Box): boolean {
  const isDot = place.width < 16 && place.height < 16;
  const [x, y] = [place.left + place.width / 2, place.top + place.height / 2];
  if (isDot) return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  return place.left < box.right && place.right > box.left && place.top < box.bottom && place.bottom > box.top;
}

function partOf(of: readonly string[], ids: ReadonlySet<string>): "none" | "some" | "all" {
  const found = of.filter((id) => ids.has(id)).length;
  if (found === 0) return "none";
  return found === of.length ? "all" : "some";
}

/** Made when first needed, and again after it was forgotten. */
function lazily<T>(make: () => T): { value(): T; forget(): void } {
  let made: { readonly value: T } | null = null;
  return {
    value: () => {
      made ??= { value: make() };
      return made.value;
    },
    forget: () => {
      made = null;
    },
  };
}
