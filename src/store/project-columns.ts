/** Reads some columns of a partition and leaves the others where they are. */
import { LobtraderError, didYouMean } from '../core/index.ts'
import type { EventColumns, Instrument } from '../market/index.ts'
import type { PartitionInfo } from './partition.ts'
import { COLUMN_NAMES, type ColumnName } from './tape-format.ts'
import { openUnchanged } from './tape-reader.ts'

/** The columns of one partition that were asked for, on the epoch of its day; no others are there. */
export type ProjectedColumns<C extends ColumnName> = Pick<EventColumns, C | 'length' | 'epochNs'>

/** One partition with the columns that were asked for. */
export interface ProjectedPartition<C extends ColumnName> {
  readonly instrument: Instrument
  readonly info: PartitionInfo
  readonly columns: ProjectedColumns<C>
}

const MAKE: { readonly [C in ColumnName]: (length: number) => EventColumns[C] } = {
  localTime: (length) => new Float64Array(length),
  exchTime: (length) => new Float64Array(length),
  code: (length) => new Uint8Array(length),
  tick: (length) => new Int32Array(length),
  lots: (length) => new Float64Array(length),
  orderRef: (length) => new Int32Array(length),
  seq: (length) => new Float64Array(length),
}

/**
 * Decodes the named columns of a partition.
 *
 * @throws LobtraderError BAD_ARGUMENT naming a column that there is not, and as Store.load
 */
export function projectColumns<C extends ColumnName>(
  info: PartitionInfo,
  names: readonly C[],
): ProjectedColumns<C> {
  checkNames(names)
  const wanted = new Set<ColumnName>(names)
  // Venue times may be written as what they lag behind local ones.
  if (wanted.has('exchTime')) wanted.add('localTime')
  const reader = openUnchanged(info)
  try {
    const { events: length } = reader.meta
    const room = (name: ColumnName): number => (wanted.has(name) ? length : 0)
    const columns: EventColumns = {
      length,
      epochNs: BigInt(reader.meta.epochNs),
      localTime: MAKE.localTime(room('localTime')),
      exchTime: MAKE.exchTime(room('exchTime')),
      code: MAKE.code(room('code')),
      tick: MAKE.tick(room('tick')),
      lots: MAKE.lots(room('lots')),
      orderRef: MAKE.orderRef(room('orderRef')),
      seq: MAKE.seq(room('seq')),
      exchOrder: undefined,
    }
    reader.readInto(columns, 0, 0, undefined, wanted)
    const kept = names.map((name) => [name, columns[name]] as const)
    return { length, epochNs: columns.epochNs, ...Object.fromEntries(kept) } as ProjectedColumns<C>
  } finally {
    reader.close()
  }
}

function checkNames(names: readonly string[]): void {
  const known: readonly string[] = COLUMN_NAMES
  const unknown = names.find((name) => !known.includes(name))
  if (unknown === undefined && names.length > 0) return
  throw new LobtraderError(
    'BAD_ARGUMENT',
    unknown === undefined
      ? `no columns were asked for; there are ${known.join(', ')}`
      : `events have no column "${unknown}"${didYouMean(unknown, known)}; there are ${known.join(', ')}`,
    { column: unknown ?? '' },
  )
}
