/**
 * `console.group` in cells: a group that a cell left open, by an error perhaps, does not indent the next cell.
 *
 * Layer:  session/child; imports nothing.
 */

let open = 0;

/** Counts the groups that are open. */
export function watchGroups(): void {
  const { group, groupEnd } = console;
  const opening = (...label: unknown[]): void => {
    open += 1;
    group.apply(console, label);
  };
  console.group = opening;
  console.groupCollapsed = opening;
  console.groupEnd = () => {
    open = Math.max(0, open - 1);
    groupEnd.call(console);
  };
}

/** Closes all groups. */
export function closeGroups(): void {
  while (open > 0) console.groupEnd();
}
