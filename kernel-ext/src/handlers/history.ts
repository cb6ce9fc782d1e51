/**
 * The cells that ran in this session.
 *
 * Layer:  handlers; imports wire.
 */
import { booleanOf, type JsonObject, numberOf, stringOf } from "../wire/message.js";

/** (session, line, input): sessions are numbered back from the current one, 0. */
type Entry = [session: number, line: number, input: string];

export class History {
  readonly #entries: Entry[] = [];

  add(line: number, input: string): void {
    this.#entries.push([0, line, input]);
  }

  /** Answers a history_request: tail, range or search. */
  answer(content: JsonObject): JsonObject {
    return {
      status: "ok",
      history: this.#find(content).map(withOutput(booleanOf(content, "output", false))),
    };
  }

  #find(content: JsonObject): Entry[] {
    const access = stringOf(content, "hist_access_type", "tail");
    const n = numberOf(content, "n", Number.POSITIVE_INFINITY);
    if (access === "range") {
      if (numberOf(content, "session", 0) !== 0) return [];
      const start = numberOf(content, "start", 0);
      const stop = numberOf(content, "stop", Number.POSITIVE_INFINITY);
      return this.#entries.filter(([, line]) => line >= start && line < stop);
    }
    if (access === "search") {
      const pattern = globPattern(stringOf(content, "pattern", "*"));
      const found = this.#entries.filter(([, , input]) => pattern.test(input));
      return last(booleanOf(content, "unique", false) ? uniqueInputs(found) : found, n);
    }
    return last(this.#entries, n);
  }
}

function withOutput(output: boolean): (entry: Entry) => unknown[] {
  return ([session, line, input]) => [session, line, output ? [input, null] : input];
}

function last<T>(items: readonly T[], n: number): T[] {
  return n > 0 ? items.slice(-Math.min(n, items.length)) : [];
}

/** The latest of each input, in order. */
function uniqueInputs(entries: readonly Entry[]): Entry[] {
  const latest = new Map(entries.map((entry) => [entry[2], entry]));
  return entries.filter((entry) => latest.get(entry[2]) === entry);
}

/** `*` and `?` as in a shell. */
function globPattern(glob: string): RegExp {
  const body = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, "[\\s\\S]*")
    .replace(/\?/g, "[\\s\\S]");
  return new RegExp(`^${body}$`);
}
