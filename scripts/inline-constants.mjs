/**
 * Writes the values of constants into the modules that import them.
 *
 * V8 reads an imported or exported binding from its cell at every use, checks that it is
 * initialised and what type it has, and can fold none of it: in a loop over event columns a mask
 * such as `BUY_BIT` or a kind such as `EventKind.DepthSet` costs more than the work on the row.
 *
 * Written in are numbers, and members of objects of numbers, that are declared with `const` at the
 * top of a module. A name that a module declares a second time is left alone there.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import ts from 'typescript'

/** Writes constants into every module of a folder and returns how many uses there were. */
export function inlineConstants(folder) {
  const modules = new Map()
  for (const path of readdirSync(folder, { recursive: true })) {
    if (!String(path).endsWith('.js')) continue
    const file = resolve(folder, String(path))
    modules.set(file, new Module(file, readFileSync(file, 'utf8')))
  }
  let uses = 0
  for (const module of modules.values()) {
    const { text, count } = module.inlined(modules)
    if (count > 0) writeFileSync(module.file, text)
    uses += count
  }
  return uses
}

class Module {
  #constants = new Map()
  #imports = new Map()
  #reexports = new Map()
  #stars = []
  #declared = new Map()
  #values = new Map()

  constructor(file, text) {
    this.file = file
    this.text = text
    this.source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS)
    for (const statement of this.source.statements) this.#note(statement)
    this.#countNames(this.source)
  }

  /** Value of a constant that the module exports, undefined for anything else. */
  exported(name, modules) {
    if (this.#constants.has(name)) return this.local(name, modules)
    const from = this.#reexports.get(name)
    if (from !== undefined) return modules.get(from.file)?.exported(from.name, modules)
    for (const file of this.#stars) {
      const value = modules.get(file)?.exported(name, modules)
      if (value !== undefined) return value
    }
    return undefined
  }

  /** Value of a constant as the module itself knows it. */
  local(name, modules) {
    if (!this.#values.has(name)) this.#values.set(name, this.#find(name, modules))
    return this.#values.get(name)
  }

  #find(name, modules) {
    if (this.#declared.get(name) !== 1) return undefined
    const from = this.#imports.get(name)
    if (from !== undefined) return modules.get(from.file)?.exported(from.name, modules)
    const expression = this.#constants.get(name)
    return expression === undefined ? undefined : this.#value(expression, modules)
  }

  /** The module's text with constants written in. */
  inlined(modules) {
    const edits = []
    const visit = (node) => {
      if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return
      const value = this.#valueOfUse(node, modules)
      if (value !== undefined) {
        const literal = value < 0 || Object.is(value, -0) ? `(${value})` : String(value)
        const isShorthand = ts.isShorthandPropertyAssignment(node)
        const written = isShorthand ? `${node.name.text}: ${literal}` : literal
        edits.push({ from: node.getStart(this.source), to: node.end, written })
        return
      }
      ts.forEachChild(node, visit)
    }
    visit(this.source)
    let { text } = this
    for (const { from, to, written } of edits.toReversed()) {
      text = text.slice(0, from) + written + text.slice(to)
    }
    return { text, count: edits.length }
  }

  #valueOfUse(node, modules) {
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      const value = this.local(node.expression.text, modules)
      return typeof value === 'object' && Object.hasOwn(value, node.name.text)
        ? value[node.name.text]
        : undefined
    }
    const isUse = ts.isIdentifier(node) ? isReference(node) : ts.isShorthandPropertyAssignment(node)
    if (!isUse) return undefined
    const value = this.local(ts.isIdentifier(node) ? node.text : node.name.text, modules)
    return typeof value === 'number' ? value : undefined
  }

  #note(statement) {
    if (ts.isImportDeclaration(statement)) {
      const file = this.#target(statement.moduleSpecifier.text)
      const bindings = statement.importClause?.namedBindings
      if (file === undefined || bindings === undefined || !ts.isNamedImports(bindings)) return
      for (const { name, propertyName } of bindings.elements) {
        this.#imports.set(name.text, { file, name: (propertyName ?? name).text })
      }
    } else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined) {
      const file = this.#target(statement.moduleSpecifier.text)
      if (file === undefined) return
      if (statement.exportClause === undefined) this.#stars.push(file)
      else if (ts.isNamedExports(statement.exportClause)) {
        for (const { name, propertyName } of statement.exportClause.elements) {
          this.#reexports.set(name.text, { file, name: (propertyName ?? name).text })
        }
      }
    } else if (ts.isVariableStatement(statement)) {
      if ((statement.declarationList.flags & ts.NodeFlags.Const) === 0) return
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (ts.isIdentifier(name) && initializer !== undefined) {
          this.#constants.set(name.text, initializer)
        }
      }
    }
  }

  #target(specifier) {
    return specifier.startsWith('.') ? join(dirname(this.file), specifier) : undefined
  }

  /** Counts how often a name is declared, anywhere in the module. */
  #countNames(node) {
    const isNamed =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionLike(node) ||
      ts.isClassLike(node) ||
      ts.isImportSpecifier(node) ||
      ts.isImportClause(node) ||
      ts.isNamespaceImport(node)
    if (isNamed && node.name !== undefined && ts.isIdentifier(node.name)) {
      const { text } = node.name
      if (!ts.isMethodDeclaration(node))
        this.#declared.set(text, (this.#declared.get(text) ?? 0) + 1)
    }
    ts.forEachChild(node, (child) => this.#countNames(child))
  }

  #value(node, modules) {
    if (ts.isParenthesizedExpression(node)) return this.#value(node.expression, modules)
    if (ts.isNumericLiteral(node)) return Number(node.text)
    if (ts.isObjectLiteralExpression(node)) return this.#members(node, modules)
    if (ts.isPrefixUnaryExpression(node)) {
      const value = this.#value(node.operand, modules)
      if (typeof value !== 'number') return undefined
      if (node.operator === ts.SyntaxKind.MinusToken) return -value
      return node.operator === ts.SyntaxKind.TildeToken ? ~value : undefined
    }
    if (ts.isBinaryExpression(node)) {
      const left = this.#value(node.left, modules)
      const right = this.#value(node.right, modules)
      const operation = OPERATIONS.get(node.operatorToken.kind)
      if (typeof left !== 'number' || typeof right !== 'number') return undefined
      return operation?.(left, right)
    }
    if (ts.isIdentifier(node)) return this.local(node.text, modules)
    if (ts.isPropertyAccessExpression(node)) return this.#valueOfUse(node, modules)
    return undefined
  }

  #members(node, modules) {
    const members = {}
    for (const property of node.properties) {
      if (!ts.isPropertyAssignment(property) || !ts.isIdentifier(property.name)) return undefined
      const value = this.#value(property.initializer, modules)
      if (typeof value !== 'number') return undefined
      members[property.name.text] = value
    }
    return members
  }
}

