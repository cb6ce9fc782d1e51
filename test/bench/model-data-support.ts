/** The seeded data of the model benchmarks: written once, column after column, for programs in any language. */
import { randomStream } from "../../src/core/random.js";
import { writeOnce } from "./model-support.js";

/** How many columns rise and fall together: features of one region do. */
const FAMILY = 8;

/**
 * Writes x (n × p, column by column), time, event, group and fold; the outcome depends on a few of the columns.
 *
 * @param folder  Of the data folder.
 */
export function writePatients(folder: string, n: number, p: number): void {
  const x = `${folder}/x.f64`;
  const matrix = (): Float64Array => {
    const random = randomStream(`bench ${folder} x`);
    const values = new Float64Array(n * p);
    const shared = new Float64Array(n);
    for (let j = 0; j < p; j++) {
      if (j % FAMILY === 0) for (let row = 0; row < n; row++) shared[row] = random.normal();
      for (let row = 0; row < n; row++) values[j * n + row] = 0.7 * (shared[row] as number) + random.normal();
    }
    return values;
  };
  let made: Float64Array | null = null;
  writeOnce(x, () => {
    made = matrix();
    return made;
  });
  const risk = (): Float64Array => {
    made ??= matrix();
    const values = new Float64Array(n);
    for (let k = 0; k < 10; k++) {
      const column = Math.floor((k * p) / 10);
      for (let row = 0; row < n; row++)
        values[row] =
          (values[row] as number) + (k % 2 === 0 ? 0.4 : -0.4) * (made[column * n + row] as number);
    }
    return values;
  };
  const follow = (): { time: Float64Array; event: Float64Array } => {
    const random = randomStream(`bench ${folder} follow-up`);
    const time = new Float64Array(n);
    const event = new Float64Array(n);
    risk().forEach((value, row) => {
      const happens = -Math.log(random.uniform()) / Math.exp(value);
      const ends = -Math.log(random.uniform()) / 0.5;
      time[row] = Math.min(happens, ends);
      event[row] = happens <= ends ? 1 : 0;
    });
    return { time, event };
  };
  writeOnce(`${folder}/time.f64`, () => follow().time);
  writeOnce(`${folder}/event.f64`, () => follow().event);
  writeOnce(`${folder}/group.f64`, () => {
    const random = randomStream(`bench ${folder} group`);
    return risk().map((value) => (random.uniform() < 1 / (1 + Math.exp(-value)) ? 1 : 0));
  });
  // Dealt so that each fold has events.
  writeOnce(`${folder}/fold.f64`, () => Float64Array.from({ length: n }, (_, row) => (row % 5) + 1));
}

/** Writes time, event and risk of n patients, without and with ties. */
export function writeFollowUp(folder: string, n: number, steps: number): void {
  const random = randomStream(`bench ${folder}`);
  const risk = Float64Array.from({ length: n }, () => random.normal());
  const time = new Float64Array(n);
  const event = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    const happens = -Math.log(random.uniform()) / Math.exp(0.7 * (risk[row] as number));
    const ends = -Math.log(random.uniform()) / 0.6;
    time[row] = Math.ceil(Math.min(happens, ends) * steps) / steps;
    event[row] = happens <= ends ? 1 : 0;
  }
  writeOnce(`${folder}/risk.f64`, () => risk);
  writeOnce(`${folder}/time.f64`, () => time);
  writeOnce(`${folder}/event.f64`, () => event);
}
