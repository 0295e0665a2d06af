/** Our fills as marks on a price chart. */
import uPlot from 'uplot'
import type { FillColumn } from '../src/report/page-contract.ts'
import type { Table } from './columns.ts'
import type { FillTexts } from './fill-texts.ts'
import { firstRowFrom } from './rows.ts'
import type { Theme } from './theme.ts'
import type { ChartLayer } from './time-chart.ts'
import type { TooltipRow } from './tooltip.ts'
import type { TimeRange } from './viewport.ts'

/** Beyond this many marks in sight they become dots. */
const MARKS_MAX = 1500
const REACH = 10

/** Draws triangles: up for buys, down for sells; filled for maker, hollow for taker. */
export class FillsLayer implements ChartLayer {
  isShown = true
  /** Row of the fill that is pointed out; -1 for none. */
  selected = -1
  readonly #fills: Table<FillColumn>
  readonly #seconds: Float64Array
  readonly #texts: FillTexts
  readonly #theme: Theme
  readonly #hasHalo: boolean
  #from = 0
  #to = 0

  /** @param hasHalo outlines the marks, for a busy ground */
  constructor(
    given: { readonly fills: Table<FillColumn>; readonly texts: FillTexts; readonly theme: Theme },
    hasHalo: boolean,
  ) {
    this.#fills = given.fills
    this.#texts = given.texts
    this.#theme = given.theme
    this.#hasHalo = hasHalo
    this.#seconds = Float64Array.from(given.fills.localTime, (time) => time / 1e9)
  }

  prepare(shown: TimeRange): void {
    this.#from = firstRowFrom(this.#seconds, shown.from)
    this.#to = firstRowFrom(this.#seconds, shown.to)
  }

  extremes(): readonly [number, number] | undefined {
    if (!this.isShown || this.#to <= this.#from) return undefined
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    for (let row = this.#from; row < this.#to; row++) {
      low = Math.min(low, this.#fills.price[row]!)
      high = Math.max(high, this.#fills.price[row]!)
    }
    return [low, high]
  }

  drawAbove(plot: uPlot): void {
    if (this.isShown) {
      for (const side of [1, -1]) {
        for (const maker of [0, 1]) this.#drawKind(plot, side, maker)
      }
    }
    if (this.selected >= this.#from && this.selected < this.#to) this.#drawSelected(plot)
  }

  tooltip(plot: uPlot, left: number, top: number): readonly TooltipRow[] {
    const row = this.#nearest(plot, left, top)
    return row < 0 ? [] : this.#texts.details(row)
  }

  #drawKind(plot: uPlot, side: number, maker: number): void {
    const { ctx } = plot
    const path = new Path2D()
    const isDense = this.#to - this.#from > MARKS_MAX
    const size = (isDense ? 1.4 : 5) * uPlot.pxRatio
    for (let row = this.#from; row < this.#to; row++) {
      if (this.#fills.side[row] !== side || this.#fills.maker[row] !== maker) continue
      const x = plot.valToPos(this.#seconds[row]!, 'x', true)
      const y = plot.valToPos(this.#fills.price[row]!, 'y', true)
      if (isDense) path.rect(x - size, y - size, 2 * size, 2 * size)
      else triangle(path, { x, y, size, side })
    }
    const color = this.#theme.color(side > 0 ? 'buy' : 'sell')
    const ground = this.#theme.color('surface')
    ctx.lineJoin = 'round'
    if (this.#hasHalo && !isDense) {
      ctx.lineWidth = 3.2 * uPlot.pxRatio
      ctx.strokeStyle = ground
      ctx.stroke(path)
    }
    ctx.lineWidth = 1.3 * uPlot.pxRatio
    ctx.strokeStyle = color
    ctx.fillStyle = maker === 1 || isDense ? color : ground
    ctx.fill(path)
    if (!isDense) ctx.stroke(path)
  }

  #drawSelected(plot: uPlot): void {
    const { ctx } = plot
    const x = plot.valToPos(this.#seconds[this.selected]!, 'x', true)
    const y = plot.valToPos(this.#fills.price[this.selected]!, 'y', true)
    ctx.strokeStyle = this.#theme.color('text')
    ctx.lineWidth = 1.5 * uPlot.pxRatio
    ctx.beginPath()
    ctx.arc(x, y, 11 * uPlot.pxRatio, 0, 2 * Math.PI)
    ctx.stroke()
  }

  #nearest(plot: uPlot, left: number, top: number): number {
    if (!this.isShown) return -1
    let best = -1
    let distance = REACH ** 2
    const from = firstRowFrom(this.#seconds, plot.posToVal(left - REACH, 'x'))
    const until = plot.posToVal(left + REACH, 'x')
    for (let row = from; row < this.#to && this.#seconds[row]! <= until; row++) {
      const dx = plot.valToPos(this.#seconds[row]!, 'x') - left
      const dy = plot.valToPos(this.#fills.price[row]!, 'y') - top
      const found = dx * dx + dy * dy
      if (found > distance) continue
      distance = found
      best = row
    }
    return best
  }
}

interface Mark {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly side: number
}

/** A triangle whose tip touches the price: a buy points up to it from below. */
function triangle(path: Path2D, { x, y, size, side }: Mark): void {
  const base = y + side * size * 1.7
  path.moveTo(x, y)
  path.lineTo(x + size, base)
  path.lineTo(x - size, base)
  path.closePath()
}
