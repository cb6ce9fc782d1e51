/**
 * What people type who come from IPython and what is no TypeScript: the error says what to use instead.
 *
 * Layer:  handlers; imports magics.
 */
import { MagicError } from "../magics/magic.js";

interface Habit {
  /** Its first group is what was meant. */
  readonly pattern: RegExp;
  instead(meant: string): string;
}

const HABITS: readonly Habit[] = [
  {
    pattern: /^\s*(?:[\w\s:]+=\s*)?!{1,2}\s*([A-Za-z./~][^;]*)$/,
    instead: (command) =>
      `a cell has no ! for the shell. Use import { execSync } from "node:child_process"; ` +
      `execSync(${JSON.stringify(command)}, { stdio: "inherit" }), or { encoding: "utf8" } to have the text.`,
  },
  {
    pattern: /^\s*([A-Za-z_$][\w$.]*)\?{1,2}\s*;?\s*$/,
    instead: (name) => helpOn(name),
  },
  {
    pattern: /^\s*\?{1,2}\s*([A-Za-z_$][\w$.]*)\s*$/,
    instead: (name) => helpOn(name),
  },
];

/** For a cell that was refused. @throws MagicError with its place, for a line of IPython's own. */
export function checkHabits(code: string): void {
  for (const [line, text] of code.split(/\r?\n/).entries()) {
    for (const { pattern, instead } of HABITS) {
      const meant = pattern.exec(text)?.[1]?.trim();
      if (meant === undefined) continue;
      const error = new MagicError(instead(meant));
      const column = text.length - text.trimStart().length;
      error.place = { line, column, length: text.trim().length };
      throw error;
    }
  }
}

function helpOn(name: string): string {
  return (
    `a cell has no ? for help. Use %type ${name}, or put the cursor behind ${name} and press Shift+Tab; ` +
    `%help lists the magics.`
  );
}
