/** The format `ctp`. */
import { LobtraderError } from '../../../core/index.ts'
import type { ImportFormatEntry } from '../import-job.ts'
import { prepareTables } from '../table/import-tables.ts'
import type { TableFormat } from '../table/table-format.ts'
import { isCtpHeader } from './ctp-columns.ts'
import { CTP_TIME_ZONE, CtpReader } from './ctp-reader.ts'
import { CtpSymbol } from './ctp-symbol.ts'

const tables = (timeZone: string): TableFormat<CtpSymbol> => ({
  venue: 'ctp',
  backwards: 'raised',
  refused: { date: 'its rows have their dates' },
  timeNote: 'local time is the time of the snapshot',
  reader: (path, run) => new CtpReader(path, run, timeZone),
  newState: () => new CtpSymbol(),
  tellsKind: true,
  measured: (spec, { name, state }, { kind }) => {
    const { multiplier } = state
    if (multiplier === undefined) {
      throw new LobtraderError(
        'BAD_INSTRUMENT',
        `turnover and volume of ${name} do not give a whole multiplier; give it with --instrument`,
        { symbol: name },
      )
    }
    return {
      ...spec,
      kind: kind === undefined ? 'linear-future' : spec.kind,
      base: name,
      quote: 'CNY',
      multiplier: String(multiplier),
    }
  },
  warnings: ({ state, tape }) => [
    `${tape!.totals.count} trades were inferred from volume and turnover: their sizes and values are those of the rows, their sides a guess`,
    ...(state.lotsBefore > 0
      ? [`${state.lotsBefore} lots were traded before the first row and are left out`]
      : []),
    ...(state.unequal > 0
      ? [`the volume of ${state.unequal} rows is not what the volume of the day has grown by`]
      : []),
  ],
})

/** Snapshots of Chinese futures exchanges, twice a second. */
export const CTP: ImportFormatEntry = {
  name: 'ctp',
  description:
    'CSV of CTP snapshots (500 ms, up to 5 levels): books, and trades inferred from turnover',
  detects: (head) => {
    const [line = ''] = Buffer.from(head.subarray(0, 4096)).toString('latin1').split(/\r?\n/, 1)
    return isCtpHeader(line.split(','))
  },
  prepare: async (options) =>
    await prepareTables(tables(options.timeZone ?? CTP_TIME_ZONE), options),
}
