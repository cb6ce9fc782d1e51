/**
 * The command `radbook`: what a shell, a script or a cluster can ask of the library.
 *
 * Modules are loaded when a command needs them, so that it starts quickly.
 * Layer:  beside index; imports core, cli-features.
 */
import { InputError, NumericalError } from "./core/errors.js";
import { nearest } from "./core/nearest.js";

const HELP = `Usage: radbook <command> [options]

Commands
  features   features of a region of a scan, or of a whole cohort

radbook <command> --help says more. Exit status: 0 done, 2 bad input, 1 internal error.
`;

const COMMANDS = ["features"];

/** Runs a command. @param argv  Without node and script. @returns The exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  // A reader such as `head` may close the pipe: that ends the work, and is no error.
  process.stdout.on("error", () => process.exit(0));
  try {
    return await run(argv);
  } catch (error) {
    const isInput = error instanceof InputError || error instanceof NumericalError;
    const reason = error instanceof Error ? error.message : String(error);
    const line = reason.replace(/\s*[\r\n]+\s*/g, " ");
    process.stderr.write(isInput ? `radbook: ${line}\n` : `radbook: internal error: ${line}\n`);
    return isInput ? 2 : 1;
  }
}

async function run([command, ...rest]: readonly string[]): Promise<number> {
  if (command === "--help" || command === "-h" || command === "help") {
    process.stdout.write(HELP);
    return 0;
  }
  if (command === "features") {
    const { features } = await import("./cli-features.js");
    return features(rest);
  }
  if (command === undefined) throw new InputError("no command is given. See radbook --help.");
  const near = nearest(command, COMMANDS);
  const hint = near === null ? "" : ` Did you mean "${near}"?`;
  throw new InputError(`there is no command "${command}".${hint} See radbook --help.`);
}
