/**
 * The base of market makers: samples the market, asks the model for a bid and an ask, and keeps
 * post-only orders there within the limits of inventory. A model only says where it would quote.
 */
import { LobtraderError } from '../core/index.ts'
import { Strategy, type Data, type MarketTrade } from '../engine/index.ts'
import type { Side } from '../market/index.ts'
import type { Order } from '../order/index.ts'
import { IntensityFit, RollingVolatility } from '../study/index.ts'
import { durationNs } from '../time/index.ts'
import { marketMakingParameters } from './market-making-parameters.ts'
import { SideQuote } from './side-quote.ts'

/** Lots of the instrument in an order of `orderSize: 'auto'`. */
const AUTO_ORDER_LOTS = 10
/** Nanoseconds between two fits of the intensity. */
const FIT_EVERY_NS = 1e9
/** Most samples that the volatility looks back on: 16 MB. */
const VOLATILITY_SAMPLES_MAX = 1e6

/** @see module comment */
export abstract class MarketMakingStrategy extends Strategy.with(marketMakingParameters) {
  readonly #orderLots = this.#readOrderLots()
  readonly #rebalanceNs = durationNs(this.p.rebalanceFreq)
  readonly #periodNs = durationNs(this.p.tradingPeriod)
  readonly #volatility = this.#makeVolatility()
  readonly #intensity = new IntensityFit({
    binWidth: this.#tickSize,
    halfLifeSeconds: durationNs(this.p.intensityHalfLife) / 1e9,
  })
  readonly #bid: SideQuote
  readonly #ask: SideQuote
  #hedge: Order | undefined
  #k = this.p.k === 'auto' ? this.p.defaultK : this.p.k
  #fitAt = 0
  #startTime = 0
  /** Mid before the message that is being handled. */
  #midBefore = Number.NaN

  constructor() {
    super()
    const actions = {
      place: (side: Side, priceTicks: number): Order => {
        const { instrument } = this
        const order = {
          price: instrument.price(priceTicks),
          size: instrument.size(this.#orderLots),
          tif: 'GTX',
        } as const
        return side > 0 ? this.buy(order) : this.sell(order)
      },
      cancel: (order: Order): void => this.cancel(order),
    }
    this.#bid = new SideQuote(1, actions)
    this.#ask = new SideQuote(-1, actions)
    if (this.p.k !== 'auto') this.#unhookIntensity()
  }

  /**
   * Returns bid and ask in quote units, unrounded; a price that is not finite means no quote.
   *
   * @param inventory position less target, in multiples of the order size
   * @param volatility quote units per sqrt(second)
   * @param timeRemaining seconds to the end of the trading period, > 0
   */
  abstract calculateOptimalQuotes(
    inventory: number,
    volatility: number,
    timeRemaining: number,
  ): readonly [bid: number, ask: number]

  /** Position less target, in multiples of the order size. */
  get inventory(): number {
    return this.position.lots / this.#orderLots - this.p.inventoryTarget
  }

  /** Volatility of the mid in quote units per sqrt(second). */
  get volatility(): number {
    return this.#volatility.value
  }

  /** Decay of the intensity per quote unit: given, fitted, or the default until it can be. */
  get k(): number {
    return this.#k
  }

  /** Seconds to the end of the present trading period, in (0, T]. */
  get timeRemaining(): number {
    return (this.#periodNs - ((this.now - this.#startTime) % this.#periodNs)) / 1e9
  }

  /** The bid that is meant to stand now, if any. */
  get bidOrder(): Order | undefined {
    return this.#bid.working
  }

  /** The ask that is meant to stand now, if any. */
  get askOrder(): Order | undefined {
    return this.#ask.working
  }

  override start(): void {
    this.#startTime = this.now
    this.#intensity.advance(this.now)
    this.every(this.#rebalanceNs)
  }

  override onBook(data: Data): void {
    if (data !== this.data) return
    this.#midBefore = this.#liveMid
  }

  override onTrade(trade: MarketTrade, data: Data): void {
    if (trade.side === 0 || data !== this.data) return
    this.#intensity.add(trade.time, trade.side, trade.price, this.#midBefore)
  }

  override onTimer(): void {
    const mid = this.#liveMid
    this.#volatility.add(mid)
    if (Number.isNaN(mid)) {
      this.#quote(undefined, undefined)
      return
    }
    this.#refit()
    this.#hedgeInventory()
    const [bid, ask] = this.calculateOptimalQuotes(
      this.inventory,
      this.volatility,
      this.timeRemaining,
    )
    this.#quoteAt(bid, ask)
  }

  /** The mid, NaN while the book cannot be trusted. */
  get #liveMid(): number {
    return this.book.status === 'live' ? this.book.mid : Number.NaN
  }

  /** Price step of orders, quote units. */
  get #tickSize(): number {
    return this.instrument.price(this.instrument.orderTickStep)
  }

  #refit(): void {
    if (this.p.k !== 'auto' || this.now < this.#fitAt) return
    this.#fitAt = this.now + FIT_EVERY_NS
    this.#k = this.#intensity.fit(this.now)?.k ?? this.#k
  }

  /** Widens to the smallest spread, rounds away from the mid and keeps off the other side's best. */
  #quoteAt(bid: number, ask: number): void {
    const { instrument, book } = this
    const missing = Math.max(this.p.minSpread, this.#tickSize) - (ask - bid)
    const widening = missing > 0 ? missing / 2 : 0
    const ticksOf = (price: number, mode: 'down' | 'up'): number =>
      instrument.ticksOf(this.round(price, mode))
    let bidTicks: number | undefined
    let askTicks: number | undefined
    if (Number.isFinite(bid)) {
      const most = ticksOf(instrument.price(book.bestAskTicks - 1), 'down')
      bidTicks = Math.min(ticksOf(bid - widening, 'down'), most)
    }
    if (Number.isFinite(ask)) {
      const least = ticksOf(instrument.price(book.bestBidTicks + 1), 'up')
      askTicks = Math.max(ticksOf(ask + widening, 'up'), least)
    }
    this.#quote(bidTicks !== undefined && bidTicks > 0 ? bidTicks : undefined, askTicks)
  }

  #quote(bidTicks: number | undefined, askTicks: number | undefined): void {
    this.#bid.retire(bidTicks)
    this.#ask.retire(askTicks)
    this.#bid.place(bidTicks, this.#orderLots, this.#roomLots(1))
    this.#ask.place(askTicks, this.#orderLots, this.#roomLots(-1))
  }

  /** Lots that one side may still fill before the inventory limit. */
  #roomLots(side: Side): number {
    const most = this.p.maxInventory * this.#orderLots
    const hedge = this.#hedge
    const hedgeLots =
      hedge === undefined || hedge.isDone || hedge.side !== side
        ? 0
        : hedge.sizeLots - hedge.filledLots
    return most - side * this.position.lots - hedgeLots
  }

  /** Sends the share of a position beyond the threshold to the market, one order at a time. */
  #hedgeInventory(): void {
    const { hedgeThreshold, hedgeRatio } = this.p
    if (hedgeThreshold === 0 || this.#hedge?.isOpen === true) return
    const { inventory, instrument } = this
    if (Math.abs(inventory) <= hedgeThreshold) return
    const step = instrument.orderLotStep
    const lots = Math.floor((Math.abs(inventory) * hedgeRatio * this.#orderLots) / step) * step
    if (lots === 0) return
    const order = { size: instrument.size(lots), type: 'market', tif: 'IOC' } as const
    this.#hedge = inventory > 0 ? this.sell(order) : this.buy(order)
  }

  #readOrderLots(): number {
    const { instrument } = this
    return this.p.orderSize === 'auto'
      ? AUTO_ORDER_LOTS * instrument.orderLotStep
      : instrument.lotsOf(this.p.orderSize)
  }

  #makeVolatility(): RollingVolatility {
    const window = Math.max(1, Math.round(durationNs(this.p.volatilityWindow) / this.#rebalanceNs))
    if (window > VOLATILITY_SAMPLES_MAX) {
      throw new LobtraderError(
        'BAD_PARAMETER',
        `volatilityWindow ${this.p.volatilityWindow} holds ${window} samples at rebalanceFreq ${this.p.rebalanceFreq}; ${VOLATILITY_SAMPLES_MAX} are the most`,
        { parameter: 'volatilityWindow', value: window },
      )
    }
    return new RollingVolatility({
      interval: this.#rebalanceNs,
      window,
      initial: this.p.defaultVolatility,
    })
  }

  /** A given k needs no trades: the hooks are taken off, unless a subclass has its own. */
  #unhookIntensity(): void {
    const own = MarketMakingStrategy.prototype
    const none = Strategy.prototype
    // Hooks are told apart by identity; they are never called without their strategy.
    /* oxlint-disable typescript/unbound-method */
    if (this.onBook === own.onBook) this.onBook = none.onBook
    if (this.onTrade === own.onTrade) this.onTrade = none.onTrade
    /* oxlint-enable typescript/unbound-method */
  }
}
