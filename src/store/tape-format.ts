/**
 * The bytes of a partition file (`.tape`), schema version 3. All numbers are little-endian.
 *
 * ```
 * header  64 bytes: magic, version, where index and metadata stand, their checksums, its own
 * blocks  for each up to 65,536 rows, seven column chunks one behind the other
 * seek    blocks of the same form whose rows make the book as it stood before a block of rows
 * index   for each block of both 40 bytes (offset, rows, what it is, first local time, least and
 *         greatest venue time) and seven entries of 32 bytes (see ChunkEntry)
 * meta    JSON: what the partition is, its instrument, rows, time span, digest
 * ```
 * Version 2 has no chunks of prefix codes (see `prefix-code.ts`). Version 1 has no seek blocks
 * either, and 24 bytes (offset, rows, first local time) in place of the 40.
 *
 * A file is written front to back and its header last, so that one that was cut short has none.
 * Nothing that a file claims is believed before its checksum and its bounds are.
 */
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { DataError } from '../core/index.ts'
import { instrumentSchema } from '../market/index.ts'

/** First eight bytes of every partition file. */
const MAGIC = Buffer.from([0x4c, 0x4f, 0x42, 0x54, 0x41, 0x50, 0x45, 0x1a])

/** Version of the layout that this code writes. */
export const SCHEMA_VERSION = 3

/** The oldest version that it reads. */
const SCHEMA_VERSION_MIN = 1

/** Bytes of the header. */
export const HEADER_BYTES = 64

/** Rows of every block but the last of a partition. */
export const BLOCK_ROWS = 65_536

/** Most rows of one partition: `exchOrder` is an Int32Array. */
export const PARTITION_ROWS_MAX = 2 ** 31 - 1

/** Columns in the order of their chunks; a column may refer to `localTime` before it. */
export const COLUMN_NAMES = [
  'localTime',
  'exchTime',
  'code',
  'tick',
  'lots',
  'orderRef',
  'seq',
] as const

/** One of {@link COLUMN_NAMES}. */
export type ColumnName = (typeof COLUMN_NAMES)[number]

/** How the integers of a chunk became bytes; of Codec.Prefix, sections in place of varints. */
export const Encoding = {
  /** Every row is `base`; no bytes. */
  Constant: 0,
  /** A varint of value - base a row. */
  Plain: 1,
  /** A varint of the zigzag difference a row, the first from base. */
  Delta: 2,
  /** Run lengths less one, then the run values as in Plain. */
  RunPlain: 3,
  /** Run lengths less one, then the run values as in Delta. */
  RunDelta: 4,
  /** Doubles as they are, for values too far apart for a difference. */
  Raw: 5,
} as const

/** One of {@link Encoding}. */
export type Encoding = (typeof Encoding)[keyof typeof Encoding]

/** How the bytes of a chunk were compressed. */
export const Codec = {
  /** Not at all. */
  Stored: 0,
  /** DEFLATE (RFC 1951) without a wrapper. */
  Deflate: 1,
  /** A section of prefix codes for each list of integers; there is nothing to decompress. */
  Prefix: 2,
} as const

/** One of {@link Codec}. */
export type Codec = (typeof Codec)[keyof typeof Codec]

/** One column of one block, as its index entry tells it. */
export interface ChunkEntry {
  readonly encoding: Encoding
  readonly codec: Codec
  /** The values stand for `localTime - value`. */
  readonly isLag: boolean
  /** Runs, where the encoding has them. */
  readonly runs: number
  /** Bytes in the file. */
  readonly bytes: number
  /** Bytes after decompression. */
  readonly rawBytes: number
  /** Of those, bytes of the run lengths. */
  readonly lengthBytes: number
  /** CRC-32 of the bytes in the file. */
  readonly checksum: number
  readonly base: number
}

