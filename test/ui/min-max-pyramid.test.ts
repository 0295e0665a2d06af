import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MinMaxPyramid } from '../../ui/min-max-pyramid.ts'

test('a pyramid tells the extremes that a scan finds, absent values apart', () => {
  const value = fc.oneof(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.constant(Number.NaN))
  const stretch = fc.tuple(fc.nat(2000), fc.nat(2000))
  fc.assert(
    fc.property(
      fc.array(value, { maxLength: 2000, size: 'max' }),
      fc.array(stretch, { maxLength: 20 }),
      (raw, stretches) => {
        const pyramid = new MinMaxPyramid(Float64Array.from(raw))
        for (const [a, b] of stretches) {
          const from = Math.min(a, b, raw.length)
          const to = Math.min(Math.max(a, b), raw.length)
          const present = raw.slice(from, to).filter((x) => !Number.isNaN(x))
          const found = { low: 0, high: 0 }
          pyramid.read(from, to, found)
          if (present.length === 0) expect(found).toEqual({ low: Number.NaN, high: Number.NaN })
          else expect(found).toEqual({ low: Math.min(...present), high: Math.max(...present) })
        }
      },
    ),
  )
})

test('a million rows are read whole', () => {
  const values = Float64Array.from({ length: 1_000_000 }, (_, i) => Math.sin(i / 1000))
  values[765_432] = 9
  values[12] = -9
  const found = { low: 0, high: 0 }
  new MinMaxPyramid(values).read(0, values.length, found)
  expect(found).toEqual({ low: -9, high: 9 })
})
