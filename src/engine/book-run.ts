/**
 * One strategy over one order-book tape.
 *
 * Total order at equal time: exchange event, request arriving at the exchange, feed event reaching
 * us, response reaching us, timer, sample. Work that nobody can observe is not done: the local book
 * is brought forward only when somebody looks, the exchange only when an order of ours rests there
 * or arrives.
 */
import { OrderBookManager, type ManagedBook, type OrderBook } from '../book/index.ts'
import { Prng, assert } from '../core/index.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  codeSide,
  firstRowAfter,
  firstRowAtOrAfter,
  type EventColumns,
  type EventTape,
  type EventWindows,
  type Instrument,
} from '../market/index.ts'
import { Position } from '../order/index.ts'
import type {
  EventRate,
  ExchangeModel,
  ExchangeSetup,
  FeeModel,
  LatencyModel,
  QueueModel,
  RateLimit,
} from '../venue/index.ts'
import { RateGate, eventRate } from '../venue/index.ts'
import { Broker } from './broker.ts'
import { Data } from './data.ts'
import { OrderDesk } from './order-desk.ts'
import type { ProgressMeter } from './progress.ts'
import { SampleRecorder } from './recorder.ts'
import type { FillColumns } from './run-record.ts'
import { StrategyHooks } from './strategy-hooks.ts'
import { constructStrategy, type Strategy, type StrategyHost } from './strategy.ts'
import { Timers, timerInterval } from './timers.ts'
import type { ParameterValues } from './parameters.ts'
import type { Sizer } from './sizer.ts'
import { durationNs, type Duration } from '../time/index.ts'
import type { RoundMode } from '../market/index.ts'

/** What a book run is made of. */
export interface BookRunOptions {
  readonly instrument: Instrument
  readonly tape: EventTape
  /** Trades from this local time on, ns since the epoch; earlier rows only build the book. */
  readonly fromTime: number
  readonly toTime: number
  readonly latency: LatencyModel
  readonly rateLimits: readonly RateLimit[]
  readonly queue: QueueModel
  readonly exchange: ExchangeSetup
  readonly fees: FeeModel
  readonly startingCash: number
  readonly sampleNs: number
  readonly seed: number
  readonly sizer: Sizer
}

const NEVER = Number.POSITIVE_INFINITY

/** @see module comment */
export class BookRun {
  readonly position: Position
  readonly samples: SampleRecorder
  readonly desk: OrderDesk
  readonly #options: BookRunOptions
  readonly #windows: EventWindows
  readonly #exchangeWindows: EventWindows
  /** The present window in local order. */
  #events: EventColumns
  /** Once this time has come, the present window is done; {@link NEVER} for the last one. */
  #windowEnd = NEVER
  /** Rows of the windows before. */
  #rowsBefore = 0
  /** The books that strategy, recorder and account read: brought forward when one is asked about. */
  readonly #books = new OrderBookManager()
  readonly #kept: ManagedBook<OrderBook>
  readonly #data: Data
  readonly #exchange: ExchangeModel
  readonly #timers = new Timers()
  readonly #broker: Broker
  #localRow = 0
  #wakeRow = 0
  #now = 0
  #endTime = 0
  #isEnded = false
  #lastMark = Number.NaN
  #nextSample = NEVER
  #hooks: StrategyHooks | undefined

