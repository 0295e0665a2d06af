import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SeriesGroup } from '../../ui/downsample.ts'

/** A seeded walk at irregular times. */
function walk(length: number): { readonly times: Float64Array; readonly values: Float64Array } {
  const times = new Float64Array(length)
  const values = new Float64Array(length)
  for (let i = 1; i < length; i++) {
    times[i] = times[i - 1]! + 0.5 + Math.abs(Math.sin(i * 12.9898))
    values[i] = values[i - 1]! + Math.sin(i * 78.233)
  }
  return { times, values }
}

describe('downsampling', () => {
  test('few rows are shown as they are, with one beyond either edge', () => {
    const group = new SeriesGroup([0, 1, 2, 3, 4, 5], [[10, 11, Number.NaN, 13, 14, 15]])
    expect(group.view(1.5, 3.5, 100)).toEqual({ x: [1, 2, 3, 4], y: [[11, null, 13, 14]] })
  })

  test('a million rows become at most four points a pixel and keep the extremes', () => {
    const { times, values } = walk(1_000_000)
    values[777_777] = 1e6
    values[222_222] = -1e6
    const group = new SeriesGroup(times, [values])
    const { x, y } = group.view(times[0]!, times.at(-1)!, 1000)
    expect(x.length).toBeLessThanOrEqual(4000)
    expect(x.length).toBeGreaterThan(3900)
    expect(Math.max(...y[0]!.map(Number))).toBe(1e6)
    expect(Math.min(...y[0]!.map(Number))).toBe(-1e6)
  })

  test('each pixel shows first, lowest, highest and last of its rows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 500, max: 3000 }),
        fc.integer({ min: 20, max: 60 }),
        (length, width) => {
          const { times, values } = walk(length)
          const { x, y } = new SeriesGroup(times, [values]).view(times[0]!, times.at(-1)!, width)
          expect([...x]).toEqual([...x].sort((a, b) => a - b))
          const step = times.at(-1)! / width
          for (let point = 0; point < x.length; point += 4) {
            const pixel = Math.round(x[point]! / step)
            const inside = [...values].filter(
              (_, i) =>
                times[i]! >= pixel * step &&
                (times[i]! < (pixel + 1) * step || pixel === width - 1),
            )
            const shown = y[0]!.slice(point, point + 4)
            expect([shown[0], shown[3]]).toEqual([inside[0], inside.at(-1)])
            expect(new Set([shown[1], shown[2]])).toEqual(
              new Set([Math.min(...inside), Math.max(...inside)]),
            )
          }
        },
      ),
      { numRuns: 20 },
    )
  })

  test('zooming in ends at the rows themselves', () => {
    const { times, values } = walk(100_000)
    const group = new SeriesGroup(times, [values])
    const { x, y } = group.view(times[50_000]!, times[50_100]!, 1000)
    expect(x).toEqual([...times.subarray(50_000, 50_101)])
    expect(y[0]).toEqual([...values.subarray(50_000, 50_101)])
  })

  test('no rows, no points', () => {
    expect(new SeriesGroup([], [[]]).view(0, 1, 100)).toEqual({ x: [], y: [[]] })
  })
})
