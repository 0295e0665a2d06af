import { describe, expect, it } from 'vitest'
import { Tape, unitInstrument } from '../../../test/tape.ts'
import { EventKind, EventWriter, Instrument, eventCode } from '../../market/index.ts'
import { QualityMeter } from './quality-meter.ts'
import { symbolFacts, type SymbolFacts } from './symbol-quality.ts'
import { findingsOf } from './verdict.ts'

const SECOND = 1e9
const NO_COUNTS = { gaps: 0, duplicates: 0, reordered: 0, crossed: 0, checks: [], unknownOrders: 0 }

/** A sound tape: a snapshot, then a bid and an ask every tenth of a second, and trades. */
function soundTape(seconds = 60): Tape {
  const tape = new Tape(2e6)
  tape.snapshot(
    SECOND,
    [
      [1000, 5],
      [999, 5],
    ],
    [
      [1001, 5],
      [1002, 5],
    ],
  )
  for (let i = 1; i <= seconds * 10; i++) {
    const time = SECOND + i * 1e8
    tape.bid(time, 1000, 1 + (i % 7))
    tape.ask(time + 1e6, 1001, 1 + (i % 5))
    if (i % 3 === 0) tape.trade(time + 2e6, 1, 1001, 1)
  }
  return tape
}

function factsOf(tape: Tape, instrument = unitInstrument): SymbolFacts {
  const meter = new QualityMeter(instrument)
  meter.append('l2', tape.events())
  meter.finish()
  return symbolFacts(meter)!
}

const rulesOf = (facts: SymbolFacts): string[] =>
  findingsOf(facts, NO_COUNTS).map(({ rule }) => rule)

