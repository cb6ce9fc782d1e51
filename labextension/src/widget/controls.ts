/**
 * The extension's own views: slider, range, number, dropdown, checkbox, text, color and button. They use the model as
 * any module does.
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
      const { element: made, refresh: renew } = view(model);
      const fields = made.querySelectorAll<HTMLInputElement>("input, select, button");
      const refresh = (): void => {
        renew();
        for (const field of fields) field.disabled = model.get("disabled") === true;
      };
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

  range: (model) => {
    const ends = ["from", "to"].map((end) => {
      const input = element("input", "rb-Control-slider rb-mod-half", {
        type: "range",
        "aria-label": `${String(model.get("label") ?? "")} ${end}`.trim(),
      });
      for (const name of ["min", "max", "step"] as const) input[name] = String(model.get(name));
      return input;
    });
    const output = element("output", "rb-Control-value");
    for (const [i, input] of ends.entries()) {
      input.addEventListener("input", () => {
        // One handle pushes the other along.
        const moved = Number(input.value);
        const other = Number(ends[1 - i]?.value);
        const pair = i === 0 ? [moved, Math.max(moved, other)] : [Math.min(moved, other), moved];
        save(model, pair);
      });
    }
    return {
      element: group(model, ...ends, output),
      refresh: () => {
        const pair = listOf(model.get("value")).map(Number);
        for (const [i, input] of ends.entries()) input.value = String(pair[i]);
        output.textContent = pair.map(rounded).join(" – ");
      },
    };
  },

  number: (model) => {
    const input = element("input", "rb-Control-text rb-mod-number", { type: "number" });
    for (const name of ["min", "max", "step"] as const) {
      if (model.get(name) !== undefined) input[name] = String(model.get(name));
    }
    // Half a number, such as "-", is none yet; out of its limits it is shown as wrong, and not sent.
    input.addEventListener("input", () => {
      const isGood = input.value !== "" && input.validity.valid;
      input.setAttribute("aria-invalid", String(!isGood));
      if (isGood) save(model, input.valueAsNumber);
    });
    return {
      element: row(model, input),
      refresh: () => {
        const value = Number(model.get("value"));
        if (input.valueAsNumber !== value && document.activeElement !== input) input.value = String(value);
      },
    };
  },

  color: (model) => {
    const input = element("input", "rb-Control-color", { type: "color" });
    const output = element("output", "rb-Control-value");
    input.addEventListener("input", () => save(model, input.value));
    return {
      element: row(model, input, output),
      refresh: () => {
        input.value = String(model.get("value"));
        output.textContent = input.value;
      },
    };
  },

  dropdown: (model) => {
    const select = element("select", "rb-Control-select");
    for (const [i, text] of listOf(model.get("options")).entries())
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

/** A control on paper: its label and its value. The kernel writes the same for its first value. */
export function controlText(model: WidgetModel): string {
  const label = String(model.get("label") ?? "");
  const options = listOf(model.get("options"));
  const value = options.length > 0 ? options[Number(model.get("value"))] : model.get("value");
  const shown = Array.isArray(value) ? value.join(" – ") : String(value);
  return label === "" ? shown : `${label}: ${shown}`;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function save(model: WidgetModel, value: unknown): void {
  model.set("value", value);
  model.save_changes();
}

function row(model: WidgetModel, ...parts: readonly HTMLElement[]): HTMLElement {
  const label = String(model.get("label") ?? "");
  // Without a label the field still needs a name to be read aloud.
  if (label === "") parts[0]?.setAttribute("aria-label", "Value");
  return element("label", "rb-Control", {}, element("span", "rb-Control-label", {}, label), ...parts);
}

/** Several fields under one label. */
function group(model: WidgetModel, ...parts: readonly HTMLElement[]): HTMLElement {
  const label = String(model.get("label") ?? "");
  const attributes = { role: "group", "aria-label": label === "" ? "Values" : label };
  return element("div", "rb-Control", attributes, element("span", "rb-Control-label", {}, label), ...parts);
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(6)));
}
