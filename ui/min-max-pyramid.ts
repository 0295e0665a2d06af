/** Lowest and highest values of any stretch of a long column, in logarithmic time. */
import type { Numbers } from './rows.ts'

const FAN = 16

interface Level {
  readonly low: Numbers
  readonly high: Numbers
}

/** A range of values; NaN when a stretch has none. */
export interface Extremes {
  low: number
  high: number
}

/** Blocks of 16 rows, blocks of 16 blocks and so on; NaN counts as absent. */
export class MinMaxPyramid {
  readonly #levels: Level[]

  constructor(values: Numbers) {
    this.#levels = [{ low: values, high: values }]
    for (;;) {
      const below = this.#levels.at(-1)!
      if (below.low.length <= FAN) break
      this.#levels.push(blocksOf(below))
    }
  }

  /** Writes the extremes of rows `[from, to)` to `out`. */
  read(from: number, to: number, out: Extremes): void {
    out.low = Number.NaN
    out.high = Number.NaN
    let start = from
    let end = to
    for (const level of this.#levels) {
      if (end - start <= 2 * FAN || level === this.#levels.at(-1)) {
        scan(level, start, end, out)
        return
      }
      // Only whole blocks can be read one level up; ragged ends are read here.
      const innerStart = Math.ceil(start / FAN) * FAN
      const innerEnd = Math.floor(end / FAN) * FAN
      scan(level, start, innerStart, out)
      scan(level, innerEnd, end, out)
      start = innerStart / FAN
      end = innerEnd / FAN
    }
  }
}

function blocksOf(below: Level): Level {
  const length = Math.ceil(below.low.length / FAN)
  const low = new Float64Array(length)
  const high = new Float64Array(length)
  const out: Extremes = { low: 0, high: 0 }
  for (let block = 0; block < length; block++) {
    out.low = Number.NaN
    out.high = Number.NaN
    scan(below, block * FAN, Math.min((block + 1) * FAN, below.low.length), out)
    low[block] = out.low
    high[block] = out.high
  }
  return { low, high }
}

function scan(level: Level, from: number, to: number, out: Extremes): void {
  for (let i = from; i < to; i++) {
    const low = level.low[i]!
    const high = level.high[i]!
    if (!(low >= out.low)) out.low = Number.isNaN(low) ? out.low : low
    if (!(high <= out.high)) out.high = Number.isNaN(high) ? out.high : high
  }
}
