/**
 * Orders that wait for a price, in the most obvious code: every row stops the tape, and every order
 * is looked at on every row. Knows stops, take-profits, trailing ones, and GTD.
 */
import {
  EventKind,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  memoryTape,
  type EventColumns,
} from '../src/market/index.ts'
import {
  parseExchange,
  riskAverseQueue,
  type ExchangeModel,
  type ExchangeName,
  type VenueOrder,
} from '../src/venue/index.ts'
import { unitInstrument } from './tape.ts'
import { ReportLines } from './venue-script.ts'

interface Waiting {
  readonly order: VenueOrder
  trigger: number
  best: number
  isActive: boolean
}

/** @see module comment */
export class ObviousGateway {
  readonly log = new ReportLines()
  readonly #core: ExchangeModel
  readonly #events: EventColumns
  #waiting: Waiting[] = []
  #held: { order: VenueOrder; trigger: number }[] = []
  readonly #ends: { index: number; time: number }[] = []
  #row = 0
  #last = Number.NaN
  #mark = Number.NaN

  constructor(events: EventColumns, exchange: ExchangeName) {
    this.#events = events
    this.#core = parseExchange(exchange).make({
      instrument: unitInstrument,
      windows: memoryTape(events).exchange(),
      queue: riskAverseQueue(),
      reports: this.log,
    })
    const { watch } = this.#core
    watch.isSet = true
    watch.watchesPhase = true
    watch.tradeAtLeast = -Infinity
    watch.markAtLeast = -Infinity
    watch.bidAtLeast = -Infinity
    watch.askAtLeast = -Infinity
  }

  advance(until: number): void {
    for (;;) {
      const end = Math.min(...this.#ends.map(({ time }) => time), Infinity)
      while (this.#core.advance(Math.min(until, end))) {
        const time = this.#core.watch.metTime
        this.#look(time, ['last', 'mark'])
        // A book is looked at once all rows of its moment are in.
        if (!(this.#timeAt(this.#core.row) <= time)) this.#look(time, ['bid-ask', 'mid'])
      }
      this.#see()
      if (end > until) return
      for (const { index, time } of this.#ends.filter((each) => each.time <= end)) {
        this.#forget(index)
        if (this.#takeOut(index, time)) this.log.expired(index, time, 'its time was over')
      }
    }
  }

  submit(order: VenueOrder, time: number): void {
    const { special } = order
    if (special?.expireTime !== undefined) {
      this.#ends.push({ index: order.index, time: special.expireTime })
    }
    if (special?.triggerBy === undefined) {
      this.#enter(order, time)
      return
    }
    const waiting: Waiting = {
      order,
      trigger: special.triggerTicks ?? Number.NaN,
      best: Number.NaN,
      isActive: special.activationTicks === undefined,
    }
    this.log.parked(order.index, time)
    const isMet = this.#sees(waiting)
    if (
      waiting.trigger !== (special.triggerTicks ?? Number.NaN) &&
      !Number.isNaN(waiting.trigger)
    ) {
      this.log.triggerMoved(order.index, time, waiting.trigger)
    }
    if (isMet) this.#trigger(waiting, time)
    else this.#waiting.push(waiting)
  }

  cancel(index: number, time: number): void {
    this.#forget(index)
    if (this.#takeOut(index, time)) this.log.cancelled(index, time)
    else this.log.cancelRejected(index, time)
  }

  #forget(index: number): void {
    const at = this.#ends.findIndex((each) => each.index === index)
    if (at >= 0) this.#ends.splice(at, 1)
  }

  /** Takes an order out, wherever it is; false when it is nowhere. */
  #takeOut(index: number, time: number): boolean {
    const before = this.#waiting.length + this.#held.length
    this.#waiting = this.#waiting.filter(({ order }) => order.index !== index)
    this.#held = this.#held.filter(({ order }) => order.index !== index)
    if (this.#waiting.length + this.#held.length < before) return true
    const { lines } = this.log
    const { length } = lines
    this.#core.cancel(index, time)
    return lines.splice(length).every((line) => !line.includes('rejected'))
  }

  /** Takes note of the last trade and mark up to the core's row. */
  #see(): void {
    const { code, tick, exchOrder } = this.#events
    for (; this.#row < this.#core.row; this.#row++) {
      const i = exchOrder === undefined ? this.#row : exchOrder[this.#row]!
      if ((code[i]! & LOCAL_ONLY_BIT) !== 0) continue
      if ((code[i]! & KIND_MASK) === EventKind.Trade) this.#last = tick[i]!
      if ((code[i]! & KIND_MASK) === EventKind.Funding) this.#mark = tick[i]!
    }
  }

  /** Exchange time of a row in the venue's order; NaN behind the last. */
  #timeAt(row: number): number {
    const { exchTime, exchOrder, length } = this.#events
    return row < length ? exchTime[exchOrder === undefined ? row : exchOrder[row]!]! : Number.NaN
  }

  #look(time: number, sources: readonly string[]): void {
    this.#see()
    const met: Waiting[] = []
    for (const waiting of this.#waiting) {
      if (!sources.includes(waiting.order.special!.triggerBy!)) continue
      const { trigger } = waiting
      if (this.#sees(waiting)) met.push(waiting)
      else if (waiting.trigger !== trigger && !Number.isNaN(waiting.trigger)) {
        this.log.triggerMoved(waiting.order.index, time, waiting.trigger)
      }
    }
    for (const waiting of met) {
      this.#waiting = this.#waiting.filter((each) => each !== waiting)
      this.#trigger(waiting, time)
    }
    if (!this.#isOpen() || sources.includes('mid')) return
    for (const { order, trigger } of this.#held.splice(0))
      this.#enterTriggered(order, trigger, time)
  }

  #isOpen(): boolean {
    return this.#core.hasBook && !this.#core.isHalted
  }

  /** Lets an order see the prices of now; true when its trigger is met. */
  #sees(waiting: Waiting): boolean {
    const { side, type, special } = waiting.order
    const price = this.#source(waiting.order)
    if (Number.isNaN(price)) return false
    if (!waiting.isActive) {
      const at = special!.activationTicks!
      if (side > 0 ? price > at : price < at) return false
      waiting.isActive = true
    }
    const trail = special!.trail
    if (trail !== undefined) {
      const isBetter = side > 0 ? !(price >= waiting.best) : !(price <= waiting.best)
      if (isBetter) {
        waiting.best = price
        const away = trail.by === 'ticks' ? trail.ticks : (price / 100) * trail.percent
        const trigger = side > 0 ? Math.ceil(price + away - 1e-6) : Math.floor(price - away + 1e-6)
        if (Number.isNaN(waiting.trigger)) waiting.trigger = trigger
        else {
          waiting.trigger =
            side > 0 ? Math.min(waiting.trigger, trigger) : Math.max(waiting.trigger, trigger)
        }
      }
    }
    const isProfit = type.startsWith('take-profit')
    const goesUp = isProfit ? side < 0 : side > 0
    return goesUp ? price >= waiting.trigger : price <= waiting.trigger
  }

  #source({ side, special }: VenueOrder): number {
    const { bestBidTick, bestAskTick } = this.#core.ladder
    const bid = bestBidTick === -2147483648 ? Number.NaN : bestBidTick
    const ask = bestAskTick === 2147483647 ? Number.NaN : bestAskTick
    this.#see()
    if (special!.triggerBy === 'last') return this.#last
    if (special!.triggerBy === 'mark') return this.#mark
    if (special!.triggerBy === 'mid') return (bid + ask) / 2
    return side > 0 ? ask : bid
  }

  #trigger({ order, trigger }: Waiting, time: number): void {
    this.log.triggered(order.index, time, { triggerTicks: trigger, priceTicks: 0 })
    if (this.#isOpen()) {
      this.#enterTriggered(order, trigger, time)
      return
    }
    this.log.parked(order.index, time)
    this.#held.push({ order, trigger })
  }

  #enterTriggered(order: VenueOrder, trigger: number, time: number): void {
    const offset = order.special!.limitOffsetTicks
    const priceTicks = offset === undefined ? order.priceTicks : trigger + order.side * offset
    this.#enter({ ...order, priceTicks }, time)
  }

  #enter(order: VenueOrder, time: number): void {
    const { index, side, owner, sizeLots, timeInForce: tif } = order
    const type = order.type.endsWith('limit') ? 'limit' : 'market'
    const timeInForce = tif === 'GTD' || tif === 'DAY' ? 'GTC' : tif
    const priceTicks = type === 'limit' ? order.priceTicks : 0
    this.#core.submit({ index, side, owner, sizeLots, type, timeInForce, priceTicks }, time)
  }
}
