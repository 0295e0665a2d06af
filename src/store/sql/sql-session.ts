/** SQL over a store: views of its partitions in an embedded DuckDB that can read nothing else. */
import { createHash } from 'node:crypto'
import { basename, join, resolve } from 'node:path'
import type {
  DuckDBConnection,
  DuckDBPreparedStatement,
  DuckDBResult,
  DuckDBValue,
} from '@duckdb/node-api'
import { LobtraderError } from '../../core/index.ts'
import { instantNs } from '../../time/index.ts'
import { selectPartitions, type PartitionFilter } from '../partition-filter.ts'
import { memoryBytes, type MemorySize } from '../memory-budget.ts'
import type { PartitionInfo } from '../partition.ts'
import type { Store } from '../store.ts'
import { catalogTables } from './catalog-tables.ts'
import { loadDuckDb, type DuckDb } from './duckdb.ts'
import { sqlValues } from './duckdb-value.ts'
import { PartitionMirror, RowSource } from './partition-mirror.ts'
import { sqlError, type KnownNames } from './sql-error.ts'
import { requireReading } from './sql-statement.ts'
import type { SqlValue } from './sql-value.ts'
import {
  EVENT_VIEW_COLUMNS,
  eventViews,
  quoted,
  touchedViews,
  viewNames,
  type EventView,
} from './sql-views.ts'

/** Hidden folder of a store that holds what queries read. */
const CACHE_FOLDER = '.parquet'

/** How far the preparation of a query has come. */
export interface QueryProgress {
  /** Partitions copied so far, of those that have to be. */
  readonly done: number
  readonly total: number
}

