/**
 * A JupyterLab server of a test's own, and what a person does in it: open a notebook, run it, wait.
 *
 * Settings, workspaces, kernels' connection files and history lie in a temporary folder that `stop` removes.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { freePort } from "../support/free-ports.js";

const REPOSITORY = path.resolve(import.meta.dirname, "..", "..");
const START_MS = 60_000;

/** A running server. */
export interface Lab {
  /** Address without a slash at its end. */
  readonly url: string;
  readonly token: string;
  /** Lets Radbook's settings be as nobody changed them. */
  forgetSettings(): void;
  /** Ends the server and its kernels, and removes what they left. */
  stop(): Promise<void>;
}

export interface LabOptions {
  /** Folder that the server shows. */
  readonly root: string;
  /** Environment variables on top of this process' own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Why browser tests cannot run here, or null when they can. */
export function whyNoLab(): string | null {
  if (browserPath() === null) return "Chromium is not installed";
  if (!existsSync(pythonPath()))
    return `there is no Python environment at ${pythonPath()}: run npm run setup`;
  const extension = path.join(prefix(), "share", "jupyter", "labextensions", "@radbook", "labextension");
  if (!existsSync(path.join(extension, "package.json")))
    return "the extension is not installed: run npm run setup";
  return null;
}

/** Whether the environment has a kernel of that name. */
export function hasKernel(name: string): boolean {
  return existsSync(path.join(prefix(), "share", "jupyter", "kernels", name, "kernel.json"));
}

/** Starts JupyterLab on a free port. @throws Error with the server's own words if it does not come up. */
export async function startLab({ root, env = {} }: LabOptions): Promise<Lab> {
  const port = await freePort();
  const token = randomBytes(24).toString("hex");
  const home = mkdtempSync(path.join(tmpdir(), "radbook-lab-"));
  const notices = path.join(home, "settings", "@jupyterlab", "apputils-extension");
  mkdirSync(notices, { recursive: true });
  writeFileSync(path.join(notices, "notification.jupyterlab-settings"), '{ "fetchNews": "false" }');
  const server = spawn(
    pythonPath(),
    [
      "-m",
      "jupyterlab",
      "--no-browser",
      "--allow-root",
      "--ServerApp.ip=127.0.0.1",
      `--ServerApp.port=${port}`,
      "--ServerApp.port_retries=0",
      `--ServerApp.root_dir=${root}`,
      `--IdentityProvider.token=${token}`,
      "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
      `--LabApp.user_settings_dir=${path.join(home, "settings")}`,
      `--LabApp.workspaces_dir=${path.join(home, "workspaces")}`,
    ],
    {
      cwd: root,
      detached: true, // A group of its own, so that no kernel outlives the test.
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        JUPYTER_CONFIG_DIR: path.join(home, "config"),
        JUPYTER_DATA_DIR: path.join(home, "data"),
        JUPYTER_RUNTIME_DIR: path.join(home, "runtime"),
        IPYTHONDIR: path.join(home, "ipython"),
        RADBOOK_STATE: path.join(home, "radbook"),
        ...env,
      },
    },
  );
  let words = "";
  for (const stream of [server.stdout, server.stderr])
    stream.on("data", (data: Buffer) => {
      words = (words + data.toString()).slice(-4000);
    });
  const stop = async (): Promise<void> => {
    await endGroup(server);
    rmSync(home, { recursive: true, force: true });
  };
  const forgetSettings = (): void =>
    rmSync(path.join(home, "settings", "@radbook"), { recursive: true, force: true });
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilAnswering(`${url}/api/status?token=${token}`, server);
  } catch (error) {
    await stop();
    throw new Error(`JupyterLab did not start: ${(error as Error).message}\n${words}`);
  }
  return { url, token, forgetSettings, stop };
}

/** Headless Chromium with software WebGL, or without any, and no connections of its own. */
export function openBrowser({ webgl = true }: { readonly webgl?: boolean } = {}): Promise<Browser> {
  const executablePath = browserPath();
  return chromium.launch({
    ...(executablePath === null ? {} : { executablePath }),
    args: [
      "--no-sandbox",
      ...(webgl ? ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"] : ["--disable-3d-apis"]),
      "--disable-gpu-watchdog",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-quic",
      "--no-first-run",
    ],
  });
}

/** Opens a notebook in a fresh workspace. `kernel: false` chooses "No Kernel" when JupyterLab asks for one. */
export async function openNotebook(
  page: Page,
  { url, token }: Lab,
  notebook: string,
  { kernel = true }: { readonly kernel?: boolean } = {},
): Promise<void> {
  const workspace = `test-${randomBytes(6).toString("hex")}`;
  await page.goto(`${url}/lab/workspaces/${workspace}/tree/${notebook}?token=${token}&reset`);
  await page.locator(".jp-NotebookPanel .jp-Notebook .jp-Cell").first().waitFor({ timeout: START_MS });
  if (kernel) await waitForIdle(page);
  else await page.locator(".jp-Dialog").getByRole("button", { name: "No Kernel" }).click();
}

/** Runs every cell from the menu and waits until the kernel has nothing left to do. */
export async function runAll(page: Page, timeoutMs = 300_000): Promise<void> {
  await page.locator(".jp-Notebook .jp-Cell").first().click();
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  await page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")].every(
        (prompt) => !(prompt.textContent ?? "").includes("*"),
      ),
    undefined,
    { timeout: timeoutMs },
  );
  await waitForIdle(page, timeoutMs);
}

/** Waits for the word "Idle" in the status bar: the kernel is there and has nothing to do. */
export async function waitForIdle(page: Page, timeoutMs = 120_000): Promise<void> {
  await page
    .locator("#jp-bottom-panel, #jp-main-statusbar")
    .getByText(/\bIdle\b/)
    .first()
    .waitFor({ timeout: timeoutMs });
}

/** Waits until what was asked for is painted. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );
}

/** Number of different colors on a canvas; 0 where nothing can be read. */
export function colorCount(canvas: Locator): Promise<number> {
  return canvas.evaluate((element: HTMLCanvasElement) => {
    const { width, height } = element;
    const image = element.getContext("2d")?.getImageData(0, 0, width, height);
    return new Set(new Uint32Array(image?.data.buffer ?? new ArrayBuffer(0))).size;
  });
}

/** The Python of the environment under test. */
export function pythonPath(): string {
  const own = path.join(REPOSITORY, ".venv", ...(WINDOWS ? ["Scripts", "python.exe"] : ["bin", "python"]));
  return process.env.RADBOOK_PYTHON ?? own;
}

const WINDOWS = process.platform === "win32";

/** Folder of the Python environment; not resolved, because its `python` is a link to the system's. */
function prefix(): string {
  return path.dirname(path.dirname(pythonPath()));
}

function browserPath(): string | null {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    const found = spawnSync(WINDOWS ? "where" : "which", [name], { encoding: "utf8" });
    if (found.status === 0) return found.stdout.trim().split("\n")[0] ?? null;
  }
  const own = chromium.executablePath();
  return existsSync(own) ? own : null;
}

async function untilAnswering(address: string, server: ChildProcess): Promise<void> {
  for (const start = Date.now(); Date.now() - start < START_MS; ) {
    if (server.exitCode !== null) throw new Error(`it ended with code ${server.exitCode}`);
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`no answer within ${START_MS / 1000} s`);
}

/** Asks the server to end, which ends its kernels too; after ten seconds ends the whole group. */
async function endGroup(server: ChildProcess): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    const late = setTimeout(() => killGroup(server), 10_000);
    await ended;
    clearTimeout(late);
  }
  killGroup(server);
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is gone already.
  }
}
