import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_NS } from '../../time/index.ts'
import { makerTakerFees, sumOfFees, type FeeFill, type FeeModel } from './fee-model.ts'
import { ruleFees } from './fee-rules.ts'
import { parseFees } from './fee-text.ts'
import { parseFeeTiers, tieredFees, type FeeTierTable } from './fee-tiers.ts'

const fill = (given: Partial<FeeFill> = {}): FeeFill => ({
  order: {},
  side: 1,
  isMaker: false,
  value: 10_000,
  size: 100,
  time: 0,
  ...given,
})

const feeOf = (model: FeeModel, given: Partial<FeeFill> = {}): number =>
  model.meter().fee(fill(given))

describe('maker and taker rates', () => {
  const fees = makerTakerFees({ makerBps: -0.5, takerBps: 7 })

  it('H27 a rebate of 0.00005 on a value of 10,000 is a fee of -0.5', () => {
    expect(feeOf(fees, { isMaker: true })).toBe(-0.5)
    expect(feeOf(fees)).toBe(7)
  })

  it('refuses a rate that is not finite', () => {
    expect(() => makerTakerFees({ makerBps: Number.NaN, takerBps: 1 })).toThrow(/makerBps.*finite/)
  })
})

describe('fees by rules', () => {
  // Interactive Brokers, "Commissions Stocks", United States, fixed: 0.005 USD a share, at least
  // 1.00 and at most 1 % of the trade value an order; its three examples.
  const fixed = parseFees('per-share=0.005,min=1.00,max=1%')

  it.each([
    [100, 25, 1],
    [1000, 25, 5],
    [1000, 0.25, 2.5],
  ])("charges %d shares at %d as the broker's own example: %d", (size, price, expected) => {
    expect(feeOf(fixed, { size, value: size * price })).toBeCloseTo(expected, 12)
  })

  it('takes the minimum of an order once, however many fills it has', () => {
    const meter = fixed.meter()
    const order = {}
    const part = { order, size: 50, value: 1250 }
    expect([meter.fee(fill(part)), meter.fee(fill(part)), meter.fee(fill({ ...part, size: 200 }))])
      // 0.25 is raised to 1; 0.5 is still below it; 1.5 is above it by 0.5.
      .toEqual([1, 0, 0.5])
    expect(meter.fee(fill({ size: 50, value: 1250 }))).toBe(1)
  })

  it('charges an order the same in one fill or in many', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 40_000 }),
        (sizes, cents) => {
          const price = cents / 100
          const meter = fixed.meter()
          const order = {}
          const parts = sizes.map((size) => meter.fee(fill({ order, size, value: size * price })))
          const whole = sizes.reduce((sum, size) => sum + size, 0)
          const once = feeOf(fixed, { size: whole, value: whole * price })
          expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(once, 9)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('levies the SEC fee and the trading activity fee on sales only', () => {
    // The same page: USD 0.0000278 x value of sales, and USD 0.000166 x quantity sold.
    const levies = parseFees('sell=0.278bps,sell-per-share=0.000166')
    expect(feeOf(levies, { side: -1, size: 1000, value: 25_000 })).toBeCloseTo(0.695 + 0.166, 12)
    expect(feeOf(levies, { side: 1 })).toBe(0)
  })

  it('gives per-share rebates to resting fills and charges those that take', () => {
    const fees = parseFees('maker-per-share=-0.002,taker-per-share=0.003')
    expect(feeOf(fees, { isMaker: true, size: 100 })).toBeCloseTo(-0.2, 12)
    expect(feeOf(fees, { size: 100 })).toBeCloseTo(0.3, 12)
  })

  it('adds up what is charged together', () => {
    const text = 'maker=1bps,taker=2bps,per-contract=0.85,flat=0.1,buy=50bps'
    expect(feeOf(parseFees(text), { size: 3 })).toBeCloseTo(2 + 2.55 + 0.1 + 50, 12)
    const both = sumOfFees([makerTakerFees({ makerBps: 0, takerBps: 1 }), ruleFees([])])
    expect(feeOf(both)).toBe(1)
  })

  it.each([
    [{ per: 'unit', rate: Number.POSITIVE_INFINITY } as const, /finite/],
    [{ per: 'unit', rate: 1, order: { min: -1 } } as const, /min per order must be 0 or more/],
  ])('refuses %j', (rule, message) => {
    expect(() => ruleFees([rule])).toThrow(message)
  })
})

