/**
 * Messages that no client should send: thousands of them must leave the kernel alive, and a session unharmed.
 *
 * `RADBOOK_FUZZ` sets how many; `npm run fuzz` sends 10,000.
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { type ClientChannel, KEY, KernelClient, resultText, streamText } from "./client.js";

const USUAL = process.env.npm_lifecycle_event === "fuzz" ? 10_000 : 2_000;
const MESSAGES = Number(process.env.RADBOOK_FUZZ ?? USUAL);
const BATCH = 100;

/** Too deep for a parser that recurses, and legal but large. */
const NESTED = "[".repeat(200_000);
const LONG = JSON.stringify({ padding: "x".repeat(2_000_000) });

const TYPES = [
  "execute_request",
  "kernel_info_request",
  "complete_request",
  "inspect_request",
  "is_complete_request",
  "history_request",
  "comm_info_request",
  "comm_open",
  "comm_msg",
  "comm_close",
  "input_reply",
  "interrupt_request",
  "debug_request",
  "create_subshell_request",
  "delete_subshell_request",
  "list_subshell_request",
  "no_such_request",
  "__proto__",
  "constructor",
  "",
];

/** Values of the right name and the wrong kind, and of the right kind and the wrong size. */
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(-1, 1e308, "\u0000", "\ud800", "%", "%%", "../../etc", [], {}, null),
  fc.string({ maxLength: 40 }),
);

const CONTENT_KEYS = [
  "code",
  "cursor_pos",
  "silent",
  "store_history",
  "user_expressions",
  "allow_stdin",
  "stop_on_error",
  "hist_access_type",
  "session",
  "start",
  "stop",
  "n",
  "pattern",
  "unique",
  "output",
  "raw",
  "comm_id",
  "target_name",
  "data",
  "value",
  "detail_level",
  "command",
  "arguments",
  "seq",
  "type",
];

const content = fc.dictionary(
  fc.oneof(fc.constantFrom(...CONTENT_KEYS), fc.string({ maxLength: 8 })),
  value,
  {
    maxKeys: 6,
  },
);

/** How the parts of a message, rightly made, are then spoiled. */
type Damage =
  | { readonly kind: "none" | "forge" | "no delimiter" | "no signature" | "replay" }
  | { readonly kind: "drop" | "swap" | "huge"; readonly at: number }
  | { readonly kind: "json"; readonly at: number; readonly text: string }
  | { readonly kind: "flip"; readonly at: number; readonly byte: number };

const damage: fc.Arbitrary<Damage> = fc.oneof(
  { arbitrary: fc.constantFrom<Damage[]>({ kind: "none" }), weight: 5 },
  fc.constantFrom<Damage[]>(
    { kind: "forge" },
    { kind: "no delimiter" },
    { kind: "no signature" },
    { kind: "replay" },
  ),
  fc.record({ kind: fc.constantFrom("drop" as const, "swap" as const), at: fc.nat(6) }),
  fc.record({ kind: fc.constant("huge" as const), at: fc.nat(3) }),
  fc.record({ kind: fc.constant("json" as const), at: fc.nat(3), text: brokenJson() }),
  fc.record({ kind: fc.constant("flip" as const), at: fc.nat(500), byte: fc.integer({ min: 1, max: 255 }) }),
);

interface Attack {
  readonly channel: ClientChannel;
  readonly type: string;
  readonly header: Record<string, unknown>;
  readonly parent: unknown;
  readonly metadata: unknown;
  readonly content: Record<string, unknown>;
  readonly buffers: readonly Uint8Array[];
  readonly damage: Damage;
}

const attack: fc.Arbitrary<Attack> = fc.record({
  channel: fc.constantFrom<ClientChannel[]>("shell", "control", "stdin"),
  type: fc.oneof({ arbitrary: fc.constantFrom(...TYPES), weight: 8 }, fc.string({ maxLength: 20 })),
  header: fc.oneof(
    { arbitrary: fc.constant({}), weight: 6 },
    fc.dictionary(fc.constantFrom("msg_id", "msg_type", "session", "username", "date", "version"), value),
  ),
  parent: fc.oneof({ arbitrary: fc.constant({}), weight: 4 }, value),
  metadata: fc.oneof({ arbitrary: fc.constant({}), weight: 4 }, value),
  content,
  buffers: fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 3 }),
  damage,
});

