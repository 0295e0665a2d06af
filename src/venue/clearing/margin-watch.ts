/** Sets a watch to the marks that positions cannot bear, so that the tape runs freely until one. */
import type { Instrument } from '../../market/index.ts'
import { watchPrice, type AccountHolding } from '../../order/index.ts'
import { unsetWatch, type PriceWatch } from '../exchange.ts'

/** What a watch is to stop at. */
export interface Watched {
  readonly instrument: Instrument
  readonly stopsAtFunding: boolean
  /** Margined positions, each with its share of what its margin pool can lose. */
  readonly positions: readonly { readonly holding: AccountHolding; readonly share: number }[]
}

/** Sets `watch` anew. */
export function armWatch(watch: PriceWatch, watched: Watched): void {
  const { instrument, stopsAtFunding, positions } = watched
  unsetWatch(watch)
  watch.isSet = stopsAtFunding || positions.length > 0
  // Any mark is at or above this one: every row that tells of funding stops the tape.
  if (stopsAtFunding) watch.markAtLeast = Number.NEGATIVE_INFINITY
  const tick = instrument.price(1)
  for (const { holding, share } of positions) {
    const price = watchPrice(holding, share)
    // Rounded towards the present mark: an early look costs little, a late one is wrong.
    if (holding.position.lots > 0) {
      watch.midSumAtMost = Math.max(watch.midSumAtMost, Math.ceil((2 * price) / tick))
    } else {
      watch.midSumAtLeast = Math.min(watch.midSumAtLeast, Math.floor((2 * price) / tick))
    }
  }
}
