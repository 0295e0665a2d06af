/** One column of one block, to compressed bytes and back. */
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import { DataError, assert } from '../core/index.ts'
import {
  decodeDelta,
  decodeDelta32,
  decodePlain,
  decodeRuns,
  decodeRuns8,
  encodeDelta,
  encodePlain,
  encodeRunLengths,
  measureColumn,
  narrowTo32,
  narrowTo8,
  runValues,
  widenFrom32,
  widenFrom8,
  type ColumnMeasure,
  type IntegerColumn,
} from './integer-codec.kernel.ts'
import { BLOCK_ROWS, Codec, Encoding, chunkBytesMax, type ChunkEntry } from './tape-format.ts'

/** Spread above which a zigzag difference would need more than 53 bits. */
const SPREAD_MAX = 2 ** 52

/** Level 6: smaller levels save no time when read, larger ones 0.2 % of the bytes. */
const DEFLATE_LEVEL = 6
/** The largest tables: a tenth faster than the usual ones, and no longer. */
const DEFLATE_MEMORY = 9

/** A chunk on its way into a file. */
export interface EncodedChunk {
  readonly entry: ChunkEntry
  readonly payload: Uint8Array
}

/** Memory that encoders and decoders of one thread share. */
class Scratch {
  readonly bytes = new Uint8Array(chunkBytesMax(BLOCK_ROWS))
  readonly runs = new Float64Array(BLOCK_ROWS)
  readonly lag = new Float64Array(BLOCK_ROWS)
}

let shared: Scratch | undefined

function scratch(): Scratch {
  shared ??= new Scratch()
  return shared
}

/** Encodes rows [0, rows) of a column in the way that takes the fewest bytes. */
export function encodeChunk(values: IntegerColumn, rows: number): EncodedChunk {
  const doubles = widened(values, rows)
  return encodeMeasured(doubles, rows, measureColumn(doubles, rows), false)
}

/** Returns a column as doubles: loops that only ever see one kind of array are twice as fast. */
function widened(values: IntegerColumn, rows: number): Float64Array {
  if (values instanceof Float64Array) return values
  const { lag: doubles } = scratch()
  if (values instanceof Int32Array) widenFrom32(values, rows, doubles)
  else widenFrom8(values, rows, doubles)
  return doubles
}

/**
 * Encodes venue times as they are or as what they lag behind local time, whichever is shorter:
 * venues stamp in milliseconds, simulators and some recorders with a constant lag.
 */
export function encodeVenueTimes(
  exchTime: Float64Array,
  localTime: Float64Array,
  rows: number,
): EncodedChunk {
  const lag = scratch().lag
  for (let i = 0; i < rows; i++) lag[i] = localTime[i]! - exchTime[i]!
  const ofTimes = measureColumn(exchTime, rows)
  const ofLags = measureColumn(lag, rows)
  const isExact = Number.isSafeInteger(ofLags.min) && Number.isSafeInteger(ofLags.max)
  return isExact && smallestSize(ofLags, rows) < smallestSize(ofTimes, rows)
    ? encodeMeasured(lag, rows, ofLags, true)
    : encodeMeasured(exchTime, rows, ofTimes, false)
}

/** Bytes before compression of the best encoding. */
function smallestSize(measure: ColumnMeasure, rows: number): number {
  if (measure.min === measure.max) return 0
  if (!(measure.max - measure.min < SPREAD_MAX)) return rows * 8
  const values = Math.min(measure.plainBytes, measure.deltaBytes)
  return hasRuns(measure, rows) ? values + measure.runs : values
}

function hasRuns(measure: ColumnMeasure, rows: number): boolean {
  return measure.runs * 2 <= rows
}

function encodeMeasured(
  values: IntegerColumn,
  rows: number,
  measure: ColumnMeasure,
  isLag: boolean,
): EncodedChunk {
  const { min, max } = measure
  const entry = { isLag, runs: 0, lengthBytes: 0, base: 0 }
  if (min === max) return pack({ ...entry, encoding: Encoding.Constant, base: min }, 0)
  const { bytes, runs } = scratch()
  if (!(max - min < SPREAD_MAX)) {
    const doubles = Float64Array.from(values.subarray(0, rows))
    bytes.set(new Uint8Array(doubles.buffer))
    return pack({ ...entry, encoding: Encoding.Raw }, doubles.byteLength)
  }
  const isPlain = measure.plainBytes <= measure.deltaBytes
  const base = isPlain ? min : values[0]!
  const encode = isPlain ? encodePlain : encodeDelta
  if (!hasRuns(measure, rows)) {
    const encoding = isPlain ? Encoding.Plain : Encoding.Delta
    return pack({ ...entry, encoding, base }, encode(values, rows, base, bytes))
  }
  const encoding = isPlain ? Encoding.RunPlain : Encoding.RunDelta
  const lengthBytes = encodeRunLengths(values, rows, bytes)
  const count = runValues(values, rows, runs)
  const valueBytes = encode(runs, count, base, bytes.subarray(lengthBytes))
  return pack({ encoding, isLag, runs: count, lengthBytes, base }, lengthBytes + valueBytes)
}

