/** Turns TypeScript into JavaScript that keeps every line and column in its place. */
import { createRequire } from 'node:module'
import type { Options, TransformOutput } from '@swc/wasm-typescript'

interface Stripper {
  transformSync(source: string, options: Options): TransformOutput
}

/** A place in a source text, counting lines and columns from 1. */
export interface SourceFault {
  readonly line: number
  readonly column: number
  readonly message: string
}

/** A TypeScript file that no stripper can turn into JavaScript. */
export class TypeScriptFault extends Error {
  override name = 'TypeScriptFault'
  readonly fault: SourceFault

  constructor(fault: SourceFault) {
    super(fault.message)
    this.fault = fault
  }
}

let stripper: Stripper | undefined

/**
 * Returns JavaScript for the TypeScript text of one module.
 *
 * Types are blanked out, so that stack traces point at the lines that the user wrote; what has no
 * JavaScript twin (enums, parameter properties) is rewritten, with an inline source map.
 *
 * @throws TypeScriptFault naming line and column when the text is not TypeScript
 */
export function stripTypes(source: string, filename: string): string {
  // 3.6 MB of WebAssembly: loaded only when somebody brings a .ts file.
  stripper ??= createRequire(import.meta.url)('@swc/wasm-typescript') as Stripper
  try {
    return stripper.transformSync(source, { mode: 'strip-only', filename }).code
  } catch (error) {
    if (!isSwcFault(error) || error.code !== 'UnsupportedSyntax') throw faultOf(error)
  }
  try {
    const { code, map } = stripper.transformSync(source, {
      mode: 'transform',
      filename,
      sourceMap: true,
      transform: { verbatimModuleSyntax: true },
    })
    const encoded = Buffer.from(map ?? '').toString('base64')
    return `${code}\n//# sourceMappingURL=data:application/json;base64,${encoded}`
  } catch (error) {
    throw faultOf(error)
  }
}

interface SwcFault {
  readonly code: string
  readonly message: string
  readonly startLine: number
  readonly startColumn: number
}

function isSwcFault(error: unknown): error is SwcFault {
  return typeof error === 'object' && error !== null && 'startLine' in error && 'code' in error
}

function faultOf(error: unknown): unknown {
  if (!isSwcFault(error)) return error
  return new TypeScriptFault({
    line: error.startLine,
    column: error.startColumn + 1,
    message: error.message,
  })
}
