/** How long requests and answers took. */
import { ORDER_STATUSES } from '../../order/index.ts'
import type { RunRecord } from '../run-record.ts'
import { Analyzer } from './analyzer.ts'
import { mean, quantile } from './statistics.ts'

/** Quantiles of one leg in ns; null without a single order that went it. */
export interface LatencyQuantiles {
  readonly count: number
  readonly mean: number | null
  readonly min: number | null
  readonly p50: number | null
  readonly p90: number | null
  readonly p99: number | null
  readonly max: number | null
}

/** Latency of orders, leg by leg. */
export interface OrderLatencyResult {
  /** From our sending to the exchange's taking it on; carries the offset between both clocks. */
  readonly entry: LatencyQuantiles
  /** From the exchange's taking it on to our knowing; carries that offset too. */
  readonly response: LatencyQuantiles
  /** From our sending to our knowing, one clock. */
  readonly roundTrip: LatencyQuantiles
  /** From our sending of a cancel to our knowing that the order is cancelled, one clock. */
  readonly cancel: LatencyQuantiles
}

/** Measures each leg of the way of orders. */
export class OrderLatency extends Analyzer<OrderLatencyResult> {
  static override readonly key = 'orderLatency'

  analyze(run: RunRecord): OrderLatencyResult {
    const { orders } = run
    const { submitLocal, acceptExch, acceptLocal, cancelLocal, doneLocal, status, length } = orders
    const cancelled = ORDER_STATUSES.indexOf('cancelled')
    const leg = (from: Float64Array, to: Float64Array): Float64Array => {
      const spans = new Float64Array(length)
      for (let i = 0; i < length; i++) spans[i] = to[i]! - from[i]!
      return spans.filter((span) => !Number.isNaN(span))
    }
    // The cancel leg of an order that was filled instead says nothing of cancels.
    const cancelSent = cancelLocal.map((time, i) => (status[i] === cancelled ? time : Number.NaN))
    return {
      entry: quantiles(leg(submitLocal, acceptExch)),
      response: quantiles(leg(acceptExch, acceptLocal)),
      roundTrip: quantiles(leg(submitLocal, acceptLocal)),
      cancel: quantiles(leg(cancelSent, doneLocal)),
    }
  }
}

function quantiles(values: Float64Array): LatencyQuantiles {
  const sorted = values.toSorted()
  return {
    count: sorted.length,
    mean: mean(sorted),
    min: quantile(sorted, 0),
    p50: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    p99: quantile(sorted, 0.99),
    max: quantile(sorted, 1),
  }
}
