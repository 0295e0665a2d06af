/**
 * The way of our orders: from the strategy to the exchange and back, with what is known of each.
 *
 * The exchange tells this desk what happened (its clock); the desk tells the strategy when the
 * answer has travelled back (the local clock).
 */
import { NO_ASK, NO_BID } from '../book/index.ts'
import type { Side } from '../market/index.ts'
import type { Order, Position } from '../order/index.ts'
import type {
  AmendedTerms,
  ExchangeFill,
  Gateway,
  TriggeredTerms,
  VenueReports,
} from '../venue/index.ts'
import type { Request, Response } from './desk-messages.ts'
import type { OrderDeskOptions } from './desk-options.ts'
import { FillFees } from './fill-fees.ts'
import { MessageQueue } from './message-queue.ts'
import { OpenOrders } from './open-orders.ts'
import { OrderAnswers } from './order-answers.ts'
import type { OrderChange, OrderOptions } from './order-options.ts'
import { OrderDraft, amendedTerms, readTerms, type SendTime } from './order-terms.ts'
import { RoundTrips } from './round-trips.ts'

/** @see module comment */
export class OrderDesk implements VenueReports {
  readonly requests: MessageQueue<Request>
  readonly responses: MessageQueue<Response>
  readonly roundTrips: RoundTrips
  readonly #answers: OrderAnswers
  readonly #options: OrderDeskOptions
  readonly #open = new OpenOrders()
  readonly #fees: FillFees
  readonly #draft: OrderDraft
  readonly #sendTime: SendTime
  #exchangeLots = 0
  /** Why no request may leave any more. */
  #closed: string | undefined
  #isDeaf = false