/** How a query is run. */
export interface QueryOptions {
  /** Partitions that the views hold; rows outside `from` and `to` are cut. Default: all. */
  readonly filter?: PartitionFilter | undefined
  /** What DuckDB may use, such as `512MB`; more goes to disk. Default: 80 % of the machine's. */
  readonly memory?: MemorySize | string | undefined
  /** Folder for the copies that queries read; default: a hidden one in the store. */
  readonly cache?: string | undefined
  /** Ends the query. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: QueryProgress) => void) | undefined
}

/** A column of a result. */
export interface ResultColumn {
  readonly name: string
  /** SQL type, such as `DOUBLE`. */
  readonly type: string
}

/** The rows of a running query, read once, in batches; it holds the engine until it is closed. */
export interface SqlResult {
  readonly columns: readonly ResultColumn[]
  /** @throws LobtraderError BAD_QUERY when a later row cannot be computed */
  readonly batches: AsyncGenerator<readonly (readonly SqlValue[])[], void>
  /** Ends the query and frees what it holds; does nothing the second time. */
  readonly close: () => void
}

/**
 * Starts one SQL query over a store.
 *
 * The views are `events` (all rows), one for each kind of partition (`l2`, `l3`, `bbo`, ... with
 * dashes as underscores), `trades`, and `partitions` and `instruments` from the catalog. They
 * read Parquet copies of the partitions, made on demand in a hidden folder of the store. The
 * query can change neither store nor machine, and reads no other file.
 *
 * @returns the result, to be closed
 * @throws LobtraderError BAD_QUERY naming line and column, UNSUPPORTED when `@duckdb/node-api` is
 *   not installed, WRITE_FAILED when the copies cannot be made, BAD_ARGUMENT for a memory limit
 *   that is none, and as `selectPartitions`; DataError for a damaged partition
 */
export async function queryStore(
  store: Store,
  sql: string,
  options: QueryOptions = {},
): Promise<SqlResult> {
  requireReading(sql)
  const { memory } = options
  if (memory !== undefined) memoryBytes(memory)
  const partitions = selectPartitions(store, options.filter ?? {})
  const duck = await loadDuckDb()
  const mirror = new PartitionMirror(store, cacheFolder(store, options.cache))
  try {
    const views = touchedViews(sql, eventViews(partitions))
    await fillMirror(duck, mirror, views, options)
    return await startQuery({ duck, mirror, views, partitions, options }, sql)
  } catch (error) {
    mirror.close()
    throw error
  }
}

/** What a query needs to run. */
interface Prepared {
  readonly duck: DuckDb
  readonly mirror: PartitionMirror
  readonly views: readonly EventView[]
  readonly partitions: readonly PartitionInfo[]
  readonly options: QueryOptions
}

async function startQuery(prepared: Prepared, sql: string): Promise<SqlResult> {
  const { duck, mirror, options, partitions } = prepared
  const known: KnownNames = {
    views: viewNames(partitions),
    columns: EVENT_VIEW_COLUMNS.map(({ name }) => name),
    memory: options.memory === undefined ? undefined : String(options.memory),
  }
  const told = (error: unknown): unknown => {
    options.signal?.throwIfAborted()
    return sqlError(error, sql, known)
  }
  const engine = await openEngine(duck, mirror, options)
  try {
    await makeViews(engine.connection, prepared)
    await lock(engine.connection, prepared)
    const result = await start(duck, engine.connection, sql, options.signal)
    return {
      columns: result
        .deduplicatedColumnNames()
        .map((name, i) => ({ name, type: String(result.columnType(i)) })),
      batches: batchesOf(result, sqlValues(duck), told),
      close: () => {
        engine.close()
        mirror.close()
      },
    }
  } catch (error) {
    engine.close()
    throw told(error)
  }
}

async function* batchesOf(
  result: DuckDBResult,
  convert: (value: DuckDBValue) => SqlValue,
  told: (error: unknown) => unknown,
): AsyncGenerator<readonly (readonly SqlValue[])[], void> {
  try {
    for await (const chunk of result) yield chunk.getRows().map((row) => row.map(convert))
  } catch (error) {
    throw told(error)
  }
}

/** An open engine; the signal of the query stops what it does. */
interface Engine {
  readonly connection: DuckDBConnection
  readonly close: () => void
}

async function openEngine(
  duck: DuckDb,
  mirror: PartitionMirror,
  { memory, signal }: QueryOptions,
): Promise<Engine> {
  signal?.throwIfAborted()
  const instance = await duck.DuckDBInstance.create(':memory:', {
    temp_directory: join(mirror.workDir, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(memory === undefined ? {} : { memory_limit: `${memoryBytes(memory)}B` }),
  })
  const connection = await instance.connect()
  const stop = (): void => connection.interrupt()
  signal?.addEventListener('abort', stop)
  let isOpen = true
  const close = (): void => {
    if (!isOpen) return
    isOpen = false
    signal?.removeEventListener('abort', stop)
    connection.closeSync()
    instance.closeSync()
  }
  try {
    await connection.run("SET errors_as_json = true; SET TimeZone = 'UTC'")
    return { connection, close }
  } catch (error) {
    close()
    throw error
  }
}

/** Copies what the query reads and has no copy yet. */
async function fillMirror(
  duck: DuckDb,
  mirror: PartitionMirror,
  views: readonly EventView[],
  options: QueryOptions,
): Promise<void> {
  const missing = mirror.missing([...new Set(views.flatMap((view) => view.partitions))])
  if (missing.length === 0) return
  const engine = await openEngine(duck, mirror, options)
  try {
    const source = new RowSource(duck, engine.connection)
    for (const [done, info] of missing.entries()) {
      options.onProgress?.({ done, total: missing.length })
      try {
        await mirror.make(source, info)
      } catch (error) {
        options.signal?.throwIfAborted()
        throw copyFailed(error, mirror.pathOf(info))
      }
      options.signal?.throwIfAborted()
    }
    options.onProgress?.({ done: missing.length, total: missing.length })
  } finally {
    engine.close()
  }
}

function copyFailed(error: unknown, path: string): unknown {
  const told = sqlError(error, '', { views: [], columns: [], memory: undefined })
  if (!(told instanceof LobtraderError) || told.code !== 'BAD_QUERY') return told
  const reason = told.message.slice(told.message.indexOf(': ') + 2)
  return new LobtraderError('WRITE_FAILED', `cannot write ${path}: ${reason}`, { path })
}

async function makeViews(
  connection: DuckDBConnection,
  { mirror, views, partitions, options }: Prepared,
): Promise<void> {
  const { from, to } = options.filter ?? {}
  const bounds = [
    ...(from === undefined ? [] : [`local_time_ns >= ${instantNs(from)}`]),
    ...(to === undefined ? [] : [`local_time_ns <= ${instantNs(to)}`]),
  ]
  for (const { name, partitions: list, where } of views) {
    const conditions = [...bounds, ...(where === undefined ? [] : [where])]
    const filter = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
    const source =
      list.length === 0
        ? `(SELECT ${EVENT_VIEW_COLUMNS.map((column) => `NULL::${column.type} AS ${column.name}`).join()} WHERE false)`
        : `read_parquet([${list.map((info) => quoted(mirror.pathOf(info))).join()}], hive_partitioning = false)`
    await connection.run(`CREATE VIEW "${name}" AS SELECT * FROM ${source}${filter}`)
  }
  for (const statement of catalogTables(partitions)) await connection.run(statement)
}

/** From here on the query is somebody else's text: it may read the copies and touch nothing. */
async function lock(connection: DuckDBConnection, { mirror, views }: Prepared): Promise<void> {
  const paths = new Set(views.flatMap((view) => view.partitions.map((info) => mirror.pathOf(info))))
  await connection.run(`SET allowed_paths = [${[...paths].map(quoted).join()}]`)
  await connection.run('SET allow_persistent_secrets = false')
  await connection.run('SET enable_external_access = false')
  await connection.run('SET lock_configuration = true')
}

/** Begins the one statement of a query; PIVOT comes with statements of its own before it. */
async function start(
  duck: DuckDb,
  connection: DuckDBConnection,
  sql: string,
  signal: AbortSignal | undefined,
): Promise<DuckDBResult> {
  const statements = await connection.extractStatements(sql)
  const { SELECT, EXPLAIN, CREATE } = duck.StatementType
  const last = statements.count - 1
  for (let i = 0; i <= last; i++) {
    const statement = await statements.prepare(i)
    const type = statement.statementType
    const isHelper = i < last && type === CREATE && /\bpivot\b/i.test(sql)
    if (type !== SELECT && type !== EXPLAIN && !isHelper) {
      throw new LobtraderError('BAD_QUERY', `a query only reads, it does not ${type}`)
    }
    if (i === last) return await streamed(statement, signal)
    if (!isHelper) {
      throw new LobtraderError('BAD_QUERY', `one query at a time, there are ${last + 1}`)
    }
    await statement.run()
  }
  throw new LobtraderError('BAD_QUERY', 'the query is empty')
}

/** An interrupt that comes before the engine has begun is forgotten by it, but not by the signal. */
async function streamed(
  statement: DuckDBPreparedStatement,
  signal: AbortSignal | undefined,
): Promise<DuckDBResult> {
  const pending = statement.startStream()
  signal?.throwIfAborted()
  return await pending.getResult()
}

/** A cache of one's choice may serve several stores, each in a folder of its own. */
function cacheFolder(store: Store, cache: string | undefined): string {
  if (cache === undefined) return join(store.dir, CACHE_FOLDER)
  const path = resolve(store.dir)
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 8)
  return join(cache, `${basename(path)}-${hash}`)
}
