/**
 * Small files of Bybit's archives: lines as the topic `orderbook.500.{symbol}` sends them, and the
 * columns of public.bybit.com.
 */
import { gzipSync } from 'node:zlib'
import { zip } from '../hftbacktest-arrays.ts'

/** First time of the samples, Unix ms. */
export const BYBIT_START_MS = 1_733_011_200_000

/** Levels as price and size. */
export type BybitLevels = readonly (readonly [string, string])[]

/** One message of the book, matched 3 ms before it was sent. */
export function bybitLine(
  ms: number,
  type: 'snapshot' | 'delta',
  u: number,
  b: BybitLevels,
  a: BybitLevels = [],
): string {
  const ts = BYBIT_START_MS + ms
  const data = { s: 'XRPUSDT', b, a, u, seq: u + 100 }
  return JSON.stringify({ topic: 'orderbook.500.XRPUSDT', type, ts, data, cts: ts - 3 })
}

/** Rows of derivative trades: ms, side, size, price. */
export const bybitTrades = (
  rows: readonly (readonly [number, string, string, string])[],
): string => {
  const lines = rows.map(([ms, side, size, price], i) => {
    const seconds = ((BYBIT_START_MS + ms) / 1000).toFixed(4)
    return `${seconds},XRPUSDT,${side},${size},${price},PlusTick,id-${i},1e8,${size},${price}`
  })
  const header =
    'timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional'
  return `${header}\n${lines.join('\n')}\n`
}

/** Rows of spot trades: ms, id, price, volume, side. */
export const bybitSpotTrades = (
  rows: readonly (readonly [number, number, string, string, string])[],
): string => {
  const lines = rows.map(
    ([ms, id, price, volume, side]) => `${id},${BYBIT_START_MS + ms},${price},${volume},${side}`,
  )
  return `id,timestamp,price,volume,side\n${lines.join('\n')}\n`
}

/** A zip of a book and gzipped trades. */
export function sampleFiles(): { readonly name: string; readonly bytes: Uint8Array }[] {
  const book = [
    bybitLine(0, 'snapshot', 7, [['1.9531', '620']], [['1.9532', '10']]),
    bybitLine(100, 'delta', 8, [
      ['1.9531', '0'],
      ['1.953', '5'],
    ]),
    bybitLine(200, 'delta', 9, [], [['1.9532', '11']]),
  ]
  const content = Buffer.from(`${book.join('\n')}\n`)
  return [
    {
      name: '2024-12-01_XRPUSDT_ob500.data.zip',
      bytes: zip([{ name: '2024-12-01_XRPUSDT_ob500.data', content }]),
    },
    {
      name: 'XRPUSDT2024-12-01.csv.gz',
      bytes: gzipSync(
        bybitTrades([
          [50, 'Buy', '5', '1.9532'],
          [150, 'Sell', '6', '1.9530'],
        ]),
      ),
    },
  ]
}