  constructor(options: BookRunOptions) {
    this.#options = options
    assert(options.tape.length > 0, 'a run has events')
    this.#windows = options.tape.local()
    this.#exchangeWindows = options.tape.exchange()
    this.#events = this.#windows.next()!
    this.#windowEnd = this.#endOfWindow()
    this.#kept = this.#books.add(options.instrument, {
      countsTrades: false,
      beforeLook: () => this.#seenBook(),
    })
    this.#data = new Data(options.instrument)
    this.position = new Position(options.instrument)
    this.samples = new SampleRecorder(options.sampleNs)
    this.desk = new OrderDesk({
      instrument: options.instrument,
      position: this.position,
      latency: latencyOfRun(options),
      gate: options.rateLimits.length === 0 ? undefined : new RateGate(options.rateLimits),
      fees: options.fees,
      book: () => this.#seenBook(),
      touch: () => this.#exchange.ladder,
    })
    this.#exchange = options.exchange.make({
      instrument: options.instrument,
      windows: this.#exchangeWindows,
      queue: options.queue,
      reports: this.desk,
    })
    this.#broker = new Broker(options.startingCash, this.position, () => this.#mark())
  }

  /** Rows of the tape that have reached us. */
  get rowsSeen(): number {
    return this.#rowsBefore + this.#localRow
  }

  /** Local time at which trading ended, ns since the epoch. */
  get endTime(): number {
    return this.#endTime
  }

  /** The last mid known; NaN when there never was one. */
  get mark(): number {
    return this.#mark()
  }

  get fills(): FillColumns {
    return this.desk.fills.finish()
  }

  /** Runs the strategy to the end of the tape and returns it. */
  run(make: new () => Strategy, parameters: ParameterValues, progress: ProgressMeter): Strategy {
    const { tape } = this.#options
    const toTime = Math.min(this.#options.toTime, tape.lastTime)
    this.#now = Math.max(tape.firstTime, this.#options.fromTime)
    const strategy = constructStrategy(make, { host: this.#host(), parameters })
    this.#hooks = new StrategyHooks(strategy, this.#kept.book)
    this.#seenBook()
    this.#hooks.listen(this.#books)
    this.#wakeRow = firstRowAtOrAfter(this.#events.localTime, this.#events.length, this.#now)
    this.desk.begin(this.#hooks)
    this.#hooks.start(this.#data)
    this.#nextSample = this.#now
    this.#loop(toTime, progress)
    this.#end(toTime)
    progress.finish(this.rowsSeen, this.#now)
    this.#windows.close()
    this.#exchangeWindows.close()
    return strategy
  }

  #loop(toTime: number, progress: ProgressMeter): void {
    const { desk } = this
    const exchange = this.#exchange
    const wakes = wakeTable(this.#hooks!)
    let steps = 0
    while (!this.#isEnded) {
      const request = desk.requests.nextTime
      const response = desk.responses.nextTime
      const feed = this.#nextWake(wakes)
      const local = Math.min(response, this.#timers.nextTime, feed, this.#nextSample)
      const time = Math.min(request, local, this.#windowEnd)
      // A fill may be answered before the next thing that we know of.
      if (exchange.restingCount > 0 && exchange.advance(Math.min(time, toTime))) continue
      if (time > toTime) break
      if (request === time) {
        exchange.advance(time)
        desk.deliver(exchange, time)
        continue
      }
      if (this.#windowEnd === time) {
        this.#nextWindow()
        // An exchange that waits for a request would hold blocks that are long past.
        if (exchange.restingCount === 0) exchange.advance(time)
        continue
      }
      this.#now = time
      if (feed === time) this.#wakeByFeed(time)
      if (response === time) desk.receive(time)
      if (this.#timers.nextTime <= time) this.#fireTimers(time)
      if (this.#nextSample <= time) this.#sample()
      if ((++steps & 63) === 0) progress.update(this.rowsSeen, time)
    }
  }

  /** Hears the answers still on their way, takes the last sample and stops the strategy. */
  #end(toTime: number): void {
    const { desk } = this
    if (!this.#isEnded) this.#now = Math.max(this.#now, toTime)
    this.#endTime = this.#now
    this.#seenBook()
    desk.close()
    while (desk.responses.nextTime !== NEVER) {
      this.#now = Math.max(this.#now, desk.responses.nextTime)
      desk.receive(this.#now)
    }
    if (this.samples.lastTime !== this.#now) this.#sample()
    this.#hooks!.stop(this.#data)
  }

  /** Brings the local book forward to now and returns it. */
  #seenBook(): OrderBook {
    while (this.#now >= this.#windowEnd) this.#nextWindow()
    const { localTime, length } = this.#events
    const from = this.#localRow
    if (from < length && localTime[from]! <= this.#now) {
      const to = firstRowAfter(localTime, undefined, { from, length }, this.#now)
      this.#kept.apply(this.#events, from, to)
      this.#localRow = to
    }
    return this.#kept.book
  }

  /** Lets the local book see the rest of the present window and goes on to the next. */
  #nextWindow(): void {
    const { length } = this.#events
    this.#kept.apply(this.#events, this.#localRow, length)
    this.#rowsBefore += length
    this.#events = this.#windows.next()!
    this.#localRow = 0
    this.#wakeRow = 0
    this.#windowEnd = this.#endOfWindow()
  }

  /** The nanosecond behind the last row: no window parts rows of one time. */
  #endOfWindow(): number {
    const { localTime, length } = this.#events
    return this.#windows.isLast ? NEVER : localTime[length - 1]! + 1
  }

  /** Local time of the next row that a feed hook wants; skips rows that nobody wants. */
  #nextWake(wakes: Uint8Array | undefined): number {
    if (wakes === undefined) return NEVER
    const { code, localTime, length } = this.#events
    let row = this.#wakeRow
    while (row < length && wakes[code[row]!] === 0) row++
    this.#wakeRow = row
    return row < length ? localTime[row]! : NEVER
  }

  #wakeByFeed(time: number): void {
    const { code, tick, lots, localTime, length } = this.#events
    const hooks = this.#hooks!
    const from = this.#wakeRow
    const to = firstRowAfter(localTime, undefined, { from, length }, time)
    this.#wakeRow = to
    const book = this.#seenBook()
    hooks.bookStatus(book.status)
    if (!hooks.isLive) return
    let hasBookRow = false
    for (let row = from; row < to; row++) {
      const c = code[row]!
      if ((c & EXCH_ONLY_BIT) !== 0) continue
      if ((c & KIND_MASK) !== EventKind.Trade) {
        hasBookRow = true
      } else if (hooks.wantsTrades) {
        hooks.trade({
          time,
          price: this.#options.instrument.price(tick[row]!),
          priceTicks: tick[row]!,
          size: this.#options.instrument.size(lots[row]!),
          sizeLots: lots[row]!,
          side: codeSide(c),
        })
      }
    }
    if (hasBookRow && hooks.wantsBook) hooks.book()
    this.desk.tellRefused()
  }

  #fireTimers(time: number): void {
    this.#hooks!.bookStatus(this.#seenBook().status)
    this.#timers.fire(time)
    this.desk.tellRefused()
  }

  #sample(): void {
    const { instrument, startingCash } = this.#options
    const book = this.#seenBook()
    const { position } = this
    const mark = this.#mark()
    const cash = startingCash + position.cashFlow
    const own = this.desk.ownTouch()
    this.samples.push({
      time: this.#now,
      bidPrice: book.bestBid,
      askPrice: book.bestAsk,
      bidSize: book.bestBidSize,
      askSize: book.bestAskSize,
      mark,
      position: position.size,
      cash,
      fees: position.fees,
      equity: cash + position.valueAt(mark) - position.fees,
      ownBid: own.bidTicks === undefined ? Number.NaN : instrument.price(own.bidTicks),
      ownAsk: own.askTicks === undefined ? Number.NaN : instrument.price(own.askTicks),
    })
    this.#nextSample = this.#now + this.#options.sampleNs
  }

  #mark(): number {
    const mid = this.#seenBook().mid
    if (!Number.isNaN(mid)) this.#lastMark = mid
    return this.#lastMark
  }

  #host(): StrategyHost {
    // The host hands out live views: getters, so that a strategy always reads the present.
    const run = this
    const { instrument, tape } = this.#options
    const random = new Prng(this.#options.seed, 1)
    return {
      instrument,
      random,
      data: this.#data,
      datas: [this.#data],
      get book() {
        return run.#seenBook()
      },
      books: this.#books,
      position: this.position,
      broker: this.#broker,
      orders: this.desk.orders,
      get now() {
        return run.#now
      },
      get nowNs() {
        return tape.epochNs + BigInt(run.#now)
      },
      send: (side, options) =>
        run.desk.send(
          side,
          options,
          options.size ?? run.#options.sizer.size(run.#data, side, run.#broker),
          run.#now,
        ),
      cancel: (order) => run.desk.cancel(order, run.#now),
      amend: (order, change) => run.desk.amend(order, change, run.#now),
      round: (price: number, mode: RoundMode) =>
        instrument.price(instrument.roundToTicks(price, mode)),
      every: (interval: Duration | string, callback) => {
        const ns = timerInterval(interval)
        run.#timers.add(run.#now + ns, ns, () => run.#hooks!.timer(callback))
      },
      after: (delay: Duration | string, callback) => {
        run.#timers.add(run.#now + durationNs(delay), 0, callback)
      },
      stop: () => {
        run.#isEnded = true
      },
    }
  }
}

/** The latency model with the draws and the market of this run. */
function latencyOfRun({ latency, tape, seed }: BookRunOptions): LatencyModel {
  if (latency.forRun === undefined) return latency
  const rates = (windowNs: number): EventRate => eventRate(tape, windowNs)
  return latency.forRun({ seed, stream: 0, epochNs: tape.epochNs, eventRate: rates })
}

/** Which codes wake the strategy; undefined when no feed hook is overridden. */
function wakeTable(hooks: StrategyHooks): Uint8Array | undefined {
  if (!hooks.wantsBook && !hooks.wantsTrades && !hooks.wantsStatus) return undefined
  const table = new Uint8Array(256)
  for (let code = 0; code < 256; code++) {
    if ((code & EXCH_ONLY_BIT) !== 0) continue
    const kind = code & KIND_MASK
    const isTrade = kind === EventKind.Trade
    // Any row of a book may cross it, or empty it.
    const isOfBook = kind !== EventKind.Bbo && kind !== EventKind.Funding && !isTrade
    if (isTrade ? hooks.wantsTrades : hooks.wantsBook || (isOfBook && hooks.wantsStatus))
      table[code] = 1
  }
  return table
}
