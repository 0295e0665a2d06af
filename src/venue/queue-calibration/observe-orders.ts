/**
 * What the level of each of our own orders went through, gathered in one walk over a tape as the
 * exchange saw it: from the fills of a backtest, or from those that a venue really gave us.
 */
import { BookPhase, BookState, NO_ASK, NO_BID, applyExchangeEvents } from '../../book/index.ts'
import { LobtraderError } from '../../core/index.ts'
import {
  BUY_BIT,
  EventKind,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  SELL_BIT,
  type EventColumns,
  type EventTape,
  type Side,
} from '../../market/index.ts'
import { LevelPathWriter, type QueueObservation } from './level-path.ts'

/** One of our orders that came to rest, and its end. Times are exchange time, ns since the epoch. */
export interface RestingOrderFate {
  readonly side: Side
  readonly tick: number
  readonly lots: number
  /** When it came to rest. Rows of the tape at this very time were there before it. */
  readonly acceptTime: number
  /** When its first lot was filled; NaN where none was. */
  readonly fillTime: number
  /** When it no longer rested; behind the end of the tape for one that still does. */
  readonly endTime: number
  /** Lots ahead when it came to rest, where they are known; else what the level holds. */
  readonly frontLots?: number
}

/** How {@link observeOrders} reads a tape. */
export interface ObserveOptions {
  /**
   * True when the tape's levels hold our own lots while they rest, as those of a live capture do.
   * Default false: the tape does not know of our orders.
   */
  readonly isOwnInBook?: boolean
  /** How long the path goes on behind the end of an order, in ns; default 0. */
  readonly afterEndNs?: number
}

interface Watched {
  readonly fate: RestingOrderFate
  readonly index: number
  readonly frontLots: number
  readonly writer: LevelPathWriter
  /** Lots of ours that the level shows. */
  readonly ownLots: number
  /** Time behind which nothing is written; moved forward when the order is lost sight of. */
  until: number
  /** From when on nothing is known of it, Infinity when it was seen to its end. */
  lostAt: number
}

/**
 * Observes orders over a tape.
 *
 * A missing stretch of the tape (a gap) ends what can be told of an order: it counts as unfilled up to
 * there. So does the end of the tape.
 *
 * @returns one observation for each order that rests while the tape has a book, in their order
 * @throws LobtraderError BAD_ARGUMENT when an order has no sense
 */
export function observeOrders(
  tape: EventTape,
  orders: readonly RestingOrderFate[],
  options: ObserveOptions = {},
): QueueObservation[] {
  orders.forEach(requireSense)
  const walk = new OrderWalk(orders, options)
  const windows = tape.exchange()
  try {
    for (let events = windows.next(); events !== undefined; events = windows.next()) {
      walk.rows(events)
    }
  } finally {
    windows.close()
  }
  return walk.finish()
}

class OrderWalk {
  readonly #book = new BookState()
  /** Orders by time of acceptance, with their index among those given. */
  readonly #coming: readonly (readonly [RestingOrderFate, number])[]
  readonly #options: ObserveOptions
  readonly #found: (readonly [number, QueueObservation])[] = []
  #next = 0
  #watched: Watched[] = []
  /** Times at which the first of the coming, and the first of the watched, must be looked at. */
  #nextAccept: number
  #nextUntil = Number.POSITIVE_INFINITY
  #time = Number.NEGATIVE_INFINITY
  #row = 0

  constructor(orders: readonly RestingOrderFate[], options: ObserveOptions) {
    this.#coming = orders
      .map((fate, index) => [fate, index] as const)
      .sort(([a], [b]) => a.acceptTime - b.acceptTime)
    this.#options = options
    this.#nextAccept = this.#coming[0]?.[0].acceptTime ?? Number.POSITIVE_INFINITY
  }

  /** Walks over the rows of one window, in order of venue time. */
  rows(events: EventColumns): void {
    const { exchOrder, exchTime, code, length } = events
    for (let position = 0; position < length; position++) {
      const i = exchOrder === undefined ? position : exchOrder[position]!
      if ((code[i]! & LOCAL_ONLY_BIT) !== 0) continue
      const time = exchTime[i]!
      if (time > this.#nextAccept) this.#accept(time)
      if (time > this.#nextUntil) this.#release(time)
      this.#time = time
      this.#row++
      if (this.#watched.length === 0) {
        applyExchangeEvents(this.#book, events, position, position + 1)
      } else this.#apply(events, position, i)
    }
  }

  /** Returns the observations; the walk has ended. */
  finish(): QueueObservation[] {
    this.#accept(Number.POSITIVE_INFINITY)
    for (const watched of this.#watched) {
      watched.lostAt = Math.min(watched.lostAt, this.#time + 1)
      this.#close(watched)
    }
    return this.#found.sort(([a], [b]) => a - b).map(([, observation]) => observation)
  }

  /** Lets the orders come to rest that were accepted before `time`. */
  #accept(time: number): void {
    while (this.#next < this.#coming.length) {
      const [fate, index] = this.#coming[this.#next]!
      if (fate.acceptTime >= time) break
      this.#next++
      if (this.#book.phase !== BookPhase.Live) continue
      const level = this.#levelOf(fate)
      const end = Number.isNaN(fate.fillTime) ? fate.endTime : Math.max(fate.fillTime, fate.endTime)
      const until = end + (this.#options.afterEndNs ?? 0)
      this.#watched.push({
        fate,
        index,
        frontLots: fate.frontLots ?? level,
        writer: new LevelPathWriter(level),
        ownLots: this.#options.isOwnInBook === true ? fate.lots : 0,
        until,
        lostAt: Number.POSITIVE_INFINITY,
      })
      this.#nextUntil = Math.min(this.#nextUntil, until)
    }
    this.#nextAccept = this.#coming[this.#next]?.[0].acceptTime ?? Number.POSITIVE_INFINITY
  }

  /** Lets go of the orders whose time is over. */
  #release(time: number): void {
    this.#nextUntil = Number.POSITIVE_INFINITY
    this.#watched = this.#watched.filter((watched) => {
      if (watched.until < time) {
        this.#close(watched)
        return false
      }
      this.#nextUntil = Math.min(this.#nextUntil, watched.until)
      return true
    })
  }

