/**
 * From a checked cell to the script that runs it.
 *
 * The script is one function: imports become awaited calls, names of earlier cells that may be assigned are
 * reached through their cell, `export` disappears, and the value of the last expression is kept.
 * Layer:  language; imports scope, names.
 */
import ts from "typescript";
import type { Declared } from "./names.js";
import { runtimePrelude, type ScopeEntry, scopeAccessors, scopeVariable } from "./scope.js";

/** A cell in the program: where its own text lies in the file, and what it uses and declares. */
export interface CheckedCell {
  readonly file: ts.SourceFile;
  readonly start: number;
  readonly end: number;
  readonly used: readonly ScopeEntry[];
  readonly declared: ReadonlyMap<string, Declared>;
}

export interface Script {
  readonly js: string;
  readonly mappings: string;
}

/** @param isChecked Without, its types are not looked at here either. */
export function emitScript(program: ts.Program, cell: CheckedCell, isChecked: boolean): Script {
  let body = "";
  let mappings = "";
  const options = program.getCompilerOptions();
  // TypeScript checks what it emits, unless it is told not to; the checker reads the option at each file.
  if (!isChecked) options.noCheck = true;
  try {
    program.emit(
      cell.file,
      (name, text) => {
        if (name.endsWith(".map")) mappings = (JSON.parse(text) as { mappings: string }).mappings;
        else if (name.endsWith(".js")) body = text;
      },
      undefined,
      false,
      { before: [cellTransformer(program.getTypeChecker(), cell)] },
    );
  } finally {
    delete options.noCheck;
  }
  const head =
    "((__cell, require, __filename, __dirname, module, exports) => { 'use strict'; return (async () => { " +
    `${runtimePrelude(cell.used)} ${scopeAccessors(cell.declared.values())}`;
  return { js: `${head}\n${withoutModuleMarks(body)}\n})(); })`, mappings };
}

