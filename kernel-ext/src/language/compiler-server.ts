/**
 * Answers the kernel in the compiler's process.
 *
 * Layer:  language; imports compiler-protocol, frames.
 */
import { Socket } from "node:net";
import { encodeFrame, FrameReader } from "../frames.js";
import {
  COMPILER_FD,
  type Compiler,
  type CompilerAnswer,
  type CompilerRequest,
} from "./compiler-protocol.js";

/** Serves until the kernel is gone. */
export function serve(compiler: Compiler): void {
  const socket = new Socket({ fd: COMPILER_FD });
  const reader = new FrameReader<CompilerRequest>();
  socket.on("data", (chunk: Buffer) => {
    for (const { message } of reader.push(chunk)) {
      const answer = answerTo(compiler, message);
      if (message.id > 0) socket.write(encodeFrame(answer));
    }
  });
  socket.on("error", () => process.exit(0));
  socket.on("close", () => process.exit(0));
}

function answerTo(compiler: Compiler, { id, call, args }: CompilerRequest): CompilerAnswer {
  try {
    const method = compiler[call] as (...args: readonly unknown[]) => unknown;
    return { id, result: method.apply(compiler, [...args]) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`radbook kernel: the compiler failed at ${call}: ${String(error)}\n`);
    return { id, error: message };
  }
}
