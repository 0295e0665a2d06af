/**
 * Reads capture files, `<receive time> <json>` a line, several in time order as one.
 *
 * Receive times are Unix nanoseconds, microseconds or milliseconds, told by their digits: 19, 16 or
 * 13 from 2001 to 2286.
 */
import { DataError, type DataPlace } from '../../../core/index.ts'
import { formatInstant, midnightBefore } from '../../../time/index.ts'
import { InputFile } from '../../input/byte-stream.ts'
import { lineBlocks, type LineBlock } from '../../input/line-blocks.ts'
import { shownText } from '../field-error.ts'
import type { CaptureGrids } from './capture-grids.ts'
import { CompiledScanner } from './compiled-scanner.ts'
import { BinanceMessage } from './message.ts'
import { MessageScanner } from './message-scanner.ts'
import { readMessage } from './read-message.ts'

const ZERO = 48
const SPACE = 32
const CARRIAGE_RETURN = 13
const SECOND_DIGITS = 10
/** Nanoseconds in a unit, by the digits behind the seconds. */
const UNIT_NS = new Map([
  [9, 1],
  [6, 1e3],
  [3, 1e6],
])

/** What a pass over a capture does with it. */
export interface CapturePass {
  /** Called once, before the first message. @param epochNs midnight of the first receive time */
  begin(epochNs: bigint): void
  /** Called for each message, which is in the reader. @param receiveTime ns since the epoch */
  message(receiveTime: number): void
  /** Takes a line that cannot be used; when it returns, the line is left out. */
  refuse(error: DataError): void
  /** Called now and then between messages. */
  rest(): void
}

/** Bytes and messages read so far. */
export interface ReadProgress {
  readonly bytesRead: number
  readonly bytesTotal: number
  readonly messages: number
}

/** One pass over capture files. */
export class CaptureReader {
  /** The message at hand. */
  readonly message = new BinanceMessage()
  /** Messages read so far. */
  messages = 0
  readonly #paths: readonly string[]
  readonly #grids: CaptureGrids
  readonly #scanner: MessageScanner
  readonly #compiled: CompiledScanner | undefined
  #file = ''
  #line = 0
  #epochNs = 0n
  #epochSecond = -1
  #time = Number.NEGATIVE_INFINITY
  /** Digits of receive times behind the seconds, 0 before the first; and the unit of the last. */
  #fraction = 0
  #unitNs = 0

  constructor(paths: readonly string[], grids: CaptureGrids) {
    this.#paths = paths
    this.#grids = grids
    this.#scanner = new MessageScanner(grids, this.message)
    this.#compiled = CompiledScanner.of(grids, this.message)
  }

