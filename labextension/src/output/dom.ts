/**
 * Makes elements without markup strings: text of a payload is only ever text.
 *
 * Layer:  labextension, output.
 */

/** An element with a class, attributes and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A button with an icon whose name is read aloud and shown as a tip. */
export function iconButton(label: string, path: IconName, onClick: () => void): HTMLButtonElement {
  const made = element(
    "button",
    "rb-Button",
    { type: "button", "aria-label": label, title: label },
    icon(path),
  );
  made.addEventListener("click", onClick);
  return made;
}

export type IconName = keyof typeof ICONS;

/** Line drawings on a grid of 16 × 16. */
const ICONS = {
  crosshair: "M8 1.5v4M8 10.5v4M1.5 8h4M10.5 8h4",
  contrast: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2v12",
  pan: "M8 1.5v13M1.5 8h13M6 3.5l2-2 2 2M6 12.5l2 2 2-2M3.5 6l-2 2 2 2M12.5 6l2 2-2 2",
  cube: "M8 1.8 13.5 5v6L8 14.2 2.5 11V5zM2.5 5 8 8.2 13.5 5M8 8.2v6",
  reset: "M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3",
  camera: "M2 5h3l1-2h4l1 2h3v8H2zM8 6.5a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8",
  enlarge: "M9.5 2.5h4v4M6.5 13.5h-4v-4M13.5 2.5 9 7M2.5 13.5 7 9",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8M8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  eyeOff: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8M2.5 13.5l11-11",
  fill: "M3 3h10v10H3zM3 9l6-6M3 13 13 3M7 13l6-6",
  ruler: "M2 11 11 2l3 3-9 9zM5 8l1.5 1.5M7.5 5.5 9 7M10 3l1.5 1.5",
  ellipse: "M8 3.5c3.6 0 6.5 2 6.5 4.5S11.6 12.5 8 12.5 1.5 10.5 1.5 8 4.4 3.5 8 3.5",
  rectangle: "M2 3.5h12v9H2z",
  bars: "M2.5 13.5v-4h2.5v4M6.7 13.5v-9h2.6v9M11 13.5v-6h2.5v6M1.5 13.5h13",
  remove: "M4 4l8 8M12 4l-8 8",
  help: "M5.7 6a2.3 2.3 0 1 1 3.4 2c-.8.5-1.1.9-1.1 1.8M8 12.3v.2",
  save: "M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11",
} as const;

export function icon(name: IconName): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "rb-Icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Writes a text only if it is new: the browser lays out and paints again whatever is written. */
export function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** Offers a file for download. */
export function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A payload's name as the name of a file. */
export function fileName(name: string, extension: string): string {
  const plain = name.replace(/[^\p{L}\p{N}_-]+/gu, "-").replace(/^-+|-+$/g, "");
  return `${plain === "" ? "radbook" : plain.slice(0, 60)}.${extension}`;
}
