/**
 * The connection file that Jupyter writes for a kernel.
 *
 * Layer:  sockets; imports wire.
 */
import { readFileSync } from "node:fs";
import { isObject } from "../wire/message.js";

export type Channel = "shell" | "control" | "stdin" | "iopub" | "hb";

export interface Connection {
  readonly key: string;
  readonly scheme: string;
  /** ZeroMQ address of each channel. */
  readonly addresses: Readonly<Record<Channel, string>>;
}

/** @throws Error naming the file and the field at fault. */
export function readConnection(file: string): Connection {
  const value: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!isObject(value)) throw new Error(`${file}: a connection file holds one JSON object`);
  const text = (key: string, fallback?: string): string => {
    const found = value[key] ?? fallback;
    if (typeof found !== "string") throw new Error(fault(file, key, "text", found));
    return found;
  };
  const transport = text("transport", "tcp");
  const ip = text("ip", "127.0.0.1");
  const address = (channel: Channel): string => {
    const port = value[`${channel}_port`];
    if (typeof port !== "number") throw new Error(fault(file, `${channel}_port`, "a number", port));
    return transport === "ipc" ? `ipc://${ip}-${port}` : `${transport}://${ip}:${port}`;
  };
  return {
    key: text("key", ""),
    scheme: text("signature_scheme", "hmac-sha256"),
    addresses: {
      shell: address("shell"),
      control: address("control"),
      stdin: address("stdin"),
      iopub: address("iopub"),
      hb: address("hb"),
    },
  };
}

function fault(file: string, key: string, wanted: string, found: unknown): string {
  return `${file}: "${key}" must be ${wanted}, found ${JSON.stringify(found)}. Jupyter writes this file.`;
}