describe("kernel: hostile messages", () => {
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start();
    // Each dropped message is a line there; nobody else reads them.
    client.process.stderr?.resume();
    await client.execute("let kept = 41; const box = { of: 'things' };");
  });
  after(() => client.close());

  it(`survives ${MESSAGES.toLocaleString("en")} of them, and keeps its state`, async function () {
    this.timeout(60_000 + 60 * MESSAGES);
    const seed = Number(process.env.RADBOOK_FUZZ_SEED ?? 20_261_121);
    const attacks = fc.sample(attack, { numRuns: MESSAGES, seed });
    for (let i = 0; i < attacks.length; i += BATCH) {
      for (const one of attacks.slice(i, i + BATCH)) send(client, one);
      const info = await client.request("control", "kernel_info_request", {}).done;
      assert.equal(info.reply.content.status, "ok", `after ${i + BATCH} messages (seed ${seed})`);
      assert.equal(client.process.exitCode, null);
    }
    assert.equal(await client.beat(), "ping");
    await settle(client);
    assert.equal(resultText(await client.execute("kept += 1; [kept, box.of]")), "[ 42, 'things' ]");
    const completed = await client.request("shell", "complete_request", { code: "box.", cursor_pos: 4 }).done;
    assert.deepEqual(completed.reply.content.matches, ["of"]);
  });

  it("runs nothing that was not signed", async () => {
    const heard = client.iopub.length;
    for (let i = 0; i < 50; i++) {
      const parts = [
        client.codec.header("execute_request"),
        {},
        {},
        { code: `console.log('harm ${i}')` },
      ].map((part) => Buffer.from(JSON.stringify(part)));
      const frames = [Buffer.from("<IDS|MSG>"), signature(parts, `guess ${i}`), ...parts];
      client.sendFrames(i % 2 === 0 ? "shell" : "control", frames);
    }
    await settle(client);
    assert.equal(streamText(client.iopub.slice(heard)), "");
  });

  it("takes a message of 50 MB", async () => {
    const code = `"${"x".repeat(5e7)}".length`;
    const { reply } = await client.request("shell", "is_complete_request", { code }).done;
    assert.equal(reply.content.status, "complete");
    assert.equal(resultText(await client.execute("kept")), "42");
  });
});

/** JSON texts cut short, doubled, nested too deep, or none at all. */
function brokenJson(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.json().map((text) => text.slice(0, -1)),
    fc.json().map((text) => text + text),
    fc.constantFrom(
      "",
      "null",
      "[]",
      "1",
      '"x"',
      "[".repeat(20_000),
      `${"[".repeat(5_000)}${"]".repeat(5_000)}`,
    ),
    fc.string(),
  );
}

/** Waits until what waited before is done; a failing cell takes those behind it along. */
async function settle(client: KernelClient): Promise<void> {
  for (let i = 0; i < 100; i++) {
    const { reply } = await client.execute("'quiet'");
    if (reply.content.status === "ok") return;
  }
  assert.fail("the kernel runs no cell any more");
}

function send(client: KernelClient, { channel, damage: spoil, ...one }: Attack): void {
  const header = { ...client.codec.header(one.type), ...one.header };
  // What executes must not do what a cell may do: end its own process, or wait forever.
  const harmless = {
    ...one.content,
    ...(typeof one.content.code === "string" ? { code: quoted(one.content.code) } : {}),
  };
  const parts = [header, one.parent, one.metadata, harmless].map((part) => Buffer.from(JSON.stringify(part)));
  if (spoil.kind === "json") parts[spoil.at] = Buffer.from(spoil.text);
  if (spoil.kind === "huge") parts[spoil.at] = Buffer.from(spoil.at % 2 === 0 ? NESTED : LONG);
  const frames: Uint8Array[] = [Buffer.from("<IDS|MSG>"), signature(parts), ...parts, ...one.buffers];
  if (spoil.kind === "forge") frames[1] = Buffer.from("0".repeat(64));
  else if (spoil.kind === "no signature") frames[1] = Buffer.alloc(0);
  else if (spoil.kind === "no delimiter") frames.shift();
  else if (spoil.kind === "drop") frames.splice(spoil.at % frames.length, 1);
  else if (spoil.kind === "swap") frames.unshift(...frames.splice(spoil.at % frames.length, 1));
  else if (spoil.kind === "flip") flip(frames, spoil.at, spoil.byte);
  client.sendFrames(channel, frames);
  if (spoil.kind === "replay") client.sendFrames(channel, frames);
}

/** Code as text, so that it means nothing; magics and broken syntax stay what they are. */
function quoted(code: string): string {
  return /^\s*%/.test(code) ? code : JSON.stringify(code).slice(0, code.length % 7 === 0 ? -1 : undefined);
}

function signature(parts: readonly Uint8Array[], key: string = KEY): Buffer {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return Buffer.from(hmac.digest("hex"));
}

function flip(frames: Uint8Array[], at: number, byte: number): void {
  const index = 1 + (at % (frames.length - 1));
  const frame = Uint8Array.from(frames[index] ?? []);
  if (frame.length === 0) return;
  const place = at % frame.length;
  frame[place] = (frame[place] ?? 0) ^ byte;
  frames[index] = frame;
}
