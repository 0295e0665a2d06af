import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  OneAccount,
  indexFuture,
  inversePerpetual,
  linearPerpetual,
  spot,
} from '../../../test/money.ts'
import { Account } from './account.ts'
import { fundingPayment } from './funding.ts'
import { MarginTerms } from './margin-terms.ts'

describe('what an order binds', () => {
  it('is initial margin and open loss, as Binance reckons the cost of an order', () => {
    // "How to Calculate Cost Required to Open a Position": 1 BTC at 9,253.30, leverage 20, mark
    // 9,259.84: margin 462.66, open loss 0 for a purchase and 6.54 for a sale.
    const given = new OneAccount(linearPerpetual, { USDT: 10_000 }, { leverage: 20 })
    given.mark = 9259.84
    const cost = (side: 1 | -1): number =>
      given.holding.initialWith({ index: 0, order: { side, lots: 1000, price: 9253.3 } })
    expect(cost(1)).toBeCloseTo(462.665, 9)
    expect(cost(-1)).toBeCloseTo(462.665 + 6.54, 9)
  })

  it('is counted in the base of an inverse contract', () => {
    // The same page of COIN-M: 10 contracts of 100 USD at 9,800, leverage 20: 0.0051 BTC.
    const given = new OneAccount(inversePerpetual, { BTC: 1 }, { leverage: 20 })
    given.mark = 9800
    const cost = given.holding.initialWith({ index: 0, order: { side: 1, lots: 10, price: 9800 } })
    expect(cost).toBeCloseTo(0.0051, 4)
    expect(cost).toBeCloseTo(1000 / 9800 / 20, 15)
    given.mark = 9700
    const worse = given.holding.initialWith({ index: 0, order: { side: 1, lots: 10, price: 9800 } })
    expect(worse - cost).toBeCloseTo(1000 * (1 / 9700 - 1 / 9800), 12)
  })

  it('nets purchases against sales: the larger of the two positions they may lead to counts', () => {
    const given = new OneAccount(linearPerpetual, { USDT: 1000 }, { leverage: 10 })
    given.mark = 100
    given.work(1, 1, 100, 50).work(2, -1, 100, 50)
    expect(given.account.bound('USDT')).toBeCloseTo(500, 9)
    given.fill(1, 100, 20)
    // Long 20: with the purchases 70, with the sales -30.
    expect(given.account.bound('USDT')).toBeCloseTo(700, 9)
  })

  it('is an amount per contract where the exchange states one', () => {
    const margin = { initialPerUnit: 15_000, maintenancePerUnit: 13_600 }
    const given = new OneAccount(indexFuture, { USD: 31_000 }, margin)
    given.mark = 5000
    expect(given.refusal(1, 5000, 2)).toBeUndefined()
    expect(given.refusal(1, 5000, 3)).toMatch(/needs 45000 USD, 31000 USD are free/)
    expect(given.fill(1, 5000, 2).holding.maintenance).toBe(27_200)
  })
})

describe('an order', () => {
  it('is refused when it binds more than is free, with both amounts', () => {
    const given = new OneAccount(linearPerpetual, { USDT: 100 }, { leverage: 20 })
    given.mark = 9253.3
    expect(given.refusal(1, 9253.3, 0.2)).toBeUndefined()
    expect(given.refusal(1, 9253.3, 1)).toBe(
      'insufficient margin: the order needs 462.665 USDT, 100 USDT are free',
    )
  })

  it('that reduces a position is taken whatever is free', () => {
    const given = new OneAccount(linearPerpetual, { USDT: 100 }, { leverage: 20 })
    given.mark = 10_000
    given.fill(1, 10_000, 0.2)
    given.mark = 9600
    expect(given.account.free('USDT')).toBeLessThan(0)
    expect(given.refusal(-1, 9600, 0.2)).toBeUndefined()
    expect(given.refusal(-1, 9600, 0.4)).toBeUndefined()
    expect(given.refusal(-1, 9600, 0.5)).toMatch(/insufficient margin/)
    expect(given.refusal(1, 9600, 0.001)).toMatch(/insufficient margin.* 0 USDT are free/)
  })

  it('replaces its own old terms when it is amended', () => {
    const given = new OneAccount(linearPerpetual, { USDT: 100 }, { leverage: 10 })
    given.mark = 100
    given.work(7, 1, 100, 9)
    expect(given.refusal(1, 100, 10, 7)).toBeUndefined()
    expect(given.refusal(1, 100, 10, 8)).toMatch(/needs 100 USDT, 10 USDT are free/)
  })

  it('of what is paid for in full needs the quote to buy and the base to sell', () => {
    const given = new OneAccount(spot, { USDT: 1000, BTC: 0.5 })
    given.mark = 1000
    expect(given.refusal(1, 1000, 1)).toBeUndefined()
    expect(given.refusal(1, 1000, 1.5)).toBe(
      'insufficient balance: the order needs 1500 USDT, 1000 USDT are free',
    )
    expect(given.refusal(-1, 1000, 0.6)).toBe(
      'insufficient balance: the order needs 0.6 BTC, 0.5 BTC are free',
    )
    given.fill(1, 1000, 0.4, 1).work(1, -1, 1100, 0.8)
    expect(given.account.balance('USDT')).toBeCloseTo(599, 9)
    expect(given.account.free('BTC')).toBeCloseTo(0.1, 9)
    expect(given.refusal(-1, 1000, 0.2)).toMatch(/0\.1 BTC are free/)
  })
})

