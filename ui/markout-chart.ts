/** Markout by horizon: bars with intervals for all fills, lines for groups of them. */
import uPlot from 'uplot'
import { bpsText, decimalsOfStep, groupedText, typeset } from '../src/report/number-text.ts'
import type { PageMarkout, PageMarkoutStats } from '../src/report/page-contract.ts'
import { Legend, type LegendEntry } from './legend.ts'
import type { ColorName, Theme } from './theme.ts'
import type { Tooltip, TooltipRow } from './tooltip.ts'

const GROUPS = ['buy', 'sell', 'maker', 'taker'] as const
const NAMES = { all: 'All', buy: 'Buy', sell: 'Sell', maker: 'Maker', taker: 'Taker' } as const
const COLORS: Readonly<Record<(typeof GROUPS)[number], ColorName>> = {
  buy: 'buy',
  sell: 'sell',
  maker: 'good',
  taker: 'muted',
}
/** Normal quantile of a two-sided 95 % interval. */
const Z95 = 1.96

/** @see module comment */
export class MarkoutChart {
  readonly #plot: uPlot
  readonly #container: HTMLElement
  readonly #markouts: readonly PageMarkout[]
  readonly #theme: Theme
  readonly #tooltip: Tooltip

  constructor(
    container: HTMLElement,
    given: {
      readonly markouts: readonly PageMarkout[]
      readonly theme: Theme
      readonly tooltip: Tooltip
      readonly legend: HTMLElement
    },
  ) {
    this.#container = container
    this.#markouts = given.markouts
    this.#theme = given.theme
    this.#tooltip = given.tooltip
    const x = given.markouts.map((_, i) => i)
    const groups = GROUPS.map((group) => given.markouts.map((at) => at[group].mean))
    const all = given.markouts.map((at) => at.all.mean)
    this.#plot = new uPlot(this.#plotOptions(), [x, all, ...groups], container)
    for (const hidden of [4, 5]) this.#plot.setSeries(hidden, { show: false })
    const legend = new Legend(given.legend, this.#legendEntries())
    for (const item of [...given.legend.children].slice(3))
      item.setAttribute('aria-pressed', 'false')
    given.theme.onChange(() => {
      legend.recolor()
      this.#plot.redraw(false)
    })
    new ResizeObserver(() => this.#resize()).observe(container)
    this.#resize()
  }

  #legendEntries(): LegendEntry[] {
    const { color } = { color: (name: ColorName) => (): string => this.#theme.color(name) }
    return [
      { name: NAMES.all, color: color('accent'), mark: 'block' },
      ...GROUPS.map((group, i) => ({
        name: NAMES[group],
        color: color(COLORS[group]),
        mark: 'line' as const,
        toggle: (isShown: boolean): void => this.#plot.setSeries(i + 2, { show: isShown }),
      })),
    ]
  }

  #resize(): void {
    const width = this.#container.clientWidth
    if (width > 0 && width !== this.#plot.width) this.#plot.setSize({ width, height: HEIGHT })
  }

  #plotOptions(): uPlot.Options {
    const theme = this.#theme
    const grid = { stroke: () => theme.color('grid'), width: 1 }
    const axis = { stroke: () => theme.color('muted'), font: FONT, ticks: { show: false } }
    return {
      width: this.#container.clientWidth || 500,
      height: HEIGHT,
      legend: { show: false },
      padding: [10, 0, 0, 0],
      scales: {
        x: { time: false, range: () => [-0.6, this.#markouts.length - 0.4] },
        y: { range: (_, low, high) => this.#range(low, high) },
      },
      series: [
        {},
        { stroke: () => theme.color('accent'), width: 0, points: { show: false } },
        ...GROUPS.map((group) => ({
          stroke: (): string => theme.color(COLORS[group]),
          width: 1.5,
          points: { show: true, size: 5, fill: (): string => theme.color('surface') },
        })),
      ],
      axes: [
        {
          ...axis,
          size: 30,
          splits: () => this.#markouts.map((_, i) => i),
          values: (plot) =>
            this.#markouts.map(({ label }, i) => (plot.width < 440 && i % 2 === 1 ? '' : label)),
          grid: { show: false },
        },
        {
          ...axis,
          side: 1,
          size: 62,
          gap: 6,
          space: 34,
          values: (_, ticks, __, ___, step) =>
            ticks.map((tick) => typeset(groupedText(tick, decimalsOfStep(step)))),
          grid,
        },
      ],
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      hooks: {
        drawAxes: [(plot) => this.#drawBars(plot)],
        setCursor: [(plot) => this.#onCursor(plot)],
      },
    }
  }

  #range(low: number | null, high: number | null): [number, number] {
    const bounds = [0, low ?? 0, high ?? 0]
    for (const { all } of this.#markouts) {
      if (all.mean !== null) bounds.push(all.mean - interval(all), all.mean + interval(all))
    }
    const least = Math.min(...bounds)
    const most = Math.max(...bounds)
    const margin = (most - least) * 0.08 || 1
    return [least - margin, most + margin]
  }

  #drawBars(plot: uPlot): void {
    const { ctx } = plot
    const ratio = uPlot.pxRatio
    const zero = plot.valToPos(0, 'y', true)
    const slot = plot.valToPos(1, 'x', true) - plot.valToPos(0, 'x', true)
    const width = Math.min(slot * 0.5, 44 * ratio)
    ctx.save()
    ctx.lineWidth = 1.5 * ratio
    for (const [i, { all }] of this.#markouts.entries()) {
      if (all.mean === null) continue
      const x = plot.valToPos(i, 'x', true)
      const y = plot.valToPos(all.mean, 'y', true)
      ctx.fillStyle = this.#theme.faded('accent', 0.32)
      ctx.fillRect(x - width / 2, Math.min(y, zero), width, Math.abs(zero - y))
      ctx.fillStyle = this.#theme.color('accent')
      ctx.fillRect(x - width / 2, y - ratio, width, 2 * ratio)
      ctx.strokeStyle = this.#theme.color('text')
      const reach = interval(all)
      if (reach === 0) continue
      const top = plot.valToPos(all.mean + reach, 'y', true)
      const bottom = plot.valToPos(all.mean - reach, 'y', true)
      const cap = Math.min(5 * ratio, width / 4)
      ctx.beginPath()
      ctx.moveTo(x, top)
      ctx.lineTo(x, bottom)
      for (const end of [top, bottom]) {
        ctx.moveTo(x - cap, end)
        ctx.lineTo(x + cap, end)
      }
      ctx.stroke()
    }
    ctx.strokeStyle = this.#theme.color('muted')
    ctx.lineWidth = ratio
    ctx.beginPath()
    ctx.moveTo(plot.bbox.left, zero)
    ctx.lineTo(plot.bbox.left + plot.bbox.width, zero)
    ctx.stroke()
    ctx.restore()
  }

  #onCursor(plot: uPlot): void {
    const { left = -10, event } = plot.cursor
    if (event === undefined) return
    const at = left < 0 ? undefined : this.#markouts[Math.round(plot.posToVal(left, 'x'))]
    if (at === undefined) {
      this.#tooltip.hide()
      return
    }
    const row = (name: string, stats: PageMarkoutStats, color: ColorName): TooltipRow => ({
      name,
      value: statsText(stats),
      color: this.#theme.color(color),
    })
    this.#tooltip.show(
      {
        title: `${at.label} after the fill`,
        rows: [
          row(NAMES.all, at.all, 'accent'),
          ...GROUPS.map((group) => row(NAMES[group], at[group], COLORS[group])),
        ],
      },
      event.clientX,
      event.clientY,
    )
  }
}

const HEIGHT = 300
const FONT =
  '11px ui-sans-serif, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'

function interval(stats: PageMarkoutStats): number {
  return stats.standardError === null ? 0 : stats.standardError * Z95
}

function statsText(stats: PageMarkoutStats): string {
  if (stats.mean === null) return '\u2013'
  const reach = interval(stats)
  const error = reach === 0 ? '' : ` \u00B1 ${groupedText(reach, 3)}`
  return `${typeset(bpsText(stats.mean))}${error} bps, ${groupedText(stats.count, 0)} fills`
}
