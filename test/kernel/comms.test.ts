/** Comms: live values, raw buffers both ways, unknown targets. */
import assert from "node:assert/strict";
import type { JsonObject, Message } from "../../kernel-ext/src/wire/message.js";
import { KernelClient, outline } from "./client.js";

const SCAN = `
({
  [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "a scan" }),
  [Symbol.for("Radbook.live")]: {
    id: "scan-1",
    *answer(request: { kind: string }, buffers: readonly Uint8Array[]) {
      if (request.kind === "fail") throw new Error("cannot");
      if (request.kind === "echo") { yield { content: { length: buffers[0]?.length ?? 0 }, buffers }; return; }
      for (const start of [0, 2]) yield { content: { start }, buffers: [new Uint8Array([start, start + 1, 255])] };
    },
  },
})`;

describe("kernel: comms", () => {
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start();
  });
  after(() => client.close());

  function send(type: string, content: JsonObject, buffers: readonly Uint8Array[] = []): Promise<unknown> {
    return client.request("shell", type, content, { buffers, needsReply: false }).done;
  }

  function heard(
    comm: string,
    test: (data: JsonObject, message: Message) => boolean,
    what: string,
  ): Promise<Message> {
    return client.until(
      (message) => message.content.comm_id === comm && test(message.content.data as JsonObject, message),
      what,
    );
  }

  it("answers the view of a shown value in pieces with raw bytes", async () => {
    const shown = await client.execute(SCAN, {}, { cellId: "c1" });
    await send("comm_open", { comm_id: "v1", target_name: "radbook.live", data: { id: "scan-1" } });
    await send("comm_msg", { comm_id: "v1", data: { request: 7, content: { kind: "voxels" } } });
    await heard("v1", (data) => data.done === true, "the last reply");
    const messages = client.iopub.filter(({ content }) => content.comm_id === "v1");
    assert.deepEqual(outline(messages), ["comm_msg", "comm_msg", "comm_msg"]);
    assert.deepEqual(
      messages.map(({ content }) => content.data),
      [
        { request: 7, content: { start: 0 }, done: false },
        { request: 7, content: { start: 2 }, done: false },
        { request: 7, done: true },
      ],
    );
    assert.deepEqual(
      messages.map(({ buffers }) => buffers.map((bytes) => [...bytes])),
      [[[0, 1, 255]], [[2, 3, 255]], []],
    );
    assert.equal(messages[0]?.parent?.msg_id, shown.reply.parent?.msg_id);
  });

  it("takes raw bytes from the front end", async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
    await send("comm_msg", { comm_id: "v1", data: { request: 8, content: { kind: "echo" } } }, [bytes]);
    const echo = await heard("v1", (data) => data.request === 8, "the echo");
    assert.deepEqual((echo.content.data as JsonObject).content, { length: 100_000 });
    assert.deepEqual(Buffer.from(echo.buffers[0] ?? []), Buffer.from(bytes));
  });

  it("tells the view what failed", async () => {
    await send("comm_msg", { comm_id: "v1", data: { request: 9, content: { kind: "fail" } } });
    const failed = await heard("v1", (data) => data.request === 9, "the failure");
    assert.deepEqual(failed.content.data, { request: 9, error: "cannot", done: true });
  });

  it("lists open comms, by target", async () => {
    const ask = async (content: JsonObject): Promise<unknown> =>
      (await client.request("shell", "comm_info_request", content).done).reply.content;
    assert.deepEqual(await ask({}), { status: "ok", comms: { v1: { target_name: "radbook.live" } } });
    assert.deepEqual(await ask({ target_name: "other" }), { status: "ok", comms: {} });
    await send("comm_close", { comm_id: "v1", data: {} });
    assert.deepEqual(await ask({}), { status: "ok", comms: {} });
  });

  it("closes comms of unknown targets and unknown values, saying why", async () => {
    await send("comm_open", { comm_id: "x", target_name: "jupyter.widget", data: {} });
    const closed = await heard("x", (_, { header }) => header.msg_type === "comm_close", "the refusal");
    assert.match(String((closed.content.data as JsonObject).error), /no comm target "jupyter.widget"/);
    await send("comm_open", { comm_id: "y", target_name: "radbook.live", data: { id: "gone" } });
    const unknown = await heard("y", (_, { header }) => header.msg_type === "comm_close", "the refusal");
    assert.match(String((unknown.content.data as JsonObject).error), /"gone"/);
  });

  it("forgets a shown value when its cell runs again", async () => {
    await client.execute("'something else'", {}, { cellId: "c1" });
    await send("comm_open", { comm_id: "z", target_name: "radbook.live", data: { id: "scan-1" } });
    await heard("z", (_, { header }) => header.msg_type === "comm_close", "the refusal");
  });
});
