/** What an import of CSV files keeps for a symbol. */
import type { Side } from '../../../market/index.ts'
import type { LevelTape } from '../level-tape.ts'
import type { OrdersTape } from '../orders-tape.ts'
import { PartialBook, type PartialSide } from '../table/partial-book.ts'

/** Books of levels; orders have a tape of their own. */
export class CsvSymbol {
  orders: OrdersTape | undefined
  /** How the columns are read. */
  told = ''
  #partial: PartialBook | undefined
  #open: 'snapshot' | 'levels' | undefined
  #localTime = Number.NaN

  /** The whole window of a row; the tape stands at its time. */
  replace(tape: LevelTape, bids: PartialSide, asks: PartialSide): void {
    this.#partial ??= new PartialBook(bids.ticks.length)
    this.#partial.write(tape, bids, asks)
  }

  /** A level; rows of one time are a message, rows of a snapshot replace the book at once. */
  level(
    tape: LevelTape,
    at: { readonly localTime: number; readonly exchTime: number; readonly seq: number },
    row: {
      readonly isSnapshot: boolean
      readonly side: Side
      readonly tick: number
      readonly lots: number
    },
  ): void {
    const kind = row.isSnapshot ? 'snapshot' : 'levels'
    if (this.#open !== kind || this.#localTime !== at.localTime) {
      this.close(tape)
      tape.at(at.localTime, at.exchTime, at.seq)
      if (row.isSnapshot) tape.beginSnapshot()
      this.#open = kind
      this.#localTime = at.localTime
    } else if (!row.isSnapshot) tape.at(at.localTime, at.exchTime, at.seq)
    if (!row.isSnapshot) tape.level(row.side, row.tick, row.lots)
    else if (row.lots > 0) tape.snapshotLevel(row.side, row.tick, row.lots)
  }

  /** Ends the message at hand: call it before any other row of the symbol. */
  close(tape: LevelTape): void {
    if (this.#open === 'snapshot') tape.endSnapshot()
    if (this.#open !== undefined) tape.endLevels()
    this.#open = undefined
  }
}
