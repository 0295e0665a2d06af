import { expect, it } from 'vitest'
import { LEVEL, LEVEL_COUNT, LEVEL_SIDE, LEVEL_TICK, LevelTable } from './level-table.ts'

/** Opens `count` levels a side, `step` ticks apart, each with an order, and finds them again. */
function fill(step: number, count: number): LevelTable {
  const table = new LevelTable(64)
  for (let i = 0; i < count; i++) {
    for (const side of [0, 1]) {
      const level = table.open(side, (i - count / 2) * step)
      table.words[(level << LEVEL) + LEVEL_COUNT]!++
    }
  }
  return table
}

it.each([1, 7, 8, 9, 72, 100, 4096, 65_536, 400_000])(
  'finds every level of both sides, and no other, where they stand %i ticks apart',
  (step) => {
    const count = 5000
    const table = fill(step, count)
    let wrong = 0
    for (let i = 0; i < count; i++) {
      const tick = (i - count / 2) * step
      for (const side of [0, 1]) {
        const at = table.find(side, tick) << LEVEL
        const isSame =
          table.words[at + LEVEL_TICK] === tick && table.words[at + LEVEL_SIDE] === side
        if (at === 0 || !isSame || table.words[at + LEVEL_COUNT] !== 1) wrong++
      }
    }
    expect(wrong).toBe(0)
    expect(table.numbered).toBe(2 * count)
    for (const tick of [2_000_000_001, -2_000_000_001]) expect(table.find(0, tick)).toBe(0)
  },
)

it('gives the number of a level that emptied to another once room is short', () => {
  const table = new LevelTable(64)
  for (let tick = 0; tick < 100_000; tick++) table.open(tick & 1, tick)
  expect(table.numbered).toBeLessThanOrEqual(33)
})
