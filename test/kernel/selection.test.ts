/** The chosen patients, shared by a view's comm and the cells: both ways, while a cell blocks, before the import, with scans. */
import assert from "node:assert/strict";
import type { JsonObject } from "../../kernel-ext/src/wire/message.js";
import { KernelClient, resultText } from "./client.js";

const PATIENTS = `import { Mask, selection, Volume } from "radbook";
const geometry = { size: [6, 6, 6], spacing: [1, 1, 1], origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as const;
const inside = new Uint8Array(216);
inside[2 + 6 * (3 + 6 * 4)] = 1;
selection.opens(["P1", "P2"].map((id) => ({
  id,
  image: new Volume(Float32Array.from({ length: 216 }, (_, p) => p), geometry),
  mask: id === "P2" ? "nowhere.nrrd" : new Mask(inside, geometry, "GTV"),
})), { heat: (scan) => scan });`;

describe("kernel: the selection", () => {
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start();
  });
  after(() => client.close());

  const send = (type: string, content: JsonObject): Promise<unknown> =>
    client.request("shell", type, content, { needsReply: false }).done;
  const open = (comm: string, value?: readonly string[]): Promise<unknown> =>
    send("comm_open", {
      comm_id: comm,
      target_name: "radbook.state",
      data: { name: "selection", ...(value === undefined ? {} : { value: [...value] }) },
    });
  const say = (comm: string, data: JsonObject): Promise<unknown> => send("comm_msg", { comm_id: comm, data });
  const told = async (comm: string, test: (data: JsonObject) => boolean): Promise<JsonObject> => {
    const message = await client.until(
      ({ header, content }) =>
        header.msg_type === "comm_msg" && content.comm_id === comm && test(content.data as JsonObject),
      `a message of ${comm}`,
    );
    return message.content.data as JsonObject;
  };
  const cell = async (code: string): Promise<string> => String(resultText(await client.execute(code)));

  it("knows in its first cell what was chosen before anything was imported", async () => {
    await open("v1");
    await say("v1", { value: ["P3", "P1"], number: 1 });
    assert.equal(await cell('import { selection } from "radbook";\nselection.ids.join(" ")'), "'P3 P1'");
    assert.deepEqual(await told("v1", ({ seen }) => seen === 1), { value: ["P3", "P1"], seen: 1 });
  });

  it("has the right value in the next cell although the click came while a cell blocked the process", async () => {
    const blocking = client.execute(
      'console.log("busy"); const end = Date.now() + 700; while (Date.now() < end); selection.ids[0]',
    );
    await client.until(({ content }) => String(content.text).includes("busy"), "a busy process");
    await say("v1", { value: ["P7"], number: 2 });
    const next = client.execute("selection.ids[0]");
    assert.equal(resultText(await blocking), "'P3'");
    assert.equal(resultText(await next), "'P7'");
  });

  it("tells every view what a cell chose, and a view that opens later", async () => {
    await open("v2");
    assert.deepEqual(await told("v2", () => true), { value: ["P7"], seen: 0 });
    await cell('selection.set(["P1", "P2", "P1"])');
    for (const [view, seen] of [
      ["v1", 2],
      ["v2", 0],
    ] as const) {
      const found = await told(view, ({ value }) => JSON.stringify(value) === '["P1","P2"]');
      assert.deepEqual(found, { value: ["P1", "P2"], seen });
    }
    await cell("selection.clear()");
    assert.deepEqual(await told("v1", ({ value }) => JSON.stringify(value) === "[]"), { value: [], seen: 2 });
    assert.equal(await cell("selection"), "Selection: nobody is chosen");
  });

  it("calls a cell that listens, in that cell, and no more once the cell has run again", async () => {
    const listen = 'selection.subscribe((ids) => console.log("heard " + ids.join()));';
    const first = await client.execute(listen, {}, { cellId: "listens" });
    await say("v1", { value: ["P4"], number: 3 });
    const heard = (text: string) =>
      client.until(({ content }) => String(content.text).includes(text), `the words ${text}`);
    assert.equal((await heard("heard P4")).parent?.msg_id, first.reply.parent?.msg_id);
    await client.execute(listen, {}, { cellId: "listens" });
    await say("v1", { value: ["P5"], number: 4 });
    await heard("heard P5");
    await cell("1");
    const words = client.iopub.filter(({ content }) => String(content.text).includes("heard P5"));
    assert.equal(
      words
        .map(({ content }) => String(content.text))
        .join("")
        .match(/heard P5/g)?.length,
      1,
    );
  });

  it("says in words why it cannot open a scan", async () => {
    await say("v1", { request: 1, content: { id: "P1" } });
    assert.match(String((await told("v1", ({ request }) => request === 1)).error), /no cell has said yet/);
    await cell(PATIENTS);
    await say("v1", { request: 2, content: { id: "P9" } });
    assert.match(
      String((await told("v1", ({ request }) => request === 2)).error),
      /knows 2 patients, but not "P9"/,
    );
    await say("v1", { request: 3, content: { id: "P2" } });
    assert.match(
      String((await told("v1", ({ request }) => request === 3)).error),
      /nowhere\.nrrd: there is no such file/,
    );
  });

  it("answers with the scan at the lesion, its heat map, and its voxels on request", async () => {
    await say("v1", { request: 4, content: { id: "P1" } });
    const { shown } = await told("v1", ({ request }) => request === 4);
    const payload = ((shown as JsonObject).data as JsonObject)[
      "application/vnd.radbook.volume+json"
    ] as JsonObject;
    assert.deepEqual(payload.cursor, [2, 3, 4]);
    assert.equal(payload.name, "P1");
    assert.ok(payload.heat !== undefined);
    await send("comm_open", {
      comm_id: "voxels",
      target_name: "radbook.live",
      data: { id: payload.id as string },
    });
    await say("voxels", { request: 1, content: { kind: "voxels" } });
    assert.deepEqual(await told("voxels", ({ done }) => done === true), { request: 1, done: true });
  });

  it("reads nothing but texts as ids, whatever a client sends", async () => {
    await say("v1", { value: ["P1", 7, null, { toString: "x" }], number: 5 });
    assert.equal(await cell("selection.ids.join()"), "'P1'");
    await say("v1", { value: "P1", number: 6 });
    assert.equal(await cell("selection.length"), "0");
    await send("comm_open", { comm_id: "odd", target_name: "radbook.state", data: {} });
    const closed = await client.until(({ content }) => content.comm_id === "odd", "the refusal");
    assert.equal(closed.header.msg_type, "comm_close");
  });

  it("refuses ids that are none", async () => {
    for (const [code, words] of [
      ['selection.set("P1")', /takes a list/],
      ['selection.set([""])', /1 to 200 characters/],
      ['selection.set(["x".repeat(201)])', /1 to 200 characters/],
      ['selection.set(Array.from({ length: 100_001 }, (_, i) => "P" + i))', /up to 100000 patients/],
    ] as const) {
      const { reply } = await client.execute(code);
      assert.match(String(reply.content.evalue), words);
    }
  });
});
