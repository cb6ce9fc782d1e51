/**
 * The kernel: takes each request to its handler, and the events of user code to the front ends.
 *
 * Layer:  handlers; imports the kernel's other folders.
 */
import { DebugAdapter } from "../debug/adapter.js";
import { LanguageClient } from "../language/client.js";
import type { ChildEvent, CommEvent, InputEvent, PageEvent } from "../session/protocol.js";
import { Session } from "../session/session.js";
import type { Connection } from "../sockets/connection.js";
import { Sockets } from "../sockets/sockets.js";
import { Codec } from "../wire/codec.js";
import { booleanOf, type Header, type JsonObject, type Message, stringOf } from "../wire/message.js";
import { closeComms } from "./comms.js";
import type { Context, Handler, Request } from "./context.js";
import { History } from "./history.js";
import { Outputs } from "./outputs.js";
import { comm, commInfo, complete, inspect, isComplete, kernelInfo } from "./requests.js";
import { Shells } from "./shells.js";

/** Requests answered at once. execute_request waits for its turn; the rest is in `#handleOwn`. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  kernel_info_request: kernelInfo,
  complete_request: complete,
  inspect_request: inspect,
  is_complete_request: isComplete,
  comm_info_request: commInfo,
  comm_open: comm,
  comm_msg: comm,
  comm_close: comm,
  debug_request: (context, { message }) => context.debug.handle(message.content),
};

/** Requests about the kernel itself. */
const OWN: ReadonlySet<string> = new Set([
  "history_request",
  "interrupt_request",
  "shutdown_request",
  "create_subshell_request",
  "delete_subshell_request",
  "list_subshell_request",
]);

/** Publications that may wait before user code has to. */
const MAX_PENDING = 1_000;

export class Kernel {
  readonly #context: Context;
  readonly #shells: Shells;
  readonly #inputs = new Map<string, number>();
  readonly #exit: () => void;
  #closing: Promise<void> | null = null;
  /** The debugger's events belong to what it was asked last. */
  #debugRequest: Header | null = null;

