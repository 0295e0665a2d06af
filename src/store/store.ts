/** The tick store: a folder of partition files and the catalog that their headers make. */
import { readdirSync, statSync, type Dirent } from 'node:fs'
import { join } from 'node:path'
import { DataError, LobtraderError, assert, didYouMean } from '../core/index.ts'
import { formatInstant, instantNs, midnightBefore, utcDay, type Instant } from '../time/index.ts'
import {
  Instrument,
  allocateEvents,
  exchangeOrder,
  type EventBlocks,
  type EventColumns,
} from '../market/index.ts'
import {
  TAPE_SUFFIX,
  comparePartitions,
  isPartitionDay,
  isPartitionKind,
  isPartitionName,
  partitionInfo,
  type PartitionInfo,
} from './partition.ts'
import { projectColumns, type ProjectedPartition } from './project-columns.ts'
import { PARTITION_ROWS_MAX, type ColumnName } from './tape-format.ts'
import { memoryBytes, type MemorySize } from './memory-budget.ts'
import { StoredBlocks } from './stored-blocks.ts'
import { findSeekPoint, type SeekPoint } from './seek-point.ts'
import { TapeReader, openUnchanged } from './tape-reader.ts'

/** Which partitions are wanted. */
export interface StoreQuery {
  readonly symbol: string
  /** Needed where two venues have the symbol. */
  readonly venue?: string | undefined
  readonly kind?: string | undefined
  /** Partitions that end before are left out. */
  readonly from?: Instant | undefined
  /** Partitions that begin after are left out. */
  readonly to?: Instant | undefined
  /** One UTC day, `2024-08-08`. */
  readonly day?: string | undefined
}

/** One partition with its rows. */
export interface LoadedPartition {
  readonly instrument: Instrument
  readonly info: PartitionInfo
  readonly events: EventColumns
}

/** How {@link Store.stream} reads. */
export interface StreamOptions {
  /** What all rows in memory may take, the few that are copied at borders included. */
  readonly memory: MemorySize | string
  /** The last moment, inclusive; later rows are left out. */
  readonly to?: Instant | undefined
  /** Where to begin, from {@link Store.seek}. */
  readonly seek?: SeekPoint | undefined
}

/** A store as it stood when it was opened; use {@link openStore}. */
export class Store {
  readonly dir: string
  readonly #partitions: readonly PartitionInfo[]

  constructor(dir: string) {
    this.dir = dir
    this.#partitions = [...scan(dir)].toSorted(comparePartitions)
  }

  /** Every partition, by venue, symbol, day and kind, `l2` before other kinds. */
  partitions(): readonly PartitionInfo[] {
    return this.#partitions
  }

