/**
 * Documentation of what the libraries declare. Their comments are half of their text and are not parsed when
 * they load; the one that a person asks for is, when it is asked for.
 *
 * Layer:  language; imports nothing.
 */
import ts from "typescript";

export interface Documentation {
  readonly text: string;
  readonly tags: readonly { readonly name: string; readonly text: string }[];
}

const LONGEST = 20_000;

/** Files whose comments are left unparsed: TypeScript's own libraries and Node's. */
export function isBulky(file: string): boolean {
  return /[\\/]node_modules[\\/](typescript[\\/]lib|@types[\\/]node|undici-types)[\\/]/.test(file);
}

/** The comment before the definition of the name at `offset`, or null. */
export function documentationAt(
  service: ts.LanguageService,
  file: string,
  offset: number,
): Documentation | null {
  const program = service.getProgram();
  for (const { fileName, contextSpan } of service.getDefinitionAtPosition(file, offset) ?? []) {
    const source = isBulky(fileName) ? program?.getSourceFile(fileName) : undefined;
    if (!source || !contextSpan) continue;
    const before = source.text.slice(Math.max(0, contextSpan.start - LONGEST), contextSpan.start);
    const start = before.lastIndexOf("/**");
    const comment = before.slice(start).trimEnd();
    // The comment must end where the definition begins, or it belongs to something else.
    if (start >= 0 && comment.indexOf("*/") === comment.length - 2) return parse(comment);
  }
  return null;
}

function parse(comment: string): Documentation | null {
  const file = ts.createSourceFile("comment.ts", `${comment}\nlet x;`, ts.ScriptTarget.ES2023, true);
  const [statement] = file.statements;
  const doc = statement && ts.getJSDocCommentsAndTags(statement).find(ts.isJSDoc);
  if (!doc) return null;
  const tags = (doc.tags ?? []).map((tag) => {
    const name = ts.isJSDocParameterTag(tag) ? `${tag.name.getText(file)} ` : "";
    return { name: tag.tagName.text, text: name + (ts.getTextOfJSDocComment(tag.comment) ?? "") };
  });
  return { text: ts.getTextOfJSDocComment(doc.comment) ?? "", tags };
}
