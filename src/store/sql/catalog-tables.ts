/** The catalog of a store as tables: `partitions` and `instruments`. */
import type { PartitionInfo } from '../partition.ts'
import {
  INSTRUMENT_VIEW_COLUMNS,
  PARTITION_VIEW_COLUMNS,
  quoted,
  type SqlColumn,
} from './sql-views.ts'

/** Rows of one INSERT: long statements take long to parse. */
const ROWS_MAX = 500

/** Returns the statements that make the tables of the catalog. */
export function catalogTables(partitions: readonly PartitionInfo[]): readonly string[] {
  return [
    ...table('partitions', PARTITION_VIEW_COLUMNS, partitions.map(partitionRow)),
    ...table('instruments', INSTRUMENT_VIEW_COLUMNS, instrumentRows(partitions)),
  ]
}

function table(
  name: string,
  columns: readonly SqlColumn[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const declared = columns.map((column) => `${column.name} ${column.type}`)
  const statements = [`CREATE TABLE ${name} (${declared.join(', ')})`]
  for (let from = 0; from < rows.length; from += ROWS_MAX) {
    const part = rows.slice(from, from + ROWS_MAX).map((row) => `(${row.join()})`)
    statements.push(`INSERT INTO ${name} VALUES ${part.join()}`)
  }
  return statements
}

function partitionRow(info: PartitionInfo): readonly string[] {
  return [
    quoted(info.venue),
    quoted(info.symbol),
    quoted(info.day),
    quoted(info.kind),
    String(info.events),
    `make_timestamp_ns(${info.fromNs})`,
    String(info.fromNs),
    `make_timestamp_ns(${info.toNs})`,
    String(info.toNs),
    String(info.bytes),
    String(info.isContinued),
    quoted(info.digest),
  ]
}

/** One row for each instrument; where its grids changed between days, one for each of them. */
function instrumentRows(partitions: readonly PartitionInfo[]): readonly (readonly string[])[] {
  const groups = new Map<string, PartitionInfo[]>()
  for (const info of partitions) {
    const key = JSON.stringify(info.instrument)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [info])
    else group.push(info)
  }
  return [...groups.values()].map((infos) => {
    const spec = infos[0]!.instrument
    const days = infos.map((info) => info.day).toSorted()
    return [
      quoted(spec.venue),
      quoted(spec.symbol),
      quoted(spec.kind),
      quoted(spec.base),
      quoted(spec.quote),
      quoted(spec.tickSize),
      quoted(spec.lotSize),
      quoted(spec.multiplier ?? '1'),
      quoted(spec.dataTickSize ?? spec.tickSize),
      quoted(spec.dataLotSize ?? spec.lotSize),
      quoted(days[0]!),
      quoted(days[days.length - 1]!),
      String(infos.reduce((sum, info) => sum + info.events, 0)),
    ]
  })
}
