import { describe, expect, it } from 'vitest'
import { Prng } from '../core/index.ts'
import { Ladder } from './ladder.ts'
import { OrderQueues } from './order-queues.ts'

const TICK = 100

/** One queue of bids beside a plain list of its references, first to last. */
class Queue {
  readonly queues = new OrderQueues(new Ladder())
  readonly refs: number[] = []
  readonly #free: number[] = []
  #named = 0

  add(lots: number): void {
    const ref = this.#free.pop() ?? this.#named++
    this.queues.add(ref, 0, TICK, lots)
    this.refs.push(ref)
  }

  removeAt(index: number): void {
    const [ref] = this.refs.splice(index, 1)
    this.queues.remove(ref!)
    this.#free.push(ref!)
  }

  /** Compares the positions of all orders with sums from the front. */
  expectPositions(): void {
    let lots = 0
    this.refs.forEach((ref, orders) => {
      const { queues } = this
      if (queues.lotsAhead(ref) !== lots || queues.ordersAhead(ref) !== orders) {
        expect([ref, queues.lotsAhead(ref), queues.ordersAhead(ref)]).toEqual([ref, lots, orders])
      }
      lots += queues.lotsOf(ref)
    })
    expect(this.queues.ladder.bidLotsAt(TICK)).toBe(lots)
  }
}

type Pattern = (random: Prng, length: number) => number

/** Where in a queue of `length` orders the next one leaves. */
const PATTERNS: Readonly<Record<string, Pattern>> = {
  'from the front, as executions do': () => 0,
  'from the back': (_random, length) => length - 1,
  'from anywhere': (random, length) => random.nextInt(length),
  'near the back, as most cancellations do': (random, length) =>
    Math.max(0, length - 1 - random.nextInt(20)),
  'all but the first and one in a hundred': (random, length) =>
    Math.min(length - 1, 1 + random.nextInt(100)),
}

describe('positions in a long queue', () => {
  it.each(Object.entries(PATTERNS))(
    'are the sums from the front while orders leave %s',
    (_name, pattern) => {
      const random = new Prng(9)
      const queue = new Queue()
      // Asked at once: sums grow with the queue, through four tiers.
      queue.add(3)
      queue.expectPositions()
      for (let i = 1; i < 40_000; i++) queue.add(1 + random.nextInt(9))
      queue.expectPositions()
      for (let round = 0; round < 8; round++) {
        for (let i = 0; i < 5000; i++) {
          const ref = queue.refs[random.nextInt(queue.refs.length)]!
          if (queue.queues.lotsOf(ref) > 1) queue.queues.reduce(ref, 1)
          queue.removeAt(pattern(random, queue.refs.length))
          // The queue lives on: with each five that leave, two arrive behind the others.
          if (i % 5 < 2) queue.add(1 + random.nextInt(9))
        }
        queue.expectPositions()
      }
      while (queue.refs.length > 0) queue.removeAt(pattern(random, queue.refs.length))
      expect(queue.queues.count).toBe(0)
      queue.add(4)
      queue.add(5)
      queue.expectPositions()
    },
  )

  it('are counted when first asked, in a queue that nobody has asked about', () => {
    const queue = new Queue()
    for (let i = 0; i < 3000; i++) queue.add(2)
    queue.removeAt(0)
    expect(queue.queues.lotsAhead(queue.refs[2500]!)).toBe(5000)
    queue.expectPositions()
  })

  it('are had for every order of a queue of a million at a cost that does not grow with it', () => {
    const queues = new OrderQueues(new Ladder())
    const orders = 1_000_000
    for (let ref = 0; ref < orders; ref++) queues.add(ref, 0, TICK, 1)
    let wrong = 0
    // A walk of a thousandth of the queue for each question would take minutes.
    for (let ref = 0; ref < orders; ref++) if (queues.ordersAhead(ref) !== ref) wrong++
    expect(wrong).toBe(0)
  })

  it('survive an emptied other side, and a book emptied whole', () => {
    const queue = new Queue()
    for (let i = 0; i < 100; i++) queue.add(1)
    for (let ref = 1000; ref < 1100; ref++) queue.queues.add(ref, 1, TICK + 1, 2)
    queue.expectPositions()
    expect(queue.queues.lotsAhead(1099)).toBe(198)
    queue.queues.clear(1)
    for (let ref = 1000; ref < 1050; ref++) queue.queues.add(ref, 1, TICK + 2, 3)
    expect(queue.queues.lotsAhead(1049)).toBe(147)
    queue.expectPositions()
    queue.queues.clear()
    queue.refs.length = 0
    for (let ref = 0; ref < 70; ref++) queue.queues.add(ref, 0, TICK, 1)
    expect(queue.queues.lotsAhead(69)).toBe(69)
  })
})
