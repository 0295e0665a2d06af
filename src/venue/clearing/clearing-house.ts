/**
 * Clears the accounts of a run: refuses orders that they cannot bear, lets funding be paid, settles
 * what expires, closes what has too little margin. All of it happens at the venue, on its clock; an
 * account learns of it when the answer has travelled.
 *
 * The house acts where a lane's {@link ClearedCore} has stopped, and after requests have arrived.
 */
import { NO_ASK, NO_BID } from '../../book/index.ts'
import type { Instrument } from '../../market/index.ts'
import {
  Account,
  fundingPayment,
  marginPools,
  nextLiquidation,
  type AccountHolding,
  type MarginPool,
  type Order,
} from '../../order/index.ts'
import type { ExchangeFill, ExchangeOrder } from '../exchange.ts'
import type { Clearer } from './cleared-core.ts'
import type {
  ClearedDesk,
  ClearedLane,
  ClearingOptions,
  ForcedOrder,
  LiquidationRecord,
} from './clearing-types.ts'
import { LaneCalendar } from './lane-calendar.ts'
import { armWatch } from './margin-watch.ts'

interface HousePool {
  readonly owner: number
  readonly pool: MarginPool
  readonly lanes: readonly number[]
}

const EXPIRED = 'the contract has expired'

/** @see module comment */
export class ClearingHouse {
  readonly accounts: readonly Account[]
  readonly liquidations: LiquidationRecord[] = []
  readonly #options: ClearingOptions
  readonly #calendars: readonly LaneCalendar[]
  readonly #pools: readonly HousePool[]
  #lanes: readonly ClearedLane[] = []
  /** Accounts that trade no more and hear nothing. */
  readonly #gone = new Set<number>()
  /** The pool that is being liquidated: its orders are not refused, and pay its fee. */
  #closing: HousePool | undefined
  /** True since a position or an account has changed. */
  #isDirty = false
  #now = 0

  constructor(options: ClearingOptions) {
    const { lanes, mode, balances, epochNs } = options
    this.#options = options
    this.#calendars = lanes.map(
      ({ instrument, funding }) => new LaneCalendar(instrument, funding, epochNs),
    )
    this.accounts = Array.from({ length: options.accounts }, () => {
      const account = new Account(mode, balances)
      for (const [lane, { instrument, margin }] of lanes.entries()) {
        account.open(instrument, margin, () => this.#mid(lane))
      }
      return account
    })
    this.#pools = options.checksMargin
      ? this.accounts.flatMap((account, owner) =>
          marginPools(account).map((pool) => ({
            owner,
            pool,
            lanes: pool.holdings.map((holding) => account.holdings.indexOf(holding)),
          })),
        )
      : []
  }

  /** Returns what the core of a lane asks before it takes an order. */
  clearer(lane: number): Clearer {
    return {
      refusal: (order, exchTime) => this.#refusal(lane, order, exchTime),
      working: (order, openLots) => this.#working(lane, order, openLots),
    }
  }

  /** Connects the exchanges, in order of lanes. */
  open(lanes: readonly ClearedLane[]): void {
    this.#lanes = lanes
    for (const lane of lanes.keys()) this.#arm(lane)
  }

