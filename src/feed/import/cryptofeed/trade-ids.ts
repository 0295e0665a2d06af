/** Judges the ids of one symbol's trades. */
import type { VenueTrade } from './market-events.ts'

/** Ids to remember, to tell a repeated trade from one that comes late. */
const RECENT = 64

/** Leaves out repeated trades, counts missing and late ones. */
export class TradeIds {
  /** Trades that were written already; left out. */
  repeated = 0
  /** Ids that were jumped over, where the venue's have no holes. */
  missing = 0
  /** Trades that came behind a later one; written where they came. */
  late = 0
  /** Trades from before the subscription; left out. */
  past = 0
  readonly #isDense: boolean
  readonly #recent: number[] = []
  #last = -1

  /** @param isDense the venue's ids have no holes */
  constructor(isDense: boolean) {
    this.#isDense = isDense
  }

  /** Returns true for a trade that is to be written. */
  take({ id, isPast, time }: VenueTrade): boolean {
    if (isPast || Number.isNaN(time)) {
      this.past++
      if (id > this.#last) this.#last = id
      return false
    }
    if (id < 0) return true
    if (id <= this.#last) {
      if (this.#recent.includes(id) || this.#recent.length === 0) {
        this.repeated++
        return false
      }
      this.late++
      // A late trade fills a hole that was counted.
      if (this.#isDense && this.missing > 0) this.missing--
    } else {
      if (this.#isDense && this.#last >= 0) this.missing += id - this.#last - 1
      this.#last = id
    }
    this.#recent.push(id)
    if (this.#recent.length > RECENT) this.#recent.shift()
    return true
  }
}
