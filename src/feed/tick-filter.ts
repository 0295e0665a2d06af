/** Which trades of a tape count. */
import type { Side } from '../market/index.ts'

/** Bounds that a trade must keep to; those left out let everything pass. Bounds are inclusive. */
export interface TickFilter {
  /** Base units or contracts. */
  readonly minSize?: number | undefined
  readonly maxSize?: number | undefined
  /** Quote units. */
  readonly minPrice?: number | undefined
  readonly maxPrice?: number | undefined
  /** Side of the aggressor. */
  readonly side?: Side | undefined
}

/** True when a trade keeps to every bound of `filter`. */
export function passes(
  filter: TickFilter,
  trade: { readonly side: Side | 0; readonly price: number; readonly size: number },
): boolean {
  return (
    trade.size >= (filter.minSize ?? 0) &&
    trade.size <= (filter.maxSize ?? Number.POSITIVE_INFINITY) &&
    trade.price >= (filter.minPrice ?? Number.NEGATIVE_INFINITY) &&
    trade.price <= (filter.maxPrice ?? Number.POSITIVE_INFINITY) &&
    (filter.side === undefined || trade.side === filter.side)
  )
}

/** Returns the filter that both `a` and `b` let pass. */
export function bothFilters(a: TickFilter, b: TickFilter): TickFilter {
  const higher = (x: number | undefined, y: number | undefined): number | undefined =>
    x === undefined || y === undefined ? (x ?? y) : Math.max(x, y)
  const lower = (x: number | undefined, y: number | undefined): number | undefined =>
    x === undefined || y === undefined ? (x ?? y) : Math.min(x, y)
  return {
    minSize: higher(a.minSize, b.minSize),
    maxSize: lower(a.maxSize, b.maxSize),
    minPrice: higher(a.minPrice, b.minPrice),
    maxPrice: lower(a.maxPrice, b.maxPrice),
    side: a.side ?? b.side,
  }
}
