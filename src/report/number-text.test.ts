import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bpsText,
  decimalsFor,
  decimalsOfStep,
  groupedText,
  moneyText,
  percentText,
  plainText,
  signedText,
  spanText,
  typeset,
} from './number-text.ts'

describe('numbers as text', () => {
  test.each([
    [1234567.891, 2, '1,234,567.89'],
    [-1234.5, 1, '-1,234.5'],
    [999, 0, '999'],
    [-0.001, 2, '0.00'],
    [Number.NaN, 2, '-'],
    [Number.POSITIVE_INFINITY, 2, '-'],
  ])('%d with %d decimals is %s', (value, decimals, text) => {
    expect(groupedText(value, decimals)).toBe(text)
  })

  test('grouping changes no digit', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e12, max: 1e12, noNaN: true }),
        fc.nat(8),
        (value, decimals) => {
          const plain = groupedText(value, decimals).replaceAll(',', '')
          expect(Number(plain)).toBe(Number(value.toFixed(decimals)) + 0)
        },
      ),
    )
  })

  test('money shows about as many digits as asked, whatever its size', () => {
    expect([123456.789, 12.3456789, 0.000123456, 0].map((value) => moneyText(value))).toEqual([
      '123,456.79',
      '12.3457',
      '0.000123456',
      '0.00',
    ])
    expect(moneyText(null)).toBe('-')
    expect(decimalsFor([0.5, -20, Number.NaN])).toBe(4)
  })

  test('plain numbers carry no trailing zeros', () => {
    expect([1.5, 1200, 0.1 + 0.2, -2e-7, 0].map((value) => plainText(value))).toEqual([
      '1.5',
      '1,200',
      '0.3',
      '-0.0000002',
      '0',
    ])
    expect(plainText(null)).toBe('-')
  })

  test('a plus stands before what is above zero as shown', () => {
    expect(['1.0', '0.00', '-1', '1,000', '-'].map(signedText)).toEqual([
      '+1.0',
      '0.00',
      '-1',
      '+1,000',
      '-',
    ])
    expect([bpsText(0.42), bpsText(-1, 1), bpsText(null)]).toEqual(['+0.420', '-1.0', '-'])
    expect([percentText(0.1234), percentText(null)]).toEqual(['12.3 %', '-'])
  })

  test.each([
    [0, '0 ns'],
    [999, '999 ns'],
    [1500, '1.5 us'],
    [1.25e6, '1.25 ms'],
    [12.345e9, '12.35 s'],
    [60e9, '1m'],
    [123e9, '2m 03s'],
    [3600e9, '1h'],
    [3660e9, '1h 01m'],
    [86_400e9, '1d'],
    [90_000e9, '1d 01h'],
    [-2e9, '-2 s'],
  ])('%d ns is %s', (ns, text) => {
    expect(spanText(ns)).toBe(text)
  })

  test('spans that do not exist are a dash', () => {
    expect([spanText(null), spanText(Number.NaN)]).toEqual(['-', '-'])
  })

  test.each([
    [0.25, 2],
    [0.1, 1],
    [5, 0],
    [1e-6, 6],
    [100, 0],
  ])('ticks %d apart need %d decimals', (step, decimals) => {
    expect(decimalsOfStep(step)).toBe(decimals)
  })

  test('typesetting changes signs of numbers and nothing else', () => {
    expect(typeset('-1.5 bps, 2 (-3), a-b, x -y, 2024-08-08')).toBe(
      '\u22121.5 bps, 2 (\u22123), a-b, x -y, 2024-08-08',
    )
    expect([typeset('-'), typeset('12 us'), typeset('us')]).toEqual(['\u2013', '12 \u00B5s', 'us'])
  })
})
