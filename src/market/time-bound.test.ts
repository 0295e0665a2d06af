import fc from 'fast-check'
import { expect, it } from 'vitest'
import { EventKind, EventWriter, eventCode } from './events.ts'
import { TimeBound } from './time-bound.ts'

it('finds what a search from the front finds, also when asked the same again or of another tape', () => {
  const times = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 60, size: 'max' })
  const steps = fc.array(
    fc.record({
      tape: fc.constantFrom(0, 1),
      from: fc.nat(20),
      time: fc.oneof(
        fc.integer({ min: -1, max: 61 }),
        fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
      ),
    }),
    { maxLength: 30, size: 'max' },
  )
  fc.assert(
    fc.property(times, times, steps, (one, two, asked) => {
      const tapes = [one, two].map((venueTimes) => {
        const writer = new EventWriter(0n, venueTimes.length)
        for (const [i, time] of venueTimes.entries()) {
          writer.push(1000 + i, time, eventCode(EventKind.DepthSet, 1), 1, 1)
        }
        return writer.finish()
      })
      const bound = new TimeBound()
      const at = [0, 0]
      for (const { tape, from, time } of asked) {
        const events = tapes[tape]!
        const begin = Math.min(events.length, at[tape]! + from)
        at[tape] = begin
        let expected = begin
        const venueTime = (i: number): number => events.exchTime[events.exchOrder?.[i] ?? i]!
        while (expected < events.length && venueTime(expected) <= time) expected++
        expect(bound.find(events, begin, time)).toBe(expected)
        expect(bound.find(events, begin, time)).toBe(expected)
      }
    }),
  )
})
