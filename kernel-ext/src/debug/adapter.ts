/**
 * The debugger: answers the Debug Adapter Protocol for the cells of a notebook.
 *
 * Everything that the front end may ask while user code blocks is answered here; the inspector is asked the rest.
 * Source: Debug Adapter Protocol 1.x; Jupyter's additions to it (debugInfo, dumpCell, inspectVariables,
 * richInspectVariables), "Messaging in Jupyter".
 * Layer:  debug; imports language, session, wire.
 */
import type { Language } from "../language/language.js";
import { isObject, type JsonObject, numberOf, objectOf, stringOf } from "../wire/message.js";
import { Breakpoints } from "./breakpoints.js";
import { HASH_SEED, PATH_PREFIX, PATH_SUFFIX, type RunCell, UserScripts } from "./cell-scripts.js";
import { evaluate, richBundle } from "./evaluate.js";
import { ExceptionFilter } from "./exception-filter.js";
import type { Inspector, Paused } from "./inspector.js";
import { FIRST_FRAME, notebookVariables, Stopped } from "./stopped.js";
import { typeOf, Values } from "./values.js";

/** What the debugger needs of the kernel. */
export interface DebugHost {
  readonly inspector: Inspector;
  /** The notebook's folder. */
  readonly folder: string;
  readonly language: Language;
  /** Tells all front ends. */
  event(content: JsonObject): void;
  /** Number of the cell that runs, or null. */
  running(): number | null;
  interrupt(): void;
}

type Command = (args: JsonObject) => Promise<JsonObject> | JsonObject;

/** User code has one thread. */
const THREAD = 1;
/** Turns of the event loop in which waiting output is read. */
const TURNS = 4;
const CAPABILITIES = {
  supportsConfigurationDoneRequest: true,
  supportsEvaluateForHovers: true,
  supportsTerminateRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsSetVariable: true,
  supportsModulesRequest: true,
  exceptionBreakpointFilters: [
    { filter: "caught", label: "Caught exceptions", default: false },
    { filter: "uncaught", label: "Uncaught exceptions", default: false },
  ],
};

export class DebugAdapter {
  readonly #host: DebugHost;
  readonly #inspector: Inspector;
  readonly #scripts: UserScripts;
  readonly #values: Values;
  readonly #breakpoints: Breakpoints;
  readonly #exceptions: ExceptionFilter;
  readonly #commands: Readonly<Record<string, Command>>;
  #sequence = 0;
  #started = false;
  #stopped: Stopped | null = null;
  /** The cell in which a step began: it does not end in another. */
  #stepping: number | null = null;

  constructor(host: DebugHost) {
    this.#host = host;
    this.#inspector = host.inspector;
    this.#scripts = new UserScripts(host.folder);
    this.#values = new Values(host.inspector);
    this.#breakpoints = new Breakpoints(host.inspector, this.#scripts, host.language);
    this.#exceptions = new ExceptionFilter(host.inspector, this.#scripts, host.language);
    this.#commands = this.#makeCommands();
  }

  /** Answers one request; the answer of a failed one says why. */
  async handle(request: JsonObject): Promise<JsonObject> {
    const command = stringOf(request, "command");
    const head = {
      type: "response",
      request_seq: numberOf(request, "seq", 0),
      command,
    };
    try {
      const handler = Object.hasOwn(this.#commands, command) ? this.#commands[command] : undefined;
      if (!handler) throw new Error(`the debugger knows no request "${command}"`);
      const body = await handler(objectOf(request, "arguments"));
      return { seq: ++this.#sequence, ...head, success: true, body };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { seq: ++this.#sequence, ...head, success: false, message, body: {} };
    }
  }

  /** A cell is about to run: resolves when its breakpoints are set. */
  async willRun(run: RunCell): Promise<void> {
    const script = this.#scripts.add(run);
    if (!this.#started) return;
    try {
      await this.#breakpoints.prepare(script, run);
    } catch (error) {
      // The cell runs all the same: it is the process' own end that is told of, not this.
      process.stderr.write(`radbook kernel: breakpoints were not set: ${String(error)}\n`);
    }
  }

  /** The inspector tells something. */
  receive(method: string, params: JsonObject): void {
    if (method === "Debugger.scriptParsed") {
      this.#parsed(stringOf(params, "scriptId"), stringOf(params, "url"), stringOf(params, "sourceMapURL"));
    } else if (method === "Debugger.paused" && this.#started) {
      this.#paused(params as unknown as Paused).catch((error: unknown) => {
        process.stderr.write(`radbook kernel: a stop of the program was lost: ${String(error)}\n`);
        void this.#inspector.post("Debugger.resume").catch(() => undefined);
      });
    } else if (method === "Debugger.resumed") {
      this.#resumed();
    }
  }

  /** There is a new process of user code. */
  reset(): void {
    this.#scripts.reset();
    this.#breakpoints.forgetIds();
    this.#resumed();
    if (!this.#started) return;
    this.#enable().catch((error: unknown) => {
      process.stderr.write(`radbook kernel: the debugger did not start again: ${String(error)}\n`);
    });
  }

