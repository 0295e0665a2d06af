/** A venue's own account of the orders of a list. */
import { DataError, LobtraderError } from '../../core/index.ts'
import { OUTCOME_STATUSES, type ActualOutcome } from '../../engine/index.ts'
import type { Instrument } from '../../market/index.ts'
import { failureOf } from '../failure.ts'
import type { ListedOrder } from './order-list.ts'
import { OUTCOME_COLUMNS } from './outcome-file.ts'
import { readRowFile, type FileRow } from './row-file.ts'

const TICK_MAX = 2 ** 31 - 1
const STATUS_WORDS = Object.fromEntries(OUTCOME_STATUSES.map((status) => [status, status]))
/** What ends an order, or lets it rest, the moment a request arrives. */
const ENDED_BY_REQUEST = new Set<string>(['New', 'Canceled', 'Expired'])

/** What is known of the orders and of the venue that they went to. */
export interface ActualContext {
  readonly orders: readonly ListedOrder[]
  /** How errors call the list. */
  readonly listFile: string
  readonly instrument: Instrument
}

/** The columns of a file of fills, one row a fill. */
export const FILL_COLUMNS = ['order_id', 'exch_ts_ns'] as const

/**
 * Reads either the last state of each order, in the columns of an outcome file, or fills: one row
 * each with `order_id`, `exch_ts_ns`, `price_tick` or `price`, `qty_lots` or `qty`, and perhaps
 * `maker`. By the first an order without a row is unknown; by the second it was not filled.
 *
 * @throws DataError BAD_FIELD, OFF_GRID or TOO_FEW_ROWS naming file, line, field and value
 */
export function readActual(
  file: string,
  context: ActualContext,
): ReadonlyMap<number, ActualOutcome> {
  const rows = readRowFile(file, FILL_COLUMNS)
  const [first] = rows
  const orders = new Map(context.orders.map((order) => [order.id, order]))
  const orderOf = (row: FileRow): ListedOrder => {
    const order = orders.get(row.integer('order_id', 0, Number.MAX_SAFE_INTEGER))
    if (order === undefined) throw row.bad('order_id', `is no order of ${context.listFile}`)
    return order
  }
  if (first === undefined) {
    throw new DataError('TOO_FEW_ROWS', 'holds no row; expected what became of the orders', {
      file,
    })
  }
  if (OUTCOME_COLUMNS.every((name) => first.has(name))) return readStates(rows, orderOf)
  const price = ['price_tick', 'price'].find((name) => first.has(name))
  const size = ['qty_lots', 'qty'].find((name) => first.has(name))
  if (price === undefined || size === undefined) {
    throw new DataError(
      'BAD_FIELD',
      `has neither the columns of an outcome file (${OUTCOME_COLUMNS.join(',')}) nor those of fills (order_id,exch_ts_ns,price_tick or price,qty_lots or qty)`,
      { file, line: 1 },
    )
  }
  return readFills(rows, orderOf, { price, size, ...context })
}

