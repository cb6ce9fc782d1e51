/**
 * What `%time` and `%%time` run: the wall and processor time of a statement or a cell.
 *
 * Layer:  session/child; imports nothing.
 */
export class Stopwatch {
  #whole = false;
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
      `Wall time: ${formatTime(wall)}, processor time: ${formatTime((cpu.user + cpu.system) / 1000)}\n`,
    );
  }

  /** From here to the end of the cell. */
  whole(): void {
    this.#whole = true;
    this.start();
  }

  /** The cell has come to its end. */
  end(): void {
    if (this.#whole) this.stop();
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
export function formatTime(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms >= 1) return `${ms.toFixed(ms >= 100 ? 0 : 1)} ms`;
  return ms >= 1e-3 ? `${(ms * 1e3).toFixed(ms >= 0.01 ? 0 : 2)} µs` : `${(ms * 1e6).toFixed(1)} ns`;
}
