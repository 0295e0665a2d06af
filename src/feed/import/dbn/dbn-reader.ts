/** Reads DBN files, block by block of decoded records. */
import { DataError, type DataPlace } from '../../../core/index.ts'
import { midnightBefore } from '../../../time/index.ts'
import { InputFile } from '../../input/byte-stream.ts'
import { ByteWindow } from '../../input/byte-window.ts'
import { allocateDbnColumns, decodeDbnRecords, type DbnColumns } from './decode.kernel.ts'
import { HEADER_BYTES, MBO_BYTES, PRELUDE_BYTES, RecordType, recordTypeName } from './layout.ts'
import { readMetadata, readPrelude, type DbnMetadata } from './metadata.ts'

/** Records decoded at once; the columns of so many stay in the cache. */
const BLOCK_RECORDS = 8192
const UNDEFINED_TIME = 0xffff_ffff_ffff_ffffn

/** A block of decoded records; its memory is used again for the next one. */
export interface DbnBlock {
  readonly columns: DbnColumns
  /** The records as they are; see `columns.at`. */
  readonly bytes: Uint8Array
  readonly words: Int32Array
  /** Returns where a record of the block stands. */
  readonly placeOf: (row: number) => DataPlace
}

/** What becomes of the content of files. */
export interface DbnVisitor {
  /** Called once, before the first block. */
  begin?: (epochNs: bigint) => void
  metadata?: (metadata: DbnMetadata) => void
  block: (block: DbnBlock) => void
}

/** How far a reader is. */
export interface DbnProgress {
  readonly bytesRead: number
  readonly bytesTotal: number
  readonly messages: number
}

/** Files in time order, read as one stream. */
export class DbnReader {
  /** Records read. */
  messages = 0
  /** Unix ns of time 0: midnight before the first record. */
  epochNs = 0n
  readonly #files: readonly string[]
  #columns: DbnColumns | undefined
  #hasBegun = false

  constructor(files: readonly string[]) {
    this.#files = files
  }

  /**
   * Reads every record.
   *
   * @throws DataError for what is no DBN, is cut off or corrupt, with the offset
   */
  async read(visitor: DbnVisitor, onProgress?: (progress: DbnProgress) => void): Promise<void> {
    const inputs = await openAll(this.#files)
    const bytesTotal = inputs.reduce((sum, { bytes }) => sum + bytes, 0)
    let done = 0
    try {
      for (const input of inputs) {
        await this.#readFile(input, visitor, () => {
          const { messages } = this
          onProgress?.({ bytesRead: done + input.bytesRead, bytesTotal, messages })
        })
        done += input.bytes
      }
    } finally {
      for (const input of inputs) await input.close()
    }
  }

  async #readFile(input: InputFile, visitor: DbnVisitor, onBlock: () => void): Promise<void> {
    const window = new ByteWindow(input)
    try {
      let consumed = await this.#readHead(window, visitor)
      let isMore = true
      while (isMore) {
        isMore = await window.advance(consumed)
        consumed = 0
        const block = window.bytes.subarray(0, window.length)
        // Columns may fill up before the window is through.
        for (;;) {
          const used = this.#decode(window, block.subarray(consumed), consumed, visitor)
          consumed += used
          if (used === 0) break
        }
        onBlock()
      }
      if (consumed < window.length) {
        throw new DataError(
          'TRUNCATED_FILE',
          `the last record is cut off: ${window.length - consumed} bytes of it are there`,
          { file: input.path, offset: window.offset + consumed },
        )
      }
    } finally {
      await window.close()
    }
  }

  /** Reads the metadata and returns the bytes that they take. */
  async #readHead(window: ByteWindow, visitor: DbnVisitor): Promise<number> {
    const file = window.input.path
    await window.advance(0)
    const { version, length } = readPrelude(window.bytes.subarray(0, window.length), file)
    const end = PRELUDE_BYTES + length
    while (window.length < end && !window.hasEnded) await window.advance(0)
    if (window.length < end) {
      throw new DataError(
        'TRUNCATED_FILE',
        `the file ends after ${window.length} bytes, inside its metadata of ${length}`,
        { file, offset: window.length },
      )
    }
    visitor.metadata?.(readMetadata(window.bytes.subarray(PRELUDE_BYTES, end), version, file))
    return end
  }

  #decode(window: ByteWindow, bytes: Uint8Array, from: number, visitor: DbnVisitor): number {
    if (!this.#hasBegun && !this.#begin(bytes, visitor)) return 0
    const columns = this.#columnsFor(bytes.length)
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
    const used = decodeDbnRecords(words, words.length * 4, columns)
    const { path } = window.input
    const start = window.offset + from
    if (columns.length > 0) {
      this.messages += columns.length
      const placeOf = (row: number): DataPlace => ({
        file: path,
        offset: start + columns.at[row]!,
      })
      visitor.block({ columns, bytes, words, placeOf })
    }
    if (columns.faultAt >= 0) {
      const at = columns.faultAt
      throw new DataError(
        'BAD_FIELD',
        `a record of type ${recordTypeName(bytes[at + 1]!)} with ${bytes[at]! * 4} bytes is too short`,
        { file: path, offset: start + at, field: 'length', value: bytes[at]! },
      )
    }
    return used
  }

  /** Chooses the epoch by the first record with a time; false when there is none yet. */
  #begin(bytes: Uint8Array, visitor: DbnVisitor): boolean {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = 0; at + HEADER_BYTES <= bytes.length;) {
      const length = view.getUint8(at) * 4
      if (at + length > bytes.length) break
      const received = timeAt(view, at, length)
      if (received !== UNDEFINED_TIME || length < HEADER_BYTES) {
        this.epochNs = received === UNDEFINED_TIME ? 0n : midnightBefore(received)
        break
      }
      at += length
    }
    if (bytes.length < HEADER_BYTES) return false
    this.#hasBegun = true
    visitor.begin?.(this.epochNs)
    return true
  }

  /** Room for a block, or for all records that so many bytes may hold. */
  #columnsFor(bytes: number): DbnColumns {
    const wanted = Math.min(BLOCK_RECORDS, Math.ceil(bytes / HEADER_BYTES))
    if (this.#columns === undefined || this.#columns.capacity < wanted) {
      this.#columns = allocateDbnColumns(Math.max(64, wanted), this.epochNs)
    }
    return this.#columns
  }
}

/** The receive time of a record that has one, else the venue's. */
function timeAt(view: DataView, at: number, length: number): bigint {
  if (length < HEADER_BYTES) return UNDEFINED_TIME
  const type = view.getUint8(at + 1)
  if (type === RecordType.Mbo && length >= MBO_BYTES) return view.getBigUint64(at + 40, true)
  const isTradeLike =
    type === RecordType.Mbp0 || type === RecordType.Mbp1 || type === RecordType.Mbp10
  if (isTradeLike && length >= 40) return view.getBigUint64(at + 32, true)
  return view.getBigUint64(at + 8, true)
}

async function openAll(files: readonly string[]): Promise<InputFile[]> {
  const inputs: InputFile[] = []
  try {
    for (const file of files) inputs.push(await InputFile.open(file))
    return inputs
  } catch (error) {
    for (const input of inputs) await input.close()
    throw error
  }
}
