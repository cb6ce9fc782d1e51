/** A debugger's front end over the kernel's real sockets: sends requests, waits for events in their order. */
import assert from "node:assert/strict";
import type { JsonObject, Message } from "../../kernel-ext/src/wire/message.js";
import type { Exchange, KernelClient, Sent } from "./client.js";

export interface Frame {
  readonly id: number;
  readonly name: string;
  readonly line: number;
  readonly source: { readonly path: string };
}

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly variablesReference: number;
}

export class DebugClient {
  readonly client: KernelClient;
  #sequence = 0;
  #heard = 0;

  constructor(client: KernelClient) {
    this.client = client;
  }

  /** Sends a request and gives back the whole answer. */
  async ask(command: string, args: JsonObject = {}): Promise<JsonObject> {
    const seq = ++this.#sequence;
    const { reply } = await this.client.request("control", "debug_request", {
      type: "request",
      seq,
      command,
      arguments: args,
    }).done;
    assert.equal(reply.header.msg_type, "debug_reply");
    assert.equal(reply.content.type, "response");
    assert.equal(reply.content.request_seq, seq);
    assert.equal(reply.content.command, command);
    return reply.content;
  }

  /** Sends a request that must succeed and gives back its body. */
  async body<T = JsonObject>(command: string, args: JsonObject = {}): Promise<T> {
    const answer = await this.ask(command, args);
    assert.equal(answer.success, true, `${command}: ${answer.message}`);
    return answer.body as T;
  }

  async start(): Promise<void> {
    await this.body("initialize");
    await this.body("attach");
    assert.deepEqual(await this.event(), ["initialized", {}]);
    await this.body("configurationDone");
  }

  /** Tells a cell's text and sets breakpoints in it; gives back its path and where they came to be. */
  async breakAt(
    code: string,
    places: readonly (number | JsonObject)[],
  ): Promise<{ path: string; lines: number[]; messages: unknown[] }> {
    const { sourcePath: path } = await this.body<{ sourcePath: string }>("dumpCell", { code });
    const { breakpoints } = await this.body<{
      breakpoints: { line: number; verified: boolean; message?: string }[];
    }>("setBreakpoints", {
      source: { path },
      breakpoints: places.map((one) => (typeof one === "number" ? { line: one } : one)),
      sourceModified: false,
    });
    return {
      path,
      messages: breakpoints.map(({ message }) => message),
      lines: breakpoints.map((one) => (one.verified ? one.line : 0)),
    };
  }

  /** The next event that was not asked for before: its name and body. */
  async event(): Promise<[string, JsonObject]> {
    const isNext = (message: Message): boolean =>
      message.header.msg_type === "debug_event" && this.client.iopub.indexOf(message) >= this.#heard;
    const found = await this.client.until(isNext, "the next debug event");
    this.#heard = this.client.iopub.indexOf(found) + 1;
    assert.equal(found.content.type, "event");
    return [String(found.content.event), found.content.body as JsonObject];
  }

  /** Waits for the stop that must come next; gives back its reason and the stack. */
  async stopped(): Promise<{ reason: unknown; text: unknown; frames: Frame[] }> {
    const [name, body] = await this.event();
    assert.equal(name, "stopped");
    assert.equal(body.allThreadsStopped, true);
    const { stackFrames } = await this.body<{ stackFrames: Frame[] }>("stackTrace", {
      threadId: body.threadId,
    });
    return { reason: body.reason, text: body.text, frames: stackFrames };
  }

  /** Goes on by `command` up to the next stop; gives back its line. */
  async step(command: string): Promise<number> {
    await this.body(command, { threadId: 1 });
    assert.equal((await this.event())[0], "continued");
    const { frames } = await this.stopped();
    return frames[0]?.line ?? 0;
  }

  /** Goes on without another stop, and waits for the cell's end. */
  async finish(sent: Sent): Promise<Exchange> {
    await this.body("continue", { threadId: 1 });
    assert.equal((await this.event())[0], "continued");
    return sent.done;
  }

  /** Scopes of a frame with their variables. */
  async scopes(frameId: number): Promise<Record<string, Variable[]>> {
    const { scopes } = await this.body<{ scopes: { name: string; variablesReference: number }[] }>("scopes", {
      frameId,
    });
    const found: Record<string, Variable[]> = {};
    for (const { name, variablesReference } of scopes) found[name] = await this.inside(variablesReference);
    return found;
  }

  async inside(variablesReference: number): Promise<Variable[]> {
    return (await this.body<{ variables: Variable[] }>("variables", { variablesReference })).variables;
  }
}

/** Name → value in words. */
export function valuesOf(variables: readonly Variable[] = []): Record<string, string> {
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}
