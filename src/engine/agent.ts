/** One strategy in a run: its hooks, its timers, its orders, its account. */
import type { BookQueries } from '../book/index.ts'
import { LobtraderError, assert, objectList } from '../core/index.ts'
import type { Instrument, Side } from '../market/index.ts'
import {
  Account,
  CurrencyMarks,
  type AccountHolding,
  type Order,
  type OrderTable,
} from '../order/index.ts'
import type { AccountSettings } from './account-options.ts'
import { haveCommonUnit } from './analyzers/instrument-parts.ts'
import { Broker } from './broker.ts'
import type { Data } from './data.ts'
import { FeedWaker, wakeTable } from './feed-waker.ts'
import type { LaneAccount } from './lane-account.ts'
import type { MarketLane } from './market-lane.ts'
import type { NextTimes } from './next-times.ts'
import type { DeskOwner } from './desk-options.ts'
import type { OrderDesk } from './order-desk.ts'
import { OwnOrders } from './own-orders.ts'
import { FillRecorder, SampleRecorder } from './recorder.ts'
import type { AccountSummary, FundingRecord, RunTotals } from './run-record.ts'
import type { Sizer } from './sizer.ts'
import { StrategyHooks } from './strategy-hooks.ts'
import type { OrderChange, OrderOptions } from './order-options.ts'
import type { Strategy, StrategyEntry } from './strategy.ts'
import { Timers } from './timers.ts'

const NEVER = Number.POSITIVE_INFINITY

/** When each strategy is next woken, by what; slots are ranks, or desks for rows of a feed. */
export interface WakeTimes {
  readonly feeds: NextTimes
  readonly timers: NextTimes
  readonly samples: NextTimes
}

/** What all agents of a run have in common. */
export interface AgentSettings {
  readonly startingCash: number
  readonly account: AccountSettings
  readonly sampleNs: number
  readonly sizer: Sizer
}

/** What an {@link Agent} is made of. */
export interface AgentOptions {
  readonly entry: StrategyEntry
  /** Its place in the order of strategies. */
  readonly rank: number
  /** Orders of all strategies, by lane. */
  readonly exchangeOrders: readonly OrderTable[]
  readonly wakeTimes: WakeTimes
  readonly run: AgentSettings
}

/** @see module comment */
export class Agent implements DeskOwner {
  readonly entry: StrategyEntry
  readonly rank: number
  readonly orders: OwnOrders
  readonly refused: Order[] = []
  readonly fills = new FillRecorder()
  readonly fundings: FundingRecord[] = []
  readonly timers: Timers
  /** Samples of the whole account, where it holds more than one instrument. */
  readonly samples: SampleRecorder
  readonly wakers: FeedWaker[] = []
  readonly #options: AgentOptions
  #accounts: readonly LaneAccount[] = []
  readonly #byData: LaneAccount[] = objectList()
  readonly #desks = new Map<Instrument, OrderDesk>()
  /** Converts at the marks of its own books. */
  readonly #marks: CurrencyMarks
  readonly #account: Account
  #broker: Broker | undefined
  #hooks: StrategyHooks | undefined
  /** What the strategy asked for: no hook is called once this moment is over. */
  hasStopped = false
  /** True once no hook is called any more but those that tell of answers still on their way. */
  isLeaving = false
  isDone = false
  /** When trading ended for it, ns since the epoch. */
  endTime = Number.NaN

  constructor(options: AgentOptions) {
    this.#options = options
    this.entry = options.entry
    this.rank = options.rank
    this.orders = new OwnOrders(options.rank, options.exchangeOrders)
    const { mode, balances, rates } = options.run.account
    this.#account = new Account(mode, balances)
    this.#marks = new CurrencyMarks(rates)
    this.samples = new SampleRecorder(options.run.sampleNs)
    this.timers = new Timers((time) => options.wakeTimes.timers.set(this.rank, time))
  }

  /** Its accounts, in order of lanes. */
  get accounts(): readonly LaneAccount[] {
    return this.#accounts
  }

