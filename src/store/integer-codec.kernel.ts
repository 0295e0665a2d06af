/**
 * Integers to bytes and back: little-endian base-128 varints, plain or as zigzag differences.
 *
 * Event columns are long runs of one value (a message has one time and many levels) or small
 * steps; runs and varints take most of them away before the compressor sees a byte.
 * Decoders never trust their input: they return -1 instead of reading or writing out of bounds.
 */
import { assert } from '../core/index.ts'

/** Typed arrays that hold a column of integers. */
export type IntegerColumn = Float64Array | Int32Array | Uint8Array

/** Most bytes that one varint takes: 2^53 in steps of seven bits. */
export const VARINT_BYTES_MAX = 8

/** What one pass over a column says about the ways to write it. */
export interface ColumnMeasure {
  readonly min: number
  readonly max: number
  /** Maximal stretches of equal values. */
  readonly runs: number
  /** Varint bytes of the values less `min`, one a run. */
  readonly plainBytes: number
  /** Varint bytes of the zigzag differences, one a run. */
  readonly deltaBytes: number
}

/** Returns the bytes that the varint of an integer in [0, 2^53) takes. */
export function varintSize(value: number): number {
  // For every count of bits to 38, times 37 over 256 is a seventh.
  if (value < 0x100000000) return ((38 - Math.clz32(value | 1)) * 37) >> 8
  let size = 5
  let limit = 0x800000000
  while (value >= limit) {
    size++
    limit *= 128
  }
  return size
}

/** Maps ..., -2, -1, 0, 1, 2, ... to 3, 1, 0, 2, 4, ...; |value| < 2^52. */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}

/**
 * Measures a column by the values of its runs, `heads[0, runs)`; sizes are counted once a run, which
 * is also right for a column without runs, as then nearly every row is one.
 */
export function measureRuns(heads: Float64Array, runs: number): ColumnMeasure {
  assert(runs > 0 && runs <= heads.length, '0 < runs <= length')
  let previous = heads[0]!
  let min = previous
  let max = previous
  let deltaBytes = 1
  for (let i = 1; i < runs; i++) {
    const value = heads[i]!
    deltaBytes += varintSize(zigzag(value - previous))
    previous = value
    if (value < min) min = value
    if (value > max) max = value
  }
  let plainBytes = 0
  for (let i = 0; i < runs; i++) plainBytes += varintSize(heads[i]! - min)
  return { min, max, runs, plainBytes, deltaBytes }
}

/** Writes one varint at `at` and returns the place behind it. */
export function putVarint(out: Uint8Array, at: number, value: number): number {
  let rest = value
  while (rest >= 0x80000000) {
    const higher = Math.floor(rest / 128)
    out[at++] = (rest - higher * 128) | 128
    rest = higher
  }
  while (rest >= 128) {
    out[at++] = (rest & 127) | 128
    rest >>>= 7
  }
  out[at++] = rest
  return at
}

/** Writes `values[0, rows)` less `base`, one varint a row; returns the end. */
export function encodePlain(
  values: IntegerColumn,
  rows: number,
  base: number,
  out: Uint8Array,
): number {
  let at = 0
  for (let i = 0; i < rows; i++) at = putVarint(out, at, values[i]! - base)
  return at
}

/** Writes the zigzag differences of `values[0, rows)`, the first from `base`; returns the end. */
export function encodeDelta(
  values: IntegerColumn,
  rows: number,
  base: number,
  out: Uint8Array,
): number {
  let at = 0
  let previous = base
  for (let i = 0; i < rows; i++) {
    const value = values[i]!
    at = putVarint(out, at, zigzag(value - previous))
    previous = value
  }
  return at
}

/**
 * Copies the first value of each run of `values[0, rows)` to `heads`, and its length less one to
 * `lengths`; returns how many there are.
 */
export function splitRuns(
  values: Float64Array,
  rows: number,
  heads: Float64Array,
  lengths: Float64Array,
): number {
  assert(rows > 0 && rows <= values.length, '0 < rows <= length')
  assert(rows <= heads.length && rows <= lengths.length, 'each row may be a run')
  let count = 0
  let start = 0
  let previous = values[0]!
  for (let i = 1; i < rows; i++) {
    const value = values[i]!
    if (value === previous) continue
    heads[count] = previous
    lengths[count++] = i - start - 1
    start = i
    previous = value
  }
  heads[count] = previous
  lengths[count++] = rows - start - 1
  return count
}

/** Copies `values[0, rows)` less `base` to `out`. */
export function subtractBase(
  values: IntegerColumn,
  rows: number,
  base: number,
  out: Float64Array,
): void {
  for (let i = 0; i < rows; i++) out[i] = values[i]! - base
}

/** Writes the zigzag differences of `values[0, rows)` to `out`, the first from `base`. */
export function zigzagSteps(
  values: IntegerColumn,
  rows: number,
  base: number,
  out: Float64Array,
): void {
  let previous = base
  for (let i = 0; i < rows; i++) {
    const value = values[i]!
    out[i] = zigzag(value - previous)
    previous = value
  }
}

let taken = 0

/** Value of the varint that {@link takeVarint} read last. */
export function takenValue(): number {
  return taken
}

/** Reads one varint of any length; returns the place behind it, or -1 when the bytes end before. */
export function takeVarint(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1
  let byte = bytes[at++]!
  let value = byte & 127
  for (let scale = 128; byte >= 128 && scale <= 0x2000000000000; scale *= 128) {
    if (at >= end) return -1
    byte = bytes[at++]!
    value += (byte & 127) * scale
  }
  taken = value
  return at
}

/** Returns the difference of a zigzag number that may need more than 32 bits. */
function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

