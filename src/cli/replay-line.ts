/** Draws the top of a book while it is replayed: one line over itself, on a terminal only. */
import type { OrderBook, OrderBookL3 } from '../book/index.ts'
import { HighPrecisionClock, formatInstant } from '../time/index.ts'
import type { ReplayTally } from './replay-tally.ts'
import { grouped } from './table.ts'
import type { Terminal } from './terminal.ts'

const INTERVAL_NS = 50_000_000n

/** What the line shows beside the tally. */
export interface ReplayLineOptions {
  readonly book: OrderBook | OrderBookL3
  readonly epochNs: bigint
  readonly speed: string
}

/** Shows a replay at most twenty times a second. */
export class ReplayLine {
  readonly #terminal: Terminal
  readonly #options: ReplayLineOptions
  readonly #monotonicNs: () => bigint
  #lastNs: bigint | undefined

  /** @param monotonicNs nanoseconds of a clock that never goes back */
  constructor(
    terminal: Terminal,
    options: ReplayLineOptions,
    monotonicNs = () => HighPrecisionClock.monotonicNs(),
  ) {
    this.#terminal = terminal
    this.#options = options
    this.#monotonicNs = monotonicNs
  }

  /** Draws the line, unless nobody watches or it was drawn a moment ago. */
  update(time: number, tally: ReplayTally): void {
    if (!this.#terminal.isWatched) return
    const nowNs = this.#monotonicNs()
    if (this.#lastNs !== undefined && nowNs - this.#lastNs < INTERVAL_NS) return
    this.#lastNs = nowNs
    const { book, epochNs, speed } = this.#options
    const at = formatInstant(epochNs + BigInt(time))
      .slice(0, 23)
      .replace('T', ' ')
    const counts = `${grouped(tally.events)} events  ${grouped(tally.trades)} trades  ${speed}`
    this.#terminal.err(`\r\u001b[K${at}  ${topText(book)}  ${counts}`)
  }

  /** Frees the line for whatever is printed next. */
  finish(): void {
    if (this.#lastNs === undefined) return
    this.#lastNs = undefined
    this.#terminal.err('\r\u001b[K')
  }
}

/** Returns the best prices with their sizes: `1.5 x 61500.1 | 61500.2 x 0.3`. */
export function topText(book: OrderBook | OrderBookL3): string {
  const side = (price: number, text: string): string => (Number.isNaN(price) ? 'none' : text)
  const bid = side(book.bestBid, `${book.bestBidSize} x ${book.bestBid}`)
  const ask = side(book.bestAsk, `${book.bestAsk} x ${book.bestAskSize}`)
  return `${bid} | ${ask}`
}
