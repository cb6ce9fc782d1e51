/**
 * A scan with its regions in a notebook: a live view where the extension is there, a picture everywhere.
 *
 * Layer:  plot; imports core, volume.
 */
import { type AnnotatedBundle, answerAs, type Json, type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { type Vec3, worldToIndex } from "../core/geometry.js";
import type { Mask } from "../volume/mask.js";
import type { Volume } from "../volume/volume.js";
import { checkScale } from "./figure.js";
import { chooseWindow, type NamedWindow, type WindowName } from "./grey-window.js";
import { chooseHeat, type Heat, type HeatOptions, packHeat } from "./heat.js";
import { heatEnds, heatNumber } from "./heat-picture.js";
import { answerVoxels } from "./live-voxels.js";
import type { GreyWindow, VolumeMime, VolumePayload } from "./mime.js";
import { embedVoxels, packBytes } from "./pack.js";
import { regionColor } from "./palette.js";
import { compactPng } from "./png.js";
import { renderer } from "./raster.js";
import { drawVolume, millilitres, PICTURE_SCALE, type VolumeScene } from "./volume-picture.js";

export interface VolumeViewOptions {
  /** Regions to outline, on the scan's grid. */
  readonly overlay?: Mask | readonly Mask[];
  /** Colored values over the scan: a feature map, a PET, or either with how to draw it. */
  readonly heat?: Volume | HeatOptions;
  /** By default `mediastinum` for HU, `suv` for PET in SUV, else the middle 98 % of the grey values. */
  readonly window?: WindowName | GreyWindow;
  /** Where the planes meet, LPS+ mm. By default the first region's centroid, else the middle of the scan. */
  readonly center?: Vec3;
  /**
   * True: the notebook carries the voxels around the regions at 8 bits, under 2 MB, so that the view also works
   * without a kernel. False (default): it carries the picture and the regions only.
   */
  readonly embed?: boolean;
  /** By default the scan's name. */
  readonly title?: string;
}

const VOLUME_MIME: VolumeMime = "application/vnd.radbook.volume+json";

/**
 * Shows a scan with its regions: axial, coronal and sagittal plane.
 *
 * @throws InputError if a region lies on another grid or is empty, the heat map too or its range makes no sense, the window is unknown or not positive, the center
 * lies outside the scan, or the scan has no finite voxel.
 *
 * @example
 * plot.volume(ct, { overlay: gtv, window: "lung", center: gtv.centroidMm })
 * plot.volume(ct, { overlay: gtv, heat: await radiomics.map(ct, gtv, { feature: "cm_contrast" }) })
 * plot.volume(ct, { overlay: gtv, heat: { map: pet, resample: true, range: [0, 10] } })
 */
export function volume(volume: Volume, options: VolumeViewOptions = {}): VolumeView {
  return new VolumeView(volume, options);
}

/** What `plot.volume` returns; shows itself when it is the value of a cell. */
export class VolumeView {
  readonly volume: Volume;
  readonly regions: readonly Mask[];
  readonly window: GreyWindow;
  /** What the view shows, in words. */
  readonly alternative: string;
  readonly #scene: VolumeScene;
  readonly #payload: VolumePayload;

  constructor(
    volume: Volume,
    { overlay = [], heat: given, window, center, embed = false, title }: VolumeViewOptions = {},
  ) {
    const regions: readonly Mask[] = Array.isArray(overlay) ? overlay : [overlay as Mask];
    for (const region of regions) {
      region.checkGrid(volume.geometry, `scan "${volume.name}"`);
      void region.box; // Refuses an empty region.
    }
    const range = finiteRange(volume);
    const heat = given === undefined ? null : chooseHeat(volume, given);
    const chosen = chooseWindow(volume, window);
    const cursor = chooseCursor(volume, regions, center);
    this.volume = volume;
    this.regions = regions;
    this.window = { center: chosen.center, width: chosen.width };
    this.#scene = { volume, regions, heat, window: chosen, cursor, title: title ?? volume.name };
    this.alternative = describe(this.#scene);
    this.#payload = {
      version: 1,
      id: crypto.randomUUID(),
      name: this.#scene.title,
      modality: volume.quantity.modality,
      unit: volume.quantity.unit,
      geometry: volume.geometry,
      range,
      window: this.window,
      cursor,
      regions: regions.map((region, i) => ({
        name: region.name,
        color: regionColor(i),
        mask: packBytes(region.voxels),
      })),
      ...(heat === null ? {} : { heat: packHeat(heat) }),
      ...(embed ? { embedded: embedVoxels(volume, regions, cursor, this.window) } : {}),
    };
    parts.set(this, { scene: this.#scene, payload: this.#payload });
    showAs(this, () => this.#show());
    answerAs(this, { id: this.#payload.id, answer: (request) => answerVoxels(volume, request) });
  }

  /** The static picture as SVG. */
  async svg(): Promise<string> {
    return drawVolume(this.#scene, await renderer());
  }

  /**
   * The static picture as PNG.
   *
   * @param options.scale  Pixels per CSS pixel, default 2.
   * @throws InputError if the scale is not positive or above 20.
   */
  async png({ scale = PICTURE_SCALE }: { readonly scale?: number } = {}): Promise<Uint8Array> {
    checkScale(scale);
    return (await renderer()).png(await this.svg(), scale);
  }

  async #show(): Promise<AnnotatedBundle> {
    return pictureBundle(await this.svg(), this.alternative, {
      [VOLUME_MIME]: this.#payload as unknown as Json,
    });
  }
}

/** What a view is made of, for views of several scans. */
export interface VolumeParts {
  readonly scene: VolumeScene;
  readonly payload: VolumePayload;
}

const parts = new WeakMap<VolumeView, VolumeParts>();

export function volumeParts(view: VolumeView): VolumeParts {
  const found = parts.get(view);
  if (found !== undefined) return found;
  throw new InputError(
    `a scan or what plot.volume returns is needed, found ${typeof view}. Write plot.volume(scan).`,
  );
}

/** A payload with its picture, small enough for a notebook, and its words. */
export async function pictureBundle(
  svg: string,
  alternative: string,
  payload: MimeBundle,
): Promise<AnnotatedBundle> {
  const { pixels } = await renderer();
  const picture = pixels(svg, PICTURE_SCALE);
  const { width, height } = picture;
  return {
    data: {
      ...payload,
      "image/png": Buffer.from(compactPng(picture)).toString("base64"),
      "text/plain": alternative,
    },
    metadata: {
      "image/png": { width: width / PICTURE_SCALE, height: height / PICTURE_SCALE, alt: alternative },
    },
  };
}

/** Smallest and largest voxel that is a number. @throws InputError if there is none. */
function finiteRange({ voxels, name }: Volume): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let p = 0; p < voxels.length; p++) {
    const value = voxels[p];
    if (value < low && value !== Number.NEGATIVE_INFINITY) low = value;
    if (value > high && value !== Number.POSITIVE_INFINITY) high = value;
  }
  if (low <= high) return [low, high];
  throw new InputError(
    `scan "${name}" has no finite voxel: all ${voxels.length} are NaN or infinite. Check how it was made.`,
  );
}

function chooseCursor(volume: Volume, regions: readonly Mask[], center: Vec3 | undefined): Vec3 {
  const { size } = volume.geometry;
  if (center === undefined && regions.length === 0) {
    return [Math.floor(size[0] / 2), Math.floor(size[1] / 2), Math.floor(size[2] / 2)];
  }
  const point = center ?? (regions[0] as Mask).centroidMm;
  const [x, y, z] = worldToIndex(volume.geometry, point).map(Math.round) as unknown as Vec3;
  const inside = x >= 0 && y >= 0 && z >= 0 && x < size[0] && y < size[1] && z < size[2];
  if (inside) return [x, y, z];
  throw new InputError(
    `the center (${point.join(", ")}) mm lies outside scan "${volume.name}" (voxel ${x}, ${y}, ${z} of ${size.join("×")}). ` +
      "Give LPS+ millimetres inside it, for example mask.centroidMm, or leave center out.",
  );
}

function describe({ volume, regions, heat, window, cursor, title }: VolumeScene): string {
  const place = volume
    .toMm(cursor)
    .map((mm) => +mm.toFixed(1))
    .join(", ");
  const list = regions.map((region) => `${region.name} (${millilitres(region)} mL)`).join(", ");
  const outlined = regions.length === 0 ? "" : ` Outlined: ${list}.`;
  return (
    `${title} (${volume.quantity.modality}): axial, coronal and sagittal plane through (${place}) mm LPS, ` +
    `${windowText(window, volume.quantity.unit)}.${outlined}${heat === null ? "" : heatText(heat)}`
  );
}

function heatText(heat: Heat): string {
  const [low, high] = heatEnds(heat);
  const above = heat.threshold === null ? "" : `, drawn from ${heatNumber(heat.threshold)} up`;
  return ` Colored: ${heat.name}, ${low} to ${high}${above}.`;
}

function windowText({ name, center, width }: NamedWindow, unit: string): string {
  const number = (value: number): number => +value.toPrecision(4);
  const range = `${number(center - width / 2)} to ${number(center + width / 2)}${unit === "" ? "" : ` ${unit}`}`;
  return name === "" ? `window ${range}` : `${name} window (${range})`;
}
