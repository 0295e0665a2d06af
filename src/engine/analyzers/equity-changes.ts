/** Cuts the equity of a run into changes over equal steps. */
import { LobtraderError } from '../../core/index.ts'
import { durationNs, type Duration } from '../../time/index.ts'
import type { RunRecord } from '../run-record.ts'

const YEAR_NS = 365 * 86_400e9

/** Changes of equity, one a step. */
export interface EquityChanges {
  /** The step that was used: what was asked, or the sampling interval when that is longer. */
  readonly everyNs: number
  readonly changes: Float64Array
  /** sqrt(steps a year), a year being 365 x 86,400 s. */
  readonly annualisation: number
  /** Spread of changes below which they are float noise of the equity. */
  readonly noise: number
}

/**
 * Returns the changes of equity every `everyNs`. A last step that is not whole is left out; on bars
 * with `everyNs` up to the bar, a step is a bar, whatever the calendar says.
 */
export function equityChanges(run: RunRecord, everyNs: number): EquityChanges {
  const { samples } = run
  const { equity, time, length } = samples
  const step = Math.max(everyNs, samples.intervalNs)
  const changes: number[] = []
  if (run.source === 'bars' && everyNs <= samples.intervalNs) {
    for (let i = 1; i < length; i++) changes.push(equity[i]! - equity[i - 1]!)
  } else if (length > 0) {
    const first = time[0]!
    const last = time[length - 1]!
    let row = 0
    for (let k = 1; first + k * step <= last; k++) {
      const before = equity[row]!
      while (row + 1 < length && time[row + 1]! <= first + k * step) row++
      changes.push(equity[row]! - before)
    }
  }
  let largest = 0
  for (let i = 0; i < length; i++) largest = Math.max(largest, Math.abs(equity[i]!))
  return {
    everyNs: step,
    changes: Float64Array.from(changes),
    annualisation: Math.sqrt(YEAR_NS / step),
    noise: 4 * Number.EPSILON * largest,
  }
}

/**
 * Returns a sampling interval in ns.
 *
 * @throws LobtraderError BAD_DURATION, or BAD_ARGUMENT when it is 0
 */
export function samplingNs(every: Duration | undefined): number {
  const ns = durationNs(every ?? '1s')
  if (ns === 0) {
    throw new LobtraderError('BAD_ARGUMENT', 'option every must be longer than 0', { every: ns })
  }
  return ns
}
