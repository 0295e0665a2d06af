/** One TypeScript file, parsed, for the checks of `tidy.test.ts`. */
import { posix } from 'node:path'
import ts from 'typescript'

/** A parsed file; paths are relative to the repository, with forward slashes. */
export interface SourceModule {
  readonly path: string
  readonly text: string
  readonly lines: number
  readonly isTest: boolean
  readonly isKernel: boolean
  readonly tree: ts.SourceFile
  /** Imported modules: a path for relative specifiers, the specifier itself for packages. */
  readonly imports: readonly string[]
}

/** Parses one file. */
export function parseModule(path: string, text: string): SourceModule {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true)
  return {
    path,
    text,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    isTest: /\.test(-d)?\.ts$/.test(path),
    isKernel: path.endsWith('.kernel.ts'),
    tree,
    imports: specifiers(tree).map((specifier) =>
      specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier,
    ),
  }
}

function specifiers(tree: ts.SourceFile): string[] {
  const found: string[] = []
  walk(tree, (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      if (node.moduleSpecifier !== undefined) found.push(textOf(node.moduleSpecifier))
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      if (node.arguments[0] !== undefined) found.push(textOf(node.arguments[0]))
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      found.push(textOf(node.argument.literal))
    }
  })
  return found
}

const textOf = (node: ts.Node): string => (ts.isStringLiteralLike(node) ? node.text : '')

/** Visits every node below and including `node`. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node)
  ts.forEachChild(node, (child) => walk(child, visit))
}

/** Returns `path:line` of a node, counting from 1. */
export function placeOf(module: SourceModule, node: ts.Node): string {
  const { line } = module.tree.getLineAndCharacterOfPosition(node.getStart(module.tree))
  return `${module.path}:${line + 1}`
}
