/**
 * The five ZeroMQ sockets of a kernel: requests come in as messages, replies and publications go out.
 *
 * Layer:  sockets; imports wire.
 */
import { Reply, Router, type Socket, XPublisher } from "zeromq";
import type { Codec } from "../wire/codec.js";
import type { Content, Header, JsonObject, Message } from "../wire/message.js";
import type { Connection } from "./connection.js";
import { Outbox } from "./outbox.js";

/** Channels on which requests come. */
export type RequestChannel = "shell" | "control" | "stdin";

export type Receive = (channel: RequestChannel, message: Message) => void;

const NO_BUFFERS: readonly Uint8Array[] = [];
/** Time that a closing socket may take to deliver what it holds. */
const LINGER_MS = 1_000;

export class Sockets {
  readonly #codec: Codec;
  readonly #routers: Readonly<Record<RequestChannel, Router>>;
  readonly #outboxes: Readonly<Record<RequestChannel | "iopub", Outbox>>;
  readonly #iopub: XPublisher;
  readonly #heartbeat: Reply;

  private constructor(codec: Codec) {
    const options = { sendHighWaterMark: 0, receiveHighWaterMark: 0, linger: LINGER_MS };
    this.#codec = codec;
    this.#routers = { shell: new Router(options), control: new Router(options), stdin: new Router(options) };
    this.#iopub = new XPublisher({ ...options, verbosity: "allSubs" });
    this.#heartbeat = new Reply({ linger: 0 });
    this.#outboxes = {
      shell: new Outbox(this.#routers.shell),
      control: new Outbox(this.#routers.control),
      stdin: new Outbox(this.#routers.stdin),
      iopub: new Outbox(this.#iopub),
    };
  }

  /** Binds all sockets and begins to receive. @throws when an address is taken. */
  static async open(connection: Connection, codec: Codec, receive: Receive): Promise<Sockets> {
    const sockets = new Sockets(codec);
    const { shell, control, stdin } = sockets.#routers;
    const bound: [Socket, string][] = [
      [shell, connection.addresses.shell],
      [control, connection.addresses.control],
      [stdin, connection.addresses.stdin],
      [sockets.#iopub, connection.addresses.iopub],
      [sockets.#heartbeat, connection.addresses.hb],
    ];
    await Promise.all(bound.map(([socket, address]) => socket.bind(address)));
    for (const channel of ["shell", "control", "stdin"] as const) void sockets.#listen(channel, receive);
    void sockets.#welcome();
    void sockets.#beat();
    return sockets;
  }

  /** Answers a request on the channel it came by. */
  reply(channel: RequestChannel, request: Message, type: string, content: JsonObject): void {
    this.#outboxes[channel].push(
      this.#codec.encode({
        identities: request.identities,
        header: this.#codec.header(type),
        parent: request.header,
        metadata: {},
        content,
        buffers: NO_BUFFERS,
      }),
    );
  }

  /** Tells all front ends. */
  publish(
    parent: Header | null,
    type: string,
    content: Content,
    metadata: JsonObject = {},
    buffers: readonly Uint8Array[] = NO_BUFFERS,
  ): void {
    const header = this.#codec.header(type);
    const identities = [Buffer.from(`kernel.${type}`) as Uint8Array];
    this.#outboxes.iopub.push(this.#codec.encode({ identities, header, parent, metadata, content, buffers }));
  }

  /** Publications that wait for the socket. */
  get pending(): number {
    return this.#outboxes.iopub.length;
  }

  /** Sends what waits, then closes every socket. */
  async close(): Promise<void> {
    await Promise.all(Object.values(this.#outboxes).map((outbox) => outbox.drained()));
    for (const socket of [...Object.values(this.#routers), this.#iopub, this.#heartbeat]) socket.close();
  }

  async #listen(channel: RequestChannel, receive: Receive): Promise<void> {
    for await (const frames of this.#routers[channel]) {
      const message = this.#codec.decode(frames);
      if (typeof message === "string") {
        process.stderr.write(`radbook kernel: dropped a message on ${channel}: ${message}\n`);
      } else {
        receive(channel, message);
      }
    }
  }

  /**
   * Greets each subscriber (JEP 65), so that it knows when it hears everything. That the kernel is starting is said behind
   * the first greeting: said at once, it could overtake it.
   */
  async #welcome(): Promise<void> {
    let isFirst = true;
    for await (const [frame] of this.#iopub) {
      if (frame?.[0] !== 1) continue;
      const subscription = frame.subarray(1);
      this.#outboxes.iopub.push(
        this.#codec.encode({
          identities: [subscription],
          header: this.#codec.header("iopub_welcome"),
          parent: null,
          metadata: {},
          content: { subscription: subscription.toString() },
          buffers: NO_BUFFERS,
        }),
      );
      if (isFirst) this.publish(null, "status", { execution_state: "starting" });
      isFirst = false;
    }
  }

  async #beat(): Promise<void> {
    for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames);
  }
}