  /**
   * Returns the partitions that hold any row which the query asks for, in the order of
   * {@link partitions}; none when the symbol is there but nothing of it fits.
   *
   * @throws LobtraderError ABSENT_SYMBOL, AMBIGUOUS_SYMBOL, or BAD_INSTANT
   */
  select(query: StoreQuery): readonly PartitionInfo[] {
    const fromNs = query.from === undefined ? undefined : instantNs(query.from)
    const toNs = query.to === undefined ? undefined : instantNs(query.to)
    return this.#ofSymbol(query).filter(
      (info) =>
        (query.kind === undefined || info.kind === query.kind) &&
        (query.day === undefined || info.day === query.day) &&
        (fromNs === undefined || info.toNs >= fromNs) &&
        (toNs === undefined || info.fromNs <= toNs),
    )
  }

  #ofSymbol({ symbol, venue }: StoreQuery): readonly PartitionInfo[] {
    const found = this.#partitions.filter(
      (info) => info.symbol === symbol && (venue === undefined || info.venue === venue),
    )
    if (found.length === 0) throw this.#absent(symbol, venue)
    const venues = [...new Set(found.map((info) => info.venue))]
    if (venues.length > 1) {
      throw new LobtraderError(
        'AMBIGUOUS_SYMBOL',
        `${symbol} is in store ${this.dir} for the venues ${venues.join(', ')}; choose one with --venue`,
        { symbol, venues: venues.join(', ') },
      )
    }
    return found
  }

  #absent(symbol: string, venue: string | undefined): LobtraderError {
    const names = new Map<string, string>()
    for (const info of this.#partitions) {
      names.set(`${info.symbol} (${info.venue})`, info.symbol)
    }
    const shown = [...names.keys()].slice(0, 12)
    const more = names.size > shown.length ? ` and ${names.size - shown.length} more` : ''
    const holds = names.size === 0 ? 'it is empty' : `it holds ${shown.join(', ')}${more}`
    const wanted = venue === undefined ? symbol : `${symbol} of venue ${venue}`
    const others = [...new Set(names.values())].filter((name) => name !== symbol)
    return new LobtraderError(
      'ABSENT_SYMBOL',
      `${wanted} is not in store ${this.dir}: ${holds}${didYouMean(symbol, others)}`,
      { symbol },
    )
  }

  /**
   * Reads all rows of a partition into shared memory, on the epoch of its day.
   *
   * @throws DataError CORRUPT_FILE, TRUNCATED_FILE or UNSUPPORTED naming file and offset
   * @throws LobtraderError ABSENT_FILE or STORE_CONFLICT when the partition is gone or was
   *   replaced since the store was opened
   */
  load(info: PartitionInfo): EventColumns {
    return this.loadJoined([info])
  }

  /**
   * Reads partitions one behind the other into one allocation, on the epoch of the first.
   *
   * @param infos at least one; of one instrument and kind, in order of time
   * @param seek  where to begin, from {@link seek}: its rows make the book, then the tape goes on
   * @throws as {@link load}, and DataError TIME_BACKWARDS or OUT_OF_RANGE (more than 104 days)
   */
  loadJoined(infos: readonly PartitionInfo[], seek?: SeekPoint): EventColumns {
    const first = infos[0]
    assert(first !== undefined, 'at least one partition')
    const epochNs = instantNs(first.day)
    const all = infos.reduce((sum, info) => sum + info.events, 0)
    const total = seek === undefined ? all : all - seek.rowsBefore + seek.rows
    checkJoin(infos, epochNs)
    if (total > PARTITION_ROWS_MAX) throw tooManyRows(total, first)
    const events = allocateRows(total, epochNs, first)
    let at = 0
    let isVenueOrdered = infos.length === 1 && seek === undefined
    for (let partition = seek?.partition ?? 0; partition < infos.length; partition++) {
      const reader = openUnchanged(infos[partition]!)
      const shift = Number(BigInt(reader.meta.epochNs) - epochNs)
      try {
        const from = partition === seek?.partition ? seek.block : undefined
        at = reader.readInto(events, at, shift, from)
        isVenueOrdered &&= reader.meta.isVenueOrdered
      } finally {
        reader.close()
      }
    }
    assert(at === total, 'every row has its place')
    return isVenueOrdered ? events : { ...events, exchOrder: exchangeOrder(events.exchTime, total) }
  }

  /**
   * Looks for the last place in partitions, one behind the other, from which a run that trades from
   * `from` on has the books that it would have from the start; undefined when there is none.
   *
   * @param infos as {@link loadJoined}
   * @throws as {@link loadJoined}
   */
  seek(infos: readonly PartitionInfo[], from: Instant): SeekPoint | undefined {
    return findSeekPoint(infos, instantNs(from))
  }

  /**
   * Opens partitions one behind the other as blocks that are read when they are needed, on the
   * epoch of the first; a thread reads ahead where there can be one.
   *
   * @param infos at least one; of one instrument and kind, in order of time
   * @throws as {@link loadJoined}
   */
  stream(infos: readonly PartitionInfo[], options: StreamOptions): EventBlocks {
    const first = infos[0]
    assert(first !== undefined, 'at least one partition')
    const epochNs = instantNs(first.day)
    checkJoin(infos, epochNs)
    const { to, memory, seek } = options
    return new StoredBlocks({
      partitions: infos,
      epochNs,
      seek,
      lastTime: to === undefined ? Number.POSITIVE_INFINITY : Number(instantNs(to) - epochNs),
      memoryBytes: memoryBytes(memory),
    })
  }

  /**
   * Reads the partitions of a query one by one. Rows are not cut to `from` and `to`: a book needs
   * those before.
   *
   * @param options columns to decode; the others are then not even read
   * @throws as {@link select} and {@link load}, and BAD_ARGUMENT for a column that there is not
   */
  read(query: StoreQuery): Generator<LoadedPartition>
  read<C extends ColumnName>(
    query: StoreQuery,
    options: { readonly columns: readonly C[] },
  ): Generator<ProjectedPartition<C>>
  *read<C extends ColumnName>(
    query: StoreQuery,
    options?: { readonly columns: readonly C[] },
  ): Generator<LoadedPartition | ProjectedPartition<C>> {
    for (const info of this.select(query)) {
      const instrument = new Instrument(info.instrument)
      yield options === undefined
        ? { instrument, info, events: this.load(info) }
        : { instrument, info, columns: projectColumns(info, options.columns) }
    }
  }
}

/** Returns the error for a query that selects nothing of a symbol which the store has. */
export function emptyWindow(store: Store, query: StoreQuery): LobtraderError {
  const { symbol, venue, kind } = query
  const all = store.select({ symbol, venue })
  const ofKind = kind === undefined ? all : all.filter((info) => info.kind === kind)
  const asked = [
    query.kind === undefined ? '' : ` of kind ${query.kind}`,
    query.day === undefined ? '' : ` on ${query.day}`,
    query.from === undefined ? '' : ` from ${formatInstant(instantNs(query.from))}`,
    query.to === undefined ? '' : ` to ${formatInstant(instantNs(query.to))}`,
  ].join('')
  const kinds = [...new Set(all.map((info) => info.kind))].join(', ')
  const there =
    ofKind.length === 0
      ? `it has the kinds ${kinds}`
      : `it has ${spanText(ofKind)} (kinds ${kinds})`
  return new LobtraderError(
    'OUT_OF_RANGE',
    `store ${store.dir} has no events of ${symbol}${asked}; ${there}`,
    { symbol },
  )
}

