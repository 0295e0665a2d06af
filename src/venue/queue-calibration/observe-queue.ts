/**
 * Real resting orders out of market-by-order data: what became of each, and what somebody who sees
 * levels only would have seen of its queue meanwhile.
 */
import type { EventColumns, Side } from '../../market/index.ts'
import { LevelPathWriter, type QueueObservation } from './level-path.ts'
import {
  OrderWalk,
  type OrderWalkOptions,
  type OrderWatcher,
  type SideIndex,
} from './order-walk.ts'

/** Which orders {@link observeQueue} takes, and how the levels are shown. */
export interface QueueObserveOptions extends OrderWalkOptions {
  /** Orders that come before are left out; ns since the epoch, default: none. */
  readonly fromTime?: number
  /**
   * How often levels are shown, in ns; trades are shown at once. Default 0: with every message, as by
   * venues that tell each change; 100 ms is what some crypto venues do.
   */
  readonly showEveryNs?: number
  /** How long a path goes on behind the end of its order, in ns; default 0. */
  readonly afterEndNs?: number
  /** Says which orders are wanted, as they come; default: all. */
  readonly isWanted?: (order: NewQueueOrder) => boolean
}

/** An order that has just come to rest. */
export interface NewQueueOrder {
  readonly side: Side
  readonly tick: number
  readonly frontLots: number
  readonly acceptTime: number
}

/** An order of the data while its level is written. */
interface Followed {
  readonly ref: number
  readonly side: SideIndex
  readonly tick: number
  readonly frontLots: number
  readonly acceptTime: number
  readonly writer: LevelPathWriter
  /** True while the order, or what a fill has left of it, stands in the level. */
  isInBook: boolean
  isFilled: boolean
  /** NaN while it lasts. */
  endTime: number
  endMessage: number
}

/**
 * Observes every order that came to rest without taking, was never modified, and was filled or
 * cancelled, or rested to the end. Its own lots are not in its path.
 *
 * @param events market-by-order rows
 */
export function observeQueue(
  events: EventColumns,
  options: QueueObserveOptions = {},
): QueueObservation[] {
  const walk = new OrderWalk(events, options)
  const follower = new QueueFollower(walk, options)
  walk.run(follower)
  return follower.finish()
}

class QueueFollower implements OrderWatcher {
  readonly #walk: OrderWalk
  readonly #fromTime: number
  readonly #showEveryNs: number
  readonly #afterEndNs: number
  readonly #isWanted: (order: NewQueueOrder) => boolean
  /** By reference, while in the book. */
  readonly #live = new Map<number, Followed>()
  /** By side and tick, as long as anything may be written. */
  readonly #atLevel: readonly Map<number, Followed[]>[] = [new Map(), new Map()]
  /** Levels that have changed since they were last shown. */
  readonly #changed: readonly Set<number>[] = [new Set(), new Set()]
  readonly #ended: Followed[] = []
  #shownAt = Number.NEGATIVE_INFINITY

  constructor(walk: OrderWalk, options: QueueObserveOptions) {
    this.#walk = walk
    this.#fromTime = options.fromTime ?? Number.NEGATIVE_INFINITY
    this.#showEveryNs = options.showEveryNs ?? 0
    this.#afterEndNs = options.afterEndNs ?? 0
    this.#isWanted = options.isWanted ?? (() => true)
  }

