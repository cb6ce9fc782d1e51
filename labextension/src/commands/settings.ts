/**
 * The reader's settings, `schema/commands.json`, given to the views that start with them.
 *
 * JupyterLab has checked them against the schema, whose names and defaults are those of `ViewerSettings`.
 * Layer:  labextension, commands; imports volume.
 */
import type { ISettingRegistry } from "@jupyterlab/settingregistry";
import { setViewerSettings, type ViewerSettings } from "../volume/settings.js";

/** Takes the settings now and after each change. */
export async function followSettings(registry: ISettingRegistry, plugin: string): Promise<void> {
  const settings = await registry.load(plugin);
  const take = (): void => setViewerSettings(settings.composite as Partial<ViewerSettings>);
  take();
  settings.changed.connect(take);
}
