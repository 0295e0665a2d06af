/** Chooses partitions of a store by any part of their place, a symbol not being needed. */
import { LobtraderError, didYouMean } from '../core/index.ts'
import { formatInstant, instantNs, type Instant } from '../time/index.ts'
import type { PartitionInfo } from './partition.ts'
import type { Store } from './store.ts'

/** Which partitions are wanted; what is left out may be anything. */
export interface PartitionFilter {
  readonly venue?: string | undefined
  readonly symbol?: string | undefined
  readonly kind?: string | undefined
  /** One UTC day, `2024-08-08`. */
  readonly day?: string | undefined
  /** Partitions that end before are left out. */
  readonly from?: Instant | undefined
  /** Partitions that begin after are left out. */
  readonly to?: Instant | undefined
}

const FIELDS = ['venue', 'symbol', 'kind', 'day'] as const

/**
 * Returns the partitions that a filter names, in the order of the store: all of them when it names
 * nothing.
 *
 * @throws LobtraderError ABSENT_SYMBOL, OUT_OF_RANGE when nothing fits, BAD_INSTANT
 */
export function selectPartitions(store: Store, filter: PartitionFilter): readonly PartitionInfo[] {
  let found = store.partitions()
  for (const field of FIELDS) {
    const wanted = filter[field]
    if (wanted === undefined) continue
    const before = found
    found = before.filter((info) => info[field] === wanted)
    if (found.length === 0) throw absent(store, field, wanted, before)
  }
  const fromNs = filter.from === undefined ? undefined : instantNs(filter.from)
  const toNs = filter.to === undefined ? undefined : instantNs(filter.to)
  const inside = found.filter(
    (info) =>
      (fromNs === undefined || info.toNs >= fromNs) && (toNs === undefined || info.fromNs <= toNs),
  )
  if (inside.length === 0 && found.length > 0) throw outside(store, fromNs, toNs, found)
  return inside
}

function absent(
  store: Store,
  field: (typeof FIELDS)[number],
  wanted: string,
  before: readonly PartitionInfo[],
): LobtraderError {
  const there = [...new Set(before.map((info) => info[field]))]
  const shown = there.slice(0, 12)
  const more = there.length > shown.length ? ` and ${there.length - shown.length} more` : ''
  const holds = there.length === 0 ? 'it is empty' : `it has ${shown.join(', ')}${more}`
  return new LobtraderError(
    field === 'symbol' ? 'ABSENT_SYMBOL' : 'OUT_OF_RANGE',
    `store ${store.dir} has nothing of ${field} ${wanted}: ${holds}${didYouMean(wanted, there)}`,
    { [field]: wanted },
  )
}

function outside(
  store: Store,
  fromNs: bigint | undefined,
  toNs: bigint | undefined,
  found: readonly PartitionInfo[],
): LobtraderError {
  const first = found.reduce((least, { fromNs: ns }) => (ns < least ? ns : least), found[0]!.fromNs)
  const last = found.reduce((most, { toNs: ns }) => (ns > most ? ns : most), found[0]!.toNs)
  const asked = [
    fromNs === undefined ? '' : ` from ${formatInstant(fromNs)}`,
    toNs === undefined ? '' : ` to ${formatInstant(toNs)}`,
  ].join('')
  return new LobtraderError(
    'OUT_OF_RANGE',
    `store ${store.dir} has no events${asked}; it has ${formatInstant(first)} to ${formatInstant(last)}`,
  )
}
