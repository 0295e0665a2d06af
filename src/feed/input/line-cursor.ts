/** Steps through the lines of one file, so that two files can be read in step. */
import { InputFile } from './byte-stream.ts'
import { lineBlocks, type LineBlock } from './line-blocks.ts'

/** A position in a file's lines; only {@link advance} waits. */
export class LineCursor {
  readonly input: InputFile
  readonly #blocks: AsyncGenerator<LineBlock>
  #block: LineBlock | undefined
  #index = 0

  private constructor(input: InputFile) {
    this.input = input
    this.#blocks = lineBlocks(input)
  }

  /**
   * Opens a file and reads its first lines. The caller must `close` it.
   *
   * @throws DataError as `InputFile.open` and `lineBlocks`
   */
  static async open(path: string): Promise<LineCursor> {
    const cursor = new LineCursor(await InputFile.open(path))
    try {
      await cursor.advance()
      return cursor
    } catch (error) {
      await cursor.close()
      throw error
    }
  }

  /** Lines that can be read before the next {@link advance}. */
  get ready(): number {
    return this.#block === undefined ? 0 : this.#block.lines - this.#index
  }

  /** Number of the line at hand, from 1. */
  get line(): number {
    return this.#block === undefined ? 0 : this.#block.firstLine + this.#index
  }

  /** Bytes that hold the line at hand. */
  get bytes(): Uint8Array {
    return this.#block!.bytes
  }

  /** Where the line at hand begins; a newline ends it. */
  get start(): number {
    return this.#block!.starts[this.#index]!
  }

  /** Where the newline of the line at hand stands. */
  get end(): number {
    return this.#block!.starts[this.#index + 1]! - 1
  }

  /** True when the line at hand is the file's last and had no newline of its own. */
  get isUnterminated(): boolean {
    return this.#block!.unterminated && this.ready === 1
  }

  /** Text of the line at hand, without its newline. */
  text(encoding: 'latin1' | 'utf8' = 'latin1'): string {
    const { starts, bytes } = this.#block!
    const from = starts[this.#index]!
    const to = starts[this.#index + 1]! - 1
    return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString(encoding)
  }

  /** Goes to the next line; call it only while {@link ready} is above 0. */
  step(): void {
    this.#index++
  }

  /** Reads on when no line is ready; false at the end of the file. */
  async advance(): Promise<boolean> {
    while (this.ready === 0) {
      const next = await this.#blocks.next()
      if (next.done === true) {
        this.#block = undefined
        return false
      }
      this.#block = next.value
      this.#index = 0
    }
    return true
  }

  async close(): Promise<void> {
    await this.#blocks.return(undefined)
    await this.input.close()
  }
}
