/**
 * An order-driven market without a venue: limit, market and cancel orders arrive as Poisson
 * processes by distance from the touch and meet in first-in-first-out queues.
 *
 * Model: Cont, Stoikov & Talreja (2010), "A Stochastic Model for Order Book Dynamics", section 2,
 * with random sizes, and with a fundamental price that part of the flow knows (the informed trader
 * of Glosten & Milgrom 1985, "Bid, ask and transaction prices"): flow leans towards it, so that the
 * price follows it and whoever stands in its way loses.
 */
import { Prng } from '../../core/index.ts'
import type { EventColumns, Instrument, Side } from '../../market/index.ts'
import { simulatedMarketOptions, type SimulatedMarketOptions } from './options.ts'
import { QueueBook } from './queue-book.ts'
import { SessionWriter } from './session-writer.ts'
import { LogNormalLots, ParetoLots } from './size-law.ts'

/** Ticks that the ring of levels holds; orders live for seconds, so far fewer are ever in use. */
const WINDOW_TICKS = 2 ** 16 - 1
/** The fundamental moves once in this many ns; rates are constant in between. */
const FUNDAMENTAL_STEP_NS = 10e6
/** Mean order lifetimes that pass before the session starts, so that it starts in equilibrium. */
const WARM_UP_LIVES = 20

/** A simulated session: the instrument and its events, as a venue's feed would bring them. */
export interface SimulatedSession {
  readonly instrument: Instrument
  /** A snapshot, then level changes and trades; row i carries `seq` i + 1. */
  readonly events: EventColumns
}

/**
 * Simulates one session.
 *
 * @throws LobtraderError BAD_ARGUMENT when a parameter is out of its range
 * @cost about 0.5 us per order; columns of 41 bytes per row
 */
export function simulateMarket(options: Partial<SimulatedMarketOptions> = {}): SimulatedSession {
  const checked = simulatedMarketOptions(options)
  return { instrument: checked.instrument, events: new Market(checked).run() }
}

class Market {
  readonly #options: SimulatedMarketOptions
  readonly #book: QueueBook
  readonly #arrivals: Prng
  readonly #sizes: Prng
  readonly #news: Prng
  readonly #limitSize: LogNormalLots
  readonly #marketSize: ParetoLots
  /** Cumulative share of limit orders at distance 1, 2, ... */
  readonly #distanceShares: Float64Array
  /** Orders per ns, both sides. */
  readonly #limitRate: number
  readonly #marketRate: number
  /** Largest rate at which any one order is cancelled, per ns, and each distance's share of it. */
  readonly #cancelRateMax: number
  readonly #cancelShares: Float64Array
  /** Standard deviation and mean of one move of the fundamental, ticks. */
  readonly #fundamentalStep: number
  readonly #fundamentalDrift: number
  /** Fundamental price, ticks. */
  #fundamental: number
  /** Where the flow leans: tanh of the distance to the fundamental, -1..1. */
  #lean = 0
  /** Absent while the market warms up unseen. */
  #feed: SessionWriter | undefined