const OPERATIONS = new Map([
  [ts.SyntaxKind.PlusToken, (a, b) => a + b],
  [ts.SyntaxKind.MinusToken, (a, b) => a - b],
  [ts.SyntaxKind.AsteriskToken, (a, b) => a * b],
  [ts.SyntaxKind.AsteriskAsteriskToken, (a, b) => a ** b],
  [ts.SyntaxKind.SlashToken, (a, b) => a / b],
  [ts.SyntaxKind.LessThanLessThanToken, (a, b) => a << b],
  [ts.SyntaxKind.GreaterThanGreaterThanToken, (a, b) => a >> b],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken, (a, b) => a >>> b],
  [ts.SyntaxKind.BarToken, (a, b) => a | b],
  [ts.SyntaxKind.AmpersandToken, (a, b) => a & b],
  [ts.SyntaxKind.CaretToken, (a, b) => a ^ b],
])

/** True where an identifier reads a variable: it names no member, declares nothing, labels nothing. */
function isReference(node) {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isShorthandPropertyAssignment(parent)) return false
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  if (ts.isBindingElement(parent) || ts.isVariableDeclaration(parent))
    return parent.initializer === node
  if (ts.isParameter(parent) || ts.isPropertyDeclaration(parent)) return parent.initializer === node
  const isName =
    ts.isFunctionLike(parent) ||
    ts.isClassLike(parent) ||
    ts.isLabeledStatement(parent) ||
    ts.isBreakOrContinueStatement(parent)
  return !isName
}