describe('a quality meter', () => {
  it('finds nothing in sound rows', () => {
    const facts = factsOf(soundTape())
    expect(rulesOf(facts)).toEqual([])
    expect(facts).toMatchObject({
      gaps: 0,
      duplicateTrades: 0,
      missingTrades: 0,
      sequenceBack: 0,
      crossedMoments: 0,
      zeroSizes: 0,
      offTick: 0,
      disorder: { count: 0, largestNs: 0 },
      trades: 200,
      outsideTrades: 0,
      openGaps: 0,
    })
    expect(facts.quietSpans.count).toBe(0)
    expect(facts.latency).toMatchObject({ min: 2e6, p50: 2e6, max: 2e6, negative: 0 })
    expect(facts.coverage.live).toBeCloseTo(1, 9)
    expect(facts.levels).toEqual({ bids: 2, asks: 2, spread: 1 })
  })

  it('finds each planted fault, each exactly as often as it was planted, and no other', () => {
    const tape = soundTape()
    const at = 62 * SECOND
    // Two stretches of a crossed book, of 3 s and of 1 s.
    tape
      .bid(at, 1002, 1)
      .bid(at + SECOND, 1000, 2)
      .bid(at + 3 * SECOND, 1002, 0)
    tape.bid(at + 4 * SECOND, 1003, 1).bid(at + 5 * SECOND, 1003, 0)
    // A locked book for half a second.
    tape.bid(at + 6 * SECOND, 1001, 1).bid(at + 6.5 * SECOND, 1001, 0)
    // A gap of 2 s that a snapshot ends, and one that nothing ends.
    tape.gap(at + 7 * SECOND).snapshot(at + 9 * SECOND, [[1000, 5]], [[1001, 5]])
    // A trade of no size.
    tape.trade(at + 10 * SECOND, 1, 1001, 0)
    // A pause of 30 s.
    tape.bid(at + 40 * SECOND, 1000, 3)
    tape.gap(at + 41 * SECOND)
    tape.bid(at + 42 * SECOND, 1000, 4)
    const facts = factsOf(tape)
    expect(facts).toMatchObject({ gaps: 2, openGaps: 1, zeroSizes: 1, crossedMoments: 3 })
    expect(facts.crossedSpans).toMatchObject({
      count: 2,
      totalNs: 4 * SECOND,
      longestNs: 3 * SECOND,
    })
    expect(facts.crossedSpans.list[0]).toEqual({
      fromNs: BigInt(at + 2e6),
      toNs: BigInt(at + 3 * SECOND + 2e6),
    })
    expect(facts.lockedSpans).toMatchObject({ count: 1, totalNs: 0.5 * SECOND })
    expect(facts.staleSpans).toMatchObject({ count: 2, totalNs: 3 * SECOND })
    expect(facts.quietSpans).toMatchObject({ count: 1, totalNs: 30 * SECOND })
    expect(facts).toMatchObject({ sequenceBack: 0, offTick: 0, outsideTrades: 0 })
    expect(facts.disorder.count).toBe(0)
    expect(rulesOf(facts)).toEqual(['gaps', 'crossed', 'zero sizes'])
  })

  it('does not take a book for crossed that is sound again at the end of its moment', () => {
    const tape = soundTape()
    const at = 62 * SECOND
    tape.bid(at, 1001, 4).ask(at, 1001, 0).ask(at, 1002, 9)
    expect(factsOf(tape)).toMatchObject({ crossedMoments: 0, crossedSpans: { count: 0 } })
  })

  it('counts a trade as outside only when the book before and behind it do not reach it', () => {
    const tape = soundTape()
    const at = 62 * SECOND
    // A sweep: the book follows its trades.
    tape
      .trade(at, 1, 1010, 1)
      .ask(at + 1e6, 1001, 0)
      .ask(at + 1e6, 1002, 0)
      .ask(at + 1e6, 1010, 2)
    // And one of another world.
    tape.trade(at + SECOND, 1, 1500, 1).bid(at + 2 * SECOND, 1000, 2)
    expect(factsOf(tape)).toMatchObject({ outsideTrades: 1, outsideLargest: 490 })
  })

  it('finds venue times that go back, by the number and the largest step', () => {
    const tape = soundTape()
    const at = 62 * SECOND
    const code = eventCode(EventKind.DepthSet, 1)
    tape.row(at, code, 1000, 3, at)
    tape.row(at - 3 * SECOND, code, 1000, 4, at + 1)
    tape.row(at + 1, code, 1000, 3, at + 2)
    tape.row(at, code, 1000, 3, at + 3)
    const facts = factsOf(tape)
    expect(facts.disorder).toEqual({ count: 2, largestNs: 3 * SECOND })
    expect(rulesOf(facts)).toContain('disorder')
  })

  it('finds trades that came twice and ids that never came', () => {
    const writer = new EventWriter(0n)
    const trade = eventCode(EventKind.Trade, 1)
    for (let id = 1000; id < 1300; id++) {
      if (id === 1100 || id === 1101) continue
      const times = id % 100 === 50 ? 2 : 1
      for (let i = 0; i < times; i++) {
        writer.push(id * 1e6 + i + 500, id * 1e6, trade, 1001, 1, -1, id)
      }
    }
    const meter = new QualityMeter(unitInstrument)
    meter.append('l2', writer.finish())
    meter.finish()
    const facts = symbolFacts(meter)!
    expect(facts).toMatchObject({ duplicateTrades: 3, missingTrades: 2, trades: 301 })
    expect(rulesOf(facts)).toEqual(['duplicate trades'])
  })

  it('does not take packets for trades where several trades share a number', () => {
    const writer = new EventWriter(0n)
    const trade = eventCode(EventKind.Trade, 1)
    for (let i = 0; i < 300; i++) {
      writer.push(i * 1e6, i * 1e6, trade, 1001 + (i % 3), 1, -1, 1 + Math.floor(i / 3))
    }
    const meter = new QualityMeter(unitInstrument)
    meter.append('l2', writer.finish())
    meter.finish()
    expect(symbolFacts(meter)).toMatchObject({ duplicateTrades: 0, missingTrades: 0 })
  })

  it('finds messages received before they were sent', () => {
    const facts = factsOf(new Tape(-5e6).snapshot(1e9, [[1, 1]], [[3, 1]]).bid(2e9, 1, 2))
    expect(facts.latency).toMatchObject({ messages: 1, negative: 1, min: -5e6 })
    expect(rulesOf(facts)).toEqual(['clock'])
  })

  it('sees a book in a single snapshot', () => {
    const facts = factsOf(new Tape(1e6).snapshot(1e9, [[1000, 1]], [[1001, 1]]))
    expect(facts).toMatchObject({ hasBook: true, coverage: { coveredNs: 0 } })
    expect(rulesOf(facts)).toEqual([])
  })

  it('gives the same figures whatever the rows are cut into', () => {
    const events = soundTape(20)
      .gap(22 * SECOND)
      .bid(23 * SECOND, 1005, 1)
      .events()
    const whole = new QualityMeter(unitInstrument)
    whole.append('l2', events)
    whole.finish()
    const cut = new QualityMeter(unitInstrument)
    const writer = new EventWriter(0n)
    for (let row = 0; row < events.length; row++) {
      const { localTime, exchTime, code, tick, lots, seq } = events
      writer.push(localTime[row]!, exchTime[row]!, code[row]!, tick[row]!, lots[row]!, -1, seq[row])
      if (row % 7 !== 0) continue
      cut.append('l2', writer.rows)
      writer.clear()
    }
    cut.append('l2', writer.rows)
    cut.finish()
    expect(symbolFacts(cut)).toEqual(symbolFacts(whole))
  })

  it('leaves out and tells of rows that no store would take', () => {
    const events = soundTape(10).events()
    events.lots[50] = -1
    events.localTime[70] = 5
    events.tick[80] = 1003
    events.exchTime[90] = Number.NaN
    const refused: string[] = []
    const meter = new QualityMeter(unitInstrument, {
      refuse: ({ code, row, field }) => refused.push(`${code} ${row} ${field}`),
    })
    meter.append('l2', events)
    meter.finish()
    expect(refused.map((text) => text.replace(/ \d+ /, ' '))).toEqual([
      'NEGATIVE lots',
      'TIME_BACKWARDS localTime',
      'NOT_FINITE exchTime',
    ])
    expect(symbolFacts(meter)).toMatchObject({ events: events.length - 3 })
  })
})

