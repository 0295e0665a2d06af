/**
 * Bars from ticks: each tick, by time, by number of trades, by volume, by value or by signed volume.
 *
 * A bar holds whole trades, and trades that reached us together stay together (bars of single ticks
 * apart): what closes a bar is the moment, never a part of it. The bar that the end of the tape
 * leaves open is not given out unless that is asked for.
 */
import { LobtraderError } from '../../core/index.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  codeSide,
  type BarColumns,
  type EventColumns,
  type EventTape,
  type Instrument,
  type Side,
  type TradingCalendar,
} from '../../market/index.ts'
import { durationNs } from '../../time/index.ts'
import { LocalBook } from '../local-book.ts'
import type { LocalBookKind } from '../stored-tape.ts'
import { TickSieve, type TickFilter } from '../tick-filter.ts'
import { barMeter, type BarMeter } from './bar-meter.ts'
import { checkRule, type BarRule } from './bar-rule.ts'
import { BarTable, OpenBar } from './bar-table.ts'
import { SessionBreaks } from './session-breaks.ts'

/** Ticks and the book beside them, as {@link tradeBars} takes them. */
export interface TickTape {
  readonly instrument: Instrument
  readonly tape: EventTape
  /** Trades count from here to there, ns since the epoch; earlier rows only build the book. */
  readonly fromTime: number
  readonly toTime: number
  /** What the book is made of; default `depth`. */
  readonly localBook?: LocalBookKind
}

/** What bars may be told beside their rule. */
export interface BarOptions {
  /**
   * Only trades of auctions and continuous trading count, and no bar straddles the end of such a
   * phase: the bar that is open then ends there. Bars by time count from the start of the phase.
   */
  readonly calendar?: TradingCalendar | undefined
  /**
   * Give out the bar that the end of the tape leaves open, at the time of the last moment; default
   * false.
   */
  readonly keepLast?: boolean | undefined
}

/**
 * Returns the bars of a tape, with the touch of the local book as each bar ended; that of a single
 * tick is the touch that it met: the book of all rows above it.
 *
 * @throws LobtraderError BAD_ARGUMENT when the rule's threshold is not a positive finite number,
 *   BAD_DURATION, or TOO_FEW_ROWS when not one bar is complete
 */
export function tradeBars(
  tape: TickTape,
  rule: BarRule,
  options: BarOptions & { readonly filters?: readonly TickFilter[] } = {},
): BarColumns {
  checkRule(rule)
  const { epochNs } = tape.tape
  const maker = new BarMaker(tape, rule, {
    sieve: new TickSieve(options.filters ?? [], epochNs),
    breaks:
      options.calendar === undefined ? undefined : new SessionBreaks(options.calendar, epochNs),
  })
  const windows = tape.tape.local()
  for (let events = windows.next(); events !== undefined; events = windows.next()) {
    maker.take(events)
  }
  windows.close()
  maker.end(options.keepLast ?? false)
  const bars = maker.table.finish(tape.instrument.symbol, epochNs)
  if (bars.length > 0) return bars
  throw new LobtraderError(
    'TOO_FEW_ROWS',
    `the trades of ${bars.symbol} complete no bar by ${rule.by}`,
  )
}

/** Collects trades into bars beside a book; rows may come in several windows. */
class BarMaker {
  readonly table = new BarTable()
  readonly #instrument: Instrument
  readonly #fromTime: number
  readonly #toTime: number
  readonly #meter: BarMeter
  readonly #isByTick: boolean
  /** Length of a bar in ns; 0 unless bars go by time. */
  readonly #every: number
  readonly #sieve: TickSieve
  readonly #breaks: SessionBreaks | undefined
  readonly #book: LocalBook
  readonly #bar = new OpenBar()
  #end = Number.NEGATIVE_INFINITY
  #time = Number.NaN

  constructor(
    tape: TickTape,
    rule: BarRule,
    parts: { readonly sieve: TickSieve; readonly breaks: SessionBreaks | undefined },
  ) {
    this.#instrument = tape.instrument
    this.#book = new LocalBook(tape.localBook)
    this.#fromTime = tape.fromTime
    this.#toTime = tape.toTime
    this.#meter = barMeter(rule, tape.instrument)
    this.#isByTick = rule.by === 'tick'
    this.#every = rule.by === 'time' ? durationNs(rule.every) : 0
    this.#sieve = parts.sieve
    this.#breaks = parts.breaks
  }

  take(events: EventColumns): void {
    const { localTime, length } = events
    for (let from = 0; from < length && localTime[from]! <= this.#toTime;) {
      const time = localTime[from]!
      let to = from + 1
      while (to < length && localTime[to] === time) to++
      // The book here is that of the moment before: what a bar ending now has as its touch.
      if (time !== this.#time) this.#reach(time)
      this.#rows(events, from, to)
      from = to
    }
  }

  /** The tape has ended: the last moment is whole. */
  end(keepLast: boolean): void {
    this.#settle()
    if (keepLast && this.#bar.trades > 0) this.#give(Math.min(this.#time, this.#end), false)
  }

  #reach(time: number): void {
    this.#settle()
    this.#time = time
    if (time < this.#fromTime) return
    const breaks = this.#breaks
    const ended = breaks?.reach(time)
    if (ended !== undefined && this.#bar.trades > 0) {
      this.#give(Math.min(this.#end, ended), false)
    }
    if (this.#every === 0) {
      this.#end = Number.POSITIVE_INFINITY
      return
    }
    if (time >= this.#end && this.#bar.trades > 0) this.#give(this.#end)
    const origin = breaks === undefined ? 0 : breaks.from
    const end = origin + (Math.floor((time - origin) / this.#every) + 1) * this.#every
    this.#end = breaks === undefined ? end : Math.min(end, breaks.to)
  }

  /** Takes rows [from, to) of the present moment. */
  #rows(events: EventColumns, from: number, to: number): void {
    let applied = from
    if (this.#time >= this.#fromTime && this.#breaks?.isTrading !== false) {
      const { code, tick, lots } = events
      for (let i = from; i < to; i++) {
        const c = code[i]!
        if ((c & (KIND_MASK | EXCH_ONLY_BIT)) !== EventKind.Trade) continue
        const side = codeSide(c)
        const size = this.#instrument.size(lots[i]!)
        const price = this.#instrument.price(tick[i]!)
        if (!this.#sieve.passes(this.#time, side, price, size)) continue
        if (this.#isByTick) {
          this.#book.apply(events, applied, i)
          applied = i
        }
        this.#trade(side, price, size)
      }
    }
    this.#book.apply(events, applied, to)
  }

  #trade(side: Side | 0, price: number, size: number): void {
    this.#bar.take(price, size)
    if (this.#isByTick) this.#give(this.#time)
    else this.#meter.take(side, price, size)
  }

  /** All rows of the present moment are in: gives out the bar that they completed. */
  #settle(): void {
    if (this.#bar.trades > 0 && this.#meter.isFull) this.#give(this.#time)
  }

  #give(time: number, isWhole = true): void {
    this.table.add(this.#bar, time, this.#book.state.ladder, this.#instrument)
    this.#meter.restart(isWhole)
  }
}
