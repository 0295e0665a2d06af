/** A stretch of order-book events for a run: from a store, or from columns in memory. */
import { createHash } from 'node:crypto'
import { LobtraderError } from '../core/index.ts'
import { formatInstant, instantNs, utcDay, type Instant } from '../time/index.ts'
import {
  Instrument,
  memoryTape,
  retimedEvents,
  retimedTape,
  type EventColumns,
  type EventTape,
  type ExtraNs,
  type InstrumentSpec,
} from '../market/index.ts'
import {
  emptyWindow,
  eventsDigest,
  openStore,
  type MemorySize,
  type PartitionInfo,
  type StoreQuery,
} from '../store/index.ts'
import {
  cutAfter,
  readLocalBook,
  storedTape,
  tickerPartitions,
  type LocalBookKind,
} from './stored-tape.ts'

/** What {@link LobFeed.open} looks for in a store. */
export interface LobFeedOptions {
  readonly symbol: string
  /** Needed where two venues have the symbol. */
  readonly venue?: string | undefined
  /** Kind of partition; default `l2`. */
  readonly kind?: string | undefined
  /** Trading begins here; the book is built from the rows before. Default: the first row. */
  readonly from?: Instant | undefined
  /** The last moment, inclusive; later rows are cut. Default: the last row. */
  readonly to?: Instant | undefined
  /**
   * What the rows may take in memory, such as `'512MB'`: they are then read as the run goes
   * through them, with equal results. Default: all rows are loaded at once.
   */
  readonly memory?: MemorySize | string | undefined
  /**
   * Replay all rows before `from`. Default: a checkpoint of the book takes the place of those far
   * before it, with equal fills.
   */
  readonly fromStart?: boolean | undefined
  /**
   * Default `depth`. `fused` needs the ticker of the symbol in the store, kind `bbo`; all rows before
   * `from` are then replayed, and `memory` holds both tapes.
   */
  readonly localBook?: LocalBookKind | undefined
}

/** What {@link LobFeed.fromEvents} may be told. */
export interface LobFeedWindow {
  readonly from?: Instant | undefined
  readonly to?: Instant | undefined
  /** What the report calls the data. */
  readonly source?: string | undefined
  /** Default `depth`. `fused` reads the `Bbo` rows among the events too. */
  readonly localBook?: LocalBookKind | undefined
}

/** A feed in a form that can be posted to a thread; see {@link LobFeed.share}. */
export interface SharedFeed {
  readonly instrument: InstrumentSpec
  readonly events: EventColumns
  readonly fromTime: number
  readonly toTime: number
  readonly source: string
  readonly digest: string
  readonly localBook: LocalBookKind
}

interface LobFeedParts {
  readonly instrument: Instrument
  readonly tape: EventTape
  /** All rows, where they are in memory. */
  readonly events: EventColumns | undefined
  readonly fromTime: number
  readonly toTime: number
  readonly source: string
  readonly digest: string
  readonly localBook: LocalBookKind
}

/** Order-book events of one instrument; use {@link LobFeed.open} or {@link LobFeed.fromEvents}. */
export class LobFeed {
  readonly kind = 'lob'
  readonly instrument: Instrument
  /** Rows from the first that the book needs to the last of the window, to be gone through. */
  readonly tape: EventTape
  /** Trading begins here, ns since `tape.epochNs`; -Infinity: with the first row. */
  readonly fromTime: number
  /** The last moment of the window, ns since `tape.epochNs`; Infinity: with the last row. */
  readonly toTime: number
  /** What the report calls the data. */
  readonly source: string
  /** Identity of instrument and rows: equal text, equal data. */
  readonly digest: string
  /** What the book that we see is made of; the exchange's is made of the rows of levels. */
  readonly localBook: LocalBookKind
  readonly #events: EventColumns | undefined

  private constructor(parts: LobFeedParts) {
    this.instrument = parts.instrument
    this.tape = parts.tape
    this.#events = parts.events
    this.fromTime = parts.fromTime
    this.toTime = parts.toTime
    this.source = parts.source
    this.digest = parts.digest
    this.localBook = parts.localBook
  }

