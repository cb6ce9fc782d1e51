/**
 * What progress looks like: moving bars with rate and remaining time, and the one line that stays.
 *
 * Layer:  display; imports session (types).
 */
import type { Shown } from "../session/protocol.js";
import { escapeHtml } from "./html.js";

/** One loop as it stands. Times are in milliseconds, rates in steps a second. */
export interface ProgressState {
  readonly label: string;
  readonly done: number;
  /** Null where nobody knows how many there will be. */
  readonly total: number | null;
  readonly elapsed: number;
  /** 0 while it is not known. */
  readonly rate: number;
}

const BAR_CELLS = 20;

/** Bars of a loop and the loops inside it, outermost first. */
export function showBars(states: readonly ProgressState[]): Shown {
  const data = {
    "text/plain": states.map((state, depth) => textBar(state, depth)).join("\n"),
    "text/html": states.map((state, depth) => htmlBar(state, depth)).join(""),
  };
  return { data, metadata: {} };
}

/** The line that a loop leaves behind; `finished` unless it was left early. */
export function showEnd(state: ProgressState, finished: boolean): Shown {
  const { done, total, elapsed } = state;
  const title = state.label === "" ? "" : `${state.label}: `;
  const average = elapsed > 0 ? (1000 * done) / elapsed : 0;
  const of = total === null ? `${done}` : `${done} of ${total}`;
  const line = finished
    ? `${title}${done} in ${duration(elapsed)}${average > 0 ? `, ${rateText(average)}` : ""}`
    : `${title}stopped at ${of} after ${duration(elapsed)}`;
  const html = `<div style="color: var(--jp-ui-font-color2, gray)">${escapeHtml(line)}</div>`;
  return { data: { "text/plain": line, "text/html": html }, metadata: {} };
}

/** Milliseconds as a person says them: 0.4 s, 12 s, 3 min 5 s, 2 h 10 min. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Steps a second, or seconds a step where that reads better. */
export function rateText(rate: number): string {
  if (rate >= 100) return `${Math.round(rate)}/s`;
  return rate >= 1 ? `${rate.toFixed(1)}/s` : `${duration(1000 / rate)} each`;
}

function textBar(state: ProgressState, depth: number): string {
  const indent = "  ".repeat(depth);
  const title = state.label === "" ? "" : `${state.label} `;
  const part = partOf(state);
  if (part === null) return `${indent}${title}${facts(state)}`;
  const full = Math.floor(part * BAR_CELLS);
  return `${indent}${title}[${"#".repeat(full)}${".".repeat(BAR_CELLS - full)}] ${facts(state)}`;
}

function htmlBar(state: ProgressState, depth: number): string {
  const part = partOf(state);
  const percent = part === null ? 100 : 100 * part;
  const value = part === null ? "" : ` aria-valuenow="${Math.round(percent)}"`;
  const label = escapeHtml(state.label);
  // Where the end is unknown, the bar is pale: something happens, but how far it is nobody knows.
  const fill = `width: ${percent.toFixed(1)}%; height: 100%; border-radius: 3px; background: var(--jp-brand-color1, #1976d2); opacity: ${part === null ? 0.35 : 1}`;
  const track = `<div role="progressbar" aria-label="${label}" aria-valuemin="0" aria-valuemax="100"${value} style="flex: none; width: 180px; height: 6px; border-radius: 3px; background: var(--jp-layout-color3, #e0e0e0)"><div style="${fill}"></div></div>`;
  const title = label === "" ? "" : `<span style="min-width: 90px">${label}</span>`;
  const row = `display: flex; gap: 10px; align-items: center; margin: 2px 0 2px ${20 * depth}px; font-variant-numeric: tabular-nums`;
  return `<div style="${row}">${title}${track}<span style="color: var(--jp-ui-font-color2, gray)">${facts(state)}</span></div>`;
}

/** Part that is done, 0 … 1. */
function partOf({ done, total }: ProgressState): number | null {
  if (total === null) return null;
  return total === 0 ? 1 : Math.min(1, done / total);
}

function facts({ done, total, elapsed, rate }: ProgressState): string {
  const parts = [total === null ? `${done}` : `${done} of ${total}`];
  if (rate > 0) parts.push(rateText(rate));
  parts.push(duration(elapsed));
  if (rate > 0 && total !== null && total > done)
    parts.push(`${duration((1000 * (total - done)) / rate)} left`);
  return parts.join(" · ");
}
