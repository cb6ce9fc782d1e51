/**
 * When a breakpoint stops: its condition, its count of hits and its message, as one expression that V8 evaluates.
 *
 * The expression runs where the breakpoint is, so that it sees what is in scope there. What fails in a condition is no
 * reason to stop; what fails in a message is printed in its place.
 * Source: Debug Adapter Protocol, SourceBreakpoint (condition, hitCondition, logMessage).
 * Layer:  debug; imports language.
 */
import type { Language } from "../language/language.js";
import { DEBUG_GLOBAL } from "./holders.js";

/** A breakpoint as a front end asks for it; lines from one. */
export interface AskedBreakpoint {
  readonly line: number;
  readonly condition: string;
  /** "5", "= 5", "> 5", ">= 5", "< 5", "<= 5" or "% 5". */
  readonly hitCondition: string;
  /** Printed instead of a stop; `{expression}` is replaced by its value. */
  readonly logMessage: string;
}

const HITS = /^\s*(==?=?|>=?|<=?|%)?\s*(\d+)\s*$/;

/** Whether a breakpoint stops each time it is reached. */
export function isUnconditional({ condition, hitCondition, logMessage }: AskedBreakpoint): boolean {
  return condition.trim() === "" && hitCondition.trim() === "" && logMessage === "";
}

/**
 * The expression that decides, or "" where the breakpoint always stops.
 *
 * @param key Names the breakpoint's count of hits.
 * @throws Error in words for the person where the count cannot be read.
 */
export async function conditionOf(asked: AskedBreakpoint, key: string, language: Language): Promise<string> {
  if (isUnconditional(asked)) return "";
  const { condition, hitCondition, logMessage } = asked;
  const holders = laterHolders(language);
  const compile = async (code: string): Promise<string> =>
    (await language.toJavaScript(code, holders)).replace(/^"use strict";\s*|;\s*$/g, "");
  const steps: string[] = [];
  if (condition.trim() !== "") steps.push(`if (!(${await compile(condition)})) return false;`);
  if (hitCondition.trim() !== "") steps.push(countHits(hitCondition, key));
  if (logMessage !== "") steps.push(await printed(logMessage, compile), "return false;");
  return `(() => { try { ${steps.join(" ")} return true; } catch { return false; } })()`;
}

/** What is in scope at the breakpoint nobody knows yet: a name is looked for there first, then in its cell. */
function laterHolders(language: Language): ReadonlyMap<string, string> {
  return new Map(
    language
      .places()
      .map(({ name, cell }) => [
        name,
        `(typeof ${name} !== "undefined" ? { ${name} } : ${DEBUG_GLOBAL}.scopes[${cell}])`,
      ]),
  );
}

function countHits(text: string, key: string): string {
  const [, sign = "=", count] = HITS.exec(text) ?? [];
  if (count === undefined)
    throw new Error(`a count of hits is a number with =, >, >=, <, <= or % before it, not "${text}"`);
  const hits = `((${DEBUG_GLOBAL}.hits ??= {})[${JSON.stringify(key)}] = (${DEBUG_GLOBAL}.hits[${JSON.stringify(key)}] ?? 0) + 1)`;
  const isMet = sign === "%" ? `hits % ${count} === 0` : `hits ${sign.replace(/^=+$/, "===")} ${count}`;
  return `const hits = ${hits}; if (!(${isMet})) return false;`;
}

/** `console.log` prints the values as it does for a cell, under the cell that runs. */
async function printed(message: string, compile: (code: string) => Promise<string>): Promise<string> {
  const values: string[] = [];
  const formats: string[] = [];
  for (const [i, part] of message.split(/\{([^{}]*)\}/).entries()) {
    if (i % 2 === 1)
      values.push(
        `(() => { try { return ${await compile(part)}; } catch (error) { return String(error); } })()`,
      );
    formats.push(i % 2 === 1 ? "%s" : part.replaceAll("%", "%%"));
  }
  return `console.log(${[JSON.stringify(formats.join("")), ...values].join(", ")});`;
}
