#!/usr/bin/env node
/**
 * Sets Radbook up and runs it: one script, without dependencies, behind `npm start` and `npm test`.
 *
 * Every step keeps a stamp in `.setup/` of what it was made from. A step whose stamp still holds is skipped,
 * and a stamp is written only after its step has ended well: an interrupted set-up goes on where it stopped.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { digest, replaceFolder, treeState } from "./setup/files.mjs";
import { runLanes } from "./setup/lanes.mjs";
import { checkMachine, findPython, takeLock } from "./setup/machine.mjs";
import { attached, quiet, ROOT, runStep, SetupError, STATE, WINDOWS } from "./setup/run.mjs";

const VENV = path.join(ROOT, ".venv");

const USAGE = `Radbook

  npm start                          set up, then open the tour in JupyterLab
  npm start -- --no-browser --port N the same on another machine: open the printed address yourself
  npm test                           set up, then check types, style and every test
  npm run setup                      set up only
  npm run notebook -- FILE.ipynb     run a notebook without a browser; writes FILE.html beside it
  npm run data -- synthetic|ibsi-ct  make or download data for the notebooks
`;

const COMMANDS = { install, start, test, notebook, data };

try {
  const [name = "help", ...args] = process.argv.slice(2);
  const command = COMMANDS[name];
  if (command === undefined) process.stdout.write(USAGE);
  else process.exitCode = await command(args);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}

// Commands. Each resolves to the exit code.

async function install() {
  checkMachine();
  takeLock();
  const python = findPython();
  const steps = [
    { title: "packages", stamp: packagesStamp, run: installPackages },
    { title: "Python environment", stamp: () => pythonStamp(python), run: () => installPython(python) },
    { title: "build", stamp: sourcesStamp, run: build },
    { title: "JupyterLab extension", stamp: extensionStamp, run: installExtension },
    { title: "kernel", stamp: kernelStamp, run: installKernel },
    { title: "synthetic scans", stamp: syntheticStamp, run: () => makeData(["synthetic"], "synthetic") },
  ];
  for (const [index, step] of steps.entries()) await runStep(step, index + 1, steps.length);
  rmSync(path.join(STATE, "lock"), { force: true });
  return 0;
}

async function start(args) {
  await install();
  process.stdout.write("\nOpening JupyterLab. Stop it with Ctrl+C, twice.\n");
  // Its address then names the tour also where no browser opens, and its log keeps to what the user must know.
  const flags = ["--LabApp.default_url=/lab/tree/notebooks/00-tour.ipynb", "--log-level=WARN"];
  return attached(venvBin("jupyter"), [
    "lab",
    `--ServerApp.root_dir=${ROOT}`,
    ...flags,
    ...rootFlag(),
    ...args,
  ]);
}

async function test(args) {
  await install();
  await runStep({ title: "Chromium for the browser tests", stamp: () => null, run: installChromium }, 1, 1);
  for (const [tool, flags] of [
    ["tsc", ["-b"]],
    ["biome", ["check", "--error-on-warnings", "."]],
  ]) {
    process.stdout.write(`\n> ${tool} ${flags.join(" ")}\n`);
    const code = await attached(process.execPath, [npmToolPath(tool), ...flags]);
    if (code !== 0) {
      process.stdout.write("0 passed, 1 failed, 0 skipped\n");
      return code;
    }
  }
  const mocha = npmToolPath("mocha");
  if (args.length > 0) return attached(process.execPath, [mocha, ...args]);
  const notebooks = "test/{browser,kernel}/**/*.test.ts";
  return runLanes([
    [mocha, "test/**/*.test.ts", "--ignore", notebooks],
    [mocha, notebooks],
  ]);
}

async function notebook(args) {
  const file = args[0];
  if (file === undefined || !file.endsWith(".ipynb"))
    throw new SetupError("Name a notebook: npm run notebook -- FILE.ipynb");
  const full = path.resolve(process.env.INIT_CWD ?? ROOT, file);
  if (!existsSync(full)) throw new SetupError(`There is no notebook ${full}. Check the path.`);
  await install();
  const page = ["--to", "html", "--template", "radbook"];
  const flags = [...page, "--execute", "--ExecutePreprocessor.timeout=-1", full];
  return attached(venvBin("jupyter"), ["nbconvert", ...flags, ...args.slice(1)]);
}

async function data(args) {
  checkMachine();
  if (!existsSync(path.join(ROOT, "node_modules", "tsx"))) await install();
  return attached(process.execPath, [...dataScript(), ...args]);
}

// Steps.

async function installPackages() {
  await quiet(WINDOWS ? "npm.cmd" : "npm", ["ci", "--ignore-scripts", "--prefer-offline"], "packages");
}

function packagesStamp() {
  const manifests = [
    "package-lock.json",
    "package.json",
    ...["src", "kernel-ext", "labextension"].map((w) => `${w}/package.json`),
  ];
  return existsSync(path.join(ROOT, "node_modules", "typescript"))
    ? digest([process.version, ...manifests.map(contents)])
    : null;
}

