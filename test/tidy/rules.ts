/** Rules on single files; each returns one sentence for each violation. */
import ts from 'typescript'
import { placeOf, walk, type SourceModule } from './source-module.ts'

/** Most lines that a file may have. */
export const FILE_LINES_MAX = 400
/** Most lines that a test may have. */
export const TEST_LINES_MAX = 500

/** What reads the machine's time or chance, and what to use in its place. */
const BANNED: Readonly<Record<string, string>> = {
  'Date.now': 'HighPrecisionClock',
  'performance.now': 'HighPrecisionClock',
  'process.hrtime': 'HighPrecisionClock',
  'Math.random': 'Prng',
  setTimeout: "the run's timers",
  setInterval: "the run's timers",
  setImmediate: "the run's timers",
  eval: 'nothing: data is never code',
}

/** Where the machine's time may be read. */
const MAY_READ_TIME = ['src/time/', 'src/live/', 'bench/']

// In pieces, so that this file does not hold what it looks for.
const MARKS = ['TO-DO', 'FIX-ME', 'XX-X'].map((mark) => mark.replace('-', ''))

/** Machine time, chance and code from text, outside the places that may. */
export function bannedCalls(module: SourceModule): string[] {
  if (module.isTest || MAY_READ_TIME.some((place) => module.path.startsWith(place))) return []
  const found: string[] = []
  walk(module.tree, (node) => {
    const name = bannedName(node)
    if (name !== undefined) {
      found.push(
        `${placeOf(module, node)} uses ${name}; use ${BANNED[name] ?? 'a clock handed in'}`,
      )
    }
  })
  return found
}

function bannedName(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node)) {
    const name = node.expression.getText()
    if (name === 'Date' && (node.arguments?.length ?? 0) === 0) return 'new Date()'
    return name === 'Function' ? 'new Function' : undefined
  }
  if (ts.isPropertyAccessExpression(node)) {
    const name = node.getText().replace(/^globalThis\./, '')
    return Object.hasOwn(BANNED, name) && name.includes('.') ? name : undefined
  }
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
    return Object.hasOwn(BANNED, node.expression.text) ? node.expression.text : undefined
  }
  return undefined
}

/** What a kernel holds nowhere. */
const KERNEL_BANS = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.ArrowFunction, 'a closure'],
  [ts.SyntaxKind.FunctionExpression, 'a closure'],
  [ts.SyntaxKind.TryStatement, 'try'],
  [ts.SyntaxKind.AwaitExpression, 'await'],
  [ts.SyntaxKind.YieldExpression, 'yield'],
  [ts.SyntaxKind.ForOfStatement, 'for...of'],
  [ts.SyntaxKind.ForInStatement, 'for...in'],
])

/** What a kernel may hold once a call, but not once a row. */
const LOOP_BANS = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.NewExpression, 'new'],
  [ts.SyntaxKind.ObjectLiteralExpression, 'an object literal'],
  [ts.SyntaxKind.ArrayLiteralExpression, 'an array literal'],
  [ts.SyntaxKind.TemplateExpression, 'a text'],
])

/** Kernels are free functions whose loops neither allocate nor wait. */
export function kernelViolations(module: SourceModule): string[] {
  if (!module.isKernel) return []
  const found: string[] = []
  const visit = (node: ts.Node, isLooping: boolean): void => {
    // A kernel that throws has ended; how it words its reason costs no row anything.
    if (ts.isThrowStatement(node)) return
    const what = KERNEL_BANS.get(node.kind) ?? (isLooping ? LOOP_BANS.get(node.kind) : undefined)
    if (what !== undefined) found.push(`${placeOf(module, node)} has ${what} in a kernel`)
    const isLoop = ts.isIterationStatement(node, false)
    ts.forEachChild(node, (child) => visit(child, isLooping || isLoop))
  }
  for (const statement of module.tree.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.body !== undefined)
      visit(statement.body, false)
  }
  return found
}

/** Length of files, marks of unfinished work, and exports without a doc comment. */
export function formViolations(module: SourceModule): string[] {
  const found: string[] = []
  const limit = module.isTest ? TEST_LINES_MAX : FILE_LINES_MAX
  if (module.lines > limit)
    found.push(`${module.path} has ${module.lines} lines, more than ${limit}`)
  for (const mark of MARKS) {
    if (new RegExp(`\\b${mark}\\b`).test(module.text)) found.push(`${module.path} holds a ${mark}`)
  }
  if (!module.isTest && module.path.startsWith('src/')) found.push(...undocumented(module))
  return found
}

function undocumented(module: SourceModule): string[] {
  return module.tree.statements
    .filter(
      (statement) =>
        ts.isFunctionDeclaration(statement) ||
        ts.isClassDeclaration(statement) ||
        ts.isInterfaceDeclaration(statement),
    )
    .filter((statement) =>
      statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword),
    )
    .filter((statement) => ts.getJSDocCommentsAndTags(statement).length === 0)
    .filter((statement, i, all) => all.findIndex((other) => sameName(other, statement)) === i)
    .map(
      (statement) =>
        `${placeOf(module, statement)} exports ${nameOf(statement)} without a doc comment`,
    )
}

const nameOf = (node: ts.Node): string =>
  ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)
    ? (node.name?.text ?? 'default')
    : ''

const sameName = (a: ts.Node, b: ts.Node): boolean => nameOf(a) === nameOf(b)

/** Paths of somebody's machine, in any text file. */
export function machinePaths(path: string, text: string): string[] {
  const folders = ['home', 'root', 'work', 'tmp', 'Users']
  const pattern = new RegExp(`(?<![\\w.~$}/-])/(?:${folders.join('|')})/[\\w.]`)
  return text
    .split('\n')
    .flatMap((line, i) =>
      pattern.test(line) ? [`${path}:${i + 1} names a path of one machine`] : [],
    )
}

/** Paths of the repository that a page names in code marks: `src/book/ladder.ts`. */
export function namedPaths(page: string): string[] {
  const marks = [...page.matchAll(/`((?:src|test|bench|scripts|examples|docs|ui|bin)\/[^`\s*]+)`/g)]
  return marks.map((match) => match[1]!)
}

/** Compares the error codes of the source with the rows of their documentation. */
export function undocumentedCodes(codes: readonly string[], page: string): string[] {
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` *\|/gm)].map((match) => match[1]!)
  return [
    ...codes.filter((code) => !rows.includes(code)).map((code) => `docs/errors.md lacks ${code}`),
    ...rows
      .filter((row) => !codes.includes(row))
      .map((row) => `docs/errors.md tells of ${row}, which no code has`),
    ...rows
      .filter((row, i) => rows.indexOf(row) !== i)
      .map((row) => `docs/errors.md has ${row} twice`),
  ]
}
