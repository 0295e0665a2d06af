/**
 * How fast a partition is decoded from disk into columns: real captures where they stand beside the
 * checkout, else a generated tape. The bytes a row takes stand in the note.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { parquetRead } from 'hyparquet'
import { importCapture } from 'lobtrader/feed'
import { beginImport, exportParquet, openStore, type Store } from 'lobtrader/store'
import { HighPrecisionClock } from 'lobtrader/time'
import type { BenchCase } from './bench-case.ts'
import { generateTape } from './generated-tape.ts'
import { pythonPeer } from './peer.ts'

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

/** Reads the integer columns of a Parquet file, as the peer gives them. */
async function readParquet(path: string): Promise<number> {
  const bytes = readFileSync(path)
  let values = 0
  await parquetRead({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
    columns: ['local_time_ns', 'exch_time_ns', 'kind', 'side', 'tick', 'lots', 'order_ref', 'seq'],
    compressors: { GZIP: (input) => gunzipSync(input) },
    onChunk: ({ columnData }) => (values += columnData.length),
  })
  return values / 8
}

const seconds = (since: bigint): number => Number(HighPrecisionClock.monotonicNs() - since) / 1e9

/** Measures events per second from files in the page cache to shared columns, checksums included. */
export async function storeDecode(): Promise<BenchCase> {
  const dir = mkdtempSync(join(tmpdir(), 'lobtrader-bench-'))
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }))
  const what = await fill(join(dir, 'store'))
  const store = openStore(join(dir, 'store'))
  const books = store.partitions().filter((info) => info.kind === 'l2')
  const rows = books.reduce((sum, info) => sum + info.events, 0)
  const bytes = books.reduce((sum, info) => sum + info.bytes, 0)
  const { venue, symbol, day } = books[0]!
  const parquet = join(dir, 'events.parquet')
  exportParquet(store, { venue, symbol, day, kind: 'l2' }, parquet)
  const pyarrow = await pythonPeer('pyarrow', 'store_decode.py', ['pyarrow'], [parquet])
  const hyparquet = async (): Promise<number> => {
    const start = HighPrecisionClock.monotonicNs()
    return (await readParquet(parquet)) / seconds(start)
  }
  return {
    name: 'store-decode',
    unit: 'events/s',
    note: `${what}, ${rows} events at ${(bytes / rows).toFixed(2)} bytes each, one thread, with the order of venue time`,
    run: () => {
      const start = HighPrecisionClock.monotonicNs()
      let loaded = 0
      for (let round = 0; round < ROUNDS; round++) loaded += loadAll(store)
      return loaded / seconds(start)
    },
    against: { name: 'hyparquet, the first of these partitions as Parquet', run: hyparquet },
    ...(pyarrow.against === undefined
      ? pyarrow
      : {
          against: {
            ...pyarrow.against,
            name: `${pyarrow.against.name}, the first of these partitions as Parquet, one thread`,
          },
          details: [
            `hyparquet on the same file: ${((await hyparquet()) / 1e6).toFixed(2)} M events/s`,
          ],
        }),
  }
}
