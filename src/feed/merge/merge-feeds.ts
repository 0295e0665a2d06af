/** Merges feeds of many symbols and venues into one stream in total order. */
import { LobtraderError } from '../../core/index.ts'
import { firstRowAfter, type EventColumns } from '../../market/index.ts'
import { formatInstant } from '../../time/index.ts'
import { rowsOf, type FeedWindows, type RowSource } from '../feed-windows.ts'
import type { LobFeed } from '../lob-feed.ts'
import { mergeRuns, pushSource } from './merge-runs.kernel.ts'
import { MergeState } from './merge-state.ts'

/** Options of {@link mergeFeeds}. */
export interface MergeOptions {
  /** Runs that one batch holds at most; default 4096. */
  readonly batchRuns?: number | undefined
}

/**
 * A stretch of the merged stream. Run i are rows [fromRow[i], toRow[i]) of `windows[source[i]]`;
 * runs follow each other in the order of the stream. All of it is valid until the next batch.
 */
export interface MergeBatch {
  /** Runs in this batch; the columns may be longer. */
  readonly length: number
  readonly source: Int32Array
  readonly fromRow: Int32Array
  readonly toRow: Int32Array
  /** The columns of each source in which its rows of this batch stand. */
  readonly windows: readonly EventColumns[]
}

/**
 * Many feeds as one stream. Rows stand by local time; of rows of one time those of the feed that was
 * given first stand first, and rows of one feed stay in their order. Rows before the `fromTime` of a
 * feed are in the stream too: its book is built from them.
 */
export interface MergedFeed {
  readonly feeds: readonly LobFeed[]
  /** Unix ns of time 0 of the stream: the earliest epoch of the feeds. */
  readonly epochNs: bigint
  /** What to add to a local time of each feed to have it since the stream's epoch, ns. */
  readonly shiftNs: Float64Array
  /**
   * Goes through the stream from its start.
   *
   * @throws LobtraderError OUT_OF_RANGE when the stream is longer than 104 days
   */
  batches(): Generator<MergeBatch, void>
}

/**
 * Merges feeds in total order without a copy of their rows.
 *
 * @param feeds one or more; their place in the list decides ties
 * @throws LobtraderError BAD_ARGUMENT without a feed
 * @cost O(log feeds) for each run of rows of one feed, nothing for the rows in it; allocates a few
 *   columns at the start
 */
export function mergeFeeds(feeds: readonly LobFeed[], options: MergeOptions = {}): MergedFeed {
  const sources = feeds.map(rowsOf)
  const { epochNs, shiftNs } = commonEpoch(sources)
  return { feeds, epochNs, shiftNs, batches: () => mergeRows(sources, options) }
}

/** The same over any rows. */
export function* mergeRows(
  sources: readonly RowSource[],
  { batchRuns = 4096 }: MergeOptions = {},
): Generator<MergeBatch, void> {
  if (!Number.isSafeInteger(batchRuns) || batchRuns < 1) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `batchRuns must be a whole number above 0, was ${batchRuns}`,
    )
  }
  const { epochNs, shiftNs } = commonEpoch(sources)
  const state = new MergeState(shiftNs, batchRuns)
  const opened: FeedWindows[] = []
  const windows: EventColumns[] = []
  const refill = (source: number): void => {
    const window = opened[source]!.next()
    if (window === undefined) return
    windows[source] = window
    const { localTime, length } = window
    const { toTime } = sources[source]!
    const end = firstRowAfter(localTime, undefined, { from: 0, length }, toTime)
    if (end === 0) return
    checkSpan(localTime[end - 1]! + shiftNs[source]!, epochNs)
    state.times[source] = localTime
    state.row[source] = 0
    state.end[source] = end
    state.head[source] = localTime[0]! + shiftNs[source]!
    pushSource(state, source)
  }
  try {
    for (const source of sources) opened.push(source.windows())
    for (let source = 0; source < sources.length; source++) refill(source)
    while (state.heapSize > 0) {
      const ended = mergeRuns(state)
      yield {
        length: state.runs,
        source: state.runSource,
        fromRow: state.runFrom,
        toRow: state.runTo,
        windows,
      }
      if (ended >= 0) refill(ended)
    }
  } finally {
    for (const one of opened) one.close()
  }
}

function commonEpoch(sources: readonly RowSource[]): {
  readonly epochNs: bigint
  readonly shiftNs: Float64Array
} {
  const [first, ...others] = sources
  if (first === undefined) {
    throw new LobtraderError('BAD_ARGUMENT', 'there is no feed to merge; give one or more')
  }
  let { epochNs } = first
  for (const other of others) if (other.epochNs < epochNs) epochNs = other.epochNs
  const shiftNs = Float64Array.from(sources, (source) => Number(source.epochNs - epochNs))
  return { epochNs, shiftNs }
}

function checkSpan(time: number, epochNs: bigint): void {
  if (time <= Number.MAX_SAFE_INTEGER) return
  throw new LobtraderError(
    'OUT_OF_RANGE',
    `the feeds to merge reach more than 104 days behind ${formatInstant(epochNs)}; merge shorter ones`,
    { limit: Number.MAX_SAFE_INTEGER },
  )
}
