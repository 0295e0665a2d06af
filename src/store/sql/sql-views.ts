/** The views that a query sees, and what stands in them. */
import {
  BUY_BIT,
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  SELL_BIT,
} from '../../market/index.ts'
import { hasPrice, hasSize, kindWord } from '../export-rows.ts'
import type { PartitionInfo } from '../partition.ts'

/** A column of a view: its name, its SQL type and what it says. */
export interface SqlColumn {
  readonly name: string
  readonly type: string
  readonly note: string
}

/** Columns of every view of events. */
export const EVENT_VIEW_COLUMNS: readonly SqlColumn[] = [
  { name: 'venue', type: 'VARCHAR', note: 'venue of the partition' },
  { name: 'symbol', type: 'VARCHAR', note: 'symbol of the partition' },
  { name: 'day', type: 'DATE', note: 'UTC day of the local times' },
  { name: 'partition_kind', type: 'VARCHAR', note: 'kind of the partition: l2, l3, bbo, ...' },
  { name: 'local_time', type: 'TIMESTAMP_NS', note: 'when the row reached us, UTC' },
  { name: 'local_time_ns', type: 'BIGINT', note: 'the same in Unix nanoseconds' },
  { name: 'exch_time', type: 'TIMESTAMP_NS', note: 'when it happened at the venue, UTC' },
  { name: 'exch_time_ns', type: 'BIGINT', note: 'the same in Unix nanoseconds' },
  { name: 'kind', type: 'VARCHAR', note: 'what the row says: trade, depth_set, bbo, ...' },
  { name: 'side', type: 'TINYINT', note: '1 bid or buy, -1 ask or sell, 0 none' },
  { name: 'price', type: 'DOUBLE', note: 'quote units; NULL where the kind has none' },
  { name: 'size', type: 'DOUBLE', note: 'base units or contracts; NULL where the kind has none' },
  { name: 'tick', type: 'INTEGER', note: 'price in steps of the data grid' },
  { name: 'lots', type: 'BIGINT', note: 'size in steps; funding rate in 1e-9, status 0 or 1' },
  { name: 'order_ref', type: 'INTEGER', note: 'reference of a resting order, -1 for none' },
  { name: 'seq', type: 'BIGINT', note: 'sequence number or trade id of the venue, 0 for none' },
  { name: 'visibility', type: 'VARCHAR', note: 'side that sees the row: both, exchange, local' },
]

/** Columns of the view `partitions`. */
export const PARTITION_VIEW_COLUMNS: readonly SqlColumn[] = [
  { name: 'venue', type: 'VARCHAR', note: '' },
  { name: 'symbol', type: 'VARCHAR', note: '' },
  { name: 'day', type: 'DATE', note: '' },
  { name: 'kind', type: 'VARCHAR', note: 'kind of the partition' },
  { name: 'events', type: 'BIGINT', note: 'rows in it' },
  { name: 'from_time', type: 'TIMESTAMP_NS', note: 'first local time' },
  { name: 'from_time_ns', type: 'BIGINT', note: '' },
  { name: 'to_time', type: 'TIMESTAMP_NS', note: 'last local time' },
  { name: 'to_time_ns', type: 'BIGINT', note: '' },
  { name: 'bytes', type: 'BIGINT', note: 'size of the file' },
  { name: 'is_continued', type: 'BOOLEAN', note: 'the book needs the day before' },
  { name: 'digest', type: 'VARCHAR', note: 'identity of the content' },
]

/** Columns of the view `instruments`. */
export const INSTRUMENT_VIEW_COLUMNS: readonly SqlColumn[] = [
  { name: 'venue', type: 'VARCHAR', note: '' },
  { name: 'symbol', type: 'VARCHAR', note: '' },
  { name: 'kind', type: 'VARCHAR', note: 'spot, equity, linear-perpetual, ...' },
  { name: 'base', type: 'VARCHAR', note: '' },
  { name: 'quote', type: 'VARCHAR', note: '' },
  { name: 'tick_size', type: 'VARCHAR', note: 'price step of orders, exact decimal' },
  { name: 'lot_size', type: 'VARCHAR', note: 'size step of orders, exact decimal' },
  { name: 'multiplier', type: 'VARCHAR', note: '' },
  { name: 'data_tick_size', type: 'VARCHAR', note: 'price step of the data' },
  { name: 'data_lot_size', type: 'VARCHAR', note: 'size step of the data' },
  { name: 'first_day', type: 'DATE', note: '' },
  { name: 'last_day', type: 'DATE', note: '' },
  { name: 'events', type: 'BIGINT', note: 'rows of all its partitions' },
]

