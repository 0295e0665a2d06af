/** The trades of an order-book feed: filtered, one by one, or gathered into bars. */
import {
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  codeSide,
  type EventColumns,
  type Instrument,
  type QuoteColumns,
  type Tick,
  type TradeColumns,
} from '../market/index.ts'
import { ruleText, type BarRule } from './bars/bar-rule.ts'
import { tradeBars, type BarOptions } from './bars/trade-bars.ts'
import { madeBars, type BarFeed } from './csv-bars.ts'
import { LobFeed, type LobFeedOptions } from './lob-feed.ts'
import { quotesOf, tradesOf } from './quotes/tape-columns.ts'
import { TickSieve, type TickFilter } from './tick-filter.ts'

/** Trades of one instrument with the book beside them. */
export class TickFeed {
  readonly kind = 'ticks'
  readonly instrument: Instrument
  readonly #feed: LobFeed
  readonly #filters: readonly TickFilter[]

  private constructor(feed: LobFeed, filters: readonly TickFilter[]) {
    this.instrument = feed.instrument
    this.#feed = feed
    this.#filters = filters
  }

  /** Opens the trades of a store; options and errors are those of {@link LobFeed.open}. */
  static async open(store: string, options: LobFeedOptions): Promise<TickFeed> {
    return new TickFeed(await LobFeed.open(store, options), [])
  }

  /** Takes the trades of a feed that is open. */
  static of(feed: LobFeed): TickFeed {
    return new TickFeed(feed, [])
  }

  /** Returns the same feed with only the trades that keep to these bounds too. */
  filter(filter: TickFilter): TickFeed {
    return new TickFeed(this.#feed, [...this.#filters, filter])
  }

  /**
   * Gives the trades of the window in the order in which they reached us.
   *
   * @throws LobtraderError BAD_ARGUMENT for a filter that contradicts itself
   */
  *ticks(): Generator<Tick> {
    const { tape, toTime } = this.#feed
    const sieve = new TickSieve(this.#filters, tape.epochNs)
    const windows = tape.local()
    try {
      for (let events = windows.next(); events !== undefined; events = windows.next()) {
        if (events.localTime[0]! > toTime) return
        yield* this.#ticksOf(events, sieve)
      }
    } finally {
      windows.close()
    }
  }

  *#ticksOf(events: EventColumns, sieve: TickSieve): Generator<Tick> {
    const { fromTime, toTime, instrument } = this.#feed
    const { localTime, code, tick, lots, seq, length } = events
    for (let i = 0; i < length && localTime[i]! <= toTime; i++) {
      const c = code[i]!
      if ((c & (KIND_MASK | EXCH_ONLY_BIT)) !== EventKind.Trade || localTime[i]! < fromTime)
        continue
      const side = codeSide(c)
      const price = instrument.price(tick[i]!)
      const volume = instrument.size(lots[i]!)
      if (!sieve.passes(localTime[i]!, side, price, volume)) continue
      const timestampNs = events.epochNs + BigInt(localTime[i]!)
      const tradeId = seq[i]!
      yield {
        timestampNs,
        symbol: instrument.symbol,
        price,
        volume,
        side,
        ...(tradeId === 0 ? {} : { tradeId }),
      }
    }
  }

  /** Returns the trades of the window as columns. @throws LobtraderError as {@link TickFeed.ticks} */
  trades(): TradeColumns {
    return tradesOf(this.#feed, new TickSieve(this.#filters, this.#feed.tape.epochNs))
  }

  /** Returns the touch of the local book in the window, a row each time that it has changed. */
  quotes(): QuoteColumns {
    return quotesOf(this.#feed)
  }

  /**
   * Gathers the trades into bars, each with the touch of the book as it ended; by `tick`, each trade
   * is a bar with the touch that it met. What a strategy sees of a tick feed that a Cerebro is given
   * as it is are the latter.
   *
   * @throws LobtraderError BAD_ARGUMENT, BAD_DURATION or TOO_FEW_ROWS, as {@link tradeBars}
   */
  bars(rule: BarRule, options: BarOptions = {}): BarFeed {
    const bars = tradeBars(this.#feed, rule, { ...options, filters: this.#filters })
    const calendar =
      options.calendar === undefined ? '' : ` in sessions of ${options.calendar.name}`
    const source = `${this.#feed.source}, bars by ${ruleText(rule)}${calendar}`
    return madeBars(bars, source, this.instrument)
  }
}
