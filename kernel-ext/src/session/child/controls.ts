/**
 * The globals `controls` and `interact`: sliders and their like, and functions that run when one is moved.
 *
 * Layer:  session/child; imports session.
 */
import { randomUUID } from "node:crypto";
import type { Shown } from "../protocol.js";
import { reportError } from "./errors.js";
import { currentCell, emit } from "./output.js";
import { present } from "./present.js";
import { type State, Widget } from "./widgets.js";

/** A control as cells have it: its value, and what happens when that changes. */
class Control<T> {
  readonly #widget: Widget;
  readonly #read: (value: unknown) => T;
  readonly #write: (value: T) => unknown;

  constructor(kind: string, state: State, read: (value: unknown) => T, write: (value: T) => unknown) {
    this.#widget = new Widget({ control: kind }, { disabled: false, ...state });
    this.#read = read;
    this.#write = write;
    const show = (this.#widget as unknown as Record<symbol, () => unknown>)[Symbol.for("Jupyter.display")];
    Object.defineProperty(this, Symbol.for("Jupyter.display"), { value: show });
  }

  get value(): T {
    return this.#read(this.#widget.get("value"));
  }

  set value(value: T) {
    this.#widget.set("value", this.#write(value));
  }

  /** Whether the person may change it now; cells may in any case. */
  get disabled(): boolean {
    return this.#widget.get("disabled") === true;
  }

  set disabled(disabled: boolean) {
    this.#widget.set("disabled", disabled);
  }

  onChange(handler: (value: T) => unknown): () => void {
    return this.#widget.on("change:value", () => handler(this.value));
  }
}

interface SliderOptions {
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly value?: number;
  readonly label?: string;
}

type Choice = string | number;
type Pair = readonly [number, number];

const HEX = /^#[0-9a-f]{6}$/i;

export const controls = {
  slider({ min = 0, max = 100, step, value, label = "" }: SliderOptions = {}): Control<number> {
    const { width, held } = track("slider", min, max, step);
    const first = held(value ?? min + width * Math.round((max - min) / 2 / width));
    return new Control("slider", { label, min, max, step: width, value: first }, held, held);
  },

  /** Its value is a pair, the smaller number first. */
  range(options: Omit<SliderOptions, "value"> & { readonly value?: Pair } = {}): Control<Pair> {
    const { min = 0, max = 100, step, value = [min, max], label = "" } = options;
    const { width, held } = track("range", min, max, step);
    const pair = (one: unknown): Pair => {
      const [a, b] = (Array.isArray(one) ? one : [min, max]).map(held);
      return [Math.min(a ?? min, b ?? max), Math.max(a ?? min, b ?? max)];
    };
    return new Control("range", { label, min, max, step: width, value: pair(value) }, pair, pair);
  },

  /** A number that is typed. */
  number(options: SliderOptions = {}): Control<number> {
    const {
      min = Number.NEGATIVE_INFINITY,
      max = Number.POSITIVE_INFINITY,
      step,
      value,
      label = "",
    } = options;
    if (!(min < max)) throw new RangeError(`a number control needs min < max; found ${min} and ${max}`);
    const held = (one: unknown): number =>
      Math.min(max, Math.max(min, Number.isFinite(one) ? Number(one) : first));
    const first = Math.min(max, Math.max(min, value ?? 0));
    // Without a limit there is nothing to say to the page.
    const limits = { ...(Number.isFinite(min) ? { min } : {}), ...(Number.isFinite(max) ? { max } : {}) };
    return new Control("number", { label, ...limits, step: step ?? "any", value: first }, held, held);
  },

  /** A color as "#rrggbb". */
  color({ value = "#1976d2", label = "" }: { value?: string; label?: string } = {}): Control<string> {
    const write = (one: string): string => {
      if (!HEX.test(one)) throw new RangeError(`a color is written as "#rrggbb"; found "${one}"`);
      return one.toLowerCase();
    };
    const first = write(value);
    const read = (one: unknown): string => (typeof one === "string" && HEX.test(one) ? one : first);
    return new Control("color", { label, value: first }, read, write);
  },

  dropdown<T extends Choice>(options: {
    readonly options: readonly T[];
    readonly value?: T;
    readonly label?: string;
  }): Control<T> {
    const { options: choices, label = "" } = options;
    if (choices.length === 0) throw new RangeError("a dropdown needs at least one option");
    const write = (one: T): number => {
      const index = choices.indexOf(one);
      if (index < 0) throw new RangeError(`${String(one)} is none of the options: ${choices.join(", ")}`);
      return index;
    };
    const read = (index: unknown): T => choices[Number(index)] ?? (choices[0] as T);
    const value = write(options.value ?? (choices[0] as T));
    return new Control("dropdown", { label, options: choices.map(String), value }, read, write);
  },

  checkbox({ value = false, label = "" }: { value?: boolean; label?: string } = {}): Control<boolean> {
    return new Control(
      "checkbox",
      { label, value },
      (one) => one === true,
      (one) => one === true,
    );
  },

  text(options: { value?: string; label?: string; placeholder?: string } = {}): Control<string> {
    const { value = "", label = "", placeholder = "" } = options;
    const asText = (one: unknown): string => String(one ?? "");
    return new Control("text", { label, value, placeholder }, asText, asText);
  },

  /** Its value counts the clicks. */
  button({ label = "Run", onClick }: { label?: string; onClick?: () => unknown } = {}): Control<number> {
    const made = new Control("button", { label, value: 0 }, Number, Number);
    if (onClick) made.onChange(onClick);
    return made;
  },
};

/** Step of a slider, and how what comes from the page or a cell is held to its track. */
function track(
  kind: string,
  min: number,
  max: number,
  step: number | undefined,
): { readonly width: number; held(one: unknown): number } {
  if (!(Number.isFinite(min) && Number.isFinite(max) && min < max))
    throw new RangeError(`a ${kind} needs min < max; found ${min} and ${max}`);
  const width = step ?? (Number.isInteger(min) && Number.isInteger(max) ? 1 : (max - min) / 100);
  if (!(width > 0)) throw new RangeError(`a ${kind}'s step must be above 0; found ${width}`);
  return {
    width,
    held: (one) => Math.min(max, Math.max(min, Number.isFinite(one) ? Number(one) : min)),
  };
}

/** Shows a control for each name, calls `action` with their values, and again whenever one changes. */
export function interact(specs: Readonly<Record<string, unknown>>, action: (values: State) => unknown): void {
  const parts = Object.entries(specs).map(([name, spec]) => [name, controlFor(name, spec)] as const);
  const cell = currentCell();
  const displayId = `interact-${randomUUID()}`;
  const put = ({ data, metadata }: Shown, update: boolean): void =>
    emit({ type: "display", cell, update, displayId, data, metadata });
  const result = (): Shown | null | Promise<Shown> => {
    const value = action(Object.fromEntries(parts.map(([name, control]) => [name, control.value])));
    return value instanceof Promise ? value.then((one) => present(one) ?? NOTHING) : present(value);
  };

  let running: Promise<void> | null = null;
  let again = false;
  /** One call at a time; what changed meanwhile makes one more. */
  const renew = (): Promise<void> => {
    again = true;
    running ??= (async () => {
      while (again) {
        again = false;
        put(await shownOrError(result), true);
      }
      running = null;
    })();
    return running;
  };

  for (const [, control] of parts) {
    emit({ type: "display", cell, update: false, displayId: null, ...(present(control) as Shown) });
    control.onChange(renew);
  }
  const first = result();
  if (first instanceof Promise) {
    put(NOTHING, false);
    void shownOrError(() => first).then((shown) => put(shown, true));
  } else {
    put(first ?? NOTHING, false);
  }
}

type AnyControl = Control<number> | Control<string> | Control<boolean> | Control<Pair>;

const NOTHING: Shown = { data: { "text/plain": "" }, metadata: {} };

/** A later call that fails shows its error in place of the result. */
async function shownOrError(result: () => Shown | null | Promise<Shown>): Promise<Shown> {
  try {
    return (await result()) ?? NOTHING;
  } catch (error) {
    const text = reportError(error).traceback.join("\n");
    return { data: { "application/vnd.jupyter.stderr": text, "text/plain": text }, metadata: {} };
  }
}

function controlFor(label: string, spec: unknown): AnyControl {
  if (spec instanceof Control) return spec as AnyControl;
  if (typeof spec === "number") return controls.number({ label, value: spec });
  if (typeof spec === "boolean") return controls.checkbox({ label, value: spec });
  if (typeof spec === "string") return controls.text({ label, value: spec });
  if (Array.isArray(spec) && spec.every((one) => typeof one === "string"))
    return controls.dropdown({ label, options: spec as string[] });
  if (Array.isArray(spec) && (spec.length === 2 || spec.length === 3) && spec.every(Number.isFinite)) {
    const [min, max, step] = spec as [number, number, number?];
    return controls.slider({ label, min, max, ...(step === undefined ? {} : { step }) });
  }
  throw new TypeError(
    `"${label}" needs a control, a number, [min, max], [min, max, step], a list of texts, a text, true or false`,
  );
}
