/**
 * The process of the compiler: checks and converts the cells of one session.
 *
 * Layer:  language; imports compiler-server, typescript.
 */
import { serve } from "./compiler-server.js";
import { TypescriptLanguage } from "./typescript.js";

const language = new TypescriptLanguage(process.argv[2] ?? process.cwd());
// The first check reads all libraries; nobody waits for it yet.
language.convert(0, "", { source: "1", text: "1", shifts: {} });
serve(language);
