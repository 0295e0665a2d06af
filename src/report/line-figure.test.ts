import { describe, expect, it } from 'vitest'
import { lineFigure } from './line-figure.ts'

const figure = lineFigure({
  title: 'Ends & <means>',
  xTitle: 'place',
  yTitle: 'share',
  lines: [
    {
      name: 'a',
      points: [
        [0, 0],
        [1, 1],
      ],
    },
    {
      name: 'b',
      isStep: true,
      points: [
        [0, 1],
        [0.5, 0.25],
        [1, 0.5],
      ],
    },
    { name: 'c', isDots: true, points: [[0.5, 0.5]] },
  ],
})

describe('a figure of lines', () => {
  it('is one SVG document without scripts, foreign parts or unescaped text', () => {
    expect(figure.startsWith('<svg')).toBe(true)
    expect(figure).toContain('xmlns="http://www.w3.org/2000/svg"')
    expect(figure).toContain('Ends &amp; &lt;means&gt;')
    expect(figure).not.toMatch(/<script|href=|NaN|undefined/)
  })

  it('spans its box with the least and the greatest x, and puts a greater y above a lesser', () => {
    const [, points] = /polyline points="([^"]+)"/.exec(figure)!
    const [first, last] = points!.split(' ').map((point) => point.split(',').map(Number))
    expect([first![0], last![0]]).toEqual([64, 500])
    expect(first![1]).toBe(290)
    expect(last![1]!).toBeLessThan(60)
  })

  it('holds a value until the next point where it is a step', () => {
    const [, points] = [...figure.matchAll(/polyline points="([^"]+)"/g)][1]!
    const ys = points!.split(' ').map((point) => Number(point.split(',')[1]))
    expect(ys).toHaveLength(5)
    expect(ys[1]).toBe(ys[0])
    expect(ys[3]).toBe(ys[2])
  })

  it('draws dots for themselves', () => {
    expect(figure.match(/<circle/g)).toHaveLength(1)
  })

  it('sets equal factors equally far apart on a logarithmic axis', () => {
    const points = [1, 10, 100].map((at) => [at, at] as const)
    const log = lineFigure({
      title: 't',
      xTitle: 'x',
      yTitle: 'y',
      isLogX: true,
      lines: [{ name: 'a', points }],
    })
    const [, path] = /polyline points="([^"]+)"/.exec(log)!
    const xs = path!.split(' ').map((point) => Number(point.split(',')[0]))
    expect(xs[1]! - xs[0]!).toBeCloseTo(xs[2]! - xs[1]!, 6)
  })
})
