/**
 * Reads the rows of many files in one order of time.
 *
 * At equal times the file that was given first comes first, so the order is that of the arguments
 * and nothing else. A file is open only while the time reaches into it: a year of days takes the
 * memory of the days that overlap.
 */
import { realpath } from 'node:fs/promises'
import { DataError, LobtraderError } from '../../../core/index.ts'
import { formatInstant, midnightBefore } from '../../../time/index.ts'
import { InputFile } from '../../input/byte-stream.ts'
import type { ImportProgress } from '../import-result.ts'
import type { LineReader } from './line-reader.ts'
import { TimedFile, type FileRules } from './timed-file.ts'

/** Makes the reader of a file. */
export type ReaderOf = (path: string) => LineReader

/** A file and the time of its first row. */
interface Waiting {
  readonly path: string
  /** Position in the arguments. */
  readonly index: number
  readonly seconds: number
  readonly nanos: number
}

interface Open {
  readonly file: TimedFile
  readonly index: number
}

/** How far the reading is. */
export type MergeProgress = Omit<ImportProgress, 'messages' | 'events'>

/** Merges files; rows go to their readers, which share `rules.clock`. */
export class MergedFiles {
  /** Rows read so far. */
  rows = 0
  /** Local times of the first and the last row, ns since the epoch. */
  firstTime = Number.NaN
  lastTime = Number.NaN
  /** Rows of an archive whose venue time goes back. */
  raised = 0
  /** Files that hold no row. */
  readonly empty: string[] = []
  readonly #paths: readonly string[]
  readonly #readerOf: ReaderOf
  readonly #rules: FileRules
  readonly #open: Open[] = []
  #waiting: Waiting[] = []
  #bytesDone = 0
  #bytesTotal = 0

  constructor(paths: readonly string[], readerOf: ReaderOf, rules: FileRules) {
    this.#paths = paths
    this.#readerOf = readerOf
    this.#rules = rules
  }

  /**
   * Looks at the first row of every file and sets the epoch: midnight of the earliest.
   *
   * @throws DataError for a file that cannot be read, TOO_FEW_ROWS when none has a row
   * @throws LobtraderError BAD_ARGUMENT for a file given twice
   */
  async begin(): Promise<void> {
    await checkTwice(this.#paths)
    let fault: DataError | undefined
    const rules: FileRules = {
      ...this.#rules,
      backwards: 'ignored',
      refuse: (error) => {
        fault ??= error
      },
    }
    for (const [index, path] of this.#paths.entries()) {
      fault = undefined
      const unmark = rules.tallies.map((tally) => tally.mark())
      const file = await TimedFile.open(path, this.#readerOf(path), rules)
      this.#bytesTotal += file.bytes
      await file.close()
      const { seconds, nanos } = file.reader.time
      if (file.hasRow) {
        this.#waiting.push({ path, index, seconds, nanos })
        for (const restore of unmark) restore()
      } else if (fault !== undefined) {
        // The file will not be read again.
        this.#rules.refuse(fault)
      } else this.empty.push(path)
    }
    this.#waiting.sort((a, b) => a.seconds - b.seconds || a.nanos - b.nanos || a.index - b.index)
    const [first] = this.#waiting
    if (first === undefined) {
      throw new DataError('TOO_FEW_ROWS', 'there is no row that could be read', {
        file: this.#paths.join(', '),
      })
    }
    const midnight = midnightBefore(BigInt(first.seconds) * 1_000_000_000n)
    this.#rules.clock.epochSecond = Number(midnight / 1_000_000_000n)
  }

  /**
   * Gives every row to its reader, in order.
   *
   * @param rest called now and then between rows
   * @throws DataError TIME_BACKWARDS when two files of one stream overlap
   */
  async read(rest: (progress: MergeProgress) => void): Promise<void> {
    try {
      for (;;) {
        await this.#openDue()
        const at = this.#least()
        if (at < 0) break
        const { file, index } = this.#open[at]!
        this.#take(file, this.#limit(at, index), index)
        if (file.hasRow) continue
        const hasMore = await file.advance()
        const bytesOpen = this.#open.reduce((sum, one) => sum + one.file.bytesRead, 0)
        rest({ bytesRead: this.#bytesDone + bytesOpen, bytesTotal: this.#bytesTotal })
        if (!hasMore) await this.#close(at)
      }
    } finally {
      for (const { file } of this.#open) await file.close()
    }
  }

  /** Hands over rows of `file` while no other has an earlier one. */
  #take(file: TimedFile, limit: Limit, index: number): void {
    const { reader } = file
    const { place } = this.#rules
    if (Number.isNaN(this.firstTime)) this.firstTime = file.time
    while (
      file.hasRow &&
      (file.time < limit.time || (file.time === limit.time && index < limit.index))
    ) {
      place.file = file.path
      place.line = file.line
      this.lastTime = file.time
      this.rows++
      try {
        reader.take(file.time)
      } catch (error) {
        if (!(error instanceof DataError)) throw error
        this.#rules.refuse(error)
      }
      file.step()
    }
  }

  #least(): number {
    let least = -1
    for (let i = 0; i < this.#open.length; i++) {
      const { file, index } = this.#open[i]!
      const best = this.#open[least]
      if (best === undefined || file.time < best.file.time) least = i
      else if (file.time === best.file.time && index < best.index) least = i
    }
    return least
  }

  /** The first row that is not of the file at `at`. */
  #limit(at: number, own: number): Limit {
    let time = Number.POSITIVE_INFINITY
    let index = own + 1
    this.#open.forEach(({ file, index: other }, i) => {
      if (i === at || file.time > time || (file.time === time && other > index)) return
      time = file.time
      index = other
    })
    const [next] = this.#waiting
    if (next === undefined) return { time, index }
    const nextTime = this.#timeOf(next)
    return nextTime < time ? { time: nextTime, index: -1 } : { time, index }
  }

