import fc from 'fast-check'
import { expect, it } from 'vitest'
import { firstRowAfter, firstRowAtOrAfter } from './row-search.ts'

const times = fc
  .array(fc.integer({ min: 0, max: 30 }), { maxLength: 60, size: 'max' })
  .map((values) => Float64Array.from(values).sort())

it('finds what a linear scan finds, from any row', () => {
  fc.assert(
    fc.property(times, fc.nat(61), fc.integer({ min: -1, max: 31 }), (column, start, time) => {
      const { length } = column
      const from = Math.min(start, length)
      let after = from
      while (after < length && column[after]! <= time) after++
      expect(firstRowAfter(column, undefined, { from, length }, time)).toBe(after)
      let first = 0
      while (first < length && column[first]! < time) first++
      expect(firstRowAtOrAfter(column, length, time)).toBe(first)
    }),
  )
})

it('follows an order of rows', () => {
  const order = Int32Array.of(2, 0, 1)
  const column = Float64Array.of(5, 9, 1)
  expect(firstRowAfter(column, order, { from: 0, length: 3 }, 5)).toBe(2)
})
