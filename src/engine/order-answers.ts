/** What the answers of an exchange make of our orders and our position, when they reach us. */
import type { AccountHolding, EndStatus, Order, OrderTable } from '../order/index.ts'
import type { Response } from './desk-messages.ts'
import type { DeskOwner } from './desk-options.ts'
import type { OpenOrders } from './open-orders.ts'
import type { RoundTrips } from './round-trips.ts'

/** What answers move. */
export interface AnswerParts {
  readonly holding: AccountHolding
  readonly owner: DeskOwner
  readonly lane: number
  readonly roundTrips: RoundTrips
  /** Orders that are not done, as far as we know. */
  readonly open: OpenOrders
  /** The orders of all strategies at the exchange. */
  readonly exchangeOrders: OrderTable
}

/** @see module comment */
export class OrderAnswers {
  readonly #parts: AnswerParts

  constructor(parts: AnswerParts) {
    this.#parts = parts
  }

  /** Takes in an answer that has reached us at local `time` and notifies the strategy. */
  take(response: Response, time: number): void {
    if (response.kind === 'funded') {
      const { holding, owner, lane } = this.#parts
      holding.fund(response.payment.amount)
      owner.fundings.push({ instrument: lane, localTime: time, ...response.payment })
      return
    }
    this.#takeOfOrder(response, time)
    const { order } = response
    if (order.isDone) this.#parts.exchangeOrders.release(order)
  }

  #takeOfOrder(response: Exclude<Response, { kind: 'funded' }>, time: number): void {
    const { order, exchTime } = response
    switch (response.kind) {
      case 'accepted':
        order.accept(exchTime, time, response.queueAheadLots)
        break
      case 'parked':
        this.#learnAccepted(order, exchTime, time)
        order.isParked = true
        break
      case 'triggerMoved':
        order.isAmending = false
        order.triggerTicks = response.triggerTicks
        break
      case 'triggered':
        order.isParked = false
        order.triggerExch = exchTime
        order.triggerLocal = time
        order.triggerTicks = response.terms.triggerTicks
        order.priceTicks = response.terms.priceTicks
        break
      case 'filled':
        this.#learnFill(response, time)
        return
      case 'amended':
        // An order that the exchange prices is told its price before it trades.
        this.#learnAccepted(order, exchTime, time)
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
        if (response.reason !== '') order.reason = response.reason
        break
      default:
        order.reason = response.reason
        this.#finish(order, response.kind, exchTime, time)
    }
    this.#parts.owner.hooks.order(order)
  }

  /** The exchange has the order; where it enters a book later, it has had it since. */
  #learnAccepted(order: Order, exchTime: number, time: number): void {
    order.answer(exchTime, time)
    if (order.status === 'submitted') order.become('accepted')
  }

  #learnFill(response: Extract<Response, { kind: 'filled' }>, time: number): void {
    const { order, exchTime, fill, fee } = response
    const { holding, roundTrips } = this.#parts
    const { priceTicks, sizeLots } = fill
    roundTrips.beforeFill()
    const isWhole = order.fill(priceTicks, sizeLots)
    holding.fill(order.side, priceTicks, sizeLots, fee)
    if (isWhole) this.#finish(order, 'filled', exchTime, time)
    else {
      order.isParked = false
      order.answer(exchTime, time)
      if (order.status !== 'cancelPending') order.become('partial')
    }
    const trips = roundTrips.afterFill(time)
    this.#parts.owner.hooks.order(order)
    for (const trip of trips) this.#parts.owner.hooks.roundTrip(trip)
  }

  #finish(order: Order, status: EndStatus, exchTime: number, time: number): void {
    order.end(status, exchTime, time)
    if (order.forced !== undefined) order.reason = order.forced
    this.#parts.open.delete(order)
  }
}
