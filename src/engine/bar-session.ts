/**
 * Runs one strategy over bars, by backtrader's clock: on each bar the orders of earlier bars meet
 * it first, then the lines advance, then the strategy sees it.
 */
import type { BookQueries, BookView } from '../book/index.ts'
import { LobtraderError, Prng } from '../core/index.ts'
import type { BarFeed } from '../feed/index.ts'
import { Instrument, type BarColumns, type InstrumentSpec, type Side } from '../market/index.ts'
import { Account, CurrencyMarks, OrderTable, type Order, type Position } from '../order/index.ts'
import { LineClock } from '../study/index.ts'
import { durationNs } from '../time/index.ts'
import { BarExchange, type FeeModel } from '../venue/index.ts'
import { findData } from './agent-host.ts'
import { hashedSettings } from './book-session.ts'
import { barInterval, instrumentOfBars } from './bar-shape.ts'
import { barOrderType } from './bar-order-type.ts'
import { Broker } from './broker.ts'
import { Data } from './data.ts'
import { FillFees } from './fill-fees.ts'
import type { OrderOptions } from './order-options.ts'
import { OrderDraft, readTerms } from './order-terms.ts'
import { ProgressMeter, type ProgressOption } from './progress.ts'
import { orderColumns } from './order-columns.ts'
import { FillRecorder, SampleRecorder } from './recorder.ts'
import { RoundTrips } from './round-trips.ts'
import { runHash } from './run-hash.ts'
import type { RunRecord } from './run-record.ts'
import type { Sizer } from './sizer.ts'
import {
  constructStrategy,
  overrides,
  type Strategy,
  type StrategyEntry,
  type StrategyHost,
} from './strategy.ts'
import { Timers, timerInterval } from './timers.ts'

/** What {@link runBars} needs. */
export interface BarSession {
  readonly entry: StrategyEntry
  readonly feed: BarFeed
  readonly name?: string | undefined
  readonly fees: FeeModel
  readonly cash: number
  readonly instrument: InstrumentSpec | undefined
  readonly sizer: Sizer
  readonly seed: number
  readonly progress: ProgressOption
}

/** Runs the strategy to the last bar. */
export function runBars(session: BarSession): {
  readonly record: RunRecord
  readonly strategy: Strategy
} {
  const run = new BarRun(session)
  const { bars } = session.feed
  const meter = new ProgressMeter(session.progress, bars.length, bars.epochNs)
  const strategy = run.run(meter)
  return { record: run.record(meter.seconds), strategy }
}

class BarRun {
  readonly #session: BarSession
  readonly #instrument: Instrument
  readonly #bars: BarColumns
  readonly #position: Position
  readonly #clock = new LineClock()
  readonly #data: Data
  readonly #broker: Broker
  readonly #exchange = new BarExchange()
  readonly #orders: Order[] = []
  readonly #orderTable: OrderTable
  readonly #fees: FillFees
  readonly #fills = new FillRecorder()
  readonly #samples: SampleRecorder
  readonly #trips: RoundTrips
  readonly #timers = new Timers()
  readonly #news: Order[] = []
  #strategy: Strategy | undefined
  #row = -1
  #mark = Number.NaN
  #isEnded = false

  constructor(session: BarSession) {
    this.#session = session
    this.#bars = session.feed.bars
    this.#instrument =
      session.instrument === undefined
        ? (session.feed.instrument ?? instrumentOfBars(this.#bars))
        : new Instrument(session.instrument)
    this.#orderTable = new OrderTable(this.#instrument)
    const { settlement } = this.#instrument
    const account = new Account('cross', { [settlement]: session.cash })
    this.#position = account.open(this.#instrument, undefined, () => this.#mark).position
    this.#fees = new FillFees(session.fees, this.#instrument)
    this.#trips = new RoundTrips(this.#position)
    this.#data = new Data(this.#instrument, {
      name: session.name ?? this.#instrument.symbol,
      bars: { columns: this.#bars, clock: this.#clock, time: () => this.#now },
    })
    const holding = { position: this.#position, mark: () => this.#mark }
    this.#broker = new Broker(session.cash, [holding], {
      currency: settlement,
      marks: this.#marks(),
      others: {},
      account: () => account,
    })
    this.#samples = new SampleRecorder(barInterval(this.#bars))
  }

