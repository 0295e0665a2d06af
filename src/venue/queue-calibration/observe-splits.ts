/** Who of a queue leaves it, seen from another who stays: out of market-by-order data. */
import { Prng } from '../../core/index.ts'
import { NO_ASK, NO_BID } from '../../book/index.ts'
import type { EventColumns } from '../../market/index.ts'
import type { QueueSplit } from './fit-splits.ts'
import { OrderWalk, type OrderWalkOptions, type OrderWatcher } from './order-walk.ts'

/** Which decreases {@link observeSplits} takes. */
export interface SplitOptions extends OrderWalkOptions {
  /** Decreases before are left out; ns since the epoch, default: none. */
  readonly fromTime?: number
  /** Ticks from the best price of the side within which queues count; default: all. */
  readonly ticksFromBest?: number
  /** Seed of the choice of the order that sees it; default 1. */
  readonly seed?: number
}

/**
 * Observes each cancellation, reduction or move of an order from one other order of its queue, chosen
 * at random: one trial for each, or the same event would count once for everybody who saw it.
 *
 * @param events market-by-order rows
 */
export function observeSplits(events: EventColumns, options: SplitOptions = {}): QueueSplit[] {
  const walk = new OrderWalk(events, options)
  const watcher = new SplitWatcher(walk, options)
  walk.run(watcher)
  return watcher.splits
}

class SplitWatcher implements OrderWatcher {
  readonly splits: QueueSplit[] = []
  readonly #walk: OrderWalk
  readonly #fromTime: number
  readonly #ticksFromBest: number
  readonly #prng: Prng

  constructor(walk: OrderWalk, options: SplitOptions) {
    this.#walk = walk
    this.#fromTime = options.fromTime ?? Number.NEGATIVE_INFINITY
    this.#ticksFromBest = options.ticksFromBest ?? Number.POSITIVE_INFINITY
    this.#prng = new Prng(options.seed ?? 1)
  }

  leaves(ref: number, _lots: number, isExecuted: boolean): void {
    const { queues, time, ladder } = this.#walk
    if (isExecuted || time < this.#fromTime) return
    const side = queues.sideOf(ref)
    const tick = queues.tickOf(ref)
    const count = queues.countAt(side, tick)
    if (count < 2) return
    const best = side === 0 ? ladder.bestBidTick : ladder.bestAskTick
    if (best === NO_BID || best === NO_ASK || Math.abs(best - tick) > this.#ticksFromBest) return
    let seeing = queues.firstAt(side, tick)
    const leaver = queues.ordersAhead(ref)
    // Any of the others: the leaver's own place is passed over.
    const chosen = this.#prng.nextInt(count - 1)
    const steps = chosen < leaver ? chosen : chosen + 1
    for (let i = 0; i < steps; i++) seeing = queues.nextOf(seeing)
    const total = side === 0 ? ladder.bidLotsAt(tick) : ladder.askLotsAt(tick)
    const frontLots = queues.lotsAhead(seeing)
    const backLots = total - frontLots - queues.lotsOf(seeing)
    this.splits.push({ frontLots, backLots, isAhead: leaver < steps })
  }

  came(): void {}
  filled(): void {}
  modified(): void {}
  traded(): void {}
  lost(): void {}
  ended(): void {}
}
