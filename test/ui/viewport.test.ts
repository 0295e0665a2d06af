import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Viewport } from '../../ui/viewport.ts'

const made = (): Viewport => new Viewport({ from: 100, to: 200 })

describe('the viewport', () => {
  test('stays within the run and keeps its length at the edges', () => {
    const viewport = made()
    viewport.show(190, 210)
    expect(viewport.shown).toEqual({ from: 180, to: 200 })
    viewport.show(0, 1000)
    expect(viewport.shown).toEqual({ from: 100, to: 200 })
    expect(viewport.isZoomed).toBe(false)
  })

  test('zooms around the point that it is given', () => {
    const viewport = made()
    viewport.zoom(0.5, 120)
    expect(viewport.shown).toEqual({ from: 110, to: 160 })
    viewport.zoom(2, 120)
    expect(viewport.shown).toEqual({ from: 100, to: 200 })
  })

  test('pans by a share of what is shown', () => {
    const viewport = made()
    viewport.show(120, 140)
    viewport.pan(0.5)
    expect(viewport.shown).toEqual({ from: 130, to: 150 })
    viewport.pan(1e9)
    expect(viewport.shown).toEqual({ from: 180, to: 200 })
  })

  test('tells of changes, and of nothing else', () => {
    const viewport = made()
    let told = 0
    viewport.onChange(() => told++)
    viewport.show(100, 200)
    viewport.reset()
    expect(told).toBe(0)
    viewport.show(120, 130)
    viewport.reset()
    expect(told).toBe(2)
  })

  test('no sequence of moves leaves the run or turns it round', () => {
    const move = fc.oneof(
      fc.tuple(fc.constant('zoom'), fc.double({ min: 0.01, max: 100, noNaN: true })),
      fc.tuple(fc.constant('pan'), fc.double({ min: -10, max: 10, noNaN: true })),
      fc.tuple(fc.constant('show'), fc.double({ min: -500, max: 500, noNaN: true })),
    )
    fc.assert(
      fc.property(fc.array(move), (moves) => {
        const viewport = made()
        for (const [kind, value] of moves) {
          if (kind === 'zoom') viewport.zoom(value, 150 + value)
          else if (kind === 'pan') viewport.pan(value)
          else viewport.show(value, value + 1)
          const { from, to } = viewport.shown
          expect(from).toBeGreaterThanOrEqual(100)
          expect(to).toBeLessThanOrEqual(200 + 1e-9)
          expect(to - from).toBeGreaterThan(1e-6)
        }
      }),
    )
  })
})
