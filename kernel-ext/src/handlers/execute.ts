/**
 * execute_request: cells of one shell run one after another, and end in the order that the protocol says.
 *
 * Layer:  handlers; imports language, magics, session, wire.
 */
import path from "node:path";
import type { Refusal } from "../language/language.js";
import { moduleName } from "../language/scope.js";
import type { ErrorReport, PageEvent, Shown } from "../session/protocol.js";
import type { Outcome } from "../session/session.js";
import { booleanOf, type JsonObject, objectOf, stringOf } from "../wire/message.js";
import { closeComms } from "./comms.js";
import type { Context, Request } from "./context.js";
import { checkHabits } from "./habits.js";
import type { History } from "./history.js";
import {
  afterCheck,
  type MagicOutput,
  reportOwn,
  rewriteMagics,
  runEffects,
  warningText,
} from "./magic-run.js";

interface Queued {
  readonly request: Request;
  done(): void;
}

/** The cell that runs. */
interface Running {
  readonly request: Request;
  readonly cell: number;
  readonly abort: AbortController;
  /** Goes with the reply. */
  readonly payload: JsonObject[];
  /** Its types are looked at while it runs. */
  readonly warnings: Promise<Refusal | null>[];
}

const INTERRUPTED: ErrorReport = {
  name: "Interrupted",
  value: "the cell was interrupted",
  traceback: ["Interrupted: the cell was interrupted"],
};

export class Executor {
  readonly history: History;
  readonly #context: Context;
  readonly #nextCell: () => number;
  readonly #queue: Queued[] = [];
  #running: Running | null = null;
  /** The count that the person sees. */
  #count = 0;
  #working = false;
  #warnings: { readonly cell: number; readonly found: Running["warnings"] } = { cell: 0, found: [] };

  /** @param nextCell Numbers the executions of all shells, whether counted or not. */
  constructor(context: Context, history: History, nextCell: () => number) {
    this.#context = context;
    this.history = history;
    this.#nextCell = nextCell;
  }

  /** The request whose cell runs. */
  get current(): Request | null {
    return this.#running?.request ?? null;
  }

  /** Number of the execution that runs. */
  get cell(): number | null {
    return this.#running?.cell ?? null;
  }

  /** The request of an earlier or running execution is needed for its input. */
  requestOf(cell: number): Request | null {
    return this.#running?.cell === cell ? this.#running.request : null;
  }

  /** Resolves when the reply is sent. */
  enqueue(request: Request): Promise<void> {
    return new Promise((done) => {
      this.#queue.push({ request, done });
      void this.#work();
    });
  }

  page({ cell, text }: PageEvent): void {
    if (this.#running?.cell !== cell) return;
    this.#running.payload.push({ source: "page", data: { "text/plain": text }, start: 0 });
  }

  /** Marks the running cell as interrupted; its code is stopped by the session. */
  interrupt(): void {
    this.#running?.abort.abort();
  }

  /** Takes back what waits; a running cell goes on to its end. */
  async close(): Promise<void> {
    for (const one of this.#queue.splice(0)) this.#abort(one);
    await this.history.close();
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const { sockets } = this.#context;
      const { channel, message } = next.request;
      sockets.publish(message.header, "status", { execution_state: "busy" });
      const reply = await this.#execute(next.request);
      const failed = reply.status === "error" && booleanOf(message.content, "stop_on_error", true);
      const aborted = failed ? await this.#takeWaiting() : [];
      sockets.reply(channel, message, "execute_reply", reply);
      await this.#warn();
      sockets.publish(message.header, "status", { execution_state: "idle" });
      next.done();
      for (const one of aborted) this.#abort(one);
    }
    this.#working = false;
  }

  /** Says what the check beside the cell has found; it belongs to the cell, so its end waits for that. */
  async #warn(): Promise<void> {
    const { cell, found } = this.#warnings;
    for (const one of found) {
      const warning = await one.catch(() => null);
      if (warning) this.#context.outputs.stream(cell, "stderr", warningText(warning));
    }
    this.#context.outputs.flush();
  }

