/**
 * All magics: the kernel's own, and those that packages bring along as data.
 *
 * Layer:  magics; imports all magics.
 */
import { check } from "./check.js";
import { environmentMagics } from "./environment.js";
import { expanders } from "./expand.js";
import { fileMagics } from "./files.js";
import { help } from "./help.js";
import { type Magic, magicKey } from "./magic.js";
import { nameMagics } from "./names.js";
import { npm } from "./npm.js";
import { sql } from "./sql.js";
import { textMagics } from "./text.js";
import { timers } from "./time.js";

export type Magics = ReadonlyMap<string, Magic>;

const own: readonly Magic[] = [
  ...timers,
  ...nameMagics,
  ...fileMagics,
  ...environmentMagics,
  ...expanders,
  ...textMagics,
  sql,
  npm,
  check,
  help(() => [...new Set([...magics.values()].map((magic) => magic.name))]),
];

/** The kernel's own, by name with percent signs. */
export const magics: Magics = new Map(own.map((magic) => [magicKey(magic), magic]));
