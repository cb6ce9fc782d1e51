/**
 * Where data lie: the folder that RADBOOK_DATA names, then `data/` of the Radbook folder.
 *
 * The Radbook folder is the one that RADBOOK_HOME names, else the nearest folder above the notebook whose package.json is Radbook's.
 * Layer:  io; imports nothing.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** The folders to look in, first one first. */
export function dataFolders(): string[] {
  const { RADBOOK_DATA } = process.env;
  const home = radbookFolder();
  const named = RADBOOK_DATA === undefined || RADBOOK_DATA === "" ? [] : [path.resolve(RADBOOK_DATA)];
  return home === null ? named : [...named, path.join(home, "data")];
}

/** The first folder that has a file or folder of this name, with that name; null if none has. */
export function findData(...names: readonly string[]): string | null {
  return (
    dataFolders()
      .map((folder) => path.join(folder, ...names))
      .find((place) => existsSync(place)) ?? null
  );
}

function radbookFolder(): string | null {
  const { RADBOOK_HOME } = process.env;
  if (RADBOOK_HOME !== undefined && RADBOOK_HOME !== "") return path.resolve(RADBOOK_HOME);
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    if (isRadbook(folder)) return folder;
    if (path.dirname(folder) === folder) return null;
  }
}

function isRadbook(folder: string): boolean {
  try {
    const { name } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as {
      name?: unknown;
    };
    return name === "radbook-root";
  } catch {
    return false;
  }
}
