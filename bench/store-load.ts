/**
 * How fast a partition is read from disk into columns: real captures where they stand beside the
 * checkout, else a generated tape. The bytes a row takes stand in the note.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { importCapture } from 'lobtrader/feed'
import { beginImport, openStore, type Store } from 'lobtrader/store'
import { HighPrecisionClock } from 'lobtrader/time'
import type { BenchCase } from './bench-case.ts'
import { generateTape } from './generated-tape.ts'

const CAPTURES = fileURLToPath(new URL('../../shared/data/binance/', import.meta.url))
const STREAMS = ['usdm_btcusdt', 'spot_btcusdt', 'cm_btcusd_perp']
/** Rounds of one measurement: the captures are a fraction of a second long. */
const ROUNDS = 5

async function fill(dir: string): Promise<string> {
  if (!existsSync(CAPTURES)) {
    const { instrument, events } = generateTape(2_000_000, 1)
    const transaction = beginImport(dir, { instrument })
    transaction.append('l2', events)
    transaction.commit()
    return 'a generated tape'
  }
  for (const stream of STREAMS) {
    const days = ['20240808', '20240809'].map((day) => `${CAPTURES}${stream}_${day}.gz`)
    await importCapture({
      format: 'binance',
      files: days.filter((file) => existsSync(file)),
      store: dir,
      instrument: `${CAPTURES}${stream}_20240808.instrument.json`,
    })
  }
  return 'six Binance partitions (USD-M, spot, coin-M; book and trades)'
}

function loadAll(store: Store): number {
  let rows = 0
  for (const info of store.partitions()) {
    if (info.kind === 'l2') rows += store.load(info).length
  }
  return rows
}

/** Measures rows per second from files in the page cache to shared columns, checksums included. */
export async function storeLoad(): Promise<BenchCase> {
  const dir = mkdtempSync(join(tmpdir(), 'lobtrader-bench-'))
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }))
  const what = await fill(dir)
  const store = openStore(dir)
  const books = store.partitions().filter((info) => info.kind === 'l2')
  const rows = books.reduce((sum, info) => sum + info.events, 0)
  const bytes = books.reduce((sum, info) => sum + info.bytes, 0)
  return {
    name: 'store-load',
    unit: 'rows/s',
    note: `${what}, ${rows} rows at ${(bytes / rows).toFixed(2)} bytes each`,
    run: () => {
      const start = HighPrecisionClock.monotonicNs()
      let loaded = 0
      for (let round = 0; round < ROUNDS; round++) loaded += loadAll(store)
      return loaded / (Number(HighPrecisionClock.monotonicNs() - start) / 1e9)
    },
  }
}
