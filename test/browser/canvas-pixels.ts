/** What is painted on a canvas of the page: a digest of all pixels, the color at a place, how many have a color. */
import type { Locator } from "playwright-core";

/** A number that stands for all pixels. */
export function pixels(canvas: Locator): Promise<number> {
  return canvas.evaluate((node) => {
    const { width, height } = node as HTMLCanvasElement;
    const image = (node as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, width, height);
    let digest = 0;
    for (const byte of image?.data ?? []) digest = (Math.imul(digest, 31) + byte) | 0;
    return digest;
  });
}

/** Red, green and blue at a place given as parts of the canvas. */
export function colorAt(canvas: Locator, right: number, down: number): Promise<number[]> {
  return canvas.evaluate(
    (node, [u, v]) => {
      const { width, height } = node as HTMLCanvasElement;
      const context = (node as HTMLCanvasElement).getContext("2d");
      const pixel = context?.getImageData(Math.floor(u * width), Math.floor(v * height), 1, 1).data;
      return Array.from(pixel ?? []).slice(0, 3);
    },
    [right, down] as const,
  );
}

/** Pixels of nearly one color. */
export function pixelsNear(canvas: Locator, rgb: readonly [number, number, number]): Promise<number> {
  return canvas.evaluate((node, [r, g, b]) => {
    const { width, height } = node as HTMLCanvasElement;
    const data = (node as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
    let count = 0;
    for (let p = 0; p < data.length; p += 4) {
      const [red = 0, green = 0, blue = 0] = data.slice(p, p + 3);
      if (Math.hypot(red - r, green - g, blue - b) < 20) count++;
    }
    return count;
  }, rgb);
}
