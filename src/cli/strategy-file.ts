/** Loads a strategy class from a user's own file. */
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { DataError, LobtraderError, type ErrorCode } from '../core/index.ts'
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
    return placed('BAD_MODULE', fault.message, fault)
  }
  const place = syntaxPlace(error, path) ?? userFrame(error, path)
  return placed('BAD_MODULE', sentenceOf(error), place ?? { file: path })
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
  const [frame] = framesOf(error)
  return frame === undefined ? undefined : ownPlace(frame, path)
}

/** Returns the line of a user's own file that called what threw an error in the end. */
export function userCall(error: Error, path: string): Place | undefined {
  for (const frame of framesOf(error)) {
    const place = ownPlace(frame, path)
    if (place !== undefined) return place
  }
  return undefined
}

interface Frame {
  readonly url: string
  readonly line: number
}

/** The frames of a stack that lie in files, innermost first. */
function framesOf(error: Error): Frame[] {
  return (error.stack ?? '').split('\n').flatMap((line) => {
    const match = /(file:\/\/[^\s)]+):(\d+):\d+\)?$/.exec(line)
    return match === null ? [] : [{ url: match[1]!, line: Number(match[2]) }]
  })
}

function ownPlace({ url, line }: Frame, path: string): Place | undefined {
  const file = existsSync(path) ? realpathSync(path) : resolve(path)
  const isOwn = url.startsWith(new URL('.', pathToFileURL(file)).href)
  return isOwn && !url.includes('/node_modules/') ? { file: fileURLToPath(url), line } : undefined
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

/** Returns an error at a place, whose file is named as the user would. */
export function placed(
  code: ErrorCode,
  message: string,
  { file, line }: { readonly file: string; readonly line?: number | undefined },
): DataError {
  const near = relative(process.cwd(), file)
  const shown = near === '' || near.startsWith('..') ? file : near
  return new DataError(code, message, line === undefined ? { file: shown } : { file: shown, line })
}
