/** Checks the partitions of a store. */
import { DataError, LobtraderError, didYouMean } from '../../core/index.ts'
import { Instrument, firstRowAtOrAfter } from '../../market/index.ts'
import { emptyWindow, openStore, type PartitionInfo, type Store } from '../../store/index.ts'
import { instantNs, type Instant } from '../../time/index.ts'
import { BadRows } from './bad-rows.ts'
import { QualityMeter } from './quality-meter.ts'
import { qualityReport, type MeteredSymbol, type QualityReport } from './quality-report.ts'

/** What the rows of one partition may take at a time. */
const MEMORY = '64MB'

/** Which part of a store to check; all of it by default. */
export interface VerifyStoreOptions {
  readonly symbol?: string | undefined
  readonly venue?: string | undefined
  /** One UTC day, `2024-08-08`. */
  readonly day?: string | undefined
  /** Rows received before are not judged; they only bring the book forward. */
  readonly from?: Instant | undefined
  /** Rows received after are not judged. */
  readonly to?: Instant | undefined
  /** Called before each partition. */
  readonly onPartition?: ((info: PartitionInfo, done: number, total: number) => void) | undefined
}

/**
 * Measures the rows of a store, block by block.
 *
 * @throws LobtraderError ABSENT_FILE, ABSENT_SYMBOL, AMBIGUOUS_SYMBOL, BAD_INSTANT or OUT_OF_RANGE
 * @throws DataError CORRUPT_FILE, TRUNCATED_FILE or UNSUPPORTED when a partition does not say what
 *   it is; one whose rows are corrupt is told in the report
 */
export function verifyStore(dir: string, options: VerifyStoreOptions = {}): QualityReport {
  const store = openStore(dir)
  const infos = wantedPartitions(store, options)
  const { from, to } = options
  const badRows = new BadRows()
  const metered: MeteredSymbol[] = []
  let at: PartitionInfo | undefined
  let last: PartitionInfo | undefined
  for (const [i, info] of infos.entries()) {
    options.onPartition?.(info, i, infos.length)
    if (at === undefined || at.symbol !== info.symbol || at.venue !== info.venue) {
      metered.at(-1)?.meter.finish()
      const meter = new QualityMeter(new Instrument(info.instrument), { refuse: badRows.refuse })
      metered.push({ meter, counts: undefined })
      at = info
      last = undefined
    }
    const { meter } = metered.at(-1)!
    if (last !== undefined && last.day !== info.day && !info.isContinued) meter.pause()
    last = info
    measurePartition(store, info, { meter, badRows, from, to })
  }
  metered.at(-1)?.meter.finish()
  return qualityReport(metered, {
    source: { type: 'store', store: dir, partitions: infos.length },
    badRows,
    warnings: dayWarnings(infos),
    hasOneClock: false,
  })
}

interface Measuring {
  readonly meter: QualityMeter
  readonly badRows: BadRows
  readonly from: Instant | undefined
  readonly to: Instant | undefined
}

function measurePartition(
  store: Store,
  info: PartitionInfo,
  { meter, badRows, from, to }: Measuring,
): void {
  try {
    const blocks = store.stream([info], { memory: MEMORY, to })
    const fromTime =
      from === undefined ? Number.NEGATIVE_INFINITY : Number(instantNs(from) - blocks.epochNs)
    for (let block = 0; block < blocks.rows.length; block++) {
      const rows = blocks.take(block)
      meter.measure(info.kind, rows, firstRowAtOrAfter(rows.localTime, rows.length, fromTime))
      blocks.giveBack(block)
    }
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    badRows.refuse(error)
  }
}

function wantedPartitions(store: Store, options: VerifyStoreOptions): readonly PartitionInfo[] {
  const { symbol, venue, day, from, to } = options
  if (symbol !== undefined) {
    const query = { symbol, venue, day, from, to }
    const found = store.select(query)
    if (found.length === 0) throw emptyWindow(store, query)
    return found
  }
  const names = new Map(
    store.partitions().map((info) => [`${info.venue} ${info.symbol}`, info] as const),
  )
  if (names.size === 0) {
    throw new LobtraderError('TOO_FEW_ROWS', `store ${store.dir} is empty`, { path: store.dir })
  }
  const ofVenue = [...names.values()].filter((info) => venue === undefined || info.venue === venue)
  if (ofVenue.length === 0) {
    const venues = [...new Set(store.partitions().map((info) => info.venue))]
    throw new LobtraderError(
      'ABSENT_SYMBOL',
      `store ${store.dir} has nothing of venue ${venue}, it has ${venues.join(', ')}${didYouMean(venue ?? '', venues)}`,
      { path: store.dir },
    )
  }
  const queries = ofVenue.map((info) => ({ symbol: info.symbol, venue: info.venue, day, from, to }))
  const found = queries.flatMap((query) => store.select(query))
  if (found.length === 0) throw emptyWindow(store, queries[0]!)
  return found
}

/** Tells of days that lie between others and have no partition. */
function dayWarnings(infos: readonly PartitionInfo[]): string[] {
  const days = new Map<string, Set<string>>()
  for (const { venue, symbol, day } of infos) {
    const name = `${venue} ${symbol}`
    days.set(name, (days.get(name) ?? new Set()).add(day))
  }
  const warnings: string[] = []
  for (const [name, found] of days) {
    const sorted = [...found].toSorted()
    const span = daysBetween(sorted[0]!, sorted.at(-1)!) + 1
    if (span > found.size) {
      warnings.push(
        `${name}: ${span - found.size} of ${span} days from ${sorted[0]!} to ${sorted.at(-1)!} have no partition`,
      )
    }
  }
  return warnings
}

function daysBetween(from: string, to: string): number {
  return Number((instantNs(to) - instantNs(from)) / 86_400_000_000_000n)
}
