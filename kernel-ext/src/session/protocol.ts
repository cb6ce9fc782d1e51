/**
 * What the kernel and the process that runs user code say to each other.
 *
 * Layer:  session; imports nothing.
 */

/** File descriptors of the child: output to the kernel, commands from it, commands to the agent thread. */
export const OUTPUT_FD = 3;
export const COMMAND_FD = 4;
export const AGENT_FD = 5;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export interface JsonMap {
  readonly [key: string]: Json;
}

/** One cell, converted: a script whose value is the function that runs it. */
export interface RunCommand {
  readonly type: "run";
  /** Number of this execution in the session; output carries it back. */
  readonly cell: number;
  readonly js: string;
  /** Absolute path under which stack traces know the script. */
  readonly file: string;
  /** What a person calls it, such as "Cell [3]". */
  readonly label: string;
  /** The text as typed, for the excerpt in tracebacks. */
  readonly source: string;
  /** VLQ mappings from the script to the checked text. */
  readonly mappings: string;
  /** Line of the text → columns that the checked text has more, because a magic was rewritten there. */
  readonly shifts: Readonly<Record<number, number>>;
  /** Names whose value the cell declares. */
  readonly declares: readonly string[];
  /** Earlier executions of which no name is reachable any more. */
  readonly forget: readonly number[];
  /** The front end's name of the cell: what it showed before is replaced. */
  readonly notebookCell: string | null;
  /** Interrupts that were sent before it: a later one may overtake it, on the way to the agent. */
  readonly interrupts: number;
}

export interface CommCommand {
  readonly type: "comm_open" | "comm_msg" | "comm_close";
  readonly comm: string;
  readonly target: string;
  readonly data: Json;
}

export interface InputCommand {
  readonly type: "input";
  readonly id: number;
  /** Null where the front end takes no input. */
  readonly value: string | null;
}

export type Command = RunCommand | CommCommand | InputCommand;

/** To the agent thread: end what runs, or ask the inspector of user code. */
export type AgentCommand =
  | { readonly type: "interrupt" }
  | { readonly type: "inspect"; readonly id: number; readonly method: string; readonly params: object };

/** From the agent thread: the inspector's answers, and what it tells by itself. */
export type AgentEvent =
  | { readonly type: "answer"; readonly id: number; readonly result: unknown; readonly error: string | null }
  | { readonly type: "event"; readonly method: string; readonly params: object };

export interface ErrorReport {
  readonly name: string;
  readonly value: string;
  readonly traceback: readonly string[];
}

/** A value as front ends show it. */
export interface Shown {
  readonly data: JsonMap;
  readonly metadata: JsonMap;
}

export interface ReadyEvent {
  readonly type: "ready";
}

/** Its buffer is the text, in UTF-8. */
export interface StreamEvent {
  readonly type: "stream";
  readonly cell: number;
  readonly name: "stdout" | "stderr";
}

/** Its buffer is the JSON of the message's content, which passes unread. */
export interface DisplayEvent {
  readonly type: "display";
  readonly cell: number;
  readonly update: boolean;
}

export interface ClearEvent {
  readonly type: "clear";
  readonly cell: number;
  readonly wait: boolean;
}

export interface CommEvent {
  readonly type: "comm_open" | "comm_msg" | "comm_close";
  readonly cell: number;
  readonly comm: string;
  readonly target: string;
  readonly data: Json;
}

export interface InputEvent {
  readonly type: "input";
  readonly cell: number;
  readonly id: number;
  readonly prompt: string;
  readonly password: boolean;
}

/** Text for the front end's pager. */
export interface PageEvent {
  readonly type: "page";
  readonly cell: number;
  readonly text: string;
}

/** A large frame, in a file that its reader removes: a pipe takes as many turns of both processes as it has bytes. */
export interface ParcelEvent {
  readonly type: "parcel";
  readonly file: string;
}

/** What follows comes behind the mark of that number in the raw text of both streams. */
export interface MarkEvent {
  readonly type: "mark";
  readonly number: number;
}

/** An error that no cell waits for: a rejected promise, a throwing timer. */
export interface LateErrorEvent {
  readonly type: "late_error";
  readonly cell: number;
  readonly error: ErrorReport;
}

/** Its buffer is the JSON of what the cell's value shows, where there is something. */
export interface DoneEvent {
  readonly type: "done";
  readonly cell: number;
  readonly error: ErrorReport | null;
  /** Declared names that never got their value, because the cell failed before. */
  readonly unset: readonly string[];
  /** Where relative paths begin now. */
  readonly folder: string;
}

export type ChildEvent =
  | ReadyEvent
  | StreamEvent
  | DisplayEvent
  | ClearEvent
  | CommEvent
  | InputEvent
  | PageEvent
  | ParcelEvent
  | MarkEvent
  | LateErrorEvent
  | DoneEvent;
