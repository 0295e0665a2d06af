/** A window over the bytes of a file, for formats of binary records. */
import { DataError } from '../../core/index.ts'
import type { InputFile } from './byte-stream.ts'
import { StreamFault } from './stream-fault.ts'

/** Bytes that a fill tries to have at least, so that a parser waits rarely. */
const FILL_BYTES = 1 << 18

/** The bytes at hand; the record that begins them stands at index 0, aligned to eight bytes. */
export class ByteWindow {
  readonly input: InputFile
  bytes: Uint8Array
  /** The same memory as 32-bit words of the machine. */
  words: Int32Array
  /** Bytes that are valid. */
  length = 0
  /** Where index 0 stands in the decompressed file. */
  offset = 0
  #hasEnded = false
  readonly #chunks: AsyncGenerator<Uint8Array>

  constructor(input: InputFile) {
    this.input = input
    // A small file needs no more room than it has bytes; a packed one grows into what it needs.
    this.bytes = new Uint8Array(Math.min(FILL_BYTES * 2, (input.bytes + 8) & ~7))
    this.words = new Int32Array(this.bytes.buffer)
    this.#chunks = input.chunks()
  }

  /** True when the last byte of the file is in the window. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /**
   * Drops bytes from the front and reads on.
   *
   * @returns false when nothing could be added, because the file has ended
   * @throws DataError TRUNCATED_FILE, CORRUPT_FILE or OUT_OF_RANGE with the offset reached
   */
  async advance(consumed: number): Promise<boolean> {
    this.bytes.copyWithin(0, consumed, this.length)
    this.length -= consumed
    this.offset += consumed
    const before = this.length
    while (!this.#hasEnded && this.length < before + FILL_BYTES) await this.#read()
    return this.length > before
  }

  async #read(): Promise<void> {
    try {
      const step = await this.#chunks.next()
      if (step.done === true) this.#hasEnded = true
      else this.#append(step.value)
    } catch (error) {
      if (!(error instanceof StreamFault)) throw error
      throw new DataError(error.code, error.message, {
        file: this.input.path,
        offset: this.offset + this.length,
      })
    }
  }

  #append(chunk: Uint8Array): void {
    if (this.length + chunk.length > this.bytes.length) {
      let size = this.bytes.length
      while (size < this.length + chunk.length) size *= 2
      const grown = new Uint8Array(size)
      grown.set(this.bytes.subarray(0, this.length))
      this.bytes = grown
      this.words = new Int32Array(grown.buffer)
    }
    this.bytes.set(chunk, this.length)
    this.length += chunk.length
  }

  /** Stops reading; the file stays the caller's to close. */
  async close(): Promise<void> {
    await this.#chunks.return(undefined)
  }
}
