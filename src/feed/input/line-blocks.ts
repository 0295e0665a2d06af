/** Lines of a file in blocks of whole lines, so that a parser scans bytes and awaits rarely. */
import { DataError } from '../../core/index.ts'
import { INPUT_LIMITS, type InputFile, type InputLimits } from './byte-stream.ts'
import { StreamFault } from './stream-fault.ts'

const NEWLINE = 10
/** Room at first, where the file is not smaller; it grows with the lines that the file holds. */
const BUFFER_BYTES = 1 << 20
/** Bytes of one block, but for a longer line: it stays in the processor's cache until it is read. */
const PIECE_BYTES = 1 << 19

/** A run of whole lines; its memory is reused for the next block. */
export interface LineBlock {
  readonly bytes: Uint8Array
  /** Count of lines. */
  readonly lines: number
  /** Line i stands in bytes [starts[i], starts[i + 1] - 1), a newline follows it; [lines + 1]. */
  readonly starts: Int32Array
  /** Number of the first line in its file, from 1. */
  readonly firstLine: number
  /** True when the file's last line had no newline of its own (one is put behind it). */
  readonly unterminated: boolean
}

/**
 * Yields the lines of a file, in order, in blocks.
 *
 * @throws DataError TRUNCATED_FILE or CORRUPT_FILE with the last whole line that was read,
 *   OUT_OF_RANGE for a line or an expansion beyond `limits`, TOO_FEW_ROWS when there is no line
 */
export async function* lineBlocks(
  input: InputFile,
  limits: InputLimits = INPUT_LIMITS,
): AsyncGenerator<LineBlock> {
  let buffer: Buffer = Buffer.allocUnsafe(Math.min(BUFFER_BYTES, input.bytes + 1))
  let held = 0
  let lines = 0
  const index = new LineIndex()
  try {
    for await (const chunk of pieces(input.chunks(limits, NEWLINE))) {
      buffer = withRoom(buffer, held, chunk.length)
      buffer.set(chunk, held)
      const filled = held + chunk.length
      const last = buffer.subarray(held, filled).lastIndexOf(NEWLINE)
      const end = last < 0 ? 0 : held + last + 1
      if (end > 0) {
        const firstLine = lines + 1
        const count = index.find(buffer, end)
        lines += count
        yield { bytes: buffer, lines: count, starts: index.starts, firstLine, unterminated: false }
      }
      buffer.copyWithin(0, end, filled)
      held = filled - end
      if (held > limits.lineBytesMax) {
        throw new DataError(
          'OUT_OF_RANGE',
          `the line is longer than ${limits.lineBytesMax} bytes; is this a capture?`,
          { file: input.path, line: lines + 1 },
        )
      }
    }
  } catch (error) {
    if (!(error instanceof StreamFault)) throw error
    const kept = lines === 0 ? 'no line could be read' : `line ${lines} is the last good one`
    throw new DataError(error.code, `${error.message}; ${kept}`, {
      file: input.path,
      line: lines + 1,
    })
  }
  if (held > 0) {
    buffer = withRoom(buffer, held, 1)
    buffer[held] = NEWLINE
    lines++
    index.find(buffer, held + 1)
    yield { bytes: buffer, lines: 1, starts: index.starts, firstLine: lines, unterminated: true }
  }
  if (lines === 0) throw new DataError('TOO_FEW_ROWS', 'the file is empty', { file: input.path })
}

/** Cuts what is inflated at once into pieces to read at once. */
async function* pieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += PIECE_BYTES) {
      yield chunk.subarray(from, from + PIECE_BYTES)
    }
  }
}

function withRoom(buffer: Buffer, held: number, more: number): Buffer {
  if (held + more <= buffer.length) return buffer
  const grown = Buffer.allocUnsafe(Math.max(buffer.length * 2, held + more))
  buffer.copy(grown, 0, 0, held)
  return grown
}

/** Where the lines of a block begin. */
class LineIndex {
  starts = new Int32Array(64)

  /** Notes the lines of bytes [0, end) and returns their count. */
  find(buffer: Buffer, end: number): number {
    let count = 0
    this.starts[0] = 0
    for (let at = 0; at < end;) {
      at = buffer.indexOf(NEWLINE, at) + 1
      if (++count === this.starts.length) this.#grow()
      this.starts[count] = at
    }
    return count
  }

  #grow(): void {
    const grown = new Int32Array(this.starts.length * 2)
    grown.set(this.starts)
    this.starts = grown
  }
}
