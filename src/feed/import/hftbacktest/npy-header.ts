/**
 * Reads the header of a `.npy` file: a Python literal, which is parsed here and never evaluated.
 *
 * Source: NumPy 2 documentation, "numpy.lib.format", format versions 1.0, 2.0 and 3.0.
 */
import { StreamFault } from '../../input/stream-fault.ts'

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] // \x93NUMPY
const HEADER_BYTES_MAX = 1 << 16
const DEPTH_MAX = 8

/** A Python literal as such headers use them. */
type Literal = string | number | boolean | readonly Literal[] | ReadonlyMap<string, Literal>

/** What a header says. */
export interface NpyHeader {
  /** Where the data begin. */
  readonly dataOffset: number
  /** Fields of a record as `name:type`, or the type alone. */
  readonly fields: readonly string[]
  readonly shape: readonly number[]
}

/**
 * Returns the header at the start of `bytes`, or how many bytes are needed to read it.
 *
 * @throws StreamFault CORRUPT_FILE when it is no sound header, or the array is in Fortran order
 */
export function parseNpyHeader(bytes: Uint8Array): NpyHeader | number {
  if (bytes.length < 12) return 12
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw corrupt('it does not begin with \\x93NUMPY')
  const version = bytes[6]!
  if (version < 1 || version > 3) throw corrupt(`its version is ${version}, known are 1 to 3`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const start = version === 1 ? 10 : 12
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > HEADER_BYTES_MAX) throw corrupt(`its header has ${length} bytes`)
  if (bytes.length < start + length) return start + length
  const text = Buffer.from(bytes.subarray(start, start + length)).toString('latin1')
  const header = new LiteralParser(text).parse()
  if (!(header instanceof Map)) throw corrupt('its header is no dictionary')
  if (header.get('fortran_order') !== false) throw corrupt('its array is not in C order')
  return {
    dataOffset: start + length,
    fields: fieldsOf(header.get('descr')),
    shape: shapeOf(header.get('shape')),
  }
}

function fieldsOf(descr: Literal | undefined): readonly string[] {
  if (typeof descr === 'string') return [descr]
  if (!Array.isArray(descr)) throw corrupt('its header has no "descr"')
  return (descr as readonly Literal[]).map((field) => {
    const [name, type, ...rest] = Array.isArray(field) ? (field as readonly Literal[]) : []
    if (typeof name !== 'string' || typeof type !== 'string' || rest.length > 0) {
      throw corrupt('its "descr" has a field that is no (name, type)')
    }
    return `${name}:${type}`
  })
}

function shapeOf(shape: Literal | undefined): readonly number[] {
  const sizes = Array.isArray(shape) ? (shape as readonly Literal[]) : [-1]
  return sizes.map((size) => {
    if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size
    throw corrupt('its "shape" is no tuple of sizes')
  })
}

/** Strings, whole numbers, True, False, tuples, lists and dictionaries with string keys. */
class LiteralParser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  parse(): Literal {
    const value = this.#value(0)
    this.#skipBlanks()
    if (this.#at !== this.#text.length) throw corrupt('its header goes on behind its dictionary')
    return value
  }

  #value(depth: number): Literal {
    if (depth > DEPTH_MAX) throw corrupt('its header is nested too deeply')
    this.#skipBlanks()
    const c = this.#text[this.#at]
    if (c === "'" || c === '"') return this.#string(c)
    if (c === '(') return this.#items(')', depth)
    if (c === '[') return this.#items(']', depth)
    if (c === '{') return this.#dictionary(depth)
    const word = /^(?:True|False|\d{1,16})L?/.exec(this.#text.slice(this.#at, this.#at + 20))?.[0]
    if (word === undefined) throw corrupt(`its header is no literal at byte ${this.#at}`)
    this.#at += word.length
    if (word === 'True' || word === 'False') return word === 'True'
    return Number(word.replace('L', ''))
  }

  #string(quote: string): string {
    const end = this.#text.indexOf(quote, this.#at + 1)
    if (end < 0) throw corrupt('its header has a string without an end')
    const value = this.#text.slice(this.#at + 1, end)
    if (value.includes('\\')) throw corrupt('its header has an escape in a string')
    this.#at = end + 1
    return value
  }

  #items(close: string, depth: number): Literal[] {
    const items: Literal[] = []
    this.#at++
    while (!this.#takes(close)) {
      items.push(this.#value(depth + 1))
      if (!this.#takes(',') && this.#text[this.#at] !== close) {
        throw corrupt(`its header lacks a comma at byte ${this.#at}`)
      }
    }
    return items
  }

  #dictionary(depth: number): Map<string, Literal> {
    const entries = new Map<string, Literal>()
    this.#at++
    while (!this.#takes('}')) {
      const key = this.#value(depth + 1)
      if (typeof key !== 'string' || !this.#takes(':') || entries.has(key)) {
        throw corrupt(`its header has a bad key before byte ${this.#at}`)
      }
      entries.set(key, this.#value(depth + 1))
      if (!this.#takes(',') && this.#text[this.#at] !== '}') {
        throw corrupt(`its header lacks a comma at byte ${this.#at}`)
      }
    }
    return entries
  }

  #takes(char: string): boolean {
    this.#skipBlanks()
    if (this.#text[this.#at] !== char) return false
    this.#at++
    return true
  }

  #skipBlanks(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\n') this.#at++
  }
}

function corrupt(detail: string): StreamFault {
  return new StreamFault('CORRUPT_FILE', `the array file is not sound: ${detail}`)
}
