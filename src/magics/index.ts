/**
 * The library's magics.
 *
 * Layer:  magics; imports its own files.
 */
import { cohortMagic } from "./cohort.js";
import type { LineMagic } from "./magic.js";
import { viewMagic } from "./view.js";

export type { ArgumentWords, LineCode, LineMagic } from "./magic.js";

export const magics: readonly LineMagic[] = [cohortMagic, viewMagic];
