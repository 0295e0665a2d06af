/**
 * The tables of Binance's public archives, told by their header, or by their shape where they have
 * none.
 *
 * Source: github.com/binance/binance-public-data, README (read 2026-11): files of the spot market
 * and older ones of the futures have no header; times of the spot market are in microseconds from
 * 2025-01-01 on, else in milliseconds. `depth-snap` and `depth-update` are the files that Binance
 * gives out as `T_DEPTH`, historical order books of futures.
 */
import { DataError } from '../../../core/index.ts'
import { shownText } from '../field-error.ts'
import type { LinePlace } from '../table/line-place.ts'

/** What the rows of a file are. */
export type ArchiveKind = 'aggTrades' | 'trades' | 'bookTicker' | 'depth'

/** A table: what it is, of which market, and where its values stand. */
export interface ArchiveTable {
  readonly kind: ArchiveKind
  /** Undefined where nothing tells. */
  readonly market: 'spot' | 'futures' | undefined
  readonly hasHeader: boolean
  readonly names: readonly string[]
  readonly at: (name: string) => number
}

const names = (text: string): readonly string[] => text.split(',')
const AGG_TRADES = names(
  'agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker',
)
const TRADES = names('id,price,qty,quote_qty,time,is_buyer_maker')
const TICKER = names(
  'update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,event_time',
)
const DEPTH = names('symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty')

const HEADERS: readonly (readonly [ArchiveKind, readonly string[]])[] = [
  ['aggTrades', AGG_TRADES],
  ['trades', TRADES.filter((name) => name !== 'quote_qty')],
  ['bookTicker', TICKER],
  ['depth', DEPTH],
]

const IS_NUMBER = /^\d+(?:\.\d+)?$/
const IS_ID = /^\d{1,15}$/
const IS_TIME = /^\d{13}(?:\d{3})?$/
const IS_FLAG = /^(?:true|false)$/i

/**
 * Returns what the first line of a file says.
 *
 * @throws DataError UNKNOWN_FORMAT, or UNSUPPORTED for `bookDepth`, which holds no levels
 */
export function archiveTable(cells: readonly string[], place: LinePlace): ArchiveTable {
  const found = tableOf(cells)
  if (found !== undefined) return found
  if (cells.includes('percentage') && cells.includes('depth')) {
    throw new DataError(
      'UNSUPPORTED',
      'bookDepth holds the size within some percent of the price, not levels, so no book can be made of it; leave the file out',
      place.of(),
    )
  }
  throw new DataError(
    'UNKNOWN_FORMAT',
    `neither a header nor a row of aggTrades, trades, bookTicker, depth-snap or depth-update: ${shownText(cells.join(','))}`,
    place.of(),
  )
}

/** Returns the table whose first line has these cells, or undefined. */
export function tableOf(cells: readonly string[]): ArchiveTable | undefined {
  for (const [kind, needed] of HEADERS) {
    if (!needed.every((name) => cells.includes(name))) continue
    const at = (name: string): number => cells.indexOf(name)
    return { kind, market: 'futures', hasHeader: true, names: cells, at }
  }
  return bareTable(cells)
}

/** A row without a header: its number of columns and what stands in them. */
function bareTable(cells: readonly string[]): ArchiveTable | undefined {
  const is = (...patterns: readonly RegExp[]): boolean =>
    patterns.length === cells.length && patterns.every((pattern, i) => pattern.test(cells[i]!))
  const bare = (
    kind: ArchiveKind,
    market: ArchiveTable['market'],
    columns: readonly string[],
  ): ArchiveTable => {
    const at = (name: string): number => columns.indexOf(name)
    return { kind, market, hasHeader: false, names: columns, at }
  }
  const aggregated = [IS_ID, IS_NUMBER, IS_NUMBER, IS_ID, IS_ID, IS_TIME, IS_FLAG]
  const single = [IS_ID, IS_NUMBER, IS_NUMBER, IS_NUMBER, IS_TIME, IS_FLAG]
  if (is(...aggregated, IS_FLAG)) return bare('aggTrades', 'spot', [...AGG_TRADES, 'is_best_match'])
  if (is(...single, IS_FLAG)) return bare('trades', 'spot', [...TRADES, 'is_best_match'])
  if (is(...aggregated)) return bare('aggTrades', 'futures', AGG_TRADES)
  if (is(...single)) return bare('trades', 'futures', TRADES)
  if (is(IS_ID, IS_NUMBER, IS_NUMBER, IS_NUMBER, IS_NUMBER, IS_TIME, IS_TIME)) {
    return bare('bookTicker', 'futures', TICKER)
  }
  return undefined
}

/** Returns the symbol in a file's name, such as `BTCUSD_PERP-trades-2024-01-01.zip`. */
export function archiveSymbol(name: string): string | undefined {
  return /^([A-Z0-9_]+)-(?:aggTrades|trades|bookTicker)\b/i.exec(name)?.[1]
}
