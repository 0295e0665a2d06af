/** Times of a CSV file: counts of a unit that the first row tells, or text by the clocks of a zone. */
import { TimeZone } from '../../../time/index.ts'
import type { TimeScan, TimeUnit } from '../../input/time-scan.ts'
import { WallTimes } from '../ctp/wall-time.ts'
import type { CsvFields } from '../table/csv-fields.ts'
import type { CsvOptions } from './csv-options.ts'
import type { CsvTable } from './csv-table.ts'

const DAY_S = 86_400

/** Reads the time columns of one file. */
export class CsvTimes {
  readonly #zone: TimeZone | undefined
  readonly #wall: WallTimes
  readonly #units = new Map<number, TimeUnit>()
  readonly #unit: TimeUnit | undefined

  /** @throws LobtraderError BAD_ARGUMENT for an unknown zone */
  constructor({ unit, timeZone }: CsvOptions) {
    this.#unit = unit
    this.#zone = timeZone === undefined ? undefined : new TimeZone(timeZone)
    this.#wall = new WallTimes(this.#zone ?? new TimeZone('UTC'))
  }

  /** Reads local time, and venue time where the file has one. @throws DataError BAD_INSTANT */
  read(fields: CsvFields, { at }: CsvTable, local: TimeScan, exch: TimeScan): void {
    const time = at('time')
    const date = at('date')
    const isSplit =
      date >= 0 &&
      date !== time &&
      fields.row.text(time).includes(':') &&
      !/^\d{4}/.test(fields.row.text(time))
    if (isSplit) this.#wall.read(fields, { date, clock: time, millisecond: -1 }, local)
    else this.#one(fields, time, local)
    const other = at('exch_time')
    if (other >= 0) this.#one(fields, other, exch)
    else {
      exch.seconds = local.seconds
      exch.nanos = local.nanos
    }
  }

  #one(fields: CsvFields, column: number, into: TimeScan): void {
    let unit = this.#unit ?? this.#units.get(column)
    if (unit === undefined) {
      unit = unitOf(fields.row.text(column))
      this.#units.set(column, unit)
    }
    fields.time(column, unit, into)
    if (unit !== 'iso' || this.#zone === undefined || !Number.isNaN(into.offset)) return
    const day = Math.floor(into.seconds / DAY_S)
    const unixNs = this.#zone.instantOf(day, (into.seconds - day * DAY_S) * 1e9)
    into.seconds = Number(unixNs / 1_000_000_000n)
  }
}

/** The unit that a first value tells by its digits. */
function unitOf(text: string): TimeUnit {
  const [whole = ''] = text.split('.')
  if (!/^\d{9,19}$/.test(whole)) return 'iso'
  return whole.length <= 11 ? 's' : whole.length <= 14 ? 'ms' : whole.length <= 17 ? 'us' : 'ns'
}
