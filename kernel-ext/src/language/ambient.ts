/**
 * Types of what the kernel offers to every cell without an import.
 *
 * Layer:  language; imports display.
 */
import { DISPLAY_TYPES } from "../display/ambient.js";

export const AMBIENT: string = `/// <reference types="node" />
${DISPLAY_TYPES}declare const __cell: {
  readonly timer: { start(): void; stop(): void; time<T>(expression: () => T): Promise<Awaited<T>> };
};
`;
