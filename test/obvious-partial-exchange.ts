/**
 * The rules of the partial exchange in the most obvious code: maps and arrays, every order looked
 * at on every row, fills made lot by lot. It shares no code with what it is the twin of.
 */
import { EventKind, type Side } from '../src/market/index.ts'
import type { ExchangeOrder, QueueModel } from '../src/venue/index.ts'
import { ExchangeLog } from './exchange-log.ts'

/** One row of a tape. */
export interface TwinRow {
  readonly kind: EventKind
  readonly side: Side | 0
  readonly tick: number
  readonly lots: number
  readonly isLocalOnly: boolean
}

interface Own {
  readonly order: ExchangeOrder
  /** Lots of its whole life that have filled. */
  filled: number
  open: number
  front: number
  traded: number
}

interface Memory {
  readonly side: Side
  readonly tick: number
  readonly since: number
  shown: number
  taken: number
  traded: number
}

/** @see module comment */
export class ObviousPartialExchange {
  readonly log = new ExchangeLog()
  #book = { 1: new Map<number, number>(), [-1]: new Map<number, number>() }
  #best = { 1: Number.NEGATIVE_INFINITY, [-1]: Number.POSITIVE_INFINITY }
  #own: Own[] = []
  #memories: Memory[] = []
  #unshown: { side: Side | 0; tick: number; lots: number; row: number }[] = []
  #snapshot: TwinRow[] | undefined
  #phase: 'empty' | 'syncing' | 'live' | 'stale' = 'empty'
  #isHalted = false
  #rows = 0
  readonly #queue: QueueModel

  constructor(queue: QueueModel) {
    this.#queue = queue
  }

  get open(): readonly { readonly index: number; readonly lots: number }[] {
    return this.#own.map(({ order, open }) => ({ index: order.index, lots: open }))
  }

