/**
 * The connection file that Jupyter writes for a kernel.
 *
 * Layer:  sockets; imports wire.
 */
import { readFileSync } from "node:fs";
import { isObject, type JsonObject } from "../wire/message.js";

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
  const text = (key: string, fallback?: string): string => field(file, value, key, "string", fallback);
  const transport = text("transport", "tcp");
  const ip = text("ip", "127.0.0.1");
  const address = (channel: Channel): string => {
    const port = field<number>(file, value, `${channel}_port`, "number");
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

function field<T extends string | number>(
  file: string,
  values: JsonObject,
  key: string,
  type: "string" | "number",
  fallback?: T,
): T {
  const value = values[key] ?? fallback;
  // biome-ignore lint/suspicious/useValidTypeof: both types are literals of this file.
  if (typeof value !== type) throw new Error(`${file}: "${key}" must be a ${type}, found ${typeof value}`);
  return value as T;
}
