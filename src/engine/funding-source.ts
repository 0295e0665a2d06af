/** How the funding of a perpetual contract is known. */
import type { FundingPoint } from '../order/index.ts'
import { textHash } from './text-hash.ts'

/**
 * `tape`: rows of the data tell of it, each effective at its own venue time; a schedule, such as a
 * venue publishes; `off`: nobody pays.
 */
export type FundingSource = 'tape' | 'off' | readonly FundingPoint[]

/** Returns a source as text for the settings of a run: a schedule by what it holds. */
export function fundingText(source: FundingSource): string {
  if (typeof source === 'string') return source
  const rates = source.map(({ timeNs, rate, mark }) => `${timeNs} ${rate} ${mark}`)
  return `schedule of ${source.length} (${textHash(rates.join(';')).toString(16)})`
}
