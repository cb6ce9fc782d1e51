/**
 * Packages that the kernel brings along for notebooks anywhere, each of which may be absent.
 *
 * Layer:  beside the folders; imports nothing.
 */

/** Their types are at hand from the start, and their module `…/magics` may contribute magics. */
export const PACKAGES: readonly string[] = ["radbook"];
