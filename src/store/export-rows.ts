/** The rows of an export as other tools read them: Unix nanoseconds, decimals and words. */
import { assert } from '../core/index.ts'
import { instantNs } from '../time/index.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  Instrument,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  type EventColumns,
} from '../market/index.ts'
import { partitionBlocks } from './partition-blocks.ts'
import type { PartitionInfo } from './partition.ts'
import { emptyWindow, type LoadedPartition, type Store, type StoreQuery } from './store.ts'

/** Words of the column `kind`, by {@link EventKind}. */
const KIND_WORDS: Readonly<Record<EventKind, string>> = {
  [EventKind.Trade]: 'trade',
  [EventKind.DepthSet]: 'depth_set',
  [EventKind.DepthClear]: 'depth_clear',
  [EventKind.SnapshotBegin]: 'snapshot_begin',
  [EventKind.SnapshotLevel]: 'snapshot_level',
  [EventKind.SnapshotEnd]: 'snapshot_end',
  [EventKind.Bbo]: 'bbo',
  [EventKind.OrderAdd]: 'order_add',
  [EventKind.OrderModify]: 'order_modify',
  [EventKind.OrderCancel]: 'order_cancel',
  [EventKind.OrderExecute]: 'order_execute',
  [EventKind.Funding]: 'funding',
  [EventKind.Status]: 'status',
  [EventKind.Gap]: 'gap',
  [EventKind.OrderFill]: 'order_fill',
}

const WORD_KINDS: ReadonlyMap<string, EventKind> = new Map(
  Object.values(EventKind).map((kind) => [KIND_WORDS[kind], kind]),
)

/** Returns the kind that a word of the column `kind` names, undefined for another word. */
export function kindOfWord(word: string): EventKind | undefined {
  return WORD_KINDS.get(word)
}

/** Returns the word for the kind in `code`. */
export function kindWord(code: number): string {
  const word = KIND_WORDS[(code & KIND_MASK) as EventKind]
  assert(word !== undefined, 'the code names a kind')
  return word
}

/** Returns which side sees the row: `both`, `exchange` or `local`. */
export function visibilityWord(code: number): string {
  return (code & EXCH_ONLY_BIT) !== 0
    ? 'exchange'
    : (code & LOCAL_ONLY_BIT) !== 0
      ? 'local'
      : 'both'
}

const PRICELESS = kindMask(
  EventKind.DepthClear,
  EventKind.SnapshotBegin,
  EventKind.SnapshotEnd,
  EventKind.Status,
  EventKind.Gap,
)
const SIZELESS = PRICELESS | kindMask(EventKind.Funding)

function kindMask(...kinds: readonly EventKind[]): number {
  return kinds.reduce((mask, kind) => mask | (1 << kind), 0)
}

/** True when `tick` of such a row is a price. */
export function hasPrice(code: number): boolean {
  return ((1 << (code & KIND_MASK)) & PRICELESS) === 0
}

/** True when `lots` of such a row are a size. */
export function hasSize(code: number): boolean {
  return ((1 << (code & KIND_MASK)) & SIZELESS) === 0
}

/** Rows [from, to) of a block that an export writes. */
export interface ExportPart extends LoadedPartition {
  readonly from: number
  readonly to: number
}

/**
 * Returns the partitions of a query that has any row.
 *
 * @throws LobtraderError OUT_OF_RANGE naming the span that exists, and as `Store.select`
 */
export function requireRows(store: Store, query: StoreQuery): readonly PartitionInfo[] {
  const found = store.select(query)
  if (found.length === 0) throw emptyWindow(store, query)
  return found
}

/**
 * Yields what a query selects, block by block of each partition; rows outside `from` and `to`,
 * both inclusive and in local time, are cut. The memory of a block is used again for the next.
 */
export function* exportParts(store: Store, query: StoreQuery): Generator<ExportPart> {
  for (const info of store.select(query)) {
    const instrument = new Instrument(info.instrument)
    for (const events of partitionBlocks(info)) {
      const window = rowWindow(events, query)
      if (window.from < window.to) yield { instrument, info, events, ...window }
    }
  }
}

/** Returns the rows [from, to) whose local time lies in the window of a query. */
export function rowWindow(
  events: EventColumns,
  query: Pick<StoreQuery, 'from' | 'to'>,
): { readonly from: number; readonly to: number } {
  return {
    from: query.from === undefined ? 0 : firstRowFrom(events, instantNs(query.from)),
    to: query.to === undefined ? events.length : firstRowFrom(events, instantNs(query.to) + 1n),
  }
}

/** Returns the first row whose local time is `unixNs` or later; `length` when there is none. */
export function firstRowFrom(events: EventColumns, unixNs: bigint): number {
  const time = Number(unixNs - events.epochNs)
  let low = 0
  let high = events.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (events.localTime[middle]! < time) low = middle + 1
    else high = middle
  }
  return low
}