describe('prices off the tick', () => {
  const finer = new Instrument({ ...unitInstrument.spec, tickSize: '0.1', dataTickSize: '0.01' })

  it('are those that no order can have, hidden trades between the ticks apart', () => {
    const tape = new Tape(1e6).snapshot(1e9, [[1000, 1]], [[1010, 1]])
    tape.bid(2e9, 1003, 1).bid(3e9, 1003, 0).bid(4e9, 990, 1).trade(5e9, 1, 1005, 1)
    expect(factsOf(tape, finer)).toMatchObject({ offTick: 1, tick: 0.1, tickSource: 'instrument' })
    expect(rulesOf(factsOf(tape, finer))).toEqual(['off-tick'])
  })

  it('are not those of stocks below a dollar, which may be finer than cents', () => {
    const stock = new Instrument({
      ...unitInstrument.spec,
      kind: 'equity',
      quote: 'USD',
      tickSize: '0.01',
      dataTickSize: '0.0001',
    })
    const tape = new Tape(1e6).snapshot(1e9, [[9000, 1]], [[10_100, 1]])
    tape.bid(2e9, 9003, 1).ask(3e9, 10_101, 1)
    expect(factsOf(tape, stock)).toMatchObject({ offTick: 1, tick: 0.01 })
  })

  it('stand out from the step of nearly all others where the grid was measured', () => {
    const tape = new Tape(1e6).snapshot(1e9, [[10_000, 1]], [[10_100, 1]])
    for (let i = 0; i < 500; i++) {
      tape.bid(2e9 + i * 1e8, 9000 + 100 * (i % 10), 1 + i)
      tape.ask(2e9 + i * 1e8, 10_100 + 100 * ((i * 7) % 13), 1 + i)
    }
    tape.bid(60e9, 9003, 1).ask(60e9, 10_117, 1)
    expect(factsOf(tape)).toMatchObject({ offTick: 2, tick: 100, tickSource: 'dominant' })
  })

  it('are none where prices simply are many', () => {
    const tape = new Tape(1e6).snapshot(1e9, [[10_000, 1]], [[10_100, 1]])
    for (let i = 0; i < 500; i++) tape.bid(2e9 + i * 1e8, 9000 + ((i * 7919) % 997), 1 + i)
    expect(factsOf(tape)).toMatchObject({ offTick: 0, tick: 1 })
  })
})
