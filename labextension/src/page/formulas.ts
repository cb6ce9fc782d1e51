/**
 * The script of exported pages with formulas: KaTeX sets them, with letters that lie in the page. `setup/page.mjs` bundles
 * it, the template in `setup/nbconvert` takes it in.
 *
 * Layer:  labextension, page.
 */
import renderMathInElement from "katex/contrib/auto-render";

/** Signs around a formula, as in a notebook's Markdown. */
const SIGNS = [
  { left: "$$", right: "$$", display: true },
  { left: "\\[", right: "\\]", display: true },
  { left: "\\(", right: "\\)", display: false },
  { left: "$", right: "$", display: false },
  ...["equation", "align", "alignat", "gather", "CD"].flatMap((name) =>
    [name, `${name}*`].map((full) => ({ left: `\\begin{${full}}`, right: `\\end{${full}}`, display: true })),
  ),
];
/** Where formulas may be: text that a person wrote, and values that show themselves as a formula. */
const PLACES = ".jp-RenderedMarkdown, .jp-RenderedLatex";
/** What `\newcommand` of one formula says holds in those below it. */
const macros = {};

for (const place of document.querySelectorAll<HTMLElement>(PLACES)) {
  renderMathInElement(place, { delimiters: SIGNS, macros, globalGroup: true, throwOnError: false });
}