/** Views that every store has; a kind of the same name does not hide them. */
const FIXED_VIEWS = ['events', 'trades', 'partitions', 'instruments'] as const

/** A view of events and the partitions that it reads. */
export interface EventView {
  readonly name: string
  readonly partitions: readonly PartitionInfo[]
  /** What its rows have to fulfil. */
  readonly where?: string
}

/** Returns the name of the view of a partition kind: dashes become underscores. */
export function viewOfKind(kind: string): string {
  return kind.replaceAll('-', '_')
}

/** Returns the views of events over some partitions. */
export function eventViews(partitions: readonly PartitionInfo[]): readonly EventView[] {
  const kinds = new Map<string, PartitionInfo[]>()
  for (const info of partitions) {
    const name = viewOfKind(info.kind)
    const list = kinds.get(name)
    if (list === undefined) kinds.set(name, [info])
    else list.push(info)
  }
  for (const name of FIXED_VIEWS) kinds.delete(name)
  return [
    { name: 'events', partitions },
    { name: 'trades', partitions: partitions.filter(mayHoldTrades), where: "kind = 'trade'" },
    ...[...kinds].map(([name, list]) => ({ name, partitions: list })),
  ]
}

/** Best-price partitions hold nothing else. */
function mayHoldTrades(info: PartitionInfo): boolean {
  return info.kind !== 'bbo'
}

/** Returns the names of all views over some partitions. */
export function viewNames(partitions: readonly PartitionInfo[]): readonly string[] {
  return [...eventViews(partitions).map((view) => view.name), 'partitions', 'instruments']
}

/** Functions whose argument names a table that the text does not show. */
const DYNAMIC = new Set(['query', 'query_table'])

/**
 * Returns the views that a query may read: those whose name stands anywhere in it, and all when it
 * puts names together at run time. It may name too many, never too few.
 */
export function touchedViews(sql: string, views: readonly EventView[]): readonly EventView[] {
  const words = new Set(sql.toLowerCase().match(/[a-z_][a-z0-9_]*/g) ?? [])
  if ([...DYNAMIC].some((name) => words.has(name))) return views
  return views.filter((view) => words.has(view.name))
}

/** Returns the SQL expressions of the event columns over the raw rows of a partition. */
export function mirrorColumns(
  info: Pick<PartitionInfo, 'venue' | 'symbol' | 'day' | 'kind'>,
  grids: { readonly price: GridStep; readonly size: GridStep },
  epochNs: bigint,
): string {
  const local = `(${epochNs} + local_time::BIGINT)`
  const exch = `(${epochNs} + exch_time::BIGINT)`
  const kind = `(code & ${KIND_MASK})`
  const has = (bit: number): string => `code & ${bit} <> 0`
  const expressions: Readonly<Record<string, string>> = {
    venue: quoted(info.venue),
    symbol: quoted(info.symbol),
    day: `DATE ${quoted(info.day)}`,
    partition_kind: quoted(info.kind),
    local_time: `make_timestamp_ns(${local})`,
    local_time_ns: local,
    exch_time: `make_timestamp_ns(${exch})`,
    exch_time_ns: exch,
    kind: `CASE ${kind} ${KINDS.map((code) => `WHEN ${code} THEN ${quoted(kindWord(code))}`).join(' ')} END`,
    side: `(CASE WHEN ${has(BUY_BIT)} THEN 1 WHEN ${has(SELL_BIT)} THEN -1 ELSE 0 END)::TINYINT`,
    price: `CASE WHEN ${kind} IN (${KINDS.filter(hasPrice).join()}) THEN ${decimal('tick', grids.price)} END`,
    size: `CASE WHEN ${kind} IN (${KINDS.filter(hasSize).join()}) THEN ${decimal('lots', grids.size)} END`,
    tick: 'tick',
    lots: 'lots::BIGINT',
    order_ref: 'order_ref',
    seq: 'seq::BIGINT',
    visibility: `CASE WHEN ${has(EXCH_ONLY_BIT)} THEN 'exchange' WHEN ${has(LOCAL_ONLY_BIT)} THEN 'local' ELSE 'both' END`,
  }
  return EVENT_VIEW_COLUMNS.map(({ name }) => `${expressions[name]!} AS ${name}`).join(',\n')
}

/** Step and decimal places of a grid. */
export interface GridStep {
  readonly step: number
  readonly scale: number
}

/** The same two operations on doubles as `Instrument.price`, so that the bits agree. */
function decimal(column: string, { step, scale }: GridStep): string {
  return `(${column}::DOUBLE * ${step}::DOUBLE) / 1e${scale}::DOUBLE`
}

const KINDS: readonly number[] = Object.values(EventKind)

/** Returns a text as an SQL literal. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
