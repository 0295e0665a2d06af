/**
 * The two-sided L2 order book in integer ticks and lots: the kernel under every book of the
 * library. Each side keeps its own best, also while the book is crossed.
 */
import { LadderSide } from './ladder-side.ts'
import { WINDOW, type CompiledBook } from './level-memory.ts'

/** `bestBidTick` of a book without bids. */
export const NO_BID = -2147483648

/** `bestAskTick` of a book without asks. */
export const NO_ASK = 2147483647

/** How a {@link Ladder} is laid out. */
export interface LadderOptions {
  /**
   * Ticks around the touch that are held directly, at most, a power of two from 256 to 2^24;
   * default 16,384. A book begins with few and takes more as its levels need them.
   */
  readonly windowTicks?: number
}

/**
 * Price levels of both sides, each in a ring window around its best price; levels far away wait in
 * an ordered overflow. No update allocates, growth of the overflow apart.
 *
 * Ticks are 32-bit integers, without {@link NO_BID} for bids and {@link NO_ASK} for asks. Lots are
 * numbers > 0; 0 removes a level.
 */
export class Ladder {
  /** Bids by tick. */
  readonly bids: LadderSide
  /** Asks by the complement of their tick, so that the best ask has the greatest key. */
  readonly asks: LadderSide
  /** Both: `sides[0]` are the bids, `sides[1]` the asks; their key is `tick ^ -index`. */
  readonly sides: readonly [LadderSide, LadderSide]

  /** @param memory where the levels are kept; its window is the default one */
  constructor(options: LadderOptions = {}, memory?: CompiledBook) {
    const window = options.windowTicks ?? WINDOW
    this.bids = new LadderSide(window, memory?.side(0))
    this.asks = new LadderSide(window, memory?.side(1))
    memory?.serve(this.bids, this.asks)
    this.sides = [this.bids, this.asks]
  }

  /** Highest bid tick, {@link NO_BID} without bids. */
  get bestBidTick(): number {
    return this.bids.best
  }

  /** Lowest ask tick, {@link NO_ASK} without asks. */
  get bestAskTick(): number {
    return ~this.asks.best
  }

  /** Lots at the best bid, 0 without bids. */
  get bestBidLots(): number {
    return this.bids.bestLots
  }

  /** Lots at the best ask, 0 without asks. */
  get bestAskLots(): number {
    return this.asks.bestLots
  }

  /** Number of bid levels, counted when read. */
  get bidLevels(): number {
    return this.bids.count
  }

  /** Number of ask levels, counted when read. */
  get askLevels(): number {
    return this.asks.count
  }

  /** Sum of lots over all bids, computed when read. */
  get bidLotsTotal(): number {
    return this.bids.lotsTotal
  }

  /** Sum of lots over all asks, computed when read. */
  get askLotsTotal(): number {
    return this.asks.lotsTotal
  }

  /**
   * Sets the lots of the bid at `tick` (0 removes it) and returns what was there.
   *
   * @throws InvariantError when `lots` is negative or NaN, or `tick` is {@link NO_BID}
   */
  setBid(tick: number, lots: number): number {
    return this.bids.set(tick, lots)
  }

  /**
   * Sets the lots of the ask at `tick` (0 removes it) and returns what was there.
   *
   * @throws InvariantError when `lots` is negative or NaN, or `tick` is {@link NO_ASK}
   */
  setAsk(tick: number, lots: number): number {
    return this.asks.set(~tick, lots)
  }

  /** Returns the lots of the bid at `tick`, 0 when there is none. */
  bidLotsAt(tick: number): number {
    return this.bids.lotsAt(tick)
  }

  /** Returns the lots of the ask at `tick`, 0 when there is none. */
  askLotsAt(tick: number): number {
    return this.asks.lotsAt(~tick)
  }

  /** Returns the next bid tick strictly below `tick`, {@link NO_BID} when there is none. */
  nextBidBelow(tick: number): number {
    return this.bids.nextBelow(tick)
  }

  /** Returns the next ask tick strictly above `tick`, {@link NO_ASK} when there is none. */
  nextAskAbove(tick: number): number {
    return ~this.asks.nextBelow(~tick)
  }

  /** Takes the levels of another ladder in place of its own. @cost O(levels) */
  copyFrom(other: Ladder): void {
    this.bids.copyFrom(other.bids)
    this.asks.copyFrom(other.asks)
  }

  clearBids(): void {
    this.bids.clear()
  }

  clearAsks(): void {
    this.asks.clear()
  }

  clear(): void {
    this.bids.clear()
    this.asks.clear()
  }
}
