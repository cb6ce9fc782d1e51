/**
 * Grey windows: which grey values are shown from black to white.
 *
 * Layer:  plot; imports core, volume.
 */
import { InputError } from "../core/errors.js";
import type { Volume } from "../volume/volume.js";
import type { GreyWindow } from "./mime.js";

/** A window by name, with center and width in HU; `suv` is in SUV. */
export type WindowName = "lung" | "mediastinum" | "bone" | "brain" | "suv";

export const WINDOWS: Readonly<Record<WindowName, GreyWindow>> = {
  lung: { center: -600, width: 1500 },
  mediastinum: { center: 40, width: 400 },
  bone: { center: 400, width: 1800 },
  brain: { center: 40, width: 80 },
  suv: { center: 5, width: 10 },
};

/** A window and what to call it in a caption. */
export interface NamedWindow extends GreyWindow {
  readonly name: string;
}

/**
 * The window that is asked for; by default `mediastinum` for Hounsfield units, `suv` for PET in SUV, else from the 1st to the 99th
 * percentile of the grey values.
 *
 * @throws InputError if the name is unknown or the width is not positive.
 */
export function chooseWindow(volume: Volume, wanted: WindowName | GreyWindow | undefined): NamedWindow {
  if (wanted === undefined) return defaultWindow(volume);
  if (typeof wanted === "string") {
    if (!Object.hasOwn(WINDOWS, wanted)) {
      throw new InputError(
        `there is no window "${wanted}". Take one of ${Object.keys(WINDOWS).join(", ")}, or { center, width }.`,
      );
    }
    return named(wanted);
  }
  const { center, width } = wanted;
  if (!Number.isFinite(center) || !(Number.isFinite(width) && width > 0)) {
    throw new InputError(
      `a window needs a finite center and a positive width, found center ${center}, width ${width}.`,
    );
  }
  return { name: "", center, width };
}

/**
 * Grey levels 0…255 of grey values; NaN is black.
 *
 * @param shades  Written in place, same length as `values`.
 */
export function applyWindow(values: Float32Array, { center, width }: GreyWindow, shades: Uint8Array): void {
  const low = center - width / 2;
  const factor = 255 / width;
  for (let p = 0; p < values.length; p++) {
    const shade = (values[p] - low) * factor;
    // The comparison is false for NaN.
    shades[p] = shade > 0 ? (shade < 255 ? Math.round(shade) : 255) : 0;
  }
}

function defaultWindow(volume: Volume): NamedWindow {
  const { modality, unit } = volume.quantity;
  if (unit === "HU") return named("mediastinum");
  if (modality === "PT" && unit.startsWith("SUV")) return named("suv");
  const sample = finiteSample(volume.voxels);
  const low = sample[Math.floor(0.01 * (sample.length - 1))];
  const high = sample[Math.ceil(0.99 * (sample.length - 1))];
  // An image of one grey value has no spread to show; any positive width does.
  return { name: "", center: (low + high) / 2, width: high > low ? high - low : 1 };
}

function named(window: WindowName): NamedWindow {
  return { name: window === "suv" ? "SUV" : window, ...WINDOWS[window] };
}

/** Up to about 100,000 finite grey values, evenly taken, ascending. A map may have few among many voxels without a number. */
function finiteSample(voxels: Float32Array | Float64Array): Float64Array {
  let finite = 0;
  for (let p = 0; p < voxels.length; p++) if (Number.isFinite(voxels[p])) finite++;
  const step = Math.max(1, Math.floor(finite / 100_000));
  const sample: number[] = [];
  for (let p = 0, seen = 0; p < voxels.length; p++)
    if (Number.isFinite(voxels[p]) && seen++ % step === 0) sample.push(voxels[p]);
  return Float64Array.from(sample.length > 0 ? sample : [0]).sort();
}
