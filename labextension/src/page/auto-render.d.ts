/**
 * KaTeX publishes no types of this part of it.
 *
 * Layer:  labextension, page.
 */
declare module "katex/contrib/auto-render" {
  interface Sign {
    readonly left: string;
    readonly right: string;
    readonly display: boolean;
  }
  interface Options {
    readonly delimiters: readonly Sign[];
    readonly macros: object;
    readonly globalGroup: boolean;
    readonly throwOnError: boolean;
  }
  /** Sets the formulas in the text of an element. */
  // biome-ignore lint/style/noDefaultExport: as KaTeX has it.
  export default function renderMathInElement(place: HTMLElement, options: Options): void;
}
