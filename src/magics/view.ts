/**
 * `%view`: a scan with its regions.
 *
 * Layer:  magics; imports core, plot.
 */
import { InputError } from "../core/errors.js";
import { WINDOWS } from "../plot/grey-window.js";
import type { LineMagic } from "./magic.js";

const NAMES = Object.keys(WINDOWS);

export const viewMagic: LineMagic = {
  name: "view",
  usage: "%view SCAN[, MASK…] [window=NAME]",
  doc: `Shows a scan with masks outlined. Windows: ${NAMES.join(", ")}.`,
  code: true,
  rewrite: (argument) => {
    const [, values = "", window] = /^(.*?)(?:\s+window=(\S*))?\s*$/.exec(argument) ?? [];
    if (values.trim() === "") throw new InputError("%view needs a scan, such as %view ct or %view ct, gtv.");
    if (window !== undefined && !NAMES.includes(window)) {
      throw new InputError(`there is no window "${window}". Choose one of ${NAMES.join(", ")}.`);
    }
    const options = window === undefined ? "{ overlay }" : `{ overlay, window: "${window}" as const }`;
    // The scan and the masks stay side by side as typed, so that a wrong one is marked where it stands.
    const parameters = 'scan: import("radbook").Volume, ...overlay: import("radbook").Mask[]';
    return {
      before: `(await import("radbook")).plot.volume(...((${parameters}) => [scan, ${options}] as const)(`,
      after: "));",
      keep: [0, values.length],
    };
  },
  complete: (typed) => {
    const found = /\s(window=)?\S*$/.exec(typed);
    return found?.[1]
      ? { from: found.index + 1, words: NAMES.map((name) => `window=${name}`) }
      : { from: 0, words: [] };
  },
};