/** TypeScript closes a module without exports by `export {};`, which a script may not have. */
function withoutModuleMarks(body: string): string {
  return body.replace(/^export \{\};\s*(?=(\/\/# sourceMappingURL.*\s*)?$(?![\s\S]))/m, "");
}

function cellTransformer(checker: ts.TypeChecker, cell: CheckedCell): ts.TransformerFactory<ts.SourceFile> {
  return (context) => {
    const { factory } = context;
    const mutables = new Map(cell.used.filter((entry) => entry.mutable).map((entry) => [entry.name, entry]));
    const runtime = (name: string): ts.Expression =>
      factory.createPropertyAccessExpression(factory.createIdentifier("__cell"), name);

    const isEarlier = (symbol: ts.Symbol | undefined): boolean => {
      const declaration = symbol?.valueDeclaration;
      return declaration?.getSourceFile() === cell.file && declaration.end <= cell.start;
    };
    /** `x` → `__scope3.x` where x may be assigned by any cell. */
    const access = (name: ts.Identifier, symbol: ts.Symbol | undefined): ts.Expression | null => {
      const entry = mutables.get(name.text);
      if (!entry || !isEarlier(symbol)) return null;
      const scope = factory.createIdentifier(scopeVariable(entry.cell));
      return ts.setTextRange(factory.createPropertyAccessExpression(scope, name.text), name);
    };
    /** A call of `__scope3.f` must not make the scope its `this`. */
    const callee = (node: ts.Expression): ts.Expression => {
      const seen = ts.visitNode(node, visit) as ts.Expression;
      if (!ts.isIdentifier(node) || seen === node) return seen;
      return factory.createParenthesizedExpression(
        factory.createComma(factory.createNumericLiteral(0), seen),
      );
    };

    function visit(node: ts.Node): ts.Node {
      if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
      if (ts.isIdentifier(node)) {
        return mutables.has(node.text) ? (access(node, checker.getSymbolAtLocation(node)) ?? node) : node;
      }
      if (ts.isShorthandPropertyAssignment(node)) {
        const value = access(node.name, checker.getShorthandAssignmentValueSymbol(node));
        if (!value) return ts.visitEachChild(node, visit, context);
        const initial = node.objectAssignmentInitializer;
        return factory.createPropertyAssignment(
          node.name.text,
          initial ? factory.createAssignment(value, ts.visitNode(initial, visit) as ts.Expression) : value,
        );
      }
      if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
        return runtime("meta");
      if (ts.isCallExpression(node)) {
        const target =
          node.expression.kind === ts.SyntaxKind.ImportKeyword ? runtime("import") : callee(node.expression);
        const args = ts.visitNodes(node.arguments, visit, ts.isExpression);
        return factory.updateCallExpression(node, target, node.typeArguments, args);
      }
      if (ts.isTaggedTemplateExpression(node)) {
        const template = ts.visitNode(node.template, visit) as ts.TemplateLiteral;
        return factory.updateTaggedTemplateExpression(node, callee(node.tag), node.typeArguments, template);
      }
      return ts.visitEachChild(node, visit, context);
    }

    function importStatements(statement: ts.ImportDeclaration, index: number): ts.Statement[] {
      if (!ts.isStringLiteral(statement.moduleSpecifier)) return [];
      const clause = statement.importClause;
      if (clause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
      const specifier = statement.moduleSpecifier.text;
      const loaded = factory.createAwaitExpression(
        ts.setTextRange(
          factory.createCallExpression(runtime("import"), undefined, [
            factory.createStringLiteral(specifier),
          ]),
          statement,
        ),
      );
      if (!clause) return [factory.createExpressionStatement(loaded)];

      const module = factory.createIdentifier(`__module${index}`);
      const declare = (name: ts.Identifier | string, value: ts.Expression): ts.VariableDeclaration =>
        factory.createVariableDeclaration(name, undefined, undefined, value);
      const pick = (name: ts.Identifier, from: string): void => {
        if (!cell.declared.get(name.text)?.value) return;
        const args = [module, factory.createStringLiteral(from), factory.createStringLiteral(specifier)];
        const call = factory.createCallExpression(runtime("pick"), undefined, args);
        declarations.push(declare(name.text, ts.setTextRange(call, statement)));
      };
      const declarations = [declare(module, loaded)];
      if (clause.name) pick(clause.name, "default");
      const bindings = clause.namedBindings;
      if (bindings && ts.isNamespaceImport(bindings)) declarations.push(declare(bindings.name.text, module));
      else for (const one of bindings?.elements ?? []) pick(one.name, (one.propertyName ?? one.name).text);
      // All are types: the module has nothing to run for.
      if (declarations.length === 1 && (bindings || clause.name)) return [];
      const list = factory.createVariableDeclarationList(declarations, ts.NodeFlags.Const);
      return [factory.createVariableStatement(undefined, list)];
    }

    function plain(statement: ts.Statement): ts.Statement {
      if (!ts.canHaveModifiers(statement)) return statement;
      const modifiers = ts.canHaveDecorators(statement) ? statement.modifiers : ts.getModifiers(statement);
      const kept = modifiers?.filter(
        (one) => one.kind !== ts.SyntaxKind.ExportKeyword && one.kind !== ts.SyntaxKind.DefaultKeyword,
      );
      if (kept?.length === modifiers?.length) return statement;
      return withModifiers(factory, statement, kept);
    }

    return (file) => {
      const own = file.statements.filter((one) => {
        const start = one.getStart(file);
        return start >= cell.start && start < cell.end;
      });
      const last = own.findLastIndex((one) => !ts.isEmptyStatement(one));
      const imports: ts.Statement[] = [];
      const rest: ts.Statement[] = [];
      own.forEach((statement, i) => {
        if (ts.isImportDeclaration(statement)) {
          imports.push(...importStatements(statement, i));
        } else if (ts.isExportDeclaration(statement)) {
          return;
        } else if (ts.isExpressionStatement(statement) || ts.isExportAssignment(statement)) {
          const value = ts.visitNode(statement.expression, visit) as ts.Expression;
          const expression = i === last ? factory.createAssignment(runtime("result"), value) : value;
          rest.push(ts.setTextRange(factory.createExpressionStatement(expression), statement));
        } else {
          const value = unnamed(factory, statement);
          const seen = ts.visitNode(value ?? plain(statement), visit) as ts.Statement | ts.Expression;
          rest.push(
            value ? factory.createExpressionStatement(seen as ts.Expression) : (seen as ts.Statement),
          );
        }
      });
      return factory.updateSourceFile(file, [...imports, ...rest]);
    };
  };
}

/** `export default` of a function or class without a name: it declares nothing and is only a value. */
function unnamed(factory: ts.NodeFactory, node: ts.Statement): ts.Expression | null {
  if (ts.isFunctionDeclaration(node) && !node.name && node.body) {
    const { asteriskToken, typeParameters, parameters, type, body } = node;
    const modifiers = node.modifiers?.filter((one) => one.kind === ts.SyntaxKind.AsyncKeyword);
    return factory.createParenthesizedExpression(
      factory.createFunctionExpression(
        modifiers as readonly ts.Modifier[] | undefined,
        asteriskToken,
        undefined,
        typeParameters,
        parameters,
        type,
        body,
      ),
    );
  }
  if (ts.isClassDeclaration(node) && !node.name) {
    const { typeParameters, heritageClauses, members } = node;
    return factory.createParenthesizedExpression(
      factory.createClassExpression(undefined, undefined, typeParameters, heritageClauses, members),
    );
  }
  return null;
}

function withModifiers(
  factory: ts.NodeFactory,
  node: ts.Statement,
  kept: readonly ts.ModifierLike[] | undefined,
): ts.Statement {
  const modifiers = kept?.filter(ts.isModifier);
  if (ts.isVariableStatement(node))
    return factory.updateVariableStatement(node, modifiers, node.declarationList);
  if (ts.isFunctionDeclaration(node)) {
    const { asteriskToken, name, typeParameters, parameters, type, body } = node;
    return factory.updateFunctionDeclaration(
      node,
      modifiers,
      asteriskToken,
      name,
      typeParameters,
      parameters,
      type,
      body,
    );
  }
  if (ts.isClassDeclaration(node)) {
    return factory.updateClassDeclaration(
      node,
      kept,
      node.name,
      node.typeParameters,
      node.heritageClauses,
      node.members,
    );
  }
  if (ts.isEnumDeclaration(node))
    return factory.updateEnumDeclaration(node, modifiers, node.name, node.members);
  if (ts.isModuleDeclaration(node))
    return factory.updateModuleDeclaration(node, modifiers, node.name, node.body);
  return node;
}
