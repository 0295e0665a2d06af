/** The order table of a run: what became of each order, in columns of decimals. */
import type { Instrument } from '../market/index.ts'
import {
  ORDER_STATUSES,
  ORDER_TYPES,
  TIMES_IN_FORCE,
  TRIGGER_SOURCES,
  type Order,
  type OrderRef,
  type SpecialTerms,
} from '../order/index.ts'
import type { OrderColumns, SpecialOrderColumns } from './run-record.ts'

const POST_ONLY = [undefined, 'reject', 'slide'] as const

/**
 * Returns the order table of a run over these instruments.
 *
 * @param orders in order of submission, each looked at once: handles need not outlive their turn
 * @param count of them
 */
export function orderColumns(
  orders: Iterable<Order>,
  count: number,
  instruments: readonly Instrument[],
): OrderColumns {
  const columns = emptyColumns(count)
  let special: SpecialOrderColumns | undefined
  let row = 0
  for (const order of orders) {
    const terms = order.special
    if (terms !== undefined) {
      special ??= emptySpecialColumns(count)
      putSpecial(special, row, order, terms)
    }
    const { instrument } = order
    columns.instrument[row] = instruments.indexOf(instrument)
    columns.id[row] = order.id
    columns.side[row] = order.side
    columns.type[row] = ORDER_TYPES.indexOf(order.type)
    columns.tif[row] = TIMES_IN_FORCE.indexOf(order.timeInForce)
    columns.price[row] = order.price
    columns.size[row] = order.size
    columns.filled[row] = order.filled
    columns.averagePrice[row] = order.averagePrice
    columns.status[row] = ORDER_STATUSES.indexOf(order.status)
    columns.submitLocal[row] = order.submitLocal
    columns.acceptExch[row] = order.acceptExch
    columns.acceptLocal[row] = order.acceptLocal
    columns.cancelLocal[row] = order.cancelLocal
    columns.doneExch[row] = order.doneExch
    columns.doneLocal[row] = order.doneLocal
    columns.queueAhead[row] = instrument.size(order.queueAheadLots)
    row++
  }
  return { ...special, ...columns }
}

function emptyColumns(length: number): OrderColumns {
  const doubles = (): Float64Array => new Float64Array(length)
  return {
    length,
    instrument: new Uint16Array(length),
    id: doubles(),
    side: new Int8Array(length),
    type: new Uint8Array(length),
    tif: new Uint8Array(length),
    price: doubles(),
    size: doubles(),
    filled: doubles(),
    averagePrice: doubles(),
    status: new Uint8Array(length),
    submitLocal: doubles(),
    acceptExch: doubles(),
    acceptLocal: doubles(),
    cancelLocal: doubles(),
    doneExch: doubles(),
    doneLocal: doubles(),
    queueAhead: doubles(),
  }
}

/** Columns of orders that ask for nothing special. */
function emptySpecialColumns(length: number): SpecialOrderColumns {
  const unsaid = (): Float64Array => new Float64Array(length).fill(Number.NaN)
  return {
    trigger: unsaid(),
    triggerBy: new Uint8Array(length),
    triggerExch: unsaid(),
    triggerLocal: unsaid(),
    displaySize: unsaid(),
    reduceOnly: new Uint8Array(length),
    postOnly: new Uint8Array(length),
    expireExch: unsaid(),
    parent: unsaid(),
    oco: unsaid(),
    ouo: unsaid(),
  }
}

function putSpecial(
  columns: SpecialOrderColumns,
  row: number,
  order: Order,
  { triggerBy, postOnly, parent, oco, ouo }: SpecialTerms,
): void {
  columns.trigger[row] = order.trigger
  columns.triggerBy[row] = triggerBy === undefined ? 0 : 1 + TRIGGER_SOURCES.indexOf(triggerBy)
  columns.triggerExch[row] = order.triggerExch
  columns.triggerLocal[row] = order.triggerLocal
  columns.displaySize[row] = order.displaySize
  columns.reduceOnly[row] = order.isReduceOnly ? 1 : 0
  columns.postOnly[row] = POST_ONLY.indexOf(postOnly)
  columns.expireExch[row] = order.expireTime
  columns.parent[row] = idOf(parent)
  columns.oco[row] = idOf(oco)
  columns.ouo[row] = idOf(ouo)
}

function idOf(other: OrderRef | undefined): number {
  return other?.id ?? Number.NaN
}