  get broker(): Broker {
    assert(this.#broker !== undefined, 'the agent has accounts')
    return this.#broker
  }

  get hooks(): StrategyHooks {
    assert(this.#hooks !== undefined, 'the agent has a strategy')
    return this.#hooks
  }

  get strategy(): Strategy {
    return this.hooks.strategy
  }

  /** Opens what it may hold of an instrument; lanes come in order. */
  hold(lane: MarketLane): AccountHolding {
    const terms = this.#options.run.account.terms[lane.index]
    return this.#account.open(lane.instrument, terms, () => this.#accounts[lane.index]!.mark())
  }

  /**
   * Gives it its accounts, in order of lanes.
   *
   * @throws LobtraderError BAD_ARGUMENT when a currency cannot be converted to that of the account
   */
  open(accounts: readonly LaneAccount[]): void {
    this.#accounts = accounts
    for (const account of accounts) {
      this.#byData[account.lane.data.index] = account
      this.#desks.set(account.lane.instrument, account.desk)
    }
    const { baseCurrency: currency, balances } = this.#options.run.account
    const { [currency]: _, ...others } = balances
    const marks = this.#marks
    for (const account of accounts) marks.add(account.lane.instrument, () => account.mark())
    for (const each of this.#account.currencies) marks.check(each, currency)
    const account = (): Account => this.#heard()
    this.#broker = new Broker(this.#options.run.startingCash, accounts, {
      currency,
      marks,
      others,
      account,
    })
  }

  /** The account with the orders that are at work as far as we know. */
  #heard(): Account {
    for (const [lane, { working, mark }] of this.#account.holdings.entries()) {
      working.clear()
      for (const { index, side, sizeLots, filledLots, price } of this.#accounts[lane]!.desk.open) {
        const assumed = Number.isNaN(price) ? mark : price
        working.set(index, { side, lots: sizeLots - filledLots, price: assumed })
      }
    }
    return this.#account
  }

  /** What the account holds, and what all of it is worth. */
  summary(): AccountSummary {
    const { broker } = this
    const { baseCurrency } = this.#options.run.account
    return { baseCurrency, balances: broker.balances, value: broker.value }
  }

  /** Gives it its strategy, which has just been constructed. */
  adopt(strategy: Strategy, datas: readonly Data[]): void {
    const statuses = datas.map((data) => this.accountOf(data).lane.local.book.status)
    this.#hooks = new StrategyHooks(strategy, datas, statuses)
  }

  /** Starts the strategy at `now`, and its feeds, timers and samples. */
  start(now: number, books: BookQueries, slotOf: (lane: MarketLane) => number): void {
    const { wakeTimes } = this.#options
    this.hooks.listen(books)
    const wakes = wakeTable(this.hooks)
    if (wakes !== undefined) {
      for (const { lane } of this.#accounts) {
        const { local, data } = lane
        const waker = new FeedWaker({
          local,
          data,
          hooks: this.hooks,
          lookAround: () => this.#lookAround(),
          wakes,
          nextTimes: wakeTimes.feeds,
          slot: slotOf(lane),
        })
        waker.begin(now)
        this.wakers.push(waker)
      }
    }
    this.hooks.start()
    wakeTimes.samples.set(this.rank, now)
  }

  /** Returns its account of a data. @throws LobtraderError BAD_ARGUMENT for the data of another run */
  accountOf(data: Data): LaneAccount {
    const account = this.#byData[data.index]
    if (account?.lane.data === data) return account
    throw new LobtraderError('BAD_ARGUMENT', `the data ${data.name} is none of this run`, {
      data: data.name,
    })
  }

  send(side: Side, options: OrderOptions, data: Data, now: number): Order {
    const size = options.size ?? this.#options.run.sizer.size(data, side, this.broker)
    return this.accountOf(data).desk.send(side, options, size, now)
  }

  cancel(order: Order, now: number): void {
    this.#deskOf(order).cancel(order, now)
  }

  cancelAll(side: Side | undefined, now: number, data: Data | undefined): void {
    const accounts = data === undefined ? this.#accounts : [this.accountOf(data)]
    for (const { desk } of accounts) desk.cancelAll(side, now)
  }

