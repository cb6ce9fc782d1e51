/** Cells of a notebook, as a person writes and runs them in JupyterLab. */
import { writeFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { waitForIdle } from "./lab.js";

/** A cell of TypeScript, or of Markdown. */
export type Source = string | { readonly markdown: string };

/** Writes a notebook of cells that have not run. */
export function writeCells(file: string, sources: readonly Source[]): void {
  const cells = sources.map((source, i) => ({
    id: `cell-${i}`,
    metadata: {},
    ...(typeof source === "string"
      ? { cell_type: "code", source, execution_count: null, outputs: [] }
      : { cell_type: "markdown", source: source.markdown }),
  }));
  const kernelspec = { name: "radbook", display_name: "TypeScript (Radbook)", language: "typescript" };
  writeFileSync(file, JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }));
}

export function cellOf(page: Page, index: number): Locator {
  return page.locator(".jp-Notebook .jp-Cell").nth(index);
}

/** Begins a cell. */
export async function beginCell(page: Page, index: number): Promise<void> {
  await cellOf(page, index).locator(".cm-content").click();
  await page.keyboard.press("Control+Enter");
}

/** Runs a cell to its end. */
export async function runCell(page: Page, index: number, timeoutMs: number): Promise<void> {
  await beginCell(page, index);
  await page.waitForFunction(
    (at) => {
      const prompt = document.querySelectorAll(".jp-Notebook .jp-Cell")[at]?.querySelector(".jp-InputPrompt");
      return /\[\d+\]/.test(prompt?.textContent ?? "");
    },
    index,
    { timeout: timeoutMs },
  );
  await waitForIdle(page);
}
