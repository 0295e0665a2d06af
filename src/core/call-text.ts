/** The small grammar of models on the command line: `name(part,key=value,...)`, nested at will. */
import { LobtraderError } from './errors.ts'

/** A model as it was written: its name and what stands between its brackets. */
export interface CallText {
  /** The whole text. */
  readonly text: string
  readonly name: string
  /** Parts without a key, in order. */
  readonly parts: readonly string[]
  /** Parts with a key, in order. */
  readonly options: ReadonlyMap<string, string>
}

/**
 * Cuts a text at commas that stand outside all brackets; the pieces are trimmed.
 *
 * @throws LobtraderError BAD_ARGUMENT when brackets do not match
 */
export function splitOutside(text: string): string[] {
  const pieces: string[] = []
  let depth = 0
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]
    if (letter === '(') depth++
    if (letter === ')' && --depth < 0) break
    if (letter !== ',' || depth > 0) continue
    pieces.push(text.slice(from, i).trim())
    from = i + 1
  }
  if (depth !== 0) {
    throw new LobtraderError('BAD_ARGUMENT', `the brackets of "${text}" do not match`, {
      value: text,
    })
  }
  return [...pieces, text.slice(from).trim()]
}

/**
 * Reads `name(...)`; undefined when the text has no brackets.
 *
 * @throws LobtraderError BAD_ARGUMENT when brackets do not match or a key comes twice
 */
export function readCall(text: string): CallText | undefined {
  const match = /^([a-z][a-z0-9-]*)\((.*)\)$/s.exec(text.trim())
  if (match === null) return undefined
  const parts: string[] = []
  const options = new Map<string, string>()
  for (const piece of splitOutside(match[2]!)) {
    const pair = /^([a-z][a-z0-9.]*)\s*=(.*)$/is.exec(piece)
    if (pair === null) {
      if (piece !== '') parts.push(piece)
    } else if (options.has(pair[1]!)) {
      throw new LobtraderError('BAD_ARGUMENT', `"${pair[1]}" comes twice in "${text}"`, {
        value: text,
      })
    } else {
      options.set(pair[1]!, pair[2]!.trim())
    }
  }
  return { text, name: match[1]!, parts, options }
}
