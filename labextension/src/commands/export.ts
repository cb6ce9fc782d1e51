/**
 * A notebook as one page whose figures stay interactive: the server makes it by nbconvert, with Radbook's template.
 *
 * Layer:  labextension, commands; imports output.
 */
import { Notification } from "@jupyterlab/apputils";
import type { NotebookPanel } from "@jupyterlab/notebook";
import { ServerConnection, type ServiceManager } from "@jupyterlab/services";
import { download } from "../output/dom.js";

/** Saves the notebook and downloads its page; a notification says how it goes. */
export async function exportPage(
  { context }: NotebookPanel,
  services: ServiceManager.IManager,
): Promise<void> {
  const made = makePage(context, services);
  Notification.promise(made, {
    pending: { message: "Making the page…" },
    success: { message: (name) => `${String(name)} is in your downloads.`, options: { autoClose: 3000 } },
    error: { message: (error) => `The page could not be made: ${(error as Error).message}` },
  });
  await made.catch(() => undefined); // The notification has said it.
}

/** The page's name as a file. */
async function makePage(
  context: NotebookPanel["context"],
  { contents, serverSettings }: ServiceManager.IManager,
): Promise<string> {
  if (context.model.dirty && !context.model.readOnly) await context.save();
  const path = contents.localPath(context.path);
  const address = `${serverSettings.baseUrl}nbconvert/html/${path.split("/").map(encodeURIComponent).join("/")}`;
  const answer = await ServerConnection.makeRequest(address, {}, serverSettings);
  if (!answer.ok) throw new Error(`the server answered ${answer.status} ${answer.statusText}.`);
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.ipynb$/, ".html");
  download(await answer.blob(), name);
  return name;
}
