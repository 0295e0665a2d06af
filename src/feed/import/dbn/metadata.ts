/** The metadata in front of the records of a DBN file. */
import { DataError } from '../../../core/index.ts'
import { PRELUDE_BYTES, VERSION_MAX } from './layout.ts'

/** Which instrument ids a symbol had, as far as a reader needs it. */
export interface SymbolMapping {
  /** What was asked for, such as `ESH4` or `ES.c.0`. */
  readonly symbol: string
  /** What it stood for in each of its intervals. */
  readonly targets: readonly string[]
}

/** What the metadata say. */
export interface DbnMetadata {
  readonly version: number
  /** Such as `GLBX.MDP3`. */
  readonly dataset: string
  readonly mappings: readonly SymbolMapping[]
}

/** Metadata longer than this are no file's: room for 100,000 symbols with ten intervals each. */
export const METADATA_BYTES_MAX = 128 << 20

const DATASET_BYTES = 16
const VERSION_1 = { symbolBytes: 22, reservedBytes: 47 }
const RESERVED_BYTES = 53
const SYMBOL_BYTES_MAX = 1024

/**
 * Returns version and length of the metadata from the first eight bytes of a file.
 *
 * @throws DataError BAD_FIELD, UNSUPPORTED or OUT_OF_RANGE
 */
export function readPrelude(
  bytes: Uint8Array,
  file: string,
): { readonly version: number; readonly length: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < PRELUDE_BYTES || latin1(bytes, 0, 3) !== 'DBN') {
    throw new DataError('BAD_FIELD', 'the file does not begin with "DBN", as DBN files do', {
      file,
      offset: 0,
    })
  }
  const version = view.getUint8(3)
  if (version < 1 || version > VERSION_MAX) {
    throw new DataError('UNSUPPORTED', `DBN version ${version}; versions 1 to 3 are read`, {
      file,
      offset: 3,
      field: 'version',
      value: version,
    })
  }
  const length = view.getUint32(4, true)
  if (length > METADATA_BYTES_MAX) {
    throw new DataError(
      'OUT_OF_RANGE',
      `metadata of ${length} bytes, expected ${METADATA_BYTES_MAX} at most`,
      { file, offset: 4, field: 'metadata length', value: length },
    )
  }
  return { version, length }
}

/**
 * Reads the metadata.
 *
 * @param bytes what stands behind the first eight bytes, as long as those say
 * @throws DataError BAD_FIELD naming the offset where they make no sense
 */
export function readMetadata(bytes: Uint8Array, version: number, file: string): DbnMetadata {
  return new MetadataReader(bytes, version, file).read()
}

class MetadataReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #version: number
  readonly #file: string
  #symbolBytes = VERSION_1.symbolBytes
  #at = 0

  constructor(bytes: Uint8Array, version: number, file: string) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#version = version
    this.#file = file
  }

  read(): DbnMetadata {
    const isFirst = this.#version === 1
    const dataset = this.#text(DATASET_BYTES, 'dataset')
    // Schema, start, end, limit; version 1 also has a count of records.
    this.#skip(2 + 8 + 8 + 8 + (isFirst ? 8 : 0))
    // Kinds of symbols asked for and given, and whether records end with a time of sending.
    this.#skip(3)
    if (!isFirst) this.#symbolBytes = this.#symbolLength()
    this.#skip(isFirst ? VERSION_1.reservedBytes : RESERVED_BYTES)
    const definitions = this.#count('schema definition length')
    this.#skip(definitions)
    for (const list of ['symbols', 'partial', 'not found']) {
      this.#skip(this.#count(list) * this.#symbolBytes)
    }
    return { version: this.#version, dataset, mappings: this.#mappings() }
  }

  #symbolLength(): number {
    this.#need(2, 'symbol length')
    const length = this.#view.getUint16(this.#at, true)
    if (length < 1 || length > SYMBOL_BYTES_MAX) {
      throw this.#bad(
        `symbols of ${length} bytes, expected 1 to ${SYMBOL_BYTES_MAX}`,
        'symbol length',
      )
    }
    this.#at += 2
    return length
  }

  #mappings(): SymbolMapping[] {
    const mappings: SymbolMapping[] = []
    const count = this.#count('mappings')
    for (let i = 0; i < count; i++) {
      const symbol = this.#text(this.#symbolBytes, 'mapping')
      const intervals = this.#count('mapping intervals')
      const targets: string[] = []
      for (let j = 0; j < intervals; j++) {
        this.#skip(8)
        targets.push(this.#text(this.#symbolBytes, 'mapping interval'))
      }
      mappings.push({ symbol, targets })
    }
    return mappings
  }

  #count(field: string): number {
    this.#need(4, field)
    const count = this.#view.getUint32(this.#at, true)
    // Every counted thing takes a byte at least.
    if (count > this.#bytes.length - this.#at) {
      throw this.#bad(`a count of ${count} in metadata of ${this.#bytes.length} bytes`, field)
    }
    this.#at += 4
    return count
  }

  #text(length: number, field: string): string {
    this.#need(length, field)
    const text = latin1(this.#bytes, this.#at, this.#at + length)
    this.#at += length
    return text
  }

  #skip(length: number): void {
    this.#need(length, 'metadata')
    this.#at += length
  }

  #need(length: number, field: string): void {
    if (this.#at + length > this.#bytes.length) {
      throw this.#bad(`the metadata of ${this.#bytes.length} bytes end inside it`, field)
    }
  }

  #bad(message: string, field: string): DataError {
    return new DataError('BAD_FIELD', message, {
      file: this.#file,
      offset: PRELUDE_BYTES + this.#at,
      field,
    })
  }
}

/** Returns the text in bytes [from, to) up to its first NUL. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
  const end = text.indexOf('\0')
  return end < 0 ? text : text.slice(0, end)
}
