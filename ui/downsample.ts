/** Cuts long series down to what a screen can show. */
import { MinMaxPyramid, type Extremes } from './min-max-pyramid.ts'
import { firstRowFrom, lastRowUntil, type Numbers } from './rows.ts'

/** Series over one column of times. */
export class SeriesGroup {
  readonly times: Numbers
  readonly columns: readonly Numbers[]
  readonly #pyramids: readonly MinMaxPyramid[]

  /** @param times ascending */
  constructor(times: Numbers, columns: readonly Numbers[]) {
    this.times = times
    this.columns = columns
    this.#pyramids = columns.map((column) => new MinMaxPyramid(column))
  }

  /**
   * Returns what shows the series between two times on `width` pixels: every row when they are few,
   * else the first, lowest, highest and last of each pixel.
   *
   * @source Jugel et al. (2014), "M4: A Visualization-Oriented Time Series Data Aggregation": these
   *   four draw the same pixels as all rows do
   */
  view(from: number, to: number, width: number): SeriesView {
    // One row beyond either edge, so that lines leave the picture where they should.
    const start = Math.max(0, lastRowUntil(this.times, from))
    const end = Math.min(this.times.length, firstRowFrom(this.times, to) + 1)
    return end - start <= 4 * width
      ? this.#allRows(start, end)
      : this.#fourAPixel(start, end, width)
  }

  #allRows(start: number, end: number): SeriesView {
    const x: number[] = []
    for (let row = start; row < end; row++) x.push(this.times[row]!)
    const y = this.columns.map((column) => {
      const values: (number | null)[] = []
      for (let row = start; row < end; row++) values.push(drawable(column[row]!))
      return values
    })
    return { x, y }
  }

  #fourAPixel(start: number, end: number, width: number): SeriesView {
    const first = this.times[start]!
    const step = (this.times[end - 1]! - first) / width
    const x: number[] = []
    const y: (number | null)[][] = this.columns.map(() => [])
    const found: Extremes = { low: 0, high: 0 }
    let row = start
    for (let pixel = 0; pixel < width && row < end; pixel++) {
      const left = first + pixel * step
      const next =
        pixel === width - 1
          ? end
          : Math.min(end, firstRowFrom(this.times, first + (pixel + 1) * step))
      if (next === row) continue
      for (let quarter = 0; quarter < 4; quarter++) x.push(left + (quarter * step) / 4)
      for (const [i, column] of this.columns.entries()) {
        this.#pyramids[i]!.read(row, next, found)
        const rises = !(column[next - 1]! < column[row]!)
        y[i]!.push(
          drawable(column[row]!),
          drawable(rises ? found.low : found.high),
          drawable(rises ? found.high : found.low),
          drawable(column[next - 1]!),
        )
      }
      row = next
    }
    return { x, y }
  }

  /** Returns the lowest and highest value of a series between two times, with what held before. */
  extremes(series: number, from: number, to: number): Extremes {
    const found: Extremes = { low: 0, high: 0 }
    const start = Math.max(0, lastRowUntil(this.times, from))
    this.#pyramids[series]!.read(start, lastRowUntil(this.times, to) + 1, found)
    return found
  }
}

/** Points to draw: `x` ascending, `y[series][point]`, null where there is none. */
export interface SeriesView {
  readonly x: number[]
  readonly y: (number | null)[][]
}

function drawable(value: number): number | null {
  return Number.isNaN(value) ? null : value
}
