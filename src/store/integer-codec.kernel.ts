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
  let size = 1
  let limit = 128
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
 * Measures `values[0, rows)`; sizes are counted once a run, which is also right for a column
 * without runs, as then nearly every row is one.
 */
export function measureColumn(values: IntegerColumn, rows: number): ColumnMeasure {
  assert(rows > 0 && rows <= values.length, '0 < rows <= length')
  let min = values[0]!
  let max = min
  let previous = min
  let runs = 1
  let deltaBytes = 1
  for (let i = 1; i < rows; i++) {
    const value = values[i]!
    if (value === previous) continue
    runs++
    deltaBytes += varintSize(zigzag(value - previous))
    previous = value
    if (value < min) min = value
    if (value > max) max = value
  }
  let plainBytes = varintSize(previous - min)
  previous = values[0]!
  for (let i = 1; i < rows; i++) {
    const value = values[i]!
    if (value === previous) continue
    plainBytes += varintSize(previous - min)
    previous = value
  }
  return { min, max, runs, plainBytes, deltaBytes }
}

/** Writes one varint at `at` and returns the place behind it. */
export function putVarint(out: Uint8Array, at: number, value: number): number {
  let rest = value
  while (rest >= 0x80000000) {
    out[at++] = (rest % 128) | 128
    rest = Math.floor(rest / 128)
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

/** Writes the length less one of each run of `values[0, rows)`; returns the end. */
export function encodeRunLengths(values: IntegerColumn, rows: number, out: Uint8Array): number {
  let at = 0
  let start = 0
  for (let i = 1; i <= rows; i++) {
    if (i < rows && values[i] === values[start]) continue
    at = putVarint(out, at, i - start - 1)
    start = i
  }
  return at
}

/** Copies the first value of each run of `values[0, rows)` to `out`; returns how many there are. */
export function runValues(values: IntegerColumn, rows: number, out: Float64Array): number {
  let count = 0
  for (let i = 0; i < rows; i++) {
    if (i === 0 || values[i] !== values[i - 1]) out[count++] = values[i]!
  }
  return count
}

/**
 * Reads `rows` varints from `bytes[at, end)` into `out`, each plus `base`.
 *
 * @returns the place behind the last one, or -1 when the bytes end before
 */
export function decodePlain(
  bytes: Uint8Array,
  at: number,
  end: number,
  base: number,
  out: IntegerColumn,
  rows: number,
): number {
  assert(rows <= out.length && end <= bytes.length, 'rows and end lie inside their arrays')
  for (let i = 0; i < rows; i++) {
    if (at >= end) return -1
    let byte = bytes[at++]!
    let value = byte & 127
    if (byte >= 128) {
      if (at >= end) return -1
      byte = bytes[at++]!
      value |= (byte & 127) << 7
      for (let scale = 16384; byte >= 128 && scale <= 0x2000000000000; scale *= 128) {
        if (at >= end) return -1
        byte = bytes[at++]!
        value += (byte & 127) * scale
      }
    }
    out[i] = base + value
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
  out: IntegerColumn,
  rows: number,
): number {
  assert(rows <= out.length && end <= bytes.length, 'rows and end lie inside their arrays')
  let sum = base
  for (let i = 0; i < rows; i++) {
    if (at >= end) return -1
    let byte = bytes[at++]!
    if (byte < 128) {
      sum += (byte >>> 1) ^ -(byte & 1)
    } else {
      if (at >= end) return -1
      const odd = byte & 1
      let value = byte & 127
      byte = bytes[at++]!
      value |= (byte & 127) << 7
      if (byte < 128) {
        sum += (value >>> 1) ^ -odd
      } else {
        for (let scale = 16384; byte >= 128 && scale <= 0x2000000000000; scale *= 128) {
          if (at >= end) return -1
          byte = bytes[at++]!
          value += (byte & 127) * scale
        }
        sum += odd === 0 ? value / 2 : -(value + 1) / 2
      }
    }
    out[i] = sum
  }
  return at
}

/**
 * Spreads run `values` over `out[0, rows)`, with lengths less one as varints in `bytes[at, end)`.
 *
 * @returns the place behind the lengths, or -1 when they do not add up to `rows`
 */
export function decodeRuns(
  bytes: Uint8Array,
  at: number,
  end: number,
  values: Float64Array,
  runs: number,
  out: IntegerColumn,
  rows: number,
): number {
  assert(rows <= out.length && end <= bytes.length, 'rows and end lie inside their arrays')
  let row = 0
  for (let run = 0; run < runs; run++) {
    let length = 1
    let scale = 1
    let byte: number
    do {
      if (at >= end) return -1
      byte = bytes[at++]!
      length += (byte & 127) * scale
      scale *= 128
    } while (byte >= 128 && scale <= 0x10000000)
    const stop = row + length
    if (stop > rows) return -1
    const value = values[run]!
    while (row < stop) out[row++] = value
  }
  return row === rows ? at : -1
}

/** Copies integers into a column of 32 bits; a loop of one kind of array each, which `set` is not. */
export function narrowTo32(values: Float64Array, out: Int32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = values[i]!
}

/** Copies integers into a column of 8 bits. */
export function narrowTo8(values: Float64Array, out: Uint8Array): void {
  for (let i = 0; i < out.length; i++) out[i] = values[i]!
}
