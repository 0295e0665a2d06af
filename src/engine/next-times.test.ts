import fc from 'fast-check'
import { expect, it } from 'vitest'
import { NextTimes } from './next-times.ts'

it('knows the earliest time and the lowest slot that has it, whatever is set', () => {
  const slots = fc.integer({ min: 1, max: 19 })
  const time = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(Number.POSITIVE_INFINITY))
  fc.assert(
    fc.property(
      slots,
      fc.array(fc.tuple(fc.nat(), time), { maxLength: 60, size: 'max' }),
      (count, steps) => {
        const times = new NextTimes(count)
        const plain = Array.from({ length: count }, () => Number.POSITIVE_INFINITY)
        for (const [draw, at] of steps) {
          const slot = draw % count
          times.set(slot, at)
          plain[slot] = at
          const least = Math.min(...plain)
          expect([times.min, times.at(slot)]).toEqual([least, at])
          expect(times.first).toBe(plain.indexOf(least))
        }
      },
    ),
  )
})
