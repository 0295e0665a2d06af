/** Collects the levels of a snapshot aside, so that a book changes at its end and at once. */
import { NO_ASK, NO_BID, type Ladder } from './ladder.ts'

/** Levels of both sides in order of arrival, in typed arrays that grow by doubling. */
export class SnapshotLevels {
  #isBid = new Uint8Array(256)
  #ticks = new Int32Array(256)
  #lots = new Float64Array(256)
  #count = 0

  /** Levels collected. */
  get count(): number {
    return this.#count
  }

  clear(): void {
    this.#count = 0
  }

  push(isBid: boolean, tick: number, lots: number): void {
    const row = this.#count
    if (row === this.#ticks.length) this.#grow()
    this.#isBid[row] = isBid ? 1 : 0
    this.#ticks[row] = tick
    this.#lots[row] = lots
    this.#count = row + 1
  }

  /** Tells each level in order of arrival. */
  forEach(tell: (isBid: boolean, tick: number, lots: number) => void): void {
    for (let i = 0; i < this.#count; i++) {
      tell(this.#isBid[i] === 1, this.#ticks[i]!, this.#lots[i]!)
    }
  }

  /** Replaces every level of `ladder`; of two levels at one tick the later one counts. */
  replace(ladder: Ladder): void {
    ladder.clear()
    // The best prices first: the ladder then settles its windows once.
    let bid = NO_BID
    let ask = NO_ASK
    for (let i = 0; i < this.#count; i++) {
      const tick = this.#ticks[i]!
      if (this.#isBid[i] === 1) bid = Math.max(bid, tick)
      else ask = Math.min(ask, tick)
    }
    if (bid !== NO_BID) ladder.setBid(bid, 1)
    if (ask !== NO_ASK) ladder.setAsk(ask, 1)
    for (let i = 0; i < this.#count; i++) {
      if (this.#isBid[i] === 1) ladder.setBid(this.#ticks[i]!, this.#lots[i]!)
      else ladder.setAsk(this.#ticks[i]!, this.#lots[i]!)
    }
  }

  #grow(): void {
    const isBid = new Uint8Array(this.#count * 2)
    const ticks = new Int32Array(this.#count * 2)
    const lots = new Float64Array(this.#count * 2)
    isBid.set(this.#isBid)
    ticks.set(this.#ticks)
    lots.set(this.#lots)
    this.#isBid = isBid
    this.#ticks = ticks
    this.#lots = lots
  }
}
