/**
 * Options of the command line, each refused by its name when it makes no sense.
 *
 * Layer:  beside index; imports core.
 */
import { parseArgs } from "node:util";
import { InputError } from "./core/errors.js";
import { nearest } from "./core/nearest.js";

const FLAGS = ["json", "help"] as const;

const VALUES = [
  "image",
  "mask",
  "label",
  "roi",
  "modality",
  "params",
  "convention",
  "cohort",
  "out",
  "id",
  "workers",
  "journal",
] as const;

/** Options with a value. */
export type ValueName = (typeof VALUES)[number];

export interface CommandOptions {
  readonly json: boolean;
  readonly help: boolean;
  /** As typed; undefined if not given. */
  value(name: ValueName): string | undefined;
  /** @throws InputError unless it is a whole number from `least`. */
  whole(name: ValueName, least: number): number | undefined;
}

/** @throws InputError naming the option that is unknown, repeated or lacks its value. */
export function readOptions(argv: readonly string[]): CommandOptions {
  const names: readonly string[] = [...FLAGS, ...VALUES];
  const options = Object.fromEntries(
    names.map((name) => [
      name,
      { type: FLAGS.some((flag) => flag === name) ? "boolean" : "string" } as const,
    ]),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  const given = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "positional") {
      throw new InputError(`"${token.value}" stands alone. Every value needs its option, e.g. --image FILE.`);
    }
    if (token.kind !== "option") continue;
    const { name, value } = token;
    const isFlag = FLAGS.some((flag) => flag === name);
    if (!names.includes(name)) {
      const near = nearest(name, names);
      const hint = near === null ? "" : ` Did you mean --${near}?`;
      throw new InputError(`there is no option ${token.rawName}.${hint} See radbook features --help.`);
    }
    if (given.has(name)) throw new InputError(`--${name} is given twice. Give it once.`);
    if (isFlag && value !== undefined) throw new InputError(`--${name} takes no value, found "${value}".`);
    if (!isFlag && (value === undefined || value === "" || /^--[a-z]/.test(value))) {
      throw new InputError(`--${name} needs a value. See radbook features --help.`);
    }
    given.set(name, value ?? "");
  }
  return {
    json: given.has("json"),
    help: given.has("help"),
    value: (name) => given.get(name),
    whole: (name, least) => {
      const text = given.get(name);
      if (text === undefined) return undefined;
      const number = Number(text);
      if (text.trim() !== "" && Number.isInteger(number) && number >= least) return number;
      throw new InputError(`--${name} must be a whole number from ${least}, found "${text}".`);
    },
  };
}
