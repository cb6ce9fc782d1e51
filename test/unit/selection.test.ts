/** The selection: the front end's model, what a figure's payload may say of patients, and the library's value without a kernel. */
import assert from "node:assert/strict";
import { checkFigurePayload } from "../../labextension/src/figure/spec.js";
import { choose } from "../../labextension/src/selection/choice.js";
import { LONGEST_ID, MOST_IDS, SelectionModel, selectionOf } from "../../labextension/src/selection/model.js";
import { DISPLAY } from "../../src/core/display.js";
import { Selection } from "../../src/selection.js";
import { shown } from "../support/display.js";
import { examples, ids } from "../support/figure-examples.js";

const plain = { ctrlKey: false, metaKey: false, shiftKey: false };

describe("the model of the selection", () => {
  it("holds each patient once, in the order of choosing, and tells only what changes", () => {
    const model = new SelectionModel();
    let told = 0;
    const end = model.watch(() => told++);
    model.set(["b", "a", "b"], "figure");
    model.set(["b", "a"], "table");
    assert.deepEqual([model.ids, model.source, told], [["b", "a"], "figure", 1]);
    model.add(["c"], "table");
    assert.deepEqual([model.ids, model.source], [["b", "a", "c"], "table"]);
    end();
    model.clear("bar");
    assert.deepEqual([model.ids, told], [[], 2]);
  });

  it("takes patients out only where all of them are chosen", () => {
    const model = new SelectionModel();
    model.set(["a", "b"], "figure");
    model.toggle(["b", "c"], "figure");
    assert.deepEqual(model.ids, ["a", "b", "c"]);
    model.toggle(["b", "c"], "figure");
    assert.deepEqual(model.ids, ["a"]);
    assert.deepEqual(
      [model.part(["a", "b"]), model.part(["a"]), model.part(["z"]), model.part([])],
      ["some", "all", "none", "none"],
    );
  });

  it("chooses anew by a click and adds with a modifier key", () => {
    const choice = { model: new SelectionModel(), open: () => undefined };
    choose(choice, ["a"], "figure", plain);
    choose(choice, ["b"], "figure", { ...plain, metaKey: true });
    assert.deepEqual(choice.model.ids, ["a", "b"]);
    choose(choice, ["a"], "figure", { ...plain, shiftKey: true });
    assert.deepEqual(choice.model.ids, ["b"]);
    choose(choice, ["c"], "figure", plain);
    assert.deepEqual(choice.model.ids, ["c"]);
  });

  it("is one for each notebook", () => {
    const [one, other] = [{}, {}];
    assert.equal(selectionOf(one), selectionOf(one));
    assert.notEqual(selectionOf(one), selectionOf(other));
    assert.notEqual(selectionOf(null), selectionOf(null));
  });

  it("takes no id that is no text, empty or too long, and no more than it holds", () => {
    const model = new SelectionModel();
    const hostile = ["ok", "", "x".repeat(LONGEST_ID + 1), 7, null, { toString: () => "P1" }, ["P1"]];
    model.set(hostile as never, "figure");
    assert.deepEqual(model.ids, ["ok"]);
    model.set(
      Array.from({ length: MOST_IDS + 5 }, (_, i) => `P${i}`),
      "figure",
    );
    assert.equal(model.ids.length, MOST_IDS);
  });
});

describe("patients in a figure's payload", () => {
  const payload = (groups: unknown): unknown => ({
    version: 1,
    kind: "roc",
    alternative: "",
    spec: {},
    groups,
  });

  it("keeps groups of texts and leaves out what is no id", () => {
    const { groups } = checkFigurePayload(payload({ low: ["a", 3, "", "b", "a"], high: [] }));
    assert.deepEqual(groups, { low: ["a", "b"], high: [] });
  });

  it("refuses groups that are no lists or too long", () => {
    for (const bad of [
      "low",
      [],
      { low: "a" },
      { low: { length: 3 } },
      { low: new Array(MOST_IDS + 1).fill("a") },
    ])
      assert.throws(() => checkFigurePayload(payload(bad)), /damaged/);
  });

  it("survives names that every object has", () => {
    const { groups } = checkFigurePayload(payload(JSON.parse('{"__proto__":["a"],"constructor":["b"]}')));
    assert.deepEqual(Object.entries(groups ?? {}).at(-1), ["constructor", ["b"]]);
    assert.equal(({} as Record<string, unknown>).a, undefined);
  });
});

describe("patients in figures", () => {
  const known = new Set(ids);

  /** Ids of all rows of a figure: of one patient, of several, and by group. */
  async function idsOf(name: string): Promise<readonly string[]> {
    const { data } = await shown(examples[name]?.() ?? assert.fail(name));
    const { spec, groups } = checkFigurePayload(data["application/vnd.radbook.figure+json"]);
    const rows = (spec.layer as unknown as { data: { values: Record<string, unknown>[] } }[]).flatMap(
      (layer) => layer.data.values,
    );
    return rows.flatMap(({ id, ids: several, group }) =>
      typeof id === "string" ? [id] : ((several as string[] | undefined) ?? groups?.[String(group)] ?? []),
    );
  }

  for (const name of [
    "kaplan-meier",
    "cumulative-incidence",
    "shap-beeswarm",
    "dependence",
    "shap-heatmap",
    "shap-bar-by",
    "histogram",
    "histogram-by",
    "violin",
    "confusion",
    "calibration",
    "roc",
    "precision-recall",
  ]) {
    it(`${name} stands for every patient, and for nobody else`, async () => {
      const found = new Set(await idsOf(name));
      assert.deepEqual(
        [...found].filter((id) => !known.has(id)),
        [],
      );
      assert.equal(found.size, ids.length);
    });
  }

  it("waterfall and force stand for their patient", async () => {
    for (const name of ["waterfall", "force"]) assert.deepEqual([...new Set(await idsOf(name))], ["P003"]);
  });
});

describe("selection without a kernel", () => {
  it("holds what was set, tells who listens, and shows itself", () => {
    const selection = new Selection();
    const heard: (readonly string[])[] = [];
    const end = selection.subscribe((chosen) => heard.push(chosen));
    selection.set(new Set(["P2", "P1"]));
    end();
    const show = Reflect.get(selection, DISPLAY) as () => Record<string, unknown>;
    assert.equal(show()["text/plain"], "Selection: 2 patients are chosen: P2, P1");
    selection.clear();
    assert.deepEqual([heard, selection.ids, selection.length], [[["P2", "P1"]], [], 0]);
  });

  it("refuses a list of patients with one twice or without an image", async () => {
    const selection = new Selection();
    const patient = { id: "P1", image: "a.nrrd", mask: "b.nrrd" };
    assert.throws(() => selection.opens([patient, patient]), /"P1" occurs twice/);
    assert.throws(() => selection.opens([{ id: "P1", mask: "b.nrrd" } as never]), /has no image/);
    await assert.rejects(selection.scan("P1"), /nobody has said where the scans are/);
  });
});
