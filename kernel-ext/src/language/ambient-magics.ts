/**
 * Types of what rewritten magics call; cells do not see it in completions.
 *
 * Layer:  language; imports nothing.
 */
export const MAGIC_TYPES = `/** A cell of what a query gives. */
declare type SqlCell = number | bigint | string | boolean | Date | null | object;
/** A row of what a query gives. */
declare type SqlRow = { readonly [column: string]: SqlCell };
declare type SqlValue = number | bigint | string | boolean | Date | null | undefined;
/** What SQL can read: a list of objects, or columns. */
declare type SqlTable =
  | readonly object[]
  | { readonly columns: readonly { readonly name: string; readonly values: ArrayLike<unknown> }[] }
  | { readonly columns: readonly { readonly name: string; readonly cells: readonly string[] }[] };
declare const __cell: {
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
    run<T>(file: string): Promise<T>;
    sql<T extends object = SqlRow, const S extends readonly (string | null)[] = readonly (string | null)[]>(
      text: string,
      slots: S,
      values: { readonly [K in keyof S]: S[K] extends string ? SqlTable : SqlValue },
    ): Promise<T[]>;
    text(type: string, parts: readonly string[], values: readonly unknown[]): Promise<void>;
  };
};
`;