describe('isolated margin', () => {
  it('is set aside when a position opens, and given back in proportion', () => {
    const given = new OneAccount(linearPerpetual, { USDT: 1000 }, { leverage: 10 }, 'isolated')
    given.mark = 100
    given.fill(1, 100, 40)
    expect(given.holding.isolatedMargin).toBeCloseTo(400, 9)
    expect(given.account.free('USDT')).toBeCloseTo(600, 9)
    given.fill(-1, 110, 10)
    expect(given.holding.isolatedMargin).toBeCloseTo(300, 9)
    expect(given.account.balance('USDT')).toBeCloseTo(1100, 9)
    // A turn gives back all and sets aside anew.
    given.fill(-1, 110, 50)
    expect(given.holding.isolatedMargin).toBeCloseTo(220, 9)
  })

  it('does not lend its unrealised profit to other orders, and bears its funding', () => {
    const given = new OneAccount(linearPerpetual, { USDT: 1000 }, { leverage: 10 }, 'isolated')
    given.fill(1, 100, 40)
    given.mark = 120
    expect(given.account.free('USDT')).toBeCloseTo(600, 9)
    given.holding.fund(-50)
    expect(given.holding.isolatedMargin).toBeCloseTo(350, 9)
    expect(given.account.balance('USDT')).toBeCloseTo(950, 9)
    expect(given.account.free('USDT')).toBeCloseTo(600, 9)
  })
})

describe('the account', () => {
  it('rejects a balance that is no number', () => {
    expect(() => new Account('cross', { USDT: Number.NaN })).toThrow(/balance of USDT/)
  })

  it('lists the currencies that its trades move', () => {
    const account = new Account('cross', { EUR: 1 })
    account.open(spot, undefined, () => 1)
    account.open(inversePerpetual, new MarginTerms(inversePerpetual), () => 1)
    expect(account.currencies).toEqual(['EUR', 'USDT', 'BTC'])
  })

  const step = fc.oneof(
    fc.record({
      kind: fc.constant('fill' as const),
      side: fc.constantFrom<1 | -1>(1, -1),
      price: fc.integer({ min: 500_000, max: 2_000_000 }).map((tenths) => tenths / 10),
      lots: fc.integer({ min: 1, max: 500 }),
      fee: fc.double({ min: -1, max: 1, noNaN: true }),
    }),
    fc.record({
      kind: fc.constant('funding' as const),
      rate: fc.integer({ min: -1e7, max: 1e7 }).map((billionths) => billionths / 1e9),
    }),
    fc.record({
      kind: fc.constant('mark' as const),
      price: fc.integer({ min: 500_000, max: 2_000_000 }).map((tenths) => tenths / 10),
    }),
  )

  it.each([
    ['linear, cross', linearPerpetual, { leverage: 10 }, 'cross' as const],
    ['linear, isolated', linearPerpetual, { leverage: 10 }, 'isolated' as const],
    ['inverse, cross', inversePerpetual, { leverage: 10 }, 'cross' as const],
    ['spot, paid in full', spot, undefined, 'cross' as const],
    ['spot, with leverage', spot, { leverage: 3 }, 'cross' as const],
  ])(
    'is worth start + cash + value - fees + funding at every event (%s)',
    (_, instrument, margin, mode) => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
          const { settlement } = instrument
          const given = new OneAccount(instrument, { [settlement]: 5000 }, margin, mode)
          given.mark = 100_000
          let [cash, size, fees, funding] = [0, 0, 0, 0]
          for (const each of steps) {
            if (each.kind === 'fill') {
              const units = instrument.size(each.lots)
              given.fill(each.side, each.price, units, each.fee)
              cash -= each.side * units * instrument.unitValue(each.price)
              size += each.side * units
              fees += each.fee
            } else if (each.kind === 'mark') given.mark = each.price
            else if (instrument.isPerpetual) {
              const amount = fundingPayment(
                instrument,
                given.holding.position.size,
                each.rate,
                given.mark,
              )
              given.holding.fund(amount)
              // Longs pay a positive rate.
              expect(
                Math.sign(amount) * Math.sign(size) * Math.sign(each.rate),
              ).toBeLessThanOrEqual(0)
              funding += amount
            }
            const value = Math.abs(size) < 1e-9 ? 0 : size * instrument.unitValue(given.mark)
            const expected = 5000 + cash + value - fees + funding
            const scale = Math.abs(cash) + Math.abs(value) + 5000
            const { position } = given.holding
            expect(Math.abs(5000 + position.equityAt(given.mark) - expected) / scale).toBeLessThan(
              1e-12,
            )
            // The balances tell the same: money of the settlement currency, and what is held.
            const held =
              margin === undefined
                ? given.account.balance('BTC') * given.mark
                : given.account.unrealized(settlement)
            const told = given.account.balance(settlement) + held
            expect(Math.abs(told - expected) / scale).toBeLessThan(1e-12)
          }
        }),
        { numRuns: 100 },
      )
    },
  )
})
