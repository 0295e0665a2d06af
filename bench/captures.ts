/** Stores made of the real captures that stand beside the checkout. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { importCapture } from 'lobtrader/feed'

const SHARED = fileURLToPath(new URL('../../shared/data/', import.meta.url))

/** True when the real data stand beside the checkout. */
export const hasCaptures = existsSync(`${SHARED}binance`)

interface Capture {
  readonly name: string
  readonly format: string
  readonly files: readonly string[]
  readonly instrument?: string
}

const binance = (stream: string, name: string): Capture => ({
  name,
  format: 'binance',
  files: ['20240808', '20240809'].map((day) => `binance/${stream}_${day}.gz`),
  instrument: `binance/${stream}_20240808.instrument.json`,
})

const CAPTURES: readonly Capture[] = [
  binance('usdm_btcusdt', 'Binance USD-M BTCUSDT'),
  binance('spot_btcusdt', 'Binance spot BTCUSDT'),
  binance('cm_btcusd_perp', 'Binance COIN-M BTCUSD_PERP'),
  {
    name: 'LOBSTER AMZN, 5 levels',
    format: 'lobster',
    files: ['message', 'orderbook'].map(
      (part) => `lobster/AMZN_2012-06-21_34200000_57600000_${part}_5.csv.gz`,
    ),
  },
  {
    name: 'Databento ESH4, orders',
    format: 'dbn',
    files: ['databento/esh4-glbx-mdp3-20231225.mbo.dbn.zst'],
  },
  {
    name: 'Bitstamp BTC/USD, orders',
    format: 'bitstamp-l3',
    files: ['bitstamp_l3/bitstamp_BTCUSD_2015-05-01_raw.log.gz'],
  },
]

/**
 * Imports one capture into a store of its own for each of `formats`.
 *
 * @returns the name of each and the folder of its store
 */
export async function importCaptures(
  dir: string,
  formats: readonly string[],
): Promise<readonly { readonly name: string; readonly format: string; readonly store: string }[]> {
  const made: { name: string; format: string; store: string }[] = []
  for (const [i, { name, format, files, instrument }] of CAPTURES.entries()) {
    if (!formats.includes(format)) continue
    const store = `${dir}/capture-${i}`
    await importCapture({
      format,
      files: files.map((file) => SHARED + file).filter((file) => existsSync(file)),
      store,
      ...(instrument === undefined ? {} : { instrument: SHARED + instrument }),
    })
    made.push({ name, format, store })
  }
  return made
}
