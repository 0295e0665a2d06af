/** What a strategy sees of one data feed: its instrument, and its lines when it has bars. */
import { LobtraderError } from '../core/index.ts'
import type { BarColumns, Instrument } from '../market/index.ts'
import type { Line, LineClock } from '../study/index.ts'

/** The lines of every bar feed. */
export const BAR_LINES = ['open', 'high', 'low', 'close', 'volume', 'openInterest'] as const
export type BarLine = (typeof BAR_LINES)[number]

/** The lines of bars made of ticks: the touch as each bar ended, or as each single tick met it. */
export const QUOTE_LINES = [
  'bidPrice',
  'askPrice',
  'bidVolume',
  'askVolume',
  'spread',
  'imbalance',
] as const
export type QuoteLine = (typeof QUOTE_LINES)[number]

/** Other names of lines. */
const LINE_ALIASES = {
  bid_price: 'bidPrice',
  ask_price: 'askPrice',
  bid_volume: 'bidVolume',
  ask_volume: 'askVolume',
  openinterest: 'openInterest',
} as const satisfies Readonly<Record<string, BarLine | QuoteLine>>
export type LineAlias = keyof typeof LINE_ALIASES

/** The bars behind a {@link Data}. */
export interface DataBars {
  readonly columns: BarColumns
  readonly clock: LineClock
  /** Time of the present bar, ns since the run's epoch. */
  readonly time: () => number
}

/** What a {@link Data} may be told. */
export interface DataOptions {
  readonly name?: string
  readonly index?: number
  readonly bars?: DataBars
}

/** One data feed of a run. */
export class Data {
  readonly instrument: Instrument
  /** What `addData` was told; else the symbol, with its venue where several venues have it. */
  readonly name: string
  /** Its place in `datas`. */
  readonly index: number
  readonly #bars: DataBars | undefined
  readonly #series = new Map<BarLine | QuoteLine, Line>()

  constructor(instrument: Instrument, given: DataOptions = {}) {
    const { bars } = given
    this.instrument = instrument
    this.name = given.name ?? instrument.symbol
    this.index = given.index ?? 0
    this.#bars = bars
    if (bars === undefined) return
    const { clock, columns } = bars
    for (const name of BAR_LINES) {
      this.#series.set(name, clock.column(name, columns[name]))
    }
    if (columns.quotes === undefined) return
    for (const name of QUOTE_LINES) {
      this.#series.set(name, clock.column(name, columns.quotes[name]))
    }
  }

  get symbol(): string {
    return this.instrument.symbol
  }

  get venue(): string {
    return this.instrument.venue
  }

  get open(): Line {
    return this.line('open')
  }

  get high(): Line {
    return this.line('high')
  }

  get low(): Line {
    return this.line('low')
  }

  get close(): Line {
    return this.line('close')
  }

  get volume(): Line {
    return this.line('volume')
  }

  get openInterest(): Line {
    return this.line('openInterest')
  }

  /** Best bid as the bar ended, quote units; on bars made of ticks, like the five that follow. */
  get bidPrice(): Line {
    return this.line('bidPrice')
  }

  get askPrice(): Line {
    return this.line('askPrice')
  }

  get bidVolume(): Line {
    return this.line('bidVolume')
  }

  get askVolume(): Line {
    return this.line('askVolume')
  }

  get spread(): Line {
    return this.line('spread')
  }

  get imbalance(): Line {
    return this.line('imbalance')
  }

  /** Time of the present bar, ns since the run's epoch; NaN on a book. */
  get time(): number {
    return this.#bars?.time() ?? Number.NaN
  }

  /** Bars delivered so far. */
  get length(): number {
    return this.#bars === undefined ? 0 : this.line('close').length
  }

  /**
   * Returns a line by name; those of the touch also as `bid_price`, `ask_price`, `bid_volume` and
   * `ask_volume`.
   *
   * @throws LobtraderError UNSUPPORTED when this data has none such
   */
  line(name: BarLine | QuoteLine | LineAlias): Line {
    const known = Object.hasOwn(LINE_ALIASES, name) ? LINE_ALIASES[name as LineAlias] : name
    const line = this.#series.get(known as BarLine | QuoteLine)
    if (line !== undefined) return line
    throw new LobtraderError('UNSUPPORTED', this.#noLine(name, known), { line: name })
  }

  #noLine(name: string, known: string): string {
    if (this.#bars === undefined)
      return `data of ${this.name} is an order book and has no line "${name}"; read this.book instead`
    const names: readonly string[] = QUOTE_LINES
    return names.includes(known)
      ? `bars of ${this.name} come without quotes and have no line "${name}"; TickFeed makes bars that do`
      : `bars of ${this.name} have no line "${name}"; they have ${[...this.#series.keys()].join(', ')}`
  }
}
