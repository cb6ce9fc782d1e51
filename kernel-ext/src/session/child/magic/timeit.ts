/**
 * `%timeit`: the mean time of one run, from many.
 *
 * Layer:  session/child/magic; imports stopwatch.
 */
import { formatTime } from "../stopwatch.js";

/** A round takes at least this long, so that the clock's grain does not show. */
const ROUND_MS = 100;
const ROUNDS = 7;
/** Slow code is not run more often than this allows, but for three rounds. */
const PATIENCE_MS = 5_000;
const FEWEST_ROUNDS = 3;

/** Keeps results, so that the compiler cannot drop the code that makes them. */
const sink: unknown[] = [undefined];

export async function timeit(action: () => unknown): Promise<void> {
  const round = isPromise(action()) ? asynchronous(action) : synchronous(action);
  const [calls, first] = await callsPerRound(round);
  const rounds = Math.min(ROUNDS, Math.max(FEWEST_ROUNDS, Math.floor(PATIENCE_MS / first)));
  const times = [first / calls];
  while (times.length < rounds) times.push((await round(calls)) / calls);
  sink[0] = undefined;
  const mean = times.reduce((sum, one) => sum + one, 0) / rounds;
  const variance = times.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (rounds - 1);
  process.stdout.write(
    `${formatTime(mean)} ± ${formatTime(Math.sqrt(variance))} per run ` +
      `(mean ± standard deviation of ${rounds} rounds, ${calls.toLocaleString("en-US")} ${calls === 1 ? "run" : "runs"} each)\n`,
  );
}

/** Milliseconds of so many calls. */
type Round = (calls: number) => number | Promise<number>;

function synchronous(action: () => unknown): Round {
  return (calls) => {
    const start = performance.now();
    for (let i = 0; i < calls; i++) sink[0] = action();
    return performance.now() - start;
  };
}

function asynchronous(action: () => unknown): Round {
  return async (calls) => {
    const start = performance.now();
    for (let i = 0; i < calls; i++) sink[0] = await action();
    return performance.now() - start;
  };
}

/** 1, 2, 5, 10, 20, … calls: the fewest whose round is long enough, and its time. */
async function callsPerRound(round: Round): Promise<[calls: number, ms: number]> {
  for (let power = 1; ; power *= 10) {
    for (const factor of [1, 2, 5]) {
      const calls = factor * power;
      const ms = await round(calls);
      if (ms >= ROUND_MS) return [calls, ms];
    }
  }
}

function isPromise(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
