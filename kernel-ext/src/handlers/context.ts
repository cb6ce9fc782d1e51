/**
 * What the handlers of requests share.
 *
 * Layer:  handlers; imports the kernel's other folders.
 */
import type { DebugAdapter } from "../debug/adapter.js";
import type { Language } from "../language/language.js";
import type { Session } from "../session/session.js";
import type { RequestChannel, Sockets } from "../sockets/sockets.js";
import type { JsonObject, Message } from "../wire/message.js";
import type { History } from "./history.js";
import type { Outputs } from "./outputs.js";

export interface Context {
  readonly sockets: Sockets;
  readonly session: Session;
  readonly outputs: Outputs;
  readonly history: History;
  readonly debug: DebugAdapter;
  /** Open comms: id → target. */
  readonly comms: Map<string, string>;
  /** The notebook's folder. */
  readonly folder: string;
  /** Where relative paths begin: the notebook's folder until a cell goes elsewhere. */
  workingFolder: string;
  /** Type errors refuse a cell. */
  strict: boolean;
  readonly language: Language;
}

export interface Request {
  readonly channel: RequestChannel;
  readonly message: Message;
}

/** The content of the reply, or null where the request has none. */
export type Handler = (context: Context, request: Request) => Promise<JsonObject | null> | JsonObject | null;
