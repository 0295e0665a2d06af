/** What a strategy sees of one data feed: its instrument, and its lines when it has bars. */
import { LobtraderError } from '../core/index.ts'
import type { Instrument } from '../market/index.ts'
import type { Line, LineClock, SourceLine } from '../study/index.ts'

/** The lines of a bar feed. */
export const BAR_LINES = ['open', 'high', 'low', 'close', 'volume', 'openInterest'] as const
export type BarLine = (typeof BAR_LINES)[number]

/** One data feed of a run. */
export class Data {
  readonly instrument: Instrument
  readonly name: string
  readonly #lines: Readonly<Record<BarLine, SourceLine>> | undefined
  readonly #time: (() => number) | undefined

  constructor(instrument: Instrument, clock?: LineClock, time?: () => number) {
    this.instrument = instrument
    this.name = instrument.symbol
    this.#time = time
    this.#lines =
      clock === undefined
        ? undefined
        : (Object.fromEntries(BAR_LINES.map((name) => [name, clock.source(name)])) as Record<
            BarLine,
            SourceLine
          >)
  }

  get symbol(): string {
    return this.instrument.symbol
  }

  get open(): Line {
    return this.#line('open')
  }

  get high(): Line {
    return this.#line('high')
  }

  get low(): Line {
    return this.#line('low')
  }

  get close(): Line {
    return this.#line('close')
  }

  get volume(): Line {
    return this.#line('volume')
  }

  get openInterest(): Line {
    return this.#line('openInterest')
  }

  /** Time of the present bar, ns since the run's epoch. */
  get time(): number {
    return this.#time?.() ?? Number.NaN
  }

  /** Bars delivered so far. */
  get length(): number {
    return this.#lines === undefined ? 0 : this.#lines.close.length
  }

  /** Delivers one bar. */
  push(bar: Readonly<Record<BarLine, number>>): void {
    for (const name of BAR_LINES) this.#line(name).push(bar[name])
  }

  #line(name: BarLine): SourceLine {
    if (this.#lines === undefined) {
      throw new LobtraderError(
        'UNSUPPORTED',
        `data of ${this.name} is an order book and has no line "${name}"; read this.book instead`,
        { line: name },
      )
    }
    return this.#lines[name]
  }
}
