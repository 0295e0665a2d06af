import { describe, expect, it } from 'vitest'
import { Prng } from '../../core/index.ts'
import {
  EventKind,
  EventWriter,
  eventCode,
  type EventColumns,
  type Side,
} from '../../market/index.ts'
import { riskAverseQueue, type QueueModel } from '../queue-model.ts'
import { PathStep, endSteps, type QueueObservation } from './level-path.ts'
import { observeQueue } from './observe-queue.ts'
import { observeSplits } from './observe-splits.ts'
import { NO_STEP, predictFill } from './predict-fill.ts'

/** How a venue tells that a resting order was filled. */
type Dialect = 'fills' | 'executions'

interface Resting {
  readonly ref: number
  readonly side: Side
  readonly tick: number
  lots: number
}

/** Writes rows as a venue does: orders come, go, and are filled first come, first served. */
class Venue {
  readonly writer = new EventWriter(0n)
  readonly orders: Resting[] = []
  readonly #dialect: Dialect
  #time = 0
  #ref = 0

  constructor(dialect: Dialect) {
    this.#dialect = dialect
  }

  add(side: Side, tick: number, lots: number): Resting {
    this.#time += 10
    const order = { ref: this.#ref++, side, tick, lots }
    this.#push(EventKind.OrderAdd, order, lots)
    this.orders.push(order)
    return order
  }

  cancel(order: Resting, lots = order.lots): void {
    this.#time += 10
    this.#take(EventKind.OrderCancel, order, lots)
  }

  /** Lets an aggressor take from the orders at the best price of `side`. */
  take(side: Side, lots: number): void {
    this.#time += 10
    const queue = this.queue(side)
    if (queue.length === 0) return
    const { tick } = queue[0]!
    const taken = Math.min(
      lots,
      queue.reduce((sum, order) => sum + order.lots, 0),
    )
    const code = eventCode(EventKind.Trade, side > 0 ? -1 : 1)
    this.writer.push(this.#time, this.#time, code, tick, taken)
    let left = taken
    const changes: [Resting, number][] = []
    for (const order of queue) {
      const part = Math.min(left, order.lots)
      if (part === 0) break
      left -= part
      changes.push([order, part])
    }
    if (this.#dialect === 'fills') {
      for (const [order, part] of changes) this.#push(EventKind.OrderFill, order, part)
    }
    const kind = this.#dialect === 'fills' ? EventKind.OrderCancel : EventKind.OrderExecute
    for (const [order, part] of changes) this.#take(kind, order, part)
  }

  /** Orders at the best price of a side, first come first. */
  queue(side: Side): Resting[] {
    const ours = this.orders.filter((order) => order.side === side)
    const best = Math.max(...ours.map(({ tick }) => tick * side)) * side
    return ours.filter(({ tick }) => tick === best)
  }

  #take(kind: EventKind, order: Resting, lots: number): void {
    this.#push(kind, order, lots)
    order.lots -= lots
    if (order.lots === 0) this.orders.splice(this.orders.indexOf(order), 1)
  }

  #push(kind: EventKind, { ref, side, tick }: Resting, lots: number): void {
    this.writer.push(this.#time, this.#time, eventCode(kind, side), tick, lots, ref)
  }
}

/** A market of orders that come at random, leave at random, and are taken. */
function randomMarket(seed: number, dialect: Dialect): EventColumns {
  const prng = new Prng(seed)
  const venue = new Venue(dialect)
  for (let i = 0; i < 1200; i++) {
    const side = prng.nextInt(2) === 0 ? 1 : -1
    const draw = prng.next()
    const order = venue.orders[prng.nextInt(venue.orders.length)]
    if (draw < 0.5 || order === undefined) {
      venue.add(side, 100 - side * (1 + prng.nextInt(3)), 1 + prng.nextInt(6))
    } else if (draw < 0.8) venue.cancel(order)
    else venue.take(side, 1 + prng.nextInt(12))
  }
  return venue.writer.finish()
}

/** Every decrease stood ahead of us. */
const hopefulQueue: QueueModel = {
  name: 'hopeful',
  frontAfterChange: (front, traded, before, after) =>
    Math.max(0, Math.min(after, front - Math.max(0, before - traded - after))),
  forLotSize() {
    return this
  },
}

const columnsOf = ({ path }: QueueObservation): number[][] =>
  [path.step, path.time, path.lots, path.before, path.traded].map((column) => [...column])

describe('observing the orders of market-by-order data', () => {
  it('gives the level as others would have seen it, without the order itself', () => {
    const venue = new Venue('fills')
    venue.add(-1, 101, 9)
    const first = venue.add(1, 99, 4)
    const ours = venue.add(1, 99, 2)
    const behind = venue.add(1, 99, 5)
    venue.cancel(behind)
    venue.take(1, 3)
    venue.cancel(first)
    venue.take(1, 1)
    const observed = observeQueue(venue.writer.finish())
    const own = observed.find(({ acceptTime }) => acceptTime === 30)!
    expect(ours.lots).toBe(1)
    expect(own).toMatchObject({ side: 1, tick: 99, frontLots: 4, isFilled: true, endTime: 80 })
    // 9 lots of others less 5; 3 traded, which explains the next fall; the last lot of the first goes.
    expect(columnsOf(own)).toEqual([
      [PathStep.Decrease, PathStep.Trade, PathStep.Decrease, PathStep.Trade],
      [50, 60, 70, 80],
      [4, 3, 0, 1],
      [9, 0, 1, 0],
      [0, 0, 0, 0],
    ])
    expect(endSteps(own)).toEqual({ from: 3, to: 4 })
  })

  it('shows levels as rarely as a venue does, trades at once', () => {
    const venue = new Venue('executions')
    venue.add(-1, 101, 9)
    const first = venue.add(1, 99, 8)
    venue.add(1, 99, 2)
    venue.cancel(first, 1)
    venue.take(1, 3)
    venue.cancel(first, 2)
    for (let i = 0; i < 10; i++) venue.add(-1, 102, 1)
    const own = observeQueue(venue.writer.finish(), { showEveryNs: 100 }).find(
      ({ side, acceptTime }) => side > 0 && acceptTime === 30,
    )!
    expect(columnsOf(own)).toEqual([
      [PathStep.Trade, PathStep.Decrease],
      [50, 110],
      [3, 2],
      [0, 8],
      [0, 3],
    ])
  })

  it('leaves out orders that are modified, come to take, or came before', () => {
    const venue = new Venue('executions')
    venue.add(-1, 101, 9)
    const shrunk = venue.add(1, 99, 4)
    venue.cancel(shrunk, 1)
    venue.add(1, 101, 3)
    venue.add(1, 98, 3)
    const observed = observeQueue(venue.writer.finish(), { fromTime: 15 })
    expect(observed.map(({ acceptTime, tick }) => [acceptTime, tick])).toEqual([[50, 98]])
  })

  it('reads both ways of telling fills alike', () => {
    for (let seed = 0; seed < 3; seed++) {
      const [fills, executions] = (['fills', 'executions'] as const).map((dialect) =>
        observeQueue(randomMarket(seed, dialect)),
      )
      const facts = ({ frontLots, acceptTime, endTime, isFilled }: QueueObservation): unknown => ({
        frontLots,
        acceptTime,
        endTime,
        isFilled,
      })
      expect(fills!.map(facts)).toEqual(executions!.map(facts))
      // One trade of many lots is there one of each order; where it ends us is the same.
      for (const [i, one] of fills!.entries()) {
        const risk = (o: QueueObservation): number => {
          const step = predictFill(riskAverseQueue(), o)
          return step === NO_STEP ? Number.POSITIVE_INFINITY : o.path.time[step]!
        }
        expect(risk(one)).toBe(risk(executions![i]!))
      }
    }
  })

  it('holds every true fill between what the most hopeful and the most careful model say', () => {
    let filled = 0
    for (let seed = 0; seed < 5; seed++) {
      for (const observation of observeQueue(randomMarket(seed, 'fills'))) {
        const { from, to } = endSteps(observation)
        const careful = predictFill(riskAverseQueue(), observation)
        const hopeful = predictFill(hopefulQueue, observation)
        if (observation.isFilled) {
          filled++
          expect(hopeful).not.toBe(NO_STEP)
          expect(hopeful).toBeLessThan(to)
          expect(careful === NO_STEP || careful >= from).toBe(true)
        } else expect(careful === NO_STEP || careful >= to).toBe(true)
      }
    }
    expect(filled).toBeGreaterThan(500)
  })
})

describe('observing who leaves a queue', () => {
  it('sees each cancellation once, from another order of the queue', () => {
    const venue = new Venue('fills')
    venue.add(-1, 101, 9)
    const first = venue.add(1, 99, 4)
    const second = venue.add(1, 99, 2)
    venue.cancel(second, 1)
    venue.cancel(first)
    venue.cancel(second)
    expect(observeSplits(venue.writer.finish())).toEqual([
      { frontLots: 0, backLots: 2, isAhead: false },
      { frontLots: 4, backLots: 0, isAhead: true },
    ])
  })

  it('passes over executions and queues far from the touch', () => {
    const venue = new Venue('executions')
    venue.add(-1, 101, 9)
    venue.add(1, 99, 4)
    venue.add(1, 99, 4)
    venue.take(1, 2)
    const [deep] = [venue.add(1, 95, 1), venue.add(1, 95, 1)]
    venue.cancel(deep)
    const events = venue.writer.finish()
    expect(observeSplits(events, { ticksFromBest: 3 })).toEqual([])
    expect(observeSplits(events)).toHaveLength(1)
  })

  it('chooses the order that sees it evenly', () => {
    const prng = new Prng(5)
    const venue = new Venue('fills')
    venue.add(-1, 101, 1)
    for (let i = 0; i < 4000; i++) {
      while (venue.queue(1).length < 4) venue.add(1, 99, 1)
      const queue = venue.queue(1)
      venue.cancel(queue[prng.nextInt(4)]!)
    }
    const splits = observeSplits(venue.writer.finish())
    // Four alike: who leaves is ahead of one of the other three in half of all cases.
    const ahead = splits.filter(({ isAhead }) => isAhead).length / splits.length
    expect(ahead).toBeGreaterThan(0.47)
    expect(ahead).toBeLessThan(0.53)
  })
})
