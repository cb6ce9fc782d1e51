/**
 * Draws a Vega-Lite specification as SVG; loaded on first use, with Vega, in its own chunk.
 *
 * Expressions are interpreted, never compiled to code; the loader refuses every address.
 * Layer:  labextension, figure; imports output.
 */
import { type Loader, parse, View, Warn } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";
import type { FigurePayload } from "../../../src/plot/mime.js";
import { element } from "../output/dom.js";
import { inDark, isDarkPage } from "./dark.js";
import { guard } from "./guard.js";
import { type PatientMark, patientMarks } from "./patients.js";

/** A drawn figure. */
export interface Drawing {
  readonly element: HTMLElement;
  /** Marks that stand for patients. */
  readonly marks: readonly PatientMark[];
  svg(): Promise<string>;
  png(): Promise<Blob>;
  dispose(): void;
}

/** @throws Error of Vega if the specification cannot be compiled or drawn. */
export async function drawFigure({ spec, alternative, dark, groups }: FigurePayload): Promise<Drawing> {
  const themed = dark !== undefined && isDarkPage() ? inDark(spec, dark) : spec;
  const compiled = compile(themed as unknown as TopLevelSpec).spec;
  const runtime = parse(compiled, {}, { ast: true });
  const tip = element("div", "rb-Figure-tip", { hidden: "" });
  const stage = element("div", "rb-Figure-stage");
  const view = new View(runtime, {
    expr: expressionInterpreter,
    loader: REFUSE,
    logLevel: Warn,
    renderer: "svg",
    container: stage,
    tooltip: (_handler: unknown, event: MouseEvent, _item: unknown, value: unknown) =>
      showTip(tip, stage, event, value),
  });
  await view.runAsync();
  // After Vega's own, which describe the marks and not what they mean.
  stage.setAttribute("role", "img");
  stage.setAttribute("aria-label", alternative);
  stage.removeAttribute("aria-roledescription");
  const guardian = guard(stage);
  return {
    element: element("div", "rb-Figure-frame", {}, stage, tip),
    marks: patientMarks(sceneOf(view), new Map(Object.entries(groups ?? {}))),
    svg: () => view.toSVG(2),
    png: async () => {
      const canvas = await view.toCanvas(3);
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
      if (blob === null) throw new Error("the browser made no picture");
      return blob;
    },
    dispose: () => {
      guardian.disconnect();
      view.finalize();
    },
  };
}

/** Vega's types call the scene graph by the name of its root. */
function sceneOf(view: View): unknown {
  return (view.scenegraph() as unknown as { readonly root: unknown }).root;
}

const refuse = (): Promise<never> => Promise.reject(new Error("a figure may not fetch anything"));
const REFUSE = { load: refuse, sanitize: refuse, http: refuse, file: refuse, options: {} } as Loader;

/** Names and values beside the pointer, as text. */
function showTip(tip: HTMLElement, stage: HTMLElement, event: MouseEvent, value: unknown): void {
  tip.hidden = value === null || value === undefined || value === "";
  if (tip.hidden) return;
  const lines =
    typeof value === "object"
      ? Object.entries(value as object).map(([k, v]) => `${k}: ${String(v)}`)
      : [value];
  tip.textContent = lines.join("\n");
  const box = stage.getBoundingClientRect();
  tip.style.left = `${event.clientX - box.left + 12}px`;
  tip.style.top = `${event.clientY - box.top + 12}px`;
}
