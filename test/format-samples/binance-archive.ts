/**
 * Small files of Binance's archives: columns of github.com/binance/binance-public-data (README, read
 * 2026-11), and of the historical order books `depth-snap` and `depth-update`.
 */
import { zip } from '../hftbacktest-arrays.ts'

/** First time of the samples, Unix ms. */
export const ARCHIVE_START_MS = 1_667_347_200_000

const at = (ms: number): number => ARCHIVE_START_MS + ms

/** A row of depth: ms, snap or set, first id, last id, pu, side, price, size. */
export type DepthCells = readonly [
  number,
  'snap' | 'set',
  number,
  number,
  number,
  'a' | 'b',
  string,
  string,
]

export const archiveDepth = (rows: readonly DepthCells[]): string => {
  const lines = rows.map(
    ([ms, type, first, last, pu, side, price, size]) =>
      `BTCUSDT,${at(ms)},${first},${last},${side},${type},${price},${size},${pu}`,
  )
  const header = 'symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu'
  return `${header}\n${lines.join('\n')}\n`
}

/** A trade: ms, id, price, size, whether the buyer was the maker. */
export type TradeCells = readonly [number, number, string, string, boolean]

/** Futures aggTrades, with a header. */
export const futuresAggTrades = (rows: readonly TradeCells[]): string => {
  const lines = rows.map(
    ([ms, id, price, size, maker]) =>
      `${id},${price},${size},${id * 2},${id * 2 + 1},${at(ms)},${maker}`,
  )
  const header =
    'agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker'
  return `${header}\n${lines.join('\n')}\n`
}

/** Spot trades, without a header; microseconds from 2025 on. */
export const spotTrades = (rows: readonly TradeCells[], unit: 'ms' | 'us' = 'ms'): string =>
  rows
    .map(([ms, id, price, size, maker]) => {
      const time = unit === 'us' ? `${at(ms)}000` : String(at(ms))
      return `${id},${price},${size},1.5,${time},${maker ? 'True' : 'False'},True\n`
    })
    .join('')

/** Futures bookTicker: ms, update id, bid price and size, ask price and size. */
export const archiveTicker = (
  rows: readonly (readonly [number, number, string, string, string, string])[],
): string => {
  const lines = rows.map(([ms, ...cells]) => `${cells.join(',')},${at(ms)},${at(ms + 1)}`)
  const header =
    'update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,event_time'
  return `${header}\n${lines.join('\n')}\n`
}

/** A zip of trades, a book and its updates, a ticker. */
export function sampleFiles(): { readonly name: string; readonly bytes: Uint8Array }[] {
  const trades = futuresAggTrades([
    [5, 7, '20377.10', '0.004', false],
    [15, 8, '20377.00', '0.002', true],
  ])
  const snap = archiveDepth([
    [0, 'snap', 100, 100, -1, 'b', '20376.90', '0.001'],
    [0, 'snap', 100, 100, -1, 'b', '20377.00', '1.770'],
    [0, 'snap', 100, 100, -1, 'a', '20377.10', '2.000'],
  ])
  const update = archiveDepth([
    [10, 'set', 99, 101, 98, 'b', '20377.00', '0.000'],
    [10, 'set', 99, 101, 98, 'a', '20377.10', '1.000'],
    [20, 'set', 102, 103, 101, 'b', '20376.80', '0.500'],
  ])
  const ticker = archiveTicker([[6, 101, '20376.90', '0.001', '20377.10', '1.000']])
  const name = 'BTCUSDT-aggTrades-2022-11-02'
  return [
    { name: `${name}.zip`, bytes: zip([{ name: `${name}.csv`, content: Buffer.from(trades) }]) },
    { name: 'btcusdt-depth-snap.csv', bytes: Buffer.from(snap) },
    { name: 'btcusdt-depth-update.csv', bytes: Buffer.from(update) },
    { name: 'BTCUSDT-bookTicker-2022-11-02.csv', bytes: Buffer.from(ticker) },
  ]
}
