/**
 * What a person asks of a stopped program: TypeScript with the names of the notebook, made into what V8 evaluates.
 *
 * Layer:  language; imports nothing else.
 */
import ts from "typescript";

/**
 * Strips the types and reaches names of other cells through their holders.
 *
 * @param holders Name → an expression for the object that has it as a property.
 */
export function toJavaScript(code: string, holders: ReadonlyMap<string, string>): string {
  // `{ a: 1 }` is meant as an object.
  const text = parses(`(${code}\n)`) ? `(${code}\n)` : code;
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, removeComments: true },
    transformers: { before: [throughHolders(holders)] },
  });
  return outputText.replace(/^export \{\};\s*$/m, "").trim();
}

function throughHolders(holders: ReadonlyMap<string, string>): ts.TransformerFactory<ts.SourceFile> {
  return (context) => {
    const { factory } = context;
    const access = (name: ts.Identifier): ts.Expression | null => {
      const holder = holders.get(name.text);
      return holder === undefined
        ? null
        : factory.createPropertyAccessExpression(factory.createIdentifier(holder), name.text);
    };
    const visit = (node: ts.Node): ts.Node => {
      if (ts.isTypeNode(node)) return node;
      if (ts.isIdentifier(node)) return isReference(node) ? (access(node) ?? node) : node;
      if (ts.isShorthandPropertyAssignment(node)) {
        const value = access(node.name);
        return value ? factory.createPropertyAssignment(node.name.text, value) : node;
      }
      return ts.visitEachChild(node, visit, context);
    };
    return (file) => ts.visitNode(file, visit) as ts.SourceFile;
  };
}

/** Not the name of a member, nor of something that the text itself declares. */
function isReference(name: ts.Identifier): boolean {
  const { parent } = name;
  if (!parent) return true;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === name;
  if (ts.isQualifiedName(parent) || ts.isMetaProperty(parent)) return false;
  const declares = (parent as { name?: ts.Node }).name === name;
  return !declares;
}

function parses(text: string): boolean {
  const { diagnostics = [] } = ts.transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
  });
  return diagnostics.length === 0;
}
