/**
 * Types of what the kernel offers to every cell without an import.
 *
 * Layer:  language; imports display, ambient-magics.
 */
import { DISPLAY_TYPES } from "../display/ambient.js";
import { TSLAB_TYPES } from "../display/tslab.js";
import { MAGIC_TYPES } from "./ambient-magics.js";

export const AMBIENT: string = `/// <reference types="node" />
${DISPLAY_TYPES}${MAGIC_TYPES}
declare module "tslab" {
${TSLAB_TYPES}}
`;
