/**
 * Evaluates what a person asks, and shows a value as its cell would.
 *
 * Layer:  debug; imports language, wire.
 */
import type { Language } from "../language/language.js";
import type { JsonObject } from "../wire/message.js";
import { DEBUG_GLOBAL } from "./holders.js";
import type { Answers, Inspector, RemoteObject } from "./inspector.js";
import type { Stopped } from "./stopped.js";
import { describe } from "./values.js";

/** A frame of a program that stands still. */
export interface FramePlace {
  readonly program: Stopped;
  readonly frameId: number;
}

/** While the program stands still, no promise is kept. */
const SHOW_STOPPED = `function (value) {
  const shown = this.show(value);
  return shown instanceof Promise ? null : shown;
}`;
const SHOW_RUNNING = "async function (value) { return this.show(value); }";

/** @throws Error in the words of the exception that the code throws. */
export async function evaluate(
  inspector: Inspector,
  language: Language,
  code: string,
  at: FramePlace | null,
): Promise<RemoteObject> {
  const names = language.places();
  const common = { objectGroup: "debug", generatePreview: true, silent: true };
  if (at) {
    const { program, frameId } = at;
    const expression = await language.toJavaScript(code, await program.holders(frameId, names));
    return resultOf(
      await inspector.post("Debugger.evaluateOnCallFrame", {
        ...common,
        callFrameId: program.callFrameId(frameId),
        expression,
      }),
    );
  }
  const holders = new Map(names.map(({ name, cell }) => [name, `${DEBUG_GLOBAL}.scopes[${cell}]`]));
  const expression = await language.toJavaScript(code, holders);
  return resultOf(
    await inspector.post("Runtime.evaluate", { ...common, expression, replMode: true, awaitPromise: true }),
  );
}

/** The MIME bundle of a value, as `display` makes it. */
export async function richBundle(
  inspector: Inspector,
  value: RemoteObject,
  stopped: boolean,
): Promise<JsonObject> {
  const { objectId } = resultOf(
    await inspector.post<Answers["evaluated"]>("Runtime.evaluate", {
      expression: DEBUG_GLOBAL,
      objectGroup: "debug",
      silent: true,
    }),
  );
  const shown = resultOf(
    await inspector.post<Answers["evaluated"]>("Runtime.callFunctionOn", {
      objectId,
      functionDeclaration: stopped ? SHOW_STOPPED : SHOW_RUNNING,
      arguments: [argumentOf(value)],
      awaitPromise: !stopped,
      returnByValue: true,
      silent: true,
    }),
  );
  const bundle = shown.value as JsonObject | null | undefined;
  return bundle ?? { data: { "text/plain": describe(value) }, metadata: {} };
}

function resultOf({ result, exceptionDetails }: Answers["evaluated"]): RemoteObject {
  if (!exceptionDetails) return result;
  const { exception, text } = exceptionDetails;
  throw new Error(exception ? (describe(exception).split("\n")[0] ?? text) : text);
}

function argumentOf({ objectId, unserializableValue, value }: RemoteObject): JsonObject {
  if (objectId !== undefined) return { objectId };
  return unserializableValue === undefined ? { value } : { unserializableValue };
}
