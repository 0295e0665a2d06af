/** The bytes of a chunk, to one column of one block. */
import { crc32, inflateRawSync } from 'node:zlib'
import { DataError, assert } from '../core/index.ts'
import { CodeMemory } from './code-memory.ts'
import {
  decodeDelta,
  decodeDelta32,
  decodePlain,
  narrowTo32,
  narrowTo8,
  spreadRuns,
  spreadRuns8,
  type IntegerColumn,
} from './integer-codec.kernel.ts'
import { BLOCK_ROWS, Codec, Encoding, type ChunkEntry } from './tape-format.ts'

/** Memory that decoders of one thread share. */
class Scratch {
  readonly heads = new Float64Array(BLOCK_ROWS)
  readonly lengths = new Float64Array(BLOCK_ROWS)
  readonly wide = new Float64Array(BLOCK_ROWS)
}

let shared: Scratch | undefined

function scratch(): Scratch {
  shared ??= new Scratch()
  return shared
}

/** Where a chunk stands, for messages. */
export interface ChunkPlace {
  readonly file: string
  readonly offset: number
  readonly field: string
}

/** Where decoded values go. */
export interface ChunkTarget {
  /** One place for each row of the block. */
  readonly out: IntegerColumn
  /** Added to every value, to move times to another epoch. */
  readonly shift: number
}

/**
 * Decodes a chunk into `target`.
 *
 * @param payload the chunk's bytes as they stand in the file
 * @throws DataError CORRUPT_FILE when checksum, length or content disagree with the entry
 */
export function decodeChunk(
  payload: Uint8Array,
  entry: ChunkEntry,
  target: ChunkTarget,
  place: ChunkPlace,
): void {
  assert(payload.length === entry.bytes, 'the payload is what the entry names')
  if (crc32(payload) !== entry.checksum) {
    throw new DataError('CORRUPT_FILE', 'the bytes do not match their checksum', { ...place })
  }
  const raw = entry.codec === Codec.Deflate ? inflate(payload, entry.rawBytes, place) : payload
  if (raw.length !== entry.rawBytes || !decodeRaw(raw, entry, target)) {
    throw new DataError('CORRUPT_FILE', `the bytes do not hold ${target.out.length} rows`, {
      ...place,
    })
  }
}

function inflate(payload: Uint8Array, rawBytes: number, place: ChunkPlace): Uint8Array {
  try {
    // One piece of memory that is never full: a second one would be asked for and joined to it.
    return inflateRawSync(payload, {
      maxOutputLength: Math.max(1, rawBytes),
      chunkSize: Math.max(64, rawBytes + 1),
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new DataError('CORRUPT_FILE', `the bytes do not decompress (${reason})`, { ...place })
  }
}

function decodeRaw(raw: Uint8Array, entry: ChunkEntry, { out, shift }: ChunkTarget): boolean {
  const base = entry.base + shift
  switch (entry.encoding) {
    case Encoding.Constant:
      out.fill(base)
      return raw.length === 0
    case Encoding.Raw:
      return entry.codec !== Codec.Prefix && copyDoubles(raw, out, shift)
    case Encoding.Plain:
      return decodeRows(raw, entry, base, false, out)
    case Encoding.Delta:
      return decodeRows(raw, entry, base, true, out)
    case Encoding.RunPlain:
      return decodeRuns(raw, entry, base, false, out)
    case Encoding.RunDelta:
      return decodeRuns(raw, entry, base, true, out)
    default:
      return false
  }
}

/** A copy, because doubles need an offset that is a multiple of eight. */
function copyDoubles(raw: Uint8Array, out: IntegerColumn, shift: number): boolean {
  if (raw.length !== out.length * 8) return false
  const doubles = new Float64Array(Uint8Array.from(raw).buffer)
  for (let i = 0; i < out.length; i++) out[i] = doubles[i]! + shift
  return true
}

/** A value or a step a row. */
function decodeRows(
  raw: Uint8Array,
  { codec }: ChunkEntry,
  base: number,
  isSteps: boolean,
  out: IntegerColumn,
): boolean {
  const rows = out.length
  const end = raw.length
  const isNarrow = isSteps && out instanceof Int32Array
  if (codec === Codec.Prefix) {
    const memory = CodeMemory.get()
    memory.load(raw)
    const section = { from: 0, to: end, count: rows, base, isSteps }
    const values = isNarrow ? memory.steps32(section) : memory.values(section)
    return values !== undefined && copyValues(values, out)
  }
  // Kernels that only ever see one kind of column need not look at each row which it is.
  if (isNarrow) return decodeDelta32(raw, 0, end, base, out, rows) === end
  const decode = isSteps ? decodeDelta : decodePlain
  if (out instanceof Float64Array) return decode(raw, 0, end, base, out, rows) === end
  const values = scratch().wide.subarray(0, rows)
  return decode(raw, 0, end, base, values, rows) === end && copyValues(values, out)
}

/** A length and a value or a step a run. */
function decodeRuns(
  raw: Uint8Array,
  { codec, lengthBytes, runs }: ChunkEntry,
  base: number,
  isSteps: boolean,
  out: IntegerColumn,
): boolean {
  const end = raw.length
  if (codec === Codec.Prefix) {
    const memory = CodeMemory.get()
    memory.load(raw)
    const heads = { from: lengthBytes, to: end, count: runs, base, isSteps }
    const isOfBytes = out instanceof Uint8Array
    const values = isOfBytes ? memory.runs8(heads, out.length) : memory.runs(heads, out.length)
    return values !== undefined && copyValues(values, out)
  }
  const { heads, lengths } = scratch()
  const decode = isSteps ? decodeDelta : decodePlain
  return (
    decodePlain(raw, 0, lengthBytes, 0, lengths, runs) === lengthBytes &&
    decode(raw, lengthBytes, end, base, heads, runs) === end &&
    spread(heads.subarray(0, runs), lengths, out)
  )
}

function spread(heads: Float64Array, lengths: Float64Array, out: IntegerColumn): boolean {
  const runs = heads.length
  const rows = out.length
  if (out instanceof Float64Array) return spreadRuns(heads, lengths, runs, out, rows)
  if (out instanceof Uint8Array) return spreadRuns8(heads, lengths, runs, out, rows)
  const values = scratch().wide.subarray(0, rows)
  return spreadRuns(heads, lengths, runs, values, rows) && copyValues(values, out)
}

function copyValues(values: IntegerColumn, out: IntegerColumn): boolean {
  if (!(values instanceof Float64Array) || out instanceof Float64Array) out.set(values)
  else if (out instanceof Int32Array) narrowTo32(values, out)
  else narrowTo8(values, out)
  return true
}
