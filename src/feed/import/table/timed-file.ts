/** The rows of one file in order, with the time of the row at hand. */
import { DataError } from '../../../core/index.ts'
import { formatInstant } from '../../../time/index.ts'
import { LineCursor } from '../../input/line-cursor.ts'
import type { Tally } from './tally.ts'
import type { LinePlace } from './line-place.ts'
import type { LineReader, RunClock } from './line-reader.ts'

/** How far the time of a venue's own archive may go back from row to row: clocks of two engines. */
const BACKWARDS_NS_MAX = 10e9

/** What all files of an import share. */
export interface FileRules {
  readonly clock: RunClock
  readonly place: LinePlace
  /**
   * `refused` where rows carry the time of their receipt, which cannot go back; `raised` where they
   * carry the venue's alone: local time then stays at the latest one seen. `ignored` takes every
   * time, for a look that writes nothing.
   */
  readonly backwards: 'refused' | 'raised' | 'ignored'
  /** What readers count; a look at the first row must not count it. */
  readonly tallies: readonly Tally[]
  /** Takes the fault of a row; the row is left out when it returns. */
  readonly refuse: (error: DataError) => void
}

/** One open file; `time` is that of the row at hand while {@link hasRow}. */
export class TimedFile {
  readonly reader: LineReader
  /** Local time of the row at hand, ns since the epoch. */
  time = Number.NEGATIVE_INFINITY
  hasRow = false
  /** Rows read so far, those left out not counted. */
  rows = 0
  /** Line of the row at hand. */
  line = 0
  /** Rows whose time was raised. */
  raised = 0
  readonly #rules: FileRules
  readonly #cursor: LineCursor
  #hasBegun = false

  private constructor(cursor: LineCursor, reader: LineReader, rules: FileRules) {
    this.#cursor = cursor
    this.reader = reader
    this.#rules = rules
  }

  /**
   * Opens a file and reads up to its first row. The caller must `close` it.
   *
   * @throws DataError as `LineCursor.open` and `LineReader.begin`
   */
  static async open(path: string, reader: LineReader, rules: FileRules): Promise<TimedFile> {
    const file = new TimedFile(await LineCursor.open(path), reader, rules)
    try {
      await file.advance()
      return file
    } catch (error) {
      await file.close()
      throw error
    }
  }

  get path(): string {
    return this.#cursor.input.path
  }

  get bytesRead(): number {
    return this.#cursor.input.bytesRead
  }

  get bytes(): number {
    return this.#cursor.input.bytes
  }

  /** Goes to the next row of the lines that are ready; without one, {@link hasRow} is false. */
  step(): void {
    this.hasRow = false
    const cursor = this.#cursor
    while (cursor.ready > 0) {
      const isRow = this.#load()
      cursor.step()
      if (!isRow) continue
      this.hasRow = true
      this.rows++
      return
    }
  }

  /** Reads on when no row is at hand; false at the end of the file. */
  async advance(): Promise<boolean> {
    while (!this.hasRow && (await this.#cursor.advance())) this.step()
    return this.hasRow
  }

  async close(): Promise<void> {
    await this.#cursor.close()
  }

  #load(): boolean {
    const { bytes, start, end } = this.#cursor
    const { place, refuse } = this.#rules
    place.file = this.path
    place.line = this.#cursor.line
    if (!this.#hasBegun) {
      if (isBlank(bytes, start, end)) return false
      this.#hasBegun = true
      if (!this.reader.begin(bytes, start, end)) return false
    }
    try {
      if (!this.reader.read(bytes, start, end)) return false
      this.line = place.line
      return this.#enterTime()
    } catch (error) {
      if (!(error instanceof DataError)) throw error
      refuse(this.#cursor.isUnterminated ? cutLine(error, place) : error)
      return false
    }
  }

  #enterTime(): boolean {
    const { clock, backwards } = this.#rules
    const time = clock.timeOf(this.reader.time)
    if (backwards === 'ignored') {
      this.time = time
      return true
    }
    if (time >= this.time) {
      if (!Number.isSafeInteger(time)) throw this.#tooLong()
      this.time = time
      return true
    }
    if (backwards === 'refused' || time < this.time - BACKWARDS_NS_MAX) {
      throw this.#backwards(time)
    }
    this.raised++
    return true
  }

  #backwards(time: number): DataError {
    const { clock, place } = this.#rules
    const text = (ns: number): string => formatInstant(clock.epochNs + BigInt(ns))
    return new DataError(
      'TIME_BACKWARDS',
      `time goes back from ${text(this.time)} to ${text(time)}; rows must stand in time order`,
      place.of('time', String(clock.epochNs + BigInt(time))),
    )
  }

  #tooLong(): DataError {
    const { clock, place } = this.#rules
    return new DataError(
      'OUT_OF_RANGE',
      `the row comes more than 104 days after the first one, ${formatInstant(clock.epochNs).slice(0, 10)}; import longer spans in parts`,
      place.of('time'),
    )
  }
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if (bytes[at] !== 32 && bytes[at] !== 13) return false
  }
  return true
}

/** A last line that makes no sense and has no end was cut off, not written wrongly. */
function cutLine(error: DataError, place: LinePlace): DataError {
  if (error.code === 'TIME_BACKWARDS') return error
  return new DataError(
    'TRUNCATED_FILE',
    `the last line is cut off; line ${place.line - 1} is the last good one`,
    place.of(),
  )
}