function spanText(infos: readonly PartitionInfo[]): string {
  const from = infos.reduce(
    (least, info) => (info.fromNs < least ? info.fromNs : least),
    infos[0]!.fromNs,
  )
  const to = infos.reduce((most, info) => (info.toNs > most ? info.toNs : most), infos[0]!.toNs)
  return `${formatInstant(from)} to ${formatInstant(to)}`
}

/**
 * Opens the store at `dir`.
 *
 * @throws LobtraderError ABSENT_FILE when there is no such folder
 * @throws DataError CORRUPT_FILE, TRUNCATED_FILE or UNSUPPORTED naming a partition file that
 *   cannot be trusted
 */
export function openStore(dir: string): Store {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new LobtraderError(
      'ABSENT_FILE',
      `there is no store at ${dir}; "lobtrader import ... --store ${dir}" makes one`,
      { path: dir },
    )
  }
  return new Store(dir)
}

/** Finds partition files four folders down; other names, hidden ones and links are passed by. */
function* scan(dir: string): Generator<PartitionInfo> {
  for (const venue of entries(dir, (entry) => entry.isDirectory() && isPartitionName(entry.name))) {
    for (const symbol of entries(join(dir, venue), isNamedFolder)) {
      for (const day of entries(join(dir, venue, symbol), isDayFolder)) {
        const folder = join(dir, venue, symbol, day)
        for (const name of entries(folder, isTape)) {
          yield readInfo(join(folder, name), { venue, symbol, day, kind: kindOf(name) })
        }
      }
    }
  }
}

function entries(folder: string, accept: (entry: Dirent) => boolean): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(accept)
    .map((entry) => entry.name)
}

function isNamedFolder(entry: Dirent): boolean {
  return entry.isDirectory() && isPartitionName(entry.name)
}

function isDayFolder(entry: Dirent): boolean {
  return entry.isDirectory() && isPartitionDay(entry.name)
}

function kindOf(name: string): string {
  return name.slice(0, -TAPE_SUFFIX.length)
}

function isTape(entry: Dirent): boolean {
  return entry.isFile() && entry.name.endsWith(TAPE_SUFFIX) && isPartitionKind(kindOf(entry.name))
}

/** Reads the metadata of one file and holds it against the place where the file stands. */
function readInfo(
  path: string,
  place: Pick<PartitionInfo, 'venue' | 'symbol' | 'day' | 'kind'>,
): PartitionInfo {
  const reader = new TapeReader(path)
  reader.close()
  const info = partitionInfo(reader.meta, reader.bytes, path)
  for (const field of ['venue', 'symbol', 'day', 'kind'] as const) {
    if (info[field] !== place[field]) {
      throw new DataError(
        'CORRUPT_FILE',
        `the file says "${info[field].slice(0, 64)}", its place in the store says "${place[field]}"`,
        { file: path, field },
      )
    }
  }
  const epochNs = BigInt(reader.meta.epochNs)
  const isOfDay =
    epochNs === midnightBefore(epochNs) &&
    utcDay(epochNs) === info.day &&
    utcDay(info.fromNs) === info.day &&
    utcDay(info.toNs) === info.day &&
    info.fromNs <= info.toNs
  if (!isOfDay) {
    throw new DataError('CORRUPT_FILE', 'the times in the metadata are not of its day', {
      file: path,
    })
  }
  return info
}

function checkJoin(infos: readonly PartitionInfo[], epochNs: bigint): void {
  const last = infos[infos.length - 1]!
  for (const [i, info] of infos.entries()) {
    const before = infos[i - 1]
    if (before !== undefined && info.fromNs < before.toNs) {
      throw new DataError('TIME_BACKWARDS', `begins before ${before.path} ends`, {
        file: info.path,
      })
    }
  }
  if (last.toNs - epochNs > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new LobtraderError(
      'OUT_OF_RANGE',
      `${infos.length} days from ${infos[0]!.day} to ${last.day} are more than the 104 days that one run holds; run them in parts with --from and --to`,
      { days: infos.length },
    )
  }
}

function allocateRows(total: number, epochNs: bigint, info: PartitionInfo): EventColumns {
  try {
    return allocateEvents(total, epochNs)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw tooManyRows(total, info)
  }
}

function tooManyRows(total: number, info: PartitionInfo): LobtraderError {
  return new LobtraderError(
    'OUT_OF_RANGE',
    `${total} events of ${info.symbol} do not fit into memory at once; load fewer days, or stream them with --memory 512MB`,
    { events: total },
  )
}
