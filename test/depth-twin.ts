/** Random books and a slow twin of the depth figures, from decimal levels and plain loops. */
import fc from 'fast-check'
import { OrderBook, type BookDepth } from '../src/book/index.ts'
import { Instrument, type OrderBookLevel, type Side } from '../src/market/index.ts'

const grids = { venue: 'test', base: 'X', quote: 'Z', tickSize: '0.5', lotSize: '0.01' } as const

/** A spot pair on a grid of 0.5 and 0.01. */
export const LINEAR = new Instrument({ ...grids, symbol: 'XZ', kind: 'spot' })

/** An inverse perpetual on the same grid, contracts of 100. */
export const INVERSE = new Instrument({
  ...grids,
  symbol: 'XZ',
  kind: 'inverse-perpetual',
  multiplier: '100',
})

/** Levels of a side as [price in ticks, lots], best first. */
export type PlainLevels = readonly (readonly [tick: number, lots: number])[]

/** Returns a live book of these levels; a small window, so that some stand far away. */
export function bookOf(instrument: Instrument, bids: PlainLevels, asks: PlainLevels): OrderBook {
  const book = new OrderBook(instrument, { windowTicks: 256 })
  const levels = (side: PlainLevels): OrderBookLevel[] =>
    side.map(([tick, lots]) => ({
      price: instrument.price(tick),
      volume: instrument.size(lots),
      numOrders: 0,
    }))
  const { symbol } = instrument
  book.restore({ timestampNs: 0n, symbol, bids: levels(bids), asks: levels(asks), seqNum: 0 })
  return book
}

/** A book that is not crossed, both sides filled. */
export interface PlainBook {
  readonly bids: PlainLevels
  readonly asks: PlainLevels
}

const steps = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 999 })),
  {
    minLength: 1,
    maxLength: 25,
  },
)

/** Random books with prices far above 0. */
export const plainBooks: fc.Arbitrary<PlainBook> = fc
  .record({ bid: fc.integer({ min: 1000, max: 200_000 }), bids: steps, asks: steps })
  .map(({ bid, bids, asks }) => {
    const levels = (from: number, side: typeof bids, away: number): PlainLevels => {
      let tick = from
      return side.map(([step, lots]) => [(tick += step * away), lots] as const)
    }
    return { bids: levels(bid, bids, -1), asks: levels(bid, asks, 1) }
  })

/** Returns the book seen in a mirror that stands at its mid: what was bid is offered. */
export function mirrored({ bids, asks }: PlainBook): PlainBook {
  const sum = bids[0]![0] + asks[0]![0]
  const turn = (side: PlainLevels): PlainLevels => side.map(([tick, lots]) => [sum - tick, lots])
  return { bids: turn(asks), asks: turn(bids) }
}

/** What a taker got, from decimals. */
export interface TwinFill {
  readonly filled: number
  readonly levels: number
  readonly worstPrice: number
  readonly value: number
  readonly price: number
  readonly cost: number
  readonly costBps: number
}

/** Takes `size` level by level, as far as `accepts` the price. */
export function twinTake(
  book: OrderBook,
  side: Side,
  size: number,
  accepts: (price: number) => boolean = () => true,
): TwinFill {
  const { instrument } = book
  const { isInverse, multiplier } = instrument
  const depth = book.getDepth(Number.POSITIVE_INFINITY)
  let left = size
  let [filled, value, levels, worstPrice] = [0, 0, 0, Number.NaN]
  for (const level of side === 1 ? depth.asks : depth.bids) {
    if (left <= instrument.lotSize / 2 || !accepts(level.price)) break
    const taken = Math.min(left, level.volume)
    left -= taken
    filled += taken
    value += (isInverse ? taken / level.price : taken * level.price) * multiplier
    levels++
    worstPrice = level.price
  }
  const mid = twinMid(depth)
  const atMid = (isInverse ? filled / mid : filled * mid) * multiplier
  const cost = (value - atMid) * side * (isInverse ? -1 : 1)
  const price = isInverse ? (filled * multiplier) / value : value / (filled * multiplier)
  return { filled, levels, worstPrice, value, price, cost, costBps: (cost / atMid) * 10_000 }
}

/** Mean of the best prices. */
export function twinMid(depth: BookDepth): number {
  return (depth.bids[0]!.price + depth.asks[0]!.price) / 2
}

/** Naes & Skjeltorp's slope of one side from a table of prices and lots. */
export function twinSlope(
  side: readonly OrderBookLevel[],
  mid: number,
  lotSize: number,
  levels: number,
): number {
  const rows = side.slice(0, levels)
  const logs = rows.map((_, i) =>
    Math.log(rows.slice(0, i + 1).reduce((sum, row) => sum + row.volume / lotSize, 0)),
  )
  const terms = rows.map((row, i) =>
    i === 0
      ? logs[0]! / Math.abs(row.price / mid - 1)
      : (logs[i]! / logs[i - 1]! - 1) / Math.abs(row.price / rows[i - 1]!.price - 1),
  )
  return terms.reduce((sum, term) => sum + term, 0) / rows.length
}

/** Imbalance with weights from `distance` of a level and its place. */
export function twinImbalance(
  depth: BookDepth,
  levels: number,
  decay: number,
  distance: (price: number, place: number) => number,
): number {
  const weigh = (side: readonly OrderBookLevel[]): number =>
    side
      .slice(0, levels)
      .reduce((sum, row, i) => sum + row.volume * Math.exp(-decay * distance(row.price, i)), 0)
  const [bids, asks] = [weigh(depth.bids), weigh(depth.asks)]
  return (bids - asks) / (bids + asks)
}
