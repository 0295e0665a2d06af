/** The order book over time: each cell is what rested at a price, on a logarithmic scale of colour. */
import type uPlot from 'uplot'
import { groupedText, plainText } from '../src/report/number-text.ts'
import { colorRamp, sizeScale, type SizeScale } from './heatmap-colors.ts'
import { lastRowUntil } from './rows.ts'
import type { Theme } from './theme.ts'
import type { ChartLayer } from './time-chart.ts'
import type { TooltipRow } from './tooltip.ts'

/** Depth on a grid of time and price, see `DepthGrid` of the engine. */
export interface Depth {
  readonly times: number
  readonly prices: number
  /** Ns since the run's epoch. */
  readonly time: Float64Array
  readonly priceFirst: number
  readonly priceStep: number
  readonly size: Float32Array
  /** End of the last column, ns. */
  readonly end: number
  readonly priceDecimals: number
  readonly tickSize: number
  readonly sizeUnit: string
}

/** Draws the grid as one picture, scaled to what is shown. */
export class HeatmapLayer implements ChartLayer {
  readonly scale: SizeScale
  readonly #depth: Depth
  readonly #seconds: Float64Array
  readonly #theme: Theme
  readonly #picture = document.createElement('canvas')
  /** Lower edge of the lowest bin. */
  readonly #floor: number

  constructor(depth: Depth, theme: Theme) {
    this.#depth = depth
    this.#theme = theme
    this.#seconds = Float64Array.from(depth.time, (time) => time / 1e9)
    this.scale = sizeScale(depth.size)
    this.#floor = depth.priceFirst - depth.tickSize / 2
    this.#picture.width = depth.times
    this.#picture.height = depth.prices
    this.paint()
  }

  /** Lowest and highest price of the grid. */
  get bounds(): readonly [number, number] {
    return [this.#floor, this.#floor + this.#depth.prices * this.#depth.priceStep]
  }

  /** Paints the picture in the colours of the theme. */
  paint(): void {
    const { times, prices, size } = this.#depth
    const context = this.#picture.getContext('2d')!
    const image = context.createImageData(times, prices)
    const pixels = new Uint32Array(image.data.buffer)
    const bid = colorRamp(this.#theme, 'bid')
    const ask = colorRamp(this.#theme, 'ask')
    for (let t = 0; t < times; t++) {
      for (let p = 0; p < prices; p++) {
        const cell = size[t * prices + p]!
        if (cell === 0) continue
        // Prices rise upwards, rows of a picture go down.
        pixels[(prices - 1 - p) * times + t] = (cell > 0 ? bid : ask)[this.scale.shade(cell)]!
      }
    }
    context.putImageData(image, 0, 0)
  }

  drawBelow(plot: uPlot): void {
    const { ctx } = plot
    const { times, prices, priceStep, end } = this.#depth
    const left = plot.valToPos(this.#seconds[0]!, 'x', true)
    const right = plot.valToPos(end / 1e9, 'x', true)
    const bottom = plot.valToPos(this.#floor, 'y', true)
    const top = plot.valToPos(this.#floor + prices * priceStep, 'y', true)
    ctx.imageSmoothingEnabled = false
    ctx.drawImage(this.#picture, 0, 0, times, prices, left, top, right - left, bottom - top)
  }

  tooltip(plot: uPlot, left: number, top: number): readonly TooltipRow[] {
    const { prices, priceStep, size, priceDecimals, tickSize, sizeUnit } = this.#depth
    const t = lastRowUntil(this.#seconds, plot.posToVal(left, 'x'))
    const p = Math.floor((plot.posToVal(top, 'y') - this.#floor) / priceStep)
    if (t < 0 || p < 0 || p >= prices) return []
    const cell = size[t * prices + p]!
    const low = this.#depth.priceFirst + p * priceStep
    const high = low + priceStep - tickSize
    const price = groupedText(low, priceDecimals)
    const isOneTick = high - low < tickSize / 2
    return [
      {
        name: 'Price',
        value: isOneTick ? price : `${price} to ${groupedText(high, priceDecimals)}`,
      },
      {
        name: cell > 0 ? 'Bids' : cell < 0 ? 'Asks' : 'Resting',
        value: `${plainText(Math.abs(cell), 6)} ${sizeUnit}`,
        ...(cell === 0 ? {} : { color: this.#theme.color(cell > 0 ? 'bid-1' : 'ask-1') }),
      },
    ]
  }
}