  amend(order: Order, change: OrderChange, now: number): void {
    this.#deskOf(order).amend(order, change, now)
  }

  fireTimers(time: number): void {
    if (this.hooks.hearsStatus) this.#lookAround()
    this.timers.fire(time)
    this.tellRefused()
  }

  /**
   * Notifies of orders that never left. One refused in answer to such a notice waits for the next
   * call, so that a strategy which insists cannot hold the clock.
   */
  tellRefused(): void {
    // Asked after every wake-up, and almost never with anything to tell.
    if (this.refused.length === 0) return
    for (const order of this.refused.splice(0)) this.hooks.order(order)
  }

  sample(now: number): void {
    const { run, wakeTimes } = this.#options
    const accounts = this.#accounts
    if (accounts.length === 1) {
      accounts[0]!.sample(now, run.startingCash)
    } else {
      for (const account of accounts) account.sample(now, 0)
      this.#sampleAll(now)
    }
    wakeTimes.samples.set(this.rank, now + run.sampleNs)
  }

  /** Stops waking the strategy; orders are refused from now on for this reason. */
  leave(now: number, reason: string): void {
    const { wakeTimes } = this.#options
    this.isLeaving = true
    this.endTime = now
    for (const waker of this.wakers) waker.end()
    this.timers.clear()
    wakeTimes.samples.set(this.rank, NEVER)
    for (const { desk } of this.#accounts) desk.close(reason)
  }

  /** True while answers to requests of its own are on their way. */
  get awaitsAnswers(): boolean {
    return this.#accounts.some(({ desk }) => desk.responses.nextTime !== NEVER)
  }

  /** Takes the last sample and stops the strategy. */
  finish(now: number): void {
    this.isDone = true
    if (this.#accounts[0]!.samples.lastTime !== now) this.sample(now)
    this.#options.wakeTimes.samples.set(this.rank, NEVER)
    this.hooks.stop()
  }

  /** Totals of the whole account. */
  totals(): RunTotals {
    const { startingCash } = this.#options.run
    const accounts = this.#accounts
    if (accounts.length === 1) return accounts[0]!.totals(startingCash)
    const { cashFlow, positionValue, fees, funding } = this.broker
    const { baseCurrency } = this.#options.run.account
    const sum = (of: (totals: RunTotals) => number): number =>
      accounts.reduce((total, account) => {
        const { settlement } = account.lane.instrument
        return total + this.#marks.convert(of(account.totals(0)), settlement, baseCurrency)
      }, 0)
    return {
      position: this.netPosition(),
      startingCash,
      realized: sum((totals) => totals.realized),
      unrealized: sum((totals) => totals.unrealized),
      fees,
      funding,
      net: cashFlow + positionValue - fees + funding,
      mark: Number.NaN,
    }
  }

  /** Sum of all positions in their common base; NaN where they have none. */
  netPosition(): number {
    if (!haveCommonUnit(this.#accounts.map(({ lane }) => lane.instrument))) return Number.NaN
    return this.#accounts.reduce((sum, { position }) => sum + position.size, 0)
  }

  #sampleAll(time: number): void {
    const { broker } = this
    const cash = this.#options.run.startingCash + broker.cashFlow
    const none = Number.NaN
    this.samples.push({
      time,
      bidPrice: none,
      askPrice: none,
      bidSize: none,
      askSize: none,
      mark: none,
      position: this.netPosition(),
      cash,
      fees: broker.fees,
      funding: broker.funding,
      equity: cash + broker.positionValue - broker.fees + broker.funding,
      ownBid: none,
      ownAsk: none,
    })
  }

  #lookAround(): void {
    for (const { lane } of this.#accounts) {
      this.hooks.bookStatus(lane.data, lane.local.look().status)
    }
  }

  #deskOf(order: Order): OrderDesk {
    const accounts = this.#accounts
    return accounts.length === 1 ? accounts[0]!.desk : this.#desks.get(order.instrument)!
  }
}
