/** The synthetic data: the same bytes for the same seed, readable by the library, lesions as their traits say. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { SILENT } from "../../data-scripts/progress.js";
import { type GenerateOptions, generate } from "../../data-scripts/synthetic/generate.js";
import { gridAround } from "../../data-scripts/synthetic/grid.js";
import { drawPatient, PRESETS } from "../../data-scripts/synthetic/patient.js";
import { scanPatient, shapeOf } from "../../data-scripts/synthetic/scan.js";
import * as io from "../../src/io/index.js";
import { freshFolder, put } from "../support/files.js";

function digestOf(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    hash.update(`${name}\n`);
    if (path.extname(name) !== "") hash.update(readFileSync(path.join(folder, name)));
  }
  return hash.digest("hex");
}

describe("the synthetic data set", () => {
  const folder = freshFolder();
  const make = (name: string, changes: Partial<GenerateOptions> = {}): Promise<boolean> =>
    generate(
      { out: path.join(folder(), name), seed: 42, size: "tiny", workers: 0, force: false, ...changes },
      SILENT,
    );

  it("has the same bytes on two runs and in one or three processes, and others for another seed", async () => {
    await make("one");
    await make("two", { workers: 1 });
    await make("three", { workers: 3 });
    await make("other", { seed: 43 });
    const digests = ["one", "two", "three", "other"].map((name) => digestOf(path.join(folder(), name)));
    assert.equal(digests[1], digests[0]);
    assert.equal(digests[2], digests[0]);
    assert.notEqual(digests[3], digests[0]);
  });

  it("is left alone when complete, and replaced whole when asked or when another seed is wanted", async () => {
    assert.equal(await make("data"), true);
    const note = put(path.join(folder(), "data"), "note.txt", "mine");
    assert.equal(await make("data"), false);
    assert.ok(existsSync(note));
    assert.equal(await make("data", { seed: 7 }), true);
    assert.ok(!existsSync(note));
    assert.deepEqual(readdirSync(folder()), ["data"]);
  });

  it("removes what an interrupted run left and keeps the old data until the new are complete", async () => {
    await make("data");
    mkdirSync(path.join(folder(), "data.partial-999999999"));
    await make("data", { force: true });
    assert.deepEqual(readdirSync(folder()), ["data"]);
  });

  it("holds a CT whose contour gives the truth, and a cohort with a scan and a mask for each patient", async () => {
    await make("synthetic");
    const thorax = path.join(folder(), "synthetic", "thorax");
    const ct = await io.readDicom(path.join(thorax, "ct"));
    const drawn = (await io.readRtstruct(path.join(thorax, "rtstruct.dcm"))).mask("GTV-1", ct);
    const truth = await io.readNiftiMask(path.join(thorax, "truth.nii.gz"));
    assert.deepEqual(drawn.voxels, truth.voxels);
    truth.checkGrid(ct.geometry, "the CT");

    const cohort = await io.readCohort(path.join(folder(), "synthetic", "cohort", "clinical.csv"));
    const survival = cohort.survival({ time: "time", event: "event", unit: "months" });
    assert.deepEqual(survival.ids, ["SYN-0001", "SYN-0002", "SYN-0003"]);
    for (const id of survival.ids) {
      const place = (kind: string, end: string): string =>
        path.join(folder(), "synthetic", "cohort", kind, `${id}_${end}.nii.gz`);
      const scan = await io.readNifti(place("volumes", "ct"));
      const mask = await io.readNiftiMask(place("masks", "truth"));
      mask.checkGrid(scan.geometry, "its scan");
    }
  });

  it("tells no hidden cause in the clinical rows", async () => {
    await make("data");
    const [header = ""] = readFileSync(path.join(folder(), "data", "cohort", "clinical.csv"), "utf8").split(
      "\n",
    );
    const allowed =
      "id,age,sex,smoker,scanner,time,event,cause,LVI,PI,EGFR,KRAS,ALK,TP53,PIK3CA,ROS1,PD1_L1,NULL,T4,histology";
    assert.equal(header, allowed);
  });
});

describe("a synthetic lesion", () => {
  // A patient without spicules whose body is a lobulated ellipsoid.
  const patient = [...Array(200).keys()]
    .map((index) => drawPatient(42, index, PRESETS.sbrt, 43))
    .find(({ traits }) => traits.spicules === 0 && traits.logVolume > 8.5);

  it("has the volume of its trait, up to what lobes add", () => {
    assert.ok(patient !== undefined);
    const shape = shapeOf(patient);
    const scan = scanPatient(patient, shape, gridAround(shape.center, [48, 48, 36], [1.5, 1.5, 1.5]));
    const volume = scan.truth.reduce((sum, v) => sum + v, 0) * 1.5 ** 3;
    const wanted = Math.exp(patient.traits.logVolume);
    assert.ok(volume > 0.98 * wanted && volume < 1.6 * wanted, `${volume} v. ${wanted} mm³`);
  });

  it("is denser than the lung around it", () => {
    assert.ok(patient !== undefined);
    const shape = shapeOf(patient);
    const scan = scanPatient(patient, shape, gridAround(shape.center, [48, 48, 36], [1.5, 1.5, 1.5]));
    const mean = (keep: (p: number) => boolean): number => {
      const kept = Array.from(scan.hu).filter((_, p) => keep(p));
      return kept.reduce((a, b) => a + b, 0) / kept.length;
    };
    assert.ok(mean((p) => scan.distance[p] < -2) > -60);
    assert.ok(mean((p) => scan.distance[p] > 6 && scan.distance[p] < 9) < -500);
  });
});