type Shape = Pick<ChunkEntry, 'encoding' | 'isLag' | 'runs' | 'lengthBytes' | 'base'>

/** Compresses the first `rawBytes` of the scratch bytes, unless that makes them longer. */
function pack(shape: Shape, rawBytes: number): EncodedChunk {
  const raw = scratch().bytes.subarray(0, rawBytes)
  const deflated = rawBytes === 0 ? raw : deflate(raw)
  const isSmaller = deflated.length < rawBytes
  const payload = isSmaller ? deflated : raw.slice()
  const codec = isSmaller ? Codec.Deflate : Codec.Stored
  const checksum = crc32(payload)
  return { payload, entry: { ...shape, codec, bytes: payload.length, rawBytes, checksum } }
}

function deflate(raw: Uint8Array): Uint8Array {
  // One piece of memory that is never full, as far as the result is of use.
  const chunkSize = Math.max(64, raw.length + 64)
  return deflateRawSync(raw, { level: DEFLATE_LEVEL, memLevel: DEFLATE_MEMORY, chunkSize })
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
  const raw = entry.codec === Codec.Stored ? payload : inflate(payload, entry.rawBytes, place)
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
  if (entry.encoding === Encoding.Constant) {
    out.fill(base)
    return raw.length === 0
  }
  if (entry.encoding === Encoding.Raw) return copyDoubles(raw, out, shift)
  // Kernels that only ever see one kind of column need not look at each row which it is.
  if (out instanceof Float64Array) return decodeIntegers(raw, entry, base, out)
  if (out instanceof Int32Array && entry.encoding === Encoding.Delta) {
    return decodeDelta32(raw, 0, raw.length, base, out, out.length) === raw.length
  }
  const isOfRuns = entry.encoding === Encoding.RunPlain || entry.encoding === Encoding.RunDelta
  if (out instanceof Uint8Array && isOfRuns) {
    const { lengthBytes, runs } = entry
    const heads = scratch().runs
    return (
      decodeHeads(raw, entry, base, heads) &&
      decodeRuns8(raw, 0, lengthBytes, heads, runs, out, out.length) === lengthBytes
    )
  }
  const values = scratch().lag.subarray(0, out.length)
  if (!decodeIntegers(raw, entry, base, values)) return false
  if (out instanceof Int32Array) narrowTo32(values, out)
  else narrowTo8(values, out)
  return true
}

/** A copy, because doubles need an offset that is a multiple of eight. */
function copyDoubles(raw: Uint8Array, out: IntegerColumn, shift: number): boolean {
  if (raw.length !== out.length * 8) return false
  const doubles = new Float64Array(Uint8Array.from(raw).buffer)
  for (let i = 0; i < out.length; i++) out[i] = doubles[i]! + shift
  return true
}

function decodeIntegers(
  raw: Uint8Array,
  entry: ChunkEntry,
  base: number,
  out: Float64Array,
): boolean {
  const { encoding, lengthBytes, runs } = entry
  const rows = out.length
  const end = raw.length
  switch (encoding) {
    case Encoding.Plain:
      return decodePlain(raw, 0, end, base, out, rows) === end
    case Encoding.Delta:
      return decodeDelta(raw, 0, end, base, out, rows) === end
    case Encoding.RunPlain:
    case Encoding.RunDelta: {
      const heads = scratch().runs
      return (
        decodeHeads(raw, entry, base, heads) &&
        decodeRuns(raw, 0, lengthBytes, heads, runs, out, rows) === lengthBytes
      )
    }
    default:
      return false
  }
}

/** Decodes the value of each run, which stand behind the lengths. */
function decodeHeads(
  raw: Uint8Array,
  { encoding, lengthBytes, runs }: ChunkEntry,
  base: number,
  heads: Float64Array,
): boolean {
  const decode = encoding === Encoding.RunPlain ? decodePlain : decodeDelta
  return decode(raw, lengthBytes, raw.length, base, heads, runs) === raw.length
}
