/**
 * The content of a parameter file, with the file's name for error messages.
 *
 * Layer:  core; imports display.
 */
import { showAs } from "./display.js";

/** What a parameter file says. Nothing of it is checked before an extractor is made of it. */
export class ParameterFile {
  readonly file: string;
  /** Keys and values as they stand in the file. */
  readonly content: Readonly<Record<string, unknown>>;

  constructor(file: string, content: Readonly<Record<string, unknown>>) {
    this.file = file;
    this.content = content;
    showAs(this, () => ({ "text/plain": `${file}\n${JSON.stringify(content, null, 2)}` }));
  }
}