  row(time: number, row: TwinRow): void {
    const number = this.#rows++
    const { kind, side, tick, lots } = row
    if (row.isLocalOnly) return
    const isBookRow = kind >= EventKind.DepthSet && kind <= EventKind.SnapshotEnd
    if (isBookRow) this.#unshown = []
    if (kind === EventKind.DepthSet && side !== 0) {
      if (this.#phase === 'empty') this.#phase = 'live'
      this.#change(side, tick, lots)
      const found = this.#memoryAt(side, tick)
      if (found !== undefined) this.#hear(found, lots)
      this.#crossed(time, side === 1 ? -1 : 1)
    } else if (kind === EventKind.Trade) {
      this.#unshown.push({ side, tick, lots, row: number })
      for (const memory of this.#memories) {
        if (memory.tick === tick && memory.side !== side) memory.traded += lots
      }
      this.#trade(time, side, tick, lots)
    } else if (kind === EventKind.DepthClear) {
      for (const each of [1, -1] as const) if (side === 0 || side === each) this.#replace(each, [])
      this.#crossed(time, -1)
      this.#crossed(time, 1)
    } else if (kind === EventKind.SnapshotBegin) {
      this.#snapshot = []
      if (this.#phase === 'empty') this.#phase = 'syncing'
    } else if (kind === EventKind.SnapshotLevel) {
      this.#snapshot?.push(row)
    } else if (kind === EventKind.SnapshotEnd) {
      const levels = this.#snapshot
      this.#snapshot = undefined
      this.#memories = []
      if (levels !== undefined) {
        this.#phase = 'live'
        for (const each of [1, -1] as const) {
          this.#replace(
            each,
            levels.filter((level) => level.side === each),
          )
        }
      }
      this.#crossed(time, -1)
      this.#crossed(time, 1)
    } else if (kind === EventKind.Gap) {
      this.#snapshot = undefined
      this.#phase = 'stale'
    } else if (kind === EventKind.Status) {
      this.#isHalted = lots === 0
    }
  }

  #replace(side: Side, rows: readonly TwinRow[]): void {
    this.#memories = this.#memories.filter((memory) => memory.side !== side)
    const after = new Map(rows.map(({ tick, lots }) => [tick, lots]))
    for (const tick of new Set([...this.#book[side].keys(), ...after.keys()])) {
      if (this.#shown(side, tick) !== (after.get(tick) ?? 0)) {
        this.#change(side, tick, after.get(tick) ?? 0)
      }
    }
  }

  #shown(side: Side, tick: number): number {
    return this.#book[side].get(tick) ?? 0
  }

  /** Sets a level and moves ours in its queue, each no further than the one before it. */
  #change(side: Side, tick: number, lots: number): void {
    const before = this.#shown(side, tick)
    if (lots > 0) this.#book[side].set(tick, lots)
    else this.#book[side].delete(tick)
    if (lots > 0 && side * (tick - this.#best[side]) > 0) this.#best[side] = tick
    else if (lots === 0 && tick === this.#best[side]) {
      this.#best[side] = -side * Number.POSITIVE_INFINITY
      for (const each of this.#book[side].keys()) {
        if (side * (each - this.#best[side]) > 0) this.#best[side] = each
      }
    }
    const moved: number[] = [0]
    for (const own of this.#at(side, tick)) {
      moved.push(this.#queue.frontAfterChange(own.front, own.traded, before, lots))
      own.front = Math.max(...moved)
      own.traded = 0
    }
  }

  #at(side: Side, tick: number): Own[] {
    return this.#own.filter(({ order }) => order.side === side && order.priceTicks === tick)
  }

  /** Ours of a side, best price first, then oldest. */
  #queueOf(side: Side): Own[] {
    return this.#own
      .filter(({ order }) => order.side === side)
      .toSorted((a, b) => side * (b.order.priceTicks - a.order.priceTicks))
  }

  #memoryAt(side: Side, tick: number): Memory | undefined {
    return this.#memories.find((memory) => memory.side === side && memory.tick === tick)
  }

  #remember(side: Side, tick: number): Memory {
    const found = this.#memoryAt(side, tick)
    if (found !== undefined) return found
    const shown = this.#shown(side, tick)
    const memory = { side, tick, since: this.#rows, shown, taken: 0, traded: 0 }
    this.#memories.push(memory)
    return memory
  }

  #hear(memory: Memory, lots: number): void {
    const gone = memory.shown - lots
    const isExplained = lots > 0 && gone > 0 && gone <= memory.traded
    memory.shown = lots
    memory.traded -= gone
    if (isExplained && memory.traded + memory.taken > 0) return
    this.#memories = this.#memories.filter((each) => each !== memory)
  }

  #left(side: Side, tick: number): number {
    const memory = this.#memoryAt(side, tick)
    const gone = memory === undefined ? 0 : memory.taken + memory.traded
    return Math.max(0, this.#shown(side, tick) - gone)
  }

  /** Prices of a side from the best on. */
  #prices(side: Side, ticks: Iterable<number>): number[] {
    return [...new Set(ticks)].toSorted((a, b) => side * (b - a))
  }

