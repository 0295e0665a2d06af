import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { thinRows } from './thin-rows.ts'

describe('thinning', () => {
  test('keeps all rows of a short table', () => {
    expect([...thinRows([Float64Array.of(3, 1, 2)], 3)]).toEqual([0, 1, 2])
    expect([...thinRows([new Float64Array(0)], 3)]).toEqual([])
  })

  test('keeps ends and extremes of a long one, in order, within the limit', () => {
    const column = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
      minLength: 200,
      maxLength: 400,
      size: 'max',
    })
    fc.assert(
      fc.property(column, column, (a, b) => {
        const length = Math.min(a.length, b.length)
        const columns = [a, b].map((values) => Float64Array.from(values.slice(0, length)))
        const rows = thinRows(columns, 100)
        expect([...rows]).toEqual([...new Set(rows)].sort((x, y) => x - y))
        expect(rows.length).toBeLessThanOrEqual(102)
        expect([rows[0], rows.at(-1)]).toEqual([0, length - 1])
        for (const values of columns) {
          const kept = Array.from(rows, (row) => values[row]!)
          expect(Math.min(...kept)).toBe(Math.min(...values))
          expect(Math.max(...kept)).toBe(Math.max(...values))
        }
      }),
    )
  })

  test('absent values never displace present ones', () => {
    const values = new Float64Array(1000).fill(Number.NaN)
    values[123] = 5
    expect([...thinRows([values], 20)]).toContain(123)
  })
})
