/** Files of the set-up: stamps, folder states, atomic writes. */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

export function digest(parts) {
  return parts.includes(null) ? null : createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** Names, sizes and times of a folder's files: cheap, and enough to see a change. */
export function treeState(root, folder) {
  const list = [];
  const visit = (directory) => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const full = path.join(directory, entry.name);
      if (entry.isDirectory()) {
        if (!["dist", "node_modules", "static-build"].includes(entry.name)) visit(full);
      } else if (!entry.name.endsWith(".tsbuildinfo")) {
        const { size, mtimeMs } = statSync(full);
        list.push([full, size, mtimeMs]);
      }
    }
  };
  if (existsSync(path.join(root, folder))) visit(path.join(root, folder));
  return list;
}

export function writeAtomically(file, text) {
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}

export function replaceFolder(from, to) {
  const part = `${to}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(path.dirname(to), { recursive: true });
  cpSync(from, part, { recursive: true });
  rmSync(to, { recursive: true, force: true });
  renameSync(part, to);
}
