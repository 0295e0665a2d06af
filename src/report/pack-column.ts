/** Columns as text that a page can carry. */
import { deflateRawSync } from 'node:zlib'
import type { PackedColumn } from './page-contract.ts'

const TYPES = {
  Float64Array: 'f64',
  Float32Array: 'f32',
  Int8Array: 'i8',
  Uint8Array: 'u8',
} as const

/** Returns a column in the form that {@link PackedColumn} describes. */
export function packColumn(
  column: Float64Array | Float32Array | Int8Array | Uint8Array,
): PackedColumn {
  const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
  return {
    type: TYPES[column.constructor.name as keyof typeof TYPES],
    length: column.length,
    data: deflateRawSync(regroup(bytes, column.BYTES_PER_ELEMENT)).toString('base64'),
  }
}

/** Puts bytes of equal significance side by side: neighbours in a series differ in few of them. */
function regroup(bytes: Uint8Array, width: number): Uint8Array {
  if (width === 1) return bytes
  const length = bytes.length / width
  const grouped = new Uint8Array(bytes.length)
  for (let byte = 0; byte < width; byte++) {
    const base = byte * length
    for (let i = 0; i < length; i++) grouped[base + i] = bytes[i * width + byte]!
  }
  return grouped
}
