/** Loads a strategy class from a user's own file. */
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { DataError, LobtraderError } from '../core/index.ts'
import { Strategy, type StrategyClass } from '../engine/index.ts'
import { FAULT_MARK, registerModuleHooks } from './module-hooks.ts'
import { TypeScriptFault, stripTypes, type SourceFault } from './type-stripper.ts'

const EXTENSION = /\.(?:m?ts|m?js)$/

/** True when a `--strategy` names a file and not a built-in strategy. */
export function isStrategyFile(name: string): boolean {
  return EXTENSION.test(name) || /^\.{0,2}[\\/]/.test(name)
}

/**
 * Loads a `.ts`, `.mts`, `.js` or `.mjs` file and returns its strategy: the default export, or the
 * only exported class that extends `Strategy`.
 *
 * @throws LobtraderError ABSENT_FILE, or BAD_MODULE naming file and line
 */
export async function loadStrategyFile(path: string): Promise<StrategyClass> {
  if (!EXTENSION.test(path)) {
    throw new DataError('BAD_MODULE', 'a strategy file ends in .ts, .mts, .js or .mjs', {
      file: path,
    })
  }
  if (!existsSync(path)) {
    throw new LobtraderError('ABSENT_FILE', `strategy file ${path} does not exist`, { file: path })
  }
  registerModuleHooks()
  let module: Readonly<Record<string, unknown>>
  try {
    module = (await import(pathToFileURL(realpathSync(path)).href)) as typeof module
  } catch (error) {
    throw importFault(error, path)
  }
  return chooseStrategy(module, path)
}

function chooseStrategy(module: Readonly<Record<string, unknown>>, path: string): StrategyClass {
  if (isStrategyClass(module['default'])) return module['default']
  const found = Object.entries(module).filter((entry): entry is [string, StrategyClass] =>
    isStrategyClass(entry[1]),
  )
  if (found.length === 1) return found[0]![1]
  const names = found.map(([name]) => name).join(', ')
  throw new DataError(
    'BAD_MODULE',
    found.length === 0
      ? 'exports no class that extends Strategy of lobtrader'
      : `exports several strategies (${names}); make the one to run the default export`,
    { file: path },
  )
}

function isStrategyClass(value: unknown): value is StrategyClass {
  return typeof value === 'function' && value.prototype instanceof Strategy
}

/** Returns a BAD_MODULE error that says in one sentence why a file could not be imported. */
function importFault(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof LobtraderError) return error
  const marked = error.message.indexOf(FAULT_MARK)
  if (marked >= 0) {
    const json = error.message.slice(marked + FAULT_MARK.length)
    const fault = JSON.parse(json) as SourceFault & { file: string }
    return badModule(fault.message, fault.file, fault.line)
  }
  const place = syntaxPlace(error, path) ?? userFrame(error, path)
  return badModule(sentenceOf(error), place?.file ?? path, place?.line)
}

interface Place {
  readonly file: string
  readonly line: number
}

/**
 * V8 puts `file:///strategy.js:3` in front of the stack of a syntax error, but not where Node had
 * to find out first whether the file is a module; then the stripper, which reads JavaScript too,
 * knows the line.
 */
function syntaxPlace(error: Error, path: string): Place | undefined {
  if (!(error instanceof SyntaxError)) return undefined
  const match = /^(file:\/\/\S+):(\d+)$/m.exec(error.stack ?? '')
  if (match !== null) return { file: fileURLToPath(match[1]!), line: Number(match[2]) }
  try {
    stripTypes(readFileSync(path, 'utf8'), path)
    return undefined
  } catch (fault) {
    if (!(fault instanceof TypeScriptFault)) throw fault
    return { file: path, line: fault.fault.line }
  }
}

/**
 * Returns where in a user's own file an error was thrown; undefined when it came from elsewhere.
 *
 * @param path the strategy file; files beside and below it are the user's too
 */
export function userFrame(error: Error, path: string): Place | undefined {
  const folder = new URL('.', pathToFileURL(existsSync(path) ? realpathSync(path) : resolve(path)))
    .href
  for (const line of (error.stack ?? '').split('\n')) {
    const match = /(file:\/\/[^\s)]+):(\d+):\d+\)?$/.exec(line)
    if (match === null) continue
    const isTheirs = match[1]!.startsWith(folder) && !match[1]!.includes('/node_modules/')
    return isTheirs ? { file: fileURLToPath(match[1]!), line: Number(match[2]) } : undefined
  }
  return undefined
}

function sentenceOf(error: Error): string {
  const message = error.message.split('\n')[0]!
  const absent = /^The requested module '(.+?)' does not provide an export named '(.+?)'/.exec(
    message,
  )
  if (absent !== null) {
    const [, module, name] = absent
    return `${module} exports no ${name}; if ${name} is a type, import it as "type ${name}"`
  }
  return error.name === 'Error' ? message : `${error.name}: ${message}`
}

/** Returns a BAD_MODULE error that names a file as the user would. */
export function badModule(message: string, file: string, line: number | undefined): DataError {
  const near = relative(process.cwd(), file)
  const shown = near === '' || near.startsWith('..') ? file : near
  return new DataError(
    'BAD_MODULE',
    message,
    line === undefined ? { file: shown } : { file: shown, line },
  )
}
