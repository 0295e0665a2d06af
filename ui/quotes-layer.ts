/** Our resting orders as lines from the moment they rested to the moment they were gone. */
import uPlot from 'uplot'
import type { QuoteColumn } from '../src/report/page-contract.ts'
import type { Table } from './columns.ts'
import type { Theme } from './theme.ts'
import type { ChartLayer } from './time-chart.ts'
import type { TooltipRow } from './tooltip.ts'
import type { TimeRange } from './viewport.ts'

/** With more orders in sight than this, lines would be a smear. */
const LINES_MAX = 1200

/** Draws each order while few are in sight; else leaves them to the sampled best quotes. */
export class QuotesLayer implements ChartLayer {
  isShown = true
  readonly #quotes: Table<QuoteColumn>
  readonly #theme: Theme
  readonly #text: (price: number) => string
  #rows: number[] = []
  #isDetailed = false

  /** @param text text of a price, exact */
  constructor(quotes: Table<QuoteColumn>, theme: Theme, text: (price: number) => string) {
    this.#quotes = quotes
    this.#theme = theme
    this.#text = text
  }

  /** True while each order of the stretch shown has a line of its own. */
  get isDetailed(): boolean {
    return this.#isDetailed
  }

  prepare(shown: TimeRange): void {
    const { from, to, length } = this.#quotes
    this.#rows = []
    for (let row = 0; row < length && this.#rows.length <= LINES_MAX; row++) {
      if (from[row]! / 1e9 < shown.to && to[row]! / 1e9 > shown.from) this.#rows.push(row)
    }
    this.#isDetailed = this.#rows.length <= LINES_MAX
    if (!this.#isDetailed) this.#rows = []
  }

  extremes(): readonly [number, number] | undefined {
    if (!this.isShown || this.#rows.length === 0) return undefined
    const prices = this.#rows.map((row) => this.#quotes.price[row]!)
    return [Math.min(...prices), Math.max(...prices)]
  }

  drawBelow(plot: uPlot): void {
    if (!this.isShown) return
    const { ctx } = plot
    for (const side of [1, -1]) {
      ctx.beginPath()
      for (const row of this.#rows) {
        if (this.#quotes.side[row] !== side) continue
        const y = plot.valToPos(this.#quotes.price[row]!, 'y', true)
        ctx.moveTo(plot.valToPos(this.#quotes.from[row]! / 1e9, 'x', true), y)
        ctx.lineTo(plot.valToPos(this.#quotes.to[row]! / 1e9, 'x', true), y)
      }
      ctx.strokeStyle = this.#theme.faded(side > 0 ? 'buy' : 'sell', 0.75)
      ctx.lineWidth = 1.5 * uPlot.pxRatio
      ctx.stroke()
    }
  }

  /** Tells the best of our quotes on either side at the pointer's time. */
  tooltip(plot: uPlot, left: number): readonly TooltipRow[] {
    if (!this.#isDetailed) return []
    const time = plot.posToVal(left, 'x') * 1e9
    const { side, price, from, to } = this.#quotes
    let bid = Number.NEGATIVE_INFINITY
    let ask = Number.POSITIVE_INFINITY
    for (const row of this.#rows) {
      if (from[row]! > time || to[row]! <= time) continue
      if (side[row]! > 0) bid = Math.max(bid, price[row]!)
      else ask = Math.min(ask, price[row]!)
    }
    const row = (name: string, best: number, color: 'buy' | 'sell'): TooltipRow => ({
      name,
      value: Number.isFinite(best) ? this.#text(best) : '\u2013',
      color: this.#theme.color(color),
    })
    return [row('Own bid', bid, 'buy'), row('Own ask', ask, 'sell')]
  }
}
