/**
 * A person's place at JupyterLab for one file of tests: a folder of its own on a server and in a browser that all
 * files of the run share, because starting them takes longer than most tests.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { beginCell, cellOf, runCell, type Source, writeCells } from "./cells.js";
import { hasKernel, type Lab, openBrowser, openNotebook, runAll, startLab, whyNoLab } from "./lab.js";

/** In the repository, where cells find the library; git ignores it. */
export const RESULTS: string = path.resolve(import.meta.dirname, "..", "..", "test-results");

export interface DeskOptions {
  /** Whether the tests run cells; else the notebooks are opened with "No Kernel". Default true. */
  readonly kernel?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Environment of the kernels. With it, the desk has a server of its own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What the tests of one `describe` have; its parts are there once its `before` hooks run. */
export class Desk {
  readonly #options: DeskOptions;
  #lab: Lab | null = null;
  #folder: string | null = null;
  #page: Page | null = null;
  /** Errors that scripts of the page raised. */
  readonly faults: string[] = [];

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  get lab(): Lab {
    return present(this.#lab);
  }

  /** Where the notebooks lie. */
  get folder(): string {
    return present(this.#folder);
  }

  get page(): Page {
    return present(this.#page);
  }

  async sitDown(): Promise<void> {
    const { kernel = true, env } = this.#options;
    if (env === undefined) {
      this.#lab = await sharedLab();
      this.#folder = mkdtempSync(path.join(shared.root, "desk-"));
    } else {
      this.#folder = mkdtempSync(path.join(RESULTS, "desk-"));
      this.#lab = await startLab({ root: this.#folder, env });
    }
    this.#page = await this.newPage();
    if (kernel) this.#page.on("pageerror", (error) => this.faults.push(error.message));
  }

  async standUp(): Promise<void> {
    // The kernels of the page's notebooks end with it.
    if (this.#page && this.#lab) await endKernels(this.#lab, this.folder);
    await this.#page?.context().close();
    this.#lab?.forgetSettings();
    if (this.#options.env !== undefined) await this.#lab?.stop();
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Another page of the same person, without what the first remembers. */
  async newPage(): Promise<Page> {
    const { viewport = { width: 1400, height: 1000 } } = this.#options;
    const browser = await sharedBrowser();
    const page = await browser.newPage({ viewport });
    page.setDefaultTimeout(PATIENCE_MS);
    return page;
  }

  /** Opens a notebook of the folder. */
  open(notebook: string, page: Page = this.page, kernel = this.#options.kernel ?? true): Promise<void> {
    const at = this.#options.env === undefined ? `${path.basename(this.folder)}/${notebook}` : notebook;
    return openNotebook(page, this.lab, at, { kernel });
  }

  /** Writes a notebook of TypeScript and Markdown cells and opens it. */
  async openCells(notebook: string, sources: readonly Source[]): Promise<void> {
    writeCells(path.join(this.folder, notebook), sources);
    await this.open(notebook);
  }

  cell(index: number): Locator {
    return cellOf(this.page, index);
  }

  /** The number in front of a cell, "*" while it runs. */
  async prompt(index: number): Promise<string> {
    return (await this.cell(index).locator(".jp-InputPrompt").innerText()).replace(/[[\]:\s]/g, "");
  }

  /** Begins a cell. */
  begin(index: number): Promise<void> {
    return beginCell(this.page, index);
  }

  /** Runs a cell to its end. */
  run(index: number): Promise<void> {
    return runCell(this.page, index, RUN_MS);
  }

  runAll(timeoutMs = RUN_MS): Promise<void> {
    return runAll(this.page, timeoutMs);
  }

  /** Saves the notebook and waits until it is saved. */
  async save(): Promise<void> {
    const written = this.page.waitForResponse(
      (answer) => answer.request().method() === "PUT" && answer.url().includes("/api/contents/"),
    );
    await this.page.getByRole("button", { name: "Save and create checkpoint" }).click();
    await written;
  }

  /** Saves the notebook until the file is as it must become: a view writes to its output when the reader rests. */
  async saveUntil(holds: () => boolean): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    for (await this.save(); !holds(); await this.save()) {
      if (Date.now() > end) throw new Error(`the file did not become what it must: ${holds}`);
      await this.page.waitForTimeout(200);
    }
  }

  async shot(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(RESULTS, `${name}.png`) });
  }
}

const PATIENCE_MS = 30_000;
const RUN_MS = 300_000;
const START_MS = 180_000;

/** The server and the browser of the run, from their first use on. */
const shared: { lab: Promise<Lab> | null; browser: Promise<Browser> | null; readonly root: string } = {
  lab: null,
  browser: null,
  root: path.join(RESULTS, `browser-${process.pid}`),
};

function sharedLab(): Promise<Lab> {
  shared.lab ??= startLab({ root: shared.root });
  return shared.lab;
}

function sharedBrowser(): Promise<Browser> {
  shared.browser ??= openBrowser();
  return shared.browser;
}

// At the end of the whole run.
after(async function () {
  this.timeout(60_000);
  await (await shared.browser?.catch(() => null))?.close();
  await (await shared.lab?.catch(() => null))?.stop();
  rmSync(shared.root, { recursive: true, force: true });
});

/** Gives the surrounding `describe` a desk, or skips it and says why. A failed test leaves a picture. */
export function useDesk(options: DeskOptions = {}): Desk {
  const desk = new Desk(options);
  before(async function () {
    this.timeout(START_MS);
    const missing =
      options.kernel === false || hasKernel("radbook")
        ? null
        : "the kernel is not installed: run npm run setup";
    const reason = whyNoLab() ?? missing;
    if (reason !== null) {
      console.log(`      skipped: ${reason}`);
      this.skip();
    }
    mkdirSync(shared.root, { recursive: true });
    await desk.sitDown();
  });
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    await desk.shot(`failed-${this.currentTest.title.replace(/\W+/g, "-").slice(0, 60)}`);
  });
  after(async function () {
    this.timeout(60_000);
    await desk.standUp();
  });
  return desk;
}

/** Ends the kernels of a folder's notebooks, so that later files do not share the machine with them. */
async function endKernels({ url, token }: Lab, folder: string): Promise<void> {
  const headers = { Authorization: `token ${token}` };
  const answer = await fetch(`${url}/api/sessions`, { headers });
  for (const { id, path: at } of (await answer.json()) as { id: string; path: string }[]) {
    if (at.startsWith(path.basename(folder)))
      await fetch(`${url}/api/sessions/${id}`, { method: "DELETE", headers });
  }
}

function present<T>(part: T | null): T {
  if (part === null) throw new Error("the desk is there once the `before` hooks run");
  return part;
}
