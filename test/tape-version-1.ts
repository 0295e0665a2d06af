/** Partition files as version 1 of the layout had them, for tests of its reader. */
import { crc32 } from 'node:zlib'
import { COLUMN_NAMES } from '../src/store/tape-format.ts'

const CHUNK_BYTES = 32
const CHUNKS_BYTES = COLUMN_NAMES.length * CHUNK_BYTES

/**
 * Returns the bytes that version 1 wrote for the rows of a file of version 2 without a seek
 * section: blocks and metadata are the same, an index entry was 24 bytes (offset, rows, zero,
 * first local time) and the chunks.
 */
export function asVersion1(bytes: Buffer): Buffer {
  const indexAt = Number(bytes.readBigUInt64LE(16))
  const indexBytes = bytes.readUInt32LE(24)
  const metaAt = Number(bytes.readBigUInt64LE(32))
  const entries: Buffer[] = []
  for (let at = indexAt; at < indexAt + indexBytes; at += 40 + CHUNKS_BYTES) {
    const head = Buffer.alloc(24)
    bytes.copy(head, 0, at, at + 12)
    bytes.copy(head, 16, at + 16, at + 24)
    entries.push(head, bytes.subarray(at + 40, at + 40 + CHUNKS_BYTES))
  }
  const index = Buffer.concat(entries)
  const header = Buffer.from(bytes.subarray(0, 64))
  header.writeUInt32LE(1, 8)
  header.writeUInt32LE(index.length, 24)
  header.writeUInt32LE(crc32(index), 28)
  header.writeBigUInt64LE(BigInt(indexAt + index.length), 32)
  header.writeBigUInt64LE(BigInt(bytes.length - indexBytes + index.length), 48)
  header.writeUInt32LE(crc32(header.subarray(0, 60)), 60)
  return Buffer.concat([header, bytes.subarray(64, indexAt), index, bytes.subarray(metaAt)])
}
