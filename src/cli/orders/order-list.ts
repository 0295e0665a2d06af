/** The list of orders that `lobtrader orders` sends. */
import type { ScriptedOrder } from '../../engine/index.ts'
import type { LobFeed } from '../../feed/index.ts'
import type { Instrument, Side } from '../../market/index.ts'
import { formatInstant } from '../../time/index.ts'
import { DataError } from '../../core/index.ts'
import type { CoreOrderType, CoreTimeInForce } from '../../venue/index.ts'
import { readRowFile, type FileRow } from './row-file.ts'

/** The columns of an order list. */
export const ORDER_COLUMNS = [
  'order_id',
  'local_ts_ns',
  'side',
  'price_tick',
  'qty_lots',
  'time_in_force',
  'order_type',
  'cancel_local_ts_ns',
] as const

const SIDES: Readonly<Record<string, Side>> = { '1': 1, '-1': -1, buy: 1, sell: -1 }
const TIMES: Readonly<Record<string, CoreTimeInForce>> = {
  '0': 'GTC',
  '1': 'GTX',
  '2': 'FOK',
  '3': 'IOC',
  GTC: 'GTC',
  GTX: 'GTX',
  FOK: 'FOK',
  IOC: 'IOC',
}
const TYPES: Readonly<Record<string, CoreOrderType>> = {
  '0': 'limit',
  '1': 'market',
  limit: 'limit',
  market: 'market',
}

const TICK_MAX = 2 ** 31 - 1

/** An order with the row that it stands in. */
export interface ListedOrder extends ScriptedOrder {
  readonly row: FileRow
}

/**
 * Reads an order list.
 *
 * @throws DataError BAD_FIELD or TOO_FEW_ROWS naming file, line, field and value
 */
export function readOrderList(file: string): readonly ListedOrder[] {
  const lines = new Map<number, number>()
  const orders = readRowFile(file, ORDER_COLUMNS).map((row) => {
    const order = readOrder(row)
    const before = lines.get(order.id)
    if (before !== undefined) throw row.bad('order_id', `stands in line ${before} already`)
    lines.set(order.id, row.line)
    return order
  })
  if (orders.length > 0) return orders
  throw new DataError('TOO_FEW_ROWS', 'holds no order; expected at least one', { file })
}

function readOrder(row: FileRow): ListedOrder {
  const id = row.integer('order_id', 0, Number.MAX_SAFE_INTEGER)
  const timeNs = row.time('local_ts_ns')
  const type = row.word('order_type', TYPES)
  const timeInForce = row.word('time_in_force', TIMES)
  if (type === 'market' && timeInForce === 'GTX') {
    throw row.bad('time_in_force', 'makes no sense here: a market order cannot be post-only')
  }
  const cancel = row.time('cancel_local_ts_ns')
  if (cancel !== 0n && cancel < timeNs) {
    throw row.bad('cancel_local_ts_ns', `is before the order itself, ${timeNs}; 0 is for none`)
  }
  return {
    row,
    id,
    timeNs,
    side: row.word('side', SIDES),
    priceTicks: row.integer('price_tick', -TICK_MAX, TICK_MAX),
    sizeLots: row.integer('qty_lots', 1, Number.MAX_SAFE_INTEGER),
    timeInForce,
    type,
    cancelNs: cancel === 0n ? undefined : cancel,
  }
}

/**
 * Holds a list against the data that it is sent into.
 *
 * @throws DataError OUT_OF_RANGE for an order outside the data, OFF_GRID for one off the grid
 */
export function checkOrderList(orders: readonly ListedOrder[], feed: LobFeed): void {
  const { tape, instrument } = feed
  const first = tape.epochNs + BigInt(Math.ceil(tape.firstTime))
  const last = tape.epochNs + BigInt(Math.floor(tape.lastTime))
  for (const order of orders) {
    const { row, timeNs } = order
    if (timeNs < first || timeNs > last) {
      throw row.bad(
        'local_ts_ns',
        `(${formatInstant(timeNs)}) is outside the data, which were received from ${first} (${formatInstant(first)}) to ${last} (${formatInstant(last)})`,
        'OUT_OF_RANGE',
      )
    }
    checkGrid(order, instrument)
  }
}

function checkGrid({ row, type, priceTicks, sizeLots }: ListedOrder, instrument: Instrument): void {
  const { orderTickStep, orderLotStep, spec } = instrument
  if (type === 'limit' && priceTicks % orderTickStep !== 0) {
    const step = `${orderTickStep} data ticks (${spec.tickSize})`
    throw row.bad(
      'price_tick',
      `is not a multiple of ${step}, the step of order prices`,
      'OFF_GRID',
    )
  }
  if (sizeLots % orderLotStep !== 0) {
    const step = `${orderLotStep} data lots (${spec.lotSize})`
    throw row.bad('qty_lots', `is not a multiple of ${step}, the step of order sizes`, 'OFF_GRID')
  }
}
