/** What became of the orders of a list, in the words of hftbacktest. */
import type { Side } from '../../market/index.ts'
import type { Order, OrderStatus } from '../../order/index.ts'
import type { RunResult } from '../run-result.ts'
import type { OrderScript, ScriptedOrder, SentOrder } from './scripted-orders.ts'

/** The words of hftbacktest's `Status` for the last state of an order. */
export const OUTCOME_STATUSES = [
  'New',
  'PartiallyFilled',
  'Filled',
  'Canceled',
  'Expired',
  'Rejected',
] as const
export type OutcomeStatus = (typeof OUTCOME_STATUSES)[number]

/** The last state of one order. */
export interface OrderOutcome {
  readonly id: number
  readonly status: OutcomeStatus
  /** Price of its last fill in data ticks; 0 without one. */
  readonly execPriceTicks: number
  /** Size of its last fill; 0 without one. */
  readonly lastExecLots: number
  readonly leavesLots: number
  /** True when its last fill was a maker's. */
  readonly isMaker: boolean
  /** When it last changed, Unix ns on the exchange's clock; 0: it never was there. */
  readonly exchNs: bigint
  /** When our last request about it was sent, Unix ns on the local clock. */
  readonly localNs: bigint
  readonly sizeLots: number
  readonly filledLots: number
  /** Size-weighted price of its fills in ticks; NaN without one. */
  readonly averageTicks: number
  /** When it last filled, Unix ns on the exchange's clock; undefined without a fill. */
  readonly fillNs: bigint | undefined
  /** Why it was rejected or has expired; empty otherwise. */
  readonly reason: string
  readonly side: Side
  /**
   * How far behind the best price of its own side it stood as it was sent, in ticks: 0 joins it,
   * below 0 lies inside the spread, -Infinity takes; NaN where there was no such price.
   */
  readonly distanceTicks: number
  /** Lots ahead of it as it came to rest; NaN where it never did. */
  readonly queueAheadLots: number
}

const WORDS: Readonly<Record<Exclude<OrderStatus, 'submitted' | 'cancelPending'>, OutcomeStatus>> =
  {
    accepted: 'New',
    partial: 'PartiallyFilled',
    filled: 'Filled',
    cancelled: 'Canceled',
    expired: 'Expired',
    rejected: 'Rejected',
  }

interface LastFill {
  readonly row: number
  readonly exchTime: number
}

/**
 * Returns the outcome of each order of a list, in its order.
 *
 * @param result of the run of `scriptedOrders(orders)`
 */
export function orderOutcomes(
  result: RunResult,
  orders: readonly ScriptedOrder[],
): readonly OrderOutcome[] {
  const { sent } = result.strategy as OrderScript
  const { fills, epochNs, instrument } = result.record
  const lastFills = new Map<number, LastFill>()
  for (let row = 0; row < fills.length; row++) {
    lastFills.set(fills.orderId[row]!, { row, exchTime: fills.exchTime[row]! })
  }
  return orders.flatMap(({ id, side, sizeLots }) => {
    const there = sent.get(id)
    // The run ended before its time came.
    if (there === undefined) return []
    const { order } = there
    const fill = lastFills.get(order.id)
    const exchTime = lastChange(order, fill)
    const unix = (time: number): bigint => epochNs + BigInt(time)
    return {
      id,
      status: statusOf(order),
      execPriceTicks: fill === undefined ? 0 : instrument.ticksOf(fills.price[fill.row]!),
      lastExecLots: fill === undefined ? 0 : instrument.lotsOf(fills.size[fill.row]!),
      leavesLots: order.sizeLots - order.filledLots,
      isMaker: fill !== undefined && fills.maker[fill.row] === 1,
      exchNs: Number.isNaN(exchTime) ? 0n : unix(exchTime),
      localNs: unix(Number.isNaN(order.cancelLocal) ? order.submitLocal : order.cancelLocal),
      sizeLots,
      filledLots: order.filledLots,
      averageTicks: order.filledLots === 0 ? Number.NaN : order.filledTickLots / order.filledLots,
      fillNs: fill === undefined ? undefined : unix(fill.exchTime),
      reason: order.reason,
      side,
      distanceTicks: distanceOf(there),
      queueAheadLots: order.queueAheadLots,
    }
  })
}

/** When the order last changed at the exchange; NaN when it never was there. */
function lastChange(order: Order, fill: LastFill | undefined): number {
  if (!Number.isNaN(order.doneExch)) return order.doneExch
  return order.filledLots > 0 && fill !== undefined ? fill.exchTime : order.acceptExch
}

/** An order about which a request is still on its way is what it was before. */
function statusOf(order: Order): OutcomeStatus {
  const { status, filledLots } = order
  if (status === 'submitted') return 'New'
  if (status === 'cancelPending') return filledLots === 0 ? 'New' : 'PartiallyFilled'
  return WORDS[status]
}

function distanceOf({ order, bidTicks, askTicks }: SentOrder): number {
  const [own, other] = order.isBuy ? [bidTicks, askTicks] : [askTicks, bidTicks]
  const behind = (best: number): number => order.side * (best - order.priceTicks)
  if (order.type === 'market' || behind(other) <= 0) return Number.NEGATIVE_INFINITY
  return behind(own)
}
