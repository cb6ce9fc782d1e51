/**
 * Parameter files of extractions: YAML or JSON, such as PyRadiomics' own.
 *
 * Layer:  io; imports core.
 */
import { InputError } from "../core/errors.js";
import { ParameterFile } from "../core/parameter-file.js";
import { readBytes } from "./file.js";

/** No parameter file is larger; a scan that was named by mistake is. */
const MOST_BYTES = 1_000_000;

/** What YAML 1.1, which PyRadiomics' users write, means by plain words that YAML 1.2 takes for text; and Python's words. */
const WORDS: Readonly<Record<string, boolean | number | null>> = {
  yes: true,
  on: true,
  no: false,
  off: false,
  none: null,
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
};

/**
 * Reads a parameter file: PyRadiomics' YAML or JSON as it is, or the options of `radiomics.extractor` written in either.
 *
 * Besides YAML 1.2, the words yes, no, on, off, None, NaN and inf mean what they mean in YAML 1.1 and Python, unless they are quoted.
 *
 * @returns For `radiomics.extractor`, which checks it and names unknown keys.
 * @throws InputError naming file and line if the file is not YAML, a key is repeated, or it holds no keys.
 *
 * @example
 * const parameters = await io.readParameters("Params.yaml");
 * const extract = radiomics.extractor({ convention: "pyradiomics", parameters });
 */
export async function readParameters(file: string): Promise<ParameterFile> {
  const text = textOf(await readBytes(file), file);
  // Loaded here: most sessions read no parameter file.
  const { isMap, parseDocument, Scalar, visit } = await import("yaml");
  const document = parseDocument(text, { prettyErrors: true });
  const [fault] = document.errors;
  if (fault !== undefined) {
    const [reason] = fault.message.split("\n");
    throw new InputError(`this is not a parameter file: ${reason} Correct the line.`, { file, cause: fault });
  }
  if (!isMap(document.contents)) {
    throw new InputError(
      'a parameter file holds keys and values, e.g. "setting:" with "  binWidth: 25" below it. Check that this is the right file.',
      { file },
    );
  }
  visit(document, {
    Scalar(key, node) {
      if (key === "key" || node.type !== Scalar.PLAIN || typeof node.value !== "string") return;
      const word = node.value.toLowerCase();
      if (Object.hasOwn(WORDS, word)) node.value = WORDS[word];
    },
  });
  return new ParameterFile(file, contentOf(document.toJS.bind(document), file));
}

function textOf(bytes: Uint8Array, file: string): string {
  if (bytes.length > MOST_BYTES) {
    throw new InputError(
      `the file has ${bytes.length} bytes: this is no parameter file. Name the YAML or JSON file.`,
      {
        file,
      },
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError("the file is not text in UTF-8. Name the YAML or JSON file.", { file, cause });
  }
}

/** Aliases are resolved here; too many of them are refused. */
function contentOf(toPlain: () => unknown, file: string): Record<string, unknown> {
  try {
    return toPlain() as Record<string, unknown>;
  } catch (cause) {
    throw new InputError(`the file cannot be resolved (${(cause as Error).message}). Write it out.`, {
      file,
      cause,
    });
  }
}
