/**
 * Folders of the person who runs the kernel, for what outlives it.
 *
 * Layer:  beside the folders; imports nothing.
 */
import os from "node:os";
import path from "node:path";

/** What can be made again at any time. */
export function cacheFolder(): string {
  return own("RADBOOK_CACHE", {
    darwin: ["Library", "Caches"],
    win32: ["AppData", "Local"],
    other: process.env.XDG_CACHE_HOME ?? [".cache"],
  });
}

/** What a person would miss. */
export function dataFolder(): string {
  return own("RADBOOK_STATE", {
    darwin: ["Library", "Application Support"],
    win32: ["AppData", "Roaming"],
    other: process.env.XDG_DATA_HOME ?? [".local", "share"],
  });
}

type Place = string | readonly string[];

function own(variable: string, places: { darwin: Place; win32: Place; other: Place }): string {
  const named = process.env[variable];
  if (named) return path.resolve(named);
  const { platform } = process;
  const place = platform === "darwin" || platform === "win32" ? places[platform] : places.other;
  return path.join(typeof place === "string" ? place : path.join(os.homedir(), ...place), "radbook");
}
