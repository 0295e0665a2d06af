/** Reads ITCH files, block by block of decoded messages. */
import { DataError, type DataPlace } from '../../../core/index.ts'
import { InputFile } from '../../input/byte-stream.ts'
import { ByteWindow } from '../../input/byte-window.ts'
import { shownText } from '../field-error.ts'
import { allocateItchColumns, decodeItchMessages, type ItchColumns } from './decode.kernel.ts'
import { MESSAGE_BYTES, framingOf, type Framing } from './layout.ts'

/** Messages decoded at once; the columns of so many stay in the cache. */
const BLOCK_MESSAGES = 8192
/** Type, locate, tracking and time: what every message has. */
const MESSAGE_BYTES_MIN = 11

/** A block of decoded messages; its memory is used again for the next one. */
export interface ItchBlock {
  readonly columns: ItchColumns
  /** The messages as they are; see `columns.at`. */
  readonly bytes: Uint8Array
  /** Returns where a message of the block stands. */
  readonly placeOf: (row: number) => DataPlace
}

/** How far a reader is. */
export interface ItchProgress {
  readonly bytesRead: number
  readonly bytesTotal: number
  readonly messages: number
}

/** Files in time order, read as one stream. */
export class ItchReader {
  /** Messages read. */
  messages = 0
  readonly #files: readonly string[]
  #columns: ItchColumns = allocateItchColumns(0)

  constructor(files: readonly string[]) {
    this.#files = files
  }

  /**
   * Reads every message.
   *
   * @throws DataError for what is no ITCH 5.0, is cut off or corrupt, with the offset
   */
  async read(
    onBlock: (block: ItchBlock) => void,
    onProgress?: (progress: ItchProgress) => void,
  ): Promise<void> {
    const inputs: InputFile[] = []
    try {
      for (const file of this.#files) inputs.push(await InputFile.open(file))
      const bytesTotal = inputs.reduce((sum, { bytes }) => sum + bytes, 0)
      let done = 0
      for (const input of inputs) {
        await this.#readFile(input, onBlock, () => {
          const { messages } = this
          onProgress?.({ bytesRead: done + input.bytesRead, bytesTotal, messages })
        })
        done += input.bytes
      }
    } finally {
      for (const input of inputs) await input.close()
    }
  }

  async #readFile(
    input: InputFile,
    onBlock: (block: ItchBlock) => void,
    onWindow: () => void,
  ): Promise<void> {
    const window = new ByteWindow(input)
    try {
      await window.advance(0)
      const framing = framingOf(window.bytes.subarray(0, window.length))
      if (framing === undefined) throw notItch(window)
      let isMore = true
      while (isMore) {
        const consumed = this.#decodeWindow(window, framing, onBlock)
        onWindow()
        isMore = await window.advance(consumed)
      }
      if (window.length > 0 && !isEndMark(window, framing)) {
        throw new DataError(
          'TRUNCATED_FILE',
          `the last message is cut off: ${window.length} bytes of it are there`,
          { file: input.path, offset: window.offset },
        )
      }
    } finally {
      await window.close()
    }
  }

  /** Decodes what is there, block by block, and returns the bytes consumed. */
  #decodeWindow(window: ByteWindow, framing: Framing, onBlock: (block: ItchBlock) => void): number {
    let consumed = 0
    for (;;) {
      const end = this.#decode(window, consumed, framing, onBlock)
      if (end === consumed) return consumed
      consumed = end
    }
  }

  /** Room for a block, or for all messages that so many bytes may hold. */
  #columnsFor(bytes: number): ItchColumns {
    const { capacity } = this.#columns
    const wanted = Math.min(BLOCK_MESSAGES, Math.ceil(bytes / MESSAGE_BYTES_MIN))
    if (wanted > capacity) this.#columns = allocateItchColumns(Math.max(64, wanted))
    return this.#columns
  }

  #decode(
    window: ByteWindow,
    from: number,
    framing: Framing,
    onBlock: (block: ItchBlock) => void,
  ): number {
    const { bytes, length, offset } = window
    const columns = this.#columnsFor(length - from)
    const prefix = framing === 'none' ? 0 : 2
    const used = decodeItchMessages(bytes, from, length, prefix, framing === 'length', columns)
    const file = window.input.path
    if (columns.length > 0) {
      this.messages += columns.length
      const placeOf = (row: number): DataPlace => ({ file, offset: offset + columns.at[row]! })
      onBlock({ columns, bytes, placeOf })
    }
    const fault = columns.faultAt
    if (fault >= 0 && !isEndMark(window, framing, fault)) {
      throw badMessage(bytes, fault, prefix, { file, offset: offset + fault })
    }
    return used
  }
}

/** True where the window ends with a message of length 0, which ends a session. */
function isEndMark(window: ByteWindow, framing: Framing, at = 0): boolean {
  return (
    framing === 'length' &&
    window.length - at === 2 &&
    window.bytes[at] === 0 &&
    window.bytes[at + 1] === 0
  )
}

function notItch({ input, bytes, length }: ByteWindow): DataError {
  const head = Buffer.from(bytes.subarray(0, Math.min(length, 16))).toString('latin1')
  return new DataError(
    'BAD_FIELD',
    `the file does not begin with a message of ITCH 5.0, but with ${shownText(head)}`,
    { file: input.path, offset: 0 },
  )
}

function badMessage(bytes: Uint8Array, at: number, prefix: number, place: DataPlace): DataError {
  const type = bytes[at + prefix]!
  const letter = shownText(String.fromCharCode(type))
  const known = MESSAGE_BYTES[type]!
  if (known === 0) {
    return new DataError('BAD_FIELD', `there is no message type ${letter} in ITCH 5.0`, {
      ...place,
      field: 'message type',
      value: letter,
    })
  }
  const length = bytes[at]! * 256 + bytes[at + 1]!
  return new DataError(
    'BAD_FIELD',
    `a message of type ${letter} has ${known} bytes, the length in front of it says ${length}`,
    { ...place, field: 'length', value: length },
  )
}
