/** `orders.csv` and `fills.csv`: each order's life, each fill with its surroundings. */
import type { RunRecord } from '../engine/index.ts'
import { ORDER_STATUSES, ORDER_TYPES, TIMES_IN_FORCE, TRIGGER_SOURCES } from '../order/index.ts'
import { csvCell, csvNumber, csvText, type CsvColumn } from './csv.ts'
import { UnixTime } from './unix-time.ts'

/**
 * Yields `orders.csv`, one row an order in order of submission. Prices and sizes are exact
 * decimals; each moment stands as Unix ns and as ISO 8601; an empty cell means never or none.
 */
export function ordersCsv(record: RunRecord): Generator<string> {
  const { orders } = record
  return csvText(
    [
      ['id', (row) => csvNumber(orders.id[row]!)],
      ...instrumentColumns(record, orders.instrument),
      ['side', (row) => (orders.side[row]! > 0 ? 'buy' : 'sell')],
      ['type', (row) => ORDER_TYPES[orders.type[row]!]!],
      ['timeInForce', (row) => TIMES_IN_FORCE[orders.tif[row]!]!],
      numbers('price', orders.price),
      numbers('size', orders.size),
      numbers('filled', orders.filled),
      numbers('averagePrice', orders.averagePrice),
      ['status', (row) => ORDER_STATUSES[orders.status[row]!]!],
      numbers('queueAhead', orders.queueAhead),
      ...moments(record, {
        submitLocal: orders.submitLocal,
        acceptExch: orders.acceptExch,
        acceptLocal: orders.acceptLocal,
        cancelLocal: orders.cancelLocal,
        doneExch: orders.doneExch,
        doneLocal: orders.doneLocal,
      }),
      ...specialCells(record),
    ],
    orders.length,
  )
}

/** What only some orders ask for; empty cells where an order does not. */
function specialCells(record: RunRecord): readonly CsvColumn[] {
  const { orders } = record
  const words = (column: Uint8Array | undefined, names: readonly string[], row: number): string =>
    names[(column?.[row] ?? 0) - 1] ?? ''
  const optional = (heading: string, column: Float64Array | undefined): CsvColumn =>
    column === undefined ? [heading, () => ''] : numbers(heading, column)
  return [
    optional('trigger', orders.trigger),
    ['triggerBy', (row) => words(orders.triggerBy, TRIGGER_SOURCES, row)],
    optional('displaySize', orders.displaySize),
    ['reduceOnly', (row) => words(orders.reduceOnly, ['yes'], row)],
    ['postOnly', (row) => words(orders.postOnly, ['reject', 'slide'], row)],
    optional('parent', orders.parent),
    optional('oco', orders.oco),
    optional('ouo', orders.ouo),
    ...moments(record, {
      triggerExch: orders.triggerExch ?? never(orders.length),
      triggerLocal: orders.triggerLocal ?? never(orders.length),
      expireExch: orders.expireExch ?? never(orders.length),
    }),
  ]
}

/**
 * Yields `fills.csv`, one row a fill in order of exchange time: with the position after it, the
 * size that was ahead of it in the queue, and the exchange's touch at that moment.
 */
export function fillsCsv(record: RunRecord): Generator<string> {
  const { fills, instruments } = record
  return csvText(
    [
      ['orderId', (row) => csvNumber(fills.orderId[row]!)],
      ...instrumentColumns(record, fills.instrument),
      ['side', (row) => (fills.side[row]! > 0 ? 'buy' : 'sell')],
      ['liquidity', (row) => (fills.maker[row] === 1 ? 'maker' : 'taker')],
      numbers('price', fills.price),
      numbers('size', fills.size),
      [
        'value',
        (row) => {
          const instrument = instruments[fills.instrument[row]!]!
          return csvNumber(instrument.notional(fills.size[row]!, fills.price[row]!))
        },
      ],
      numbers('fee', fills.fee),
      numbers('position', fills.position),
      numbers('queueAhead', fills.queueAhead),
      numbers('bidPrice', fills.bidPrice),
      numbers('bidSize', fills.bidSize),
      numbers('askPrice', fills.askPrice),
      numbers('askSize', fills.askSize),
      ...moments(record, { exchTime: fills.exchTime, localTime: fills.localTime }),
    ],
    fills.length,
  )
}

const never = (length: number): Float64Array => new Float64Array(length).fill(Number.NaN)

const numbers = (heading: string, column: Float64Array): CsvColumn => [
  heading,
  (row) => csvNumber(column[row]!),
]

/** The symbol of each row; with its venue where there are several instruments. */
function instrumentColumns({ instruments }: RunRecord, column: Uint16Array): readonly CsvColumn[] {
  const symbols = instruments.map(({ symbol }) => csvCell(symbol))
  const venues = instruments.map(({ venue }) => csvCell(venue))
  const symbol: CsvColumn = ['symbol', (row) => symbols[column[row]!]!]
  if (instruments.length === 1) return [symbol]
  return [symbol, ['venue', (row) => venues[column[row]!]!]]
}

function moments(
  record: RunRecord,
  columns: Readonly<Record<string, Float64Array>>,
): readonly CsvColumn[] {
  const unix = new UnixTime(record.epochNs)
  return Object.entries(columns).flatMap(([name, column]): CsvColumn[] => [
    [`${name}Ns`, (row) => unix.ns(column[row]!)],
    [name, (row) => unix.iso(column[row]!)],
  ])
}
