/**
 * The images of a region, computed side by side in several threads where that is worth it.
 *
 * Images are made in one thread, one after the other, as filters share their steps: what takes the time is their features.
 * Layer:  radiomics; imports core, workers, image-features, catalogue and their like in pyradiomics.
 */

import { runWithSideThreads, startSideThreads, threadsAtOnce } from "../workers/side-threads.js";
import { sharedCopy } from "../workers/side-work.js";
import { threadEntry } from "../workers/thread-entry.js";
import { checkWorkers } from "../workers/worker-count.js";
import { catalogue, type FeatureDefinition } from "./catalogue.js";
import type { Feature } from "./feature-set.js";
import { type IbsiImage, type IbsiImages, ibsiImageFeatures } from "./image-features.js";
import { marginCatalogue } from "./margin.js";
import { pyradiomicsCatalogue } from "./pyradiomics/catalogue.js";
import {
  type PyradiomicsImage,
  type PyradiomicsImages,
  pyradiomicsImageFeatures,
} from "./pyradiomics/image-features.js";

/** Fewer voxels are done before a thread has started. */
const WORTH_VOXELS = 10_000;

/** Their module lies beside `index.ts`, as that of a cohort. */
const THREAD = "../image-thread";

/** What the images of a region have in common, and those images. */
export type ImageWork =
  | { readonly common: IbsiImages; readonly images: Iterable<IbsiImage> }
  | { readonly common: PyradiomicsImages; readonly images: Iterable<PyradiomicsImage> };

type Common = ImageWork["common"];
type Image = IbsiImage | PyradiomicsImage;

/** A feature on its way between threads, with the name of its definition. */
type SentFeature = Omit<Feature, "definition"> & { readonly definition: string };

/** @throws InputError unless `workers` is a number of threads or undefined. */
export function threadsFor(workers: number | undefined, isSeveral: boolean, voxels: number): number {
  if (workers === undefined) return isSeveral && voxels >= WORTH_VOXELS ? threadsAtOnce() : 1;
  const asked = checkWorkers(workers, `${threadsAtOnce()} here`);
  return isSeveral ? asked : 1;
}

/** Starts the threads, for who knows that they will be needed and has to read a scan first. */
export function startImageThreads(threads: number = threadsAtOnce()): Promise<void> {
  return startSideThreads(threadEntry(THREAD), threads);
}

/** Features of all images, in their order. */
export function computeImages({ common, images }: ImageWork, threads: number): Feature[] {
  const tasks = function* (): Generator<{ here: () => Feature[]; message: () => unknown }> {
    for (const image of images) {
      yield { here: () => imageFeatures(common, image), message: () => inSharedMemory(image) };
    }
  };
  const work = {
    entry: threadEntry(THREAD),
    common: () => sharedCommon(common),
    tasks: tasks(),
    received: (answer: unknown) => (answer as SentFeature[]).map(received),
  };
  return runWithSideThreads(work, threads).flat();
}

/** What a side thread makes of an image. */
export function answerImage(common: unknown, image: unknown): SentFeature[] {
  const features = imageFeatures(common as Common, image as Image);
  return features.map(({ definition, ...rest }) => ({ ...rest, definition: definition.name }));
}

function imageFeatures(common: Common, image: Image): Feature[] {
  return common.convention === "ibsi"
    ? ibsiImageFeatures(common, image as IbsiImage)
    : pyradiomicsImageFeatures(common, image as PyradiomicsImage);
}

let definitions: ReadonlyMap<string, FeatureDefinition> | undefined;

function received(feature: SentFeature): Feature {
  definitions ??= new Map(
    [catalogue, pyradiomicsCatalogue, marginCatalogue].flatMap(({ features }) =>
      features.map((definition) => [definition.name, definition] as const),
    ),
  );
  return { ...feature, definition: definitions.get(feature.definition) as FeatureDefinition };
}

function sharedCommon(common: Common): Common {
  if (common.convention === "ibsi") {
    // The intensities of the scan itself go with its task.
    const { geometry, box, shapeVoxels, morphology, positions } = common.region;
    return { ...common, region: inSharedMemory({ geometry, box, shapeVoxels, morphology, positions }) };
  }
  const { geometry, positions } = common.region;
  return { ...common, region: inSharedMemory({ geometry, positions }) };
}

/** The same with its arrays in memory that threads share. */
function inSharedMemory<Value extends object>(value: Value): Value {
  const entries = Object.entries(value).map(([key, one]) => {
    const isArray = one instanceof Float64Array || one instanceof Int32Array || one instanceof Uint8Array;
    return [key, isArray ? sharedCopy([one]) : one];
  });
  return Object.fromEntries(entries) as Value;
}
