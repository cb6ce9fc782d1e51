/** What `import "radbook/magics"` loads, as `entry.mjs`. */
import { loadBuilt } from "./built.mjs";

export const { magics } = loadBuilt("magics/index.js");
