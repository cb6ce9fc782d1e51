/**
 * The static picture that travels beside every payload: shown at once, and whenever the live view cannot be.
 *
 * Layer:  labextension, output.
 */

/** A MIME bundle, as far as the twin needs it. */
export interface Bundle {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** An element with the bundle's picture, or its plain text when it has none. */
export function staticTwin({ data, metadata }: Bundle): HTMLElement {
  const size = metadata["image/png"] as { width?: unknown; height?: unknown; alt?: unknown } | undefined;
  const text = typeof size?.alt === "string" ? size.alt : joined(data["text/plain"]);
  const source = pictureSource(data);
  if (source === null) {
    const fallback = document.createElement("pre");
    fallback.className = "rb-Twin-text";
    fallback.textContent = text;
    return fallback;
  }
  const image = document.createElement("img");
  image.className = "rb-Twin";
  image.alt = text;
  image.src = source;
  // Pictures are drawn at twice the size for sharp screens; the metadata says how large they are meant.
  if (typeof size?.width === "number" && size.width > 0 && size.width <= 4000) image.width = size.width;
  return image;
}

/** A sentence below the picture. */
export function note(text: string): HTMLElement {
  const element = document.createElement("p");
  element.className = "rb-Note";
  element.setAttribute("role", "status");
  element.textContent = text;
  return element;
}

/** Only data addresses, and SVG only as an image, where it can neither run script nor fetch. */
function pictureSource(data: Bundle["data"]): string | null {
  const png = joined(data["image/png"]).replace(/\s/g, "");
  if (png !== "" && /^[A-Za-z0-9+/]+=*$/.test(png)) return `data:image/png;base64,${png}`;
  const svg = joined(data["image/svg+xml"]);
  return svg === "" ? null : `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

/** Notebook files may hold text as a list of lines. */
function joined(value: unknown): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.filter((line) => typeof line === "string").join("") : "";
}
