/**
 * The process of the compiler: checks and converts the cells of one session, in the folder that it is given.
 *
 * It also makes V8's start-up snapshot: a process that begins with it has everything done that is done here.
 * Layer:  language; imports compiler-server, packages, typescript.
 */
import { writeSync } from "node:fs";
import v8 from "node:v8";
import { PACKAGES } from "../packages.js";
import { serve } from "./compiler-server.js";
import { TypescriptLanguage } from "./typescript.js";

const language = new TypescriptLanguage();

/** By then the first cell is checked, or the person still thinks about it. */
const CALM_MS = 500;

function start(): void {
  language.open(process.argv[2] ?? process.cwd());
  serve(language);
  // The first completion of all takes longest; a snapshot cannot hold what it needs (a collator).
  setTimeout(() => language.complete("Math.", 5), CALM_MS).unref();
}

const { startupSnapshot } = v8;
if (startupSnapshot.isBuildingSnapshot()) {
  language.rehearse(PACKAGES);
  writeSync(1, JSON.stringify(language.files()));
  startupSnapshot.setDeserializeMainFunction(start);
} else {
  start();
  // The first check reads all libraries; nobody waits for it yet.
  language.convert(0, "", { source: "1", text: "1", shifts: {} });
}
