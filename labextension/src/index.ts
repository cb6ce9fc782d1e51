/**
 * The JupyterLab extension: draws Radbook's scans and figures where a cell shows them, and adds its commands.
 *
 * Layer:  labextension; the only module that knows the JupyterLab application.
 */
import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette } from "@jupyterlab/apputils";
import { ILauncher } from "@jupyterlab/launcher";
import { INotebookTracker } from "@jupyterlab/notebook";
import { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { ISettingRegistry } from "@jupyterlab/settingregistry";
import { addCommands } from "./commands/commands.js";
import { followSettings } from "./commands/settings.js";
import { FIGURE_MIME, FigureRenderer } from "./figure/renderer.js";
import { CohortPanel } from "./panel/panel.js";
import type { Choice } from "./selection/choice.js";
import { joinNotebook } from "./selection/notebook.js";
import { TABLE_MIME, TableRenderer } from "./table/renderer.js";
import type { KernelSource } from "./volume/live.js";
import { VOLUME_MIME, VOLUMES_MIME, VolumeRenderer } from "./volume/renderer.js";
import { WIDGET_MIME, WidgetRenderer } from "./widget/renderer.js";

/** Lower ranks win: ours come before Vega-Lite (50), PNG (90) and HTML (50 and more) of the same output. */
const RANK = 10;

const renderers: JupyterFrontEndPlugin<void> = {
  id: "@radbook/labextension:renderers",
  description: "Draws scans, survival curves, explanations, tables and controls inline.",
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [INotebookTracker],
  activate: (app: JupyterFrontEnd, registry: IRenderMimeRegistry, notebooks: INotebookTracker | null) => {
    // Documents without a kernel of their own, such as a Markdown preview or a mirrored output.
    for (const make of FACTORIES) registry.addFactory(make(null, null), RANK);

    // Each notebook has a clone of the registry: there a live view learns which kernel is its own.
    const equip = (panel: NotebookPanel): void => {
      const choice = joinNotebook(app, panel);
      for (const make of FACTORIES)
        panel.content.rendermime.addFactory(make(panel.sessionContext, choice), RANK);
    };
    notebooks?.forEach(equip);
    notebooks?.widgetAdded.connect((_tracker, panel) => equip(panel));
  },
};

const cohort: JupyterFrontEndPlugin<void> = {
  id: "@radbook/labextension:cohort",
  description: "Shows the patients of the notebook in a side panel.",
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ILayoutRestorer],
  activate: (app, notebooks: INotebookTracker, restorer: ILayoutRestorer | null): void => {
    const panel = new CohortPanel(notebooks);
    restorer?.add(panel, panel.id);
    app.shell.add(panel, "left", { rank: 700 });
  },
};

const commands: JupyterFrontEndPlugin<void> = {
  id: "@radbook/labextension:commands",
  description: "Adds Radbook's commands, launcher cards and settings.",
  autoStart: true,
  optional: [INotebookTracker, ICommandPalette, ILauncher, ISettingRegistry],
  activate: (app, notebooks, palette, launcher, settings: ISettingRegistry | null): void => {
    addCommands(app, { notebooks, palette, launcher });
    if (settings !== null) void followSettings(settings, commands.id);
  },
};

type NotebookPanel = Parameters<Parameters<INotebookTracker["forEach"]>[0]>[0];

function volumeFactory(kernels: KernelSource | null): IRenderMime.IRendererFactory {
  return {
    safe: true, // Payloads are checked and never become markup, so untrusted notebooks may show them.
    mimeTypes: [VOLUME_MIME, VOLUMES_MIME],
    createRenderer: () => new VolumeRenderer(kernels),
  };
}

function tableFactory(kernels: KernelSource | null, choice: Choice | null): IRenderMime.IRendererFactory {
  return { safe: true, mimeTypes: [TABLE_MIME], createRenderer: () => new TableRenderer(kernels, choice) };
}

function widgetFactory(kernels: KernelSource | null): IRenderMime.IRendererFactory {
  return {
    safe: false, // A widget runs code: not in untrusted notebooks.
    mimeTypes: [WIDGET_MIME],
    createRenderer: () => new WidgetRenderer(kernels),
  };
}

function figureFactory(_kernels: KernelSource | null, choice: Choice | null): IRenderMime.IRendererFactory {
  return { safe: true, mimeTypes: [FIGURE_MIME], createRenderer: () => new FigureRenderer(choice) };
}

/** Factories of views, which ask the notebook's kernel and take part in its selection. */
const FACTORIES = [volumeFactory, tableFactory, widgetFactory, figureFactory] as const;

// biome-ignore lint/style/noDefaultExport: JupyterLab loads plugins by their module's default export.
export default [renderers, cohort, commands];
