/**
 * `%%sql`: a cell in SQL over tables that earlier cells left, and over CSV and Parquet files.
 *
 * Below the first line everything is blanked but the names of tables and the expressions in `{{ }}`, so that each is
 * checked where it was typed.
 * Layer:  magics; imports magic.
 */
import { type ArgumentWords, type LineCode, type Magic, MagicError, type Surroundings } from "./magic.js";

const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const ARGUMENT = new RegExp(String.raw`^(${NAME})(\s*:\s*(?:\{.*\}|\(.*\)|${NAME}(?:<.*>)?))?$`, "u");
/** Texts, quoted names and comments are kept out of the rest. */
const token = (hole: string): RegExp =>
  new RegExp(
    String.raw`'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*[\s\S]*?\*/|${hole}|${NAME}|[(),.;]`,
    "gmu",
  );
const TOKEN = token(String.raw`\{\{ .*? \}\}`);
/** While typing, the last hole of a line need not be closed. */
const TYPED_TOKEN = token(String.raw`\{\{ .*?(?: \}\}|$)`);
const ENDS_FROM = new Set(
  "select where group having order limit offset window qualify union intersect except set values returning".split(
    " ",
  ),
);
const KEYWORDS =
  "select from where group by order limit join left on using as and or not in is null between like case when then else end distinct count sum avg min max median having union with describe summarize".split(
    " ",
  );

export const sql: Magic = {
  name: "sql",
  usage: "%%sql [NAME[: ROW TYPE]]",
  doc: "Runs the cell as SQL (DuckDB) over tables that earlier cells left and files such as 'a.csv' or 'b.parquet'; {{ expression }} puts a value in. The rows are shown, or become NAME.",
  rewriteCell: (argument, typed, around) => {
    const { text, slots, lines } = cutSql(typed.join("\n"), around);
    const call = `await __cell.magic.sql(${JSON.stringify(text)}, ${JSON.stringify(slots)}, [`;
    return { first: assigned(argument, call), lines, end: "]);" };
  },
  completeBody: completeSql,
};

/** A name takes the rows; a row type after it says what is in them. */
function assigned(argument: string, call: string): LineCode {
  if (argument === "") return { before: call, after: "", keep: [0, 0] };
  const match = ARGUMENT.exec(argument);
  if (!match) {
    throw new MagicError(
      `"${argument}" is no name for the rows. Write %%sql, %%sql rows, or with the type of a row %%sql rows: { age: number }.`,
    );
  }
  return { before: "const ", after: `${match[2] === undefined ? "" : "[]"} = ${call}` };
}

interface CutSql {
  /** The query; values stand in it as $1, $2 …, as wide as typed, so that columns in its errors hold. */
  readonly text: string;
  /** In order: the name of a table, or null for a value. */
  readonly slots: readonly (string | null)[];
  readonly lines: readonly string[];
}

function cutSql(body: string, around: Surroundings): CutSql {
  const names = around.names();
  const local = new Set(
    [...body.matchAll(/(\w+)\s+as\s*(?:not\s+)?(?:materialized\s*)?\(/gi)].map((one) => one[1]),
  );
  const code = [...body]
    .map((one) => (one === "\n" ? one : " ".repeat(one.length)))
    .join("")
    .split("");
  const slots: (string | null)[] = [];
  let text = "";
  let copied = 0;
  let values = 0;
  walk(body, around.typing ? TYPED_TOKEN : TOKEN, (token, at, isTable) => {
    if (token.startsWith("{{")) {
      slots.push(null);
      values += 1;
      text += body.slice(copied, at) + `$${values}`.padEnd(token.length);
      copied = at + token.length;
      put(code, at, ` (${token.slice(2).replace(/\}\}$/, "")}),`);
    } else if (isTable && names.has(token) && !local.has(token)) {
      slots.push(token);
      put(code, at, `${token},`);
    }
  });
  text += body.slice(copied);
  return { text, slots, lines: code.join("").split("\n") };
}

/** Calls `visit` for each word and hole outside of texts and comments; a table may stand where `isTable` says so. */
function walk(
  body: string,
  pattern: RegExp,
  visit: (token: string, at: number, isTable: boolean) => void,
): boolean {
  let inFrom = false;
  let expected = false;
  const outer: boolean[] = [];
  const tokens = [...body.matchAll(pattern)];
  tokens.forEach(({ 0: token, index }, i) => {
    const word = token.toLowerCase();
    if (token.startsWith("--") || token.startsWith("/*")) return;
    if (word === "from" || word === "join") {
      inFrom = true;
      expected = true;
    } else if (token === "," && inFrom) {
      expected = true;
    } else if (token === "(" || token === ")" || token === ";" || ENDS_FROM.has(word)) {
      if (token === "(") outer.push(inFrom);
      inFrom = token === ")" && (outer.pop() ?? false);
      expected = false;
    } else {
      const next = tokens[i + 1]?.[0];
      const isName = !/^['"]/.test(token) && next !== "." && next !== "(";
      if (isName) visit(token, index, expected);
      expected = false;
    }
  });
  return expected;
}

/** Writes over what is blank; what comes to lie on a line end is put in front of it. */
function put(code: string[], at: number, text: string): void {
  for (let i = 0; i < text.length; i++) {
    const there = code[at + i];
    if (there === undefined || there === "\n") {
      code[at + i - 1] += text.slice(i);
      return;
    }
    code[at + i] = text.charAt(i);
  }
}

function completeSql(before: string, around: Surroundings): ArgumentWords {
  const word = /[\p{ID_Continue}$]*$/u.exec(before)?.[0] ?? "";
  const from = before.length - word.length;
  const isTable = walk(before.slice(0, from), TYPED_TOKEN, () => undefined);
  if (isTable) return { from, words: [...around.names()].filter((name) => name.startsWith(word)) };
  const upper = word !== "" && word === word.toUpperCase();
  const found = KEYWORDS.filter((one) => word !== "" && one.startsWith(word.toLowerCase()));
  return { from, words: upper ? found.map((one) => one.toUpperCase()) : found };
}
