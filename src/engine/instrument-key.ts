/** How an instrument is named where several venues may have its symbol. */
import type { Instrument } from '../market/index.ts'

/** Returns `venue:symbol`. */
export function instrumentKey({ venue, symbol }: Instrument): string {
  return `${venue}:${symbol}`
}
