/**
 * Wakes one strategy by the rows of one instrument.
 *
 * Which row comes next is known beforehand, so that a wake-up neither searches nor allocates.
 */
import {
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  codeSide,
  firstRowAtOrAfter,
  type EventColumns,
} from '../market/index.ts'
import type { Data } from './data.ts'
import type { LocalSide } from './local-side.ts'
import type { NextTimes } from './next-times.ts'
import type { StrategyHooks } from './strategy-hooks.ts'

/** What a {@link FeedWaker} works with. */
export interface FeedWakerOptions {
  readonly local: LocalSide
  readonly data: Data
  readonly hooks: StrategyHooks
  /** Tells the hooks of the status of every book. */
  readonly lookAround: () => void
  /** Codes of rows that wake the strategy, from {@link wakeTable}. */
  readonly wakes: Uint8Array
  /** Holds the time of the next wake-up in `slot`. */
  readonly nextTimes: NextTimes
  readonly slot: number
}

/** @see module comment */
export class FeedWaker {
  readonly #local: LocalSide
  readonly #data: Data
  readonly #hooks: StrategyHooks
  readonly #lookAround: () => void
  readonly #wakes: Uint8Array
  readonly #nextTimes: NextTimes
  readonly #slot: number = 0
  #row = 0
  #hasEnded = false

  constructor(options: FeedWakerOptions) {
    this.#local = options.local
    this.#data = options.data
    this.#hooks = options.hooks
    this.#lookAround = options.lookAround
    const { wakes, local, hooks } = options
    this.#wakes = local.readsTicker && hooks.wantsStatus ? withTickerCodes(wakes) : wakes
    this.#nextTimes = options.nextTimes
    this.#slot = options.slot
  }

  /** Begins with the rows of `time`. */
  begin(time: number): void {
    const { localTime, length } = this.#local.events
    this.#row = firstRowAtOrAfter(localTime, length, time)
    this.#schedule()
  }

  /** Goes on in the window that has just begun. */
  enterWindow(): void {
    if (this.#hasEnded) return
    this.#row = 0
    this.#schedule()
  }

  /** No row wakes the strategy from now on. */
  end(): void {
    this.#hasEnded = true
    this.#nextTimes.set(this.#slot, Number.POSITIVE_INFINITY)
  }

  /** Shows the strategy what has reached it at `time`, which is when its next row has. */
  wake(time: number): void {
    const local = this.#local
    const hooks = this.#hooks
    const data = this.#data
    const { events } = local
    const { localTime, length } = events
    const from = this.#row
    let to = from + 1
    while (to < length && localTime[to] === time) to++
    this.#row = to
    local.wakeAt(to)
    if (hooks.hearsStatus) {
      hooks.bookStatus(data, local.book.status)
      if (!hooks.isLive) this.#lookAround()
    }
    if (hooks.isLive) {
      // Where no trade wakes the strategy, a row of the book has.
      const hasBookRow = !hooks.wantsTrades || this.#tellTrades(events, from, to)
      if (hasBookRow && hooks.wantsBook) hooks.book(data)
    }
    if (!this.#hasEnded) this.#schedule()
  }

  /** Tells of the trades among rows [from, to); returns true when any other row is visible. */
  #tellTrades(events: EventColumns, from: number, to: number): boolean {
    const hooks = this.#hooks
    const data = this.#data
    const { code, tick, lots, localTime } = events
    const { instrument } = data
    let hasBookRow = false
    for (let row = from; row < to; row++) {
      const c = code[row]!
      if ((c & EXCH_ONLY_BIT) !== 0) continue
      if ((c & KIND_MASK) !== EventKind.Trade) {
        hasBookRow = true
      } else {
        const trade = {
          time: localTime[row]!,
          price: instrument.price(tick[row]!),
          priceTicks: tick[row]!,
          size: instrument.size(lots[row]!),
          sizeLots: lots[row]!,
          side: codeSide(c),
        }
        hooks.trade(trade, data)
      }
    }
    return hasBookRow
  }

  /** Notes the next row that the strategy wants, and passes those that it does not. */
  #schedule(): void {
    const wakes = this.#wakes
    const { code, localTime, length } = this.#local.events
    let row = this.#row
    while (row < length && wakes[code[row]!] === 0) row++
    this.#row = row
    this.#nextTimes.set(this.#slot, row < length ? localTime[row]! : Number.POSITIVE_INFINITY)
  }
}

/** Returns which codes wake the strategy; undefined when no feed hook is overridden. */
export function wakeTable(hooks: StrategyHooks): Uint8Array | undefined {
  if (!hooks.wantsBook && !hooks.wantsTrades && !hooks.wantsStatus) return undefined
  const table = new Uint8Array(256)
  for (let code = 0; code < 256; code++) {
    if ((code & EXCH_ONLY_BIT) !== 0) continue
    const kind = code & KIND_MASK
    const isTrade = kind === EventKind.Trade
    // Any row of a book may cross it, or empty it.
    const isOfBook = kind !== EventKind.Bbo && kind !== EventKind.Funding && !isTrade
    if (isTrade ? hooks.wantsTrades : hooks.wantsBook || (isOfBook && hooks.wantsStatus))
      table[code] = 1
  }
  return table
}

/** The same where rows of the ticker move the book, and may cross or empty it. */
function withTickerCodes(wakes: Uint8Array): Uint8Array {
  return wakes.map((wake, code) =>
    (code & (KIND_MASK | EXCH_ONLY_BIT)) === EventKind.Bbo ? 1 : wake,
  )
}
