/** Labels and scores from plain arrays: row numbers are the ids. */
import { Labels } from "../../src/table/labels.js";
import { Scores } from "../../src/table/scores.js";

export function rowIds(length: number): string[] {
  return Array.from({ length }, (_, row) => String(row));
}

export function labelsOf(values: ArrayLike<number>, classes?: readonly string[]): Labels {
  const names = Array.from(values, String);
  return new Labels(
    rowIds(values.length),
    names,
    classes === undefined ? { name: "y" } : { name: "y", classes },
  );
}

export function scoresOf(values: ArrayLike<number>): Scores {
  return new Scores(rowIds(values.length), Float64Array.from(values));
}