  constructor(options: SimulatedMarketOptions) {
    this.#options = options
    const { instrument, seed } = options
    this.#arrivals = new Prng(seed, 0)
    this.#sizes = new Prng(seed, 1)
    this.#news = new Prng(seed, 2)
    const lots = (size: number): number => size / instrument.lotSize
    this.#limitSize = new LogNormalLots(lots(options.limitSizeMean), options.limitSizeLogDeviation)
    this.#marketSize = new ParetoLots(lots(options.marketSizeMean), options.marketSizeTail)
    const perNs = options.tempo / 60e9
    const rates = limitRatesByDistance(options)
    const rateSum = rates.reduce((sum, rate) => sum + rate, 0)
    let running = 0
    this.#distanceShares = rates.map((rate) => (running += rate / rateSum))
    this.#limitRate = 2 * rateSum * perNs
    this.#marketRate = 2 * options.marketRate * perNs
    const cancelMax = Math.max(...options.cancelRates) * (1 + options.quoteTilt)
    this.#cancelRateMax = cancelMax * perNs
    this.#cancelShares = Float64Array.from(options.cancelRates, (rate) => rate / cancelMax)
    const stepSeconds = FUNDAMENTAL_STEP_NS / 1e9
    const tick = instrument.tickSize
    this.#fundamentalStep = (options.fundamentalVolatility * Math.sqrt(stepSeconds)) / tick
    this.#fundamentalDrift = (options.fundamentalDrift * stepSeconds) / tick
    this.#fundamental = options.startPrice / tick
    const bidTick = Math.floor(this.#fundamental - 0.5)
    this.#book = new QueueBook(bidTick, bidTick + 1, WINDOW_TICKS)
    this.#fillBook(rates)
  }

  run(): EventColumns {
    const { durationNs, cancelRates, tempo, seed } = this.#options
    this.#advance((WARM_UP_LIVES / (Math.min(...cancelRates) * tempo)) * 60e9)
    const rows = (2 * this.#limitRate + 3 * this.#marketRate) * durationNs
    const feed = new SessionWriter(
      this.#options,
      new Prng(seed, 3),
      Math.min(Math.ceil(rows) + 4096, 2 ** 22),
    )
    feed.begin(0)
    feed.snapshot(this.#book)
    this.#feed = feed
    this.#advance(durationNs)
    return feed.finish()
  }

  /** A book of about the equilibrium's shape to start the warm-up from. */
  #fillBook(rates: Float64Array): void {
    const { cancelRates } = this.#options
    const book = this.#book
    const bidTick = book.bestBidTick
    for (let i = 1; i <= rates.length; i++) {
      const orders = Math.ceil(rates[i - 1]! / cancelRates[Math.min(i, cancelRates.length) - 1]!)
      for (let n = 0; n < orders; n++) {
        book.add(1, bidTick + 1 - i, this.#limitSize.draw(this.#sizes))
        book.add(-1, bidTick + i, this.#limitSize.draw(this.#sizes))
      }
    }
  }

  /**
   * Lets `spanNs` pass. All processes are thinned from one of constant rate per resting order
   * (Lewis & Shedler 1979), so their rates may depend on the book without any approximation.
   */
  #advance(spanNs: number): void {
    const prng = this.#arrivals
    const flow = this.#limitRate + this.#marketRate
    let time = 0
    let newsAt = FUNDAMENTAL_STEP_NS
    for (;;) {
      const rate = flow + this.#book.count * this.#cancelRateMax
      time += prng.nextExponential(1 / rate)
      if (time > spanNs) return
      while (time >= newsAt) {
        this.#moveFundamental()
        newsAt += FUNDAMENTAL_STEP_NS
      }
      const pick = prng.next() * rate
      if (pick < this.#limitRate) this.#limitOrder(time)
      else if (pick < flow) this.#marketOrder(time)
      else this.#cancelOrder(time)
    }
  }

  /** It waits for the session, so that this starts at the price asked for. */
  #moveFundamental(): void {
    const book = this.#book
    if (this.#feed !== undefined) {
      const step = this.#fundamentalDrift + this.#fundamentalStep * this.#news.nextNormal()
      // Far below any sensible price; prices and distances must stay positive.
      const least = 4 * this.#options.limitDistanceMax
      this.#fundamental = Math.max(this.#fundamental + step, least)
    }
    const mid = (book.bestBidTick + book.bestAskTick) / 2
    this.#lean = Math.tanh((this.#fundamental - mid) / this.#options.tiltTicks)
  }

  #limitOrder(time: number): void {
    const { quoteTilt } = this.#options
    const side: Side = this.#arrivals.next() * 2 < 1 + quoteTilt * this.#lean ? 1 : -1
    const share = this.#arrivals.next()
    const shares = this.#distanceShares
    let low = 0
    let high = shares.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (shares[middle]! > share) high = middle
      else low = middle + 1
    }
    const book = this.#book
    const tick = side > 0 ? book.bestAskTick - low - 1 : book.bestBidTick + low + 1
    if (tick < 1) return
    book.add(side, tick, this.#limitSize.draw(this.#sizes))
    this.#feed?.begin(time)
    this.#feed?.level(side, tick, book.lotsAt(side, tick))
  }

  /** Draws an order and cancels it at the rate of its distance; the last of a side stays. */
  #cancelOrder(time: number): void {
    const book = this.#book
    const slot = book.slotAt(this.#arrivals.nextInt(book.count))
    const side = book.sideOf(slot)
    const tick = book.tickOf(slot)
    const distance = side > 0 ? book.bestAskTick - tick : tick - book.bestBidTick
    const shares = this.#cancelShares
    const share = shares[Math.min(distance, shares.length) - 1]!
    const lean = side * this.#options.quoteTilt * this.#lean
    if (this.#arrivals.next() >= share * (1 - lean)) return
    if ((side > 0 ? book.bidCount : book.askCount) === 1) return
    book.reduce(slot, book.lotsOf(slot))
    this.#feed?.begin(time)
    this.#feed?.level(side, tick, book.lotsAt(side, tick))
  }

  /** Takes level by level up to the price protection. */
  #marketOrder(time: number): void {
    const { informedShare, sweepTicksMax } = this.#options
    const book = this.#book
    const taker: Side = this.#arrivals.next() * 2 < 1 + informedShare * this.#lean ? 1 : -1
    const worst = taker > 0 ? book.bestAskTick + sweepTicksMax : book.bestBidTick - sweepTicksMax
    const lots = this.#marketSize.draw(this.#sizes)
    this.#feed?.begin(time)
    let left = lots
    while (left > 0) {
      const tick = taker > 0 ? book.bestAskTick : book.bestBidTick
      if ((tick - worst) * taker > 0) return
      const traded = this.#takeLevel(taker, tick, left)
      if (traded === 0) return
      left -= traded
    }
  }

  /** Takes up to `lots` from a level, first come first served; the last lot of a side stays. */
  #takeLevel(taker: Side, tick: number, lots: number): number {
    const book = this.#book
    const maker: Side = taker > 0 ? -1 : 1
    let left = lots
    for (let slot = book.frontOf(maker, tick); slot >= 0 && left > 0;) {
      const isLast = (maker > 0 ? book.bidCount : book.askCount) === 1
      const traded = Math.min(left, book.lotsOf(slot) - (isLast ? 1 : 0))
      if (traded === 0) break
      const behind = book.behind(slot)
      book.reduce(slot, traded)
      this.#feed?.trade(taker, tick, traded)
      left -= traded
      slot = behind
    }
    if (left < lots) this.#feed?.level(maker, tick, book.lotsAt(maker, tick))
    return lots - left
  }
}

/** Returns limit orders per market minute, one side, at distance 1 ... `limitDistanceMax`. */
export function limitRatesByDistance(options: SimulatedMarketOptions): Float64Array {
  const { limitRates, limitRateScale, limitRateExponent, limitDistanceMax } = options
  return Float64Array.from(
    { length: limitDistanceMax },
    (_, index) => limitRates[index] ?? limitRateScale / (index + 1) ** limitRateExponent,
  )
}