/** One block: where it stands and its seven chunks. */
export interface BlockEntry {
  readonly offset: number
  readonly rows: number
  /** Local time of its first row, ns since the partition's epoch: what a seek looks for. */
  readonly firstTime: number
  /** Least venue time, ns since the partition's epoch; NaN in version 1, which does not tell. */
  readonly exchMin: number
  /** Greatest venue time; NaN in version 1. */
  readonly exchMax: number
  /** On a block of the seek section: the number of the block whose book it makes. */
  readonly before: number | undefined
  readonly chunks: readonly ChunkEntry[]
}

const ENTRY_BYTES = 32
/** Stands for no {@link BlockEntry.before}. */
const IS_ROWS = 0xffffffff

/** Bytes of the index for one block, by schema version. */
export function indexBlockBytes(version: number): number {
  return blockBytes(version) + COLUMN_NAMES.length * ENTRY_BYTES
}

function blockBytes(version: number): number {
  return version === 1 ? 24 : 40
}

const LAG_FLAG = 1

/** Where the parts of a file stand. */
export interface TapeHeader {
  readonly version: number
  readonly indexOffset: number
  readonly indexBytes: number
  readonly indexChecksum: number
  readonly metaOffset: number
  readonly metaBytes: number
  readonly metaChecksum: number
  readonly fileBytes: number
}

const unixNs = z.string().regex(/^-?\d{1,19}$/)

/** The metadata of a partition. */
export const tapeMetaSchema = z.strictObject({
  venue: z.string(),
  symbol: z.string(),
  day: z.string(),
  kind: z.string(),
  events: z.int().min(1).max(PARTITION_ROWS_MAX),
  epochNs: unixNs,
  fromNs: unixNs,
  toNs: unixNs,
  /** False where rows must be put into the order of venue time for the exchange side. */
  isVenueOrdered: z.boolean(),
  /** True where the book can only be built from the day before. */
  isContinued: z.boolean(),
  digest: z.string().regex(/^[0-9a-f]{32}$/),
  columns: z.array(z.string()),
  instrument: instrumentSchema,
})

/** See {@link tapeMetaSchema}. */
export type TapeMeta = z.output<typeof tapeMetaSchema>

/** Returns the 64 bytes of a header. */
export function encodeHeader(header: TapeHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(bytes)
  bytes.writeUInt32LE(header.version, 8)
  bytes.writeUInt32LE(HEADER_BYTES, 12)
  bytes.writeBigUInt64LE(BigInt(header.indexOffset), 16)
  bytes.writeUInt32LE(header.indexBytes, 24)
  bytes.writeUInt32LE(header.indexChecksum, 28)
  bytes.writeBigUInt64LE(BigInt(header.metaOffset), 32)
  bytes.writeUInt32LE(header.metaBytes, 40)
  bytes.writeUInt32LE(header.metaChecksum, 44)
  bytes.writeBigUInt64LE(BigInt(header.fileBytes), 48)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60)
  return bytes
}

/**
 * Reads a header and holds every claim in it against the size of the file.
 *
 * @param bytes the first bytes of the file, at most 64
 * @throws DataError CORRUPT_FILE, TRUNCATED_FILE or UNSUPPORTED (another schema version)
 */
