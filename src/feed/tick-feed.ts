/** The trades of an order-book feed: filtered, one by one, or gathered into bars. */
import {
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  codeSide,
  type Instrument,
  type Tick,
} from '../market/index.ts'
import { CsvBars, type BarFeed } from './csv-bars.ts'
import { LobFeed, type LobFeedOptions } from './lob-feed.ts'
import { bothFilters, passes, type TickFilter } from './tick-filter.ts'
import { tradeBars, type BarRule } from './trade-bars.ts'

/** Trades of one instrument with the book beside them. */
export class TickFeed {
  readonly instrument: Instrument
  readonly #feed: LobFeed
  readonly #filter: TickFilter

  private constructor(feed: LobFeed, filter: TickFilter) {
    this.instrument = feed.instrument
    this.#feed = feed
    this.#filter = filter
  }

  /** Opens the trades of a store; options and errors are those of {@link LobFeed.open}. */
  static async open(store: string, options: LobFeedOptions): Promise<TickFeed> {
    return new TickFeed(await LobFeed.open(store, options), {})
  }

  /** Takes the trades of a feed that is open. */
  static of(feed: LobFeed): TickFeed {
    return new TickFeed(feed, {})
  }

  /** Returns the same feed with only the trades that keep to these bounds too. */
  filter(filter: TickFilter): TickFeed {
    return new TickFeed(this.#feed, bothFilters(this.#filter, filter))
  }

  /** Gives the trades of the window in the order in which they reached us. */
  *ticks(): Generator<Tick> {
    const { events, fromTime, toTime, instrument } = this.#feed
    const { localTime, code, tick, lots, seq, length } = events
    for (let i = 0; i < length && localTime[i]! <= toTime; i++) {
      const c = code[i]!
      if ((c & (KIND_MASK | EXCH_ONLY_BIT)) !== EventKind.Trade || localTime[i]! < fromTime)
        continue
      const side = codeSide(c)
      const price = instrument.price(tick[i]!)
      const volume = instrument.size(lots[i]!)
      if (!passes(this.#filter, { side, price, size: volume })) continue
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

  /**
   * Gathers the trades into bars, each with the touch of the book as it ended.
   *
   * @throws LobtraderError BAD_ARGUMENT, BAD_DURATION or TOO_FEW_ROWS, as {@link tradeBars}
   */
  bars(rule: BarRule): BarFeed {
    const bars = CsvBars.fromBars(tradeBars(this.#feed, rule, this.#filter))
    const { by, ...rest } = rule
    return {
      kind: 'bars',
      bars: bars.bars,
      symbol: bars.symbol,
      source: `${this.#feed.source}, bars by ${by} ${String(Object.values(rest)[0])}`,
      digest: bars.digest,
      instrument: this.instrument,
    }
  }
}
