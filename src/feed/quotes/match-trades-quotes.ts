/** Aligns trades with the quotes that prevailed before them. */
import { LobtraderError } from '../../core/index.ts'
import type { QuoteColumns, TradeColumns } from '../../market/index.ts'
import { durationNs, type Duration } from '../../time/index.ts'
import { matchRows } from './match-rows.kernel.ts'

/** How {@link matchTradesQuotes} finds a quote. */
export interface MatchOptions {
  /**
   * How long before the trade a quote must have held: where quotes are recorded sooner than the
   * trades that they answer. Default: 0.
   */
  readonly lag?: Duration | string | undefined
  /** True when a quote of exactly that moment does not count; default false. */
  readonly strict?: boolean | undefined
  /** What a trade before the first such quote gets: none (NaN), or the first; default `none`. */
  readonly atStart?: 'none' | 'first' | undefined
}

/** The quote of each trade, one row a trade. */
export interface QuotedTrades {
  readonly length: number
  /** Row of the quote, -1 where there is none. */
  readonly quoteRow: Int32Array
  /** As the quote has them; NaN where there is none. */
  readonly bidPrice: Float64Array
  readonly askPrice: Float64Array
  readonly bidVolume: Float64Array
  readonly askVolume: Float64Array
  /** Mean of the best prices. */
  readonly midPrice: Float64Array
}

/**
 * Returns for each trade the quote that prevailed `lag` before it: the last of those with a time at
 * or before that of the trade less the lag. Of quotes of one time the last in order counts.
 *
 * @throws LobtraderError BAD_ARGUMENT when trades and quotes have different epochs, BAD_DURATION
 * @cost O(trades + quotes)
 * @source Lee & Ready (1991), "Inferring Trade Direction from Intraday Data", Journal of Finance
 *   46(2), section II: quotes at least five seconds before the trade; Vergote (2005), "How to Match
 *   Trades and Quotes for NYSE Stocks?"
 */
export function matchTradesQuotes(
  trades: TradeColumns,
  quotes: QuoteColumns,
  options: MatchOptions = {},
): QuotedTrades {
  const { lag = 0, strict = false, atStart = 'none' } = options
  if (trades.epochNs !== quotes.epochNs) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `trades count time from ${trades.epochNs}, quotes from ${quotes.epochNs}; both need one epoch`,
    )
  }
  const { length } = trades
  const quoteRow = new Int32Array(length)
  const quoteTime = quotes.time.subarray(0, quotes.length)
  matchRows(trades.time.subarray(0, length), quoteTime, durationNs(lag), strict, quoteRow)
  if (atStart === 'first' && quotes.length > 0)
    for (let i = 0; i < length && quoteRow[i]! < 0; i++) quoteRow[i] = 0
  const of = (column: Float64Array): Float64Array =>
    Float64Array.from(quoteRow, (row) => (row < 0 ? Number.NaN : column[row]!))
  const bidPrice = of(quotes.bidPrice)
  const askPrice = of(quotes.askPrice)
  return {
    length,
    quoteRow,
    bidPrice,
    askPrice,
    bidVolume: of(quotes.bidVolume),
    askVolume: of(quotes.askVolume),
    midPrice: bidPrice.map((bid, i) => (bid + askPrice[i]!) / 2),
  }
}
