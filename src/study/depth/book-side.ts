/** What the depth figures share: sides, the mid in ticks, limits, and a walk as one record. */
import { LobtraderError } from '../../core/index.ts'
import { NO_ASK, NO_BID, type BookView } from '../../book/index.ts'
import { BUY, type Side } from '../../market/index.ts'
import { NO_LEVEL, takeLevels, type SideIndex, type Taken } from './take-levels.kernel.ts'

/** What stands for no limit on a key. */
const ANY_KEY = NO_LEVEL + 1

/** Where a walk ends; what is left out does not end it. */
interface WalkLimit {
  readonly lots?: number
  readonly levels?: number
  /** Worst tick that is still taken. */
  readonly tick?: number
  /** What costs are counted against; default: the best price of the side. */
  readonly referenceTick?: number
}

/** Returns the index of the side of the book that `side` names: bids for 1. */
export function standingSide(side: Side): SideIndex {
  return side === BUY ? 0 : 1
}

/** Returns the index of the side of the book from which a taker of `side` takes: asks for 1. */
export function takenSide(side: Side): SideIndex {
  return side === BUY ? 1 : 0
}

/** Returns the mid in ticks (a multiple of a half); undefined without both sides. */
export function midTicks(book: BookView): number | undefined {
  const { bestBidTick, bestAskTick } = book.ladder
  if (bestBidTick === NO_BID || bestAskTick === NO_ASK) return undefined
  return (bestBidTick + bestAskTick) / 2
}

/** Returns the mid in ticks where shares of it mean something: undefined unless above 0. */
export function positiveMidTicks(book: BookView): number | undefined {
  const mid = midTicks(book)
  return mid !== undefined && mid > 0 ? mid : undefined
}

/** Returns the worst tick of a side that lies within `bps` of a mid, that distance included. */
export function tickWithinBps(index: SideIndex, midTick: number, bps: number): number {
  const room = (midTick * bps) / 10_000
  return index === 0
    ? Math.max(NO_BID + 1, Math.ceil(midTick - room))
    : Math.min(NO_ASK - 1, Math.floor(midTick + room))
}

/** Walks one side of a book from its best level to a limit. */
export function walkSide(book: BookView, index: SideIndex, limit: WalkLimit): Taken {
  const side = book.ladder.sides[index]
  const { lots = Number.POSITIVE_INFINITY, levels = Number.POSITIVE_INFINITY, tick } = limit
  const reference = limit.referenceTick ?? side.best ^ -index
  const key = tick === undefined ? ANY_KEY : tick ^ -index
  const out: Taken = { lots: 0, levels: 0, bestTick: 0, worstTick: 0, cost: 0 }
  takeLevels(side, index, lots, levels, key, reference, book.instrument.isInverse, out)
  return out
}

/**
 * Returns the price, in ticks, at which all that was taken from the best price on has the value of
 * its parts: the mean weighted by size, harmonic for an inverse contract.
 */
export function averageTicks(
  book: BookView,
  index: SideIndex,
  taken: Taken,
  referenceTick: number,
): number {
  const { lots, cost, bestTick, worstTick } = taken
  const away = index === 0 ? -1 : 1
  const average = book.instrument.isInverse
    ? (lots * referenceTick) / (lots - away * cost)
    : referenceTick + (away * cost) / lots
  // A rounding must not put a mean outside its parts.
  const low = Math.min(bestTick, worstTick)
  return Math.min(Math.max(average, low), Math.max(bestTick, worstTick))
}

/** @throws LobtraderError BAD_ARGUMENT unless `levels` is a whole number >= 1, or infinite */
export function requireLevels(levels: number): void {
  const isCount = Number.isInteger(levels) || levels === Number.POSITIVE_INFINITY
  requireThat(isCount && levels >= 1, 'levels', levels, 'a whole number, 1 or more')
}

/** @throws LobtraderError BAD_ARGUMENT unless `bps` is finite and >= 0 */
export function requireBps(bps: number): void {
  requireThat(Number.isFinite(bps) && bps >= 0, 'bps', bps, 'a finite number, 0 or more')
}

/** @throws LobtraderError BAD_ARGUMENT naming the field and its value */
export function requireThat(
  isTrue: boolean,
  name: string,
  value: number | string,
  expected: string,
): void {
  if (isTrue) return
  throw new LobtraderError('BAD_ARGUMENT', `depth ${name} must be ${expected}, was ${value}`, {
    field: name,
    value: String(value),
  })
}
