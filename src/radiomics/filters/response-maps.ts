/**
 * From a filter as a person writes it to the response maps that it stands for.
 *
 * Layer:  radiomics; imports core, volume (types), the filters beside this file.
 */
import { InputError } from "../../core/errors.js";
import type { Vec3 } from "../../core/geometry.js";
import type { IndexBox } from "../../volume/mask.js";
import {
  checkDomain,
  checkNumber,
  checkRiesz,
  listOf,
  oneOf,
  type RieszCheck,
  refuseUnknown,
} from "./check-options.js";
import { gaborMap } from "./gabor.js";
import type { Filter, GaborOptions, LawsFilterOptions, LogOptions, WaveletFilterOptions } from "./options.js";
import type { SharedSteps } from "./rotations.js";
import { lawsKernels, lawsMap, logMap, meanMap, waveletMap } from "./separable.js";
import type { ImageSource } from "./source.js";
import { rieszLogMap, simoncelliMap } from "./spectral.js";
import { waveletKernels } from "./wavelet-kernels.js";

/** One map that a filter makes. */
export interface ResponseMap {
  /** E.g. "log-3mm": begins the names of its features. */
  readonly name: string;
  /** Every so manieth voxel along x, y, z belongs to the map. */
  readonly decimation: Vec3;
  /** Response in a box of the image, x fastest. */
  readonly compute: (source: ImageSource, box: IndexBox) => Float64Array;
}

const KINDS = ["mean", "log", "laws", "gabor", "wavelet", "simoncelli"] as const;

const POOLINGS = ["max", "min", "average"] as const;

/** @throws InputError naming the option at fault, what was found and what is possible. */
export function responseMaps(filter: Filter): ResponseMap[] {
  if (typeof filter !== "object" || filter === null || Object.keys(filter).length !== 1) {
    throw new InputError(
      `a filter is one of ${KINDS.join(", ")} with its options, found ${JSON.stringify(filter)}. E.g. { log: { sigmaMm: 3 } }.`,
    );
  }
  if ("mean" in filter) return meanMaps(filter.mean);
  if ("log" in filter) return logMaps(filter.log);
  if ("laws" in filter) return lawsMaps(filter.laws);
  if ("gabor" in filter) return gaborMaps(filter.gabor);
  if ("wavelet" in filter)
    return waveletMaps(typeof filter.wavelet === "string" ? { name: filter.wavelet } : filter.wavelet);
  if ("simoncelli" in filter) return simoncelliMaps(filter.simoncelli);
  throw new InputError(`there is no filter "${Object.keys(filter)[0]}". Choose from ${KINDS.join(", ")}.`);
}

function meanMaps(options: Extract<Filter, { mean: unknown }>["mean"]): ResponseMap[] {
  refuseUnknown("mean", options, ["support"]);
  const domain = checkDomain("mean", options);
  const { support } = options;
  checkNumber(
    "mean.support",
    support,
    (v) => Number.isInteger(v) && v >= 1 && v % 2 === 1,
    "an odd number of voxels",
  );
  return [map(`mean-${support}`, (source, box) => meanMap(source, box, domain, support))];
}

function logMaps(options: LogOptions): ResponseMap[] {
  refuseUnknown("log", options, ["sigmaMm", "cutoff", "riesz"]);
  const domain = checkDomain("log", options);
  const cutoff = options.cutoff ?? 4;
  checkNumber("log.cutoff", cutoff, (v) => v > 0 && v <= 20, "a number of standard deviations, usually 4");
  const riesz = checkRiesz("log.riesz", options.riesz, domain);
  const sigmas = listOf(options.sigmaMm);
  if (sigmas.length === 0) throw new InputError("log.sigmaMm names no standard deviation. Give e.g. [1, 3].");
  return sigmas.map((sigmaMm) => {
    checkNumber("log.sigmaMm", sigmaMm, (v) => v > 0 && v <= 1000, "a positive number of mm");
    return map(`log-${sigmaMm}mm${rieszName(riesz)}`, (source, box) =>
      riesz === null
        ? logMap(source, box, domain, sigmaMm, cutoff)
        : rieszLogMap(source, box, domain, { sigmaMm, cutoff, riesz: riesz.orders }),
    );
  });
}

function lawsMaps(options: LawsFilterOptions): ResponseMap[] {
  refuseUnknown("laws", options, ["kernels", "rotationInvariant", "energyRadius"]);
  const domain = checkDomain("laws", options);
  const kernels = lawsKernels(String(options.kernels), domain.dimensions);
  const pooling = options.rotationInvariant ?? null;
  if (pooling !== null) oneOf("laws.rotationInvariant", pooling, POOLINGS);
  const energyRadius = options.energyRadius ?? null;
  if (energyRadius !== null) {
    checkNumber(
      "laws.energyRadius",
      energyRadius,
      (v) => Number.isInteger(v) && v >= 0,
      "a number of voxels from 0",
    );
  }
  const energy = energyRadius === null ? "" : `-energy${energyRadius}`;
  return [
    map(`laws-${options.kernels}${poolingName(pooling)}${energy}`, (source, box) =>
      lawsMap(source, box, domain, { kernels, pooling, energyRadius }),
    ),
  ];
}

