/** Bars with their quotes, in columns that grow. */
import type { Ladder } from '../../book/index.ts'
import type { BarColumns, Instrument } from '../../market/index.ts'
import { QUOTE_COLUMNS, writeTouch } from './touch.ts'

const VALUE_COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const

type TableColumns = Record<
  (typeof VALUE_COLUMNS)[number] | (typeof QUOTE_COLUMNS)[number],
  Float64Array
>

const NAMES = [...VALUE_COLUMNS, ...QUOTE_COLUMNS] as const

/** The bar that is being made; reset by {@link BarTable.add}. */
export class OpenBar {
  trades = 0
  open = Number.NaN
  high = Number.NaN
  low = Number.NaN
  close = Number.NaN
  volume = 0

  take(price: number, size: number): void {
    if (this.trades === 0) {
      this.open = price
      this.high = price
      this.low = price
    }
    this.trades++
    if (price > this.high) this.high = price
    if (price < this.low) this.low = price
    this.close = price
    this.volume += size
  }
}

/** Collects bars. */
export class BarTable {
  #length = 0
  #columns = allocate(256)

  get length(): number {
    return this.#length
  }

  /** Adds a bar with the touch of a book, and empties it for the next one. */
  add(bar: OpenBar, time: number, ladder: Ladder, instrument: Instrument): void {
    const row = this.#length
    if (row === this.#columns.time.length) this.#grow()
    const columns = this.#columns
    columns.time[row] = time
    columns.open[row] = bar.open
    columns.high[row] = bar.high
    columns.low[row] = bar.low
    columns.close[row] = bar.close
    columns.volume[row] = bar.volume
    writeTouch(columns, row, ladder, instrument)
    this.#length++
    bar.trades = 0
    bar.volume = 0
  }

  finish(symbol: string, epochNs: bigint): BarColumns {
    const length = this.#length
    const columns = Object.fromEntries(
      NAMES.map((name) => [name, this.#columns[name].slice(0, length)]),
    ) as TableColumns
    const { time, open, high, low, close, volume, ...quotes } = columns
    const openInterest = new Float64Array(length)
    return { length, symbol, epochNs, time, open, high, low, close, volume, openInterest, quotes }
  }

  #grow(): void {
    const grown = allocate(this.#length * 2)
    for (const name of NAMES) grown[name].set(this.#columns[name])
    this.#columns = grown
  }
}

function allocate(rows: number): TableColumns {
  return Object.fromEntries(NAMES.map((name) => [name, new Float64Array(rows)])) as TableColumns
}
