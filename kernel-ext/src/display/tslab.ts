/**
 * Types of the module `tslab`, which notebooks of the tslab kernel import; this kernel serves it itself.
 *
 * Source: tslab 1.0, `public.d.ts` (names and signatures).
 * Layer:  display; imports nothing.
 */
export const TSLAB_TYPES = `/** Shows rich contents under the cell. */
export interface Display {
  /** Runs JavaScript in the page, where the front end allows it. */
  javascript(s: string): void;
  html(s: string): void;
  markdown(s: string): void;
  /** A formula in LaTeX, with the signs around it. */
  latex(s: string): void;
  svg(s: string): void;
  png(b: Uint8Array): void;
  jpeg(b: Uint8Array): void;
  gif(b: Uint8Array): void;
  pdf(b: Uint8Array): void;
  text(s: string): void;
  /** Content of any type: text as it is, bytes in base64. */
  raw(contentType: string, b: string | Uint8Array): void;
}
/** Each call adds an output. */
export const display: Display;
/** The first call adds an output; later ones replace it. */
export function newDisplay(): Display;
export const versions: { readonly tslab: string; readonly typescript: string; readonly node: string };
`;
