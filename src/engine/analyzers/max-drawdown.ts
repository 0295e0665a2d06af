/** The deepest fall of equity below its peak. */
import type { RunRecord } from '../run-record.ts'
import { Analyzer } from './analyzer.ts'

/** A drawdown; times are local, ns since the epoch. */
export interface MaxDrawdownResult {
  /** Depth in the settlement currency, >= 0. */
  readonly value: number
  /** Largest fall as a share of the peak before it, 0 to 1; null without starting cash. */
  readonly share: number | null
  /** When the peak stood; null when equity never fell. */
  readonly from: number | null
  /** When the depth was reached. */
  readonly to: number | null
  /** When the peak was reached again; null when it was not. */
  readonly recovered: number | null
  /** From the peak to its recovery, or to the end of the run. */
  readonly durationNs: number
  /** Longest time below any peak. */
  readonly longestNs: number
}

/** Finds the deepest drawdown of the sampled equity, and the longest. */
export class MaxDrawdown extends Analyzer<MaxDrawdownResult> {
  static override readonly key = 'maxDrawdown'

  analyze(run: RunRecord): MaxDrawdownResult {
    const { time, equity, length } = run.samples
    const hasCapital = run.totals.startingCash > 0
    const worst = { value: 0, from: -1, to: -1 }
    let share = 0
    let longestNs = 0
    let peak = 0
    for (let i = 1; i < length; i++) {
      if (equity[i]! >= equity[peak]!) {
        // The row before the recovery was still below the peak; the time between counts too.
        if (i - peak > 1) longestNs = Math.max(longestNs, time[i]! - time[peak]!)
        peak = i
        continue
      }
      longestNs = Math.max(longestNs, time[i]! - time[peak]!)
      const fall = equity[peak]! - equity[i]!
      if (fall > worst.value) Object.assign(worst, { value: fall, from: peak, to: i })
      if (equity[peak]! > 0) share = Math.max(share, fall / equity[peak]!)
    }
    if (worst.to < 0) {
      const none = { from: null, to: null, recovered: null }
      return { value: 0, share: hasCapital ? 0 : null, ...none, durationNs: 0, longestNs }
    }
    let end = worst.to
    while (end < length && equity[end]! < equity[worst.from]!) end++
    const isRecovered = end < length
    return {
      value: worst.value,
      share: hasCapital ? share : null,
      from: time[worst.from]!,
      to: time[worst.to]!,
      recovered: isRecovered ? time[end]! : null,
      durationNs: time[isRecovered ? end : length - 1]! - time[worst.from]!,
      longestNs,
    }
  }
}
