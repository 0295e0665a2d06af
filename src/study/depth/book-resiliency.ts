/** How fast a book comes back after an aggressive order. */
import type { BookView } from '../../book/index.ts'
import type { Side } from '../../market/index.ts'
import { durationNs, type Duration } from '../../time/index.ts'
import { requireLevels, requireThat, takenSide, walkSide } from './book-side.ts'
import { RecoveryTimes, type Recovery } from './recovery-times.ts'

/** What {@link BookResiliency} takes for a shock and how long it watches. */
export interface BookResiliencyOptions {
  /** Levels whose prices bound the near-touch depth; default 5. */
  readonly levels?: number
  /** Time after a trade in which the book may show what it did; default 100 ms. */
  readonly shockWindow?: Duration | string
  /** Time after a shock in which it must be made good; default 10 s. */
  readonly horizon?: Duration | string
  /** Shocks that the figures look back on; default 500. */
  readonly window?: number
  /** Shocks to wait for; default 20. */
  readonly leastShocks?: number
}

/** What is known of a book's resiliency; each part undefined while it has too few shocks. */
export interface Resiliency {
  /** Of the spread. */
  readonly spread: Recovery | undefined
  /** Of the near-touch depth of the side that was hit. */
  readonly depth: Recovery | undefined
}

/** One figure during a shock: how far it is off, at worst and when, in ticks or lots. */
interface Deviation {
  worst: number
  worstTime: number
  isOpen: boolean
}

/** The book before a trade. */
interface Calm {
  time: number
  spreadTicks: number
  /** By side of the book: best price, lots near the touch, and the worst tick that they reach. */
  readonly bestTick: [number, number]
  readonly lots: [number, number]
  readonly farTick: [number, number]
}

/**
 * Measures how long it takes until half of what an aggressive order did to the book is made good.
 *
 * A shock is a trade after which the best price of the side it hit lies further back, within
 * `shockWindow`: the order consumed a level or more. The spread is off by its excess over the spread
 * before the trade, the depth by what is missing of the lots at the prices of the best `levels`
 * levels of that side before it. A shock counts from the moment of the largest deviation in the
 * window; it is half made good once the deviation is at most half of that. Further trades during a
 * shock belong to it, as aggressive orders come in clusters. The next shock is looked for once both
 * figures are half made good or `horizon` has passed; then what is still off counts as not
 * recovered. The median over shocks treats those rightly as "longer than the horizon", where a mean
 * could not.
 *
 * Where the spread is one tick most of the time, and the other side follows in the message that shows
 * the trade, few shocks are seen in the spread: the depth tells more there.
 *
 * Call {@link trade} for each trade, and {@link update} after the rows of each moment; at the same
 * time, the trade first. A trade that is told of later than its effect on the book is no shock.
 * While the book is not live nothing counts, and a shock under way is dropped. Cost: O(levels near
 * the touch) per update.
 *
 * @source Degryse, de Jong, van Ravenswaaij & Wuyts (2005), "Aggressive Orders and the Resiliency of
 *   a Limit Order Market", Review of Finance 9(2): spread and depth after orders that move prices;
 *   Large (2007), "Measuring the resiliency of an electronic limit order book", Journal of Financial
 *   Markets 10(1): resiliency as the probability of replenishment and its half-life. The estimator
 *   is a plain median of half-recovery times, not Large's Hawkes model.
 */
export class BookResiliency {
  readonly #levels: number
  readonly #shockWindowNs: number
  readonly #horizonNs: number
  readonly #leastShocks: number
  readonly #spreadTimes: RecoveryTimes
  readonly #depthTimes: RecoveryTimes
  /** The book after the last update; `time` is NaN while there is none to compare with. */
  readonly #calm = newCalm()
  /** The book before the trade under watch. */
  readonly #before = newCalm()
  readonly #spread: Deviation = { worst: 0, worstTime: 0, isOpen: false }
  readonly #depth: Deviation = { worst: 0, worstTime: 0, isOpen: false }
  /** Side of the book that was hit, by the trade under watch. */
  #hit: 0 | 1 = 0
  #tradeTime = Number.NaN
  #isShock = false

  /** @throws LobtraderError BAD_ARGUMENT or BAD_DURATION */
  constructor(options: BookResiliencyOptions = {}) {
    const { levels = 5, window = 500, leastShocks = 20 } = options
    requireLevels(levels)
    requireThat(Number.isInteger(window) && window >= 1, 'window', window, 'a whole number >= 1')
    requireThat(
      Number.isInteger(leastShocks) && leastShocks >= 1 && leastShocks <= window,
      'leastShocks',
      leastShocks,
      `a whole number from 1 to the window ${window}`,
    )
    this.#levels = levels
    this.#leastShocks = leastShocks
    this.#shockWindowNs = durationNs(options.shockWindow ?? '100ms')
    this.#horizonNs = durationNs(options.horizon ?? '10s')
    requireThat(
      this.#horizonNs > this.#shockWindowNs,
      'horizon',
      this.#horizonNs,
      `longer than the shock window, ${this.#shockWindowNs} ns`,
    )
    this.#spreadTimes = new RecoveryTimes(window)
    this.#depthTimes = new RecoveryTimes(window)
  }

