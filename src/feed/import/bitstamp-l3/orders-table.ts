/** The table of order events that ob-analytics makes of a log: `id,timestamp,...`. */
import { DataError, type DataPlace } from '../../../core/index.ts'
import { shownText } from '../field-error.ts'
import { isPlainDecimal, type LogEvent, type LogMessage } from './log-message.ts'

const COLUMNS = [
  'id',
  'timestamp',
  'exchange.timestamp',
  'price',
  'volume',
  'action',
  'direction',
] as const

/** Sizes are in satoshi. */
const VOLUME_SCALE = 8
const ACTIONS: Readonly<Record<string, LogEvent>> = {
  created: 'created',
  changed: 'changed',
  deleted: 'deleted',
}

/** Where each column stands. */
export type TableHead = readonly number[]

/** Returns where the columns stand when a line is the head of the table, else undefined. */
export function tableHead(line: string): TableHead | undefined {
  const names = line.trim().split(',').map(unquoted)
  const places = COLUMNS.map((name) => names.indexOf(name))
  return places.includes(-1) ? undefined : places
}

/** Reads one row. @throws DataError BAD_FIELD */
export function readTableRow(
  line: string,
  head: TableHead,
  into: LogMessage,
  place: () => DataPlace,
): void {
  const cells = line.trim().split(',')
  const of = (name: (typeof COLUMNS)[number]): string =>
    unquoted(cells[head[COLUMNS.indexOf(name)]!] ?? '')
  const bad = (field: (typeof COLUMNS)[number], expected: string): DataError =>
    new DataError('BAD_FIELD', `expected ${expected}, was ${shownText(of(field))}`, {
      ...place(),
      field,
    })
  const whole = (field: (typeof COLUMNS)[number]): number => {
    const text = of(field)
    const value = Number(text)
    if (!/^\d{1,15}$/.test(text) || !Number.isSafeInteger(value)) throw bad(field, 'a whole number')
    return value
  }
  const event = ACTIONS[of('action')]
  if (event === undefined) throw bad('action', 'created, changed or deleted')
  const direction = of('direction')
  if (direction !== 'bid' && direction !== 'ask') throw bad('direction', 'bid or ask')
  if (!isPlainDecimal(of('price'))) throw bad('price', 'a decimal number')
  into.event = event
  into.name = of('action')
  into.id = whole('id')
  into.receivedMs = whole('timestamp')
  into.venueUs = whole('exchange.timestamp') * 1000
  into.price = of('price')
  into.amount = satoshi(String(whole('volume')))
  into.side = direction === 'bid' ? 1 : -1
}

function satoshi(digits: string): string {
  const padded = digits.padStart(VOLUME_SCALE + 1, '0')
  return `${padded.slice(0, -VOLUME_SCALE)}.${padded.slice(-VOLUME_SCALE)}`
}

function unquoted(cell: string): string {
  return cell.replaceAll('"', '')
}
