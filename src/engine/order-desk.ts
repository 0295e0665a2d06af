/**
 * The way of our orders: from the strategy to the exchange and back, with what is known of each.
 *
 * The exchange tells this desk what happened (its clock); the desk tells the strategy when the
 * answer has travelled back (the local clock).
 */
import type { Ladder, OrderBook } from '../book/index.ts'
import { NO_ASK, NO_BID } from '../book/index.ts'
import type { Instrument, Side } from '../market/index.ts'
import { Order, type Position } from '../order/index.ts'
import type {
  AmendedTerms,
  ExchangeFill,
  ExchangeModel,
  ExchangeOrder,
  ExchangeReports,
  FeeModel,
  LatencyModel,
  RateGate,
} from '../venue/index.ts'
import { FillFees } from './fill-fees.ts'
import { MessageQueue } from './message-queue.ts'
import { orderTerms } from './order-terms.ts'
import { FillRecorder } from './recorder.ts'
import { RoundTrips } from './round-trips.ts'
import type { StrategyHooks } from './strategy-hooks.ts'
import type { OrderOptions } from './strategy.ts'

/** What the desk works with. */
export interface OrderDeskOptions {
  readonly instrument: Instrument
  readonly position: Position
  readonly latency: LatencyModel
  readonly fees: FeeModel
  /** What the venue takes in a time; absent: everything. */
  readonly gate?: RateGate | undefined
  /** The local book, brought forward to now. */
  readonly book: () => OrderBook
  /** The exchange's book at this moment. */
  readonly touch: () => Ladder
}

type Request =
  | { readonly kind: 'submit'; readonly order: Order }
  | { readonly kind: 'cancel'; readonly order: Order }
  | { readonly kind: 'amend'; readonly order: Order; readonly terms: AmendTerms }

/** Price and whole size that an amendment asks for. */
interface AmendTerms {
  readonly priceTicks: number
  readonly sizeLots: number
}

type Response =
  | {
      readonly kind: 'accepted'
      readonly order: Order
      readonly exchTime: number
      readonly queueAheadLots: number
    }
  | {
      readonly kind: 'filled'
      readonly order: Order
      readonly exchTime: number
      readonly fill: ExchangeFill
      readonly fee: number
    }
  | {
      readonly kind: 'cancelled'
      readonly order: Order
      readonly exchTime: number
    }
  | {
      readonly kind: 'amended'
      readonly order: Order
      readonly exchTime: number
      readonly terms: AmendedTerms
    }
  | {
      readonly kind: 'expired' | 'rejected' | 'cancelRejected' | 'amendRejected'
      readonly order: Order
      readonly exchTime: number
      readonly reason: string
    }

/** @see module comment */
export class OrderDesk implements ExchangeReports {
  readonly orders: Order[] = []
  readonly requests = new MessageQueue<Request>()
  readonly responses = new MessageQueue<Response>()
  readonly fills = new FillRecorder()
  readonly roundTrips: RoundTrips
  readonly #options: OrderDeskOptions
  readonly #open = new Set<Order>()
  readonly #refused: Order[] = []
  readonly #fees: FillFees
  #hooks: StrategyHooks | undefined
  #exchangeLots = 0
  #isClosed = false

  constructor(options: OrderDeskOptions) {
    this.#options = options
    this.#fees = new FillFees(options.fees, options.instrument)
    this.roundTrips = new RoundTrips(options.position)
  }

  /** Connects the strategy whose orders these are. */
  begin(hooks: StrategyHooks): void {
    this.#hooks = hooks
  }

  /** No request leaves from now on. */
  close(): void {
    this.#isClosed = true
  }

  /** Sends an order at local `time`; see {@link Order} for its life. */
  send(side: Side, options: OrderOptions, size: number, time: number): Order {
    const { instrument } = this.#options
    const terms = orderTerms(instrument, options, size)
    const index = this.orders.length
    const order = new Order({ id: index + 1, instrument, side, ...terms }, index)
    order.submitLocal = time
    this.orders.push(order)
    const refusal = this.#refusal(order)
    if (refusal === undefined) {
      this.#open.add(order)
      this.#request(time, { kind: 'submit', order })
    } else {
      order.reason = refusal
      order.doneLocal = time
      order.become('rejected')
      this.#refused.push(order)
    }
    return order
  }

