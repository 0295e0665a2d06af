/** Reads the files of a capture as one stream, in order of receive time. */
import { basename } from 'node:path'
import { DataError, type DataPlace } from '../../../core/index.ts'
import { DAY_NS, SECOND_NS } from '../../../time/index.ts'
import { LineCursor } from '../../input/line-cursor.ts'
import { parseCaptureLine, type CaptureLine } from './capture-line.ts'

const DAY_SECONDS = DAY_NS / SECOND_NS

/** What a pass over a capture does with it. */
export interface CapturePass {
  /** Called once, before the first line. @param epochNs midnight of the first receive time */
  begin(epochNs: bigint): void
  /**
   * Called for each line.
   *
   * @param receiveTime ns since the epoch
   * @param connection  the same for all files of one connection
   */
  line(line: CaptureLine, receiveTime: number, connection: string): void
  /** Takes a line that cannot be used; when it returns, the line is left out. */
  refuse(error: DataError): void
  /** Called now and then between lines. */
  rest(): void
}

/** Bytes and messages read so far. */
export interface CaptureProgress {
  readonly bytesRead: number
  readonly bytesTotal: number
  readonly messages: number
}

/** One pass over capture files. */
export class CaptureStream {
  /** Messages and answers read so far. */
  messages = 0
  epochNs = 0n
  readonly #paths: readonly string[]
  #at: Source | undefined

  constructor(paths: readonly string[]) {
    this.#paths = paths
  }

  /** File and line of the message at hand. */
  readonly place = (): DataPlace => this.#at?.place() ?? {}

  /**
   * Gives every line to `pass`; of lines of equal time those of the file named first come first.
   *
   * @throws DataError for files that cannot be read, and what `pass` throws
   */
  async read(pass: CapturePass, onProgress?: (progress: CaptureProgress) => void): Promise<void> {
    const sources: Source[] = []
    try {
      for (const path of this.#paths) sources.push(await Source.open(path))
      for (const source of sources) await source.advance(pass)
      const seconds = sources.flatMap(({ line }) => (line === undefined ? [] : [line.second]))
      if (seconds.length === 0) return
      const epochSecond = Math.floor(Math.min(...seconds) / DAY_SECONDS) * DAY_SECONDS
      this.epochNs = BigInt(epochSecond) * BigInt(SECOND_NS)
      pass.begin(this.epochNs)
      const bytesTotal = sources.reduce((sum, { cursor }) => sum + cursor.input.bytes, 0)
      for (let at = earliest(sources); at !== undefined; at = earliest(sources)) {
        this.#deliver(at, epochSecond, pass)
        if (at.next(pass)) continue
        await at.advance(pass)
        pass.rest()
        const bytesRead = sources.reduce((sum, { cursor }) => sum + cursor.input.bytesRead, 0)
        onProgress?.({ bytesRead, bytesTotal, messages: this.messages })
      }
    } finally {
      for (const { cursor } of sources) await cursor.close()
    }
  }

  #deliver(source: Source, epochSecond: number, pass: CapturePass): void {
    const line = source.line!
    this.#at = source
    const time = (source.second - epochSecond) * SECOND_NS + source.ns
    if (!Number.isSafeInteger(time)) {
      pass.refuse(
        new DataError('OUT_OF_RANGE', 'a capture may span 104 days; this line lies beyond', {
          ...source.place(),
          field: 'receive time',
          value: line.second,
        }),
      )
      return
    }
    if (line.kind === 'message' || line.kind === 'rest') this.messages++
    try {
      pass.line(line, time, source.connection)
    } catch (error) {
      if (!(error instanceof DataError)) throw error
      pass.refuse(source.isCut && error.code === 'BAD_JSON' ? cut(source) : error)
    }
  }
}

function earliest(sources: readonly Source[]): Source | undefined {
  let found: Source | undefined
  for (const source of sources) {
    if (source.line === undefined) continue
    const isEarlier =
      found === undefined ||
      source.second < found.second ||
      (source.second === found.second && source.ns < found.ns)
    if (isEarlier) found = source
  }
  return found
}

/** One file and its line at hand. */
class Source {
  readonly cursor: LineCursor
  readonly connection: string
  line: CaptureLine | undefined
  /** True when the line is the file's last and has no newline. */
  isCut = false
  /** When the line comes in the stream: what the collector did takes the time of the line before. */
  second = 0
  ns = 0
  #lineNumber = 0
  #lastSecond = Number.NEGATIVE_INFINITY
  #lastNs = 0

  private constructor(cursor: LineCursor, path: string) {
    this.cursor = cursor
    this.connection = connectionOf(path)
  }

  static async open(path: string): Promise<Source> {
    return new Source(await LineCursor.open(path), path)
  }

  place(): DataPlace {
    return { file: this.cursor.input.path, line: this.#lineNumber }
  }

  /** Goes to the next line as far as it is in memory; false when more must be read. */
  next(pass: CapturePass): boolean {
    const { cursor } = this
    while (cursor.ready > 0) {
      this.#lineNumber = cursor.line
      this.isCut = cursor.isUnterminated
      let line: CaptureLine | undefined
      try {
        line = parseCaptureLine(cursor.text('utf8'), this.place())
        if (line !== undefined) this.#enter(line)
      } catch (error) {
        if (!(error instanceof DataError)) throw error
        line = undefined
        pass.refuse(this.isCut && error.code === 'BAD_FIELD' ? cut(this) : error)
      }
      // The text is copied out of the block, whose memory the next `advance` may reuse.
      cursor.step()
      if (line === undefined) continue
      this.line = line
      return true
    }
    return false
  }

  /** Goes to the next line; `line` is undefined at the end of the file. */
  async advance(pass: CapturePass): Promise<void> {
    this.line = undefined
    while (await this.cursor.advance()) {
      if (this.next(pass)) return
    }
  }

  #enter(line: CaptureLine): void {
    const isBack =
      line.second < this.#lastSecond || (line.second === this.#lastSecond && line.ns < this.#lastNs)
    if (line.kind === 'connect' || line.kind === 'sent') {
      const isFirst = this.#lastSecond === Number.NEGATIVE_INFINITY
      this.second = isFirst ? line.second : this.#lastSecond
      this.ns = isFirst ? line.ns : this.#lastNs
      return
    }
    if (isBack) {
      const text = (second: number, ns: number): string =>
        `${second}.${String(ns).padStart(9, '0')}`
      const value = text(line.second, line.ns)
      throw new DataError(
        'TIME_BACKWARDS',
        `receive time goes back from ${text(this.#lastSecond, this.#lastNs)} to ${value}`,
        { ...this.place(), field: 'receive time', value },
      )
    }
    this.second = this.#lastSecond = line.second
    this.ns = this.#lastNs = line.ns
  }
}

/** `KRAKEN.ws.50.0` and `KRAKEN.ws.50.1` are one connection, whose file was rotated. */
function connectionOf(path: string): string {
  const name = /^(.+\.(?:ws|http)\.\d+)\.\d+(?:\.\w+)?$/.exec(basename(path))
  return name?.[1] ?? path
}

/** A last line that makes no sense and has no end was cut off, not written wrongly. */
function cut(source: Source): DataError {
  const place = source.place()
  return new DataError(
    'TRUNCATED_FILE',
    `the last line is cut off; line ${(place.line ?? 1) - 1} is the last good one`,
    place,
  )
}
