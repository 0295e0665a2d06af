/**
 * Checks that an orderbook row follows from the row before and the message between them.
 *
 * A level that enters the window from outside takes its size from the row: messages outside the
 * window are not in the file.
 */
import { RowSide, type BookRow } from './book-row.ts'

/** Message types of LOBSTER. */
export const LobsterType = {
  Submission: 1,
  /** Part of an order is cancelled. */
  Cancellation: 2,
  Deletion: 3,
  /** Execution of a visible order. */
  Execution: 4,
  /** Execution of a hidden order. */
  HiddenExecution: 5,
  /** Auction trade. */
  Cross: 6,
  Halt: 7,
} as const

/** Predicts rows. */
export class TransitionCheck {
  readonly #levels: number
  readonly #bids: RowSide
  readonly #asks: RowSide

  constructor(levels: number) {
    this.#levels = levels
    this.#bids = new RowSide(1, levels)
    this.#asks = new RowSide(-1, levels)
  }

  /** True when `after` is `before` changed by one message; `direction` is the resting side. */
  follows(
    before: BookRow,
    message: {
      readonly type: number
      readonly tick: number
      readonly lots: number
      readonly direction: number
    },
    after: BookRow,
  ): boolean {
    const { type, tick, lots, direction } = message
    this.#bids.copyFrom(before.bids)
    this.#asks.copyFrom(before.asks)
    const side = direction > 0 ? this.#bids : this.#asks
    if (type === LobsterType.Submission) add(side, tick, lots)
    else if (type >= LobsterType.Cancellation && type <= LobsterType.Execution) {
      if (!take(side, tick, lots)) return false
    }
    return (
      this.#agrees(this.#bids, before.bids.count, after.bids) &&
      this.#agrees(this.#asks, before.asks.count, after.asks)
    )
  }

  #agrees(expected: RowSide, countBefore: number, actual: RowSide): boolean {
    const count = Math.min(expected.count, this.#levels)
    if (actual.count < count || !actual.startsLike(expected, count)) return false
    if (actual.count === count) return true
    // One level may come in from outside, where a full window has lost one.
    return countBefore === this.#levels && actual.count === count + 1
  }
}

function add(side: RowSide, tick: number, lots: number): void {
  const at = side.find(tick)
  if (at < side.count && side.ticks[at] === tick) side.lots[at]! += lots
  else if (at < side.ticks.length) side.insertAt(at, tick, lots)
}

function take(side: RowSide, tick: number, lots: number): boolean {
  const at = side.find(tick)
  if (at >= side.count || side.ticks[at] !== tick || side.lots[at]! < lots) return false
  side.lots[at]! -= lots
  if (side.lots[at] === 0) side.removeAt(at)
  return true
}
