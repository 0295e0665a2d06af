/** The earliest of many times, kept as they change: a winner tree. */
import { assert } from '../core/index.ts'

/**
 * Times by slot, Infinity at first. Setting one costs at most the height of the tree, reading the
 * earliest costs nothing: what does not move is not looked at.
 */
export class NextTimes {
  /** The root at 1, the children of `n` at `2n` and `2n + 1`, slots as leaves from `#leaves` on. */
  readonly #tree: Float64Array
  readonly #leaves: number = 0
  readonly #earliest: Float64Array
  readonly #stage: number = 0

  /** @param told has the earliest time of all slots at `stage`, whenever it changes */
  constructor(slots: number, told: Float64Array = new Float64Array(1), stage = 0) {
    assert(slots > 0 && stage < told.length, 'slots > 0, and the stage has a place')
    this.#earliest = told
    this.#stage = stage
    told[stage] = Number.POSITIVE_INFINITY
    let leaves = 1
    while (leaves < slots) leaves *= 2
    this.#leaves = leaves
    this.#tree = new Float64Array(2 * leaves).fill(Number.POSITIVE_INFINITY)
  }

  /** The earliest time of all slots. */
  get min(): number {
    return this.#earliest[this.#stage]!
  }

  /** The lowest of the slots that have the earliest time. */
  get first(): number {
    const tree = this.#tree
    const min = tree[1]!
    let node = 1
    while (node < this.#leaves) {
      node *= 2
      if (tree[node] !== min) node++
    }
    return node - this.#leaves
  }

  /** The time of a slot. */
  at(slot: number): number {
    return this.#tree[this.#leaves + slot]!
  }

  set(slot: number, time: number): void {
    const tree = this.#tree
    let node = this.#leaves + slot
    let least = time
    tree[node] = time
    while (node > 1) {
      const other = tree[node ^ 1]!
      if (other < least) least = other
      node >>= 1
      if (tree[node] === least) return
      tree[node] = least
    }
    this.#earliest[this.#stage] = least
  }
}
