/**
 * What a view carries from the kernel to the front end: the only thing that the extension knows of the library.
 *
 * Layer:  plot; imports core (types).
 */
import type { Json } from "../core/display.js";
import type { Geometry, Vec3 } from "../core/geometry.js";

/** MIME type of a scan with its regions. */
export type VolumeMime = "application/vnd.radbook.volume+json";
/** MIME type of several scans beside each other. */
export type VolumesMime = "application/vnd.radbook.volumes+json";
/** MIME type of a figure. */
export type FigureMime = "application/vnd.radbook.figure+json";

/** Bytes inside JSON: gzip, then base64. */
export interface PackedBytes {
  readonly encoding: "gzip+base64";
  readonly data: string;
}

/** Grey values between centre ± width / 2 are shown from black to white. */
export interface GreyWindow {
  readonly center: number;
  readonly width: number;
}

export interface RegionPayload {
  readonly name: string;
  /** CSS hexadecimal colour. */
  readonly color: string;
  /** One byte a voxel of the scan's grid, 1 inside. */
  readonly mask: PackedBytes;
}

/** A part of the scan that travels with the notebook, so that the view works without a kernel. */
export interface EmbeddedVoxels {
  /** First voxel of the part in the scan's grid. */
  readonly offset: Vec3;
  /** Voxels of the part along each axis. */
  readonly size: Vec3;
  /** 1 for every voxel; 2 for every second one along each axis, at `offset + 2 × index`; and so on. */
  readonly step: number;
  /** Grey value = byte × slope + intercept. The lowest and highest byte also stand for whatever lies beyond. */
  readonly slope: number;
  readonly intercept: number;
  /** The byte of voxels without a number; absent where each has one. */
  readonly missing?: 0;
  /** One byte a voxel. */
  readonly voxels: PackedBytes;
}

/** Colored values over the scan. */
export interface HeatPayload {
  readonly name: string;
  /** Unit of the values, "" for a pure number. */
  readonly unit: string;
  /** Values at the ends of the color bar. */
  readonly range: readonly [number, number];
  /** 0 to 1, at first. */
  readonly opacity: number;
  /** CSS hexadecimal colors, evenly spaced from the low to the high end. */
  readonly colors: readonly string[];
  /** Values below are not drawn at first; absent for none. */
  readonly threshold?: number;
  /** First voxel of the part that has values, in the scan's grid. */
  readonly offset: Vec3;
  /** Voxels of the part along each axis. */
  readonly size: Vec3;
  /** 1 for every voxel; 2 for every second one along each axis; and so on. */
  readonly step: number;
  /** One byte a voxel: 0 is not drawn, 1 the low end, 255 the high end. */
  readonly levels: PackedBytes;
}

/** A scan as it lies in the notebook: everything but the voxels, which the view asks for. */
export interface VolumePayload {
  readonly version: 1;
  /** Names the kernel's object; the view opens comm target `radbook.live` with it. */
  readonly id: string;
  readonly name: string;
  readonly modality: string;
  /** Unit of the grey values, "" if arbitrary. */
  readonly unit: string;
  readonly geometry: Geometry;
  /** Smallest and largest grey value. */
  readonly range: readonly [number, number];
  readonly window: GreyWindow;
  /** Voxel at which the three planes meet at first. */
  readonly cursor: Vec3;
  readonly regions: readonly RegionPayload[];
  readonly heat?: HeatPayload;
  readonly embedded?: EmbeddedVoxels;
}

/** Several scans in one view. */
export interface VolumesPayload {
  readonly version: 1;
  /** Names the kernel's object, which answers for all scans. */
  readonly id: string;
  /** Whether the scans are moved together at first. */
  readonly link: boolean;
  /** A sentence for the reader, "" for none. */
  readonly note: string;
  readonly scans: readonly VolumePayload[];
}

/** Request of the volume view over its comm. */
export interface VoxelsRequest {
  readonly kind: "voxels";
  /** Which scan of several. */
  readonly scan?: number;
}

/**
 * `content` of the first answer to `VoxelsRequest` of a large scan: every `step`-th voxel along each axis, so that the view opens
 * before all have arrived. The buffer beside it holds the values, little-endian, x fastest.
 */
export interface CoarseVoxels {
  readonly kind: "coarse";
  readonly type: "int16" | "float32";
  readonly step: number;
  /** Voxels of the copy along each axis. */
  readonly size: Vec3;
}

/** `content` of each answer to `VoxelsRequest`; the one buffer beside it holds the values, little-endian. */
export interface VoxelsChunk {
  readonly kind: "voxels";
  readonly type: "int16" | "float32";
  /** Index of the chunk's first voxel, x fastest. */
  readonly start: number;
  readonly count: number;
  /** Voxels in the whole scan. */
  readonly total: number;
}

/** What a figure shows. */
export type FigureKind =
  | "adjusted-curves"
  | "bland-altman"
  | "calibration"
  | "coefficient-path"
  | "confusion-matrix"
  | "correlation"
  | "cox-residuals"
  | "cross-validation"
  | "cumulative-incidence"
  | "cut-point"
  | "decision-curve"
  | "event-times"
  | "forest"
  | "functional-form"
  | "grid"
  | "histogram"
  | "kaplan-meier"
  | "learning-curve"
  | "nomogram"
  | "partial-dependence"
  | "precision-recall"
  | "roc"
  | "schoenfeld"
  | "shap-bar"
  | "shap-beeswarm"
  | "shap-decision"
  | "shap-dependence"
  | "shap-embedding"
  | "shap-force"
  | "shap-force-stack"
  | "shap-group-difference"
  | "shap-heatmap"
  | "shap-interactions"
  | "shap-layered-violin"
  | "shap-monitoring"
  | "shap-violin"
  | "shap-waterfall"
  | "time-dependent-auc"
  | "upset"
  | "violin"
  | "volcano";

/**
 * A figure as it lies in the notebook.
 *
 * A row of its data stands for patients, so that choosing its mark chooses them in every view of the notebook:
 * `id` (text) for one; `ids` (list of texts) for several; else `group`, a name in `groups`, for all of a group. A line or an
 * area is one mark of many rows: it stands for their `id` or `group`. Rows without any of these stand for nobody. Legend entries
 * that are names in `groups` can be chosen, too.
 */
export interface FigurePayload {
  readonly version: 1;
  readonly kind: FigureKind;
  /** What the figure shows, in words, with its numbers: the text alternative. */
  readonly alternative: string;
  /** Vega-Lite v5 specification with its data inline. */
  readonly spec: { readonly [key: string]: Json };
  /** Colors of the specification and what takes their place on a dark page. */
  readonly dark?: { readonly [color: string]: string };
  /** Patients of each group that rows name in their field `group`. */
  readonly groups?: FigureGroups;
}

/** Patient ids by the name of their group, e.g. of a curve. */
export interface FigureGroups {
  readonly [group: string]: readonly string[];
}
