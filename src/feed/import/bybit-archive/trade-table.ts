/**
 * The tables of Bybit's public trades, told by their header.
 *
 * Derivatives: `timestamp` in seconds with decimals, `symbol, side, size, price, tickDirection,
 * trdMatchID, grossValue, homeNotional, foreignNotional` (newer files add `RPI`). Spot: `id,
 * timestamp` in milliseconds, `price, volume, side` (and `rpi`); the symbol stands in the name of
 * the file. Source: public.bybit.com, folders `trading` and `spot`, and www.bybit.com/derivatives/
 * en/history-data (read 2026-11).
 */
import { DataError } from '../../../core/index.ts'
import type { TimeUnit } from '../../input/time-scan.ts'
import { shownText } from '../field-error.ts'
import type { LinePlace } from '../table/line-place.ts'

/** Where the values of a row stand; -1 where the table has no such column. */
export interface TradeTable {
  readonly time: number
  readonly unit: TimeUnit
  readonly symbol: number
  readonly side: number
  readonly price: number
  readonly size: number
  readonly id: number
}

/** True when a line is a header of one of these tables. */
export function isTradeHeader(line: string): boolean {
  return /^timestamp,symbol,side,size,price,tickDirection\b|^id,timestamp,price,volume,side\b/.test(
    line,
  )
}

/** Returns what a header says. @throws DataError UNKNOWN_FORMAT */
export function tradeTable(header: readonly string[], place: LinePlace): TradeTable {
  const line = header.join(',')
  if (!isTradeHeader(line)) {
    throw new DataError(
      'UNKNOWN_FORMAT',
      `neither a message of an order book nor a header of Bybit's public trades: ${shownText(line)}`,
      place.of(),
    )
  }
  const at = (name: string): number => header.indexOf(name)
  const isSpot = at('volume') >= 0
  return {
    time: at('timestamp'),
    unit: isSpot ? 'ms' : 's',
    symbol: at('symbol'),
    side: at('side'),
    price: at('price'),
    size: isSpot ? at('volume') : at('size'),
    id: at('id'),
  }
}

/** Returns the symbol in a file's name (`BTCUSDT_2025-05-19.csv.gz`, `BTCUSDT2020-03-25.csv.gz`). */
export function symbolInName(name: string): string | undefined {
  return /^([A-Z0-9]+?)[_-]?\d{4}-\d{2}(?:-\d{2})?\b/.exec(name)?.[1]
}