  /**
   * Requests that were sent before their sender could know of the error. The reply is not out yet, so whatever
   * the sockets hold by now was.
   */
  async #takeWaiting(): Promise<Queued[]> {
    for (let turns = 0; turns < 3; turns++) await new Promise((next) => setImmediate(next));
    return this.#queue.splice(0);
  }

  #abort({ request, done }: Queued): void {
    const { sockets } = this.#context;
    const { channel, message } = request;
    sockets.publish(message.header, "status", { execution_state: "busy" });
    sockets.reply(channel, message, "execute_reply", { status: "aborted", execution_count: this.#count });
    sockets.publish(message.header, "status", { execution_state: "idle" });
    done();
  }

  async #execute(request: Request): Promise<JsonObject> {
    const { outputs, sockets } = this.#context;
    const { content, header } = request.message;
    const code = stringOf(content, "code");
    const silent = booleanOf(content, "silent", false);
    const counted = !silent && booleanOf(content, "store_history", true);
    const cell = this.#nextCell();
    if (counted) {
      this.#count += 1;
      this.history.add(this.#count, code);
    }
    const count = this.#count;
    outputs.begin(cell, header, silent);
    if (!silent) sockets.publish(header, "execute_input", { code, execution_count: count });

    const warnings: Running["warnings"] = [];
    const running: Running = { request, cell, abort: new AbortController(), payload: [], warnings };
    this.#warnings = { cell, found: warnings };
    this.#running = running;
    const outcome = await this.#run(running, code, counted ? `Cell [${count}]` : "Cell [*]");
    outputs.flush();
    if (outcome.error) {
      this.#running = null;
      const { name, value, traceback } = outcome.error;
      outputs.error(cell, outcome.error);
      return { status: "error", ename: name, evalue: value, traceback, execution_count: count };
    }
    if (outcome.result && !silent) outputs.result(cell, outcome.result, count);
    const expressions = await this.#expressions(running, objectOf(content, "user_expressions"));
    this.#running = null;
    return { status: "ok", execution_count: count, user_expressions: expressions, payload: running.payload };
  }

  async #run(running: Running, code: string, label: string): Promise<Outcome> {
    const { cell, request } = running;
    const { signal } = running.abort;
    try {
      const { language } = this.#context;
      const output = this.#magicOutput(running);
      const rewritten = await rewriteMagics(this.#context, language, code);
      await runEffects(this.#context, language, rewritten, output, signal);
      if (signal.aborted) return failed(INTERRUPTED);
      const { text, uses } = rewritten;
      if (text.text.trim() === "") return { error: null, result: null, unset: [], lost: false, folder: null };

      const conversion = await language.convert(cell, label, text, {
        strict: this.#context.strict,
        signal,
      });
      if (signal.aborted) return failed(INTERRUPTED);
      if (!conversion.ok) {
        checkHabits(code);
        return failed(conversion.refusal);
      }
      await afterCheck(language, uses, output);
      if (!this.#context.strict) running.warnings.push(language.warning());
      const { folder, session, debug } = this.#context;
      const file = path.join(folder, `${moduleName(cell)}.js`);
      await debug.willRun({ file, source: code, shifts: text.shifts, ...conversion.converted });
      if (signal.aborted) return failed(INTERRUPTED);
      const outcome = await session.run({
        type: "run",
        cell,
        label,
        file,
        source: code,
        shifts: text.shifts,
        forget: language.takeUnreachable(),
        notebookCell: stringOf(request.message.metadata, "cellId") || null,
        ...conversion.converted,
      });
      this.#context.workingFolder = outcome.folder ?? folder;
      if (outcome.lost) {
        language.reset();
        closeComms(this.#context);
      } else {
        language.keep(cell, outcome.unset);
      }
      return outcome;
    } catch (error) {
      if (signal.aborted) return failed(INTERRUPTED);
      return failed(reportOwn(error, code, label));
    }
  }

  async #expressions(running: Running, expressions: JsonObject): Promise<JsonObject> {
    const answers: JsonObject = {};
    for (const [name, code] of Object.entries(expressions)) {
      const cell = this.#nextCell();
      this.#context.outputs.begin(cell, running.request.message.header, true);
      const outcome = await this.#run({ ...running, cell, warnings: [] }, String(code), "user expression");
      answers[name] = outcome.error
        ? errorAnswer(outcome.error)
        : { status: "ok", ...shownOrUndefined(outcome.result) };
    }
    return answers;
  }

  #magicOutput({ cell, payload }: Running): MagicOutput {
    const { outputs } = this.#context;
    return {
      print: (name, text) => outputs.stream(cell, name, text),
      show: (shown) => outputs.show(cell, shown),
      payload: (item) => payload.push(item),
    };
  }
}

function failed(error: ErrorReport): Outcome {
  return { error, result: null, unset: [], lost: false, folder: null };
}

function errorAnswer({ name, value, traceback }: ErrorReport): JsonObject {
  return { status: "error", ename: name, evalue: value, traceback };
}

function shownOrUndefined(shown: Uint8Array | null): Shown {
  if (shown === null) return { data: { "text/plain": "undefined" }, metadata: {} };
  return JSON.parse(Buffer.from(shown).toString()) as Shown;
}