  /**
   * Books a fill of an account and returns its fee, which is `fee` but for orders of the house.
   *
   * @param fee what the fee model asks, in the settlement currency
   */
  book(lane: number, order: Order, fill: ExchangeFill, fee: number, exchTime: number): number {
    const account = this.accounts[order.owner]!
    const holding = account.holdings[lane]!
    const { priceTicks, sizeLots } = fill
    this.#isDirty = true
    this.#now = exchTime
    // A position pays from when it is there. What trades with a row of the tape trades before what
    // is due at the same time, what trades with a request behind it.
    if (!this.#isHeld(lane)) this.#calendars[lane]!.skipFunding(exchTime - (fill.isMaker ? 1 : 0))
    if (order.forced === undefined) {
      holding.fill(order.side, priceTicks, sizeLots, fee)
      return fee
    }
    holding.fill(order.side, priceTicks, sizeLots, 0)
    if (order.forced === 'settlement') return 0
    const { instrument } = holding
    const value = instrument.notional(instrument.size(sizeLots), instrument.price(priceTicks))
    // What is left pays, and no more: nobody owes a venue a fee for closing a position.
    const left = this.#closing === undefined ? 0 : Math.max(0, this.#closing.pool.equity)
    const charged = Math.min(fee + value * this.#options.liquidationFee, left)
    holding.charge(charged)
    return charged
  }

  /** Acts on what has happened at a lane; `time`: when requests arrived there. */
  act(lane: number, time?: number): void {
    this.#look(lane)
    if (time !== undefined) this.#now = Math.max(this.#now, time)
    if (!this.#isDirty) return
    this.#isDirty = false
    for (const each of this.#pools) this.#check(each)
    for (const each of this.#lanes.keys()) this.#arm(each)
  }

  /** An account has left the run: nothing of it is looked after any more. */
  leave(owner: number): void {
    this.#gone.add(owner)
    for (const lane of this.#lanes.keys()) this.#arm(lane)
  }

  /** Brings a lane forward, with all that happens there on the way. */
  bring(lane: number, until: number): void {
    while (this.#lanes[lane]!.advance(until)) this.act(lane)
  }

  /** Takes note of why the core of a lane has stopped. */
  #look(lane: number): void {
    const { core } = this.#lanes[lane]!
    const { stopTime } = core
    if (!Number.isNaN(stopTime)) {
      this.#now = stopTime
      this.#isDirty = true
    }
    const row = core.takeFundingRow()
    if (row !== undefined) {
      const { instrument } = this.#options.lanes[lane]!
      this.#pay(lane, row.rate, row.markTicks > 0 ? instrument.price(row.markTicks) : Number.NaN)
    }
    const calendar = this.#calendars[lane]!
    while (calendar.nextTime(true) <= this.#now) {
      const due = calendar.take()
      if (due === 'expiry') this.#settle(lane)
      else if (this.#isHeld(lane)) this.#pay(lane, due.rate, due.mark)
      core.nextTime = calendar.nextTime(this.#isHeld(lane))
      this.#isDirty = true
    }
  }

  #pay(lane: number, rate: number, given: number): void {
    const { instrument } = this.#options.lanes[lane]!
    for (const [owner, account] of this.accounts.entries()) {
      const holding = account.holdings[lane]!
      if (!holding.isOpen || this.#gone.has(owner)) continue
      const mark = Number.isNaN(given) ? holding.mark : given
      const position = holding.position.size
      const amount = fundingPayment(instrument, position, rate, mark)
      holding.fund(amount)
      this.#isDirty = true
      const payment = { exchTime: this.#now, rate, mark, position, amount }
      this.#lanes[lane]!.desks[owner]!.funded(payment)
    }
  }

  /** The contract is over: its orders expire, its positions are settled. */
  #settle(lane: number): void {
    const { core, desks } = this.#lanes[lane]!
    const { instrument, settlementPrice } = this.#options.lanes[lane]!
    const now = this.#now
    core.endAll(now, { expiry: EXPIRED })
    for (const [owner, account] of this.accounts.entries()) {
      this.#lanes[lane]!.cancelAll(owner, now)
      const holding = account.holdings[lane]!
      if (!holding.isOpen || this.#gone.has(owner)) continue
      const price = settlementPrice ?? holding.mark
      const { lots } = holding.position
      this.#fillForced(desks[owner]!, {
        side: lots > 0 ? -1 : 1,
        sizeLots: Math.abs(lots),
        // A mid lies between two ticks as often as not.
        priceTicks: price / instrument.price(1),
        reason: 'settlement',
      })
    }
  }

  #check(each: HousePool): void {
    const { owner, pool, lanes } = each
    if (!pool.hasPosition || this.#gone.has(owner)) return
    // Others of its positions are valued at this moment too.
    for (const lane of lanes) this.#catchUp(lane)
    if (pool.mustLiquidate) this.#liquidate(each)
  }

  #catchUp(lane: number): void {
    while (this.#lanes[lane]!.advance(this.#now)) this.#look(lane)
  }

  #liquidate(each: HousePool): void {
    const { owner, pool, lanes } = each
    const account = this.accounts[owner]!
    const { equity, maintenance } = pool
    this.#closing = each
    for (const lane of lanes) this.#lanes[lane]!.cancelAll(owner, this.#now)
    while (pool.mustLiquidate) {
      const { holding, side, lots, bankruptcyTicks } = nextLiquidation(pool)
      const lane = account.holdings.indexOf(holding)
      const record = { owner, lane, exchTime: this.#now, equity, maintenance }
      this.liquidations.push(record)
      this.#close(lane, owner, { side, sizeLots: lots, priceTicks: bankruptcyTicks }, holding)
    }
    this.#closing = undefined
    this.#isDirty = false
  }

  /** Sells to the book what it takes, and hands over the rest at the bankruptcy price. */
  #close(
    lane: number,
    owner: number,
    terms: Omit<ForcedOrder, 'reason'>,
    holding: AccountHolding,
  ): void {
    const { desks } = this.#lanes[lane]!
    const desk = desks[owner]!
    const reason = 'liquidation'
    const order = desk.force({ ...terms, reason }, this.#now)
    this.#lanes[lane]!.submit(order, this.#now)
    const sizeLots = Math.abs(holding.position.lots)
    const isMarginCompliant = this.#closing !== undefined && !this.#closing.pool.mustLiquidate
    if (sizeLots > 0 && !isMarginCompliant) this.#fillForced(desk, { ...terms, sizeLots, reason })
  }

  #fillForced(desk: ClearedDesk, forced: ForcedOrder): void {
    const order = desk.force(forced, this.#now)
    const { priceTicks, sizeLots } = forced
    const fill = { priceTicks, sizeLots, isMaker: false, queueAheadLots: Number.NaN }
    desk.filled(order.index, this.#now, fill)
  }

  #refusal(lane: number, order: ExchangeOrder, exchTime: number): string | undefined {
    if (this.#calendars[lane]!.isExpired(exchTime)) return EXPIRED
    if (!this.#options.checksMargin || this.#closing?.owner === order.owner) return undefined
    const account = this.accounts[order.owner]!
    const working = this.#workingOrder(lane, order, order.sizeLots)
    return account.refusal(account.holdings[lane]!, { index: order.index, order: working })
  }

  #working(lane: number, order: ExchangeOrder, openLots: number): void {
    const { working } = this.accounts[order.owner]!.holdings[lane]!
    if (openLots === 0) working.delete(order.index)
    else working.set(order.index, this.#workingOrder(lane, order, openLots))
  }

  #workingOrder(
    lane: number,
    order: ExchangeOrder,
    lots: number,
  ): { readonly side: 1 | -1; readonly lots: number; readonly price: number } {
    const { side, type, priceTicks } = order
    const price =
      type === 'market' ? this.#opposite(lane, side) : this.#instrument(lane).price(priceTicks)
    return { side, lots, price }
  }

  /** What a market order is taken to pay: the best price that it meets, or the mark. */
  #opposite(lane: number, side: 1 | -1): number {
    const { ladder } = this.#lanes[lane]!.core
    const instrument = this.#instrument(lane)
    const hasBest = side > 0 ? ladder.bestAskTick !== NO_ASK : ladder.bestBidTick !== NO_BID
    if (!hasBest) return this.accounts[0]!.holdings[lane]!.mark
    return instrument.price(side > 0 ? ladder.bestAskTick : ladder.bestBidTick)
  }

  #instrument(lane: number): Instrument {
    return this.#options.lanes[lane]!.instrument
  }

  #mid(lane: number): number {
    const ladder = this.#lanes[lane]?.core.ladder
    if (ladder === undefined) return Number.NaN
    if (ladder.bestBidTick === NO_BID || ladder.bestAskTick === NO_ASK) return Number.NaN
    const instrument = this.#instrument(lane)
    return (instrument.price(ladder.bestBidTick) + instrument.price(ladder.bestAskTick)) / 2
  }

  #isHeld(lane: number): boolean {
    return this.accounts.some(
      ({ holdings }, owner) => holdings[lane]!.isOpen && !this.#gone.has(owner),
    )
  }

  /** Sets what stops the tape of a lane next. */
  #arm(lane: number): void {
    const { core } = this.#lanes[lane]!
    const isHeld = this.#isHeld(lane)
    const calendar = this.#calendars[lane]!
    // What was due while nothing was held is over.
    if (!isHeld) calendar.skipFunding(this.#now)
    core.nextTime = calendar.nextTime(isHeld)
    core.isHeld =
      isHeld && (calendar.paysFunding || this.#pools.length > 0 || core.nextTime < Infinity)
    const pools = this.#pools.filter(
      ({ owner, pool, lanes }) =>
        pool.hasPosition && lanes.includes(lane) && !this.#gone.has(owner),
    )
    armWatch(core.clearerWatch, {
      instrument: this.#instrument(lane),
      stopsAtFunding: isHeld && calendar.isOnTape,
      positions: pools.flatMap(({ pool, owner }) => {
        const holding = this.accounts[owner]!.holdings[lane]!
        const open = pool.holdings.filter((each) => each.isOpen).length
        return holding.isOpen ? [{ holding, share: pool.buffer / open }] : []
      }),
    })
  }
}
