/** Features of a cohort: order, failures, progress, cancel, resume, several images and regions. */
import assert from "node:assert/strict";
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { InputError } from "../../src/core/errors.js";
import { readCohort } from "../../src/io/index.js";
import { type ExtractionProgress, extractor, type PatientImages } from "../../src/radiomics/index.js";
import { patient, patientFiles } from "../support/cohort-files.js";
import { freshFolder, put } from "../support/files.js";

const extract = extractor({ families: ["intensity statistics", "GLCM"] });

describe("features of a cohort", function () {
  this.timeout(60_000);
  const folder = freshFolder();

  it("are those of each patient alone, from files and from objects, in the order of the patients", async () => {
    const files = await patientFiles(folder(), 4);
    const table = await extract(files, { folder: folder(), workers: 2 });
    const loaded = files.map(({ id }, n): PatientImages => ({ id, ...pick(n) }));
    const fromObjects = await extract(loaded, { workers: 2 });
    assert.deepEqual(table.ids, ["P0", "P1", "P2", "P3"]);
    for (let n = 0; n < 4; n++) {
      const { image, mask } = patient(n);
      const alone = extract(image, mask).features;
      assert.deepEqual(
        alone.map(({ value }) => value),
        table.columns.map(({ values }) => values[n]),
      );
      assert.deepEqual(
        alone.map(({ name, unit }) => [name, unit]),
        table.columns.map(({ name, unit }) => [name, unit]),
      );
    }
    assert.deepEqual(table.columns, fromObjects.columns);
    assert.deepEqual(table.failures, []);
  });

  it("lack only the patients that fail, who are listed with the reason", async () => {
    const files = await patientFiles(folder(), 3);
    const patients = [
      { id: "gone", image: "nowhere.nrrd", mask: "gtv0.nrrd" },
      files[0],
      { id: "empty", image: "ct0.nrrd", mask: "" },
      { id: "label", image: "ct0.nrrd", mask: { file: "gtv0.nrrd", label: 5 } },
      files[2],
    ] as PatientImages[];
    const table = await extract(patients, { folder: folder(), workers: 2 });
    assert.deepEqual(table.ids, ["P0", "P2"]);
    const [gone, empty, label] = table.failures;
    assert.deepEqual(
      table.failures.map(({ id }) => id),
      ["gone", "empty", "label"],
    );
    assert.match(gone?.reason ?? "", /nowhere\.nrrd.*no such file/);
    assert.match(empty?.reason ?? "", /patient "empty": the mask must be/);
    assert.match(label?.reason ?? "", /gtv0\.nrrd: label 5 is not in the file/);
    assert.match(table.notes[0] ?? "", /3 of 5 patients failed, first gone/);
  });

  it("name the image and the region where there are several", async () => {
    const { image, mask, ring } = patient(1);
    const other = patient(2).image;
    const table = await extract([
      { id: "P1", images: { ct: image, pet: other }, masks: { tumor: mask, ring } },
    ]);
    const mean = extract(other, ring).value("stat_mean");
    assert.deepEqual([...table.column("pet_ring_stat_mean")], [mean]);
    assert.equal(table.columns.length, 4 * extract(image, mask).features.length);
  });

  it("refuse a patient whose features cannot share the columns", async () => {
    const { image, mask } = patient(1);
    const table = await extract([
      { id: "P1", image, mask },
      { id: "P2", images: { ct: image }, mask },
    ]);
    assert.deepEqual(table.ids, ["P1"]);
    assert.match(table.failures[0]?.reason ?? "", /differ from those of P1, first at "ct_stat_mean"/);
  });

  it("come from the columns of a cohort that name files and regions", async () => {
    await patientFiles(folder(), 2);
    const csv = put(
      folder(),
      "cohort.csv",
      "id,age,scan,contour,label\nP0,50,ct0.nrrd,gtv0.nrrd,1\nP1,60,ct1.nrrd,gtv1.nrrd,\n",
    );
    const cohort = await readCohort(csv);
    const columns = { image: "scan", mask: "contour" };
    const table = await extract(cohort, { columns, folder: folder() });
    assert.deepEqual(table.ids, cohort.ids);
    await assert.rejects(extract(cohort, { folder: folder() }), /no column "image".*id|no column "image"/);
  });

  it("take patients from a stream, no more of them at once than there are threads", async () => {
    let taken = 0;
    let done = 0;
    async function* stream(): AsyncGenerator<PatientImages> {
      for (let n = 0; n < 5; n++) {
        taken++;
        assert.ok(taken - done <= 2, `${taken} taken, ${done} done`);
        yield { id: `P${n}`, ...pick(n) };
      }
    }
    const seen: ExtractionProgress[] = [];
    const table = await extract(stream(), {
      workers: 2,
      onProgress: (progress) => {
        seen.push(progress);
        done = progress.done;
      },
    });
    assert.deepEqual(table.ids, ["P0", "P1", "P2", "P3", "P4"]);
    assert.deepEqual(
      seen.map(({ done, total, outcome }) => [done, total, outcome]),
      [1, 2, 3, 4, 5].map((n) => [n, null, "computed"]),
    );
  });

  it("refuse ids that repeat or are missing, options that make no sense, and things that are no patients", async () => {
    const one = { id: "P1", ...pick(1) };
    const refuses = (attempt: () => Promise<unknown>, pattern: RegExp): Promise<void> =>
      assert.rejects(attempt, (error: unknown) => {
        assert.ok(error instanceof InputError, String(error));
        assert.match(error.message, pattern);
        return true;
      });
    await refuses(() => extract([one, one]), /"P1" occurs twice/);
    await refuses(() => extract([{ ...one, id: "" }]), /every patient needs an id/);
    await refuses(
      () => extract([one], { workers: 0 }),
      /workers must be a whole number from 1 to 64, found 0/,
    );
    await refuses(() => extract(7 as unknown as PatientImages[]), /a list of patients/);
    await refuses(() => extract([null as unknown as PatientImages]), /every patient needs an id/);
  });

  it("stop when the signal says so, with its reason, and are kept in the journal so far", async () => {
    const files = await patientFiles(folder(), 6);
    const journal = path.join(folder(), "features.journal");
    const stop = new AbortController();
    const attempt = extract(files, {
      folder: folder(),
      workers: 1,
      journal,
      signal: stop.signal,
      onProgress: ({ done }) => {
        if (done === 2) stop.abort(new Error("enough"));
      },
    });
    await assert.rejects(attempt, /enough/);
    const outcomes = await outcomesOf(files, journal);
    assert.equal(outcomes.filter((outcome) => outcome === "from the journal").length >= 2, true);
    assert.equal(outcomes.filter((outcome) => outcome === "computed").length >= 1, true);
    await assert.rejects(extract(files, { folder: folder(), signal: AbortSignal.abort() }), {
      name: "AbortError",
    });
  });

  it("are taken from the journal, but computed again where it is torn, or files or settings have changed", async () => {
    const files = await patientFiles(folder(), 3);
    const journal = path.join(folder(), "features.journal");
    const [computed, known] = ["computed", "from the journal"];
    assert.deepEqual(await outcomesOf(files, journal), [computed, computed, computed]);
    const first = await extract(files, { folder: folder() });
    const again = await extract(files, { folder: folder(), journal });
    assert.deepEqual(again.columns, first.columns);
    assert.deepEqual(again.notes, ["3 of 3 rows taken from the journal"]);

    truncateSync(journal, readFileSync(journal).length - 40);
    assert.deepEqual((await outcomesOf(files, journal)).filter((o) => o === computed).length, 1);
    appendFileSync(journal, '\n{"sha256":"00');
    assert.deepEqual(await outcomesOf(files, journal), [known, known, known]);

    writeFileSync(path.join(folder(), "ct1.nrrd"), readFileSync(path.join(folder(), "ct2.nrrd")));
    const changed = await extract(files, { folder: folder(), journal, workers: 1 });
    assert.ok(changed.notes.includes("1 computed again: the journal had them with other inputs"));
    assert.notDeepEqual(changed.column("stat_mean")[1], first.column("stat_mean")[1]);

    const finer = extractor({ families: ["intensity statistics", "GLCM"], discretize: { binCount: 8 } });
    const other = await finer(files, { folder: folder(), journal });
    assert.ok(other.notes.includes("3 computed again: the journal had them with other settings"));
    const labeled = files.map(({ mask, ...rest }) => ({ ...rest, mask: { file: mask, label: 1 } }));
    const relabeled = await finer(labeled, { folder: folder(), journal });
    assert.ok(relabeled.notes.includes("3 computed again: the journal had them with other settings"));

    await assert.rejects(
      extract(files, { folder: folder(), journal: "ct0.nrrd" }),
      /ct0\.nrrd: this file is no journal/,
    );
  });

  it("say how they were made", async () => {
    const files = await patientFiles(folder(), 1);
    const { provenance } = await extract(files, { folder: folder() });
    const { settings, radbook, node, date, inputs } = provenance;
    assert.equal((settings as { convention: string }).convention, "ibsi");
    assert.match(radbook, /^\d+\.\d+\.\d+/);
    assert.equal(node, process.version);
    assert.equal(new Date(date).toISOString(), date);
    const { createHash } = await import("node:crypto");
    const sha256 = (file: string): string =>
      createHash("sha256")
        .update(readFileSync(path.join(folder(), file)))
        .digest("hex");
    assert.deepEqual(inputs, [
      { id: "P0", kind: "image", name: "", file: "ct0.nrrd", sha256: sha256("ct0.nrrd") },
      { id: "P0", kind: "region", name: "", file: "gtv0.nrrd", sha256: sha256("gtv0.nrrd") },
    ]);
  });

  async function outcomesOf(patients: PatientImages[], journal: string): Promise<string[]> {
    const outcomes = new Map<string, string>();
    await extract(patients, {
      folder: folder(),
      journal,
      onProgress: ({ id, outcome }) => void outcomes.set(id, outcome),
    });
    return patients.map(({ id }) => outcomes.get(id) ?? "");
  }
});

function pick(seed: number): Pick<ReturnType<typeof patient>, "image" | "mask"> {
  const { image, mask } = patient(seed);
  return { image, mask };
}
