/**
 * One order as its owner sees it: what was asked, what is known of its life.
 *
 * The same record and the same transitions serve the backtest and live trading.
 */
import { InvariantError } from '../core/index.ts'
import type { Instrument, Side } from '../market/index.ts'
import type { ForcedReason } from './order-request.ts'
import { CODE_OF, OPEN, PENDING, codeOf, mayFollow } from './order-life.ts'
import {
  OrderByte,
  OrderField,
  OrderFlag,
  OrderWord,
  type OrderExtra,
  type OrderPage,
} from './order-page.ts'
import {
  ORDER_STATUSES,
  ORDER_TYPES,
  TIMES_IN_FORCE,
  hasLimit,
  type EndStatus,
  type OrderStatus,
  type OrderType,
  type TimeInForce,
} from './order-types.ts'
import type { SpecialTerms } from './special-terms.ts'

/** By code of a type: 1 where it stands or takes at a limit price. */
const HAS_LIMIT = Uint8Array.from(ORDER_TYPES, (type) => (hasLimit(type) ? 1 : 0))

/**
 * An order; read-only to strategies, moved by the broker alone. Times are ns since the epoch.
 *
 * A name for a row of a table: whatever it says stands there.
 */
export class Order {
  readonly #page: OrderPage
  // Numbers from the first: a field that begins undefined is looked at twice wherever it is read.
  readonly #row: number = 0
  /** As in the row: an order that is not over has one handle, and strategies ask for it all the time. */
  #status = 0

  /** @param row of the page, which is there */
  constructor(page: OrderPage, row: number) {
    this.#page = page
    this.#row = row
    this.#status = page.byte(row, OrderByte.Status)
  }

  get instrument(): Instrument {
    return this.#page.instrument
  }

  /** What it asks for beyond a plain limit or market order. */
  get special(): SpecialTerms | undefined {
    return this.#extra?.special
  }

  /** Set where the venue made it for us; {@link Order.reason} says the same. */
  get forced(): ForcedReason | undefined {
    return this.#extra?.forced
  }

  get id(): number {
    return this.#page.word(this.#row, OrderWord.Id)
  }

  /** Names this order at its exchange: 0, 1, ... over the orders of all strategies there. */
  get index(): number {
    return this.#page.word(this.#row, OrderWord.Index)
  }

  /** Which of the strategies of a run sent it: 0, 1, ... */
  get owner(): number {
    return this.#page.word(this.#row, OrderWord.Owner)
  }

  /** +1 buy, -1 sell. */
  get side(): Side {
    return this.#page.byte(this.#row, OrderByte.Side) === 0 ? 1 : -1
  }

