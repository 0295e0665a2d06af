import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OrderRefs } from './order-refs.kernel.ts'

describe('OrderRefs', () => {
  it('finds, gives and forgets as a map of texts does, with the smallest number of references', () => {
    const id = fc.record({
      // Few highs and lows, so that ids meet again and probes run into one another.
      high: fc.constantFrom(0, 1, 7, 0xffffffff),
      low: fc.oneof(fc.nat(60), fc.constantFrom(0xffffffff, 0x80000000)),
    })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(id, fc.boolean()), { maxLength: 600, size: 'max' }),
        (steps) => {
          const refs = new OrderRefs()
          const live = new Map<string, number>()
          let most = 0
          for (const [{ high, low }, isAdd] of steps) {
            const key = `${high}:${low}`
            expect(refs.get(high, low)).toBe(live.get(key) ?? -1)
            if (isAdd && !live.has(key)) {
              const ref = refs.add(high, low)
              expect([...live.values()]).not.toContain(ref)
              live.set(key, ref)
              most = Math.max(most, live.size)
              expect(ref).toBeLessThan(most)
            } else if (!isAdd) {
              expect(refs.remove(high, low)).toBe(live.get(key) ?? -1)
              live.delete(key)
            }
            expect(refs.count).toBe(live.size)
          }
          for (const [key, ref] of live) {
            const [high = '', low = ''] = key.split(':')
            expect(refs.get(Number(high), Number(low))).toBe(ref)
          }
          refs.clear()
          expect(refs.get(0, 0)).toBe(-1)
          expect(refs.add(3, 4)).toBe(0)
        },
      ),
      { seed: 7, numRuns: 60 },
    )
  })

  it('holds a hundred thousand ids that count up', () => {
    const refs = new OrderRefs()
    for (let i = 0; i < 100_000; i++) expect(refs.add(i >>> 12, i * 16)).toBe(i)
    for (let i = 0; i < 100_000; i += 2) expect(refs.remove(i >>> 12, i * 16)).toBe(i)
    for (let i = 0; i < 100_000; i++) {
      expect(refs.get(i >>> 12, i * 16)).toBe(i % 2 === 0 ? -1 : i)
    }
  })
})
