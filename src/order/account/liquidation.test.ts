import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OneAccount, inversePerpetual, linearPerpetual } from '../../../test/money.ts'
import { Instrument } from '../../market/index.ts'
import { Account } from './account.ts'
import { LeverageBrackets } from './leverage-brackets.ts'
import { bankruptcyTicks, marginPools, nextLiquidation, watchPrice } from './liquidation.ts'
import { MarginTerms } from './margin-terms.ts'

const BRACKETS = [
  { from: 0, maintenanceRate: 0.004, maxLeverage: 125 },
  { from: 50_000, maintenanceRate: 0.005, maxLeverage: 100 },
  { from: 500_000, maintenanceRate: 0.01, maxLeverage: 50 },
  { from: 10_000_000, maintenanceRate: 0.025, maxLeverage: 20 },
]

describe('leverage brackets', () => {
  const brackets = new LeverageBrackets(BRACKETS)

  it('subtract the maintenance amount, as in the table of Binance for BTCUSDT', () => {
    // Amounts in that table: 0, 50, 2,550, 152,550.
    const amounts = [0, 50, 2550, 152_550]
    for (const [i, { from, maintenanceRate }] of BRACKETS.entries()) {
      const value = from + 1234
      expect(brackets.maintenance(value)).toBeCloseTo(value * maintenanceRate - amounts[i]!, 6)
    }
  })

  it('are taxes: each rate counts for the part of the value in its bracket', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50_000_000 }), (value) => {
        let sum = 0
        for (const [i, { from, maintenanceRate }] of BRACKETS.entries()) {
          const to = BRACKETS[i + 1]?.from ?? Number.POSITIVE_INFINITY
          sum += Math.max(0, Math.min(value, to) - from) * maintenanceRate
        }
        expect(brackets.maintenance(value)).toBeCloseTo(sum, 6)
      }),
    )
  })

  it('limit the leverage of large positions', () => {
    const terms = new MarginTerms(linearPerpetual, { leverage: 100, maintenance: BRACKETS })
    expect(terms.initial(1, 40_000)).toBe(400)
    expect(terms.initial(1, 600_000)).toBe(12_000)
  })

  it.each([
    [[], /at least one/],
    [[{ from: 5, maintenanceRate: 0.1 }], /bracket 1 must begin at 0, was 5/],
    [
      [
        { from: 0, maintenanceRate: 0.1 },
        { from: 0, maintenanceRate: 0.2 },
      ],
      /bracket 2 must begin above 0/,
    ],
    [
      [
        { from: 0, maintenanceRate: 0.1 },
        { from: 9, maintenanceRate: 0.05 },
      ],
      /bracket 2 must lie between 0\.1 and 1, was 0\.05/,
    ],
    [[{ from: 0, maintenanceRate: Number.NaN }], /between 0 and 1, was NaN/],
    [[{ from: 0, maintenanceRate: 0.1, maxLeverage: 0.5 }], /1 or more, was 0\.5/],
  ])('refuse %j', (given, message) => {
    expect(() => new LeverageBrackets(given)).toThrow(message)
  })
})

describe('margin terms', () => {
  it('default to what the instrument says, and to half the initial margin', () => {
    const spec = { ...linearPerpetual.spec, initialMargin: '0.1', maintenanceMargin: '0.04' }
    const told = new MarginTerms(new Instrument(spec))
    expect([told.initial(1, 1000), told.maintenance(1, 1000)]).toEqual([100, 40])
    const plain = new MarginTerms(linearPerpetual, { leverage: 20 })
    expect([plain.initial(1, 1000), plain.maintenance(1, 1000)]).toEqual([50, 25])
    expect(new MarginTerms(linearPerpetual).initial(1, 1000)).toBe(1000)
  })

  it.each([
    [{ leverage: 0.5 }, /BTCUSDT: leverage must lie between 1 and 1000, was 0\.5/],
    [{ leverage: Number.NaN }, /was NaN/],
    [{ initialPerUnit: -1 }, /initialPerUnit must be a number above 0, was -1/],
    [{ initialPerUnit: 1, maintenancePerUnit: 2 }, /must not be more/],
  ])('refuse %j', (options, message) => {
    expect(() => new MarginTerms(linearPerpetual, options)).toThrow(message)
  })
})

