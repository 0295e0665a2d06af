/** Parquet for pandas, polars and DuckDB. */
import { gzipSync } from 'node:zlib'
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer'
import { codeSide } from '../market/index.ts'
import { attempt, writeAtomically, writeFully } from './disk.ts'
import type { ExportResult } from './export-csv.ts'
import {
  exportParts,
  hasPrice,
  hasSize,
  kindWord,
  requireRows,
  visibilityWord,
  type ExportPart,
} from './export-rows.ts'
import type { Store, StoreQuery } from './store.ts'

/** Rows of a row group: what is in memory beside one partition. */
const GROUP_ROWS = 65_536

const GZIP_LEVEL = 4

const COLUMNS: readonly SchemaElement[] = [
  { name: 'local_time_ns', type: 'INT64' },
  { name: 'exch_time_ns', type: 'INT64' },
  { name: 'kind', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  { name: 'side', type: 'INT32' },
  { name: 'price', type: 'DOUBLE' },
  { name: 'size', type: 'DOUBLE' },
  { name: 'tick', type: 'INT32' },
  { name: 'lots', type: 'INT64' },
  { name: 'order_ref', type: 'INT32' },
  { name: 'seq', type: 'INT64' },
  { name: 'visibility', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
]

const SCHEMA: SchemaElement[] = [
  { name: 'events', num_children: COLUMNS.length },
  ...COLUMNS.map((column): SchemaElement => ({
    ...column,
    repetition_type: column.type === 'DOUBLE' ? 'OPTIONAL' : 'REQUIRED',
  })),
]

/**
 * Writes the rows of a query as one Parquet file, partition by partition in the order of the store.
 *
 * Columns: `local_time_ns` and `exch_time_ns` (int64, Unix nanoseconds), `kind` (text), `side`
 * (1, -1 or 0), `price` and `size` (double, null where the kind has none), `tick`, `lots`,
 * `order_ref` (-1 for none), `seq` and `visibility` (`both`, `exchange` or `local`). The
 * instruments stand in the file's metadata under `lobtrader.instruments`. The file appears
 * complete or not at all.
 *
 * @throws LobtraderError WRITE_FAILED, OUT_OF_RANGE when no row is selected, and as `Store.read`
 */
export function exportParquet(store: Store, query: StoreQuery, outPath: string): ExportResult {
  const selected = requireRows(store, query)
  return writeAtomically(outPath, (fd) => {
    const out = new FileWriter(fd, outPath)
    const parquet = new ParquetWriter({
      writer: out,
      schema: SCHEMA,
      codec: 'GZIP',
      compressors: { GZIP: (bytes) => gzipSync(bytes, { level: GZIP_LEVEL }) },
      createdBy: 'lobtrader',
      kvMetadata: [
        {
          key: 'lobtrader.instruments',
          value: JSON.stringify(
            selected.map(({ day, kind, instrument }) => ({ day, kind, instrument })),
          ),
        },
      ],
    })
    let rows = 0
    for (const part of exportParts(store, query)) {
      for (let from = part.from; from < part.to; from += GROUP_ROWS) {
        const to = Math.min(part.to, from + GROUP_ROWS)
        const columnData = columnsOf(part, from, to)
        void parquet.write({ columnData, rowGroupSize: GROUP_ROWS })
      }
      rows += part.to - part.from
    }
    void parquet.finish()
    return { files: [outPath], rows, bytes: out.offset }
  })
}

type ParquetColumn = Parameters<ParquetWriter['write']>[0]['columnData'][number]

function columnsOf(part: ExportPart, from: number, to: number): ParquetColumn[] {
  const { events, instrument } = part
  const rows = to - from
  const code = events.code.subarray(from, to)
  const tick = events.tick.subarray(from, to)
  const lots = events.lots.subarray(from, to)
  const price = new Array<number | null>(rows).fill(null)
  const size = new Array<number | null>(rows).fill(null)
  for (let i = 0; i < rows; i++) {
    if (hasPrice(code[i]!)) price[i] = instrument.price(tick[i]!)
    if (hasSize(code[i]!)) size[i] = instrument.size(lots[i]!)
  }
  const data: Readonly<Record<string, ParquetColumn['data']>> = {
    local_time_ns: unixNs(events.localTime.subarray(from, to), events.epochNs),
    exch_time_ns: unixNs(events.exchTime.subarray(from, to), events.epochNs),
    kind: Array.from(code, kindWord),
    side: Int32Array.from(code, codeSide),
    price,
    size,
    tick: Int32Array.from(tick),
    lots: BigInt64Array.from(lots, BigInt),
    order_ref: events.orderRef.slice(from, to),
    seq: BigInt64Array.from(events.seq.subarray(from, to), BigInt),
    visibility: Array.from(code, visibilityWord),
  }
  return COLUMNS.map(({ name }) => ({ name, data: data[name]! }))
}

function unixNs(times: Float64Array, epochNs: bigint): BigInt64Array {
  return BigInt64Array.from(times, (time) => epochNs + BigInt(time))
}

/** A Parquet writer's buffer that goes to the file after each row group. */
class FileWriter extends ByteWriter {
  readonly #fd: number
  readonly #path: string
  #position = 0

  constructor(fd: number, path: string) {
    super()
    this.#fd = fd
    this.#path = path
  }

  flush(): void {
    const bytes = this.getBytes()
    attempt('write', this.#path, () => writeFully(this.#fd, bytes, this.#position))
    this.#position += bytes.length
    this.index = 0
  }

  override finish(): void {
    this.flush()
  }
}
