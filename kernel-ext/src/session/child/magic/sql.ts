/**
 * `%%sql`: DuckDB in the process of the cells, loaded with the first query and kept with its tables.
 *
 * Layer:  session/child/magic; imports sql-tables.
 */
import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import { type SqlInput, sqlInput } from "./sql-tables.js";

/** Rows in one piece on their way into DuckDB: its own vector size. */
const PIECE = 2048;
const TABLE = Symbol.for("Radbook.table");

type Row = Record<string, unknown>;

let connection: Promise<DuckDBConnection> | null = null;
/** A query between its start and its end. */
interface Query {
  database: DuckDBConnection | null;
  interrupted: boolean;
}

/** An interrupt that comes before DuckDB has begun is forgotten by it. */
const INSIST_MS = 50;
const running = new Set<Query>();

/** What DuckDB says of a query, with the line and column in it. */
export class SqlError extends Error {
  override readonly name: string = "SqlError";
}

/**
 * Runs a query.
 *
 * @param slots  For each of `values`: the name of the table that it is, or null for $1, $2 … in the text.
 * @throws SqlError for what DuckDB refuses, TypeError for a value that is no table.
 */
export async function sql(
  text: string,
  slots: readonly (string | null)[],
  values: readonly unknown[],
): Promise<Row[]> {
  const query: Query = { database: null, interrupted: false };
  running.add(query);
  const tables = new Map<string, SqlInput>();
  try {
    connection ??= connect();
    query.database = await connection;
    const parameters: DuckDBValue[] = [];
    for (const [i, name] of slots.entries()) {
      if (name === null) parameters.push(parameter(values[i], parameters.length + 1));
      else if (!tables.has(name)) tables.set(name, sqlInput(name, values[i]));
    }
    return await answer(query, query.database, tables, text, parameters);
  } finally {
    // The tables are copies of the moment; none may outlive its query.
    for (const name of tables.keys())
      await query.database?.run(`DROP TABLE IF EXISTS temp.main.${quoted(name)}`);
    running.delete(query);
  }
}

/** Ends the queries that run. */
export function interruptQuery(): void {
  for (const query of running) {
    query.interrupted = true;
    const insist = (): void => {
      if (!running.has(query)) return;
      query.database?.interrupt();
      setTimeout(insist, INSIST_MS);
    };
    insist();
  }
}

async function answer(
  query: Query,
  database: DuckDBConnection,
  tables: ReadonlyMap<string, SqlInput>,
  text: string,
  parameters: DuckDBValue[],
): Promise<Row[]> {
  try {
    for (const [name, table] of tables) {
      if (!query.interrupted) await load(database, name, table);
    }
    if (query.interrupted) throw new Error("the query was interrupted");
    const result = await database.runAndReadAll(text, parameters);
    return withTable(result.getRowObjectsJS(), result.deduplicatedColumnNames());
  } catch (error) {
    throw new SqlError(readable(error));
  }
}

async function connect(): Promise<DuckDBConnection> {
  try {
    const { DuckDBInstance } = await import("@duckdb/node-api");
    return await (await DuckDBInstance.create(":memory:")).connect();
  } catch (cause) {
    connection = null;
    throw new SqlError(
      `DuckDB did not load on ${process.platform} ${process.arch}. Install it beside the kernel: npm install @duckdb/node-api.`,
      { cause },
    );
  }
}

async function load(
  database: DuckDBConnection,
  name: string,
  { columns, rowCount }: SqlInput,
): Promise<void> {
  const { BIGINT, BOOLEAN, DOUBLE, DuckDBDataChunk, DuckDBTimestampValue, TIMESTAMP, VARCHAR } = await import(
    "@duckdb/node-api"
  );
  const types = { BIGINT, BOOLEAN, DOUBLE, TIMESTAMP, VARCHAR };
  const list = columns.map((one) => `${quoted(one.name)} ${one.type}`).join(", ");
  await database.run(`CREATE OR REPLACE TEMP TABLE ${quoted(name)} (${list})`);
  const appender = await database.createAppender(name, "main", "temp");
  const chunk = DuckDBDataChunk.create(columns.map((one) => types[one.type]));
  for (let from = 0; from < rowCount; from += PIECE) {
    const to = Math.min(rowCount, from + PIECE);
    const cells = columns.map((one) =>
      one.values(from, to).map((cell) =>
        // Microseconds since 1970, as DuckDB counts.
        cell instanceof Date ? new DuckDBTimestampValue(BigInt(cell.getTime()) * 1000n) : cell,
      ),
    );
    chunk.setColumns(cells);
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

/** @throws TypeError for what is no single value. */
function parameter(value: unknown, number: number): DuckDBValue {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (["string", "number", "bigint", "boolean"].includes(typeof value)) return value as DuckDBValue;
  throw new TypeError(
    `value ${number} of the query is a ${typeof value}; SQL takes numbers, text, true and false, dates.`,
  );
}

/** Rows that also say their columns, so that no rows are still a table. */
function withTable(rows: readonly Row[], names: readonly string[]): Row[] {
  const columns = names.map((name) => ({ name, values: numbers(rows.map((row) => row[name])) }));
  const plain = rows.map((_, i) => Object.fromEntries(columns.map(({ name, values }) => [name, values[i]])));
  const table = { columns, rowCount: rows.length };
  return Object.defineProperty(plain, TABLE, { value: () => table });
}

/** SQL counts in 64 bits; what fits into a number is one. */
function numbers(values: readonly unknown[]): readonly unknown[] {
  const fits = values.every((one) => typeof one !== "bigint" || Number.isSafeInteger(Number(one)));
  return fits ? values.map((one) => (typeof one === "bigint" ? Number(one) : one)) : values;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function readable(error: unknown): string {
  const found = error instanceof Error ? error.message : String(error);
  const message = found.replace(/^Failed to extract statements: /, "");
  if (!/^Catalog Error: Table with name/.test(message)) return message;
  const known = message.replace(/\nDid you mean "pg_\w+"\?/, "");
  return `${known}\n\nTables are files, such as 'clinical.csv', and names of earlier cells that hold a table.`;
}
