/** One column of one block, to the bytes of a chunk. */
import { crc32, deflateRawSync } from 'node:zlib'
import {
  encodeDelta,
  encodePlain,
  measureRuns,
  splitRuns,
  subtractBase,
  widenFrom32,
  widenFrom8,
  zigzagSteps,
  type ColumnMeasure,
  type IntegerColumn,
} from './integer-codec.kernel.ts'
import { writeSection } from './prefix-code.ts'
import { BLOCK_ROWS, Codec, Encoding, chunkBytesMax, type ChunkEntry } from './tape-format.ts'

/** Spread above which a zigzag difference would need more than 53 bits. */
const SPREAD_MAX = 2 ** 52

/** Level 6: smaller levels save no time when read, larger ones 0.2 % of the bytes. */
const DEFLATE_LEVEL = 6
/** The largest tables: a tenth faster than the usual ones, and no longer. */
const DEFLATE_MEMORY = 9

/** Integers at either end of a longer list by which deflate is tried. */
const SAMPLE = 2048

/** Little memory, which takes long to set up. */
const SAMPLE_MEMORY = { windowBits: 13, memLevel: 6, chunkSize: 16_384 }

/** Bytes a row that deflate must save, as prefix codes are read several times as fast. */
const SAVED_MIN = 1 / 32

/** A chunk on its way into a file. */
export interface EncodedChunk {
  readonly entry: ChunkEntry
  readonly payload: Uint8Array
}

/** Memory that encoders of one thread share. */
class Scratch {
  /** A varint takes up to 8 bytes, a run two of them; a section is shorter, but for its head. */
  readonly varints = new Uint8Array(chunkBytesMax(BLOCK_ROWS))
  readonly sections = new Uint8Array(chunkBytesMax(BLOCK_ROWS))
  readonly heads = new Float64Array(BLOCK_ROWS)
  readonly lengths = new Float64Array(BLOCK_ROWS)
  readonly rests = new Float64Array(BLOCK_ROWS)
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
  return encodeMeasured(doubles, rows, measured(doubles, rows), false)
}

