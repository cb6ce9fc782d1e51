/**
 * Which names a cell declares at its top level.
 *
 * Layer:  language; imports nothing.
 */
import ts from "typescript";

export interface Declared {
  readonly name: string;
  readonly kind: "const" | "let" | "function" | "class" | "enum" | "namespace" | "type" | "import";
  /** Has a value at run time. For imports, the checker has the last word. */
  readonly value: boolean;
  /** Later cells may assign to it. */
  readonly mutable: boolean;
  /** The cell exports it itself. */
  readonly exported: boolean;
}

/** The declarations of a parsed cell, one a name: a value hides a type of the same name. */
export function declaredNames(file: ts.SourceFile): Map<string, Declared> {
  const found = new Map<string, Declared>();
  const add = (declared: Declared): void => {
    const known = found.get(declared.name);
    if (!known) found.set(declared.name, declared);
    else if (!known.value && declared.value) {
      found.set(declared.name, { ...declared, exported: known.exported || declared.exported });
    }
  };
  for (const statement of file.statements) addStatement(statement, add);
  const exported = exportedByList(file);
  for (const [name, declared] of found) {
    if (exported.has(name)) found.set(name, { ...declared, exported: true });
  }
  return found;
}

/** True when the cell changes types of the whole session, such as by `declare global`. */
export function augments(file: ts.SourceFile): boolean {
  return file.statements.some(
    (statement) =>
      ts.isModuleDeclaration(statement) &&
      (ts.isStringLiteral(statement.name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0),
  );
}

type Add = (declared: Declared) => void;

function addStatement(statement: ts.Statement, add: Add): void {
  const ambient = hasModifier(statement, ts.SyntaxKind.DeclareKeyword);
  const exported = hasModifier(statement, ts.SyntaxKind.ExportKeyword);
  const named = (name: ts.Identifier | undefined, kind: Declared["kind"], value: boolean): void => {
    if (name) add({ name: name.text, kind, value: value && !ambient, mutable: false, exported });
  };

  if (ts.isVariableStatement(statement)) {
    addVariables(statement.declarationList, ambient, exported, add);
  } else if (ts.isFunctionDeclaration(statement)) {
    named(statement.name, "function", true);
  } else if (ts.isClassDeclaration(statement)) {
    named(statement.name, "class", true);
  } else if (ts.isEnumDeclaration(statement)) {
    named(statement.name, "enum", true);
  } else if (ts.isModuleDeclaration(statement)) {
    if (ts.isIdentifier(statement.name) && !(statement.flags & ts.NodeFlags.GlobalAugmentation)) {
      named(statement.name, "namespace", hasValues(statement));
    }
  } else if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
    named(statement.name, "type", false);
  } else if (ts.isImportDeclaration(statement)) {
    addImports(statement, add);
  } else if (ts.isImportEqualsDeclaration(statement)) {
    named(statement.name, "import", !statement.isTypeOnly);
  } else {
    addNestedVars(statement, add);
  }
}

function addVariables(list: ts.VariableDeclarationList, ambient: boolean, exported: boolean, add: Add): void {
  const constant = (list.flags & ts.NodeFlags.Const) !== 0;
  for (const declaration of list.declarations) {
    for (const name of bindingNames(declaration.name)) {
      const kind = constant ? "const" : "let";
      add({ name, kind, value: !ambient, mutable: !constant && !ambient, exported });
    }
  }
}

function addImports(statement: ts.ImportDeclaration, add: Add): void {
  const clause = statement.importClause;
  if (!clause) return;
  const named = (name: ts.Identifier, value: boolean): void =>
    add({ name: name.text, kind: "import", value, mutable: false, exported: false });
  const typeOnly = clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
  if (clause.name) named(clause.name, !typeOnly);
  const bindings = clause.namedBindings;
  if (!bindings) return;
  if (ts.isNamespaceImport(bindings)) named(bindings.name, !typeOnly);
  else for (const one of bindings.elements) named(one.name, !typeOnly && !one.isTypeOnly);
}

/** `var` inside blocks belongs to the cell as well. */
function addNestedVars(node: ts.Node, add: Add): void {
  ts.forEachChild(node, function visit(child): void {
    if (ts.isFunctionLike(child) || ts.isClassLike(child)) return;
    if (ts.isVariableDeclarationList(child) && !(child.flags & ts.NodeFlags.BlockScoped)) {
      addVariables(child, false, false, add);
    }
    ts.forEachChild(child, visit);
  });
}

function bindingNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : bindingNames(element.name),
  );
}

function exportedByList(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  for (const statement of file.statements) {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause) continue;
    if (!ts.isNamedExports(statement.exportClause)) continue;
    for (const element of statement.exportClause.elements) names.add(element.name.text);
  }
  return names;
}

/** A namespace of types only leaves nothing to run. */
function hasValues(namespace: ts.ModuleDeclaration): boolean {
  const { body } = namespace;
  if (!body) return false;
  if (ts.isModuleDeclaration(body)) return hasValues(body);
  if (!ts.isModuleBlock(body)) return false;
  return body.statements.some(
    (statement) =>
      !ts.isInterfaceDeclaration(statement) &&
      !ts.isTypeAliasDeclaration(statement) &&
      (!ts.isModuleDeclaration(statement) || hasValues(statement)),
  );
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((one) => one.kind === kind) ?? false);
}