  /**
   * The rows of {@link tape} as they lie in memory.
   *
   * @throws LobtraderError UNSUPPORTED when the feed streams: they are never all in memory then
   */
  get events(): EventColumns {
    if (this.#events !== undefined) return this.#events
    throw new LobtraderError(
      'UNSUPPORTED',
      `the feed of ${this.instrument.symbol} streams within a memory budget and never has all its rows; go through feed.tape, or open it without "memory"`,
    )
  }

  /**
   * Opens the events of a symbol in the store at `dir`.
   *
   * Rows are replayed from the last checkpoint before `from`, or where there is none from the start
   * of its partition or of an earlier one where the book passes midnight, so that the book stands
   * when trading begins.
   *
   * @throws LobtraderError ABSENT_FILE, ABSENT_SYMBOL, AMBIGUOUS_SYMBOL, BAD_INSTANT, BAD_ARGUMENT
   *   (`from` after `to`, a budget too small, a fused book of other rows than levels), or
   *   OUT_OF_RANGE (no row in the window, or no ticker to fuse, or more than 104 days)
   * @throws DataError CORRUPT_FILE, TRUNCATED_FILE or UNSUPPORTED naming file and offset
   */
  static async open(dir: string, options: LobFeedOptions): Promise<LobFeed> {
    const store = openStore(dir)
    const { symbol, venue, from, to } = options
    const kind = options.kind ?? 'l2'
    checkWindow(from, to)
    const query: StoreQuery = { symbol, venue, kind, from, to }
    const needed = neededPartitions(store.select({ symbol, venue, kind }), from, to)
    if (needed.length === 0) throw emptyWindow(store, query)
    const instrument = new Instrument(needed[0]!.instrument)
    const localBook = readLocalBook(options.localBook)
    const ticker = localBook === 'fused' ? tickerPartitions(store, needed, query) : []
    // A checkpoint knows the levels, not since when they stand.
    const isWhole = from === undefined || options.fromStart === true || localBook === 'fused'
    const seek = isWhole ? undefined : store.seek(needed, from)
    const { tape, events } = storedTape(store, needed, { ticker, seek, to, memory: options.memory })
    const digests = [...needed, ...ticker].map((info) => info.digest)
    const rowsSpared = seek === undefined ? 0 : seek.rowsBefore - seek.rows
    const parts = {
      instrument,
      events,
      tape,
      ...windowTimes(tape.epochNs, from, to),
      source: sourceText(dir, needed),
      digest: feedDigest(instrument, digests, tape.length + rowsSpared),
      localBook,
    }
    if (!hasRowInWindow(parts)) throw emptyWindow(store, query)
    return new LobFeed(parts)
  }

  /**
   * Wraps events in memory, in local order.
   *
   * @throws LobtraderError BAD_INSTANT, BAD_ARGUMENT or OUT_OF_RANGE (no row in the window)
   */
  static fromEvents(
    instrument: Instrument,
    events: EventColumns,
    options: LobFeedWindow = {},
  ): LobFeed {
    const { from, to } = options
    checkWindow(from, to)
    const cut = cutAfter(events, to)
    const parts = {
      instrument,
      events: cut,
      tape: memoryTape(cut),
      ...windowTimes(cut.epochNs, from, to),
      source: options.source ?? `${instrument.symbol} in memory`,
      digest: feedDigest(instrument, [eventsDigest(cut)], cut.length),
      localBook: readLocalBook(options.localBook),
    }
    if (!hasRowInWindow(parts)) {
      throw new LobtraderError(
        'OUT_OF_RANGE',
        `there is no event of ${instrument.symbol} in the window; ${spanText(events)}`,
        { symbol: instrument.symbol },
      )
    }
    return new LobFeed(parts)
  }

  /**
   * Returns what another thread needs to have this very feed: the rows are shared, not copied.
   *
   * @throws LobtraderError UNSUPPORTED when the feed streams
   */
  share(): SharedFeed {
    const { instrument, events, fromTime, toTime, source, digest, localBook } = this
    return { instrument: instrument.spec, events, fromTime, toTime, source, digest, localBook }
  }

  /** Returns the feed that another thread has shared. */
  static fromShared(shared: SharedFeed): LobFeed {
    const { events } = shared
    const instrument = new Instrument(shared.instrument)
    return new LobFeed({ ...shared, instrument, events, tape: memoryTape(events) })
  }

  /**
   * Returns the feed with other receive times, as if it had been recorded elsewhere. Its window
   * stays: of a feed that comes later, the rows at the end of it are no more seen.
   *
   * @param how what reports say of the change, such as `2ms later`
   * @throws LobtraderError OUT_OF_RANGE when no row is left in the window
   */
  retimed(how: string, extraNs: ExtraNs): LobFeed {
    const events = this.#events === undefined ? undefined : retimedEvents(this.#events, extraNs)
    const parts = {
      instrument: this.instrument,
      events,
      tape: events === undefined ? retimedTape(this.tape, extraNs) : memoryTape(events),
      fromTime: this.fromTime,
      toTime: this.toTime,
      source: `${this.source}, received ${how}`,
      digest: createHash('sha256').update(`${this.digest} ${how}`).digest('hex').slice(0, 32),
      localBook: this.localBook,
    }
    if (hasRowInWindow(parts) && parts.tape.firstTime <= this.toTime) return new LobFeed(parts)
    throw new LobtraderError(
      'OUT_OF_RANGE',
      `no event of ${this.instrument.symbol} is left in the window when all are received ${how}`,
      { symbol: this.instrument.symbol },
    )
  }
}

function checkWindow(from: Instant | undefined, to: Instant | undefined): void {
  if (from === undefined || to === undefined || instantNs(from) <= instantNs(to)) return
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `from ${formatInstant(instantNs(from))} is after to ${formatInstant(instantNs(to))}`,
  )
}