describe('liquidation', () => {
  it('begins where the equity has fallen to the maintenance margin', () => {
    // Long 1 at 100,000 with 5,000: at p, equity 5,000 + p - 100,000 = 0.005 p where p = 95,477.39.
    const given = new OneAccount(
      linearPerpetual,
      { USDT: 5000 },
      { leverage: 20, maintenance: 0.005 },
    )
    const [pool] = marginPools(given.account)
    given.mark = 100_000
    expect(pool!.mustLiquidate).toBe(false)
    given.fill(1, 100_000, 1)
    given.mark = 95_477.39
    expect(pool!.mustLiquidate).toBe(false)
    given.mark = 95_477.38
    expect(pool!.mustLiquidate).toBe(true)
    expect(nextLiquidation(pool!)).toMatchObject({
      side: -1,
      lots: 1000,
      bankruptcyTicks: 9_500_000,
    })
  })

  it('of an isolated position leaves the rest of the balance alone', () => {
    const margin = { leverage: 20, maintenance: 0.005 }
    const given = new OneAccount(linearPerpetual, { USDT: 50_000 }, margin, 'isolated')
    const [pool] = marginPools(given.account)
    given.fill(1, 100_000, 1)
    given.mark = 95_400
    expect(pool!.mustLiquidate).toBe(true)
    const { side, bankruptcyTicks: ticks } = nextLiquidation(pool!)
    given.fill(side, ticks / 100, 1)
    expect(given.account.balance('USDT')).toBeCloseTo(45_000, 9)
    expect(given.holding.isolatedMargin).toBe(0)
  })

  const situation = fc.record({
    side: fc.constantFrom<1 | -1>(1, -1),
    entry: fc.integer({ min: 10_000, max: 90_000 }),
    size: fc.integer({ min: 1, max: 5000 }),
    leverage: fc.integer({ min: 1, max: 100 }),
    move: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    isolated: fc.boolean(),
  })

  it.each([
    ['linear', linearPerpetual],
    ['inverse', inversePerpetual],
  ])('at the bankruptcy price leaves less than a tick, and no debt (%s)', (_, instrument) => {
    fc.assert(
      fc.property(situation, ({ side, entry, size, leverage, move, isolated }) => {
        const units = instrument.isInverse ? size : size / 1000
        const margin = instrument.notional(units, entry) / leverage
        const mode = isolated ? 'isolated' : 'cross'
        const given = new OneAccount(
          instrument,
          { [instrument.settlement]: margin },
          { leverage },
          mode,
        )
        given.fill(side, entry, units)
        given.mark = Math.round(entry * (1 + move))
        const [pool] = marginPools(given.account)
        const { holding } = given
        const ticks = bankruptcyTicks(holding, pool!.equity)
        holding.fill(side > 0 ? -1 : 1, ticks, Math.abs(holding.position.lots), 0)
        const left = given.account.balance(instrument.settlement)
        const price = instrument.price(ticks)
        const tick = instrument.price(1)
        const tickValue = Math.abs(
          units *
            (instrument.unitValue(price) - instrument.unitValue(Math.max(price - tick, tick / 2))),
        )
        const noise = margin * 1e-9
        // A short inverse position of leverage 1 never owes anything: its price is the last tick.
        const isFinal = ticks === 1 || ticks === 2 ** 31 - 1
        expect(left).toBeGreaterThanOrEqual(-noise)
        if (!isFinal) expect(left).toBeLessThanOrEqual(tickValue + noise)
      }),
      { numRuns: 300 },
    )
  })

  it('of several positions takes the largest first and owes nothing after the last', () => {
    const account = new Account('cross', { USDT: 1000 })
    const terms = new MarginTerms(linearPerpetual, { leverage: 20, maintenance: 0.01 })
    const marks = [100, 100]
    const holdings = marks.map((_, i) => account.open(linearPerpetual, terms, () => marks[i]!))
    holdings[0]!.fill(1, 10_000, 100_000, 0)
    holdings[1]!.fill(-1, 10_000, 40_000, 0)
    marks[0] = 88
    marks[1] = 101
    // 1,000 - 1,200 - 40: a gap went beyond what the account had.
    const [pool] = marginPools(account)
    expect(pool!.equity).toBeCloseTo(-240, 9)
    const first = nextLiquidation(pool!)
    expect(first.holding).toBe(holdings[0])
    first.holding.fill(first.side, first.bankruptcyTicks, first.lots, 0)
    expect(pool!.mustLiquidate).toBe(true)
    const second = nextLiquidation(pool!)
    second.holding.fill(second.side, second.bankruptcyTicks, second.lots, 0)
    expect(pool!.hasPosition).toBe(false)
    expect(account.balance('USDT')).toBeGreaterThanOrEqual(0)
    expect(account.balance('USDT')).toBeLessThan(1)
  })

  it.each([
    ['linear', linearPerpetual],
    ['inverse', inversePerpetual],
  ])('cannot be due while the mark is short of the watched price (%s)', (_, instrument) => {
    fc.assert(
      fc.property(situation, fc.double({ min: 0, max: 1, noNaN: true }), (given, way) => {
        const { side, entry, size, leverage, isolated } = given
        const units = instrument.isInverse ? size * 1000 : size
        const start = (instrument.notional(units, entry) / leverage) * 1.5
        const margin = { leverage, maintenance: BRACKETS }
        const mode = isolated ? 'isolated' : 'cross'
        const one = new OneAccount(instrument, { [instrument.settlement]: start }, margin, mode)
        one.fill(side, entry, units)
        one.mark = entry
        const [pool] = marginPools(one.account)
        if (pool!.buffer <= 0) return
        const valueBefore = one.holding.value
        const watched = watchPrice(one.holding, pool!.buffer)
        const far = side > 0 ? watched : Math.min(watched, entry * 3)
        one.mark = entry + (far - entry) * way * 0.999999
        expect(pool!.mustLiquidate).toBe(false)
        // And it is near: with all of the buffer and the mark there, not much is left.
        if (watched > 0 && watched < entry * 3) {
          one.mark = watched
          const slack = 0.06 * Math.max(valueBefore, one.holding.value)
          expect(pool!.buffer).toBeLessThan(slack)
        }
      }),
      { numRuns: 300 },
    )
  })
})
