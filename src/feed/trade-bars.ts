/**
 * Bars from ticks: by time, by number of trades, by volume, by value or by signed volume.
 *
 * A bar holds whole trades, and trades that reached us together stay together: what closes a bar is
 * the moment, never a part of it. The bar that the end of the tape leaves open is not given out.
 */
import { BookState, NO_ASK, NO_BID, applyEvents } from '../book/index.ts'
import { LobtraderError } from '../core/index.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  codeSide,
  type BarColumns,
  type BarQuoteColumns,
  type EventColumns,
  type Instrument,
} from '../market/index.ts'
import { durationNs, type Duration } from '../time/index.ts'
import { passes, type TickFilter } from './tick-filter.ts'

/**
 * When a bar is complete:
 * - `time`: at each whole multiple of `every` since UTC midnight; a bar covers [start, end), stands
 *   at its end, and is left out when nothing traded;
 * - `trades`, `volume`, `value`: once that many trades, base units or quote units have traded;
 * - `imbalance`: once |sum of side x size| has reached `size`.
 *
 * @source Lopez de Prado (2018), "Advances in Financial Machine Learning", section 2.3: tick, volume
 *   and dollar bars, and volume imbalance bars with a fixed threshold
 */
export type BarRule =
  | { readonly by: 'time'; readonly every: Duration }
  | { readonly by: 'trades'; readonly count: number }
  | { readonly by: 'volume'; readonly size: number }
  | { readonly by: 'value'; readonly value: number }
  | { readonly by: 'imbalance'; readonly size: number }

/** Ticks and the book beside them, as {@link tradeBars} takes them. */
export interface TickTape {
  readonly instrument: Instrument
  readonly events: EventColumns
  /** Trades count from here to there, ns since the epoch; earlier rows only build the book. */
  readonly fromTime: number
  readonly toTime: number
}

const BAR_COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const
const QUOTE_COLUMNS = [
  'bidPrice',
  'askPrice',
  'bidVolume',
  'askVolume',
  'spread',
  'imbalance',
] as const

type Column = (typeof BAR_COLUMNS)[number] | (typeof QUOTE_COLUMNS)[number]

/**
 * Returns the bars of a tape, with the touch of the local book as each bar ended.
 *
 * @throws LobtraderError BAD_ARGUMENT when the rule's threshold is not a positive finite number,
 *   BAD_DURATION, or TOO_FEW_ROWS when not one bar is complete
 */
export function tradeBars(tape: TickTape, rule: BarRule, filter: TickFilter = {}): BarColumns {
  const making = new BarMaker(tape.instrument, rule)
  const { events, fromTime, toTime } = tape
  const { localTime, code, tick, lots, length } = events
  for (let from = 0; from < length && localTime[from]! <= toTime;) {
    const time = localTime[from]!
    let to = from + 1
    while (to < length && localTime[to] === time) to++
    if (time >= fromTime) {
      // The book here is that of the moment before: what a bar ending now has as its touch.
      making.reach(time)
      for (let i = from; i < to; i++) {
        const c = code[i]!
        if ((c & (KIND_MASK | EXCH_ONLY_BIT)) !== EventKind.Trade) continue
        const side = codeSide(c)
        const size = tape.instrument.size(lots[i]!)
        const price = tape.instrument.price(tick[i]!)
        if (passes(filter, { side, price, size })) making.trade(side, price, size)
      }
    }
    making.apply(events, from, to)
    making.settle(time)
    from = to
  }
  return making.finish(events.epochNs)
}