export function decodeHeader(bytes: Buffer, file: string, fileBytes: number): TapeHeader {
  if (bytes.length < HEADER_BYTES) {
    throw new DataError(
      'TRUNCATED_FILE',
      `${bytes.length} bytes, fewer than the ${HEADER_BYTES} of a partition's header`,
      { file, offset: bytes.length },
    )
  }
  if (!bytes.subarray(0, 8).equals(MAGIC)) {
    throw new DataError('CORRUPT_FILE', 'does not begin as a partition file does', {
      file,
      offset: 0,
    })
  }
  if (bytes.readUInt32LE(60) !== crc32(bytes.subarray(0, 60))) {
    throw new DataError('CORRUPT_FILE', 'the header does not match its checksum', {
      file,
      offset: 60,
    })
  }
  const version = bytes.readUInt32LE(8)
  const isKnown = version >= SCHEMA_VERSION_MIN && version <= SCHEMA_VERSION
  if (!isKnown || bytes.readUInt32LE(12) !== HEADER_BYTES) {
    throw new DataError(
      'UNSUPPORTED',
      `schema version ${version}; this version reads ${SCHEMA_VERSION_MIN} to ${SCHEMA_VERSION}: read it with a newer one, or import the data again`,
      { file, offset: 8, value: version },
    )
  }
  const header: TapeHeader = {
    version,
    indexOffset: Number(bytes.readBigUInt64LE(16)),
    indexBytes: bytes.readUInt32LE(24),
    indexChecksum: bytes.readUInt32LE(28),
    metaOffset: Number(bytes.readBigUInt64LE(32)),
    metaBytes: bytes.readUInt32LE(40),
    metaChecksum: bytes.readUInt32LE(44),
    fileBytes: Number(bytes.readBigUInt64LE(48)),
  }
  if (header.fileBytes > fileBytes) {
    throw new DataError('TRUNCATED_FILE', `${fileBytes} bytes of ${header.fileBytes}`, {
      file,
      offset: fileBytes,
    })
  }
  const isLaidOut =
    header.indexOffset >= HEADER_BYTES &&
    header.indexBytes % indexBlockBytes(version) === 0 &&
    header.metaOffset === header.indexOffset + header.indexBytes &&
    header.fileBytes === header.metaOffset + header.metaBytes &&
    header.fileBytes === fileBytes
  if (!isLaidOut) {
    throw new DataError('CORRUPT_FILE', 'the parts that the header names do not fill the file', {
      file,
      offset: 16,
    })
  }
  return header
}

/** Returns the index bytes of one block. */
export function encodeBlockEntry(block: BlockEntry): Buffer {
  const bytes = Buffer.alloc(indexBlockBytes(SCHEMA_VERSION))
  bytes.writeBigUInt64LE(BigInt(block.offset), 0)
  bytes.writeUInt32LE(block.rows, 8)
  bytes.writeUInt32LE(block.before ?? IS_ROWS, 12)
  bytes.writeDoubleLE(block.firstTime, 16)
  bytes.writeDoubleLE(block.exchMin, 24)
  bytes.writeDoubleLE(block.exchMax, 32)
  for (const [i, chunk] of block.chunks.entries()) {
    const at = blockBytes(SCHEMA_VERSION) + i * ENTRY_BYTES
    bytes.writeUInt8(chunk.encoding, at)
    bytes.writeUInt8(chunk.codec, at + 1)
    bytes.writeUInt8(chunk.isLag ? LAG_FLAG : 0, at + 2)
    bytes.writeUInt32LE(chunk.runs, at + 4)
    bytes.writeUInt32LE(chunk.bytes, at + 8)
    bytes.writeUInt32LE(chunk.rawBytes, at + 12)
    bytes.writeUInt32LE(chunk.lengthBytes, at + 16)
    bytes.writeUInt32LE(chunk.checksum, at + 20)
    bytes.writeDoubleLE(chunk.base, at + 24)
  }
  return bytes
}

/** The blocks of a file. */
export interface TapeIndex {
  /** Blocks of rows, in order. */
  readonly blocks: readonly BlockEntry[]
  /** Blocks of the seek section, by the block of rows that they stand before. */
  readonly seek: readonly BlockEntry[]
}

/**
 * Reads the index; the blocks it names fill the file from the header to the index.
 *
 * @param events rows that the metadata promises
 * @throws DataError CORRUPT_FILE naming the offset of the block's entry
 */