function gaborMaps(options: GaborOptions): ResponseMap[] {
  refuseUnknown("gabor", options, [
    "sigmaMm",
    "wavelengthMm",
    "aspect",
    "thetaDegrees",
    "thetaStepDegrees",
    "pooling",
  ]);
  const domain = checkDomain("gabor", options);
  const {
    sigmaMm,
    wavelengthMm,
    aspect = 1,
    thetaDegrees,
    thetaStepDegrees: step,
    pooling = "average",
  } = options;
  const isPositive = (v: number): boolean => v > 0 && v <= 1000;
  checkNumber("gabor.sigmaMm", sigmaMm, isPositive, "a positive number of mm");
  checkNumber("gabor.wavelengthMm", wavelengthMm, isPositive, "a positive number of mm");
  checkNumber("gabor.aspect", aspect, (v) => v >= 0.01 && v <= 100, "a number from 0.01 to 100");
  oneOf("gabor.pooling", pooling, POOLINGS);
  if (thetaDegrees !== undefined && step !== undefined) {
    throw new InputError("gabor takes thetaDegrees or thetaStepDegrees, found both. Leave one out.");
  }
  checkNumber("gabor.thetaDegrees", thetaDegrees ?? 0, () => true, "a number");
  if (step !== undefined) {
    const turns = (v: number): boolean => v > 0 && v <= 360 && Math.abs(360 / v - Math.round(360 / v)) < 1e-9;
    checkNumber("gabor.thetaStepDegrees", step, turns, "a divisor of 360");
  }
  const count = step === undefined ? 1 : Math.round(360 / step);
  // The opposite direction has the conjugate response, of the same magnitude.
  const needed = count % 2 === 0 ? count / 2 : count;
  const start = thetaDegrees ?? 0;
  const angles = Array.from({ length: needed }, (_, k) => ((start + k * (step ?? 0)) * Math.PI) / 180);
  const across = domain.dimensions === 2 ? ([2] as const) : ([2, 1, 0] as const);
  const direction = step === undefined ? `-theta${start}` : `-step${step}${poolingName(pooling)}`;
  const name = `gabor-${sigmaMm}mm-wave${wavelengthMm}mm-aspect${aspect}${direction}`;
  return [
    map(name, (source, box) =>
      gaborMap(source, box, domain, { sigmaMm, wavelengthMm, aspect, angles, pooling, across }),
    ),
  ];
}

function waveletMaps(options: WaveletFilterOptions): ResponseMap[] {
  refuseUnknown("wavelet", options, ["name", "map", "level", "rotationInvariant", "decimated"]);
  const domain = checkDomain("wavelet", options);
  const { name, level = 1, decimated = false } = options;
  waveletKernels(name);
  checkLevel("wavelet.level", level);
  const pooling = options.rotationInvariant ?? null;
  if (pooling !== null) oneOf("wavelet.rotationInvariant", pooling, POOLINGS);
  const step = 2 ** level;
  const all = allLetters(domain.dimensions);
  const start = `wavelet-${name}`;
  const end = `${level === 1 ? "" : `-level${level}`}${poolingName(pooling)}${decimated ? "-decimated" : ""}`;
  const shared: SharedSteps = { steps: [] };
  return (options.map === undefined ? all : listOf(options.map)).map((letters) => {
    oneOf("wavelet.map", letters, all);
    return {
      ...map(`${start}-${letters}${end}`, (source, box) =>
        waveletMap(source, box, domain, { wavelet: name, letters, level, pooling, shared }),
      ),
      decimation: decimated ? [step, step, domain.dimensions === 3 ? step : 1] : [1, 1, 1],
    };
  });
}

function simoncelliMaps(options: Extract<Filter, { simoncelli: unknown }>["simoncelli"]): ResponseMap[] {
  refuseUnknown("simoncelli", options, ["level", "riesz"]);
  const domain = checkDomain("simoncelli", options);
  const { level = 1 } = options;
  checkLevel("simoncelli.level", level);
  const riesz = checkRiesz("simoncelli.riesz", options.riesz, domain);
  return [
    map(`simoncelli-level${level}${rieszName(riesz)}`, (source, box) =>
      simoncelliMap(source, box, domain, level, riesz?.orders ?? [0, 0, 0]),
    ),
  ];
}

function map(name: string, compute: ResponseMap["compute"]): ResponseMap {
  return { name, decimation: [1, 1, 1], compute };
}

function checkLevel(option: string, level: number): void {
  checkNumber(option, level, (v) => Number.isInteger(v) && v >= 1 && v <= 8, "a whole number from 1 to 8");
}

/** LLH, LHL, … HHH, and LLL at the end. */
function allLetters(dimensions: 2 | 3): string[] {
  const letters = Array.from({ length: 2 ** dimensions }, (_, k) =>
    k.toString(2).padStart(dimensions, "0").replaceAll("0", "L").replaceAll("1", "H"),
  );
  return [...letters.slice(1), letters[0]];
}

function poolingName(pooling: string | null): string {
  return pooling === null ? "" : `-${pooling}`;
}

function rieszName(riesz: RieszCheck): string {
  return riesz === null ? "" : `-riesz${riesz.orders.join("")}`;
}