function readStates(
  rows: readonly FileRow[],
  orderOf: (row: FileRow) => ListedOrder,
): ReadonlyMap<number, ActualOutcome> {
  const actual = new Map<number, ActualOutcome>()
  for (const row of rows) {
    const order = orderOf(row)
    if (actual.has(order.id)) throw row.bad('order_id', 'has a row already')
    const status = row.word('status', STATUS_WORDS)
    const leavesLots = row.integer('leaves_qty_lots', 0, order.sizeLots)
    const filledLots = order.sizeLots - leavesLots
    if (status === 'Filled' && leavesLots > 0) {
      throw row.bad('leaves_qty_lots', 'is left of an order that is Filled; expected 0')
    }
    if (status === 'New' && filledLots > 0) {
      throw row.bad('leaves_qty_lots', `is left of a New order of ${order.sizeLots}`)
    }
    const ticks = row.integer('exec_price_tick', -TICK_MAX, TICK_MAX)
    const isMaker = row.word('maker', { '0': false, '1': true })
    const exchNs = row.time('exch_ts_ns')
    const localNs = row.time('local_ts_ns')
    const isFillLast = status === 'Filled' || status === 'PartiallyFilled'
    const tellsEntry = exchNs > 0n && (isFillLast ? !isMaker : ENDED_BY_REQUEST.has(status))
    const sent = isFillLast ? order.timeNs : localNs
    actual.set(order.id, {
      id: order.id,
      filledLots,
      averageTicks: filledLots > 0 ? ticks : Number.NaN,
      fillNs: filledLots > 0 && isFillLast ? exchNs : undefined,
      // Of several fills the file tells the last.
      firstFillNs:
        isFillLast && row.integer('last_exec_qty_lots', 0, order.sizeLots) === filledLots
          ? exchNs
          : undefined,
      cancelledNs: status === 'Canceled' ? exchNs : undefined,
      mayHaveRested: isFillLast ? isMaker : status === 'New' || status === 'Canceled',
      entryNs: tellsEntry ? Number(exchNs - sent) : undefined,
    })
  }
  return actual
}

interface Filled {
  lots: number
  tickLots: number
  firstNs: bigint
  lastNs: bigint
  entryNs: number | undefined
}

function readFills(
  rows: readonly FileRow[],
  orderOf: (row: FileRow) => ListedOrder,
  at: ActualContext & { readonly price: string; readonly size: string },
): ReadonlyMap<number, ActualOutcome> {
  const filled = new Map<number, Filled>()
  for (const row of rows) {
    const order = orderOf(row)
    const ticks =
      at.price === 'price_tick'
        ? row.integer(at.price, -TICK_MAX, TICK_MAX)
        : onGrid(row, at.price, (text) => at.instrument.ticksOf(text))
    const lots =
      at.size === 'qty_lots'
        ? row.integer(at.size, 1, order.sizeLots)
        : onGrid(row, at.size, (text) => at.instrument.lotsOf(text))
    const time = row.time('exch_ts_ns')
    const isTaker = row.has('maker') && !row.word('maker', { '0': false, '1': true })
    const before = filled.get(order.id) ?? {
      lots: 0,
      tickLots: 0,
      firstNs: time,
      lastNs: 0n,
      entryNs: undefined,
    }
    if (lots < 1 || before.lots + lots > order.sizeLots) {
      throw row.bad(
        at.size,
        `makes ${before.lots + lots} lots filled of an order of ${order.sizeLots}`,
      )
    }
    filled.set(order.id, {
      lots: before.lots + lots,
      tickLots: before.tickLots + ticks * lots,
      firstNs: time < before.firstNs ? time : before.firstNs,
      lastNs: time > before.lastNs ? time : before.lastNs,
      entryNs: isTaker ? Number(time - order.timeNs) : before.entryNs,
    })
  }
  return new Map(at.orders.map(({ id }) => [id, outcomeOf(id, filled.get(id))]))
}

function outcomeOf(id: number, filled: Filled | undefined): ActualOutcome {
  return {
    id,
    filledLots: filled?.lots ?? 0,
    averageTicks: filled === undefined ? Number.NaN : filled.tickLots / filled.lots,
    fillNs: filled?.lastNs,
    firstFillNs: filled?.firstNs,
    // Its first fill would have been a taker's.
    mayHaveRested: filled?.entryNs === undefined,
    entryNs: filled?.entryNs,
  }
}

/** Reads a decimal of the instrument's grid. */
function onGrid(row: FileRow, field: string, read: (text: string) => number): number {
  const text = row.text(field)
  if (!/^-?\d+(?:\.\d+)?$/.test(text)) throw row.bad(field, 'is not a plain decimal')
  try {
    return read(text)
  } catch (error) {
    if (!(error instanceof LobtraderError)) throw error
    throw row.bad(field, `cannot be: ${failureOf(error).message}`, error.code)
  }
}