describe('fee tiers', () => {
  // Binance, "USDⓈ-M Futures Trading Fee Rate": VIP by 30-day volume, here its first rows.
  const table: FeeTierTable = {
    tiers: [
      { from: 0, makerBps: 2, takerBps: 5 },
      { from: 15_000_000, makerBps: 1.6, takerBps: 4 },
      { from: 50_000_000, makerBps: 1.4, takerBps: 3.5 },
    ],
  }

  it('look at the volume of the days before, at midnight', () => {
    const meter = tieredFees(table).meter()
    const at = (day: number, value: number): number =>
      (meter.fee(fill({ time: day * DAY_NS + 5, value })) / value) * 1e4
    expect(at(0, 15_000_000)).toBeCloseTo(5, 9)
    expect(at(0, 40_000_000)).toBeCloseTo(5, 9)
    expect(at(1, 1000)).toBeCloseTo(3.5, 9)
    // The first day leaves the window after 30 days.
    expect(at(30, 1000)).toBeCloseTo(3.5, 9)
    expect(at(31, 1000)).toBeCloseTo(5, 9)
  })

  it('look at each fill where the venue does', () => {
    const meter = tieredFees({ ...table, update: 'fill' }).meter()
    const rate = (time: number): number => meter.fee(fill({ time, value: 10_000_000 })) / 1000
    expect([rate(0), rate(1), rate(2), rate(3)]).toEqual([5, 5, 4, 4])
    expect(rate(30 * DAY_NS + 2)).toBe(4)
    expect(rate(60 * DAY_NS + 3)).toBe(5)
  })

  it('count the volume before the run, which leaves the window day by day', () => {
    const meter = tieredFees({ ...table, startVolume: 16_000_000, window: '10d' }).meter()
    const rate = (day: number): number => meter.fee(fill({ time: day * DAY_NS, isMaker: true }))
    expect([rate(0), rate(1)]).toEqual([1.6, 2])
  })

  it('agree with a plain sum over all fills of the window', () => {
    const entry = fc.record({
      wait: fc.integer({ min: 0, max: 3 * 86_400 }),
      value: fc.integer({ min: 1, max: 20_000_000 }),
    })
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 60, size: 'max' }),
        fc.constantFrom('daily' as const, 'fill' as const),
        (entries, update) => {
          const meter = tieredFees({ ...table, update, window: '7d' }).meter()
          const seen: { time: number; value: number }[] = []
          let time = 0
          for (const { wait, value } of entries) {
            time += wait * 1e9
            const now = update === 'fill' ? time : Math.floor(time / DAY_NS) * DAY_NS
            const since = now - 7 * DAY_NS
            const counted = seen.filter(
              (each) => each.time >= since && (update === 'fill' || each.time < now),
            )
            const volume = counted.reduce((sum, each) => sum + each.value, 0)
            const bps = volume >= 50_000_000 ? 3.5 : volume >= 15_000_000 ? 4 : 5
            expect(meter.fee(fill({ time, value }))).toBeCloseTo((value * bps) / 1e4, 6)
            seen.push({ time, value })
          }
        },
      ),
      { numRuns: 100 },
    )
  })

  it('have rates per share, by size, with bounds of an order', () => {
    const shares: FeeTierTable = {
      by: 'size',
      update: 'fill',
      tiers: [
        { from: 0, perUnit: 0.0035 },
        { from: 300_000, perUnit: 0.002 },
      ],
      minPerOrder: 0.35,
      maxOrderShare: 0.01,
    }
    const meter = tieredFees(shares).meter()
    expect(meter.fee(fill({ size: 50, value: 1250 }))).toBe(0.35)
    expect(meter.fee(fill({ size: 300_000, value: 7.5e6 }))).toBeCloseTo(1050, 9)
    expect(meter.fee(fill({ size: 1000, value: 25_000 }))).toBeCloseTo(2, 12)
  })

  it.each([
    ['{', /BAD_JSON: t\.json/],
    ['[]', /t\.json, field the table/],
    ['{"tiers":[]}', /t\.json, field tiers/],
    ['{"tiers":[{"from":5,"makerBps":1,"takerBps":1}]}', /tiers\.0\.from: expected the first tier/],
    ['{"tiers":[{"from":0,"makerBps":1}]}', /tiers\.0: expected makerBps and takerBps together/],
    ['{"tiers":[{"from":0}]}', /tiers\.0: expected makerBps and takerBps, or perUnit/],
    ['{"tiers":[{"from":0,"perUnit":1},{"from":0,"perUnit":1}]}', /expected more than 0, .* was 0/],
    ['{"window":"36h","tiers":[{"from":0,"perUnit":1}]}', /whole days such as 30d, was 36h/],
    ['{"tiers":[{"from":0,"perunit":1}]}', /tiers\.0: .*perunit/],
  ])('refuse %s', (text, message) => {
    expect(() => parseFeeTiers(text, 't.json')).toThrow(message)
  })
})

describe('the text of fees', () => {
  it.each([
    ['maker=-0.5bps,taker=7bps', 'maker -0.5 bps, taker 7 bps'],
    ['per-contract=0.85', '0.85 a unit'],
    [
      'per-share=0.0035,min=0.35,max=1%,sell=0.278bps',
      '0.0035 a unit (at least 0.35, at most 1% an order), sell 0.278 bps',
    ],
    ['maker=0bps,taker=1bps, flat=2', 'maker 0 bps, taker 1 bps, 2 a fill'],
  ])('%s', (text, name) => {
    expect(parseFees(text).name).toBe(name)
  })

  it('reads tiers from a file', () => {
    const table = '{"tiers":[{"from":0,"makerBps":2,"takerBps":5}]}'
    const model = parseFees('tiers=vip.json', (path) => (path === 'vip.json' ? table : ''))
    expect(model.name).toBe('tiers by value of 30 days (from 0: 2/5 bps)')
    expect(feeOf(model)).toBe(5)
  })

  it.each([
    ['maker=1bps', /must name both maker and taker/],
    ['maker=1,taker=2', /maker expects a rate in basis points such as -0\.5bps, was "1"/],
    ['maker=1bps,maker=2bps', /maker stands there twice/],
    ['maker=NaNbps,taker=1bps', /maker expects/],
    ['', /"" is none of maker, taker/],
    ['per-shares=1', /did you mean "per-share"\?/],
    ['per-share=1bps', /per-share expects an amount of money such as 0\.35, was "1bps"/],
    ['min=1', /min and max are bounds of per-share or per-contract/],
    ['per-share=1,per-contract=2', /which mean the same/],
    ['per-share=1,max=-1%', /max expects an amount such as 5\.95/],
    ['tiers=x.json', /not possible here/],
  ])('refuses %j', (text, message) => {
    expect(() => parseFees(text)).toThrow(message)
    expect(() => parseFees(text)).toThrow(/^BAD_ARGUMENT: fees/)
  })
})