  /** Asks for a cancel at local `time`; nothing happens when the order is done or already asked. */
  cancel(order: Order, time: number): void {
    if (order.isDone || order.status === 'cancelPending' || this.#isClosed) return
    order.become('cancelPending')
    order.cancelLocal = time
    this.#request(time, { kind: 'cancel', order })
  }

  /**
   * Asks for new terms at local `time`; what is left out stays. Nothing happens when the order is
   * done or a request about it is on its way.
   *
   * @throws LobtraderError as {@link orderTerms}
   */
  amend(order: Order, change: { price?: number; size?: number }, time: number): void {
    if (order.isDone || order.isPending || this.#isClosed) return
    const { instrument } = this.#options
    const { type, timeInForce: tif } = order
    const price = change.price ?? order.price
    const asked = type === 'market' ? { type, tif } : { type, tif, price }
    const { priceTicks, sizeLots } = orderTerms(instrument, asked, change.size ?? order.size)
    order.isAmending = true
    this.#request(time, { kind: 'amend', order, terms: { priceTicks, sizeLots } })
  }

  /** Hands every request that has arrived by `exchTime` to the exchange. */
  deliver(exchange: ExchangeModel, exchTime: number): void {
    while (this.requests.nextTime <= exchTime) {
      const request = this.requests.shift()
      const { kind, order } = request
      const refusal = this.#options.gate?.refusal(kind, exchTime)
      if (refusal !== undefined) this.#refuse(kind, order.index, { exchTime, reason: refusal })
      else if (kind === 'submit') exchange.submit(order, exchTime)
      else if (kind === 'cancel') exchange.cancel(order.index, exchTime)
      else exchange.amend(arriving(order, request.terms), exchTime)
    }
  }

  /** Answers a request that the venue does not take. */
  #refuse(
    kind: Request['kind'],
    index: number,
    { exchTime, reason }: { readonly exchTime: number; readonly reason: string },
  ): void {
    if (kind === 'submit') this.rejected(index, exchTime, reason)
    else if (kind === 'cancel') this.cancelRejected(index, exchTime, reason)
    else this.amendRejected(index, exchTime, reason)
  }

  /** Takes in every answer that has reached us by local `time` and notifies the strategy. */
  receive(time: number): void {
    while (this.responses.nextTime <= time) this.#learn(this.responses.shift(), time)
    this.tellRefused()
  }

  /**
   * Notifies of orders that never left. One refused in answer to such a notice waits for the next
   * call, so that a strategy which insists cannot hold the clock.
   */
  tellRefused(): void {
    // Asked after every wake-up, and almost never with anything to tell.
    if (this.#refused.length === 0) return
    for (const order of this.#refused.splice(0)) this.#hooks!.order(order)
  }

  /** Best prices of our working orders as far as we know. */
  ownTouch(): { readonly bidTicks: number | undefined; readonly askTicks: number | undefined } {
    let bidTicks: number | undefined
    let askTicks: number | undefined
    for (const order of this.#open) {
      if (order.type !== 'limit' || order.status === 'submitted') continue
      if (order.side > 0) bidTicks = Math.max(bidTicks ?? order.priceTicks, order.priceTicks)
      else askTicks = Math.min(askTicks ?? order.priceTicks, order.priceTicks)
    }
    return { bidTicks, askTicks }
  }

  accepted(index: number, exchTime: number, queueAheadLots: number): void {
    this.#answer(exchTime, {
      kind: 'accepted',
      order: this.orders[index]!,
      exchTime,
      queueAheadLots,
    })
  }

  filled(index: number, exchTime: number, fill: ExchangeFill): void {
    const { instrument } = this.#options
    const order = this.orders[index]!
    const price = instrument.price(fill.priceTicks)
    const size = instrument.size(fill.sizeLots)
    const fee = this.#fees.of(order, fill, exchTime)
    const localTime = this.#answer(exchTime, { kind: 'filled', order, exchTime, fill, fee })
    const touch = this.#options.touch()
    const hasBid = touch.bestBidTick !== NO_BID
    const hasAsk = touch.bestAskTick !== NO_ASK
    this.#exchangeLots += order.side * fill.sizeLots
    this.fills.push({
      orderId: order.id,
      side: order.side,
      price,
      size,
      maker: fill.isMaker,
      fee,
      exchTime,
      localTime,
      position: instrument.size(this.#exchangeLots),
      queueAhead: instrument.size(fill.queueAheadLots),
      bidPrice: hasBid ? instrument.price(touch.bestBidTick) : Number.NaN,
      bidSize: hasBid ? instrument.size(touch.bestBidLots) : Number.NaN,
      askPrice: hasAsk ? instrument.price(touch.bestAskTick) : Number.NaN,
      askSize: hasAsk ? instrument.size(touch.bestAskLots) : Number.NaN,
    })
  }

  cancelled(index: number, exchTime: number): void {
    this.#answer(exchTime, { kind: 'cancelled', order: this.orders[index]!, exchTime })
  }

  expired(index: number, exchTime: number, reason: string): void {
    this.#answer(exchTime, { kind: 'expired', order: this.orders[index]!, exchTime, reason })
  }

  rejected(index: number, exchTime: number, reason: string): void {
    this.#answer(exchTime, { kind: 'rejected', order: this.orders[index]!, exchTime, reason })
  }

  cancelRejected(index: number, exchTime: number, reason: string): void {
    this.#answer(exchTime, { kind: 'cancelRejected', order: this.orders[index]!, exchTime, reason })
  }

  amended(index: number, exchTime: number, terms: AmendedTerms): void {
    this.#answer(exchTime, { kind: 'amended', order: this.orders[index]!, exchTime, terms })
  }

  amendRejected(index: number, exchTime: number, reason: string): void {
    this.#answer(exchTime, { kind: 'amendRejected', order: this.orders[index]!, exchTime, reason })
  }

  #request(time: number, request: Request): void {
    const entry = this.#options.latency.entryNs(time, request.kind)
    if (entry >= 0) {
      this.requests.push(time + entry, request)
      return
    }
    const { kind, order } = request
    // It never was at the exchange, so no time of the exchange's clock belongs to it.
    const exchTime = Number.NaN
    this.responses.push(time - entry, {
      kind: kind === 'submit' ? 'expired' : `${kind}Rejected`,
      order,
      exchTime,
      reason: 'the venue was overloaded',
    })
  }

  #answer(exchTime: number, response: Response): number {
    return this.responses.push(exchTime + this.#options.latency.responseNs(exchTime), response)
  }

  #learn(response: Response, time: number): void {
    const { order, exchTime } = response
    switch (response.kind) {
      case 'accepted':
        order.acceptExch = exchTime
        order.acceptLocal = time
        order.queueAheadLots = response.queueAheadLots
        if (order.status === 'submitted') order.become('accepted')
        break
      case 'filled':
        this.#learnFill(response, time)
        return
      case 'amended':
        order.isAmending = false
        order.priceTicks = response.terms.priceTicks
        order.sizeLots = response.terms.sizeLots
        if (!Number.isNaN(response.terms.queueAheadLots)) {
          order.queueAheadLots = response.terms.queueAheadLots
        }
        break
      case 'amendRejected':
        // Whatever ended the order has been heard before, and has its own reason.
        if (order.isAmending) order.reason = response.reason
        order.isAmending = false
        break
      case 'cancelRejected':
        // The answer that ended the order is ahead of this one in the queue or has been heard.
        if (order.status === 'cancelPending') {
          order.reason = response.reason
          order.become(order.workingStatus)
        }
        break
      case 'cancelled':
        this.#finish(order, 'cancelled', exchTime, time)
        break
      default:
        order.reason = response.reason
        this.#finish(order, response.kind, exchTime, time)
    }
    this.#hooks!.order(order)
  }

