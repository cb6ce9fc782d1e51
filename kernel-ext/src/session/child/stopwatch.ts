/**
 * What `%time` runs: the wall and processor time of one statement.
 *
 * Layer:  session/child; imports nothing.
 */
export class Stopwatch {
  #wall = 0;
  #cpu: NodeJS.CpuUsage = { user: 0, system: 0 };

  start(): void {
    this.#cpu = process.cpuUsage();
    this.#wall = performance.now();
  }

  /** Prints the time since `start`. */
  stop(): void {
    const wall = performance.now() - this.#wall;
    const cpu = process.cpuUsage(this.#cpu);
    process.stdout.write(
      `Wall time: ${format(wall)}, processor time: ${format((cpu.user + cpu.system) / 1000)}\n`,
    );
  }

  /** Times an expression and gives back its value. */
  async time<T>(expression: () => T): Promise<Awaited<T>> {
    this.start();
    const value = await expression();
    this.stop();
    return value;
  }
}

/** Milliseconds in a unit that reads well. */
function format(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return ms >= 1 ? `${ms.toFixed(1)} ms` : `${(ms * 1000).toFixed(0)} µs`;
}
