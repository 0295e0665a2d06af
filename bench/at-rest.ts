/** What events take on disk in other forms than ours. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import type { EventColumns } from 'lobtrader/market'
import { exportCsv, exportParquet, type PartitionInfo, type Store } from 'lobtrader/store'
import { nodePeer } from './peer.ts'

/** Rows that are packed together, as in a partition of ours. */
const BLOCK_ROWS = 65_536

/** Names an export of one partition, or of several of one instrument and kind. */
interface Place {
  readonly store: Store
  readonly infos: readonly PartitionInfo[]
  readonly folder: string
}

const queryOf = ({ venue, symbol, kind }: PartitionInfo) => ({ venue, symbol, kind })

/** Bytes of our CSV export behind gzip -6. */
export function gzipCsvBytes({ store, infos, folder }: Place): number {
  const path = join(folder, 'events.csv')
  exportCsv(store, queryOf(infos[0]!), path)
  return gzipSync(readFileSync(path), { level: 6 }).length
}

/** Bytes of our Parquet export. */
export function ownParquetBytes({ store, infos, folder }: Place): number {
  return exportParquet(store, queryOf(infos[0]!), join(folder, 'events.parquet')).bytes
}

/**
 * Bytes of the seven columns of a partition as DuckDB writes them by default with zstd; the file is
 * left at `events.duckdb.parquet`. Needs what {@link ownParquetBytes} has written.
 */
export async function duckParquetBytes({ folder }: Place): Promise<number> {
  const source = join(folder, 'events.parquet')
  const target = join(folder, 'events.duckdb.parquet')
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const columns = 'local_time_ns, exch_time_ns, kind, side, visibility, tick, lots, order_ref, seq'
  await connection.run(
    `COPY (SELECT ${columns} FROM '${source}') TO '${target}' (FORMAT parquet, COMPRESSION zstd)`,
  )
  connection.closeSync()
  instance.closeSync()
  return statSync(target).size
}

interface Zstd {
  compress(bytes: Uint8Array, level: number): Promise<Uint8Array>
}

const COLUMNS = ['localTime', 'exchTime', 'code', 'tick', 'lots', 'orderRef', 'seq'] as const

/**
 * Bytes of delta or dictionary, whichever is shorter for a column of a block, behind zstd 19;
 * undefined where no zstd is installed.
 */
export async function deltaDictionaryZstdBytes({
  store,
  infos,
}: Place): Promise<number | undefined> {
  const zstd = nodePeer<Zstd>('@mongodb-js/zstd')?.module
  if (zstd === undefined) return undefined
  let bytes = 0
  for (const info of infos) {
    const events = store.load(info)
    for (let from = 0; from < events.length; from += BLOCK_ROWS) {
      const to = Math.min(events.length, from + BLOCK_ROWS)
      for (const name of COLUMNS) bytes += await columnBytes(zstd, events, name, [from, to])
    }
  }
  return bytes
}

async function columnBytes(
  zstd: Zstd,
  events: EventColumns,
  name: (typeof COLUMNS)[number],
  [from, to]: readonly [number, number],
): Promise<number> {
  const values = Float64Array.from(events[name].subarray(from, to))
  const forms = [deltas(values), dictionary(values)]
  const sizes: number[] = []
  for (const form of forms) {
    if (form !== undefined) sizes.push((await zstd.compress(form, 19)).length)
  }
  return Math.min(...sizes)
}

/** Varints of the zigzag differences. */
function deltas(values: Float64Array): Uint8Array {
  const out = new Varints(values.length * 10)
  let before = 0
  for (const value of values) {
    out.push(zigzag(value - before))
    before = value
  }
  return out.bytes()
}

/** The distinct values, and one or two bytes a row; undefined where there are too many. */
function dictionary(values: Float64Array): Uint8Array | undefined {
  const distinct = [...new Set(values)].sort((a, b) => a - b)
  if (distinct.length > BLOCK_ROWS / 2) return undefined
  const places = new Map(distinct.map((value, i) => [value, i]))
  const words = deltas(Float64Array.from(distinct))
  const isNarrow = distinct.length <= 256
  const rows = isNarrow
    ? Uint8Array.from(values, (value) => places.get(value)!)
    : Uint16Array.from(values, (value) => places.get(value)!)
  return Buffer.concat([words, new Uint8Array(rows.buffer)])
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}

class Varints {
  readonly #bytes: Uint8Array
  #length = 0

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity)
  }

  push(value: number): void {
    let rest = value
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    this.#bytes[this.#length++] = rest
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }
}
