#!/usr/bin/env node
/**
 * Registers the kernel with Jupyter: writes the kernelspec `radbook` under a prefix, such as a Python environment.
 *
 *     node dist/install.js --prefix DIR
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { makeSnapshot, usableSnapshot } from "./language/snapshot.js";

const NAME = "radbook";

/** A scan's contour in front of its three planes. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
  <rect width="64" height="64" rx="12" fill="#14213d"/>
  <g fill="none" stroke="#8ecae6" stroke-width="2.5" stroke-linejoin="round">
    <path d="M10 24 32 12 54 24 32 36Z" opacity=".45"/>
    <path d="M10 34 32 22 54 34 32 46Z" opacity=".7"/>
    <path d="M10 44 32 32 54 44 32 56Z"/>
  </g>
  <path d="M25 45c-1-5 4-8 9-6s7 5 4 8-12 3-13-2Z" fill="#ffb703"/>
</svg>
`;

/** Writes the kernelspec and returns its folder. A reader sees the old one or the new one, never a half. */
export function install(prefix: string): string {
  const kernels = path.join(prefix, "share", "jupyter", "kernels");
  const target = path.join(kernels, NAME);
  mkdirSync(kernels, { recursive: true });
  const fresh = mkdtempSync(path.join(kernels, `.${NAME}-`));
  const spec = {
    argv: [process.execPath, fileURLToPath(new URL("./main.js", import.meta.url)), "{connection_file}"],
    display_name: "TypeScript (Radbook)",
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: true },
  };
  writeFileSync(path.join(fresh, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
  writeFileSync(path.join(fresh, "logo-svg.svg"), LOGO);
  const old = `${fresh}-old`;
  // A folder cannot take the place of a filled one in a single step; a start in between finds the old one next time.
  if (existsSync(target)) renameSync(target, old);
  renameSync(fresh, target);
  rmSync(old, { recursive: true, force: true });
  return target;
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { prefix: { type: "string" } } });
  if (values.prefix === undefined) {
    process.stderr.write(
      "usage: radbook-kernel-install --prefix DIR\nDIR is a Python environment, such as .venv.\n",
    );
    process.exit(2);
  }
  process.stdout.write(`${install(values.prefix)}\n`);
  // Without one, the first start is slow, and the kernel makes it itself when it has time.
  if (usableSnapshot() === null) makeSnapshot().on("error", () => undefined);
}
