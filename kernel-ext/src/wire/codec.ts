/**
 * Signed frames to messages and back. A message that is forged, replayed or malformed has no place in the
 * kernel: decoding it gives the reason as text.
 *
 * Source: Jupyter messaging protocol 5.5, "The Wire Protocol".
 * Layer:  wire; imports message.
 */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import {
  type Content,
  type Header,
  isObject,
  type JsonObject,
  type Message,
  PROTOCOL_VERSION,
} from "./message.js";

const DELIMITER = Buffer.from("<IDS|MSG>");
/** Signatures remembered against replay; the oldest leave first. */
const REMEMBERED = 65_536;

/** Signs, verifies and numbers the messages of one kernel. */
export class Codec {
  readonly #key: Buffer;
  readonly #algorithm: string;
  readonly #seen = new Set<string>();
  readonly #session: string = randomUUID();

  /** @param scheme such as "hmac-sha256"; an empty key means unsigned messages. */
  constructor(key: string, scheme: string) {
    this.#key = Buffer.from(key);
    this.#algorithm = scheme.replace(/^hmac-/, "");
  }

  header(type: string): Header {
    return {
      msg_id: randomUUID(),
      msg_type: type,
      session: this.#session,
      username: "kernel",
      date: new Date().toISOString(),
      version: PROTOCOL_VERSION,
    };
  }

  encode(message: Omit<Message, "content"> & { readonly content: Content }): Uint8Array[] {
    const parts = [message.header, message.parent ?? {}, message.metadata, message.content].map((part) =>
      part instanceof Uint8Array ? part : Buffer.from(JSON.stringify(part)),
    );
    return [
      ...message.identities,
      DELIMITER,
      Buffer.from(this.#sign(parts)),
      ...parts,
      ...message.buffers,
    ] as Uint8Array[];
  }

  /** The message in these frames, or why there is none. */
  decode(frames: readonly Uint8Array[]): Message | string {
    const at = frames.findIndex((frame) => DELIMITER.equals(frame));
    if (at < 0) return "no delimiter";
    const [signature, ...rest] = frames.slice(at + 1);
    const parts = rest.slice(0, 4);
    if (signature === undefined || parts.length < 4) return "frames missing";
    const fault = this.#verify(Buffer.from(signature), parts);
    if (fault !== null) return fault;

    const values = parts.map(parseJson);
    const [header, parent, metadata, content] = values;
    if (!isHeader(header)) return "no valid header";
    if (!isObject(parent) || !isObject(metadata) || !isObject(content)) return "a part is no JSON object";
    return {
      identities: frames.slice(0, at),
      header,
      parent: isHeader(parent) ? parent : null,
      metadata,
      content,
      buffers: rest.slice(4),
    };
  }

  #sign(parts: readonly Uint8Array[]): string {
    if (this.#key.length === 0) return "";
    const hmac = createHmac(this.#algorithm, this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  #verify(signature: Buffer, parts: readonly Uint8Array[]): string | null {
    if (this.#key.length === 0) return null;
    const expected = Buffer.from(this.#sign(parts));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
      return "wrong signature";
    const text = signature.toString();
    if (this.#seen.has(text)) return "replayed";
    this.#seen.add(text);
    if (this.#seen.size > REMEMBERED) {
      const [oldest] = this.#seen;
      if (oldest !== undefined) this.#seen.delete(oldest);
    }
    return null;
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  } catch {
    return undefined;
  }
}

function isHeader(value: unknown): value is Header & JsonObject {
  return (
    isObject(value) &&
    typeof value.msg_id === "string" &&
    typeof value.msg_type === "string" &&
    typeof value.session === "string"
  );
}
