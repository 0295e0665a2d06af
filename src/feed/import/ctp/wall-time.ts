/** Times of CTP rows: a date, a time of day, and milliseconds beside it, by the clocks of a zone. */
import { dayNumber, type TimeZone } from '../../../time/index.ts'
import type { TimeScan } from '../../input/time-scan.ts'
import type { CsvFields } from '../table/csv-fields.ts'

const NS_PER_S = 1_000_000_000n

/** Places of the parts; `millisecond` may be -1. */
export interface WallColumns {
  readonly date: number
  readonly clock: number
  readonly millisecond: number
}

/** Reads the times of one file. */
export class WallTimes {
  readonly #zone: TimeZone
  #date = ''
  #day = 0

  constructor(zone: TimeZone) {
    this.#zone = zone
  }

  /**
   * Reads `20210104` or `2021-01-04`, with `09:29:00` (and `500` beside it), `09:29:00.500`, or
   * `92900500`.
   *
   * @throws DataError BAD_INSTANT or BAD_FIELD
   */
  read(fields: CsvFields, { date, clock, millisecond }: WallColumns, into: TimeScan): void {
    const { row } = fields
    const text = row.text(clock)
    const time =
      /^(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?$/.exec(text) ??
      /^(\d{1,2})(\d{2})(\d{2})(\d{3})$/.exec(text)
    const [, hour = '24', minute = '', second = '', fraction = ''] = time ?? []
    if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) {
      throw fields.badTime(clock, 'iso')
    }
    const ms = millisecond < 0 ? '' : row.text(millisecond)
    if (!/^\d{0,3}$/.test(ms)) throw fields.bad(millisecond, 'milliseconds from 0 to 999')
    const day = this.#dayOf(row.text(date))
    if (day === undefined) throw fields.badTime(date, 'iso')
    const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second)
    into.seconds = Number(this.#zone.instantOf(day, seconds * 1e9) / NS_PER_S)
    into.nanos = ms === '' ? Number(fraction.padEnd(9, '0')) : Number(ms) * 1e6
  }

  /** Days since 1970 of a date, undefined for one that is not real; most rows have that before them. */
  #dayOf(text: string): number | undefined {
    if (text === this.#date) return this.#day
    const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text) ?? []
    const date = `${year}-${month}-${day}`
    const ms = Date.parse(`${date}T00:00Z`)
    if (year === undefined || Number.isNaN(ms)) return undefined
    if (!new Date(ms).toISOString().startsWith(date)) return undefined
    this.#date = text
    this.#day = dayNumber(date)
    return this.#day
  }
}