  /** Reports `lots` of an order of ours that rested. */
  #fillMaker(time: number, own: Own, lots: number, queueAheadLots: number): void {
    const { index, priceTicks } = own.order
    own.open -= lots
    own.filled += lots
    if (own.open === 0) this.#own = this.#own.filter((each) => each !== own)
    this.log.filled(index, time, { priceTicks, sizeLots: lots, isMaker: true, queueAheadLots })
  }

  /** For each of ours at a price: lots of the market and of ours that stand before it. */
  #places(queue: readonly Own[]): Map<Own, number> {
    let ahead = 0
    return new Map(
      queue.map((own) => {
        const place = ahead + own.front
        ahead += own.open
        return [own, place]
      }),
    )
  }

  #trade(time: number, aggressor: Side | 0, tick: number, lots: number): void {
    let budget = lots
    for (const side of [-1, 1] as const) {
      if (aggressor === side) continue
      for (const price of this.#prices(
        side,
        this.#queueOf(side).map(({ order }) => order.priceTicks),
      )) {
        const queue = this.#at(side, price)
        const places = this.#places(queue)
        if (side * (price - tick) > 0) {
          for (const own of queue) {
            own.front = 0
            const part = Math.min(own.open, budget)
            budget -= part
            if (part > 0) this.#fillMaker(time, own, part, places.get(own)!)
          }
        } else if (price === tick) {
          // Lot by lot from the front of the queue, as the trade eats its way.
          let market = 0
          const got = new Map<Own, number>()
          for (; budget > 0; budget--) {
            const first = queue.find((own) => own.open > (got.get(own) ?? 0))
            if (first !== undefined && market >= first.front - 0.5) {
              got.set(first, (got.get(first) ?? 0) + 1)
            } else market++
          }
          for (const own of queue) {
            own.front = got.has(own) ? 0 : Math.max(0, own.front - market)
            own.traded += lots
            if (got.has(own)) this.#fillMaker(time, own, got.get(own)!, places.get(own)!)
          }
          // What went to the market at this price can go to nobody else.
          budget = 0
        }
      }
    }
  }

  /** Lets ours of a side trade with levels of the other side that have reached them. */
  #crossed(time: number, side: Side): void {
    const other = side === 1 ? -1 : 1
    const reached = ({ order }: Own): boolean =>
      order.side === side && side * (order.priceTicks - this.#best[other]) >= 0
    if (!this.#own.some(reached)) return
    const queue = this.#queueOf(side)
    const places = new Map(
      queue.flatMap(({ order }) => [...this.#places(this.#at(side, order.priceTicks))]),
    )
    for (const own of queue) {
      let got = 0
      while (got < own.open) {
        const level = this.#prices(other, this.#book[other].keys()).find(
          (tick) => side * (own.order.priceTicks - tick) >= 0 && this.#left(other, tick) > 0,
        )
        if (level === undefined) break
        this.#remember(other, level).taken++
        got++
      }
      if (got > 0) own.front = 0
      if (got > 0) this.#fillMaker(time, own, got, places.get(own)!)
    }
  }

  /** Takes trades that the book does not show yet off the levels that they met. */
  #seed(): void {
    for (const { side: aggressor, tick, lots, row } of this.#unshown) {
      for (const side of [-1, 1] as const) {
        if (aggressor === side) continue
        const known = this.#memoryAt(side, tick)
        if (known !== undefined && known.since <= row) continue
        let rest = lots
        for (const at of this.#prices(side, this.#book[side].keys())) {
          if (side * (at - tick) < 0) break
          while (rest > 0 && this.#left(side, at) > 0) {
            this.#remember(side, at).traded++
            rest--
          }
        }
      }
    }
    this.#unshown = []
  }

  /** Prices at which an order would meet something shown or resting, best first. */
  #reachable({ side, type, priceTicks }: ExchangeOrder): number[] {
    const other = side === 1 ? -1 : 1
    const resting = this.#queueOf(other).map(({ order }) => order.priceTicks)
    return this.#prices(other, [...this.#book[other].keys(), ...resting]).filter(
      (tick) => type === 'market' || side * (priceTicks - tick) >= 0,
    )
  }

  /** Lots that an order would get now. */
  #takeable(order: ExchangeOrder): number {
    const other = order.side === 1 ? -1 : 1
    const prices = this.#reachable(order)
    if (prices.length > 0) this.#seed()
    return prices
      .flatMap((tick) => [this.#left(other, tick), ...this.#at(other, tick).map((own) => own.open)])
      .reduce((sum, lots) => sum + lots, 0)
  }

  submit(order: ExchangeOrder, time: number): void {
    if (this.#isHalted || this.#phase !== 'live') return this.log.rejected(order.index, time)
    const takeable = this.#takeable(order)
    if (order.type === 'limit' && order.timeInForce === 'GTX' && takeable > 0) {
      return this.log.rejected(order.index, time)
    }
    this.#arrive(order, time, 0)
  }

  #arrive(order: ExchangeOrder, time: number, filledBefore: number): void {
    const { index, side, type, timeInForce, priceTicks, sizeLots } = order
    let wanted = sizeLots - filledBefore
    if (timeInForce === 'FOK' && this.#takeable(order) < wanted) {
      return this.log.expired(index, time)
    }
    this.#takeable(order)
    const other = side === 1 ? -1 : 1
    for (const tick of this.#reachable(order))
      wanted -= this.#takeAt(order, other, tick, wanted, time)
    if (wanted === 0) return
    if (type === 'market' || timeInForce === 'IOC' || timeInForce === 'FOK') {
      return this.log.expired(index, time)
    }
    const ahead = this.#at(side, priceTicks)
    const left = this.#shown(side, priceTicks) - (this.#memoryAt(side, priceTicks)?.taken ?? 0)
    const front = Math.max(0, left, ...ahead.map((own) => own.front))
    const filled = sizeLots - wanted
    this.#own.push({ order, filled, open: wanted, front, traded: 0 })
    this.log.accepted(index, time, front + ahead.reduce((sum, own) => sum + own.open, 0))
  }

  /** Takes at one price lot by lot: the market's lots and ours as they stand in the queue. */
  #takeAt(order: ExchangeOrder, other: Side, tick: number, wanted: number, time: number): number {
    const left = this.#left(other, tick)
    const queue = this.#at(other, tick)
    const places = this.#places(queue)
    const got = new Map<Own, number>()
    let market = 0
    let total = 0
    for (; total < wanted; total++) {
      const first = queue.find((own) => own.open > (got.get(own) ?? 0))
      const isOurs = first !== undefined && market >= Math.min(left, Math.round(first.front))
      if (isOurs) got.set(first, (got.get(first) ?? 0) + 1)
      else if (market < left) market++
      else break
    }
    if (market > 0) this.#remember(other, tick).taken += market
    for (const own of queue) {
      own.front = got.has(own) ? 0 : Math.max(0, own.front - market)
      if (got.has(own)) this.#fillMaker(time, own, got.get(own)!, places.get(own)!)
    }
    if (total > 0) {
      const fill = { priceTicks: tick, sizeLots: total, isMaker: false, queueAheadLots: Number.NaN }
      this.log.filled(order.index, time, fill)
    }
    return total
  }

  cancel(index: number, time: number): void {
    const before = this.#own.length
    this.#own = this.#own.filter(({ order }) => order.index !== index)
    if (this.#own.length < before) this.log.cancelled(index, time)
    else this.log.cancelRejected(index, time)
  }

  amend(order: ExchangeOrder, time: number): void {
    const { index, priceTicks, sizeLots } = order
    const own = this.#own.find((each) => each.order.index === index)
    if (own === undefined || sizeLots <= own.filled) return this.log.amendRejected(index, time)
    const open = sizeLots - own.filled
    if (own.order.priceTicks === priceTicks && open <= own.open) {
      own.open = open
      const queueAheadLots = this.#places(this.#at(own.order.side, priceTicks)).get(own)!
      return this.log.amended(index, time, { priceTicks, sizeLots, queueAheadLots })
    }
    const isPassive = order.type === 'limit' && order.timeInForce === 'GTX'
    const isRefused = isPassive && this.#takeable(order) > 0
    if (isRefused || this.#isHalted || this.#phase !== 'live') {
      return this.log.amendRejected(index, time)
    }
    this.#own = this.#own.filter((each) => each !== own)
    this.log.amended(index, time, { priceTicks, sizeLots, queueAheadLots: Number.NaN })
    this.#arrive(order, time, own.filled)
  }
}