/** Splits a column into runs, which stay in the scratch memory until the next is measured. */
function measured(values: Float64Array, rows: number): ColumnMeasure {
  const { heads, lengths } = scratch()
  return measureRuns(heads, splitRuns(values, rows, heads, lengths))
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
  const { lag } = scratch()
  for (let i = 0; i < rows; i++) lag[i] = localTime[i]! - exchTime[i]!
  const ofTimes = measured(exchTime, rows)
  const ofLags = measured(lag, rows)
  const isExact = Number.isSafeInteger(ofLags.min) && Number.isSafeInteger(ofLags.max)
  return isExact && smallestSize(ofLags, rows) < smallestSize(ofTimes, rows)
    ? encodeMeasured(lag, rows, ofLags, true)
    : encodeMeasured(exchTime, rows, measured(exchTime, rows), false)
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

/** @param measure of the column that was {@link measured} last */
function encodeMeasured(
  values: Float64Array,
  rows: number,
  measure: ColumnMeasure,
  isLag: boolean,
): EncodedChunk {
  const { min, max } = measure
  if (min === max) {
    return packBytes({ encoding: Encoding.Constant, isLag, runs: 0, base: min }, new Uint8Array())
  }
  if (!(max - min < SPREAD_MAX)) {
    const doubles = values.slice(0, rows)
    const shape = { encoding: Encoding.Raw, isLag, runs: 0, base: 0 }
    return packBytes(shape, new Uint8Array(doubles.buffer))
  }
  const isSteps = measure.plainBytes > measure.deltaBytes
  const base = isSteps ? values[0]! : min
  const valueBytes = Math.min(measure.plainBytes, measure.deltaBytes)
  if (!hasRuns(measure, rows)) {
    const encoding = isSteps ? Encoding.Delta : Encoding.Plain
    const lists = [{ values, count: rows, base, isSteps }]
    return packLists({ encoding, isLag, runs: 0, base }, lists, rows, valueBytes)
  }
  const encoding = isSteps ? Encoding.RunDelta : Encoding.RunPlain
  const { heads, lengths } = scratch()
  const count = measure.runs
  const lists = [
    { values: lengths, count, base: 0, isSteps: false },
    { values: heads, count, base, isSteps },
  ]
  const varintBytes = valueBytes + count
  return packLists({ encoding, isLag, runs: count, base }, lists, rows, varintBytes)
}

type Shape = Pick<ChunkEntry, 'encoding' | 'isLag' | 'runs' | 'base'>

/** Integers that are written less a base, or as steps that begin at it. */
interface IntegerList {
  readonly values: Float64Array
  readonly count: number
  readonly base: number
  readonly isSteps: boolean
}

/** Bytes of the lists one behind the other, and how many of them the first takes if there are two. */
interface Written {
  readonly bytes: Uint8Array
  readonly lengthBytes: number
}

/**
 * Writes lists as sections of prefix codes, or as varints where deflate makes these much smaller.
 *
 * @param varintBytes what the varints take at least
 */
function packLists(
  shape: Shape,
  lists: readonly IntegerList[],
  rows: number,
  varintBytes: number,
): EncodedChunk {
  const sections = writeLists(lists, scratch().sections, putSection)
  const worth = (sections?.bytes.length ?? Number.POSITIVE_INFINITY) - rows * SAVED_MIN
  const isShort = worth < varintBytes
  if (sections === undefined || !isShort || deflatedEstimate(lists) < worth) {
    const varints = writeLists(lists, scratch().varints, putVarints)!
    const packed = packBytes(shape, varints.bytes, varints.lengthBytes)
    if (sections === undefined || packed.payload.length < worth) return packed
  }
  return pack({ ...shape, lengthBytes: sections.lengthBytes }, Codec.Prefix, {
    rawBytes: sections.bytes.length,
    payload: sections.bytes.slice(),
  })
}

function writeLists(
  lists: readonly IntegerList[],
  out: Uint8Array,
  put: (list: IntegerList, out: Uint8Array, at: number) => number,
): Written | undefined {
  let at = 0
  let lengthBytes = 0
  for (const list of lists) {
    lengthBytes = at
    at = put(list, out, at)
    if (at < 0) return undefined
  }
  return { bytes: out.subarray(0, at), lengthBytes }
}

function putVarints(list: IntegerList, out: Uint8Array, at: number): number {
  const encode = list.isSteps ? encodeDelta : encodePlain
  return at + encode(list.values, list.count, list.base, out.subarray(at))
}

function putSection(list: IntegerList, out: Uint8Array, at: number): number {
  const { rests } = scratch()
  const rest = list.isSteps ? zigzagSteps : subtractBase
  rest(list.values, list.count, list.base, rests)
  return writeSection(rests, list.count, out, at)
}

/** About how many bytes deflate would make of the varints of lists of one length. */
function deflatedEstimate(lists: readonly IntegerList[]): number {
  const { count } = lists[0]!
  if (count <= 2 * SAMPLE) return 0
  const ends = lists.flatMap((list) => [part(list, 0, SAMPLE), part(list, count - SAMPLE, count)])
  const { bytes } = writeLists(ends, scratch().varints, putVarints)!
  const { length } = deflateRawSync(bytes, { level: DEFLATE_LEVEL, ...SAMPLE_MEMORY })
  return (length / (2 * SAMPLE)) * count
}

function part({ values, base, isSteps }: IntegerList, from: number, to: number): IntegerList {
  const before = isSteps && from > 0 ? values[from - 1]! : base
  return { values: values.subarray(from, to), count: to - from, base: before, isSteps }
}

function deflate(bytes: Uint8Array): Uint8Array {
  // One piece of memory that is never full, as far as the result is of use.
  const chunkSize = Math.max(64, bytes.length + 64)
  return deflateRawSync(bytes, { level: DEFLATE_LEVEL, memLevel: DEFLATE_MEMORY, chunkSize })
}

/** Deflates bytes, unless that makes them longer. */
function packBytes(shape: Shape, raw: Uint8Array, lengthBytes = 0): EncodedChunk {
  const deflated = raw.length === 0 ? raw : deflate(raw)
  const isSmaller = deflated.length < raw.length
  const payload = isSmaller ? deflated : raw.slice()
  const codec = isSmaller ? Codec.Deflate : Codec.Stored
  return pack({ ...shape, lengthBytes }, codec, { rawBytes: raw.length, payload })
}

function pack(
  shape: Shape & Pick<ChunkEntry, 'lengthBytes'>,
  codec: Codec,
  { rawBytes, payload }: { readonly rawBytes: number; readonly payload: Uint8Array },
): EncodedChunk {
  const checksum = crc32(payload)
  return { payload, entry: { ...shape, codec, bytes: payload.length, rawBytes, checksum } }
}