  #learnFill(response: Extract<Response, { kind: 'filled' }>, time: number): void {
    const { order, exchTime, fill, fee } = response
    const { position } = this.#options
    if (Number.isNaN(order.acceptExch)) {
      order.acceptExch = exchTime
      order.acceptLocal = time
    }
    const lotsBefore = position.lots
    const before = { realized: position.realized, fees: position.fees }
    order.filledLots += fill.sizeLots
    order.filledTickLots += fill.priceTicks * fill.sizeLots
    position.fill(order.side, fill.priceTicks, fill.sizeLots, fee)
    if (order.filledLots === order.sizeLots) this.#finish(order, 'filled', exchTime, time)
    else if (order.status !== 'cancelPending') order.become('partial')
    const trips = this.roundTrips.onFill(time, lotsBefore, before)
    this.#hooks!.order(order)
    for (const trip of trips) this.#hooks!.roundTrip(trip)
  }

  #finish(
    order: Order,
    status: 'filled' | 'cancelled' | 'expired' | 'rejected',
    exchTime: number,
    time: number,
  ): void {
    if (Number.isNaN(order.acceptExch)) {
      order.acceptExch = exchTime
      order.acceptLocal = time
    }
    order.doneExch = exchTime
    order.doneLocal = time
    order.isAmending = false
    // Why an earlier cancel was refused explains no end of another kind.
    if (status === 'filled' || status === 'cancelled') order.reason = ''
    order.become(status)
    this.#open.delete(order)
  }

  /** Why an order must not leave; undefined when it may. */
  #refusal(order: Order): string | undefined {
    if (this.#isClosed) return 'the run has ended'
    const { status } = this.#options.book()
    if (status === 'live') return undefined
    const { lots } = this.#options.position
    const reduces = lots * order.side < 0 && order.sizeLots <= Math.abs(lots)
    return reduces
      ? undefined
      : `the book is ${status}; only orders that reduce the position may leave`
  }
}

/** The order as an amendment asks for it to become. */
function arriving(order: Order, terms: AmendTerms): ExchangeOrder {
  const { index, side, type, timeInForce, owner } = order
  return { index, side, type, timeInForce, owner, ...terms }
}
