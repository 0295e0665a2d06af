import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LevelMemory } from '../book/index.ts'
import {
  EventKind,
  EventWriter,
  LOCAL_ONLY_BIT,
  eventCode,
  memoryTape,
  type EventColumns,
  type Side,
} from '../market/index.ts'
import type {
  AmendedTerms,
  ExchangeFill,
  ExchangeOrder,
  ExchangeReports,
  OwnResting,
} from './exchange.ts'
import { NoPartialExchange } from './no-partial-exchange.ts'
import { powerProbQueue, riskAverseQueue, type QueueModel } from './queue-model.ts'

type Row = readonly [
  kind: EventKind,
  side: Side | 0,
  tick: number,
  lots: number,
  localOnly: boolean,
]

/** Writes what an exchange reports as lines. */
class Log implements ExchangeReports {
  readonly lines: string[] = []
  accepted(index: number, time: number, ahead: number): void {
    this.lines.push(`${time} accepted ${index} behind ${ahead}`)
  }
  filled(index: number, time: number, fill: ExchangeFill): void {
    const { sizeLots, priceTicks, isMaker, queueAheadLots } = fill
    const place = isMaker ? `maker behind ${queueAheadLots}` : 'taker'
    this.lines.push(`${time} filled ${index} ${sizeLots}@${priceTicks} ${place}`)
  }
  cancelled(index: number, time: number): void {
    this.lines.push(`${time} cancelled ${index}`)
  }
  expired(index: number, time: number): void {
    this.lines.push(`${time} expired ${index}`)
  }
  rejected(index: number, time: number): void {
    this.lines.push(`${time} rejected ${index}`)
  }
  cancelRejected(index: number, time: number): void {
    this.lines.push(`${time} cancel rejected ${index}`)
  }
  amended(index: number, time: number, { priceTicks, sizeLots }: AmendedTerms): void {
    this.lines.push(`${time} amended ${index} to ${sizeLots}@${priceTicks}`)
  }
  amendRejected(index: number, time: number): void {
    this.lines.push(`${time} amend rejected ${index}`)
  }
}

interface Resting {
  order: ExchangeOrder
  front: number
  traded: number
}

/** The same rules in the most obvious code: maps, arrays, every order looked at on every row. */
class ObviousExchange {
  readonly log = new Log()
  readonly #sides = { 1: new Map<number, number>(), [-1]: new Map<number, number>() }
  #resting: Resting[] = []
  #pending: Row[] = []
  readonly #queue: QueueModel
  #isLive = false

  constructor(queue: QueueModel) {
    this.#queue = queue
  }

