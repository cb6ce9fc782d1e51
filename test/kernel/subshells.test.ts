/** Subshells (JEP 91): created, listed and deleted over control; their cells run while those of another shell wait. */
import assert from "node:assert/strict";
import type { Message } from "../../kernel-ext/src/wire/message.js";
import { type Exchange, KernelClient, outline, resultText, streamText } from "./client.js";

describe("kernel: subshells", () => {
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start();
    await client.execute("let open: (() => void) | undefined; let count = 0;");
  });
  after(() => client.close());

  async function control(type: string, content: Record<string, unknown> = {}): Promise<Message> {
    const { reply, published } = await client.request("control", type, content).done;
    assert.deepEqual(outline(published).slice(0, 2), ["status busy", "status idle"]);
    assert.equal(reply.header.msg_type, type.replace("_request", "_reply"));
    return reply;
  }

  async function create(): Promise<string> {
    return String((await control("create_subshell_request")).content.subshell_id);
  }

  function run(
    subshell: string | null,
    code: string,
    content: Record<string, unknown> = {},
  ): Promise<Exchange> {
    return client.request(
      "shell",
      "execute_request",
      { code, ...content },
      { header: { subshell_id: subshell } },
    ).done;
  }

  it("are told of, created, listed and deleted", async () => {
    const info = await client.request("shell", "kernel_info_request", {}).done;
    assert.ok((info.reply.content.supported_features as string[]).includes("kernel subshells"));
    const ids = [await create(), await create()];
    assert.notEqual(ids[0], ids[1]);
    assert.deepEqual((await control("list_subshell_request")).content, { status: "ok", subshell_id: ids });
    assert.deepEqual((await control("delete_subshell_request", { subshell_id: ids[0] })).content, {
      status: "ok",
    });
    assert.deepEqual((await control("list_subshell_request")).content.subshell_id, [ids[1]]);
    const again = await control("delete_subshell_request", { subshell_id: ids[0] });
    assert.equal(again.content.status, "error");
    assert.match(String(again.content.evalue), /there is no subshell/);
    await control("delete_subshell_request", { subshell_id: ids[1] });
  });

  it("run their cells while a cell of the main shell waits, each with its own output", async () => {
    const subshell = await create();
    const main = client.begin(
      "console.log('main begins'); await new Promise<void>((done) => { open = done; }); console.log('main ends'); count",
    );
    await client.until(({ content }) => content.text === "main begins\n", "the main cell");
    const behind = client.begin("'behind'");
    const beside = await run(subshell, "count += 1; console.log('beside'); await Promise.resolve(); count");
    assert.equal(resultText(beside), "1");
    assert.equal(streamText(beside.published), "beside\n");
    assert.deepEqual(outline(beside.published), [
      "status busy",
      "execute_input",
      "stream stdout",
      "execute_result",
      "status idle",
    ]);
    await run(subshell, "open!()");
    const exchange = await main.done;
    assert.equal(streamText(exchange.published), "main begins\nmain ends\n");
    assert.equal(resultText(exchange), "1");
    assert.equal(resultText(await behind.done), "'behind'");
    await control("delete_subshell_request", { subshell_id: subshell });
  });

  it("have a count, a history and a queue of their own", async () => {
    const subshell = await create();
    const counts = [await run(subshell, "'a'"), await run(subshell, "'b'")];
    assert.deepEqual(
      counts.map(({ reply }) => reply.content.execution_count),
      [1, 2],
    );
    const { reply } = await client.request(
      "shell",
      "history_request",
      { hist_access_type: "range", session: 0, output: false, raw: true },
      { header: { subshell_id: subshell } },
    ).done;
    assert.deepEqual(reply.content.history, [
      [0, 1, "'a'"],
      [0, 2, "'b'"],
    ]);
    const failing = [run(subshell, "throw new Error('stop')"), run(subshell, "'aborted'")];
    const other = client.begin("'goes on'");
    assert.deepEqual(
      (await Promise.all(failing)).map((one) => one.reply.content.status),
      ["error", "aborted"],
    );
    assert.equal(resultText(await other.done), "'goes on'");
    await control("delete_subshell_request", { subshell_id: subshell });
  });

  it("are interrupted with all others, and keep the state", async () => {
    const subshell = await create();
    const begin = "console.log('waits'); await new Promise(() => {});";
    const pending = [client.begin(begin).done, run(subshell, begin)];
    await client.until(() => streamText(client.iopub).split("waits").length === 3, "both cells");
    await client.request("control", "interrupt_request", {}).done;
    for (const { reply } of await Promise.all(pending)) assert.equal(reply.content.ename, "Interrupted");
    assert.equal(resultText(await run(subshell, "count")), "1");
    await control("delete_subshell_request", { subshell_id: subshell });
  });

  it("answer comm messages for them, and refuse what is for a shell that is not there", async () => {
    const subshell = await create();
    const header = { subshell_id: subshell };
    await client.execute("comm.onOpen('echo', (one) => one.onMessage((data) => one.send(data)));");
    const extra = { header, needsReply: false };
    await client.request("shell", "comm_open", { comm_id: "s1", target_name: "echo", data: {} }, extra).done;
    await client.request("shell", "comm_msg", { comm_id: "s1", data: { n: 5 } }, extra).done;
    const echoed = await client.until(({ content }) => content.comm_id === "s1", "the echo");
    assert.deepEqual(echoed.content.data, { n: 5 });
    await control("delete_subshell_request", { subshell_id: subshell });

    const refused = await run(subshell, "'unheard'");
    assert.deepEqual(outline(refused.published), ["status busy", "status idle"]);
    assert.equal(refused.reply.header.msg_type, "execute_reply");
    assert.equal(refused.reply.content.status, "error");
    const completed = await client.request(
      "shell",
      "complete_request",
      { code: "a", cursor_pos: 1 },
      { header },
    ).done;
    assert.equal(completed.reply.content.status, "error");
    const lost = await client.request("shell", "comm_msg", { comm_id: "s1", data: {} }, extra).done;
    assert.deepEqual(outline(lost.published), ["status busy", "status idle"]);
  });
});