export function decodeIndex(
  bytes: Buffer,
  header: TapeHeader,
  file: string,
  events: number,
): TapeIndex {
  const blocks: BlockEntry[] = []
  const seek: BlockEntry[] = []
  let offset = HEADER_BYTES
  let rows = 0
  let before = 0
  for (let at = 0; at < bytes.length; at += indexBlockBytes(header.version)) {
    const block = decodeBlockEntry(bytes, at, header.version)
    const claims = block.chunks.every((chunk) => isPlausible(chunk, block.rows, header.version))
    const isInPlace =
      block.before === undefined
        ? seek.length === 0
        : block.before >= before && block.before < blocks.length
    const isPlausibleBlock = hasPlausibleRows(block, header.version) && claims
    if (block.offset !== offset || !isInPlace || !isPlausibleBlock) {
      const number = blocks.length + seek.length
      throw new DataError('CORRUPT_FILE', `block ${number} has an impossible index entry`, {
        file,
        offset: header.indexOffset + at,
      })
    }
    for (const chunk of block.chunks) offset += chunk.bytes
    if (block.before === undefined) {
      rows += block.rows
      blocks.push(block)
    } else {
      before = block.before
      seek.push(block)
    }
  }
  if (offset !== header.indexOffset || rows !== events) {
    throw new DataError(
      'CORRUPT_FILE',
      `the blocks hold ${rows} rows up to offset ${offset}, the metadata and header say ${events} and ${header.indexOffset}`,
      { file, offset: header.indexOffset },
    )
  }
  return { blocks, seek }
}

function hasPlausibleRows(block: BlockEntry, version: number): boolean {
  const { rows, firstTime, exchMin, exchMax } = block
  const times = version === 1 ? [firstTime] : [firstTime, exchMin, exchMax]
  return (
    rows >= 1 &&
    rows <= BLOCK_ROWS &&
    times.every((time) => Number.isSafeInteger(time)) &&
    !(exchMin > exchMax)
  )
}

/** Reads the index entry of one block, without believing it. */
export function decodeBlockEntry(bytes: Buffer, at: number, version: number): BlockEntry {
  const chunks: ChunkEntry[] = []
  for (let i = 0; i < COLUMN_NAMES.length; i++) {
    const entry = at + blockBytes(version) + i * ENTRY_BYTES
    chunks.push({
      encoding: bytes.readUInt8(entry) as Encoding,
      codec: bytes.readUInt8(entry + 1) as Codec,
      isLag: bytes.readUInt8(entry + 2) === LAG_FLAG,
      runs: bytes.readUInt32LE(entry + 4),
      bytes: bytes.readUInt32LE(entry + 8),
      rawBytes: bytes.readUInt32LE(entry + 12),
      lengthBytes: bytes.readUInt32LE(entry + 16),
      checksum: bytes.readUInt32LE(entry + 20),
      base: bytes.readDoubleLE(entry + 24),
    })
  }
  const before = version === 1 ? IS_ROWS : bytes.readUInt32LE(at + 12)
  return {
    offset: Number(bytes.readBigUInt64LE(at)),
    rows: bytes.readUInt32LE(at + 8),
    firstTime: bytes.readDoubleLE(at + 16),
    exchMin: version === 1 ? Number.NaN : bytes.readDoubleLE(at + 24),
    exchMax: version === 1 ? Number.NaN : bytes.readDoubleLE(at + 32),
    before: before === IS_ROWS ? undefined : before,
    chunks,
  }
}

/** Bytes of the longest chunk of `rows` rows: a run length and a value each. */
export function chunkBytesMax(rows: number): number {
  return rows * 16
}

function isPlausible(chunk: ChunkEntry, rows: number, version: number): boolean {
  return (
    chunk.encoding <= Encoding.Raw &&
    chunk.codec <= (version < 3 ? Codec.Deflate : Codec.Prefix) &&
    chunk.runs <= rows &&
    chunk.rawBytes <= chunkBytesMax(rows) &&
    chunk.bytes <= chunk.rawBytes &&
    chunk.lengthBytes <= chunk.rawBytes &&
    Number.isSafeInteger(chunk.base)
  )
}
