/**
 * The extension's own views: slider, dropdown, checkbox, text and button. They use the model as any module does.
 *
 * Layer:  labextension, widget; imports output.
 */
import { element } from "../output/dom.js";
import type { WidgetModel } from "./model.js";
import type { FrontModule } from "./module.js";

type View = (model: WidgetModel) => { readonly element: HTMLElement; refresh(): void };

/** The view of that name, or undefined. */
export function controlModule(name: string): FrontModule | undefined {
  const view = Object.hasOwn(VIEWS, name) ? VIEWS[name] : undefined;
  if (view === undefined) return undefined;
  return {
    render: ({ model, el }) => {
      const { element: made, refresh } = view(model);
      refresh();
      model.on("change", refresh);
      el.append(made);
      return () => model.off("change", refresh);
    },
  };
}

const VIEWS: Readonly<Record<string, View>> = {
  slider: (model) => {
    const input = element("input", "rb-Control-slider", { type: "range" });
    for (const name of ["min", "max", "step"] as const) input[name] = String(model.get(name));
    const output = element("output", "rb-Control-value");
    input.addEventListener("input", () => save(model, Number(input.value)));
    return {
      element: row(model, input, output),
      refresh: () => {
        input.value = String(model.get("value"));
        output.textContent = rounded(Number(model.get("value")));
      },
    };
  },

  dropdown: (model) => {
    const select = element("select", "rb-Control-select");
    const options = model.get("options");
    for (const [i, text] of (Array.isArray(options) ? options : []).entries())
      select.append(element("option", "", { value: String(i) }, String(text)));
    select.addEventListener("change", () => save(model, Number(select.value)));
    return {
      element: row(model, select),
      refresh: () => {
        select.value = String(model.get("value"));
      },
    };
  },

  checkbox: (model) => {
    const input = element("input", "rb-Control-checkbox", { type: "checkbox" });
    input.addEventListener("change", () => save(model, input.checked));
    return {
      element: row(model, input),
      refresh: () => {
        input.checked = model.get("value") === true;
      },
    };
  },

  text: (model) => {
    const input = element("input", "rb-Control-text", { type: "text" });
    input.placeholder = String(model.get("placeholder") ?? "");
    input.addEventListener("input", () => save(model, input.value));
    return {
      element: row(model, input),
      refresh: () => {
        const value = String(model.get("value") ?? "");
        // Setting the same text would move the caret.
        if (input.value !== value) input.value = value;
      },
    };
  },

  button: (model) => {
    const button = element(
      "button",
      "rb-Control-button",
      { type: "button" },
      String(model.get("label") ?? ""),
    );
    button.addEventListener("click", () => save(model, Number(model.get("value")) + 1));
    return { element: element("div", "rb-Control", {}, button), refresh: () => undefined };
  },
};

function save(model: WidgetModel, value: unknown): void {
  model.set("value", value);
  model.save_changes();
}

function row(model: WidgetModel, ...parts: readonly HTMLElement[]): HTMLElement {
  const label = String(model.get("label") ?? "");
  return element("label", "rb-Control", {}, element("span", "rb-Control-label", {}, label), ...parts);
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(6)));
}
