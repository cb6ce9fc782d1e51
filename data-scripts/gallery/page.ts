/** The gallery as a page of the documentation. */
import { GALLERY, type GalleryEntry } from "./entries.js";
import { LIVE } from "./live-entries.js";

export function galleryPage(): string {
  return [
    "# Gallery",
    "",
    "The figures and scans are drawn by the library from made-up patients: `npx tsx --conditions=source data-scripts/gallery/main.ts` makes this page",
    "and its pictures again. In JupyterLab the figures answer the pointer, follow the theme, and share one selection of patients.",
    "",
    "## Live in JupyterLab",
    "",
    "Taken in JupyterLab and Chromium by `npx tsx --conditions=source data-scripts/gallery/live.ts`, on the synthetic scans and patients.",
    ...LIVE.flatMap(entryLines),
    ...GALLERY.flatMap(({ title, entries }) => ["", `## ${title}`, ...entries.flatMap(entryLines)]),
    "",
  ].join("\n");
}

function entryLines({ picture, says, call }: Omit<GalleryEntry, "kind">): readonly string[] {
  const cell = call === "" ? [] : ["```ts", call, "```", ""];
  return ["", `**${says}**`, "", ...cell, `![${says.replaceAll("`", "")}](gallery/${picture}.png)`];
}
