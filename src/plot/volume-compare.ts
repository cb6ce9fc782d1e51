/**
 * Several scans in one view, linked by their place in the patient: baseline and follow-up, CT and MR.
 *
 * Layer:  plot; imports core, volume.
 */
import { type AnnotatedBundle, answerAs, type Json, type LiveReply, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { type Vec3, worldToIndex } from "../core/geometry.js";
import { Volume } from "../volume/volume.js";
import { checkScale } from "./figure.js";
import { answerVoxels } from "./live-voxels.js";
import type { VolumesMime, VolumesPayload } from "./mime.js";
import { renderer } from "./raster.js";
import { drawVolumes, PICTURE_SCALE, type VolumeScene } from "./volume-picture.js";
import { pictureBundle, VolumeView, volumeParts } from "./volume-view.js";

export interface CompareOptions {
  /**
   * True (default): all scans show the same place in the patient, by LPS millimetres, and those of one modality and unit the same
   * window. False: each is moved alone.
   */
  readonly link?: boolean;
}

const VOLUMES_MIME: VolumesMime = "application/vnd.radbook.volumes+json";
/** More do not fit beside each other on a page. */
const MOST_SCANS = 6;

/**
 * Shows scans beside each other; their grids may differ. Nothing is registered: the same millimetres are the same tissue only
 * if the scans share a frame of reference or were registered before, and the view says so where they do not.
 *
 * @param scans  2 to 6: scans, or what `plot.volume` made of them with regions, window, heat map or center.
 * @throws InputError if there are fewer or more, or as `plot.volume`.
 *
 * @example
 * plot.compare([plot.volume(ct, { overlay: gtv }), plot.volume(followUp, { overlay: gtvLater })])
 */
export function compare(
  scans: readonly (Volume | VolumeView)[],
  options: CompareOptions = {},
): VolumeComparison {
  return new VolumeComparison(scans, options);
}

/** What `plot.compare` returns; shows itself when it is the value of a cell. */
export class VolumeComparison {
  readonly views: readonly VolumeView[];
  /** What the view shows, in words. */
  readonly alternative: string;
  readonly #scenes: readonly VolumeScene[];
  readonly #payload: VolumesPayload;

  constructor(scans: readonly (Volume | VolumeView)[], { link = true }: CompareOptions = {}) {
    if (!(Array.isArray(scans) && scans.length >= 2 && scans.length <= MOST_SCANS)) {
      throw new InputError(
        `plot.compare needs a list of 2 to ${MOST_SCANS} scans, found ${Array.isArray(scans) ? scans.length : typeof scans}. ` +
          "Write plot.compare([first, second]); for one scan plot.volume.",
      );
    }
    this.views = scans.map((scan) => (scan instanceof Volume ? new VolumeView(scan) : scan));
    const parts = this.views.map(volumeParts);
    const first = parts[0].scene;
    const at = first.volume.toMm(first.cursor);
    this.#scenes = parts.map(({ scene }) => (link ? { ...scene, cursor: cursorAt(scene, at) } : scene));
    const note = link ? frameNote(this.#scenes.map(({ volume }) => volume)) : "";
    const id = crypto.randomUUID();
    this.#payload = {
      version: 1,
      id,
      link,
      note,
      scans: parts.map(({ payload }, i) => ({ ...payload, id, cursor: this.#scenes[i].cursor })),
    };
    this.alternative = [...this.views.map((view, i) => `${i + 1}: ${view.alternative}`), note]
      .filter((sentence) => sentence !== "")
      .join(" ");
    showAs(this, () => this.#show());
    answerAs(this, { id, answer: (request) => answerScan(this.views, request) });
  }

  /** The static picture as SVG: the scans below each other. */
  async svg(): Promise<string> {
    return drawVolumes(this.#scenes, this.#payload.note, await renderer());
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
      [VOLUMES_MIME]: this.#payload as unknown as Json,
    });
  }
}

/** The voxel at a place in the patient; where the scan does not reach it, the scan's own cursor. */
function cursorAt({ volume, cursor }: VolumeScene, mm: Vec3): Vec3 {
  const { size } = volume.geometry;
  const index = worldToIndex(volume.geometry, mm).map(Math.round) as unknown as Vec3;
  return index.every((at, axis) => at >= 0 && at < size[axis]) ? index : cursor;
}

function frameNote(volumes: readonly Volume[]): string {
  const frames = new Set(volumes.map(({ frameOfReference }) => frameOfReference));
  return frames.size > 1 && !frames.has(undefined)
    ? "The scans have different frames of reference and are not registered: the same millimetres need not be the same tissue."
    : "";
}

function answerScan(views: readonly VolumeView[], request: Json): Iterable<LiveReply> {
  const scan =
    typeof request === "object" && request !== null && "scan" in request ? request.scan : undefined;
  const view = typeof scan === "number" ? views[scan] : undefined;
  if (view !== undefined) return answerVoxels(view.volume, request);
  throw new InputError(
    `this comparison has scans 0 to ${views.length - 1}, but its view asked for ${JSON.stringify(scan)}. ` +
      "Reload the page: its extension may be of another version.",
  );
}
