/**
 * A program that takes further cells in, and checks them with the checker that it has.
 *
 * TypeScript makes a new program and a new checker for each change, and a new checker begins by putting all
 * libraries together again: 20 ms for a cell that takes one. A cell is a module, though, so that nothing that is
 * known changes by it, unless it declares something global or needs files that the program does not have.
 * Layer:  language; imports nothing.
 */
import ts from "typescript";

type Resolved = ts.ResolvedModuleWithFailedLookupLocations;

/** What the checker asks of a program, beyond what is public. */
interface Internals {
  getSourceFile(name: string): ts.SourceFile | undefined;
  getSourceFileByPath(path: string): ts.SourceFile | undefined;
  getResolvedModule(file: ts.SourceFile, name: string, mode: unknown): Resolved | undefined;
  getResolvedModuleFromModuleSpecifier(
    specifier: ts.StringLiteralLike,
    file?: ts.SourceFile,
  ): Resolved | undefined;
}

/** What a program notes in its files. */
interface ProgramFile extends ts.SourceFile {
  path: string;
  resolvedPath: string;
  originalFileName: string;
  imports: readonly ts.StringLiteralLike[];
  moduleAugmentations: readonly ts.Node[];
  ambientModuleNames: readonly string[];
}

const internal = ts as unknown as {
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
};

export class GrowingProgram {
  readonly program: ts.Program;
  readonly #original: Internals;
  readonly #resolve: (name: string, containing: string) => Resolved;
  readonly #added = new Map<string, ts.SourceFile>();
  #taken = 0;

  /** @param resolve Finds the modules that added files import. */
  constructor(program: ts.Program, resolve: (name: string, containing: string) => Resolved) {
    this.program = program;
    this.#resolve = resolve;
    const inside = program as unknown as Internals;
    const original = { ...inside };
    this.#original = original;
    inside.getSourceFile = (name) => this.#added.get(name) ?? original.getSourceFile(name);
    inside.getSourceFileByPath = (path) => this.#added.get(path) ?? original.getSourceFileByPath(path);
    inside.getResolvedModule = (file, name, mode) =>
      this.#added.get(file.fileName) === file
        ? this.#resolve(name, file.fileName)
        : original.getResolvedModule(file, name, mode);
    inside.getResolvedModuleFromModuleSpecifier = (specifier, file = specifier.getSourceFile()) =>
      this.#added.get(file.fileName) === file
        ? this.#resolve(specifier.text, file.fileName)
        : original.getResolvedModuleFromModuleSpecifier(specifier, file);
  }

  /** Files that were added and not dropped. */
  get size(): number {
    return this.#added.size;
  }

  /** Files that were added. The checker keeps a little of each. */
  get taken(): number {
    return this.#taken;
  }

  has(name: string): boolean {
    return this.#added.has(name) || this.#original.getSourceFile(name) !== undefined;
  }

  /** Takes in a parsed file whose imports are there already. */
  add(file: ts.SourceFile): void {
    const own = file as ProgramFile;
    own.path = file.fileName;
    own.resolvedPath = file.fileName;
    own.originalFileName = file.fileName;
    own.imports = importsOf(file);
    own.moduleAugmentations = [];
    own.ambientModuleNames = [];
    internal.bindSourceFile(file, this.program.getCompilerOptions());
    this.#added.set(file.fileName, file);
    this.#taken += 1;
  }

  /** Gives up an added file that no other imports. */
  drop(name: string): void {
    this.#added.delete(name);
  }
}

/** Specifiers of all modules that a file mentions. */
export function importsOf(file: ts.SourceFile): ts.StringLiteralLike[] {
  const found: ts.StringLiteralLike[] = [];
  const add = (node: ts.Node | undefined): void => {
    if (node && ts.isStringLiteralLike(node)) found.push(node);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) add(node.expression);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Whether a file changes what other files see, or brings files along in other ways than by imports. */
export function reachesOut(file: ts.SourceFile): boolean {
  const { referencedFiles, typeReferenceDirectives, libReferenceDirectives } = file;
  return (
    referencedFiles.length + typeReferenceDirectives.length + libReferenceDirectives.length > 0 ||
    file.statements.some(
      (one) =>
        ts.isModuleDeclaration(one) &&
        (ts.isStringLiteral(one.name) || (one.flags & ts.NodeFlags.GlobalAugmentation) !== 0),
    )
  );
}
