/**
 * The way of our orders: from the strategy to the exchange and back, with what is known of each.
 *
 * The exchange tells this desk what happened (its clock); the desk tells the strategy when the
 * answer has travelled back (the local clock).
 */
import { NO_ASK, NO_BID } from '../book/index.ts'
import type { Side } from '../market/index.ts'
import { Order, type Position } from '../order/index.ts'
import type {
  AmendedTerms,
  ExchangeFill,
  ExchangeModel,
  ExchangeOrder,
  ExchangeReports,
} from '../venue/index.ts'
import type { AmendTerms, Request, Response } from './desk-messages.ts'
import type { OrderDeskOptions } from './desk-options.ts'
import { FillFees } from './fill-fees.ts'
import { MessageQueue } from './message-queue.ts'
import { orderTerms } from './order-terms.ts'
import { RoundTrips, balanceOf } from './round-trips.ts'
import type { OrderOptions } from './strategy.ts'

/** @see module comment */
export class OrderDesk implements ExchangeReports {
  readonly requests: MessageQueue<Request>
  readonly responses: MessageQueue<Response>
  readonly roundTrips: RoundTrips
  readonly #options: OrderDeskOptions
  readonly #open = new Set<Order>()
  readonly #fees: FillFees
  #exchangeLots = 0
  /** Why no request may leave any more. */
  #closed: string | undefined
  #isDeaf = false

  constructor(options: OrderDeskOptions) {
    this.#options = options
    this.#fees = new FillFees(options.fees, options.instrument)
    this.requests = new MessageQueue(options.nextRequests, options.slot)
    this.responses = new MessageQueue(options.nextResponses, options.slot)
    this.roundTrips = new RoundTrips(options.holding.position)
  }

  get position(): Position {
    return this.#options.holding.position
  }

  /** No request leaves from now on; orders are refused for this reason. */
  close(reason: string): void {
    this.#closed ??= reason
  }

