/**
 * One partition of a store: the events of one instrument, one UTC day and one kind.
 *
 * It lives in one file, `<venue>/<symbol>/<day>/<kind>.tape`, whose own header says all that the
 * catalog knows. Names that become paths pass an allow-list here.
 */
import { join } from 'node:path'
import { LobtraderError } from '../core/index.ts'
import type { InstrumentSpec } from '../market/index.ts'
import type { TapeMeta } from './tape-format.ts'

/** Ending of a finished partition file. */
export const TAPE_SUFFIX = '.tape'

/** What a partition says about itself without being loaded. */
export interface PartitionInfo {
  readonly venue: string
  readonly symbol: string
  /** UTC day of the local times in it, `2024-08-08`. */
  readonly day: string
  /** `l2`, `l3`, `bbo` or another name that an importer chose. */
  readonly kind: string
  readonly events: number
  /** Unix ns of the first local time. */
  readonly fromNs: bigint
  /** Unix ns of the last local time. */
  readonly toNs: bigint
  /** Size of the file. */
  readonly bytes: number
  readonly path: string
  /** Identity of the content: equal events give equal text, whatever compressed them. */
  readonly digest: string
  /** True where the book can only be built from the day before (one import passed midnight). */
  readonly isContinued: boolean
  readonly instrument: InstrumentSpec
}

const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/
const KIND = /^[a-z][a-z0-9-]{0,31}$/
const DAY = /^\d{4}-\d{2}-\d{2}$/
/** Names that Windows gives to devices, with or without an ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

/** True when `name` may be a folder of the store: nothing that leaves it, hides or names a device. */
export function isPartitionName(name: string): boolean {
  return NAME.test(name) && !name.endsWith('.') && !DEVICE.test(name)
}

/** True when `kind` may name a partition file. */
export function isPartitionKind(kind: string): boolean {
  return KIND.test(kind) && !DEVICE.test(kind)
}

/** True when `day` looks like `2024-08-08`. */
export function isPartitionDay(day: string): boolean {
  return DAY.test(day)
}

/**
 * Returns the path of a partition inside the store at `dir`.
 *
 * @throws LobtraderError BAD_ARGUMENT when a name could leave the store
 */
export function partitionPath(
  dir: string,
  id: Pick<PartitionInfo, 'venue' | 'symbol' | 'day' | 'kind'>,
): string {
  const fields: readonly [string, string, boolean][] = [
    ['venue', id.venue, isPartitionName(id.venue)],
    ['symbol', id.symbol, isPartitionName(id.symbol)],
    ['day', id.day, isPartitionDay(id.day)],
    ['kind', id.kind, isPartitionKind(id.kind)],
  ]
  for (const [field, value, valid] of fields) {
    if (!valid) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `${field} ${JSON.stringify(value.slice(0, 80))} cannot name a part of a store; expected letters, digits, dot, dash or underscore`,
        { field, value: value.slice(0, 80) },
      )
    }
  }
  return join(dir, id.venue, id.symbol, id.day, id.kind + TAPE_SUFFIX)
}

/** Returns what a file's metadata says of its partition. */
export function partitionInfo(meta: TapeMeta, bytes: number, path: string): PartitionInfo {
  return {
    venue: meta.venue,
    symbol: meta.symbol,
    day: meta.day,
    kind: meta.kind,
    events: meta.events,
    fromNs: BigInt(meta.fromNs),
    toNs: BigInt(meta.toNs),
    bytes,
    path,
    digest: meta.digest,
    isContinued: meta.isContinued,
    instrument: meta.instrument,
  }
}

/** Orders partitions by venue, symbol, day, kind; `l2` stands before every other kind. */
export function comparePartitions(a: PartitionInfo, b: PartitionInfo): number {
  return (
    compareText(a.venue, b.venue) ||
    compareText(a.symbol, b.symbol) ||
    compareText(a.day, b.day) ||
    Number(b.kind === 'l2') - Number(a.kind === 'l2') ||
    compareText(a.kind, b.kind)
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
