/** Which field of a CSV row holds what. */
import { DataError, didYouMean } from '../core/index.ts'

/** A column: its name in the header, or its place in the row, from 0. */
export type CsvColumn = string | number

/** Where the values of a bar stand in a row; what is left out is looked for by its own name. */
export interface CsvColumns {
  /** Default: the first of datetime, timestamp, date, time. */
  readonly time?: CsvColumn
  /** Time of day, where the date stands alone. Default: a column "time" beside a column "date". */
  readonly timeOfDay?: CsvColumn
  readonly open?: CsvColumn
  readonly high?: CsvColumn
  readonly low?: CsvColumn
  readonly close?: CsvColumn
  /** Zero on every bar when there is no such column. */
  readonly volume?: CsvColumn
  /** Zero on every bar when there is no such column. */
  readonly openInterest?: CsvColumn
}

/** The values of a bar, in the order in which rows are checked. */
export const BAR_FIELDS = ['open', 'high', 'low', 'close', 'volume', 'openInterest'] as const
export type BarField = (typeof BAR_FIELDS)[number]

/** Resolved places in a row; -1 where the file has no such column. */
export interface CsvLayout {
  readonly time: number
  readonly timeOfDay: number
  readonly fields: Readonly<Record<BarField, number>>
  /** Fields that every row has. */
  readonly width: number
}

const PLAIN = ['date', 'open', 'high', 'low', 'close', 'volume', 'openinterest']
const TIMED = ['date', 'time', 'open', 'high', 'low', 'close', 'volume', 'openinterest']
const TIME_NAMES = ['datetime', 'timestamp', 'date', 'time']

/** Letters and digits of a column name, in lower case: `Open Interest` is `openinterest`. */
const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/**
 * Lays out `Date[,Time],Open,High,Low,Close,Volume,OpenInterest`. Rows may hold a time of day that
 * the header does not name, as files made for backtrader do.
 *
 * @throws DataError UNKNOWN_FORMAT when the header or the width of the first row is another
 */
export function backtraderLayout(
  header: readonly string[],
  rowWidth: number,
  file: string,
): CsvLayout {
  const names = header.map(plainName).map((name) => (name === 'datetime' ? 'date' : name))
  const expected = names[1] === 'time' ? TIMED : PLAIN
  const wrong = expected.findIndex((name, i) => name !== names[i])
  if (wrong >= 0 || names.length !== expected.length) {
    throw new DataError(
      'UNKNOWN_FORMAT',
      `"${header.join(',').slice(0, 120)}" is not the header of a backtrader file, ` +
        'Date[,Time],Open,High,Low,Close,Volume,OpenInterest; ' +
        "format: 'generic' finds columns by name",
      { file, line: 1, ...(wrong < 0 ? {} : { value: header[wrong] ?? '' }) },
    )
  }
  const shift = rowWidth === PLAIN.length + 1 ? 1 : 0
  return {
    time: 0,
    timeOfDay: shift === 1 ? 1 : -1,
    fields: {
      open: shift + 1,
      high: shift + 2,
      low: shift + 3,
      close: shift + 4,
      volume: shift + 5,
      openInterest: shift + 6,
    },
    width: PLAIN.length + shift,
  }
}

/**
 * Lays out any row, by header names or places.
 *
 * @param header undefined when the file has none
 * @throws DataError BAD_FIELD, naming the column and the nearest one that there is
 */
export function genericLayout(
  columns: CsvColumns,
  header: readonly string[] | undefined,
  rowWidth: number,
  file: string,
): CsvLayout {
  const width = header?.length ?? rowWidth
  const names = header?.map(plainName) ?? []
  const absent = (field: string, wanted: CsvColumn): DataError =>
    new DataError(
      'BAD_FIELD',
      typeof wanted === 'number'
        ? `there is no column ${wanted} in a row of ${width} fields (places count from 0)`
        : header === undefined
          ? `a file without a header needs the place of this column, a number from 0`
          : `there is no column "${wanted}"${didYouMean(wanted, header)} in "${header.join(',').slice(0, 120)}"`,
      { file, line: 1, field, value: wanted },
    )
  const given = (field: string, column: CsvColumn): number => {
    const place = typeof column === 'number' ? column : names.indexOf(plainName(column))
    if (!(Number.isInteger(place) && place >= 0 && place < width)) throw absent(field, column)
    return place
  }
  const field = (name: BarField, isOptional: boolean): number => {
    const column = columns[name]
    if (column !== undefined) return given(name, column)
    const place = names.indexOf(plainName(name))
    if (place < 0 && !isOptional) throw absent(name, name)
    return place
  }
  const found = TIME_NAMES.map((name) => names.indexOf(name)).find((place) => place >= 0)
  if (columns.time === undefined && found === undefined) throw absent('time', 'time')
  const time = columns.time === undefined ? found! : given('time', columns.time)
  const splitTime =
    names[time] === 'date' && columns.time === undefined ? names.indexOf('time') : -1
  return {
    time,
    timeOfDay: columns.timeOfDay === undefined ? splitTime : given('timeOfDay', columns.timeOfDay),
    fields: {
      open: field('open', false),
      high: field('high', false),
      low: field('low', false),
      close: field('close', false),
      volume: field('volume', true),
      openInterest: field('openInterest', true),
    },
    width,
  }
}