  private constructor(sockets: Sockets, exit: () => void) {
    this.#exit = exit;
    const folder = process.cwd();
    const language = new LanguageClient(folder);
    const outputs = new Outputs(sockets);
    const session = new Session({
      output: (event, buffers) => this.#output(event, buffers),
      raw: (cell, name, text) => outputs.raw(cell, name, text),
      died: (error) => {
        outputs.raw(0, "stderr", `${error.traceback.join("\n")}\n`);
        language.reset();
        closeComms(this.#context);
      },
      inspector: (method, params) => this.#context.debug.receive(method, { ...params }),
      replaced: () => this.#context.debug.reset(),
    });
    this.#context = {
      sockets,
      session,
      outputs,
      history: new History(),
      debug: new DebugAdapter({
        inspector: { post: (method, params) => session.inspect(method, params) },
        folder,
        language,
        event: (content) => {
          outputs.flush();
          sockets.publish(this.#debugRequest, "debug_event", content);
        },
        running: () => this.#shells.main.cell,
        interrupt: () => this.interrupt(),
      }),
      comms: new Map(),
      folder,
      workingFolder: folder,
      strict: true,
      language,
    };
    this.#shells = new Shells(this.#context);
  }

  /** @param exit Called when the kernel has shut down. */
  static async start(connection: Connection, exit: () => void): Promise<Kernel> {
    let kernel: Kernel | null = null;
    const early: Request[] = [];
    const codec = new Codec(connection.key, connection.scheme);
    const sockets = await Sockets.open(connection, codec, (channel, message) => {
      if (kernel) void kernel.#receive({ channel, message });
      else early.push({ channel, message });
    });
    kernel = new Kernel(sockets, exit);
    for (const request of early) void kernel.#receive(request);
    return kernel;
  }

  interrupt(): void {
    this.#shells.interrupt();
  }

  /** Ends user code and closes the sockets. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#context.language.close();
    await this.#context.session.close();
    await this.#shells.close();
    await this.#context.sockets.close();
    this.#exit();
  }

  async #receive(request: Request): Promise<void> {
    const { channel, message } = request;
    const type = message.header.msg_type;
    if (channel === "stdin") {
      if (type === "input_reply") this.#inputReply(message);
    } else if (type === "execute_request" && channel === "shell") {
      const shell = this.#shells.of(message);
      await (shell ? shell.enqueue(request) : this.#answer(request));
    } else if (Object.hasOwn(HANDLERS, type) || OWN.has(type)) {
      await this.#answer(request);
    } else {
      process.stderr.write(`radbook kernel: no answer to ${JSON.stringify(type)} on ${channel}\n`);
    }
  }

  async #answer(request: Request): Promise<void> {
    const { sockets } = this.#context;
    const { channel, message } = request;
    const type = message.header.msg_type;
    if (type === "debug_request") this.#debugRequest = message.header;
    sockets.publish(message.header, "status", { execution_state: "busy" });
    const reply = await this.#handle(request);
    if (reply) sockets.reply(channel, message, type.replace(/_request$/, "_reply"), reply);
    sockets.publish(message.header, "status", { execution_state: "idle" });

    const { current } = this.#shells;
    // Front ends show the last state they heard; the cell is still at work.
    if (current) sockets.publish(current.message.header, "status", { execution_state: "busy" });
    if (type === "shutdown_request") await this.close();
  }

  async #handle(request: Request): Promise<JsonObject | null> {
    const { header } = request.message;
    const isShell = request.channel === "shell";
    try {
      if (isShell && !this.#shells.of(request.message)) {
        return header.msg_type.startsWith("comm_") && header.msg_type !== "comm_info_request"
          ? null
          : this.#shells.unknown(request.message);
      }
      if (OWN.has(header.msg_type)) return await this.#handleOwn(request.message);
      return (await HANDLERS[header.msg_type]?.(this.#context, request)) ?? null;
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      process.stderr.write(`radbook kernel: ${header.msg_type} failed: ${String(error)}\n`);
      return { status: "error", ename: name, evalue: message, traceback: [] };
    }
  }

  async #handleOwn(message: Message): Promise<JsonObject | null> {
    const { header, content } = message;
    switch (header.msg_type) {
      case "history_request":
        return (this.#shells.of(message) ?? this.#shells.main).history.answer(content);
      case "interrupt_request":
        this.interrupt();
        return { status: "ok" };
      case "shutdown_request":
        return { status: "ok", restart: booleanOf(content, "restart", false) };
      case "create_subshell_request":
        return this.#shells.create();
      case "delete_subshell_request":
        return this.#shells.delete(content);
      case "list_subshell_request":
        return this.#shells.list();
      default:
        return null;
    }
  }

  #output(
    event: Parameters<Outputs["receive"]>[0] | CommEvent | InputEvent | PageEvent,
    buffers: readonly Uint8Array[],
  ): void {
    if (event.type === "input") this.#askInput(event);
    else if (event.type === "page") this.#shells.page(event);
    else if (isComm(event)) this.#commEvent(event, buffers);
    else this.#context.outputs.receive(event, buffers);
    this.#holdBack();
  }

  #commEvent({ type, cell, comm: id, target, data }: CommEvent, buffers: readonly Uint8Array[]): void {
    const { comms, outputs } = this.#context;
    if (type === "comm_open") comms.set(id, target);
    else if (type === "comm_close") comms.delete(id);
    const content = type === "comm_open" ? { comm_id: id, target_name: target, data } : { comm_id: id, data };
    outputs.publish(cell, type, content, buffers);
  }

  /** The question goes to the front end that sent the cell. */
  #askInput({ cell, id, prompt, password }: InputEvent): void {
    const { sockets, session, outputs } = this.#context;
    const request = this.#shells.requestOf(cell);
    if (!request || !booleanOf(request.message.content, "allow_stdin", false)) {
      session.answerInput(id, null);
      return;
    }
    outputs.flush();
    // A question that nobody answered, because its cell was interrupted, is not answered by what comes now.
    this.#inputs.clear();
    this.#inputs.set(request.message.header.msg_id, id);
    sockets.reply("stdin", request.message, "input_request", { prompt, password });
  }

  #inputReply(message: Message): void {
    // Front ends name the question as its parent, or nothing at all: only one can be open.
    const [first] = this.#inputs;
    if (!first) return;
    this.#inputs.delete(first[0]);
    this.#context.session.answerInput(first[1], stringOf(message.content, "value"));
  }

  /** Lets user code wait when it puts out more than the sockets take. */
  #holdBack(): void {
    const { sockets, session } = this.#context;
    if (sockets.pending < MAX_PENDING) return;
    session.pause();
    const look = (): void => {
      if (sockets.pending < MAX_PENDING / 2) session.resume();
      else setTimeout(look, 5);
    };
    setTimeout(look, 5);
  }
}

function isComm(event: ChildEvent): event is CommEvent {
  return event.type === "comm_open" || event.type === "comm_msg" || event.type === "comm_close";
}
