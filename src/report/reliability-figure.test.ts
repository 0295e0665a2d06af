import { describe, expect, it } from 'vitest'
import { reliability, type Forecast } from '../venue/index.ts'
import { reliabilityFigure } from './reliability-figure.ts'

const forecasts = (probability: number, happened: number, of: number): Forecast[] =>
  Array.from({ length: of }, (_, i) => ({ probability, hasHappened: i < happened }))

describe('the picture of reliability', () => {
  const panel = reliability([...forecasts(0.25, 10, 40), ...forecasts(0.75, 30, 40)])

  it('puts each bin where it was foretold and where it happened', () => {
    const svg = reliabilityFigure([{ name: 'fair', reliability: panel }])
    // 220 pixels from 0 to 1, upwards.
    expect(svg).toMatch(/cx="55"\s+cy="165"/)
    expect(svg).toMatch(/cx="165"\s+cy="55"/)
    expect(svg.match(/<circle/g)).toHaveLength(2)
    expect(svg).toContain('foretold 25.0%, happened 25.0%')
    expect(svg).toContain('Brier 0.1875')
  })

  it('draws a bar over the interval', () => {
    const svg = reliabilityFigure([{ name: 'fair', reliability: panel }])
    const { low, high } = panel.bins[2]!
    expect(svg).toContain(`y1="${Math.round((1 - low) * 2200) / 10}"`)
    expect(svg).toContain(`y2="${Math.round((1 - high) * 2200) / 10}"`)
  })

  it('breaks rows behind three panels and escapes names', () => {
    const panels = ['a', 'b', 'c', 'd < e'].map((name) => ({ name, reliability: panel }))
    const svg = reliabilityFigure(panels)
    expect(svg).toContain('viewBox="0 0 906 620"')
    expect(svg).toContain('translate(58 354)')
    expect(svg).toContain('d &lt; e')
  })
})
