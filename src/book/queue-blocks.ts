/**
 * Sums over the queues of a market-by-order book, so that what stands ahead of any order is known
 * without a walk through its queue.
 *
 * Successive orders of one queue share a block, up to 32 of them; successive blocks share a block of
 * the next tier, and so on up to one root. Every block has the lots and the orders below it. A
 * change of an order is added to its block and to those above; what stands ahead of an order is
 * what precedes it in its block, plus the blocks that precede its own in each tier. A block whose
 * last order leaves goes, and so does a root with a single block.
 */
/** Orders of a block, and blocks of a block of the next tier. */
const FAN_OUT = 32

/** 32-bit words of one block, as a shift; its lots are the double in the first two. */
const WORDS = 3
const DOUBLES = WORDS - 1
/** Words of a block: orders below it, its parent, its neighbours under the same parent, births. */
const ORDERS = 2
const PARENT = 3
const PREV = 4
const NEXT = 5
const BORN = 6

/** Blocks by number, from 1 on; 0 stands for "no block". */
export class QueueBlocks {
  /** Lots ahead, as of the last {@link sumBefore}. */
  lotsBefore = 0
  /** Orders ahead, as of the last {@link sumBefore}. */
  ordersBefore = 0
  #words = new Int32Array(64 << WORDS)
  #lots = new Float64Array(this.#words.buffer)
  /** Greatest number so far. */
  #numbered = 0
  /** First of the blocks that are free, linked by {@link NEXT}. */
  #free = 0

  /**
   * Adds an order behind all others of its queue and returns its block.
   *
   * @param last block of the last order of the queue, 0 where the queue is empty
   */
  append(last: number, lots: number): number {
    let words = this.#words
    const isFull = last === 0 || words[(last << WORDS) + BORN] === FAN_OUT
    const block = isFull ? this.#open(last) : last
    words = this.#words
    words[(block << WORDS) + BORN]!++
    for (let b = block; b !== 0; b = words[(b << WORDS) + PARENT]!) {
      this.#lots[b << DOUBLES]! += lots
      words[(b << WORDS) + ORDERS]!++
    }
    return block
  }

  /** Takes lots of an order that stays; a negative number adds to it. */
  shrink(block: number, lots: number): void {
    const words = this.#words
    for (let b = block; b !== 0; b = words[(b << WORDS) + PARENT]!) {
      this.#lots[b << DOUBLES]! -= lots
    }
  }

  /**
   * Takes an order away.
   *
   * @param isLast the order was the last of its queue: its place in the block is free again
   */
  leave(block: number, lots: number, isLast: boolean): void {
    const words = this.#words
    if (isLast) words[(block << WORDS) + BORN]!--
    for (let b = block; b !== 0; b = words[(b << WORDS) + PARENT]!) {
      this.#lots[b << DOUBLES]! -= lots
      words[(b << WORDS) + ORDERS]!--
    }
    if (words[(block << WORDS) + ORDERS] === 0) this.#close(block)
  }

  /** Sums up the blocks before `block` into {@link lotsBefore} and {@link ordersBefore}. */
  sumBefore(block: number): void {
    const words = this.#words
    let lots = 0
    let orders = 0
    for (let b = block; b !== 0; b = words[(b << WORDS) + PARENT]!) {
      for (let p = words[(b << WORDS) + PREV]!; p !== 0; p = words[(p << WORDS) + PREV]!) {
        lots += this.#lots[p << DOUBLES]!
        orders += words[(p << WORDS) + ORDERS]!
      }
    }
    this.lotsBefore = lots
    this.ordersBefore = orders
  }

  /** Forgets every block of every queue. */
  clear(): void {
    if (this.#numbered === 0) return
    this.#words.fill(0)
    this.#numbered = 0
    this.#free = 0
  }

  /** Makes the block behind `last` under the same parent, or under one that follows that one. */
  #open(last: number): number {
    const block = this.#take()
    if (last === 0) return block
    let parent = this.#words[(last << WORDS) + PARENT]!
    if (parent === 0) parent = this.#makeRoot(last)
    const isFull = this.#words[(parent << WORDS) + BORN] === FAN_OUT
    if (isFull) parent = this.#open(parent)
    const words = this.#words
    words[(block << WORDS) + PARENT] = parent
    words[(parent << WORDS) + BORN]!++
    if (!isFull) {
      words[(block << WORDS) + PREV] = last
      words[(last << WORDS) + NEXT] = block
    }
    return block
  }

  #makeRoot(only: number): number {
    const root = this.#take()
    const words = this.#words
    const at = root << WORDS
    this.#lots[root << DOUBLES] = this.#lots[only << DOUBLES]!
    words[at + ORDERS] = words[(only << WORDS) + ORDERS]!
    words[at + BORN] = 1
    words[(only << WORDS) + PARENT] = root
    return root
  }

  /** Takes an empty block out of its tier, and its parent where that is empty with it. */
  #close(block: number): void {
    const words = this.#words
    const at = block << WORDS
    const parent = words[at + PARENT]!
    const prev = words[at + PREV]!
    const next = words[at + NEXT]!
    if (prev !== 0) words[(prev << WORDS) + NEXT] = next
    if (next !== 0) words[(next << WORDS) + PREV] = prev
    this.#give(block)
    if (parent === 0) return
    if (words[(parent << WORDS) + ORDERS] === 0) {
      this.#close(parent)
      return
    }
    // A root with a single block below it would be a tier for nothing.
    const left = prev === 0 ? next : prev
    const isOnly = words[(left << WORDS) + PREV] === 0 && words[(left << WORDS) + NEXT] === 0
    if (isOnly && words[(parent << WORDS) + PARENT] === 0) {
      words[(left << WORDS) + PARENT] = 0
      this.#give(parent)
    }
  }

  #take(): number {
    const block = this.#free
    if (block !== 0) {
      this.#free = this.#words[(block << WORDS) + NEXT]!
      this.#words[(block << WORDS) + NEXT] = 0
      return block
    }
    if ((this.#numbered + 2) << WORDS > this.#words.length) this.#grow()
    return ++this.#numbered
  }

  #give(block: number): void {
    const at = block << WORDS
    const words = this.#words
    for (let word = at; word < at + (1 << WORDS); word++) words[word] = 0
    words[at + NEXT] = this.#free
    this.#free = block
  }

  #grow(): void {
    const words = new Int32Array(this.#words.length * 2)
    words.set(this.#words)
    this.#words = words
    this.#lots = new Float64Array(words.buffer)
  }
}
