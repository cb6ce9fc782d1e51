/** The modelling references: input tables and the numbers that other software computed from them. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseCsv } from "../../src/io/csv.js";
import { Cohort } from "../../src/table/cohort.js";
import { watched } from "./reference-coverage.js";

const folder = path.join(process.env.RADBOOK_DATA ?? "", "modelling");

/** Why the references cannot be read, or null. */
export const absence: string | null =
  process.env.RADBOOK_DATA === undefined
    ? "RADBOOK_DATA is not set"
    : existsSync(path.join(folder, "ref"))
      ? null
      : `${folder} is not there`;

/** A reference file as JSON, which notes what a test reads of it. */
export function readReference<Shape>(name: string): Shape {
  return watched(name, JSON.parse(readFileSync(path.join(folder, "ref", name), "utf8")) as Shape);
}

/** Names of all reference files. */
export function referenceFiles(): readonly string[] {
  return readdirSync(path.join(folder, "ref")).sort();
}

/** An input table; row numbers from 0 are the ids. */
export function readInput(name: string): Cohort {
  const [header = [], ...rows] = parseCsv(readFileSync(path.join(folder, "inputs", name), "utf8")).rows;
  return new Cohort(
    rows.map((_, row) => String(row)),
    header.map((column, at) => ({ name: column, cells: rows.map((row) => row[at] as string) })),
  );
}

/** An input file of numbers without a header, row by row. */
export function readNumbers(name: string): number[][] {
  const lines = readFileSync(path.join(folder, "inputs", name), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => line.split(",").map(Number));
}

/** What R wrote for a number: JSON has no NaN and no infinity. */
export type RNumber = number | "NA" | "NaN" | "Inf" | "-Inf";

export function fromR(value: RNumber): number {
  if (typeof value === "number") return value;
  if (value === "Inf") return Number.POSITIVE_INFINITY;
  return value === "-Inf" ? Number.NEGATIVE_INFINITY : Number.NaN;
}

/** Within `tolerance` of the expected, relative to it; missing must be missing; 0 may be missed by `tolerance`. */
export function assertClose(actual: number, expected: RNumber, tolerance: number, what: string): void {
  const value = fromR(expected);
  const same =
    Object.is(actual, value) ||
    (Number.isNaN(actual) && Number.isNaN(value)) ||
    Math.abs(actual - value) <= tolerance * (value === 0 ? 1 : Math.abs(value));
  assert.ok(same, `${what}: ${actual} is not ${value} within ${tolerance}`);
}

/** The same for each element. */
export function assertAllClose(
  actual: ArrayLike<number>,
  expected: readonly RNumber[],
  tolerance: number,
  what: string,
): void {
  assert.equal(actual.length, expected.length, `${what}: length`);
  expected.forEach((value, at) => {
    assertClose(actual[at] as number, value, tolerance, `${what}[${at}]`);
  });
}