  get type(): OrderType {
    return ORDER_TYPES[this.#page.byte(this.#row, OrderByte.Type)]!
  }

  get timeInForce(): TimeInForce {
    return TIMES_IN_FORCE[this.#page.byte(this.#row, OrderByte.TimeInForce)]!
  }

  /** True for the types that stand or take at a limit price. */
  get hasLimit(): boolean {
    return HAS_LIMIT[this.#page.byte(this.#row, OrderByte.Type)] === 1
  }

  /** As in {@link OrderRequest}, as last confirmed. */
  get priceTicks(): number {
    return this.#page.double(this.#row, OrderField.PriceTicks)
  }

  set priceTicks(ticks: number) {
    this.#page.setDouble(this.#row, OrderField.PriceTicks, ticks)
  }

  /** Whole size as last confirmed. */
  get sizeLots(): number {
    return this.#page.double(this.#row, OrderField.SizeLots)
  }

  set sizeLots(lots: number) {
    this.#page.setDouble(this.#row, OrderField.SizeLots, lots)
  }

  get filledLots(): number {
    return this.#page.double(this.#row, OrderField.FilledLots)
  }

  /** Sum of fill tick x lots, for the average price. */
  get filledTickLots(): number {
    return this.#page.double(this.#row, OrderField.FilledTickLots)
  }

  /** Estimated lots ahead of it in the queue when it came to rest; NaN where it did not rest. */
  get queueAheadLots(): number {
    return this.#page.double(this.#row, OrderField.QueueAheadLots)
  }

  set queueAheadLots(lots: number) {
    this.#page.setDouble(this.#row, OrderField.QueueAheadLots, lots)
  }

  /** The price that lets it into the book, data ticks as last confirmed; NaN without one. */
  get triggerTicks(): number {
    return this.#page.triggers.get(this.#row)?.ticks ?? Number.NaN
  }

  set triggerTicks(ticks: number) {
    this.#page.trigger(this.#row).ticks = ticks
  }

  /** When its trigger was met, exchange clock; NaN before. */
  get triggerExch(): number {
    return this.#page.triggers.get(this.#row)?.exch ?? Number.NaN
  }

  set triggerExch(time: number) {
    this.#page.trigger(this.#row).exch = time
  }

  /** When we learnt that. */
  get triggerLocal(): number {
    return this.#page.triggers.get(this.#row)?.local ?? Number.NaN
  }

  set triggerLocal(time: number) {
    this.#page.trigger(this.#row).local = time
  }

  /** True while it waits at the exchange outside the book: for a price, a parent, or a halt. */
  get isParked(): boolean {
    return this.#has(OrderFlag.Parked)
  }

  set isParked(isSo: boolean) {
    this.#flag(OrderFlag.Parked, isSo)
  }

  /** True while an amendment of ours is on its way. */
  get isAmending(): boolean {
    return this.#has(OrderFlag.Amending)
  }

  set isAmending(isSo: boolean) {
    this.#flag(OrderFlag.Amending, isSo)
  }

  /**
   * Why it was rejected or has expired; while it works, why its last cancel or amendment was
   * refused; empty otherwise.
   */
  get reason(): string {
    return this.#page.reason(this.#row)
  }

  set reason(reason: string) {
    if (reason === '') this.#page.setWord(this.#row, OrderWord.Reason, 0)
    else this.#page.setReason(this.#row, reason)
  }

  /** When it was sent, local clock. */
  get submitLocal(): number {
    return this.#page.double(this.#row, OrderField.SubmitLocal)
  }

  set submitLocal(time: number) {
    this.#page.setDouble(this.#row, OrderField.SubmitLocal, time)
  }

  /** When the exchange took it on or refused it, exchange clock. */
  get acceptExch(): number {
    return this.#page.double(this.#row, OrderField.AcceptExch)
  }

  /** When we learnt that. */
  get acceptLocal(): number {
    return this.#page.double(this.#row, OrderField.AcceptLocal)
  }

  /** When the last cancel request was sent. */
  get cancelLocal(): number {
    return this.#page.double(this.#row, OrderField.CancelLocal)
  }

  set cancelLocal(time: number) {
    this.#page.setDouble(this.#row, OrderField.CancelLocal, time)
  }

  /** When its life ended, exchange clock. */
  get doneExch(): number {
    return this.#page.double(this.#row, OrderField.DoneExch)
  }

  set doneExch(time: number) {
    this.#page.setDouble(this.#row, OrderField.DoneExch, time)
  }

  /** When its life ended, local clock. */
  get doneLocal(): number {
    return this.#page.double(this.#row, OrderField.DoneLocal)
  }

  set doneLocal(time: number) {
    this.#page.setDouble(this.#row, OrderField.DoneLocal, time)
  }

  get status(): OrderStatus {
    return ORDER_STATUSES[this.#status]!
  }

  /** Limit price in quote units; NaN without one. */
  get price(): number {
    return this.hasLimit ? this.instrument.price(this.priceTicks) : Number.NaN
  }

  /** The price that lets it into the book, quote units; NaN without one. */
  get trigger(): number {
    return this.instrument.price(this.triggerTicks)
  }

  /** True once its trigger was met, as far as we know. */
  get isTriggered(): boolean {
    return !Number.isNaN(this.triggerExch)
  }

  /** What an iceberg shows at a time, base units or contracts; NaN for any other order. */
  get displaySize(): number {
    return this.instrument.size(this.special?.displayLots ?? Number.NaN)
  }

  /** True when it may reduce the position only. */
  get isReduceOnly(): boolean {
    return this.special?.reduceOnly ?? false
  }

  /** When it ends by itself, ns since the epoch; NaN where no moment was named. */
  get expireTime(): number {
    return this.special?.expireTime ?? Number.NaN
  }

  /** Base units or contracts. */
  get size(): number {
    return this.instrument.size(this.sizeLots)
  }

  get filled(): number {
    return this.instrument.size(this.filledLots)
  }

  get remaining(): number {
    return this.instrument.size(this.sizeLots - this.filledLots)
  }

  /** Size-weighted fill price in quote units; NaN without a fill. */
  get averagePrice(): number {
    return this.filledLots === 0
      ? Number.NaN
      : this.instrument.price(this.filledTickLots / this.filledLots)
  }

  get isBuy(): boolean {
    return this.side > 0
  }

  /** True while the order can still trade, as far as we know. */
  get isOpen(): boolean {
    return (OPEN & (1 << this.#status)) !== 0
  }

  /** True when nothing can happen to it any more. */
  get isDone(): boolean {
    return !this.isOpen
  }

  /** True while a request of ours about it is on its way. */
  get isPending(): boolean {
    return this.isAmending || (PENDING & (1 << this.#status)) !== 0
  }

  /** Moves the order to `status`. @throws InvariantError when its life does not allow that */
  become(status: OrderStatus): void {
    const code = codeOf(status)
    if (!mayFollow(this.#status, code)) {
      throw new InvariantError(`order ${this.id} cannot go from ${this.status} to ${status}`)
    }
    this.#setStatus(code)
  }

  /** Takes in the first answer of the exchange, whatever it was; later ones change nothing. */
  answer(exchTime: number, localTime: number): void {
    this.#page.answer(this.#row, exchTime, localTime)
  }

  /** Takes in that it rests in the exchange's book, with so much ahead of it. */
  accept(exchTime: number, localTime: number, queueAheadLots: number): void {
    this.#page.accept(this.#row, exchTime, localTime, queueAheadLots)
    if (this.#status === CODE_OF.submitted) this.#setStatus(CODE_OF.accepted)
  }

  /** Takes in a fill. Returns true when the order is whole now. */
  fill(ticks: number, lots: number): boolean {
    return this.#page.fill(this.#row, ticks, lots)
  }

  /**
   * Ends its life as `status`; it is answered by that too. Why an earlier cancel was refused
   * explains no fill and no cancel.
   *
   * @throws InvariantError as {@link become}
   */
  end(status: EndStatus, exchTime: number, localTime: number): void {
    const keepsReason = status === 'expired' || status === 'rejected'
    this.#page.end(this.#row, exchTime, localTime, keepsReason)
    this.become(status)
  }

  /** The status that the fills so far give an order which is not done. */
  get workingStatus(): OrderStatus {
    return this.filledLots === 0 ? 'accepted' : 'partial'
  }

  /** What it says of itself where it is printed or written down. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { id, side, type, timeInForce, status, price, size, filled, averagePrice, reason } = this
    const { symbol } = this.instrument
    const asked = { id, symbol, side, type, timeInForce, price, size }
    return { ...asked, status, filled, averagePrice, reason }
  }

  /** The same where it is logged; its fields stand in a table. */
  [Symbol.for('nodejs.util.inspect.custom')](): unknown {
    return this.toJSON()
  }

  get #extra(): OrderExtra | undefined {
    return this.#has(OrderFlag.Extra) ? this.#page.extras.get(this.#row) : undefined
  }

  #setStatus(code: number): void {
    this.#status = code
    this.#page.setByte(this.#row, OrderByte.Status, code)
  }

  #has(flag: number): boolean {
    return (this.#page.byte(this.#row, OrderByte.Flags) & flag) !== 0
  }

  #flag(flag: number, isSo: boolean): void {
    const flags = this.#page.byte(this.#row, OrderByte.Flags)
    this.#page.setByte(this.#row, OrderByte.Flags, isSo ? flags | flag : flags & ~flag)
  }
}
