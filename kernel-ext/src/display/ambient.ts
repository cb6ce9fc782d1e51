/**
 * Types of the kernel's displays, progress and questions, as cells see them without an import.
 *
 * Layer:  display; imports nothing.
 */
export const DISPLAY_TYPES = `
/** How an output is named and changed. */
interface DisplayName {
  /** Names the output, so that a later call can change it. */
  readonly display_id?: string;
  /** Changes the outputs of that name instead of adding one. */
  readonly update?: boolean;
}
/** Shows a value under the cell: its own pictures if it has some, an image's bytes or a Vega chart as such, else its text. */
declare function display(
  value: unknown,
  options?: DisplayName & {
    /** The value is a MIME bundle itself. */
    readonly raw?: boolean;
  },
): void;
declare namespace display {
  /** Shows HTML. */
  function html(text: string, options?: DisplayName): void;
  /** Shows Markdown. */
  function markdown(text: string, options?: DisplayName): void;
  /** Shows a formula in LaTeX, with or without the signs around it. */
  function latex(text: string, options?: DisplayName): void;
  /** Shows an SVG drawing. */
  function svg(text: string, options?: DisplayName): void;
  /** Shows a PNG image: the content of its file, or that in base64. */
  function png(source: Uint8Array | string, options?: DisplayName): void;
  /** Shows a JPEG image: the content of its file, or that in base64. */
  function jpeg(source: Uint8Array | string, options?: DisplayName): void;
  /** Shows a GIF image: the content of its file, or that in base64. */
  function gif(source: Uint8Array | string, options?: DisplayName): void;
  /** Shows a Vega-Lite chart, also without \`$schema\`. */
  function vegaLite(spec: object, options?: DisplayName): void;
  /** Shows rows (a list of objects or of lists) or columns (an object of lists) as a table to sort and page. */
  function table(rows: object, options?: DisplayName & { readonly title?: string }): void;
}
/** Clears the output of the cell; with \`wait\`, when the next output comes. */
declare function clearOutput(wait?: boolean): void;
/** Shows text in the front end's pager. */
declare function page(text: string): void;
/** Asks the person at the notebook for a line of text. */
declare function input(prompt?: string, options?: { readonly password?: boolean }): Promise<string>;
/** Asks for a line of text and blocks the cell until it is there. */
declare function prompt(prompt?: string, options?: { readonly password?: boolean }): string;
interface ProgressOptions {
  /** What the loop is about; stands before its bar. */
  readonly label?: string;
  /** Number of steps, where it cannot be told from the items. */
  readonly total?: number;
}
/** Work of a known number of steps. In a loop it gives 0 … total − 1. */
interface Progress extends Iterable<number> {
  readonly done: number;
  readonly total: number;
  label: string;
  /** Some more steps are done, by default one. */
  advance(steps?: number): void;
  /** So many steps are done. */
  set(done: number): void;
  /** The work is over, finished or not. */
  end(): void;
  [Symbol.dispose](): void;
}
/** A bar for work of \`total\` steps: go through it in a loop, or call \`advance\`. */
declare function progress(total: number, options?: ProgressOptions): Progress;
/** Goes through the items with a bar below the cell: rate, remaining time, loops inside loops. */
declare function progress<T>(items: Iterable<T>, options?: ProgressOptions): Iterable<T>;
declare function progress<T>(items: AsyncIterable<T>, options?: ProgressOptions): AsyncIterable<T>;
/** Channels between cells and front ends, with JSON and raw bytes both ways. */
declare namespace comm {
  type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
  /** What the protocol carries: an object. */
  type Data = { readonly [key: string]: Json };
  interface Options {
    readonly buffers?: readonly NodeJS.ArrayBufferView[];
  }
  interface Comm {
    readonly id: string;
    readonly target: string;
    readonly isOpen: boolean;
    send(data?: Data, options?: Options): void;
    /** Hears what the front end sends; the function returned ends that. */
    onMessage(handler: (data: any, buffers: readonly Uint8Array[]) => unknown): () => void;
    onClose(handler: (data: any) => unknown): () => void;
    close(data?: Data): void;
  }
  /** Opens a channel to whoever answers \`target\` in the front end. */
  function open(target: string, data?: Data, options?: Options): Comm;
  /** Answers the channels that front ends open to \`target\`; the function returned ends that. */
  function onOpen(
    target: string,
    handler: (comm: Comm, data: any, buffers: readonly Uint8Array[]) => unknown,
  ): () => void;
}
/** State shared with a view in the front end. */
interface Widget<S extends object> {
  readonly id: string;
  get<K extends keyof S>(name: K): S[K];
  /** Changes state here and in all views. */
  set<K extends keyof S>(name: K, value: S[K]): void;
  set(changes: Partial<S>): void;
  /** Hears changes of one name, of any, or messages of the view; the function returned ends that. */
  on<K extends keyof S & string>(event: \`change:\${K}\`, handler: (value: S[K]) => unknown): () => void;
  on(event: "change", handler: (widget: Widget<S>) => unknown): () => void;
  on(event: "msg:custom", handler: (content: any, buffers: readonly Uint8Array[]) => unknown): () => void;
  off(event: string, handler?: (...args: any[]) => unknown): void;
  /** Sends a message to all views: their \`msg:custom\`. */
  send(content: comm.Json, buffers?: readonly Uint8Array[]): void;
}
/** Shows an anywidget front-end module: its text or its path, and the state that it starts from. */
declare function widget<S extends object>(options: {
  readonly esm: string;
  readonly css?: string;
  readonly state?: S;
}): Widget<S>;
/** A value that a person sets in the page. */
interface Control<T> {
  value: T;
  /** Whether the person may change it now; cells may in any case. */
  disabled: boolean;
  /** Called with each new value; the function returned ends that. */
  onChange(handler: (value: T) => unknown): () => void;
}
declare namespace controls {
  interface NumberOptions {
    readonly min?: number;
    readonly max?: number;
    readonly step?: number;
    readonly value?: number;
    readonly label?: string;
  }
  function slider(options?: NumberOptions): Control<number>;
  /** A slider with two handles; the value's smaller number comes first. */
  function range(
    options?: Omit<NumberOptions, "value"> & { readonly value?: readonly [number, number] },
  ): Control<readonly [number, number]>;
  /** A number that is typed. */
  function number(options?: NumberOptions): Control<number>;
  /** A color, written as "#rrggbb". */
  function color(options?: { readonly value?: string; readonly label?: string }): Control<string>;
  function dropdown<const T extends string | number>(options: {
    readonly options: readonly T[];
    readonly value?: NoInfer<T>;
    readonly label?: string;
  }): Control<T>;
  function checkbox(options?: { readonly value?: boolean; readonly label?: string }): Control<boolean>;
  function text(options?: {
    readonly value?: string;
    readonly label?: string;
    readonly placeholder?: string;
  }): Control<string>;
  /** Its value counts the clicks. */
  function button(options?: { readonly label?: string; readonly onClick?: () => unknown }): Control<number>;
}
/** What \`interact\` makes a control of: a number, [min, max] or [min, max, step], a list of texts, a text, true or false. */
type InteractSpec =
  | Control<any>
  | boolean
  | number
  | string
  | readonly [number, number]
  | readonly [number, number, number]
  | readonly string[];
type InteractValue<S> =
  S extends Control<infer T> ? T
  : S extends boolean ? boolean
  : S extends string ? string
  : S extends readonly (infer E extends string)[] ? E
  : number;
/** Shows a control for each name and what \`action\` gives for their values, anew whenever one changes. */
declare function interact<const S extends { readonly [name: string]: InteractSpec }>(
  specs: S,
  action: (values: { readonly [K in keyof S]: InteractValue<S[K]> }) => unknown,
): void;
`;
