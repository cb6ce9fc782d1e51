/**
 * Follow-up of patients: how long each was watched, and whether the watching ended with the event.
 *
 * Layer:  table; imports core.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { checkIds, rowsOfIds } from "./ids.js";

export const TIME_UNITS = ["days", "weeks", "months", "years"] as const;

export type TimeUnit = (typeof TIME_UNITS)[number];

/** Right-censored follow-up, one row per patient. Immutable by contract: methods return new data. */
export class SurvivalData {
  readonly ids: readonly string[];
  /** Time from the start to the event or to censoring, in `unit`; finite, not negative. */
  readonly time: Float64Array;
  /** 1 if the time ends with the event, 0 if it is censored. */
  readonly event: Uint8Array;
  readonly unit: TimeUnit;

  /**
   * @param ids  One per patient, unique.
   * @param time  In `unit`.
   * @param event  0 or 1, or false or true.
   * @throws InputError if lengths differ, an id is repeated, a time is negative or not finite, or an event is neither
   *   0 nor 1.
   */
  constructor(
    ids: readonly string[],
    time: ArrayLike<number>,
    event: ArrayLike<number | boolean>,
    unit: TimeUnit,
  ) {
    checkIds(ids, "survival data");
    checkSurvival(ids, time, event, unit);
    this.ids = ids;
    this.time = time instanceof Float64Array ? time : Float64Array.from(time);
    this.event = Uint8Array.from(event, Number);
    this.unit = unit;
    showAs(this, () => this.#show());
  }

  /** Number of patients. */
  get length(): number {
    return this.ids.length;
  }

  /** Number of events. */
  get events(): number {
    return this.event.reduce((sum, event) => sum + event, 0);
  }

  /** Only the patients for whom `keep` is true. */
  where(
    keep: (row: { readonly id: string; readonly time: number; readonly event: 0 | 1 }) => boolean,
  ): SurvivalData {
    const rows: number[] = [];
    for (let at = 0; at < this.ids.length; at++) {
      const row = { id: this.ids[at], time: this.time[at], event: this.event[at] === 1 ? 1 : 0 } as const;
      if (keep(row)) rows.push(at);
    }
    return this.#take(rows);
  }

  /** These patients in this order. @throws InputError naming ids that are unknown or repeated. */
  pick(ids: readonly string[]): SurvivalData {
    return this.#take(rowsOfIds(this.ids, ids, "survival data"));
  }

  #take(rows: readonly number[]): SurvivalData {
    return new SurvivalData(
      rows.map((row) => this.ids[row]),
      Float64Array.from(rows, (row) => this.time[row]),
      Uint8Array.from(rows, (row) => this.event[row]),
      this.unit,
    );
  }

  #show(): MimeBundle {
    const times = Array.from(this.time).sort((a, b) => a - b);
    const range =
      times.length > 0 ? `, followed for ${times[0]} to ${times[times.length - 1]} ${this.unit}` : "";
    return { "text/plain": `SurvivalData: ${this.length} patients, ${this.events} events${range}` };
  }
}

function checkSurvival(
  ids: readonly string[],
  time: ArrayLike<number>,
  event: ArrayLike<number | boolean>,
  unit: TimeUnit,
): void {
  if (time.length !== ids.length || event.length !== ids.length) {
    throw new InputError(
      `survival data needs one time and one event for each of ${ids.length} ids, ` +
        `but found ${time.length} times and ${event.length} events.`,
    );
  }
  if (!TIME_UNITS.includes(unit)) {
    throw new InputError(`the unit of time must be one of ${TIME_UNITS.join(", ")}, found "${unit}".`);
  }
  for (let row = 0; row < ids.length; row++) {
    if (!(time[row] >= 0 && Number.isFinite(time[row]))) {
      throw new InputError(
        `survival times must be finite and not negative, but patient ${ids[row]} has ${time[row]} ${unit}. ` +
          "Drop or correct that row, e.g. cohort.where((row) => row.time >= 0).",
      );
    }
    const value = Number(event[row]);
    if (value !== 0 && value !== 1) {
      throw new InputError(
        `events must be 1 (happened) or 0 (censored), but patient ${ids[row]} has ${event[row]}. Recode the column to 0 and 1.`,
      );
    }
  }
}
