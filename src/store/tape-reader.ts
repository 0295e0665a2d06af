/** Reads partition files: metadata alone for the catalog, or all rows into given columns. */
import { closeSync, fstatSync, openSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { DataError, LobtraderError } from '../core/index.ts'
import { sliceEvents, type EventColumns } from '../market/index.ts'
import { readFully, readInto, systemCode } from './disk.ts'
import type { PartitionInfo } from './partition.ts'
import { readBlock } from './read-block.ts'
import {
  BLOCK_ROWS,
  COLUMN_NAMES,
  HEADER_BYTES,
  decodeHeader,
  decodeIndex,
  indexBlockBytes,
  tapeMetaSchema,
  type BlockEntry,
  type ColumnName,
  type TapeHeader,
  type TapeIndex,
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
  #fd: number | undefined
  readonly #head: Buffer
  readonly #header: TapeHeader
  #index: TapeIndex | undefined

  /**
   * @throws DataError CORRUPT_FILE, TRUNCATED_FILE or UNSUPPORTED
   * @throws LobtraderError ABSENT_FILE when there is no such file
   */
  constructor(path: string) {
    this.path = path
    const fd = openToRead(path)
    this.#fd = fd
    try {
      this.bytes = fstatSync(fd).size
      this.#head = readFully(fd, Math.min(HEADER_BYTES, this.bytes), 0, path)
      this.#header = decodeHeader(this.#head, path, this.bytes)
      this.meta = this.#readMeta()
    } catch (error) {
      closeSync(fd)
      throw error
    }
  }

  /** Reads from the file, which is opened again where it was closed. */
  #read(length: number, offset: number): Buffer {
    return this.#fill(Buffer.allocUnsafe(length), offset)
  }

  #fill(bytes: Buffer, offset: number): Buffer {
    this.#fd ??= this.#reopen()
    return readInto(this.#fd, bytes, offset, this.path)
  }

  #reopen(): number {
    const fd = openToRead(this.path)
    try {
      const head = readFully(fd, Math.min(HEADER_BYTES, fstatSync(fd).size), 0, this.path)
      if (head.equals(this.#head)) return fd
      throw replacedError(this.path)
    } catch (error) {
      closeSync(fd)
      throw error
    }
  }

  #readMeta(): TapeMeta {
    const { metaOffset: offset, metaBytes, metaChecksum } = this.#header
    if (metaBytes > META_BYTES_MAX) throw this.#corrupt('the metadata is too long', offset)
    const bytes = this.#read(metaBytes, offset)
    if (crc32(bytes) !== metaChecksum) {
      throw this.#corrupt('the metadata does not match its checksum', offset)
    }
    const parsed = tapeMetaSchema.safeParse(parseJson(bytes))
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!
      throw this.#corrupt(`metadata ${issue.path.join('.')}: ${issue.message}`, offset)
    }
    if (parsed.data.columns.join() !== COLUMN_NAMES.join()) {
      throw new DataError(
        'UNSUPPORTED',
        `has the columns ${parsed.data.columns.join()}; this version reads ${COLUMN_NAMES.join()}`,
        { file: this.path, offset },
      )
    }
    const { events } = parsed.data
    if (events > (this.#header.indexBytes / indexBlockBytes(this.#header.version)) * BLOCK_ROWS) {
      throw this.#corrupt(`the metadata claims ${events} rows, more than the blocks hold`, offset)
    }
    return parsed.data
  }

  /**
   * Decodes rows into `target` from row `at` on: all of them, or those of the checkpoint before a
   * block and then those from that block on.
   *
   * @param shift what moves the partition's times to the epoch of `target`
   * @param from  number of the block, undefined for all rows
   * @param wanted columns to decode; those of `target` that are not may be empty
   * @returns the row behind the last one
   * @throws DataError CORRUPT_FILE naming the offset and the column
   */
  readInto(
    target: EventColumns,
    at: number,
    shift: number,
    from?: number,
    wanted?: ReadonlySet<ColumnName>,
  ): number {
    const { blocks, seek } = this.index
    const chosen =
      from === undefined
        ? blocks
        : [...seek.filter(({ before }) => before === from), ...blocks.slice(from)]
    let row = at
    for (const block of chosen) {
      this.readBlock(block, sliceEvents(target, row, row + block.rows), shift, wanted)
      row += block.rows
    }
    return row
  }

  /** The blocks of the file. @throws DataError CORRUPT_FILE naming the offset */
  get index(): TapeIndex {
    if (this.#index !== undefined) return this.#index
    const { indexOffset, indexBytes, indexChecksum } = this.#header
    const bytes = this.#read(indexBytes, indexOffset)
    if (crc32(bytes) !== indexChecksum) {
      throw this.#corrupt('the index does not match its checksum', indexOffset)
    }
    this.#index = decodeIndex(bytes, this.#header, this.path, this.meta.events)
    return this.#index
  }

  /** Decodes one block; see {@link readBlock}. */
  readBlock(
    block: BlockEntry,
    rows: EventColumns,
    shift: number,
    wanted?: ReadonlySet<ColumnName>,
  ): void {
    const read = (bytes: Buffer, offset: number): Buffer => this.#fill(bytes, offset)
    readBlock({ path: this.path, read }, block, rows, shift, wanted)
  }

  #corrupt(message: string, offset: number): DataError {
    return new DataError('CORRUPT_FILE', message, { file: this.path, offset })
  }

  /** Closes the file; reading goes on where it is still the same. */
  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }
}

/**
 * Opens a partition that must be the one that the catalog knows.
 *
 * @throws as the constructor, and LobtraderError STORE_CONFLICT when it was replaced
 */
export function openUnchanged(info: PartitionInfo): TapeReader {
  const reader = new TapeReader(info.path)
  if (reader.meta.digest === info.digest && reader.meta.events === info.events) return reader
  reader.close()
  throw replacedError(info.path)
}

/** Returns the error for a partition that is another one than it was. */
export function replacedError(path: string): LobtraderError {
  return new LobtraderError(
    'STORE_CONFLICT',
    `partition ${path} was replaced since the store was opened; open it again`,
    { path },
  )
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