  constructor(options: OrderDeskOptions) {
    this.#options = options
    this.#fees = new FillFees(options.fees, options.instrument)
    this.requests = new MessageQueue(options.nextRequests, options.slot)
    this.responses = new MessageQueue(options.nextResponses, options.slot)
    const { holding, owner, lane } = options
    const { exchangeOrders, epochNs } = options
    this.#draft = new OrderDraft(owner.rank)
    this.#sendTime = { now: Number.NaN, epochNs }
    this.roundTrips = new RoundTrips(holding.position)
    this.#answers = new OrderAnswers({
      holding,
      owner,
      lane,
      roundTrips: this.roundTrips,
      open: this.#open,
      exchangeOrders,
    })
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
  leave(exchange: Gateway, exchTime: number): void {
    this.#isDeaf = true
    this.requests.clear()
    for (const order of this.#open) exchange.cancel(order.index, exchTime)
  }

  /**
   * Sends an order at local `time`; see {@link Order} for its life.
   *
   * @throws LobtraderError as {@link readTerms}
   */
  send(side: Side, options: OrderOptions, size: number, time: number): Order {
    const { instrument, owner, exchangeOrders } = this.#options
    const draft = this.#draft
    this.#sendTime.now = time
    readTerms(draft, instrument, options, size, this.#sendTime)
    draft.id = owner.orders.nextId()
    draft.side = side
    const order = exchangeOrders.add(draft)
    order.submitLocal = time
    const refusal = this.#refusal(order)
    if (refusal === undefined) {
      this.#open.add(order)
      this.#request(time, { kind: 'submit', order })
    } else {
      order.reason = refusal
      order.doneLocal = time
      order.become('rejected')
      owner.refused.push(order)
      exchangeOrders.release(order)
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

  /** Asks at local `time`, in one request, for the cancel of every open order of a side, or of both. */
  cancelAll(side: Side | undefined, time: number): void {
    const orders = [...this.#open].filter(
      (order) => (side === undefined || order.side === side) && order.status !== 'cancelPending',
    )
    if (orders.length === 0 || this.#closed !== undefined) return
    for (const order of orders) {
      order.become('cancelPending')
      order.cancelLocal = time
    }
    this.#request(time, { kind: 'cancelAll', orders, side })
  }

  /**
   * Asks for new terms at local `time`; what is left out stays. Nothing happens when the order is
   * done, a request about it is on its way, or the terms are those that it has.
   *
   * @throws LobtraderError as {@link amendedTerms}
   */
  amend(order: Order, change: OrderChange, time: number): void {
    if (order.isDone || order.isPending || this.#closed !== undefined) return
    const terms = amendedTerms(order, change)
    const isSame =
      terms.sizeLots === order.sizeLots &&
      Object.is(terms.priceTicks, order.priceTicks) &&
      Object.is(terms.triggerTicks, order.triggerTicks)
    if (isSame) return
    order.isAmending = true
    this.#request(time, { kind: 'amend', order, terms })
  }

  /** Hands every request that has arrived by `exchTime` to the exchange. */
  deliver(exchange: Gateway, exchTime: number): void {
    const { gate, owner } = this.#options
    while (this.requests.nextTime <= exchTime) {
      const request = this.requests.shift()
      this.#keepAsked(request)
      const refusal = gate?.refusal(rateKind(request), exchTime)
      if (refusal !== undefined) this.#refuse(request, exchTime, refusal)
      else if (request.kind === 'submit') exchange.submit(request.order, exchTime)
      else if (request.kind === 'cancel') exchange.cancel(request.order.index, exchTime)
      else if (request.kind === 'cancelAll') {
        exchange.cancelAll(owner.rank, request.side, exchTime)
      } else exchange.amend({ index: request.order.index, ...request.terms }, exchTime)
    }
  }

  /** The answer to a request speaks of the very handle that was asked for, also of an order that is over. */
  #keepAsked(request: Request): void {
    const { exchangeOrders } = this.#options
    if (request.kind === 'cancelAll') {
      for (const order of request.orders) if (order.isDone) exchangeOrders.keep(order)
    } else if (request.order.isDone) exchangeOrders.keep(request.order)
  }

  /** Answers a request that the venue does not take. */
  #refuse(request: Request, exchTime: number, reason: string): void {
    if (request.kind === 'cancelAll') {
      for (const { index } of request.orders) this.cancelRejected(index, exchTime, reason)
      return
    }
    const { index } = request.order
    if (request.kind === 'submit') this.rejected(index, exchTime, reason)
    else if (request.kind === 'cancel') this.cancelRejected(index, exchTime, reason)
    else this.amendRejected(index, exchTime, reason)
  }

  /** Sends what the exchange tells at `exchTime` on its way to us; returns when it arrives. */
  tell(exchTime: number, response: Response): number {
    return this.#answer(exchTime, response)
  }

  /** Takes in every answer that has reached us by local `time` and notifies the strategy. */
  receive(time: number): void {
    while (this.responses.nextTime <= time) this.#answers.take(this.responses.shift(), time)
  }

  /** Takes in every answer that has reached us before local `time`, each at its own time. */
  receiveBefore(time: number): void {
    const { responses } = this
    for (let at = responses.nextTime; at < time; at = responses.nextTime) {
      this.#answers.take(responses.shift(), at)
    }
  }

  /** Orders that may still trade, as far as we know. */
  get open(): OpenOrders {
    return this.#open
  }

  /** Best prices of our working orders as far as we know. */
  ownTouch(): { readonly bidTicks: number | undefined; readonly askTicks: number | undefined } {
    let bidTicks: number | undefined
    let askTicks: number | undefined
    for (const order of this.#open) {
      if (!order.hasLimit || order.isParked || order.status === 'submitted') continue
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
    const { lane, owner, house } = this.#options
    const order = this.#orderAt(index)
    if (this.#isDeaf) return
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
      price: fill.priceTicks,
      size: fill.sizeLots,
      maker: fill.isMaker,
      fee,
      exchTime,
      localTime,
      position: this.#exchangeLots,
      queueAhead: fill.queueAheadLots,
      bidPrice: hasBid ? touch.bestBidTick : Number.NaN,
      bidSize: hasBid ? touch.bestBidLots : Number.NaN,
      askPrice: hasAsk ? touch.bestAskTick : Number.NaN,
      askSize: hasAsk ? touch.bestAskLots : Number.NaN,
    })
  }

  cancelled(index: number, exchTime: number, reason = ''): void {
    this.#answer(exchTime, { kind: 'cancelled', order: this.#orderAt(index), exchTime, reason })
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

  parked(index: number, exchTime: number): void {
    this.#answer(exchTime, { kind: 'parked', order: this.#orderAt(index), exchTime })
  }

  triggerMoved(index: number, exchTime: number, triggerTicks: number): void {
    this.#answer(exchTime, {
      kind: 'triggerMoved',
      order: this.#orderAt(index),
      exchTime,
      triggerTicks,
    })
  }

  triggered(index: number, exchTime: number, terms: TriggeredTerms): void {
    this.#answer(exchTime, { kind: 'triggered', order: this.#orderAt(index), exchTime, terms })
  }

  #orderAt(index: number): Order {
    return this.#options.exchangeOrders.at(index)
  }

  #request(time: number, request: Request): void {
    const sent = rateKind(request)
    const entry = this.#options.latency.entryNs(time, sent)
    if (entry >= 0) {
      this.requests.push(time + entry, request)
      return
    }
    // It never was at the exchange, so no time of the exchange's clock belongs to it.
    const exchTime = Number.NaN
    const reason = 'the venue was overloaded'
    const kind = sent === 'submit' ? 'expired' : (`${sent}Rejected` as const)
    for (const order of request.kind === 'cancelAll' ? request.orders : [request.order]) {
      this.responses.push(time - entry, { kind, order, exchTime, reason })
    }
  }

  #answer(exchTime: number, response: Response): number {
    if (this.#isDeaf) return Number.NaN
    const { latency, unseenUntil } = this.#options
    const arrival = exchTime + latency.responseNs(exchTime)
    if (mayBeHeardAtOnce(response)) {
      const time = this.responses.pass(arrival, unseenUntil[0]!)
      if (time < Number.POSITIVE_INFINITY) {
        this.#answers.take(response, time)
        return time
      }
    }
    return this.responses.push(arrival, response)
  }

  /** Why an order must not leave; undefined when it may. */
  #refusal(order: Order): string | undefined {
    if (this.#closed !== undefined) return this.#closed
    const { instrument, endTime, queuesInHalts } = this.#options
    if (order.submitLocal > endTime) return `the data of ${instrument.symbol} has ended`
    const { status } = this.#options.book()
    if (status === 'live' || (status === 'halted' && queuesInHalts)) return undefined
    const { lots } = this.position
    const isWithin = order.isReduceOnly || order.sizeLots <= Math.abs(lots)
    const reduces = lots * order.side < 0 && isWithin
    return reduces
      ? undefined
      : `the book is ${status}; only orders that reduce the position may leave`
  }
}

/** What a request counts as where it travels and where the venue counts. */
function rateKind({ kind }: Request): Exclude<Request['kind'], 'cancelAll'> {
  return kind === 'cancelAll' ? 'cancel' : kind
}

/** True for the commonest answers, none of which changes what the exchange reads of the order. */
function mayBeHeardAtOnce({ kind }: Response): boolean {
  return kind === 'accepted' || kind === 'filled' || kind === 'cancelled'
}
