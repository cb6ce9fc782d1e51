/** Filters of tables over real sockets: the kernel answers with the rows that are left, in the order asked for. */
import assert from "node:assert/strict";
import type { JsonObject } from "../../kernel-ext/src/wire/message.js";
import { KernelClient } from "./client.js";

describe("kernel: filters of tables", () => {
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start();
  });
  after(() => client.close());

  it("filters in the kernel, together with an order, and says how many rows are left", async () => {
    const exchange = await client.execute(
      'display.table(Array.from({ length: 50_000 }, (_, i) => ({ id: "P" + i, n: (i * 7) % 50_000 })))',
    );
    const data = exchange.published.find(({ content }) => content.data)?.content.data as JsonObject;
    const payload = data["application/vnd.radbook.table+json"] as JsonObject;
    const send = (type: string, content: JsonObject): Promise<unknown> =>
      client.request("shell", type, { comm_id: "f", ...content }, { needsReply: false }).done;
    await send("comm_open", { target_name: "radbook.live", data: { id: payload.id } });
    let request = 0;
    const ask = async (filter: unknown, descending: boolean): Promise<JsonObject> => {
      const own = ++request;
      const sort = { column: 1, descending };
      await send("comm_msg", {
        data: {
          request: own,
          content: { kind: "rows", start: 0, count: 2, columns: [0, 1], sort, filter },
        },
      });
      const heard = (isEnd: boolean): ReturnType<typeof client.until> =>
        client.until(({ content }) => {
          const answer = (content.data ?? {}) as JsonObject;
          return content.comm_id === "f" && answer.request === own && (!isEnd || answer.done === true);
        }, "the rows");
      await heard(true);
      return (await heard(false)).content.data as JsonObject;
    };
    const nines = [{ column: 0, sign: ":", value: "p999" }];
    const { content } = await ask(nines, false);
    assert.deepEqual(content, {
      kind: "rows",
      start: 0,
      total: 11,
      rows: [
        ["P999", 6993],
        ["P9990", 19_930],
      ],
    });
    const both = [...nines, { column: 1, sign: "<", value: "19945" }];
    const down = (await ask(both, true)).content as JsonObject;
    assert.deepEqual(
      [down.total, down.rows],
      [
        4,
        [
          ["P9992", 19_944],
          ["P9991", 19_937],
        ],
      ],
    );
    assert.match(String((await ask([{ column: 9, sign: ":", value: "x" }], true)).error), /no column 9/);
  });
});