/** Partitions from the one that begins the book of `from` to the last that `to` reaches. */
function neededPartitions(
  all: readonly PartitionInfo[],
  from: Instant | undefined,
  to: Instant | undefined,
): readonly PartitionInfo[] {
  const toNs = to === undefined ? undefined : instantNs(to)
  const ofWindow = toNs === undefined ? all : all.filter((info) => info.fromNs <= toNs)
  if (from === undefined) return ofWindow
  const day = utcDay(instantNs(from))
  let first = ofWindow.findIndex((info) => info.day >= day)
  if (first < 0) return []
  while (first > 0 && ofWindow[first]!.isContinued) first--
  return ofWindow.slice(first)
}

function windowTimes(
  epochNs: bigint,
  from: Instant | undefined,
  to: Instant | undefined,
): { readonly fromTime: number; readonly toTime: number } {
  return {
    fromTime: from === undefined ? Number.NEGATIVE_INFINITY : Number(instantNs(from) - epochNs),
    toTime: to === undefined ? Number.POSITIVE_INFINITY : Number(instantNs(to) - epochNs),
  }
}

function hasRowInWindow({ tape, fromTime }: LobFeedParts): boolean {
  return tape.length > 0 && tape.lastTime >= fromTime
}

function sourceText(dir: string, infos: readonly PartitionInfo[]): string {
  const first = infos[0]!
  const last = infos[infos.length - 1]!
  const days = first.day === last.day ? first.day : `${first.day} to ${last.day}`
  return `${dir}: ${first.venue} ${first.symbol} ${first.kind}, ${days}`
}

function spanText(events: EventColumns): string {
  const { length, epochNs, localTime } = events
  if (length === 0) return 'there are no events at all'
  const at = (row: number): string => formatInstant(epochNs + BigInt(localTime[row]!))
  return `they run from ${at(0)} to ${at(length - 1)}`
}

/** Partitions are told by their digests and the cut by the rows left, which needs no hash of rows. */
function feedDigest(instrument: Instrument, digests: readonly string[], rows: number): string {
  return createHash('sha256')
    .update(JSON.stringify([instrument.spec, digests, rows]))
    .digest('hex')
    .slice(0, 32)
}
