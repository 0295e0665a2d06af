/** The rows of a feed as they come from a store: those of the book, and of the ticker where asked. */
import { LobtraderError, didYouMean } from '../core/index.ts'
import {
  blockTape,
  concatEvents,
  exchangeOrder,
  memoryTape,
  rebasedTape,
  sliceEvents,
  tickerTape,
  withTicker,
  type EventColumns,
  type EventTape,
} from '../market/index.ts'
import {
  MEMORY_BYTES_MIN,
  memoryBytes,
  type MemorySize,
  type PartitionInfo,
  type SeekPoint,
  type Store,
  type StoreQuery,
} from '../store/index.ts'
import { instantNs, type Instant } from '../time/index.ts'

/**
 * What the book that we see is made of. `depth`: of the rows of levels. `fused`: of those and of the
 * ticker of best prices, each price as it was told last by venue time; see `FusedBook`.
 */
export type LocalBookKind = 'depth' | 'fused'

const LOCAL_BOOKS: readonly string[] = ['depth', 'fused']

/** Bytes for the rows of book and ticker that are copied together while they stream. */
const TICKED_BYTES = 12e6

/** @throws LobtraderError BAD_ARGUMENT, also for text from outside */
export function readLocalBook(kind: string | undefined): LocalBookKind {
  if (kind === undefined) return 'depth'
  if (kind === 'depth' || kind === 'fused') return kind
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `local book "${kind}" is none of ${LOCAL_BOOKS.join(', ')}${didYouMean(kind, LOCAL_BOOKS)}`,
    { field: 'localBook', value: kind },
  )
}

/**
 * Returns the ticker of the days of a book.
 *
 * @throws LobtraderError BAD_ARGUMENT when the book is not one of levels, OUT_OF_RANGE when there is
 *   no ticker, UNSUPPORTED when it counts in other ticks or lots
 */
export function tickerPartitions(
  store: Store,
  book: readonly PartitionInfo[],
  { symbol, venue, kind, to }: StoreQuery,
): readonly PartitionInfo[] {
  if (kind === 'l3' || kind === 'bbo') {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `local book "fused" is made of price levels and their ticker; rows of kind ${kind} are not levels`,
      { field: 'localBook', value: kind },
    )
  }
  const first = book[0]!
  const found = store
    .select({ symbol, venue, kind: 'bbo', to })
    .filter(({ day }) => day >= first.day)
  if (found.length === 0) {
    throw new LobtraderError(
      'OUT_OF_RANGE',
      `local book "fused" needs the ticker of ${symbol}, and store ${store.dir} has no rows of kind bbo for its days; import the ticker channel, or take local book "depth"`,
      { symbol },
    )
  }
  const grid = JSON.stringify(first.instrument)
  const other = found.find(({ instrument }) => JSON.stringify(instrument) !== grid)
  if (other === undefined) return found
  throw new LobtraderError(
    'UNSUPPORTED',
    `the ticker of ${symbol} on ${other.day} has other ticks or lots than its book; import both together`,
    { symbol, day: other.day },
  )
}

/** What {@link storedTape} reads, and how. */
export interface StoredTapeOptions {
  /** Partitions of the ticker; none: the book alone. */
  readonly ticker: readonly PartitionInfo[]
  readonly seek: SeekPoint | undefined
  readonly to: Instant | undefined
  readonly memory: MemorySize | string | undefined
}

/** Rows to be gone through; all of them as columns where they are in memory. */
export interface StoredTape {
  readonly tape: EventTape
  readonly events: EventColumns | undefined
}

/** Reads the rows of a book, with a ticker among them where one is asked for. @throws as the store */
export function storedTape(
  store: Store,
  book: readonly PartitionInfo[],
  { ticker, seek, to, memory }: StoredTapeOptions,
): StoredTape {
  if (memory === undefined) {
    const rows = cutAfter(store.loadJoined(book, seek), to)
    const events =
      ticker.length === 0
        ? rows
        : withTicker(rows, rebased(cutAfter(store.loadJoined(ticker), to), rows.epochNs))
    return { tape: memoryTape(events), events }
  }
  const share = ticker.length === 0 ? memory : halfOf(memory)
  const tape = blockTape(store.stream(book, { to, memory: share, seek }))
  if (ticker.length === 0) return { tape, events: undefined }
  const ticks = blockTape(store.stream(ticker, { to, memory: share }))
  return { tape: tickerTape(tape, rebasedTape(ticks, tape.epochNs)), events: undefined }
}

/** The same rows on the epoch of an earlier day, or of the same. */
function rebased(events: EventColumns, epochNs: bigint): EventColumns {
  if (events.epochNs === epochNs) return events
  return concatEvents([sliceEvents({ ...events, epochNs }, 0, 0), events])
}

/** What each of two tapes may take of a budget. */
function halfOf(memory: MemorySize | string): number {
  const half = Math.floor((memoryBytes(memory) - TICKED_BYTES) / 2)
  if (half >= MEMORY_BYTES_MIN) return half
  const least = 2 * MEMORY_BYTES_MIN + TICKED_BYTES
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `a memory budget of ${memoryBytes(memory) / 1e6}MB is too small to stream a book and its ticker; they need ${least / 1e6}MB or more`,
    { value: String(memory) },
  )
}

/** Returns rows without those that reached us after `to`. */
export function cutAfter(events: EventColumns, to: Instant | undefined): EventColumns {
  if (to === undefined) return events
  const last = Number(instantNs(to) - events.epochNs)
  const { localTime, length } = events
  if (length === 0 || localTime[length - 1]! <= last) return events
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (localTime[middle]! <= last) low = middle + 1
    else high = middle
  }
  const kept = sliceEvents(events, 0, low)
  return { ...kept, exchOrder: exchangeOrder(kept.exchTime, kept.length) }
}
