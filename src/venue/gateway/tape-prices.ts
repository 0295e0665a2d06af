/**
 * The last trade and the last mark price that the exchange has seen, looked up when asked: a run
 * that never asks pays for one look back at the end of each window.
 */
import {
  EventKind,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  type EventColumns,
  type EventWindows,
} from '../../market/index.ts'

const MASK = KIND_MASK | LOCAL_ONLY_BIT

/** The last price of one kind of row. */
class LastPrice {
  ticks = Number.NaN
  readonly #kind: EventKind
  /** Rows of the present window that have been looked at. */
  #seen = 0

  constructor(kind: EventKind) {
    this.#kind = kind
  }

  /** Looks at the rows before `row` that nobody has looked at, the latest first. */
  look(events: EventColumns, row: number): number {
    const { code, tick, exchOrder } = events
    for (let position = row - 1; position >= this.#seen; position--) {
      const i = exchOrder === undefined ? position : exchOrder[position]!
      if ((code[i]! & MASK) !== this.#kind) continue
      this.ticks = tick[i]!
      break
    }
    this.#seen = Math.max(this.#seen, row)
    return this.ticks
  }

  leave(events: EventColumns): void {
    this.look(events, events.length)
    this.#seen = 0
  }
}

/** @see module comment */
export class TapePrices {
  /** The windows to give to the core: the same, seen on their way. */
  readonly windows: EventWindows
  readonly #trade = new LastPrice(EventKind.Trade)
  readonly #mark = new LastPrice(EventKind.Funding)
  #events: EventColumns | undefined

  /** @param windows the tape in order of venue time */
  constructor(windows: EventWindows) {
    const next = (): EventColumns | undefined => {
      const events = this.#events
      if (events !== undefined) {
        this.#trade.leave(events)
        this.#mark.leave(events)
      }
      this.#events = windows.next()
      return this.#events
    }
    this.windows = {
      get isLast() {
        return windows.isLast
      },
      next,
      close: () => windows.close(),
    }
  }

  /** Ticks of the last trade before `row` of the present window; NaN before the first. */
  lastTrade(row: number): number {
    return this.#events === undefined ? Number.NaN : this.#trade.look(this.#events, row)
  }

  /** Ticks of the last mark price, as {@link lastTrade}. */
  lastMark(row: number): number {
    return this.#events === undefined ? Number.NaN : this.#mark.look(this.#events, row)
  }
}
