/**
 * Paths as arguments: as a person types them, and their completion.
 *
 * Layer:  magics; imports magic.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { nearest } from "../language/nearest.js";
import { type ArgumentWords, MagicError } from "./magic.js";

/** Absolute path of what was typed: quotes may stand around it, `~` is the home folder. */
export function typedPath(argument: string, folder: string): string {
  const plain = unquoted(argument);
  const home = plain === "~" || plain.startsWith("~/") ? os.homedir() + plain.slice(1) : plain;
  return path.resolve(folder, home);
}

export function unquoted(argument: string): string {
  const text = argument.trim();
  return /^"[^"]*"$|^'[^']*'$/.test(text) ? text.slice(1, -1) : text;
}

/** @throws MagicError when there is no such file, with the name that is closest. */
export function readTyped(argument: string, folder: string): string {
  const file = typedPath(argument, folder);
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "EISDIR") throw new MagicError(`${unquoted(argument)} is a folder. Name a file in it.`);
    if (code !== "ENOENT")
      throw new MagicError(`cannot read ${unquoted(argument)}: ${(cause as Error).message}`);
    const close = nearest(path.basename(file), filesOf(path.dirname(file)));
    const hint = close === null ? "" : ` Did you mean ${close}?`;
    throw new MagicError(`there is no file ${unquoted(argument)} in ${folder}.${hint}`);
  }
}

/** Files and folders that begin like the last part of `typed`; only files that end as `pattern` says. */
export function completePath(typed: string, folder: string, pattern: RegExp | null): ArgumentWords {
  const from = typed.lastIndexOf("/") + 1;
  const start = typed.slice(from);
  const parent = typedPath(typed.slice(0, from) || ".", folder);
  const words: string[] = [];
  for (const name of filesOf(parent)) {
    if (!name.startsWith(start) || (name.startsWith(".") && !start.startsWith("."))) continue;
    if (isFolder(path.join(parent, name))) words.push(`${name}/`);
    else if (pattern?.test(name)) words.push(name);
  }
  return { from, words };
}

export function isFolder(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