  get resting(): OwnResting[] {
    return this.#resting.map(
      ({ order: { index, side: own, priceTicks, sizeLots, owner }, front }) => ({
        index,
        side: own,
        priceTicks,
        openLots: sizeLots,
        owner,
        aheadLots: Math.max(0, front),
      }),
    )
  }

  #best(side: Side): number | undefined {
    const ticks = [...this.#sides[side].keys()]
    if (ticks.length === 0) return undefined
    return side > 0 ? Math.max(...ticks) : Math.min(...ticks)
  }

  #set(side: Side, tick: number, lots: number): void {
    const before = this.#sides[side].get(tick) ?? 0
    if (lots > 0) this.#sides[side].set(tick, lots)
    else this.#sides[side].delete(tick)
    for (const resting of this.#resting) {
      if (resting.order.side !== side || resting.order.priceTicks !== tick) continue
      resting.front = this.#queue.frontAfterChange(resting.front, resting.traded, before, lots)
      resting.traded = 0
    }
  }

  #fill(time: number, isFilled: (resting: Resting) => boolean): void {
    for (const resting of this.#resting) {
      const queueAheadLots = Math.max(0, resting.front)
      if (!isFilled(resting)) continue
      this.#resting = this.#resting.filter((other) => other !== resting)
      const { index, priceTicks, sizeLots } = resting.order
      this.log.filled(index, time, { priceTicks, sizeLots, isMaker: true, queueAheadLots })
    }
  }

  #fillCrossed(time: number, side: Side): void {
    const best = this.#best(side === 1 ? -1 : 1)
    if (best === undefined) return
    this.#fill(time, ({ order }) => order.side === side && side * (order.priceTicks - best) >= 0)
  }

  row(time: number, [kind, side, tick, lots, localOnly]: Row): void {
    if (localOnly) return
    if (kind === EventKind.DepthSet && side !== 0) {
      this.#isLive = true
      this.#set(side, tick, lots)
      this.#fillCrossed(time, side === 1 ? -1 : 1)
    } else if (kind === EventKind.Trade) {
      for (const own of [-1, 1] as const) {
        if (side === own) continue
        this.#fill(time, (resting) => {
          const beyond = own * (resting.order.priceTicks - tick)
          if (resting.order.side !== own || beyond < 0) return false
          if (beyond > 0) return true
          resting.front -= lots
          resting.traded += lots
          return Math.round(-resting.front) > 0
        })
      }
    } else if (kind === EventKind.SnapshotBegin) {
      this.#pending = []
    } else if (kind === EventKind.SnapshotLevel) {
      this.#pending.push([kind, side, tick, lots, false])
    } else if (kind === EventKind.SnapshotEnd) {
      this.#isLive = true
      const levels = { 1: new Map<number, number>(), [-1]: new Map<number, number>() }
      for (const [, levelSide, levelTick, levelLots] of this.#pending) {
        levels[levelSide as Side].set(levelTick, levelLots)
      }
      for (const own of [1, -1] as const) {
        const ticks = new Set([...this.#sides[own].keys(), ...levels[own].keys()])
        for (const at of ticks) {
          const next = levels[own].get(at) ?? 0
          if (next !== (this.#sides[own].get(at) ?? 0)) this.#set(own, at, next)
        }
      }
      this.#fillCrossed(time, -1)
      this.#fillCrossed(time, 1)
    }
  }

  submit(order: ExchangeOrder, time: number): void {
    if (!this.#isLive) return this.log.rejected(order.index, time)
    const best = this.#best(order.side === 1 ? -1 : 1)
    const { index, side, type, priceTicks, sizeLots, timeInForce } = order
    const crosses = best !== undefined && (type === 'market' || side * (priceTicks - best) >= 0)
    if (crosses && !(type === 'limit' && timeInForce === 'GTX')) {
      this.log.filled(index, time, {
        priceTicks: best,
        sizeLots,
        isMaker: false,
        queueAheadLots: Number.NaN,
      })
    } else if (crosses || type === 'market' || timeInForce === 'IOC' || timeInForce === 'FOK') {
      this.log.expired(index, time)
    } else {
      const front = this.#sides[side].get(priceTicks) ?? 0
      this.#resting.push({ order, front, traded: 0 })
      this.log.accepted(index, time, front)
    }
  }

  cancel(index: number, time: number): void {
    const before = this.#resting.length
    this.#resting = this.#resting.filter(({ order }) => order.index !== index)
    if (this.#resting.length < before) this.log.cancelled(index, time)
    else this.log.cancelRejected(index, time)
  }

  amend(order: ExchangeOrder, time: number): void {
    const resting = this.#resting.find((each) => each.order.index === order.index)
    if (resting === undefined) return this.log.amendRejected(order.index, time)
    const { priceTicks, sizeLots } = order
    this.log.amended(order.index, time, { priceTicks, sizeLots, queueAheadLots: 0 })
    if (resting.order.priceTicks === priceTicks && resting.order.sizeLots >= sizeLots) {
      resting.order = order
      return
    }
    this.#resting = this.#resting.filter((each) => each !== resting)
    this.submit(order, time)
  }
}

const side = fc.constantFrom<Side>(1, -1)
const distance = fc.oneof(
  { weight: 20, arbitrary: fc.constant(1) },
  { weight: 6, arbitrary: fc.integer({ min: 2, max: 4 }) },
  { weight: 1, arbitrary: fc.constant(0) },
)
const level = fc.tuple(side, distance, fc.integer({ min: 0, max: 9 }))
// Distance 0 on both sides is one price: the book is sometimes locked for a while.
const tickOf = (own: Side, away: number): number => 100 - own * away
const row: fc.Arbitrary<Row[]> = fc.oneof(
  {
    weight: 8,
    arbitrary: level.map(([own, d, lots]): Row[] => [
      [EventKind.DepthSet, own, tickOf(own, d), lots, false],
    ]),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom<Side | 0>(1, -1, 0),
        // Mostly at the touch, so that queues matter; now and then through it.
        fc.oneof(
          { weight: 8, arbitrary: fc.constantFrom(99, 101) },
          { weight: 1, arbitrary: fc.integer({ min: 96, max: 104 }) },
        ),
        fc.integer({ min: 1, max: 3 }),
      )
      .map(([own, t, lots]): Row[] => [[EventKind.Trade, own, t, lots, false]]),
  },
  {
    weight: 1,
    arbitrary: level.map(([own, d, lots]): Row[] => [
      [EventKind.DepthSet, own, tickOf(own, d), lots, true],
    ]),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(level, { maxLength: 6 })
      .map((levels): Row[] => [
        [EventKind.SnapshotBegin, 0, 0, 0, false],
        ...levels.map(([own, d, lots]): Row => [
          EventKind.SnapshotLevel,
          own,
          tickOf(own, d),
          lots + 1,
          false,
        ]),
        [EventKind.SnapshotEnd, 0, 0, 0, false],
      ]),
  },
)

type Terms = Omit<ExchangeOrder, 'index' | 'owner'>

interface Step {
  readonly rows: Row[]
  readonly order?: Terms | undefined
  readonly cancel?: number | undefined
  readonly amend?: { readonly index: number; readonly to: Terms } | undefined
}

const terms = fc.record({
  side,
  type: fc.constantFrom('limit' as const, 'limit' as const, 'market' as const),
  timeInForce: fc.constantFrom(
    'GTC' as const,
    'GTC' as const,
    'GTX' as const,
    'IOC' as const,
    'FOK' as const,
  ),
  priceTicks: fc.oneof(fc.constantFrom(99, 101), fc.integer({ min: 96, max: 104 })),
  sizeLots: fc.integer({ min: 1, max: 5 }),
})

const step: fc.Arbitrary<Step> = fc.record({
  rows: fc.array(row, { maxLength: 6 }).map((rows) => rows.flat()),
  order: fc.option(terms, { nil: undefined }),
  cancel: fc.option(fc.nat(20), { nil: undefined }),
  amend: fc.option(fc.record({ index: fc.nat(20), to: terms }), { nil: undefined }),
})

function tape(steps: readonly Step[]): EventColumns {
  const writer = new EventWriter(0n, 16)
  steps.forEach(({ rows }, i) => {
    for (const [kind, own, tick, lots, localOnly] of rows) {
      writer.push(i * 10, i * 10, eventCode(kind, own, localOnly ? LOCAL_ONLY_BIT : 0), tick, lots)
    }
  })
  return writer.finish()
}

const SEVERAL = { minLength: 2, maxLength: 4 }

/** An exchange in its memory, through steps of which each sends at most one order. */
class Session {
  readonly #steps: readonly Step[]
  readonly #log = new Log()
  readonly #exchange: NoPartialExchange
  #sent = 0

  constructor(steps: readonly Step[], queue: QueueModel, { exchange }: LevelMemory) {
    this.#steps = steps
    const windows = memoryTape(tape(steps)).exchange()
    this.#exchange = new NoPartialExchange(windows, queue, this.#log, exchange)
  }

  go(i: number): void {
    const { order, cancel } = this.#steps[i] ?? {}
    const exchange = this.#exchange
    while (exchange.advance(i * 10));
    if (order !== undefined) exchange.submit({ ...order, index: this.#sent++, owner: 0 }, i * 10)
    if (cancel !== undefined) exchange.cancel(cancel, i * 10)
  }

  /** What it has reported, and what still rests in which place of its queue. */
  get lines(): readonly unknown[] {
    const lines: unknown[] = [...this.#log.lines]
    this.#exchange.eachResting((each) => lines.push(each))
    return lines
  }
}

describe('the no-partial exchange', () => {
  it.each([riskAverseQueue(), powerProbQueue(3), powerProbQueue(0.7)])(
    'reports what the obvious twin reports, in the same order ($name)',
    (queue) => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
          const log = new Log()
          const fast = new NoPartialExchange(memoryTape(tape(steps)).exchange(), queue, log)
          const slow = new ObviousExchange(queue)
          let index = 0
          const sent: ExchangeOrder[] = []
          steps.forEach(({ rows, order, cancel, amend }, i) => {
            const time = i * 10
            for (const each of rows) slow.row(time, each)
            while (fast.advance(time)) expect(log.lines.length).toBeGreaterThan(0)
            if (order !== undefined) {
              const arriving = { ...order, index: index++, owner: index % 3 }
              sent.push(arriving)
              slow.submit(arriving, time)
              fast.submit(arriving, time)
            }
            if (cancel !== undefined) {
              slow.cancel(cancel, time)
              fast.cancel(cancel, time)
            }
            if (amend !== undefined && amend.index < index) {
              const arriving = {
                ...sent[amend.index]!,
                ...amend.to,
                index: amend.index,
                side: sent[amend.index]!.side,
              }
              slow.amend(arriving, time)
              fast.amend(arriving, time)
            }
            const resting: OwnResting[] = []
            fast.eachResting((each) => resting.push(each))
            expect(resting).toEqual(slow.resting)
          })
          expect(log.lines).toEqual(slow.log.lines)
        }),
        { numRuns: 1000 },
      )
    },
  )

  it('does with others in one memory what it does in its own, each by its own model', () => {
    // The kernel knows the first and asks for the second and the third.
    const models = [powerProbQueue(3), powerProbQueue(0.7), riskAverseQueue()]
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 40, size: 'max' }), SEVERAL), (sessions) => {
        const shared = LevelMemory.of(sessions.length)
        const opened = sessions.map((steps, i) => {
          const over = (memory: LevelMemory): Session =>
            new Session(steps, models[i % models.length]!, memory)
          return [over(shared[i]!), over(new LevelMemory())] as const
        })
        const most = Math.max(...sessions.map(({ length }) => length))
        for (let i = 0; i < most; i++) {
          for (const [together, alone] of opened) {
            together.go(i)
            alone.go(i)
          }
        }
        for (const [together, alone] of opened) expect(together.lines).toEqual(alone.lines)
      }),
      { numRuns: 100 },
    )
  })

  it.each([
    ['a trade', { tradeAtLeast: 105 }, [30]],
    ['a trade below', { tradeAtMost: 99 }, [20, 90]],
    ['a bid', { bidAtLeast: 101 }, [50]],
    ['an ask', { askAtMost: 102 }, [60]],
    ['a mid', { midSumAtLeast: 204 }, [50]],
    ['a mark', { markAtMost: 98 }, [80]],
    ['the end of a halt', { watchesPhase: true }, [0, 70, 75]],
  ] as const)('stops behind each row that meets the watch: %s', (_name, watched, stops) => {
    const writer = new EventWriter(0n, 16)
    const row = (
      time: number,
      kind: EventKind,
      own: Side | 0,
      [tick, lots]: readonly [number, number],
      bits = 0,
    ): void => writer.push(time, time, eventCode(kind, own, bits), tick, lots)
    row(0, EventKind.SnapshotBegin, 0, [0, 0])
    row(0, EventKind.SnapshotLevel, 1, [100, 5])
    row(0, EventKind.SnapshotLevel, -1, [103, 5])
    row(0, EventKind.SnapshotEnd, 0, [0, 0])
    row(20, EventKind.Trade, -1, [99, 1])
    row(25, EventKind.Trade, -1, [98, 1], LOCAL_ONLY_BIT)
    row(30, EventKind.Trade, 1, [105, 1])
    row(50, EventKind.DepthSet, 1, [101, 1])
    row(55, EventKind.DepthSet, 1, [101, 0])
    row(60, EventKind.DepthSet, -1, [102, 1])
    row(65, EventKind.DepthSet, -1, [102, 0])
    row(70, EventKind.Status, 0, [0, 0])
    row(75, EventKind.Status, 0, [0, 1])
    row(80, EventKind.Funding, 0, [98, 1])
    row(90, EventKind.Trade, -1, [97, 1])
    const windows = memoryTape(writer.finish()).exchange()
    const exchange = new NoPartialExchange(windows, riskAverseQueue(), new Log())
    Object.assign(exchange.watch, watched, { isSet: true })
    const met: number[] = []
    while (exchange.advance(1000)) met.push(exchange.watch.metTime)
    expect([...new Set(met)]).toEqual(stops)
    expect(exchange.row).toBe(15)
  })

  it('is live from its first levels on while a watch is set, without any snapshot', () => {
    const writer = new EventWriter(0n, 16)
    writer.push(10, 10, eventCode(EventKind.DepthSet, 1), 99, 5)
    writer.push(10, 10, eventCode(EventKind.DepthSet, -1), 101, 5)
    writer.push(20, 20, eventCode(EventKind.DepthSet, 1), 98, 5)
    const windows = memoryTape(writer.finish()).exchange()
    const log = new Log()
    const exchange = new NoPartialExchange(windows, riskAverseQueue(), log)
    Object.assign(exchange.watch, { isSet: true, tradeAtLeast: 200 })
    while (exchange.advance(30));
    expect(exchange.hasBook).toBe(true)
    const terms = { type: 'limit', timeInForce: 'GTC', sizeLots: 1, owner: 0 } as const
    exchange.submit({ index: 0, side: 1, priceTicks: 99, ...terms }, 30)
    expect(log.lines).toEqual(['30 accepted 0 behind 5'])
  })

  it('keeps many orders apart by price, side and age', () => {
    const writer = new EventWriter(0n, 16)
    writer.push(0, 0, eventCode(EventKind.DepthSet, 1), 1000, 5)
    writer.push(0, 0, eventCode(EventKind.DepthSet, -1), 100_000, 5)
    writer.push(10, 10, eventCode(EventKind.Trade, -1), 2000, 1)
    const log = new Log()
    const exchange = new NoPartialExchange(
      memoryTape(writer.finish()).exchange(),
      riskAverseQueue(),
      log,
    )
    exchange.advance(5)
    // Ticks that share a slot of the filter, more orders than the kernel can look after.
    const count = 1500
    for (let index = 0; index < count; index++) {
      exchange.submit(
        {
          index,
          side: 1,
          type: 'limit',
          timeInForce: 'GTC',
          priceTicks: 1001 + (index % 3) * 4096,
          sizeLots: 1,
          owner: 0,
        },
        5,
      )
    }
    for (let index = 0; index < count; index += 2) exchange.cancel(index, 6)
    log.lines.length = 0
    while (exchange.advance(20));
    const expected = Array.from({ length: count }, (_, i) => i).filter(
      (i) => i % 2 === 1 && i % 3 > 0,
    )
    expect(log.lines).toEqual(
      expected.map((i) => `10 filled ${i} 1@${1001 + (i % 3) * 4096} maker behind 0`),
    )
    expect(exchange.restingCount).toBe(count / 6)
  })
})