/** Collects trades into bars beside a book. */
class BarMaker {
  readonly #instrument: Instrument
  readonly #rule: BarRule
  /** Length of a bar in ns; 0 unless bars go by time. */
  readonly #every: number
  readonly #threshold: number
  readonly #book = new BookState()
  readonly #columns = Object.fromEntries(
    [...BAR_COLUMNS, ...QUOTE_COLUMNS].map((name) => [name, [] as number[]]),
  ) as Record<Column, number[]>
  #trades = 0
  #open = Number.NaN
  #high = Number.NaN
  #low = Number.NaN
  #close = Number.NaN
  #volume = 0
  #progress = 0
  #end = Number.NEGATIVE_INFINITY

  constructor(instrument: Instrument, rule: BarRule) {
    this.#instrument = instrument
    this.#rule = rule
    this.#every = rule.by === 'time' ? durationNs(rule.every) : 0
    this.#threshold = thresholdOf(rule)
  }

  /** Time has come to `time`: gives out the bar that ended before. */
  reach(time: number): void {
    if (this.#every === 0) return
    if (time >= this.#end && this.#trades > 0) this.#give(this.#end)
    this.#end = (Math.floor(time / this.#every) + 1) * this.#every
  }

  trade(side: number, price: number, size: number): void {
    if (this.#trades === 0) {
      this.#open = price
      this.#high = price
      this.#low = price
    }
    this.#trades++
    this.#high = Math.max(this.#high, price)
    this.#low = Math.min(this.#low, price)
    this.#close = price
    this.#volume += size
    const { by } = this.#rule
    if (by === 'trades') this.#progress++
    else if (by === 'volume') this.#progress += size
    else if (by === 'value') this.#progress += this.#instrument.notional(size, price)
    else if (by === 'imbalance') this.#progress += side * size
  }

  apply(events: EventColumns, from: number, to: number): void {
    applyEvents(this.#book, events, from, to)
  }

  /** All rows of `time` are in: gives out the bar that they completed. */
  settle(time: number): void {
    // Sums of decimals fall short of a round threshold by float noise.
    if (this.#every === 0 && Math.abs(this.#progress) >= this.#threshold * (1 - 1e-12)) {
      this.#give(time)
    }
  }

  finish(epochNs: bigint): BarColumns {
    const { symbol } = this.#instrument
    const columns = Object.fromEntries(
      Object.entries(this.#columns).map(([name, values]) => [name, Float64Array.from(values)]),
    ) as Record<Column, Float64Array>
    const { time, open, high, low, close, volume, ...quotes } = columns
    const { length } = time
    if (length === 0) {
      throw new LobtraderError(
        'TOO_FEW_ROWS',
        `the trades of ${symbol} complete no bar by ${this.#rule.by}`,
      )
    }
    const openInterest = new Float64Array(length)
    const bars = { length, symbol, epochNs, time, open, high, low, close, volume, openInterest }
    return { ...bars, quotes: quotes satisfies BarQuoteColumns }
  }

  #give(time: number): void {
    const { bestBidTick, bestAskTick, bestBidLots, bestAskLots } = this.#book.ladder
    const instrument = this.#instrument
    const bidPrice = bestBidTick === NO_BID ? Number.NaN : instrument.price(bestBidTick)
    const askPrice = bestAskTick === NO_ASK ? Number.NaN : instrument.price(bestAskTick)
    const row: Readonly<Record<Column, number>> = {
      time,
      open: this.#open,
      high: this.#high,
      low: this.#low,
      close: this.#close,
      volume: this.#volume,
      bidPrice,
      askPrice,
      bidVolume: bestBidTick === NO_BID ? Number.NaN : instrument.size(bestBidLots),
      askVolume: bestAskTick === NO_ASK ? Number.NaN : instrument.size(bestAskLots),
      spread: askPrice - bidPrice,
      imbalance:
        bestBidTick === NO_BID || bestAskTick === NO_ASK
          ? Number.NaN
          : (bestBidLots - bestAskLots) / (bestBidLots + bestAskLots),
    }
    for (const [name, value] of Object.entries(row)) this.#columns[name as Column].push(value)
    this.#trades = 0
    this.#volume = 0
    this.#progress = 0
  }
}

function thresholdOf(rule: BarRule): number {
  if (rule.by === 'time') {
    if (durationNs(rule.every) > 0) return Number.POSITIVE_INFINITY
    throw new LobtraderError('BAD_ARGUMENT', 'bars by time need an interval above 0')
  }
  const threshold = rule.by === 'trades' ? rule.count : rule.by === 'value' ? rule.value : rule.size
  if (Number.isFinite(threshold) && threshold > 0) return threshold
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `bars by ${rule.by} need a positive finite threshold, was ${threshold}`,
    { value: String(threshold) },
  )
}
