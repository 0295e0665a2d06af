import { describe, expect, it } from 'vitest'
import { InvariantError, Prng } from '../core/index.ts'
import { FarLevels, NO_KEY } from './far-levels.ts'

/** Compares every answer with that of a map, keys sorted anew. */
function expectSame(far: FarLevels, levels: ReadonlyMap<number, number>): void {
  const keys = [...levels.keys()].sort((a, b) => b - a)
  const walked: number[] = []
  for (let key = far.maxKey; key !== NO_KEY; key = far.nextBelow(key)) walked.push(key)
  expect(walked).toEqual(keys)
  expect(walked.map((key) => far.lotsAt(key))).toEqual(keys.map((key) => levels.get(key)))
  expect(far.count).toBe(levels.size)
  expect(far.lotsTotal).toBe([...levels.values()].reduce((a, b) => a + b, 0))
}

describe('FarLevels', () => {
  it('answers "none" when empty', () => {
    const far = new FarLevels()
    expect([far.count, far.maxKey, far.lotsAt(3), far.nextBelow(3)]).toEqual([0, NO_KEY, 0, NO_KEY])
    expect(far.set(3, 0)).toBe(0)
    expect(far.count).toBe(0)
    expect(() => far.popMax()).toThrow(InvariantError)
  })

  it.each([
    ['ascending', (i: number) => i],
    ['descending', (i: number) => -i],
    ['from both ends inwards', (i: number) => (i % 2 === 0 ? i : 10_000 - i)],
    ['from the middle outwards', (i: number) => (i % 2 === 0 ? i : -i)],
  ])('keeps order when keys come %s', (_order, keyOf) => {
    const far = new FarLevels()
    const levels = new Map<number, number>()
    for (let i = 0; i < 5000; i++) {
      far.set(keyOf(i), i + 1)
      levels.set(keyOf(i), i + 1)
    }
    expectSame(far, levels)
    expect(far.nextBelow(100_000)).toBe(far.maxKey)
  })

  it('gives back what was pushed, greatest first, and can be filled again', () => {
    const far = new FarLevels()
    for (let round = 0; round < 3; round++) {
      for (let key = 0; key < 1000; key++) far.pushMax(key, key + 1)
      for (let key = 999; key >= 0; key--) {
        expect(far.maxKey).toBe(key)
        expect(far.popMax()).toBe(key + 1)
      }
      expect(far.maxKey).toBe(NO_KEY)
    }
  })

  it('refuses to push a key that is not above all others', () => {
    const far = new FarLevels()
    far.pushMax(5, 1)
    expect(() => far.pushMax(5, 1)).toThrow(InvariantError)
    expect(far.lotsAt(5)).toBe(1)
  })

  it('equals a map through random sets, removals and clears', () => {
    const random = new Prng(11)
    const far = new FarLevels()
    const levels = new Map<number, number>()
    for (let i = 0; i < 60_000; i++) {
      // Growing for a while, then shrinking, so that chunks split and go away.
      const isRemoval = random.next() < (i % 20_000 < 12_000 ? 0.3 : 0.8)
      const key = random.nextInt(3000) - 1500
      const lots = isRemoval ? 0 : 1 + random.nextInt(100)
      if (far.set(key, lots) !== (levels.get(key) ?? 0)) expect.unreachable(`operation ${i}`)
      if (lots === 0) levels.delete(key)
      else levels.set(key, lots)
      if (i % 5000 === 0) expectSame(far, levels)
      if (i === 33_333) {
        far.clear()
        levels.clear()
      }
    }
    expectSame(far, levels)
  })
})
