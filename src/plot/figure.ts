/**
 * A figure in a notebook: data for views that can draw it, a picture and words for those that cannot.
 *
 * Layer:  plot; imports core, io.
 */
import { type AnnotatedBundle, type Json, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { writeAtomically } from "../io/file-write.js";
import { DARK_COLORS, type FigureTheme, inTheme } from "./dark.js";
import { endingOf, figureBytes, paperWidth } from "./figure-file.js";
import type { FigureGroups, FigureMime, FigurePayload } from "./mime.js";
import { pngSize } from "./png.js";
import { renderer } from "./raster.js";
import { drawSpec, type Spec } from "./vega.js";

const FIGURE_MIME: FigureMime = "application/vnd.radbook.figure+json";
const VEGA_LITE_MIME = "application/vnd.vegalite.v5+json";
const SCALE = 2;
/** Of the specification's text, up to which it also travels for front ends without our extension. */
const MOST_TWIN_BYTES = 1_000_000;

export interface ThemeOptions {
  /** Default "light". */
  readonly theme?: FigureTheme;
}

export interface SaveOptions extends ThemeOptions {
  /** On paper: in millimetres, or a column of a journal, 89 or 183 mm. Default: one column if the text stays readable there. */
  readonly width?: number | "single" | "double";
  /** Dots per inch of a PNG, default 300. */
  readonly dpi?: number;
}

/** What the `plot` functions return; shows itself when it is the value of a cell. */
export class Figure {
  readonly kind: FigurePayload["kind"];
  /** What the figure shows, in words, with its numbers. */
  readonly alternative: string;
  /** Vega-Lite v5 specification with its data inline. */
  readonly spec: Spec;
  /** Patients of the groups that rows of the data name, so that choosing a curve chooses its patients. */
  readonly groups: FigureGroups;

  /** @param groups  By the text of field `group`; rows of single patients have `id`, of several `ids` (see `FigurePayload`). */
  constructor(kind: FigurePayload["kind"], alternative: string, spec: Spec, groups: FigureGroups = {}) {
    this.kind = kind;
    this.alternative = alternative;
    this.spec = spec;
    this.groups = groups;
    showAs(this, () => this.#show());
  }

  /** The figure as SVG. Its text is text, in Inter or the reader's nearest font. */
  svg({ theme = "light" }: ThemeOptions = {}): Promise<string> {
    return drawSpec(inTheme(this.spec, theme));
  }

  /**
   * The figure as PNG.
   *
   * @param options.scale  Pixels per CSS pixel, default 2; 3.125 makes 300 dots per inch.
   * @throws InputError if the scale is not positive or above 20.
   */
  async png({ scale = SCALE, theme }: ThemeOptions & { readonly scale?: number } = {}): Promise<Uint8Array> {
    checkScale(scale);
    return (await renderer()).png(await this.svg(theme === undefined ? {} : { theme }), scale);
  }

  /**
   * Writes the figure for print: PDF or SVG with the letters that it uses inside, or PNG of `dpi` dots per inch.
   *
   * @param file  Ends in .pdf, .svg or .png; a file of that name is replaced, as a whole or not at all.
   * @throws InputError if it ends otherwise, the width or the resolution is none, the folder is missing or not
   * writable, or a PDF has text beyond Latin, Greek and Cyrillic.
   *
   * @example
   * await plot.roc(curve).save("fig2.pdf", { width: "single" });
   */
  async save(file: string, { width, dpi = 300, theme = "light" }: SaveOptions = {}): Promise<void> {
    const ending = endingOf(file);
    if (!(dpi >= 36 && dpi <= 2400)) {
      throw new InputError(`the resolution must lie between 36 and 2400 dots per inch, found ${dpi}.`);
    }
    const svg = await this.svg({ theme });
    const { kind: title, alternative } = this;
    const bytes = await figureBytes(svg, ending, paperWidth(svg, width), { dpi, title, alternative });
    await writeAtomically(file, bytes);
  }

  async #show(): Promise<AnnotatedBundle> {
    const png = await this.png();
    const { width, height } = pngSize(png);
    const payload: FigurePayload = {
      version: 1,
      kind: this.kind,
      alternative: this.alternative,
      spec: this.spec,
      dark: DARK_COLORS,
      ...(Object.keys(this.groups).length === 0 ? {} : { groups: this.groups }),
    };
    return {
      data: {
        [FIGURE_MIME]: payload as unknown as Json,
        // The same data twice would make a large notebook twice as large.
        ...(JSON.stringify(this.spec).length > MOST_TWIN_BYTES ? {} : { [VEGA_LITE_MIME]: this.spec }),
        "image/png": Buffer.from(png).toString("base64"),
        "text/plain": this.alternative,
      },
      metadata: {
        "image/png": { width: width / SCALE, height: height / SCALE, alt: this.alternative },
      },
    };
  }
}

/** @throws InputError unless 0 < scale ≤ 20; a larger picture fills the memory. */
export function checkScale(scale: number): void {
  if (scale > 0 && scale <= 20) return;
  throw new InputError(`scale must lie above 0 and up to 20 pixels per CSS pixel, found ${scale}.`);
}