  #marks(): CurrencyMarks {
    const marks = new CurrencyMarks()
    marks.add(this.#instrument, () => this.#mark)
    return marks
  }

  get #now(): number {
    return this.#row < 0 ? (this.#bars.time[0] ?? 0) : this.#bars.time[this.#row]!
  }

  run(meter: ProgressMeter): Strategy {
    const { entry } = this.#session
    const strategy = constructStrategy(entry.strategyClass, {
      host: this.#host(),
      parameters: entry.parameters,
    })
    this.#strategy = strategy
    strategy.start()
    strategy.notifyData(this.#data, 'live')
    const wantsValue = overrides(strategy, 'notifyCashValue')
    const wantsBar = overrides(strategy, 'onBar')
    let hasStarted = false
    for (let row = 0; row < this.#bars.length && !this.#isEnded; row++) {
      this.#row = row
      this.#meetBar(row)
      this.#advanceLines(row)
      this.#timers.fire(this.#now)
      if (wantsValue) strategy.notifyCashValue(this.#broker.cash, this.#broker.value)
      if (wantsBar) strategy.onBar(this.#data)
      if (row + 1 < this.#clock.minPeriod) strategy.prenext()
      else if (hasStarted) strategy.next()
      else {
        hasStarted = true
        strategy.nextstart()
      }
      this.#sample()
      if ((row & 255) === 0) meter.update(row + 1, this.#now)
    }
    strategy.notifyData(this.#data, 'ended')
    strategy.stop()
    meter.finish(this.#row + 1, this.#now)
    return strategy
  }

  record(seconds: number): RunRecord {
    const { entry, feed, seed, cash, fees } = this.#session
    const position = this.#position
    const made = {
      strategy: entry.name,
      parameters: entry.parameters,
      instrument: this.#instrument,
      instruments: [this.#instrument],
      byInstrument: [],
      seed,
      epochNs: this.#bars.epochNs,
      settings: { source: feed.source, fees: fees.name, exchange: 'next bar' },
      orders: orderColumns(this.#orders, this.#orders.length, [this.#instrument]),
      fills: this.#fills.finish([this.#instrument]),
      totals: {
        position: position.size,
        startingCash: cash,
        realized: position.realized,
        unrealized: position.unrealized(this.#mark),
        fees: position.fees,
        funding: 0,
        net: position.equityAt(this.#mark),
        mark: this.#mark,
      },
    }
    const rows = this.#row + 1
    return {
      ...made,
      source: 'bars',
      fromTime: this.#bars.time[0] ?? 0,
      toTime: this.#now,
      events: rows,
      seconds,
      runHash: runHash({
        ...made,
        settings: hashedSettings(made.settings),
        dataDigest: feed.digest,
      }),
      samples: this.#samples.finish(),
      mids: {
        length: rows,
        time: this.#bars.time.subarray(0, rows),
        mid: this.#bars.close.subarray(0, rows),
      },
      depth: undefined,
      trades: this.#trips.finish(),
      funding: [],
      liquidations: [],
      currency: this.#instrument.settlement,
      account: {
        baseCurrency: this.#instrument.settlement,
        balances: this.#broker.balances,
        value: this.#broker.value,
      },
    }
  }

  #meetBar(row: number): void {
    const { open, high, low, close } = this.#bars
    for (const order of this.#news.splice(0)) {
      if (order.status === 'submitted') {
        order.answer(this.#now, this.#now)
        order.become('accepted')
      }
      this.#strategy!.notifyOrder(order)
    }
    this.#mark = open[row]!
    this.#exchange.onBar(
      { open: open[row]!, high: high[row]!, low: low[row]!, close: close[row]! },
      (id, price) => this.#fill(this.#orders[id]!, price),
    )
  }

  #fill(order: Order, price: number): void {
    const position = this.#position
    const ticks = this.#instrument.ticksOf(price)
    const isMaker = order.type === 'limit'
    const fill = { priceTicks: ticks, sizeLots: order.sizeLots, isMaker }
    const fee = this.#fees.of(order, fill, this.#now)
    this.#trips.beforeFill()
    order.fill(ticks, order.sizeLots)
    position.fill(order.side, ticks, order.sizeLots, fee)
    order.end('filled', this.#now, this.#now)
    this.#fills.push({
      instrument: 0,
      orderId: order.id,
      side: order.side,
      price: ticks,
      size: order.sizeLots,
      maker: isMaker,
      fee,
      exchTime: this.#now,
      localTime: this.#now,
      position: position.lots,
      queueAhead: Number.NaN,
      bidPrice: Number.NaN,
      bidSize: Number.NaN,
      askPrice: Number.NaN,
      askSize: Number.NaN,
    })
    const trips = this.#trips.afterFill(this.#now)
    this.#strategy!.notifyOrder(order)
    for (const trip of trips) this.#strategy!.notifyTrade(trip)
  }

  #advanceLines(row: number): void {
    this.#clock.advance()
    this.#mark = this.#bars.close[row]!
  }

  #sample(): void {
    const position = this.#position
    const cash = this.#session.cash + position.cashFlow
    this.#samples.push({
      time: this.#now,
      bidPrice: Number.NaN,
      askPrice: Number.NaN,
      bidSize: Number.NaN,
      askSize: Number.NaN,
      mark: this.#mark,
      position: position.size,
      cash,
      fees: position.fees,
      funding: 0,
      equity: cash + position.valueAt(this.#mark) - position.fees,
      ownBid: Number.NaN,
      ownAsk: Number.NaN,
    })
  }

  #send(side: Side, options: OrderOptions): Order {
    const instrument = this.#instrument
    const size = options.size ?? this.#session.sizer.size(this.#data, side, this.#broker)
    const at = { now: this.#now, epochNs: this.#bars.epochNs }
    const draft = new OrderDraft()
    readTerms(draft, instrument, options, size, at)
    const type = barOrderType(draft)
    const index = this.#orders.length
    draft.id = index + 1
    draft.side = side
    const order = this.#orderTable.add(draft)
    order.submitLocal = this.#now
    this.#orders.push(order)
    this.#news.push(order)
    this.#exchange.submit({
      id: index,
      side,
      type,
      price: order.price,
      size: order.size,
    })
    return order
  }

  #cancel(order: Order): void {
    if (order.isDone || !this.#exchange.cancel(order.index)) return
    order.cancelLocal = this.#now
    order.doneExch = this.#now
    order.doneLocal = this.#now
    order.become('cancelled')
    if (!this.#news.includes(order)) this.#news.push(order)
  }

  #host(): StrategyHost {
    // The host hands out live views: getters, so that a strategy always reads the present.
    const run = this
    return {
      instrument: this.#instrument,
      random: new Prng(this.#session.seed, 1),
      data: this.#data,
      datas: [this.#data],
      getData: (name) => findData([this.#data], name),
      get book(): BookView {
        throw noBook()
      },
      bookOf: (): BookView => {
        throw noBook()
      },
      get books(): BookQueries {
        throw noBook()
      },
      position: this.#position,
      positionOf: () => this.#position,
      broker: this.#broker,
      orders: this.#orders,
      get now() {
        return run.#now
      },
      get nowNs() {
        return run.#bars.epochNs + BigInt(run.#now)
      },
      send: (side, options) => run.#send(side, options),
      cancel: (order) => run.#cancel(order),
      cancelAll: ({ side }) => {
        for (const order of run.#orders) {
          if (side === undefined || order.side === side) run.#cancel(order)
        }
      },
      amend: () => {
        throw new LobtraderError(
          'UNSUPPORTED',
          'orders on bars cannot be amended: cancel and send anew',
        )
      },
      round: (price, mode) => run.#instrument.price(run.#instrument.roundToTicks(price, mode)),
      every: (interval, callback) => {
        const ns = timerInterval(interval)
        const fire = callback ?? ((): void => run.#strategy!.onTimer())
        run.#timers.add(run.#now + ns, ns, fire)
      },
      after: (delay, callback) => run.#timers.add(run.#now + durationNs(delay), 0, callback),
      stop: () => {
        run.#isEnded = true
      },
    }
  }
}

function noBook(): LobtraderError {
  return new LobtraderError('UNSUPPORTED', 'bars have no order book; read this.data instead')
}