  #close({ fate, index, frontLots, writer, lostAt }: Watched): void {
    const { side, tick, acceptTime, fillTime } = fate
    const isFilled = fillTime < lostAt
    const endTime = Math.min(isFilled ? fillTime : fate.endTime, lostAt - 1)
    const path = writer.finish()
    let end = 0
    while (end < path.length && path.time[end]! <= endTime) end++
    const endMessage = end > 0 ? path.message[end - 1]! : 0
    const what = { side, tick, frontLots, acceptTime, endTime, isFilled, endMessage, path }
    this.#found.push([index, what])
  }

  #levelOf({ side, tick }: RestingOrderFate): number {
    const { ladder } = this.#book
    return side > 0 ? ladder.bidLotsAt(tick) : ladder.askLotsAt(tick)
  }

  #apply(events: EventColumns, position: number, i: number): void {
    const { code, tick, lots, exchTime } = events
    const kind = code[i]! & KIND_MASK
    if (kind === EventKind.Trade) {
      this.#traded(code[i]!, tick[i]!, lots[i]!)
      return
    }
    const isLevel = kind === EventKind.DepthSet
    const before = isLevel ? [] : this.#watched.map(({ fate }) => this.#levelOf(fate))
    applyExchangeEvents(this.#book, events, position, position + 1)
    if (kind === EventKind.Gap) {
      this.#loseAll(exchTime[i]!)
      return
    }
    const side = (code[i]! & SELL_BIT) === 0 ? 1 : -1
    for (const [k, watched] of this.#watched.entries()) {
      const { fate } = watched
      // To our queues a snapshot is one change of each level that differs.
      const isOurs = isLevel
        ? fate.tick === tick[i]! && fate.side === side
        : before[k] !== this.#levelOf(fate)
      if (isOurs) this.#levelChanged(watched)
    }
    this.#lookForCrossing()
  }

  #levelChanged({ fate, writer, ownLots }: Watched): void {
    const own = this.#time <= fate.endTime ? ownLots : 0
    writer.level(this.#time, this.#row, Math.max(0, this.#levelOf(fate) - own))
  }

  /** What happens while rows are missing, nobody can tell. */
  #loseAll(time: number): void {
    for (const watched of this.#watched) {
      watched.lostAt = time
      watched.until = Number.NEGATIVE_INFINITY
    }
    this.#nextUntil = Number.NEGATIVE_INFINITY
  }

  #traded(code: number, tick: number, lots: number): void {
    for (const watched of this.#watched) {
      const { fate, writer } = watched
      // A trade whose aggressor the venue does not tell may have met either side.
      if ((code & (fate.side > 0 ? BUY_BIT : SELL_BIT)) !== 0) continue
      const beyond = fate.side * (fate.tick - tick)
      if (beyond === 0) writer.trade(this.#time, this.#row, lots)
      else if (beyond > 0) this.#passed(watched)
    }
  }

  /** Orders that the opposite best has reached are filled, as in the simulated exchange. */
  #lookForCrossing(): void {
    const { bestAskTick, bestBidTick } = this.#book.ladder
    for (const watched of this.#watched) {
      const { side, tick } = watched.fate
      const isReached =
        side > 0
          ? bestAskTick !== NO_ASK && tick >= bestAskTick
          : bestBidTick !== NO_BID && tick <= bestBidTick
      if (isReached) this.#passed(watched)
    }
  }

  /** The market went through an order: nothing that comes later can matter. */
  #passed(watched: Watched): void {
    watched.writer.through(this.#time, this.#row)
    watched.until = this.#time
    this.#nextUntil = Math.min(this.#nextUntil, this.#time)
  }
}

function requireSense(order: RestingOrderFate, index: number): void {
  const { side, tick, lots, acceptTime, endTime, fillTime } = order
  const isFilled = !Number.isNaN(fillTime)
  const wrong =
    side !== 1 && side !== -1
      ? `side is ${String(side)}, expected 1 or -1`
      : !Number.isSafeInteger(tick)
        ? `tick is ${tick}, expected a whole number`
        : !(lots > 0)
          ? `lots is ${lots}, expected more than 0`
          : !(endTime >= acceptTime)
            ? `it ends at ${endTime}, before it was accepted at ${acceptTime}`
            : isFilled && !(fillTime >= acceptTime)
              ? `it was filled at ${fillTime}, before it was accepted at ${acceptTime}`
              : undefined
  if (wrong === undefined) return
  throw new LobtraderError('BAD_ARGUMENT', `order ${index} of those to observe: ${wrong}`, {
    index,
  })
}
