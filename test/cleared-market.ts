/** One cleared exchange and the desks of its accounts, without an engine: a clock moved by hand. */
import { memoryTape, type EventColumns, type Instrument, type Side } from '../src/market/index.ts'
import {
  MarginTerms,
  OrderTable,
  type AccountHolding,
  type MarginMode,
  type MarginOptions,
  type Order,
} from '../src/order/index.ts'
import { ClearedCore } from '../src/venue/clearing/cleared-core.ts'
import { ClearingHouse } from '../src/venue/clearing/clearing-house.ts'
import type { ClearedDesk, ForcedOrder, FundingPaid } from '../src/venue/clearing/clearing-types.ts'
import type { LaneFunding } from '../src/venue/clearing/lane-calendar.ts'
import {
  parseExchange,
  parseQueueModel,
  type ExchangeFill,
  type ExchangeReports,
} from '../src/venue/index.ts'

/** How a cleared market differs from the plainest one. */
export interface ClearedSettings {
  readonly instrument: Instrument
  readonly events: EventColumns
  readonly balance?: number
  readonly margin?: MarginOptions
  readonly mode?: MarginMode
  readonly funding?: LaneFunding
  readonly liquidationFee?: number
  readonly settlementPrice?: number
  readonly exchange?: 'partial' | 'no-partial'
  readonly accounts?: number
  /** Fee of every fill as a share of its value. */
  readonly feeRate?: number
}

/** What a desk has heard, in order: `10 filled 1 @ 100`. */
class Desk implements ClearedDesk, ExchangeReports {
  readonly log: string[] = []
  readonly payments: FundingPaid[] = []
  readonly orders: Order[]
  readonly #market: ClearedMarket
  readonly #table: OrderTable
  readonly #owner: number

  constructor(market: ClearedMarket, table: OrderTable, orders: Order[], owner: number) {
    this.#market = market
    this.#table = table
    this.orders = orders
    this.#owner = owner
  }

  force(forced: ForcedOrder): Order {
    return this.make(forced.side, forced.priceTicks, forced.sizeLots, 'IOC', forced.reason)
  }

  make(
    side: Side,
    priceTicks: number,
    sizeLots: number,
    timeInForce: 'GTC' | 'IOC',
    forced?: ForcedOrder['reason'],
  ): Order {
    const order = this.#table.add({
      id: this.orders.length + 1,
      side,
      type: 'limit',
      timeInForce,
      priceTicks,
      sizeLots,
      owner: this.#owner,
      ...(forced === undefined ? {} : { forced }),
    })
    this.orders.push(order)
    return order
  }

  funded(payment: FundingPaid): void {
    this.payments.push(payment)
    this.log.push(`${payment.exchTime} funded ${payment.amount}`)
  }

  filled(index: number, exchTime: number, fill: ExchangeFill): void {
    const order = this.orders[index]!
    const { instrument, feeRate } = this.#market
    const price = instrument.price(fill.priceTicks)
    const value = instrument.notional(instrument.size(fill.sizeLots), price)
    const fee = this.#market.house.book(0, order, fill, value * feeRate, exchTime)
    const forced = order.forced === undefined ? '' : ` (${order.forced})`
    this.log.push(`${exchTime} filled ${order.side * fill.sizeLots} @ ${price} fee ${fee}${forced}`)
  }

  accepted(index: number, exchTime: number): void {
    this.log.push(`${exchTime} accepted ${index}`)
  }
  cancelled(index: number, exchTime: number): void {
    this.log.push(`${exchTime} cancelled ${index}`)
  }
  expired(index: number, exchTime: number, reason: string): void {
    this.log.push(`${exchTime} expired ${index}: ${reason}`)
  }
  rejected(index: number, exchTime: number, reason: string): void {
    this.log.push(`${exchTime} rejected ${index}: ${reason}`)
  }
  cancelRejected(index: number, exchTime: number): void {
    this.log.push(`${exchTime} cancel rejected ${index}`)
  }
  amended(index: number, exchTime: number): void {
    this.log.push(`${exchTime} amended ${index}`)
  }
  amendRejected(index: number, exchTime: number, reason: string): void {
    this.log.push(`${exchTime} amend rejected ${index}: ${reason}`)
  }
}

