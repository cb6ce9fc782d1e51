/** The gallery as a page of the documentation. */
import { GALLERY, type GalleryEntry } from "./entries.js";

export function galleryPage(): string {
  return [
    "# Gallery",
    "",
    "Each picture is drawn by the library from made-up patients: `npx tsx --conditions=source data-scripts/gallery/main.ts` makes this page",
    "and its pictures again. In JupyterLab the figures answer the pointer, follow the theme, and share one selection of patients.",
    ...GALLERY.flatMap(({ title, entries }) => ["", `## ${title}`, ...entries.flatMap(entryLines)]),
    "",
  ].join("\n");
}

function entryLines({ picture, says, call }: GalleryEntry): readonly string[] {
  return ["", `**${says}**`, "", "```ts", call, "```", "", `![${says}](gallery/${picture}.png)`];
}
