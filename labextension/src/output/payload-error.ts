/**
 * Why a payload cannot be drawn, in a sentence for the reader of the notebook.
 *
 * Layer:  labextension, output.
 */

/** Its message is shown below the static picture. */
export class PayloadError extends Error {
  override readonly name: string = "PayloadError";
}

/** The sentence for any failure: our own words as they are, others wrapped. */
export function reasonOf(error: unknown): string {
  if (error instanceof PayloadError) return error.message;
  return `This view could not be opened (${error instanceof Error ? error.message : String(error)}).`;
}
