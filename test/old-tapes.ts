/** Partition files as older versions of the layout had them, for tests of their reader. */
import { crc32, deflateRawSync } from 'node:zlib'
import { decodeChunk } from '../src/store/decode-chunk.ts'
import { encodeDelta, encodePlain, splitRuns } from '../src/store/integer-codec.kernel.ts'
import {
  COLUMN_NAMES,
  Codec,
  Encoding,
  HEADER_BYTES,
  decodeHeader,
  decodeIndex,
  encodeBlockEntry,
  encodeHeader,
  type BlockEntry,
  type ChunkEntry,
} from '../src/store/tape-format.ts'

const CHUNK_BYTES = 32
const CHUNKS_BYTES = COLUMN_NAMES.length * CHUNK_BYTES

/** A chunk of a file. */
export interface Chunk {
  readonly entry: ChunkEntry
  readonly payload: Buffer
}

/**
 * Returns a file of version 2 with the rows of one of today: prefix codes become varints, deflated.
 */
export function asVersion2(bytes: Buffer): Buffer {
  const header = decodeHeader(bytes.subarray(0, HEADER_BYTES), 'a.tape', bytes.length)
  const metadata = bytes.subarray(header.metaOffset)
  const { events } = JSON.parse(metadata.toString()) as { events: number }
  const index = bytes.subarray(header.indexOffset, header.metaOffset)
  const { blocks, seek } = decodeIndex(index, header, 'a.tape', events)
  const parts: Buffer[] = []
  const entries: Buffer[] = []
  let offset = HEADER_BYTES
  for (const block of [...blocks, ...seek]) {
    const chunks = oldChunks(bytes, block)
    entries.push(encodeBlockEntry({ ...block, offset, chunks: chunks.map(({ entry }) => entry) }))
    for (const { payload } of chunks) {
      parts.push(payload)
      offset += payload.length
    }
  }
  return whole(2, parts, Buffer.concat(entries), metadata)
}

/** Returns the chunks of a block as version 2 had them. */
export function oldChunks(bytes: Buffer, block: BlockEntry): readonly Chunk[] {
  let at = block.offset
  return block.chunks.map((entry, i) => {
    const payload = bytes.subarray(at, (at += entry.bytes))
    if (entry.codec !== Codec.Prefix) return { entry, payload }
    const values = new Float64Array(block.rows)
    const place = { file: 'a.tape', offset: at, field: COLUMN_NAMES[i]! }
    decodeChunk(payload, entry, { out: values, shift: 0 }, place)
    return asVarints(values, entry)
  })
}

function asVarints(values: Float64Array, entry: ChunkEntry): Chunk {
  const { base, encoding } = entry
  const isRuns = encoding === Encoding.RunPlain || encoding === Encoding.RunDelta
  const isSteps = encoding === Encoding.Delta || encoding === Encoding.RunDelta
  const heads = isRuns ? new Float64Array(values.length) : values
  const lengths = new Float64Array(values.length)
  const runs = isRuns ? splitRuns(values, values.length, heads, lengths) : 0
  const varints = Buffer.alloc(values.length * 16)
  const lengthBytes = encodePlain(lengths, runs, 0, varints)
  const encode = isSteps ? encodeDelta : encodePlain
  const count = isRuns ? runs : values.length
  const rawBytes = lengthBytes + encode(heads, count, base, varints.subarray(lengthBytes))
  const deflated = deflateRawSync(varints.subarray(0, rawBytes))
  const isSmaller = deflated.length < rawBytes
  const payload = isSmaller ? deflated : varints.subarray(0, rawBytes)
  const codec = isSmaller ? Codec.Deflate : Codec.Stored
  const checksum = crc32(payload)
  const { length: bytes } = payload
  return { entry: { ...entry, codec, bytes, rawBytes, lengthBytes, checksum }, payload }
}

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
  return whole(
    1,
    [bytes.subarray(HEADER_BYTES, indexAt)],
    Buffer.concat(entries),
    bytes.subarray(metaAt),
  )
}

function whole(version: number, blocks: readonly Buffer[], index: Buffer, meta: Buffer): Buffer {
  const indexOffset = HEADER_BYTES + blocks.reduce((sum, { length }) => sum + length, 0)
  const metaOffset = indexOffset + index.length
  const header = encodeHeader({
    version,
    indexOffset,
    indexBytes: index.length,
    indexChecksum: crc32(index),
    metaOffset,
    metaBytes: meta.length,
    metaChecksum: crc32(meta),
    fileBytes: metaOffset + meta.length,
  })
  return Buffer.concat([header, ...blocks, index, meta])
}
