import { describe, expect, it } from 'vitest'
import { inversePerpetual, linearPerpetual } from '../../../test/money.ts'
import { fundingPayment, fundingSchedule, parseFundingCsv } from './funding.ts'

describe('a funding payment', () => {
  it('is the value of the position x rate, paid by longs where the rate is positive', () => {
    expect(fundingPayment(linearPerpetual, 2, 0.0001, 50_000)).toBeCloseTo(-10, 12)
    expect(fundingPayment(linearPerpetual, -2, 0.0001, 50_000)).toBeCloseTo(10, 12)
    expect(fundingPayment(linearPerpetual, 2, -0.0001, 50_000)).toBeCloseTo(10, 12)
  })

  it('of an inverse contract is counted in its base', () => {
    // 1,000 contracts of 100 USD at 50,000 are 2 BTC.
    expect(fundingPayment(inversePerpetual, 1000, 0.0001, 50_000)).toBeCloseTo(-0.0002, 15)
    expect(fundingPayment(inversePerpetual, -1000, 0.0001, 50_000)).toBeCloseTo(0.0002, 15)
  })

  it('of no position is nothing, whatever the mark', () => {
    expect(fundingPayment(linearPerpetual, 0, 0.0001, Number.NaN)).toBe(0)
  })
})

describe('a funding schedule', () => {
  it('is put in order of time', () => {
    const times = fundingSchedule([
      { time: '2024-08-08T08:00Z', rate: 0.0002 },
      { time: '2024-08-08', rate: 0.0001, mark: 50 },
    ])
    expect(times.map(({ rate, mark }) => [rate, mark])).toEqual([
      [0.0001, 50],
      [0.0002, Number.NaN],
    ])
  })

  it.each([
    [[{ time: '2024-08-08', rate: Number.NaN }], /funding entry 1: expected a finite rate/],
    [[{ time: '2024-08-08', rate: 0, mark: 0 }], /a mark above 0/],
    [[{ time: 'x', rate: 0 }], /BAD_INSTANT/],
    [
      [
        { time: '2024-08-08', rate: 0 },
        { time: '2024-08-08T00:00Z', rate: 1 },
      ],
      /two entries at Unix time 1723075200000000000/,
    ],
  ])('refuses %j', (times, message) => {
    expect(() => fundingSchedule(times)).toThrow(message)
  })
})

describe('a funding file', () => {
  it('has a header, times of any common form, and marks where they are known', () => {
    const text = 'time,rate,mark\r\n2024-08-08T00:00Z,0.0001,50000\n1723104000000,-1.5e-5,\n\n'
    expect(parseFundingCsv(text, 'f.csv')).toEqual([
      { timeNs: 1_723_075_200_000_000_000n, rate: 0.0001, mark: 50_000 },
      { timeNs: 1_723_104_000_000_000_000n, rate: -0.000015, mark: Number.NaN },
    ])
  })

  it("may be one of Binance's public archive", () => {
    const text = 'calc_time,funding_interval_hours,last_funding_rate\n1723075200004,8,0.00010000\n'
    expect(parseFundingCsv(text, 'f.csv')).toEqual([
      { timeNs: 1_723_075_200_004_000_000n, rate: 0.0001, mark: Number.NaN },
    ])
  })

  it.each([
    ['a,b\n1,2', /f\.csv line 1: expected columns time and rate/],
    ['time,rate\n2024-13-01,0.1', /f\.csv line 2 field time: expected ISO 8601.*was "2024-13-01"/],
    ['time,rate\n2024-08-08,', /f\.csv line 2 field rate: expected a number, was ""/],
    ['time,rate\n2024-08-08', /line 2 field rate/],
    ['time,rate,mark\n2024-08-08,0.1,x', /line 2 field mark: expected a number, was "x"/],
    ['time,rate\n2024-08-08,0.1\n2024-08-08,0.1', /two entries/],
  ])('refuses %j', (text, message) => {
    expect(() => parseFundingCsv(text, 'f.csv')).toThrow(message)
  })
})
