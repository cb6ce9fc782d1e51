/**
 * Lets Node load TypeScript files that lie beside a notebook.
 *
 * Source: Node.js, "Customization hooks" (asynchronous, in their own thread).
 * Layer:  session/child; imports nothing.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";

/** Finds `./a.ts` for `./a`, `./a.js` and `./a.ts`, and JSON. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const { parentURL } = context;
  if (/^\.{0,2}\//.test(specifier) && parentURL?.startsWith("file:")) {
    const url = new URL(specifier, parentURL);
    // Its files change together: `local-files.ts`.
    const { search } = new URL(parentURL);
    for (const href of [url.href, url.href.replace(/\.js$/, ".ts"), `${url.href}.ts`]) {
      if (/\.(?:m?ts|json)$/.test(href) && existsSync(fileURLToPath(href)))
        return next(href + search, context);
    }
  }
  return next(specifier, context);
};

export const load: LoadHook = async (url, context, next) => {
  // What follows a question mark only tells one run of a file from the next.
  if (!url.startsWith("file:") || !/\.m?ts(\?.*)?$/.test(url) || url.includes("/node_modules/"))
    return next(url, context);
  const { default: ts } = await import("typescript");
  const file = fileURLToPath(url);
  const { outputText, diagnostics = [] } = ts.transpileModule(await readFile(file, "utf8"), {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, inlineSourceMap: true },
  });
  const [wrong] = diagnostics;
  if (wrong?.file && wrong.start !== undefined) {
    const { line, character } = wrong.file.getLineAndCharacterOfPosition(wrong.start);
    const what = ts.flattenDiagnosticMessageText(wrong.messageText, "\n");
    throw new SyntaxError(`${file}:${line + 1}:${character + 1}: ${what}`);
  }
  return { format: "module", source: outputText, shortCircuit: true };
};