  /** Opens the files that begin before the row at hand or with it. */
  async #openDue(): Promise<void> {
    for (;;) {
      const [next] = this.#waiting
      if (next === undefined) return
      const least = this.#least()
      if (least >= 0 && this.#open[least]!.file.time < this.#timeOf(next)) return
      this.#waiting.shift()
      const file = await TimedFile.open(next.path, this.#readerOf(next.path), this.#rules)
      this.#open.push({ file, index: next.index })
      this.#checkOverlap(file)
    }
  }

  #checkOverlap(file: TimedFile): void {
    const { stream } = file.reader
    // A file may begin at the very time at which the one before it ends.
    const other = this.#open.find(
      (one) =>
        one.file !== file &&
        one.file.reader.stream === stream &&
        (one.file.time > file.time || one.file.rows === 1),
    )
    if (stream === '' || other === undefined) return
    const { clock } = this.#rules
    const text = (ns: number): string => formatInstant(clock.epochNs + BigInt(ns))
    throw new DataError(
      'TIME_BACKWARDS',
      `the file begins at ${text(file.time)}, but ${other.file.path}, which holds ${stream} too, goes on to ${text(other.file.time)} and beyond; give each day once`,
      { file: file.path, line: file.line },
    )
  }

  async #close(at: number): Promise<void> {
    const [{ file }] = this.#open.splice(at, 1) as [Open]
    this.raised += file.raised
    this.#bytesDone += file.bytes
    await file.close()
  }

  #timeOf({ seconds, nanos }: Waiting): number {
    return (seconds - this.#rules.clock.epochSecond) * 1e9 + nanos
  }
}

interface Limit {
  readonly time: number
  readonly index: number
}

/** A file under two names would count twice. */
async function checkTwice(paths: readonly string[]): Promise<void> {
  const seen = new Map<string, string>()
  for (const path of paths) {
    const input = await InputFile.open(path)
    await input.close()
    const real = await realpath(path)
    const before = seen.get(real)
    if (before !== undefined) {
      throw new LobtraderError('BAD_ARGUMENT', `${before} and ${path} are the same file`)
    }
    seen.set(real, path)
  }
}