/** @see module comment */
export class ClearedMarket {
  readonly instrument: Instrument
  readonly feeRate: number
  readonly house: ClearingHouse
  readonly core: ClearedCore
  readonly desks: readonly Desk[]
  readonly orders: Order[] = []

  constructor(settings: ClearedSettings) {
    const { instrument, events, margin, accounts = 1 } = settings
    this.instrument = instrument
    this.feeRate = settings.feeRate ?? 0
    this.house = new ClearingHouse({
      lanes: [
        {
          instrument,
          margin: margin === undefined ? undefined : new MarginTerms(instrument, margin),
          funding: settings.funding ?? 'off',
          settlementPrice: settings.settlementPrice,
        },
      ],
      accounts,
      mode: settings.mode ?? 'cross',
      balances: { [instrument.settlement]: settings.balance ?? 0 },
      checksMargin: margin !== undefined,
      liquidationFee: settings.liquidationFee ?? 0,
      epochNs: events.epochNs,
    })
    const { orders } = this
    const table = new OrderTable(instrument)
    this.desks = Array.from({ length: accounts }, (_, i) => new Desk(this, table, orders, i))
    const queue = parseQueueModel('risk-averse')
    const windows = memoryTape(events).exchange()
    const parts = { instrument, windows, queue, reports: this.#router() }
    const setup = parseExchange(settings.exchange ?? 'partial')
    this.core = new ClearedCore(parts, setup, this.house.clearer(0))
    const { core } = this
    this.house.open([
      {
        core,
        desks: this.desks,
        advance: (until) => core.advance(until),
        submit: (order, time) => core.submit(plain(order), time),
        cancelAll: (owner, time) => core.endAll(time, { owner }),
      },
    ])
  }

  get log(): readonly string[] {
    return this.desks[0]!.log
  }

  holding(owner = 0): AccountHolding {
    return this.house.accounts[owner]!.holdings[0]!
  }

  /** Equity of an account in the settlement currency. */
  equity(owner = 0): number {
    const account = this.house.accounts[owner]!
    const { settlement } = this.instrument
    return account.balance(settlement) + this.holding(owner).unrealized
  }

  /** Runs to `until`, as an engine does that looks at every event. */
  to(until: number): this {
    this.house.bring(0, until)
    return this
  }

  /** An order arrives at `time`. */
  send(time: number, side: Side, priceTicks: number, sizeLots: number, owner = 0): Order {
    this.to(time)
    const order = this.desks[owner]!.make(side, priceTicks, sizeLots, 'GTC')
    this.core.submit(plain(order), time)
    this.house.act(0, time)
    return order
  }

  #router(): ExchangeReports {
    const of = (index: number): Desk => this.desks[this.orders[index]!.owner]!
    return {
      accepted: (index, time) => of(index).accepted(index, time),
      filled: (index, time, fill) => of(index).filled(index, time, fill),
      cancelled: (index, time) => of(index).cancelled(index, time),
      expired: (index, time, reason) => of(index).expired(index, time, reason),
      rejected: (index, time, reason) => of(index).rejected(index, time, reason),
      cancelRejected: (index, time) => of(index).cancelRejected(index, time),
      amended: (index, time) => of(index).amended(index, time),
      amendRejected: (index, time, reason) => of(index).amendRejected(index, time, reason),
    }
  }
}

function plain(order: Order): Parameters<ClearedCore['submit']>[0] {
  const { index, side, priceTicks, sizeLots, owner } = order
  const timeInForce = order.timeInForce === 'IOC' ? 'IOC' : 'GTC'
  return { index, side, type: 'limit', timeInForce, priceTicks, sizeLots, owner }
}
