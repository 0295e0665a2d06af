/** Reads partition files: metadata alone for the catalog, or all rows into given columns. */
import { closeSync, fstatSync, openSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { DataError, LobtraderError, assert } from '../core/index.ts'
import { sliceEvents, type EventColumns } from '../market/index.ts'
import { decodeChunk } from './column-chunk.ts'
import { readFully, systemCode } from './disk.ts'
import {
  BLOCK_ROWS,
  COLUMN_NAMES,
  HEADER_BYTES,
  INDEX_BLOCK_BYTES,
  decodeHeader,
  decodeIndex,
  tapeMetaSchema,
  type BlockEntry,
  type TapeHeader,
  type TapeMeta,
} from './tape-format.ts'

/** Metadata longer than this is no instrument's. */
const META_BYTES_MAX = 1 << 16

/** An open partition file whose header, metadata and index have been checked. */
export class TapeReader {
  readonly path: string
  readonly meta: TapeMeta
  /** Size of the file. */
  readonly bytes: number
  readonly #fd: number
  readonly #header: TapeHeader

  /**
   * @throws DataError CORRUPT_FILE, TRUNCATED_FILE or UNSUPPORTED
   * @throws LobtraderError ABSENT_FILE when there is no such file
   */
  constructor(path: string) {
    this.path = path
    this.#fd = openToRead(path)
    try {
      this.bytes = fstatSync(this.#fd).size
      const head = readFully(this.#fd, Math.min(HEADER_BYTES, this.bytes), 0, path)
      this.#header = decodeHeader(head, path, this.bytes)
      this.meta = this.#readMeta()
    } catch (error) {
      closeSync(this.#fd)
      throw error
    }
  }

  #readMeta(): TapeMeta {
    const { metaOffset: offset, metaBytes, metaChecksum } = this.#header
    if (metaBytes > META_BYTES_MAX) throw this.#corrupt('the metadata is too long', offset)
    const bytes = readFully(this.#fd, metaBytes, offset, this.path)
    if (crc32(bytes) !== metaChecksum) {
      throw this.#corrupt('the metadata does not match its checksum', offset)
    }
    const parsed = tapeMetaSchema.safeParse(parseJson(bytes))
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!
      throw this.#corrupt(`metadata ${issue.path.join('.')}: ${issue.message}`, offset)
    }
    if (parsed.data.columns.join() !== COLUMN_NAMES.join()) {
      throw this.#corrupt(`unknown columns ${parsed.data.columns.join()}`, offset)
    }
    const { events } = parsed.data
    if (events > (this.#header.indexBytes / INDEX_BLOCK_BYTES) * BLOCK_ROWS) {
      throw this.#corrupt(`the metadata claims ${events} rows, more than the blocks hold`, offset)
    }
    return parsed.data
  }

  /**
   * Decodes every row into `target[at, at + events)`.
   *
   * @param shift what moves the partition's times to the epoch of `target`
   * @throws DataError CORRUPT_FILE naming the offset and the column
   */
  readInto(target: EventColumns, at: number, shift: number): void {
    assert(at + this.meta.events <= target.length, 'the rows fit into the target')
    let row = at
    for (const block of this.#index()) {
      this.#readBlock(block, sliceEvents(target, row, row + block.rows), shift)
      row += block.rows
    }
  }

  #index(): readonly BlockEntry[] {
    const { indexOffset, indexBytes, indexChecksum } = this.#header
    const bytes = readFully(this.#fd, indexBytes, indexOffset, this.path)
    if (crc32(bytes) !== indexChecksum) {
      throw this.#corrupt('the index does not match its checksum', indexOffset)
    }
    return decodeIndex(bytes, this.#header, this.path, this.meta.events)
  }

  #readBlock(block: BlockEntry, rows: EventColumns, shift: number): void {
    const length = block.chunks.reduce((sum, chunk) => sum + chunk.bytes, 0)
    const bytes = readFully(this.#fd, length, block.offset, this.path)
    let at = 0
    for (const [i, field] of COLUMN_NAMES.entries()) {
      const entry = block.chunks[i]!
      const isTime = field === 'localTime' || (field === 'exchTime' && !entry.isLag)
      decodeChunk(
        bytes.subarray(at, at + entry.bytes),
        entry,
        { out: rows[field], shift: isTime ? shift : 0 },
        { file: this.path, offset: block.offset + at, field },
      )
      if (field === 'exchTime' && entry.isLag) lagToTime(rows.exchTime, rows.localTime)
      at += entry.bytes
    }
  }

  #corrupt(message: string, offset: number): DataError {
    return new DataError('CORRUPT_FILE', message, { file: this.path, offset })
  }

  close(): void {
    closeSync(this.#fd)
  }
}

function openToRead(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    const code = systemCode(error)
    throw new LobtraderError('ABSENT_FILE', `cannot open partition ${path}: ${code}`, { path })
  }
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

function lagToTime(exchTime: Float64Array, localTime: Float64Array): void {
  for (let i = 0; i < exchTime.length; i++) exchTime[i] = localTime[i]! - exchTime[i]!
}
