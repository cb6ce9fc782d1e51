/**
 * Exported pages follow the reader's system from light to dark, unless whoever made the page chose a theme.
 *
 * Styles do so by themselves; figures are drawn in colors, and look at the mark that JupyterLab has on its page too.
 * Layer:  labextension, page.
 */

/** Marks the page as light or dark, now and after each change. */
export function followSystem(): void {
  if (document.body.dataset.rbTheme !== "system") return;
  // On paper a page is light.
  const dark = matchMedia("screen and (prefers-color-scheme: dark)");
  const mark = (): void => {
    document.body.dataset.jpThemeLight = String(!dark.matches);
  };
  dark.addEventListener("change", mark);
  mark();
}
