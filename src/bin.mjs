#!/usr/bin/env node
/**
 * The command `radbook`. It is plain JavaScript, so that npm can link it before anything is built.
 */
import { existsSync } from "node:fs";
import module from "node:module";
import { loadBuilt } from "./built.mjs";

if (existsSync(new URL("./dist/cli.js", import.meta.url))) {
  // From Node 22 on, code is compiled once for all runs.
  module.enableCompileCache?.();
  const { main } = loadBuilt("cli.js");
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write("radbook: not built yet. Run `npm run build` in the Radbook folder first.\n");
  process.exitCode = 1;
}
