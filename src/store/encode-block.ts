/** One block of rows, to the bytes that stand for it in a partition file. */
import type { EventColumns } from '../market/index.ts'
import { encodeChunk, encodeVenueTimes } from './encode-chunk.ts'
import { spanOf, type Span } from './row-check.kernel.ts'
import {
  COLUMN_NAMES,
  SCHEMA_VERSION,
  decodeBlockEntry,
  encodeBlockEntry,
  indexBlockBytes,
  type BlockEntry,
} from './tape-format.ts'

const ENTRY_BYTES = indexBlockBytes(SCHEMA_VERSION)

/** An encoded block. */
export interface EncodedBlock {
  /** Its entry in the index, but for where it stands and what it stands before. */
  readonly entry: Omit<BlockEntry, 'offset' | 'before'>
  /** Its chunks, one behind the other. */
  readonly payload: Uint8Array
}

/** Encodes the rows of a block, 1 to BLOCK_ROWS of them. */
export function encodeBlock(block: EventColumns): EncodedBlock {
  const chunks = COLUMN_NAMES.map((name) =>
    name === 'exchTime'
      ? encodeVenueTimes(block.exchTime, block.localTime, block.length)
      : encodeChunk(block[name], block.length),
  )
  const exch: Span = { min: 0, max: 0 }
  spanOf(block.exchTime, block.length, exch)
  return {
    entry: {
      rows: block.length,
      firstTime: block.localTime[0]!,
      exchMin: exch.min,
      exchMax: exch.max,
      chunks: chunks.map((chunk) => chunk.entry),
    },
    payload: Buffer.concat(chunks.map((chunk) => chunk.payload)),
  }
}

/** Copies an encoded block into memory that threads share; false where it does not fit. */
export function putEncoded({ entry, payload }: EncodedBlock, bytes: Uint8Array): boolean {
  if (ENTRY_BYTES + payload.length > bytes.length) return false
  bytes.set(encodeBlockEntry({ ...entry, offset: 0, before: undefined }))
  bytes.set(payload, ENTRY_BYTES)
  return true
}

/** Returns the block that {@link putEncoded} left; its payload is a view of `bytes`. */
export function takeEncoded(bytes: Uint8Array): EncodedBlock {
  const index = Buffer.from(bytes.slice(0, ENTRY_BYTES))
  const { rows, firstTime, exchMin, exchMax, chunks } = decodeBlockEntry(index, 0, SCHEMA_VERSION)
  const length = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0)
  return {
    entry: { rows, firstTime, exchMin, exchMax, chunks },
    payload: bytes.subarray(ENTRY_BYTES, ENTRY_BYTES + length),
  }
}
