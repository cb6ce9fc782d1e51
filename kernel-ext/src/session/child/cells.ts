/**
 * Runs cells, one at a time of each shell, and ends them: done, failed or interrupted.
 *
 * Layer:  session/child; imports session, display.
 */
import vm from "node:vm";
import { show } from "../../display/show.js";
import type { ErrorReport, RunCommand } from "../protocol.js";
import { closeGroups } from "./console-groups.js";
import { reportError } from "./errors.js";
import { displaysDone } from "./globals.js";
import { dropInputs } from "./input.js";
import { tellInterrupt } from "./interruption.js";
import { startCell } from "./live.js";
import { type MagicRuntime, magicRuntime } from "./magic/runtime.js";
import { interruptQuery } from "./magic/sql.js";
import {
  type CellMeta,
  folder,
  importModule,
  meta,
  type Namespace,
  notebookModule,
  pick,
  requireFromNotebook,
} from "./modules.js";
import { emit, inCell, resetContext } from "./output.js";
import { type Packed, pack } from "./pack.js";
import { shared } from "./pipe.js";
import { present } from "./present.js";
import { endProgress } from "./progress.js";
import { HANDLED } from "./shared.js";
import { addSource } from "./stack-trace.js";
import { endWatches } from "./state.js";
import { Stopwatch } from "./stopwatch.js";

/** Values of a cell's names, read and written where the cell has them. */
type Scope = Record<string, unknown>;

/** What converted code finds as `__cell`; `language/emit.ts` writes the uses. */
interface CellRuntime {
  readonly of: Readonly<Record<number, Scope>>;
  readonly meta: CellMeta;
  readonly timer: Stopwatch;
  readonly magic: MagicRuntime;
  result: unknown;
  scope(scope: Scope): void;
  import(specifier: string, options?: unknown): Promise<Namespace>;
  pick(module: Namespace, name: string, specifier: string): unknown;
}

type Start = (
  cell: CellRuntime,
  require: NodeJS.Require,
  filename: string,
  dirname: string,
  module: NodeJS.Module,
  exports: unknown,
) => Promise<void>;

interface Running {
  readonly command: RunCommand;
  finished: boolean;
}

const INTERRUPTED: ErrorReport = {
  name: "Interrupted",
  value: "the cell was interrupted",
  traceback: ["Interrupted: the cell was interrupted"],
};

const scopes: Record<number, Scope> = {};
// What the debugger reaches values by, and shows them with; `debug/holders.ts` knows the name.
Object.defineProperty(globalThis, Symbol.for("Radbook.debug"), { value: { scopes, show } });
/** Cells that have begun and not ended: one of each shell. */
const running = new Set<Running>();

/** Begins a cell. Its end is an event: the code may be stopped so hard that nothing after it runs here. */
export function runCell(command: RunCommand): void {
  const run: Running = { command, finished: false };
  running.add(run);
  for (const cell of command.forget) delete scopes[cell];
  addSource(command);
  startCell(command.cell, command.notebookCell);
  endWatches(command.notebookCell);
  closeGroups();
  if (Atomics.load(shared.words, HANDLED) > command.interrupts) {
    finish(run, INTERRUPTED, null);
    return;
  }
  inCell(command.cell, () => {
    complete(run).then(
      (result) => finish(run, null, result),
      (error: unknown) => finish(run, reportError(error), null),
    );
  });
}

/** Ends the running cells, if any, and the work of libraries; code of cells that is still pending goes on unheard. */
export function interruptCell(): void {
  resetContext();
  interruptQuery();
  for (const run of [...running]) finish(run, INTERRUPTED, null);
  tellInterrupt();
}

async function complete({ command }: Running): Promise<Packed | null> {
  const script = new vm.Script(command.js, {
    filename: command.file,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const start = script.runInThisContext() as Start;
  const runtime: CellRuntime = {
    of: scopes,
    meta,
    timer: new Stopwatch(),
    magic: magicRuntime(scopes),
    result: undefined,
    scope: (scope) => {
      scopes[command.cell] = scope;
    },
    import: importModule,
    pick,
  };
  await start(runtime, requireFromNotebook, command.file, folder, notebookModule, notebookModule.exports);
  runtime.timer.end();
  const shown = await present(runtime.result);
  await displaysDone(command.cell);
  return shown && pack(shown);
}

function finish(run: Running, error: ErrorReport | null, result: Packed | null): void {
  if (run.finished) return;
  run.finished = true;
  running.delete(run);
  const { cell, declares } = run.command;
  dropInputs(cell);
  endProgress(cell, error !== null);
  const unset = error === null ? [] : declares.filter((name) => !isSet(scopes[cell], name));
  emit({ type: "done", cell, error, result, unset, folder: workingFolder() });
}

/** The notebook's folder where the current one has been removed. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return folder;
  }
}

function isSet(scope: Scope | undefined, name: string): boolean {
  if (scope === undefined) return false;
  try {
    return scope[name] !== undefined || name in scope;
  } catch {
    // A name before its declaration ran.
    return false;
  }
}
