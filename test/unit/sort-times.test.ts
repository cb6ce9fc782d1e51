/** Many times are sorted by their bits: as the built-in sort would. */
import assert from "node:assert/strict";
import { randomStream } from "../../src/core/random.js";
import { countByTime } from "../../src/model/event-times.js";
import { sortTimes } from "../../src/model/sort-times.js";

const MANY = 10_000;

describe("sorting times", () => {
  const random = randomStream("sort-times");
  const draw = (time: (u: number) => number): Float64Array =>
    Float64Array.from({ length: MANY }, () => time(random.uniform()));
  for (const [name, times] of [
    ["days", draw((u) => Math.floor(u * 3000))],
    ["any double", draw((u) => 10 ** (600 * u - 300))],
    ["small and large", draw((u) => (u < 0.1 ? 0 : u < 0.2 ? -0 : u < 0.3 ? 5e-324 : u < 0.4 ? 1e308 : u))],
    ["all equal", draw(() => 7.25)],
  ] as const) {
    it(`gives the order of numbers, ${name}`, () => {
      const expected = times.map((time) => time + 0).sort();
      assert.deepEqual(sortTimes(times.slice()), expected);
    });
  }

  it("counts events and censorings at each distinct time", () => {
    const time = draw((u) => Math.floor(u * 50));
    const event = Uint8Array.from({ length: MANY }, () => (random.uniform() < 0.4 ? 1 : 0));
    const found = countByTime(
      time,
      event,
      Uint32Array.from(time, (_, row) => row),
    );
    assert.deepEqual(
      Array.from(found.time),
      [...new Set(time)].sort((a, b) => a - b),
    );
    found.time.forEach((each, at) => {
      const here = Array.from(time.keys()).filter((row) => time[row] === each);
      const events = here.filter((row) => event[row] === 1).length;
      assert.deepEqual([found.event[at], found.censored[at]], [events, here.length - events]);
      assert.equal(found.atRisk[at], Array.from(time).filter((other) => other >= each).length);
    });
  });
});