/** A half-made environment is never repaired: it is small, and made anew beside the lock it must match. */
async function installPython(python) {
  rmSync(VENV, { recursive: true, force: true });
  await quiet(python, ["-m", "venv", VENV], "python");
  const flags = ["--disable-pip-version-check", "--no-input", "--require-hashes", "--only-binary", ":all:"];
  await quiet(venvBin("python"), ["-m", "pip", "install", ...flags, "-r", "requirements.lock"], "python");
  // Without a manifest of its own, the JavaScript inside would count as ours: as ES modules, which it is not.
  writeFileSync(path.join(VENV, "package.json"), '{ "private": true }\n');
  // No question about news before the first cell has run.
  const settings = path.join(VENV, "share", "jupyter", "lab", "settings");
  mkdirSync(settings, { recursive: true });
  const quietly = {
    "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
  };
  writeFileSync(path.join(settings, "overrides.json"), JSON.stringify(quietly));
}

function pythonStamp(python) {
  return existsSync(venvBin("jupyter-lab")) ? digest([python, VENV, contents("requirements.lock")]) : null;
}

async function build() {
  await npmTool("tsc", ["-b", "src", "kernel-ext", "labextension"], "build");
  await quiet(process.execPath, [path.join("setup", "bundle.mjs")], "bundle");
}

function sourcesStamp() {
  const built = ["src/dist/index.js", "src/dist/bundle", "kernel-ext/dist/main.js"].every((file) =>
    existsSync(path.join(ROOT, file)),
  );
  return built
    ? digest([treeState(ROOT, "src"), treeState(ROOT, "kernel-ext"), treeState(ROOT, "labextension/src")])
    : null;
}

async function installExtension() {
  const builder = path.join("node_modules", "@jupyter", "builder", "lib", "build-labextension.js");
  const core = path.join("node_modules", "@jupyterlab", "core-meta", "core.package.json");
  await quiet(process.execPath, [builder, "--core-package-file", core, "labextension"], "extension");
  replaceFolder(path.join(ROOT, "labextension", "static-build"), installedExtension());
  const templates = path.join(VENV, "share", "jupyter", "nbconvert", "templates");
  await quiet(process.execPath, [path.join("setup", "page.mjs"), templates], "page");
  // What JupyterLab exports as HTML are then our pages too.
  const config = path.join(VENV, "etc", "jupyter", "jupyter_server_config.json");
  writeFileSync(config, JSON.stringify({ HTMLExporter: { template_name: "radbook" } }));
}

function extensionStamp() {
  if (!existsSync(path.join(installedExtension(), "package.json"))) return null;
  return digest([
    sourcesStamp(),
    treeState(ROOT, "labextension/style"),
    treeState(ROOT, "labextension/schema"),
    treeState(ROOT, "setup/nbconvert"),
    contents("setup/page.mjs"),
    contents("package-lock.json"),
    contents("labextension/package.json"),
  ]);
}

function installedExtension() {
  return path.join(VENV, "share", "jupyter", "labextensions", "@radbook", "labextension");
}

async function installKernel() {
  await quiet(process.execPath, [path.join("kernel-ext", "dist", "install.js"), "--prefix", VENV], "kernel");
}

function kernelStamp() {
  const spec = path.join(VENV, "share", "jupyter", "kernels", "radbook", "kernel.json");
  return existsSync(spec) ? digest([sourcesStamp(), process.execPath]) : null;
}

async function makeData(args, log) {
  await quiet(process.execPath, [...dataScript(), ...args], log);
}

function syntheticStamp() {
  return existsSync(path.join(ROOT, "data", "synthetic"))
    ? digest([treeState(ROOT, "data-scripts"), contents("src/core/random.ts")])
    : null;
}

function dataScript() {
  return ["--import", "tsx", "--conditions=source", path.join(ROOT, "data-scripts", "main.ts")];
}

/** A browser for the tests: the system's, else Debian's package when we may install it, else Playwright's own. */
async function installChromium() {
  const onPath = (name) => spawnSync(WINDOWS ? "where" : "which", [name], { stdio: "ignore" }).status === 0;
  if (["chromium", "chromium-browser", "google-chrome"].some(onPath)) return;
  try {
    if (process.getuid?.() === 0 && onPath("apt-get")) {
      await quiet("apt-get", ["update"], "chromium");
      await quiet(
        "apt-get",
        ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
        "chromium",
      );
    } else {
      await quiet(process.execPath, [npmToolPath("playwright-core"), "install", "chromium"], "chromium");
    }
  } catch (error) {
    process.stdout.write(`\n  no Chromium: the browser tests will be skipped.\n  ${error.message}\n`);
  }
}

function npmTool(tool, args, log) {
  return quiet(process.execPath, [npmToolPath(tool), ...args], log);
}

function npmToolPath(tool) {
  const scripts = {
    tsc: "typescript/bin/tsc",
    biome: "@biomejs/biome/bin/biome",
    mocha: "mocha/bin/mocha.js",
    "playwright-core": "playwright-core/cli.js",
  };
  return path.join(ROOT, "node_modules", scripts[tool]);
}

function venvBin(name) {
  return WINDOWS ? path.join(VENV, "Scripts", `${name}.exe`) : path.join(VENV, "bin", name);
}

/** JupyterLab refuses to run as root unless told that it may, as in a container. */
function rootFlag() {
  return process.getuid?.() === 0 ? ["--allow-root"] : [];
}

function contents(file) {
  return readFileSync(path.join(ROOT, file), "utf8");
}
