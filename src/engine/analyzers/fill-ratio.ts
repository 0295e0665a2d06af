/** What became of the orders. */
import { exactSum } from '../../core/index.ts'
import { ORDER_STATUSES, type OrderStatus } from '../../order/index.ts'
import type { RunRecord } from '../run-record.ts'
import { Analyzer } from './analyzer.ts'
import { haveCommonUnit } from './instrument-parts.ts'
import { ratio } from './statistics.ts'

/**
 * Counts of orders by how they ended; sizes in base units or contracts, null where those of several
 * instruments do not add up.
 */
export interface FillRatioResult {
  readonly submitted: number
  /** Filled whole. */
  readonly filled: number
  /** Filled in part, whatever became of the rest. */
  readonly partlyFilled: number
  readonly cancelled: number
  readonly expired: number
  readonly rejected: number
  /** Still open at the end of the run. */
  readonly open: number
  /** filled / submitted; null without orders. */
  readonly orderRatio: number | null
  readonly sizeSubmitted: number | null
  readonly sizeFilled: number | null
  /** sizeFilled / sizeSubmitted; null without orders. */
  readonly sizeRatio: number | null
  /** Orders submitted a fill; null without fills. */
  readonly ordersPerFill: number | null
}

/** Counts what became of the orders. */
export class FillRatio extends Analyzer<FillRatioResult> {
  static override readonly key = 'fillRatio'

  analyze(run: RunRecord): FillRatioResult {
    const { orders } = run
    const byStatus = new Map<OrderStatus, number>(ORDER_STATUSES.map((status) => [status, 0]))
    let partlyFilled = 0
    for (let i = 0; i < orders.length; i++) {
      const status = ORDER_STATUSES[orders.status[i]!]!
      byStatus.set(status, byStatus.get(status)! + 1)
      if (status !== 'filled' && orders.filled[i]! > 0) partlyFilled++
    }
    const ended = (status: OrderStatus): number => byStatus.get(status)!
    const filled = ended('filled')
    const addsUp = haveCommonUnit(run.instruments)
    const sizeSubmitted = addsUp ? exactSum(orders.size.subarray(0, orders.length)) : null
    const sizeFilled = addsUp ? exactSum(orders.filled.subarray(0, orders.length)) : null
    return {
      submitted: orders.length,
      filled,
      partlyFilled,
      cancelled: ended('cancelled'),
      expired: ended('expired'),
      rejected: ended('rejected'),
      open: ended('submitted') + ended('accepted') + ended('partial') + ended('cancelPending'),
      orderRatio: ratio(filled, orders.length),
      sizeSubmitted,
      sizeFilled,
      sizeRatio: ratio(sizeFilled ?? Number.NaN, sizeSubmitted ?? Number.NaN),
      ordersPerFill: ratio(orders.length, run.fills.length),
    }
  }
}
