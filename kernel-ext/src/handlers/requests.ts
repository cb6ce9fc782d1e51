/**
 * Requests that are answered at once, also while a cell runs.
 *
 * Layer:  handlers; imports language, magics, wire.
 */

import type { Completions } from "../language/language.js";
import { analysisText, completeMagic, inspectMagic, isOnlyHead } from "../magics/assist.js";
import { allMagics } from "../magics/contributed.js";
import { numberOf, objectOf, PROTOCOL_VERSION, stringOf } from "../wire/message.js";
import type { Context, Handler } from "./context.js";
import { magicsFor, surroundings } from "./magic-run.js";
import { toCodePoints, toCodeUnits } from "./positions.js";

const IMPLEMENTATION_VERSION = "0.1.0";

export const kernelInfo: Handler = () => ({
  status: "ok",
  protocol_version: PROTOCOL_VERSION,
  implementation: "radbook",
  implementation_version: IMPLEMENTATION_VERSION,
  language_info: {
    name: "typescript",
    version: "6.0.3",
    mimetype: "text/typescript",
    file_extension: ".ts",
    pygments_lexer: "typescript",
    codemirror_mode: { name: "javascript", typescript: true },
    nbconvert_exporter: "script",
  },
  banner: `Radbook: typed notebooks for radiomics. TypeScript 6.0, Node.js ${process.version}. %help lists the magics.`,
  help_links: [
    { text: "TypeScript handbook", url: "https://www.typescriptlang.org/docs/handbook/intro.html" },
    { text: "Node.js reference", url: "https://nodejs.org/docs/latest-v22.x/api/" },
  ],
  debugger: true,
  supported_features: ["debugger", "kernel subshells"],
});

export const complete: Handler = async (context, { message }) => {
  const code = stringOf(message.content, "code");
  const offset = toCodeUnits(code, numberOf(message.content, "cursor_pos", code.length));
  const { language } = context;
  const magics = await allMagics();
  const around = surroundings(context, language);
  const { text, toCode, toTyped } = analysisText(code, magics, around);
  const found =
    completeMagic(code, offset, magics, around) ??
    moved(await language.complete(text, toCode(offset)), toTyped);
  const start = toCodePoints(code, found.start);
  const end = toCodePoints(code, found.end);
  return {
    status: "ok",
    matches: found.items.map((item) => item.text),
    cursor_start: start,
    cursor_end: end,
    metadata: {
      _jupyter_types_experimental: found.items.map(({ text, kind, signature }) => ({
        text,
        type: kind,
        ...(signature === undefined ? {} : { signature }),
        start,
        end,
      })),
    },
  };
};

export const inspect: Handler = async (context, { message }) => {
  const code = stringOf(message.content, "code");
  const offset = toCodeUnits(code, numberOf(message.content, "cursor_pos", code.length));
  const { language } = context;
  const magics = await magicsFor(code);
  const { text, toCode } = analysisText(code, magics, surroundings(context, language));
  const detail = numberOf(message.content, "detail_level", 0) === 1 ? 1 : 0;
  const found = inspectMagic(code, offset, magics) ?? (await language.inspect(text, toCode(offset), detail));
  if (!found) return { status: "ok", found: false, data: {}, metadata: {} };
  const data = { "text/plain": found.plain, "text/markdown": found.markdown };
  return { status: "ok", found: true, data, metadata: {} };
};

export const isComplete: Handler = async (context, { message }) => {
  const code = stringOf(message.content, "code");
  const { language } = context;
  const magics = await magicsFor(code);
  if (isOnlyHead(code, magics)) return { status: "incomplete", indent: "" };
  const { text } = analysisText(code, magics, surroundings(context, language));
  const { status, indent } = await language.isComplete(text);
  return status === "incomplete" ? { status, indent } : { status };
};

export const commInfo: Handler = ({ comms }, { message }) => {
  const target = stringOf(message.content, "target_name");
  const found = [...comms].filter(([, name]) => target === "" || name === target);
  return {
    status: "ok",
    comms: Object.fromEntries(found.map(([id, name]) => [id, { target_name: name }])),
  };
};

export const comm: Handler = (context, { message }) => {
  const { header, content, buffers } = message;
  const type = header.msg_type;
  if (type !== "comm_open" && type !== "comm_msg" && type !== "comm_close") return null;
  const id = stringOf(content, "comm_id");
  const target = stringOf(content, "target_name", context.comms.get(id));
  if (type === "comm_open") context.comms.set(id, target);
  else if (type === "comm_close") context.comms.delete(id);
  context.session.comm({ type, comm: id, target, data: objectOf(content, "data") as CommData }, buffers);
  return null;
};

type CommData = Parameters<Context["session"]["comm"]>[0]["data"];

function moved({ start, end, items }: Completions, to: (offset: number) => number): Completions {
  return { start: to(start), end: to(end), items };
}
