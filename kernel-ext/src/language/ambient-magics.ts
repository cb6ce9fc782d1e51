/**
 * Types of what rewritten magics call; cells do not see it in completions.
 *
 * Layer:  language; imports nothing.
 */
export const MAGIC_TYPES = `declare const __cell: {
  readonly timer: {
    start(): void;
    stop(): void;
    whole(): void;
    time<T>(expression: () => T): Promise<Awaited<T>>;
  };
  readonly magic: {
    timeit(action: () => unknown): Promise<void>;
    cd(folder: string): void;
    env(name?: string, value?: string): void;
    memory(): void;
    text(type: string, parts: readonly string[], values: readonly unknown[]): Promise<void>;
  };
};
`;
