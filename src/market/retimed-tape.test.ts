import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CutBlocks, anyCuts } from '../../test/cut-blocks.ts'
import { wildTape } from '../../test/wild-tape.ts'
import { blockTape } from './block-tape.ts'
import { memoryTape, type EventTape } from './event-tape.ts'
import { retimedEvents, retimedTape, type ExtraNs } from './retimed-tape.ts'

/** All local times of a tape, and whether windows part rows of one time. */
function localTimes(tape: EventTape): { times: number[]; isParted: boolean } {
  const times: number[] = []
  let isParted = false
  const windows = tape.local()
  for (let rows = windows.next(); rows !== undefined; rows = windows.next()) {
    isParted ||= times.at(-1) === rows.localTime[0]
    times.push(...rows.localTime.subarray(0, rows.length))
  }
  windows.close()
  return { times, isParted }
}

const wild = fc
  .tuple(fc.nat(), fc.integer({ min: 1, max: 120 }))
  .map(([seed, rows]) => wildTape(seed, rows))

/** Delays that jump about, but depend on the time alone. */
const jumpy: ExtraNs = (time) => (Math.imul(time, 2654435761) >>> 0) % 50

describe('a tape received elsewhere', () => {
  it('keeps every row in its place, what came together together, and nothing earlier than its delay', () => {
    fc.assert(
      fc.property(wild, (before) => {
        const after = retimedEvents(before, jumpy)
        for (let row = 1; row < before.length; row++) {
          const gap = before.localTime[row]! - before.localTime[row - 1]!
          const gapAfter = after.localTime[row]! - after.localTime[row - 1]!
          expect(Math.sign(gapAfter)).toBe(Math.sign(gap))
        }
        for (let row = 0; row < before.length; row++) {
          const time = before.localTime[row]!
          expect(after.localTime[row]!).toBeGreaterThanOrEqual(time + jumpy(time))
        }
        expect(after.exchTime).toBe(before.exchTime)
      }),
      { seed: 6, numRuns: 100 },
    )
  })

  it('is the same whether its rows are in memory or come in windows, in every pass', () => {
    fc.assert(
      fc.property(wild, anyCuts(120), (events, cuts) => {
        const whole = localTimes(memoryTape(retimedEvents(events, jumpy)))
        const cut = retimedTape(blockTape(new CutBlocks(events, cuts)), jumpy)
        const first = localTimes(cut)
        expect(first.times).toEqual(whole.times)
        expect(first.isParted).toBe(false)
        expect(localTimes(cut).times).toEqual(whole.times)
        expect([cut.firstTime, cut.lastTime]).toEqual([whole.times[0], whole.times.at(-1)])
      }),
      { seed: 7, numRuns: 100 },
    )
  })

  it('is earlier by a time below 0', () => {
    fc.assert(
      fc.property(wild, (events) => {
        const earlier = retimedEvents(events, () => -3)
        expect([...earlier.localTime]).toEqual([...events.localTime].map((time) => time - 3))
      }),
      { seed: 8, numRuns: 30 },
    )
  })
})
