/**
 * Environment of the kernel's own processes; the one of cells has all that the person's has.
 *
 * Layer:  beside the folders; imports nothing.
 */

/** Without the certificates that Node reads at its start, which takes 0.1 s and is for connections to elsewhere. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, ...rest } = process.env;
  return rest;
}
