/**
 * "Did you mean": the word that is closest to a misspelt one.
 *
 * Layer:  language; imports nothing.
 */

/** The word with the fewest changes, or null when none is close. */
export function nearest(word: string, words: Iterable<string>): string | null {
  let best: string | null = null;
  // Another word of one letter is not a word misspelt.
  let least = Math.min(word.length, Math.max(1, Math.floor(word.length / 3)) + 1);
  for (const one of words) {
    if (Math.abs(one.length - word.length) >= least) continue;
    const changes = distance(word.toLowerCase(), one.toLowerCase());
    if (changes < least) {
      least = changes;
      best = one;
    }
  }
  return best;
}

/** Letters to insert, drop, replace, or swap with their neighbor (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