  came(ref: number, isTaking: boolean): void {
    const { queues, time } = this.#walk
    const side = queues.sideOf(ref)
    const tick = queues.tickOf(ref)
    this.#changed[side]!.add(tick)
    if (isTaking || time < this.#fromTime) return
    const frontLots = queues.lotsAhead(ref)
    const order = { side: side === 0 ? 1 : -1, tick, frontLots, acceptTime: time } as const
    if (!this.#isWanted(order)) return
    const one: Followed = {
      ref,
      side,
      tick,
      frontLots,
      acceptTime: time,
      writer: new LevelPathWriter(frontLots),
      isInBook: true,
      isFilled: false,
      endTime: Number.NaN,
      endMessage: 0,
    }
    this.#live.set(ref, one)
    const others = this.#atLevel[side]!.get(tick)
    if (others === undefined) this.#atLevel[side]!.set(tick, [one])
    else others.push(one)
  }

  leaves(ref: number, lots: number): void {
    const { queues } = this.#walk
    this.#changed[queues.sideOf(ref)]!.add(queues.tickOf(ref))
    if (lots < queues.lotsOf(ref)) return
    const one = this.#live.get(ref)
    if (one === undefined) return
    this.#end(one)
    one.isInBook = false
    this.#live.delete(ref)
  }

  filled(ref: number): void {
    const one = this.#live.get(ref)
    if (one === undefined || !Number.isNaN(one.endTime)) return
    one.isFilled = true
    this.#end(one)
  }

  modified(ref: number): void {
    const one = this.#live.get(ref)
    if (one === undefined) return
    // A change behind its first fill no longer matters to us, but its lots are then unknown.
    if (Number.isNaN(one.endTime)) this.#forget(one)
    else this.#stop(one)
  }

  traded(side: SideIndex, tick: number, lots: number): void {
    const { time, message } = this.#walk
    for (const one of this.#atLevel[side]!.get(tick) ?? []) one.writer.trade(time, message, lots)
    const sign = side === 0 ? 1 : -1
    for (const [at, others] of this.#atLevel[side]!) {
      if (sign * (at - tick) <= 0) continue
      for (const one of others.slice()) {
        one.writer.through(time, message)
        // What the market has gone through is filled by every model: nothing later can matter.
        if (!Number.isNaN(one.endTime)) this.#stop(one)
      }
    }
  }

  lost(): void {
    for (const levels of this.#atLevel) {
      for (const one of [...levels.values()].flat()) this.#stop(one)
    }
  }

  ended(): void {
    const { time } = this.#walk
    if (time < this.#shownAt + this.#showEveryNs) return
    this.#shownAt = time
    for (const side of [0, 1] as const) {
      for (const tick of this.#changed[side]!) this.#show(side, tick)
      this.#changed[side]!.clear()
    }
  }

  /** Returns what has been observed; the walk has ended. */
  finish(): QueueObservation[] {
    this.lost()
    return this.#ended
      .sort((a, b) => a.acceptTime - b.acceptTime || a.ref - b.ref)
      .map(({ side, tick, frontLots, acceptTime, writer, isFilled, endTime, endMessage }) => ({
        side: side === 0 ? 1 : -1,
        tick,
        frontLots,
        acceptTime,
        endTime,
        isFilled,
        endMessage,
        path: writer.finish(),
      }))
  }

  #show(side: SideIndex, tick: number): void {
    const { ladder, queues, time, message } = this.#walk
    const others = this.#atLevel[side]!.get(tick)
    if (others === undefined) return
    const total = side === 0 ? ladder.bidLotsAt(tick) : ladder.askLotsAt(tick)
    for (const one of others.slice()) {
      if (one.endTime + this.#afterEndNs < time) this.#stop(one)
      else one.writer.level(time, message, total - (one.isInBook ? queues.lotsOf(one.ref) : 0))
    }
  }

  #end(one: Followed): void {
    if (!Number.isNaN(one.endTime)) return
    one.endTime = this.#walk.time
    one.endMessage = this.#walk.message
  }

  /** Ends what is written of an order; one that lasts is censored here. */
  #stop(one: Followed): void {
    this.#end(one)
    this.#forget(one)
    this.#ended.push(one)
  }

  #forget(one: Followed): void {
    if (this.#live.get(one.ref) === one) this.#live.delete(one.ref)
    const levels = this.#atLevel[one.side]!
    const others = levels.get(one.tick)!
    others.splice(others.indexOf(one), 1)
    if (others.length === 0) levels.delete(one.tick)
  }
}