/**
 * Reads `rows` varints from `bytes[at, end)` into `out`, each plus `base`.
 *
 * Up to three bytes are put together without a branch: how long a size or a step is, no processor
 * can foretell.
 *
 * @returns the place behind the last one, or -1 when the bytes end before
 */
export function decodePlain(
  bytes: Uint8Array,
  at: number,
  end: number,
  base: number,
  out: Float64Array,
  rows: number,
): number {
  assert(rows <= out.length && end <= bytes.length, 'rows and end lie inside their arrays')
  for (let i = 0; i < rows; i++) {
    if (at + 3 <= end) {
      const b0 = bytes[at]!
      const b1 = bytes[at + 1]!
      const b2 = bytes[at + 2]!
      const second = b0 >> 7
      const third = second & (b1 >> 7)
      if ((third & (b2 >> 7)) === 0) {
        at += 1 + second + third
        out[i] = base + ((b0 & 127) | (((b1 & 127) << 7) & -second) | ((b2 << 14) & -third))
        continue
      }
    }
    at = takeVarint(bytes, at, end)
    if (at < 0) return -1
    out[i] = base + taken
  }
  return at
}

/**
 * Reads `rows` zigzag differences from `bytes[at, end)`; `out` gets their running sum from `base`.
 *
 * @returns the place behind the last one, or -1 when the bytes end before
 */
export function decodeDelta(
  bytes: Uint8Array,
  at: number,
  end: number,
  base: number,
  out: Float64Array,
  rows: number,
): number {
  assert(rows <= out.length && end <= bytes.length, 'rows and end lie inside their arrays')
  let sum = base
  for (let i = 0; i < rows; i++) {
    if (at + 3 <= end) {
      const b0 = bytes[at]!
      const b1 = bytes[at + 1]!
      const b2 = bytes[at + 2]!
      const second = b0 >> 7
      const third = second & (b1 >> 7)
      if ((third & (b2 >> 7)) === 0) {
        at += 1 + second + third
        const value = (b0 & 127) | (((b1 & 127) << 7) & -second) | ((b2 << 14) & -third)
        sum += (value >>> 1) ^ -(value & 1)
        out[i] = sum
        continue
      }
    }
    // Steps of time take more bytes for the most part.
    let value = 0
    let scale = 1
    let byte = 128
    while (byte >= 128 && scale <= 0x2000000000000) {
      if (at >= end) return -1
      byte = bytes[at++]!
      value += (byte & 127) * scale
      scale *= 128
    }
    sum += unzigzag(value)
    out[i] = sum
  }
  return at
}

/** As {@link decodeDelta}, in integers of 32 bits from end to end. */
export function decodeDelta32(
  bytes: Uint8Array,
  at: number,
  end: number,
  base: number,
  out: Int32Array,
  rows: number,
): number {
  assert(rows <= out.length && end <= bytes.length, 'rows and end lie inside their arrays')
  let sum = base | 0
  for (let i = 0; i < rows; i++) {
    if (at + 3 <= end) {
      const b0 = bytes[at]!
      const b1 = bytes[at + 1]!
      const b2 = bytes[at + 2]!
      const second = b0 >> 7
      const third = second & (b1 >> 7)
      if ((third & (b2 >> 7)) === 0) {
        at += 1 + second + third
        const value = (b0 & 127) | (((b1 & 127) << 7) & -second) | ((b2 << 14) & -third)
        sum = (sum + ((value >>> 1) ^ -(value & 1))) | 0
        out[i] = sum
        continue
      }
    }
    at = takeVarint(bytes, at, end)
    if (at < 0) return -1
    sum = (sum + unzigzag(taken)) | 0
    out[i] = sum
  }
  return at
}

/**
 * Spreads run `values` over `out[0, rows)`.
 *
 * @param lengths of the runs, less one
 * @returns whether they add up to `rows`
 */
export function spreadRuns(
  values: Float64Array,
  lengths: Float64Array,
  runs: number,
  out: Float64Array,
  rows: number,
): boolean {
  assert(rows <= out.length && runs <= lengths.length, 'rows and runs lie inside their arrays')
  let row = 0
  for (let run = 0; run < runs; run++) {
    const stop = row + lengths[run]! + 1
    if (stop > rows) return false
    const value = values[run]!
    while (row < stop) out[row++] = value
  }
  return row === rows
}

/** As {@link spreadRuns}, for a column of 8 bits. */
export function spreadRuns8(
  values: Float64Array,
  lengths: Float64Array,
  runs: number,
  out: Uint8Array,
  rows: number,
): boolean {
  assert(rows <= out.length && runs <= lengths.length, 'rows and runs lie inside their arrays')
  let row = 0
  for (let run = 0; run < runs; run++) {
    const stop = row + lengths[run]! + 1
    if (stop > rows) return false
    const value = values[run]!
    while (row < stop) out[row++] = value
  }
  return row === rows
}

/** Copies integers into a column of 32 bits; a loop of one kind of array each, which `set` is not. */
export function narrowTo32(values: Float64Array, out: Int32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = values[i]!
}

/** Copies integers into a column of 8 bits. */
export function narrowTo8(values: Float64Array, out: Uint8Array): void {
  for (let i = 0; i < out.length; i++) out[i] = values[i]!
}

/** Copies a column of 32 bits into doubles. */
export function widenFrom32(values: Int32Array, rows: number, out: Float64Array): void {
  for (let i = 0; i < rows; i++) out[i] = values[i]!
}

/** Copies a column of 8 bits into doubles. */
export function widenFrom8(values: Uint8Array, rows: number, out: Float64Array): void {
  for (let i = 0; i < rows; i++) out[i] = values[i]!
}
