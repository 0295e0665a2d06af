/** What an import of Tardis.dev tables keeps for a symbol. */
import { LobtraderError } from '../../../core/index.ts'
import type { Side } from '../../../market/index.ts'
import type { LevelTape } from '../level-tape.ts'
import { PartialBook, type PartialSide } from '../table/partial-book.ts'

/**
 * Gathers rows of one message, and snapshot rows of one snapshot.
 *
 * "If the last update was not a snapshot and the current one is, the existing book must be
 * discarded" (docs.tardis.dev, incremental_book_L2): a run of snapshot rows is one snapshot. Its
 * rows of one moment replace the book at once; further rows of the run add to it.
 */
export class TardisBook {
  /** Rows of updates before the first snapshot, which are left out. */
  unjoined = 0
  /** Snapshots behind the first: the recorder had lost the stream. */
  reconnects = 0
  #source = ''
  #hasSnapshot = false
  /** True while the rows of a snapshot run follow one another. */
  #isInRun = false
  #open: 'snapshot' | 'levels' | undefined
  #localTime = Number.NaN
  #exchTime = Number.NaN
  #partial: PartialBook | undefined

  /**
   * Notes which table tells of the book: two would tell it twice.
   *
   * @throws LobtraderError BAD_ARGUMENT
   */
  fedBy(source: string, symbol: string): void {
    if (this.#source === source) return
    if (this.#source !== '') {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `the files tell of the book of ${symbol} twice, by ${this.#source} and by ${source}; give one of them`,
        { symbol },
      )
    }
    this.#source = source
  }

  /** A row of `incremental_book_L2`. */
  update(
    tape: LevelTape,
    { localTime, exchTime }: { readonly localTime: number; readonly exchTime: number },
    { isSnapshot, side, tick, lots }: TardisLevel,
  ): void {
    if (
      localTime !== this.#localTime ||
      exchTime !== this.#exchTime ||
      isSnapshot !== this.#isInRun
    ) {
      this.close(tape)
    }
    if (!isSnapshot && !this.#hasSnapshot) {
      this.unjoined++
      return
    }
    if (this.#open === undefined) {
      this.#localTime = localTime
      this.#exchTime = exchTime
      tape.at(localTime, exchTime)
      const begins = isSnapshot && !this.#isInRun
      if (begins && this.#hasSnapshot) this.reconnects++
      if (begins) tape.beginSnapshot()
      this.#open = begins ? 'snapshot' : 'levels'
      this.#hasSnapshot = true
      this.#isInRun = isSnapshot
    }
    if (this.#open === 'levels') tape.level(side, tick, lots)
    else if (lots > 0) tape.snapshotLevel(side, tick, lots)
  }

  /** A row of `book_snapshot_5` or `_25`; the tape stands at its time. */
  replace(tape: LevelTape, bids: PartialSide, asks: PartialSide): void {
    this.#partial ??= new PartialBook(bids.ticks.length)
    this.#partial.write(tape, bids, asks)
  }

  /**
   * Ends the book behind the last row.
   *
   * @throws LobtraderError ABSENT_SNAPSHOT when there were updates, but nothing to apply them to
   */
  finish(tape: LevelTape, symbol: string): void {
    this.close(tape)
    if (this.#hasSnapshot || this.unjoined === 0) return
    throw new LobtraderError(
      'ABSENT_SNAPSHOT',
      `no row of ${symbol} is of a snapshot, so no book can be built of its ${this.unjoined} updates; files of Tardis.dev begin with one`,
      { symbol },
    )
  }

  /** Ends the message at hand: call it before any other row of the symbol. */
  close(tape: LevelTape): void {
    if (this.#open === 'snapshot') tape.endSnapshot()
    if (this.#open !== undefined) tape.endLevels()
    this.#open = undefined
  }
}

/** One level of an update. */
export interface TardisLevel {
  readonly isSnapshot: boolean
  readonly side: Side
  readonly tick: number
  readonly lots: number
}
