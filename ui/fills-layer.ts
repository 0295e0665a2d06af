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
const MARKS_MAX = 1000
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
  readonly #isOverPicture: boolean
  #from = 0
  #to = 0

  /** @param isOverPicture the ground is a picture: marks get an outline, dots lie on top */
  constructor(
    given: { readonly fills: Table<FillColumn>; readonly texts: FillTexts; readonly theme: Theme },
    isOverPicture: boolean,
  ) {
    this.#fills = given.fills
    this.#texts = given.texts
    this.#theme = given.theme
    this.#isOverPicture = isOverPicture
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

  /** A crowd of fills lies below the price, which must stay readable. */
  drawBelow(plot: uPlot): void {
    if (!this.isShown || !this.#isDense || this.#isOverPicture) return
    this.#drawAllDots(plot)
    this.#drawRug(plot)
  }

  drawAbove(plot: uPlot): void {
    if (this.isShown && this.#isDense && this.#isOverPicture) this.#drawAllDots(plot)
    if (this.isShown && !this.#isDense) {
      for (const side of [1, -1]) {
        for (const maker of [0, 1]) this.#drawMarks(plot, side, maker)
      }
    }
    if (this.selected >= this.#from && this.selected < this.#to) this.#drawSelected(plot)
  }

  tooltip(plot: uPlot, left: number, top: number): readonly TooltipRow[] {
    const row = this.#nearest(plot, left, top)
    return row < 0 ? [] : this.#texts.details(row)
  }

  get #isDense(): boolean {
    return this.#to - this.#from > MARKS_MAX
  }

  /** Draws in order of time, so that neither side hides the other. */
  #drawAllDots(plot: uPlot): void {
    const { ctx } = plot
    const size = 2.4 * uPlot.pxRatio
    const alpha = this.#isOverPicture ? 1 : 0.55
    const colors = { buy: this.#theme.faded('buy', alpha), sell: this.#theme.faded('sell', alpha) }
    for (let row = this.#from; row < this.#to; row++) {
      const x = plot.valToPos(this.#seconds[row]!, 'x', true)
      const y = plot.valToPos(this.#fills.price[row]!, 'y', true)
      ctx.fillStyle = this.#fills.side[row]! > 0 ? colors.buy : colors.sell
      ctx.fillRect(x - size / 2, y - size / 2, size, size)
    }
  }

  /** Ticks at the edges, sells above and buys below, tell where a crowd of fills lies. */
  #drawRug(plot: uPlot): void {
    const { ctx, bbox } = plot
    const length = 8 * uPlot.pxRatio
    for (const side of [1, -1]) {
      ctx.fillStyle = this.#theme.faded(side > 0 ? 'buy' : 'sell', 0.4)
      const top = side > 0 ? bbox.top + bbox.height - length : bbox.top
      for (let row = this.#from; row < this.#to; row++) {
        if (this.#fills.side[row] !== side) continue
        const x = Math.round(plot.valToPos(this.#seconds[row]!, 'x', true))
        ctx.fillRect(x, top, uPlot.pxRatio, length)
      }
    }
  }

  #drawMarks(plot: uPlot, side: number, maker: number): void {
    const { ctx } = plot
    const path = new Path2D()
    const size = this.#markSize(plot) * uPlot.pxRatio
    for (let row = this.#from; row < this.#to; row++) {
      if (this.#fills.side[row] !== side || this.#fills.maker[row] !== maker) continue
      const x = plot.valToPos(this.#seconds[row]!, 'x', true)
      const y = plot.valToPos(this.#fills.price[row]!, 'y', true)
      triangle(path, { x, y, size, side })
    }
    const color = this.#theme.color(side > 0 ? 'buy' : 'sell')
    const ground = this.#theme.color('surface')
    ctx.lineJoin = 'round'
    if (this.#isOverPicture) {
      ctx.lineWidth = 3.2 * uPlot.pxRatio
      ctx.strokeStyle = ground
      ctx.stroke(path)
    }
    ctx.lineWidth = 1.3 * uPlot.pxRatio
    ctx.strokeStyle = color
    ctx.fillStyle = maker === 1 ? color : ground
    ctx.fill(path)
    ctx.stroke(path)
  }

  /** Half the width of a mark in CSS pixels: small marks where they would hide one another. */
  #markSize(plot: uPlot): number {
    const room = plot.over.clientWidth / (this.#to - this.#from)
    return room > 8 ? 5 : room > 3 ? 4 : 3
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