  /**
   * Takes all that is open from the exchange and hears no more of it; answers that have left there
   * still arrive.
   */
  leave(exchange: ExchangeModel, exchTime: number): void {
    this.#isDeaf = true
    this.requests.clear()
    for (const order of this.#open) exchange.cancel(order.index, exchTime)
  }

  /** Sends an order at local `time`; see {@link Order} for its life. */
  send(side: Side, options: OrderOptions, size: number, time: number): Order {
    const { instrument } = this.#options
    const terms = orderTerms(instrument, options, size)
    const { owner, exchangeOrders } = this.#options
    const order = new Order(
      { id: owner.orders.length + 1, instrument, side, ...terms, owner: owner.rank },
      exchangeOrders.length,
    )
    order.submitLocal = time
    owner.orders.push(order)
    exchangeOrders.push(order)
    const refusal = this.#refusal(order)
    if (refusal === undefined) {
      this.#open.add(order)
      this.#request(time, { kind: 'submit', order })
    } else {
      order.reason = refusal
      order.doneLocal = time
      order.become('rejected')
      owner.refused.push(order)
    }
    return order
  }

  /** Asks for a cancel at local `time`; nothing happens when the order is done or already asked. */
  cancel(order: Order, time: number): void {
    if (order.isDone || order.status === 'cancelPending' || this.#closed !== undefined) return
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
    if (order.isDone || order.isPending || this.#closed !== undefined) return
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

  /** Sends what the exchange tells at `exchTime` on its way to us; returns when it arrives. */
  tell(exchTime: number, response: Response): number {
    return this.#answer(exchTime, response)
  }

  /** Takes in every answer that has reached us by local `time` and notifies the strategy. */
  receive(time: number): void {
    while (this.responses.nextTime <= time) this.#learn(this.responses.shift(), time)
  }

  /** Orders that may still trade, as far as we know. */
  get open(): ReadonlySet<Order> {
    return this.#open
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
      order: this.#orderAt(index),
      exchTime,
      queueAheadLots,
    })
  }

  filled(index: number, exchTime: number, fill: ExchangeFill): void {
    const { instrument, lane, owner, house } = this.#options
    const order = this.#orderAt(index)
    if (this.#isDeaf) return
    const price = instrument.price(fill.priceTicks)
    const size = instrument.size(fill.sizeLots)
    const asked = this.#fees.of(order, fill, exchTime)
    const fee = house?.book(lane, order, fill, asked, exchTime) ?? asked
    const localTime = this.#answer(exchTime, { kind: 'filled', order, exchTime, fill, fee })
    const touch = this.#options.touch()
    const hasBid = touch.bestBidTick !== NO_BID
    const hasAsk = touch.bestAskTick !== NO_ASK
    this.#exchangeLots += order.side * fill.sizeLots
    owner.fills.push({
      instrument: lane,
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
    this.#answer(exchTime, { kind: 'cancelled', order: this.#orderAt(index), exchTime })
  }

  expired(index: number, exchTime: number, reason: string): void {
    this.#answer(exchTime, { kind: 'expired', order: this.#orderAt(index), exchTime, reason })
  }

  rejected(index: number, exchTime: number, reason: string): void {
    this.#answer(exchTime, { kind: 'rejected', order: this.#orderAt(index), exchTime, reason })
  }

  cancelRejected(index: number, exchTime: number, reason: string): void {
    this.#answer(exchTime, {
      kind: 'cancelRejected',
      order: this.#orderAt(index),
      exchTime,
      reason,
    })
  }

  amended(index: number, exchTime: number, terms: AmendedTerms): void {
    this.#answer(exchTime, { kind: 'amended', order: this.#orderAt(index), exchTime, terms })
  }

  amendRejected(index: number, exchTime: number, reason: string): void {
    this.#answer(exchTime, { kind: 'amendRejected', order: this.#orderAt(index), exchTime, reason })
  }

  #orderAt(index: number): Order {
    return this.#options.exchangeOrders[index]!
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
    if (this.#isDeaf) return Number.NaN
    return this.responses.push(exchTime + this.#options.latency.responseNs(exchTime), response)
  }

  #learn(response: Response, time: number): void {
    if (response.kind === 'funded') {
      const { holding, owner, lane } = this.#options
      holding.fund(response.payment.amount)
      owner.fundings.push({ instrument: lane, localTime: time, ...response.payment })
      return
    }
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
    this.#options.owner.hooks.order(order)
  }

  #learnFill(response: Extract<Response, { kind: 'filled' }>, time: number): void {
    const { order, exchTime, fill, fee } = response
    const { holding } = this.#options
    const { position } = holding
    if (Number.isNaN(order.acceptExch)) {
      order.acceptExch = exchTime
      order.acceptLocal = time
    }
    const lotsBefore = position.lots
    const before = balanceOf(position)
    order.filledLots += fill.sizeLots
    order.filledTickLots += fill.priceTicks * fill.sizeLots
    holding.fill(order.side, fill.priceTicks, fill.sizeLots, fee)
    if (order.filledLots === order.sizeLots) this.#finish(order, 'filled', exchTime, time)
    else if (order.status !== 'cancelPending') order.become('partial')
    const trips = this.roundTrips.onFill(time, lotsBefore, before)
    this.#options.owner.hooks.order(order)
    for (const trip of trips) this.#options.owner.hooks.roundTrip(trip)
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
    if (order.forced !== undefined) order.reason = order.forced
    order.become(status)
    this.#open.delete(order)
  }

  /** Why an order must not leave; undefined when it may. */
  #refusal(order: Order): string | undefined {
    if (this.#closed !== undefined) return this.#closed
    const { instrument, endTime } = this.#options
    if (order.submitLocal > endTime) return `the data of ${instrument.symbol} has ended`
    const { status } = this.#options.book()
    if (status === 'live') return undefined
    const { lots } = this.position
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