  #makeCommands(): Record<string, Command> {
    const started =
      (command: Command): Command =>
      (args) => {
        if (!this.#started) throw new Error("the debugger is not started: send initialize and attach first");
        return command(args);
      };
    return {
      initialize: () => this.#initialize(),
      attach: started(() => ({})),
      configurationDone: started(() => ({})),
      debugInfo: () => this.#debugInfo(),
      dumpCell: ({ code }) => ({ sourcePath: this.#scripts.dump(String(code)) }),
      source: (args) => this.#source(args),
      threads: () => ({ threads: [{ id: THREAD, name: "cells" }] }),
      setBreakpoints: started((args) => this.#setBreakpoints(args)),
      setExceptionBreakpoints: started(({ filters }) => this.#exceptions.set(textsOf(filters))),
      continue: started(() => this.#resume("Debugger.resume")),
      next: started(() => this.#resume("Debugger.stepOver")),
      stepIn: started(() => this.#resume("Debugger.stepInto")),
      stepOut: started(() => this.#resume("Debugger.stepOut")),
      pause: started(() => this.#pause()),
      stackTrace: started(() => this.#stackTrace()),
      scopes: started(async ({ frameId }) => ({
        scopes: await this.#program().scopes(Number(frameId), this.#names()),
      })),
      variables: started(async (args) => ({
        variables: await this.#values.variables(numberOf(args, "variablesReference", 0)),
      })),
      evaluate: started((args) => this.#evaluate(args)),
      setVariable: started((args) => this.#setVariable(args)),
      modules: () => {
        const modules = this.#scripts.files.map(({ label, path }) => ({ id: path, name: label, path }));
        return { modules, totalModules: modules.length };
      },
      inspectVariables: async () => ({
        variables: await notebookVariables(this.#inspector, this.#values, this.#names()),
      }),
      richInspectVariables: async (args) => {
        const { result, stopped } = await this.#value(stringOf(args, "variableName"), args);
        return richBundle(this.#inspector, result, stopped);
      },
      disconnect: () => this.#disconnect(),
      terminate: async () => {
        this.#host.interrupt();
        // Else it would go on, and might be done before the interrupt has reached it.
        if (this.#stopped) await this.#inspector.post("Debugger.resume", { terminateOnResume: true });
        const body = await this.#disconnect();
        this.#event("terminated", {});
        return body;
      },
    };
  }

  async #initialize(): Promise<JsonObject> {
    if (!this.#started) {
      await this.#enable();
      this.#started = true;
    }
    this.#event("initialized", {});
    return CAPABILITIES;
  }

  async #enable(): Promise<void> {
    await this.#inspector.post("Debugger.enable");
    await this.#exceptions.apply();
  }

  async #disconnect(): Promise<JsonObject> {
    if (!this.#started) return {};
    this.#started = false;
    this.#breakpoints.clear();
    this.#exceptions.clear();
    this.#scripts.forgetIds();
    // The program goes on with that.
    await this.#inspector.post("Debugger.disable");
    this.#resumed();
    return {};
  }

  #debugInfo(): JsonObject {
    return {
      isStarted: this.#started,
      hashMethod: "Murmur2",
      hashSeed: HASH_SEED,
      tmpFilePrefix: PATH_PREFIX,
      tmpFileSuffix: PATH_SUFFIX,
      breakpoints: this.#breakpoints.list,
      stoppedThreads: this.#stopped ? [THREAD] : [],
      richRendering: true,
      exceptionPaths: [],
      copyToGlobals: false,
    };
  }

  #source(args: JsonObject): JsonObject {
    const path = stringOf(objectOf(args, "source"), "path");
    const content = this.#scripts.text(path);
    if (content === null) throw new Error(`there is no source ${JSON.stringify(path)} in this session`);
    return { content, mimeType: "text/typescript" };
  }

  async #setBreakpoints(args: JsonObject): Promise<JsonObject> {
    const path = stringOf(objectOf(args, "source"), "path");
    const asked = Array.isArray(args.breakpoints) ? args.breakpoints : [];
    const wanted = asked.filter(isObject).map((one) => ({
      line: numberOf(one, "line", 1),
      condition: textOf(one.condition),
      hitCondition: textOf(one.hitCondition),
      logMessage: textOf(one.logMessage),
    }));
    return { breakpoints: await this.#breakpoints.set(path, wanted) };
  }

  #stackTrace(): JsonObject {
    const stackFrames = this.#stopped?.stack ?? [];
    return { stackFrames, totalFrames: stackFrames.length };
  }

  async #evaluate(args: JsonObject): Promise<JsonObject> {
    const expression = stringOf(args, "expression");
    const { result } = await this.#value(expression, args);
    const { value, variablesReference } = this.#values.variable(expression, result);
    return { result: value, type: typeOf(result), variablesReference };
  }

  async #setVariable(args: JsonObject): Promise<JsonObject> {
    const name = stringOf(args, "name");
    const reference = numberOf(args, "variablesReference", 0);
    const found = (await this.#values.variables(reference)).find((one) => one.name === name);
    if (!found || found.evaluateName === "") throw new Error(`"${name}" cannot be given another value`);
    const frameId = this.#values.frameOf(reference);
    const expression = `${found.evaluateName} = (${stringOf(args, "value")}\n)`;
    const { result } = await this.#value(expression, frameId === null ? {} : { frameId });
    const { value, variablesReference } = this.#values.at(frameId).variable(name, result, found.evaluateName);
    return { value, type: typeOf(result), variablesReference };
  }

  /** An expression's value where the program stands, or among the names of the notebook. */
  async #value(
    code: string,
    args: JsonObject,
  ): Promise<{ result: Awaited<ReturnType<typeof evaluate>>; stopped: boolean }> {
    const stopped = this.#stopped;
    const { language } = this.#host;
    const frameId = numberOf(args, "frameId", stopped?.stack[0]?.id ?? FIRST_FRAME);
    const result = await evaluate(this.#inspector, language, code, stopped && { program: stopped, frameId });
    return { result, stopped: stopped !== null };
  }

  async #resume(method: string): Promise<JsonObject> {
    this.#program();
    const isStep = method !== "Debugger.resume";
    this.#stepping = isStep ? this.#host.running() : null;
    await this.#exceptions.lookIntoLibraries(!isStep);
    await this.#inspector.post(method);
    return isStep ? {} : { allThreadsContinued: true };
  }

  async #pause(): Promise<JsonObject> {
    this.#stepping = null;
    await this.#exceptions.lookIntoLibraries(false);
    await this.#inspector.post("Debugger.pause");
    return {};
  }

  /** Steps do not enter what the kernel has put around a cell. */
  #parsed(scriptId: string, url: string, sourceMapUrl: string): void {
    const positions = this.#scripts.parsed(scriptId, url, sourceMapUrl)?.surroundings;
    if (!positions) return;
    void this.#inspector.post("Debugger.setBlackboxedRanges", { scriptId, positions }).catch(() => undefined);
  }

  async #paused(paused: Paused): Promise<void> {
    const isException = paused.reason === "exception" || paused.reason === "promiseRejection";
    const atBreakpoint = (paused.hitBreakpoints ?? []).length > 0;
    const stopped = new Stopped(paused, this.#scripts, this.#inspector, this.#values);
    const stepEndedElsewhere = this.#stepping !== null && this.#stepping !== this.#host.running();
    const [top] = stopped.stack;
    if (!isException && !atBreakpoint && !stepEndedElsewhere && top && top.id !== FIRST_FRAME) {
      // Inside a library, or where the kernel has put something around a cell.
      await this.#inspector.post("Debugger.stepOut");
      return;
    }
    const unwanted = isException
      ? !(await this.#exceptions.wants(paused))
      : !atBreakpoint && (!top || stepEndedElsewhere);
    if (unwanted) {
      await this.#inspector.post("Debugger.resume");
      return;
    }
    const isStep = this.#stepping !== null;
    this.#stepping = null;
    this.#stopped = stopped;
    // What was printed before the stop comes by another pipe, and is there by now.
    for (let turn = 0; turn < TURNS; turn++) await new Promise((next) => setImmediate(next));
    const reason = isException ? "exception" : atBreakpoint ? "breakpoint" : isStep ? "step" : "pause";
    const { description } = (paused.data ?? {}) as { description?: string };
    this.#event("stopped", {
      reason,
      threadId: THREAD,
      allThreadsStopped: true,
      ...(isException && description !== undefined ? { text: description.split("\n")[0] } : {}),
    });
  }

  #resumed(): void {
    if (!this.#stopped) return;
    this.#stopped = null;
    this.#values.forget();
    void this.#inspector.post("Runtime.releaseObjectGroup", { objectGroup: "debug" }).catch(() => undefined);
    this.#event("continued", { threadId: THREAD, allThreadsContinued: true });
  }

  #program(): Stopped {
    if (!this.#stopped) throw new Error("the program is not stopped");
    return this.#stopped;
  }

  #names(): ReturnType<Language["places"]> {
    return this.#host.language.places();
  }

  #event(event: string, body: JsonObject): void {
    this.#host.event({ seq: ++this.#sequence, type: "event", event, body });
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