  /** File and line of the message at hand. */
  readonly place = (): DataPlace => ({ file: this.#file, line: this.#line })

  /** Unix ns of time 0. */
  get epochNs(): bigint {
    return this.#epochNs
  }

  /**
   * Gives every message to `pass`.
   *
   * @throws DataError for the first line that is not as it should be, naming file and line
   */
  async read(pass: CapturePass, onProgress?: (progress: ReadProgress) => void): Promise<void> {
    const inputs: InputFile[] = []
    try {
      for (const path of this.#paths) inputs.push(await InputFile.open(path))
      const bytesTotal = inputs.reduce((sum, input) => sum + input.bytes, 0)
      let bytesDone = 0
      for (const input of inputs) {
        const previous = this.#file
        this.#file = input.path
        this.#line = 0
        for await (const block of lineBlocks(input)) {
          this.#readBlock(block, pass, previous)
          pass.rest()
          onProgress?.({
            bytesRead: bytesDone + input.bytesRead,
            bytesTotal,
            messages: this.messages,
          })
        }
        bytesDone += input.bytes
      }
    } finally {
      for (const input of inputs) await input.close()
    }
  }

  #readBlock(block: LineBlock, pass: CapturePass, previousFile: string): void {
    const { bytes, starts } = block
    this.#compiled?.forget()
    for (let i = 0; i < block.lines; i++) {
      this.#line = block.firstLine + i
      const from = starts[i]!
      const to = starts[i + 1]! - 1
      if (to === from || (to === from + 1 && bytes[from] === CARRIAGE_RETURN)) continue
      try {
        this.#readLine(block, i, pass, previousFile)
      } catch (error) {
        const told = block.unterminated ? cutLine(error, this.place()) : error
        if (!(told instanceof DataError)) throw told
        pass.refuse(told)
        continue
      }
      this.messages++
      pass.message(this.#time)
    }
  }

  #readLine(block: LineBlock, line: number, pass: CapturePass, previousFile: string): void {
    const { bytes, starts } = block
    const from = starts[line]!
    const to = starts[line + 1]! - 1
    if (this.#fraction === 0) this.#findUnit(bytes, from, to)
    const compiled = this.#fraction === 0 ? undefined : this.#compiled
    if (compiled !== undefined && compiled.read(block, line, this.#fraction) > 0) {
      this.#enter(compiled.second, compiled.units, pass, previousFile)
      return
    }
    const point = from + SECOND_DIGITS
    const second = digits(bytes, from, point)
    const units = digits(bytes, point, point + this.#fraction)
    const payload = point + this.#fraction + 1
    if (this.#fraction === 0 || second < 0 || units < 0 || bytes[payload - 1] !== SPACE) {
      throw this.#badTime(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString())
    }
    this.#enter(second, units, pass, previousFile)
    if (!this.#scanner.scan(bytes, payload, to)) {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset + payload, to - payload).toString()
      readMessage(text, this.#grids, this.message, this.place())
    }
  }

  /** Takes the receive time of a line: the first begins the epoch, and none goes back. */
  #enter(second: number, units: number, pass: CapturePass, previousFile: string): void {
    if (this.#epochSecond < 0) {
      this.#epochNs = midnightBefore(BigInt(second) * 1_000_000_000n)
      this.#epochSecond = Number(this.#epochNs / 1_000_000_000n)
      pass.begin(this.#epochNs)
    }
    const time = (second - this.#epochSecond) * 1e9 + units * this.#unitNs
    if (time < this.#time) throw this.#backwards(time, previousFile)
    this.#time = time
  }

  #badTime(line: string): DataError {
    const value = line.split(' ', 1)[0] ?? ''
    const known = this.#fraction + SECOND_DIGITS
    const expected =
      this.#fraction === 0
        ? 'its receive time in Unix nanoseconds (19 digits), microseconds (16) or milliseconds (13)'
        : `its receive time in ${known} digits, as before,`
    return new DataError(
      'BAD_FIELD',
      `a line begins with ${expected} and a blank, was ${shownText(value)}`,
      { ...this.place(), field: 'receive time', value: value.slice(0, 60) },
    )
  }

  /** Learns the unit of receive times from the first of them; 0 digits while it is none. */
  #findUnit(bytes: Uint8Array, from: number, to: number): void {
    const blank = bytes.indexOf(SPACE, from)
    const fraction = blank < 0 || blank > to ? 0 : blank - from - SECOND_DIGITS
    this.#unitNs = UNIT_NS.get(fraction) ?? 0
    this.#fraction = this.#unitNs === 0 ? 0 : fraction
  }

  #backwards(time: number, previousFile: string): DataError {
    const text = (value: number): string => String(this.#epochNs + BigInt(value))
    const isFirst = this.#line === 1 && previousFile !== ''
    const sentence = isFirst
      ? `the file begins at ${this.#instant(time)}, before the end of ${previousFile} (${this.#instant(this.#time)}); give the files in time order, each once`
      : `receive time goes back from ${text(this.#time)} to ${text(time)}`
    return new DataError('TIME_BACKWARDS', sentence, {
      ...this.place(),
      field: 'receive time',
      value: text(time),
    })
  }

  #instant(time: number): string {
    return formatInstant(this.#epochNs + BigInt(time))
  }
}

/** Reads plain digits, -1 when there is anything else. */
function digits(bytes: Uint8Array, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) {
    const digit = bytes[at]! - ZERO
    if (!(digit >= 0 && digit <= 9)) return -1
    value = value * 10 + digit
  }
  return value
}

/** A last line that makes no sense and has no end was cut off, not written wrongly. */
function cutLine(error: unknown, place: DataPlace): unknown {
  if (!(error instanceof DataError)) return error
  if (error.code !== 'BAD_JSON' && error.field !== 'receive time') return error
  return new DataError(
    'TRUNCATED_FILE',
    `the last line is cut off; line ${(place.line ?? 1) - 1} is the last good one`,
    place,
  )
}
