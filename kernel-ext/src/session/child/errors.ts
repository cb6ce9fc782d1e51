/**
 * Errors of user code as a person reads them: the line of the cell as typed, with a caret, the user's own frames
 * only, then the causes.
 *
 * Layer:  session/child; imports session.
 */
import { inspect, types } from "node:util";
import type { ErrorReport } from "../protocol.js";
import { headline, placeOf, userFrames, type WrittenPlace } from "./stack-trace.js";

const CAUSES_SHOWN = 5;
const PARTS_SHOWN = 5;
const NO_PLACE = "Only an Error knows the line where it was made: throw new Error(…) instead.";

/** Never throws, whatever was thrown. */
export function reportError(error: unknown): ErrorReport {
  try {
    if (!isError(error)) {
      const value = inspect(error, { depth: 2 });
      return { name: "Uncaught", value, traceback: [`Uncaught ${value}`, NO_PLACE] };
    }
    const { name, message } = error;
    return { name: String(name), value: String(message), traceback: describe(error, [error]) };
  } catch {
    const value = "a value that throws when it is looked at";
    return { name: "Uncaught", value, traceback: [`Uncaught ${value}`] };
  }
}

/** Also of another realm, as from `vm`. */
function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/** @param chain The errors that led here, this one last. */
function describe(error: Error, chain: readonly Error[]): string[] {
  const frames = userFrames(error);
  const place = placeOf(error);
  const lines = [headline(error), ...(place ? excerpt(place) : []), ...frames];
  if (chain.length > CAUSES_SHOWN) return lines;
  const also = (title: string, value: unknown): void => {
    if (!chain.includes(value as Error)) lines.push("", ...describeCause(title, value, chain));
  };
  const { errors, suppressed, error: later } = error as Partial<AggregateError & SuppressedError>;
  if (Array.isArray(errors)) {
    for (const one of errors.slice(0, PARTS_SHOWN)) also("One of the errors", one);
    const more = errors.length - PARTS_SHOWN;
    if (more > 0) lines.push("", `… and ${more} more errors`);
  }
  if (error.name === "SuppressedError") {
    also("While a resource was disposed of", later);
    also("Before that", suppressed);
  }
  if (error.cause !== undefined) also("Caused by", error.cause);
  return lines;
}

function describeCause(title: string, cause: unknown, chain: readonly Error[]): string[] {
  if (!isError(cause)) return [`${title}: ${inspect(cause, { depth: 2 })}`];
  const [head = "", ...rest] = describe(cause, [...chain, cause]);
  return [`${title}: ${head}`, ...rest];
}

/** The failing line with its neighbors and a caret. */
function excerpt({ label, line, column, lines: all }: WrittenPlace): string[] {
  const texts = all();
  if (line >= texts.length) return [];
  const first = Math.max(0, line - 1);
  const width = String(line + 2).length;
  const lines = [`${label}, line ${line + 1}`];
  for (let i = first; i <= Math.min(line + 1, texts.length - 1); i++) {
    lines.push(`${i === line ? ">" : " "} ${String(i + 1).padStart(width)} | ${texts[i] ?? ""}`);
    if (i === line) lines.push(`  ${" ".repeat(width)} | ${" ".repeat(column)}^`);
  }
  return lines;
}
