/**
 * Parquet copies of partitions, which queries read: made when a query first needs them, kept in a
 * hidden folder of the store, named by the content that they copy, removed when it is gone.
 */
import { createHash } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection, DuckDBDataChunk, DuckDBTableFunction } from '@duckdb/node-api'
import { Instrument, type EventColumns } from '../../market/index.ts'
import { attempt, moveInPlace } from '../disk.ts'
import { makeProcessFolder } from '../import-folder.ts'
import { instantNs } from '../../time/index.ts'
import { partitionBlocks } from '../partition-blocks.ts'
import type { PartitionInfo } from '../partition.ts'
import type { Store } from '../store.ts'
import type { DuckDb } from './duckdb.ts'
import { mirrorColumns, quoted } from './sql-views.ts'

/** Raised when the columns of a copy change. */
const MIRROR_VERSION = 1

const SUFFIX = '.parquet'
const WORK_PREFIX = '.work-'
const ROW_SOURCE = 'partition_rows'

/** Rows that DuckDB takes at a time. */
const VECTOR_ROWS = 2048

/** The columns that are handed to DuckDB as they stand in memory. */
const RAW = ['localTime', 'exchTime', 'code', 'tick', 'lots', 'orderRef', 'seq'] as const
const RAW_NAMES: Readonly<Record<(typeof RAW)[number], string>> = {
  localTime: 'local_time',
  exchTime: 'exch_time',
  code: 'code',
  tick: 'tick',
  lots: 'lots',
  orderRef: 'order_ref',
  seq: 'seq',
}

/** The copies of one store. */
export class PartitionMirror {
  readonly dir: string
  /** A folder of this process alone, for what is being made and what does not fit into memory. */
  readonly workDir: string
  readonly #store: Store

  /**
   * Opens the copies of a store and removes those whose partition is gone.
   *
   * @param dir folder of the copies, made when it is absent
   * @throws LobtraderError WRITE_FAILED when the folder cannot be written
   */
  constructor(store: Store, dir: string) {
    this.dir = dir
    this.#store = store
    attempt('make folder', dir, () => mkdirSync(dir, { recursive: true }))
    this.workDir = makeProcessFolder(dir, WORK_PREFIX)
    this.#removeStale()
  }

  /** Path of the copy of a partition. */
  pathOf(info: PartitionInfo): string {
    return join(this.dir, mirrorName(info))
  }

  /** Returns those partitions that have no copy yet. */
  missing(partitions: readonly PartitionInfo[]): readonly PartitionInfo[] {
    return partitions.filter((info) => !existsSync(this.pathOf(info)))
  }

  /**
   * Makes the copy of a partition; it appears complete or not at all.
   *
   * @param rows hands rows to an engine with access to files
   * @throws LobtraderError WRITE_FAILED, STORE_CONFLICT; DataError as `Store.load`
   */
  async make(rows: RowSource, info: PartitionInfo): Promise<void> {
    const path = this.pathOf(info)
    const temporary = join(this.workDir, mirrorName(info))
    const instrument = new Instrument(info.instrument)
    const { priceGrid: price, sizeGrid: size } = instrument
    const columns = mirrorColumns(info, { price, size }, instantNs(info.day))
    try {
      await rows.copy(
        info,
        `COPY (SELECT ${columns} FROM ${ROW_SOURCE}()) TO ${quoted(temporary)} (FORMAT parquet, COMPRESSION zstd)`,
      )
      attempt('flush', path, () => flush(temporary))
      moveInPlace(temporary, path)
    } finally {
      rmSync(temporary, { force: true })
    }
  }

  #removeStale(): void {
    const known = new Set(this.#store.partitions().map(mirrorName))
    for (const name of readdirSync(this.dir)) {
      if (name.endsWith(SUFFIX) && !known.has(name)) rmSync(join(this.dir, name), { force: true })
    }
  }

  /** Removes what belongs to this process alone. */
  close(): void {
    rmSync(this.workDir, { recursive: true, force: true })
  }
}

/** Rows of partitions as a table function of DuckDB, one block in memory at a time. */
export class RowSource {
  readonly #connection: DuckDBConnection
  readonly #source: DuckDBTableFunction
  #rowsTotal = 0
  #blocks: Iterator<EventColumns, void> | undefined
  #block: EventColumns | undefined
  /** The next row of the block. */
  #row = 0
  /** What reading the partition has failed with. */
  #failure: unknown

  constructor(duck: DuckDb, connection: DuckDBConnection) {
    this.#connection = connection
    const { DOUBLE, INTEGER, UTINYINT } = duck
    const types = [DOUBLE, DOUBLE, UTINYINT, INTEGER, DOUBLE, INTEGER, DOUBLE]
    this.#source = duck.DuckDBTableFunction.create({
      name: ROW_SOURCE,
      bindFunction: (info) => {
        for (const [i, name] of RAW.entries()) info.addResultColumn(RAW_NAMES[name], types[i]!)
        info.setCardinality(this.#rowsTotal, true)
      },
      // One thread, so that rows stay in their order.
      initFunction: (info) => info.setMaxThreads(1),
      mainFunction: (info, output) => {
        try {
          this.#fill(output)
        } catch (error) {
          this.#failure = error
          info.setError('the partition cannot be read')
        }
      },
    })
    connection.registerTableFunction(this.#source)
  }

  /**
   * Runs a statement that reads the rows of a partition.
   *
   * @throws what reading the partition throws, and what the engine says
   */
  async copy(info: PartitionInfo, sql: string): Promise<void> {
    const blocks = partitionBlocks(info)
    this.#rowsTotal = info.events
    this.#blocks = blocks
    this.#block = undefined
    this.#failure = undefined
    try {
      await this.#connection.run(sql)
    } catch (error) {
      throw this.#failure ?? error
    } finally {
      blocks.return()
    }
  }

  #fill(output: DuckDBDataChunk): void {
    if (this.#block === undefined || this.#row === this.#block.length) {
      const next = this.#blocks?.next()
      this.#block = next?.done === false ? next.value : undefined
      this.#row = 0
    }
    const block = this.#block
    const rows = block === undefined ? 0 : Math.min(VECTOR_ROWS, block.length - this.#row)
    output.rowCount = rows
    if (block === undefined) return
    for (const [i, name] of RAW.entries()) {
      const vector = output.getColumnVector(i) as unknown as RawVector
      vector.items.set(block[name].subarray(this.#row, this.#row + rows))
      vector.flush()
    }
    this.#row += rows
  }
}

/** A vector of fixed-size numbers. */
interface RawVector {
  readonly items: { set(values: ArrayLike<number>): void }
  flush(): void
}

/**
 * Names a copy by all that stands in it: the digest of the rows, the place of the partition, and
 * the grids that make prices of ticks.
 */
function mirrorName(info: PartitionInfo): string {
  const { venue, symbol, day, kind, instrument } = info
  const rest = JSON.stringify([MIRROR_VERSION, venue, symbol, day, kind, instrument])
  return `${info.digest}-${createHash('sha256').update(rest).digest('hex').slice(0, 12)}${SUFFIX}`
}

function flush(path: string): void {
  const fd = openSync(path, 'r+')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
