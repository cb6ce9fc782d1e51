/**
 * The end of all comms: their process is gone, and views that wait for it are told.
 *
 * Layer:  handlers.
 */
import type { Context } from "./context.js";

export function closeComms({ comms, sockets }: Pick<Context, "comms" | "sockets">): void {
  const data = { error: "the process of the cells ended" };
  for (const id of comms.keys()) sockets.publish(null, "comm_close", { comm_id: id, data });
  comms.clear();
}
