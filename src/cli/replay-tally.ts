/** Counts what a replay lets through. */
import type { ReplayBatch } from '../feed/index.ts'
import { EXCH_ONLY_BIT, EventKind, KIND_MASK } from '../market/index.ts'

/** @see module comment */
export class ReplayTally {
  events = 0
  /** Groups of rows that reached us together. */
  messages = 0
  trades = 0
  /** Local time of the first and the last row, ns since the epoch; NaN before the first. */
  firstTime = Number.NaN
  lastTime = Number.NaN

  add({ events, fromRow, toRow }: ReplayBatch): void {
    const { localTime, code } = events
    if (Number.isNaN(this.firstTime)) this.firstTime = localTime[fromRow]!
    let last = this.lastTime
    for (let i = fromRow; i < toRow; i++) {
      const time = localTime[i]!
      if (time !== last) this.messages++
      last = time
      if ((code[i]! & (KIND_MASK | EXCH_ONLY_BIT)) === EventKind.Trade) this.trades++
    }
    this.lastTime = last
    this.events += toRow - fromRow
  }
}
