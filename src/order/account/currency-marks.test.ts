import { describe, expect, it } from 'vitest'
import { indexFuture, inversePerpetual, linearPerpetual, spot } from '../../../test/money.ts'
import { Instrument } from '../../market/index.ts'
import { CurrencyMarks } from './currency-marks.ts'

describe('conversion between currencies', () => {
  it('multiplies by a mark, divides by it, and goes through a third currency', () => {
    const marks = new CurrencyMarks({ 'EUR/USDT': 1.08 })
    marks.add(spot, () => 50_000)
    expect(marks.convert(2, 'BTC', 'USDT')).toBe(100_000)
    expect(marks.convert(100_000, 'USDT', 'BTC')).toBe(2)
    expect(marks.convert(1.08, 'BTC', 'EUR')).toBeCloseTo(50_000, 9)
    expect(marks.convert(3, 'EUR', 'EUR')).toBe(3)
  })

  it('follows the mark', () => {
    let mark = 50_000
    const marks = new CurrencyMarks()
    marks.add(spot, () => mark)
    expect(marks.convert(1, 'BTC', 'USDT')).toBe(50_000)
    mark = 40_000
    expect(marks.convert(1, 'BTC', 'USDT')).toBe(40_000)
  })

  it('prefers given rates, then spot, whatever the order in which they came', () => {
    const marks = new CurrencyMarks()
    marks.add(linearPerpetual, () => 2)
    marks.add(spot, () => 1)
    expect(marks.convert(1, 'BTC', 'USDT')).toBe(1)
    const given = new CurrencyMarks({ 'BTC/USDT': 7 })
    given.add(spot, () => 1)
    expect(given.convert(1, 'BTC', 'USDT')).toBe(7)
  })

  it('says what is missing, and never takes two currencies for one', () => {
    const marks = new CurrencyMarks()
    marks.add(inversePerpetual, () => 50_000)
    expect(marks.convert(1, 'BTC', 'USD')).toBe(50_000)
    expect(() => marks.convert(1, 'USD', 'USDT')).toThrow(
      "BAD_ARGUMENT: nothing converts USD to USDT: add the data of an instrument of USD in USDT, or give the rate: rates: { 'USD/USDT': ... }",
    )
    expect(() => marks.check('BTC', 'USDT')).toThrow(/nothing converts BTC to USDT/)
    marks.add(spot, () => 51_000)
    expect(() => marks.check('USD', 'USDT')).not.toThrow()
  })

  it('gives NaN while a mark is unknown, but nothing is nothing', () => {
    const marks = new CurrencyMarks()
    marks.add(spot, () => Number.NaN)
    expect(marks.convert(1, 'BTC', 'USDT')).toBeNaN()
    expect(marks.convert(0, 'BTC', 'USDT')).toBe(0)
  })

  it('does not take a share for a currency', () => {
    const share = new Instrument({
      ...indexFuture.spec,
      kind: 'equity',
      expiry: undefined,
      base: 'A',
    })
    const marks = new CurrencyMarks()
    marks.add(share, () => 10)
    expect(() => marks.convert(1, 'A', 'USD')).toThrow(/nothing converts/)
  })

  it.each([
    [{ EURUSD: 1 }, /"EURUSD" is not a pair/],
    [{ 'EUR/': 1 }, /is not a pair/],
    [{ 'EUR/EUR': 1 }, /is not a pair/],
    [{ 'EUR/USD': 0 }, /rate of EUR\/USD must be a number above 0, was 0/],
  ])('refuses %j', (rates, message) => {
    expect(() => new CurrencyMarks(rates)).toThrow(message)
  })
})