  /** Takes a trade of the market. @param time ns, not going back @param side aggressor */
  trade(time: number, side: Side): void {
    this.#expire(time)
    if (this.#isShock) return
    // The first trade of a burst knows the book before all of it.
    const isBurst = time - this.#tradeTime <= this.#shockWindowNs && this.#hit === takenSide(side)
    if (isBurst) return
    this.#hit = takenSide(side)
    this.#tradeTime = time
    copyCalm(this.#calm, this.#before)
  }

  /** Takes the book as it stands after all rows of a moment. @param time ns, not going back */
  update(time: number, book: BookView): void {
    if (book.status !== 'live' || book.bestBidLots === 0 || book.bestAskLots === 0) {
      this.#forget()
      return
    }
    this.#expire(time)
    if (!Number.isNaN(this.#tradeTime)) this.#follow(time, book)
    this.#remember(time, book)
  }

  /** Returns what is known so far; a shock under way is not in it. */
  get value(): Resiliency {
    return {
      spread: this.#spreadTimes.recovery(this.#leastShocks),
      depth: this.#depthTimes.recovery(this.#leastShocks),
    }
  }

  /** Between two updates the book stood still: what was off at the horizon was not made good. */
  #expire(time: number): void {
    if (!this.#isShock) {
      if (time - this.#tradeTime > this.#shockWindowNs) this.#tradeTime = Number.NaN
      return
    }
    if (isPast(this.#spread, time, this.#horizonNs)) close(this.#spread, this.#spreadTimes)
    if (isPast(this.#depth, time, this.#horizonNs)) close(this.#depth, this.#depthTimes)
    this.#endShock()
  }

  #follow(time: number, book: BookView): void {
    const before = this.#before
    if (Number.isNaN(before.time)) return
    const hit = this.#hit
    const { bestBidTick, bestAskTick } = book.ladder
    const bestTick = hit === 0 ? bestBidTick : bestAskTick
    const retreat = (bestTick - before.bestTick[hit]) * (hit === 0 ? -1 : 1)
    if (!this.#isShock && retreat <= 0) return
    const spreadOff = bestAskTick - bestBidTick - before.spreadTicks
    const depthOff = before.lots[hit] - walkSide(book, hit, { tick: before.farTick[hit] }).lots
    if (!this.#isShock) {
      this.#isShock = true
      open(this.#spread)
      open(this.#depth)
    }
    const isWindow = time - this.#tradeTime <= this.#shockWindowNs
    advance(this.#spread, { time, off: spreadOff, isWindow }, this.#spreadTimes)
    advance(this.#depth, { time, off: depthOff, isWindow }, this.#depthTimes)
    this.#endShock()
  }

  #endShock(): void {
    if (!this.#isShock || this.#spread.isOpen || this.#depth.isOpen) return
    this.#isShock = false
    this.#tradeTime = Number.NaN
  }

  #remember(time: number, book: BookView): void {
    const { bestBidTick, bestAskTick } = book.ladder
    const calm = this.#calm
    calm.time = time
    calm.spreadTicks = bestAskTick - bestBidTick
    for (const index of [0, 1] as const) {
      const near = walkSide(book, index, { levels: this.#levels })
      calm.bestTick[index] = near.bestTick
      calm.lots[index] = near.lots
      calm.farTick[index] = near.worstTick
    }
  }

  #forget(): void {
    this.#calm.time = Number.NaN
    this.#tradeTime = Number.NaN
    this.#isShock = false
    this.#spread.isOpen = false
    this.#depth.isOpen = false
  }
}

function newCalm(): Calm {
  return { time: Number.NaN, spreadTicks: 0, bestTick: [0, 0], lots: [0, 0], farTick: [0, 0] }
}

function copyCalm(from: Calm, to: Calm): void {
  to.time = from.time
  to.spreadTicks = from.spreadTicks
  for (const index of [0, 1] as const) {
    to.bestTick[index] = from.bestTick[index]
    to.lots[index] = from.lots[index]
    to.farTick[index] = from.farTick[index]
  }
}

function open(deviation: Deviation): void {
  deviation.worst = 0
  deviation.isOpen = true
}

function isPast(deviation: Deviation, time: number, horizonNs: number): boolean {
  return deviation.isOpen && deviation.worst > 0 && time - deviation.worstTime > horizonNs
}

function close(deviation: Deviation, times: RecoveryTimes): void {
  times.add(Number.POSITIVE_INFINITY)
  deviation.isOpen = false
}

/** Takes the next value of a deviation; in the window of the shock it may still grow. */
function advance(
  deviation: Deviation,
  now: { readonly time: number; readonly off: number; readonly isWindow: boolean },
  times: RecoveryTimes,
): void {
  if (!deviation.isOpen) return
  if (now.isWindow && now.off > deviation.worst) {
    deviation.worst = now.off
    deviation.worstTime = now.time
  } else if (deviation.worst > 0 && now.off <= deviation.worst / 2) {
    times.add(now.time - deviation.worstTime)
    deviation.isOpen = false
  } else if (deviation.worst === 0 && !now.isWindow) {
    // This figure saw no shock: nothing was missing.
    deviation.isOpen = false
  }
}
