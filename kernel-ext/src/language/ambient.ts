/**
 * Types of what the kernel offers to every cell without an import.
 *
 * Layer:  language; imports nothing.
 */
export const AMBIENT = `/// <reference types="node" />
/** Shows a value under the cell: its own pictures if it has some, else its text. */
declare function display(
  value: unknown,
  options?: {
    /** Names the output, so that a later call can change it. */
    display_id?: string;
    /** Changes the outputs of that name instead of adding one. */
    update?: boolean;
    /** The value is a MIME bundle itself. */
    raw?: boolean;
  },
): void;
/** Clears the output of the cell; with \`wait\`, when the next output comes. */
declare function clearOutput(wait?: boolean): void;
/** Shows text in the front end's pager. */
declare function page(text: string): void;
/** Asks the person at the notebook for a line of text. */
declare function input(prompt?: string, options?: { password?: boolean }): Promise<string>;
declare const __cell: {
  readonly timer: { start(): void; stop(): void; time<T>(expression: () => T): Promise<Awaited<T>> };
};
`;
