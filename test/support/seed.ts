/**
 * The seed of every property test. A run without one is the same everywhere, so that a red test is somebody's
 * change; `RADBOOK_SEED=7 npm test` looks at other examples.
 */
import fc from "fast-check";

const DEFAULT_SEED = 1;

fc.configureGlobal({ seed: Number(process.env.RADBOOK_SEED ?? DEFAULT_SEED) });
