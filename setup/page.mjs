/**
 * Makes the template of exported notebooks: `setup/nbconvert/radbook` with the scripts and styles of Radbook's views,
 * bundled from the built extension, so that a page needs no network.
 *
 * `node setup/page.mjs FOLDER` puts it into FOLDER, nbconvert's folder of templates.
 */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { replaceFolder } from "./files.mjs";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const EXTENSION = path.join(ROOT, "labextension");

const part = mkdtempSync(path.join(tmpdir(), "radbook-page-"));
try {
  cpSync(path.join(ROOT, "setup", "nbconvert", "radbook"), part, { recursive: true });
  await build({
    entryPoints: [
      ...["figures", "tables", "scans", "formulas"].map((name) => ({
        in: path.join(EXTENSION, "dist", "page", `${name}.js`),
        out: name,
      })),
      { in: path.join(EXTENSION, "style", "index.css"), out: "views" },
      { in: fileURLToPath(import.meta.resolve("katex/dist/katex.min.css")), out: "formulas" },
    ],
    // Letters of formulas lie in the style sheet, once: every browser reads WOFF2.
    loader: { ".woff2": "dataurl", ".woff": "empty", ".ttf": "empty" },
    outdir: path.join(part, "static", "radbook"),
    bundle: true,
    minify: true,
    platform: "browser",
    format: "iife",
    target: "es2022",
    legalComments: "eof",
    logLevel: "error",
  });
  replaceFolder(part, path.join(path.resolve(process.argv[2]), "radbook"));
} finally {
  rmSync(part, { recursive: true, force: true });
}
