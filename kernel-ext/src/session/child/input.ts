/**
 * The globals `input` and `prompt`: questions to the person at the notebook, one at a time.
 *
 * Layer:  session/child; imports session.
 */
import { waitForCommand } from "./commands.js";
import { currentCell, emit } from "./output.js";

interface InputOptions {
  readonly password?: boolean;
}

interface Question {
  readonly id: number;
  readonly cell: number;
  readonly text: string;
  readonly password: boolean;
  resolve(value: string): void;
  reject(error: Error): void;
}

/** Open questions; only the first is out, because a front end shows one. */
let questions: Question[] = [];
let count = 0;

/** Asks for a line of text; the cell may do something else meanwhile. */
export function input(text = "", { password = false }: InputOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const question = { id: ++count, cell: currentCell(), text, password, resolve, reject };
    questions.push(question);
    if (questions.length === 1) ask(question);
  });
}

/** Asks for a line of text and blocks until it is there. */
export function prompt(text = "", { password = false }: InputOptions = {}): string {
  const id = ++count;
  ask({ id, cell: currentCell(), text, password });
  const { value } = waitForCommand((command) =>
    command.type === "input" && command.id === id ? command : undefined,
  );
  // The question of a pending `input` was replaced by this one: it is asked again.
  const [first] = questions;
  if (first) ask(first);
  if (value === null) throw refusal();
  return value;
}

/** The answer to a question of `input`; null where the front end takes none. */
export function receiveInput(id: number, value: string | null): void {
  const [first] = questions;
  if (first?.id !== id) return;
  questions.shift();
  if (value === null) first.reject(refusal());
  else first.resolve(value);
  const [next] = questions;
  if (next) ask(next);
}

/** Nobody answers the questions of a cell that has ended; what waits for them in it does not go on. */
export function dropInputs(cell: number): void {
  questions = questions.filter((one) => one.cell !== cell);
}

function ask({ id, cell, text, password }: Omit<Question, "resolve" | "reject">): void {
  emit({ type: "input", cell, id, prompt: String(text), password });
}

function refusal(): Error {
  return new Error("this front end takes no input: the cell was sent with allow_stdin false");
}
