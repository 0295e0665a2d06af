/**
 * Lets Node load a user's own TypeScript files, and lets them import `lobtrader` from anywhere.
 *
 * A strategy file may lie in a folder without `node_modules`, beside another copy of the package,
 * or in a project that pins another version; its `import ... from 'lobtrader'` must still mean the
 * engine that runs it, or `instanceof Strategy` and the shared state behind it would split in two.
 *
 * Node calls `resolve` and `load` for each module, on a thread of its own before Node 22.15.
 */
import { readFileSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'
import { TypeScriptFault, stripTypes } from './type-stripper.ts'

const PACKAGE = new URL('../../package.json', import.meta.url)
const TYPESCRIPT = /\.m?ts$/

/** Marks the message of a syntax fault, which is all that survives the way between threads. */
export const FAULT_MARK = 'LOBTRADER_SYNTAX_FAULT '

interface ResolveContext {
  readonly parentURL?: string | undefined
}
interface Resolved {
  readonly url: string
  readonly format?: string | null | undefined
  readonly shortCircuit?: boolean | undefined
}
interface Loaded {
  readonly format: string
  readonly source: string
  readonly shortCircuit: boolean
}

let exportsOfPackage: Readonly<Record<string, string>> | undefined

/** Returns the URL of our own module behind `lobtrader` or `lobtrader/part`. */
export function ownModule(specifier: string): string | undefined {
  const match = /^lobtrader(\/.+)?$/.exec(specifier)
  if (match === null) return undefined
  exportsOfPackage ??= (
    JSON.parse(readFileSync(PACKAGE, 'utf8')) as { exports: Readonly<Record<string, string>> }
  ).exports
  const target = exportsOfPackage[`.${match[1] ?? ''}`]
  return target === undefined ? undefined : new URL(target, PACKAGE).href
}

/** Other spellings under which TypeScript projects import a file: without or with `.js`. */
function otherSpellings(specifier: string, parent: string | undefined): string[] {
  if (!specifier.startsWith('.') || parent === undefined || !TYPESCRIPT.test(parent)) return []
  if (/\.m?js$/.test(specifier)) return [specifier.replace(/js$/, 'ts')]
  return /\.\w+$/.test(specifier) ? [] : [`${specifier}.ts`, `${specifier}/index.ts`]
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'ERR_UNSUPPORTED_DIR_IMPORT')

/** Node's `resolve` hook. */
export async function resolve(
  specifier: string,
  context: ResolveContext,
  next: (specifier: string, context: ResolveContext) => Promise<Resolved>,
): Promise<Resolved> {
  const own = ownModule(specifier)
  if (own !== undefined) return { url: own, format: 'module', shortCircuit: true }
  try {
    return await next(specifier, context)
  } catch (error) {
    if (!isAbsent(error)) throw error
    for (const spelling of otherSpellings(specifier, context.parentURL)) {
      try {
        return await next(spelling, context)
      } catch (second) {
        if (!isAbsent(second)) throw second
      }
    }
    throw error
  }
}

/** Node's `load` hook. */
export async function load<Context>(
  url: string,
  context: Context,
  next: (url: string, context: Context) => Promise<unknown>,
): Promise<unknown> {
  return isOwnTypeScript(url) ? loadTypeScript(url) : await next(url, context)
}

const isOwnTypeScript = (url: string): boolean =>
  url.startsWith('file:') && TYPESCRIPT.test(url) && !url.includes('/node_modules/')

function loadTypeScript(url: string): Loaded {
  const file = fileURLToPath(url)
  try {
    const source = stripTypes(readFileSync(file, 'utf8'), file)
    return { format: 'module', source, shortCircuit: true }
  } catch (error) {
    if (!(error instanceof TypeScriptFault)) throw error
    throw new SyntaxError(FAULT_MARK + JSON.stringify({ file, ...error.fault }), { cause: error })
  }
}

let isRegistered = false

/** Registers the hooks in this process, once. */
export function registerModuleHooks(): void {
  if (isRegistered) return
  isRegistered = true
  nodeModule.register(import.meta.url)
}
