/** Where the trading of a calendar pauses, along times that go forward. */
import { SessionCursor, type TradingCalendar } from '../../market/index.ts'
import { TRADING_PHASES } from '../tick-filter.ts'

/** Follows stretches of trading; phases of one kind and name that touch are one stretch. */
export class SessionBreaks {
  readonly #cursor: SessionCursor
  #isTrading = false
  #from = Number.NaN
  #name = ''
  /** End of the last stretch of trading. */
  #to = Number.NaN

  constructor(calendar: TradingCalendar, epochNs: bigint) {
    this.#cursor = new SessionCursor(calendar, epochNs)
  }

  /** True while the present time lies in an auction or in continuous trading. */
  get isTrading(): boolean {
    return this.#isTrading
  }

  /** Start of the present stretch of trading. */
  get from(): number {
    return this.#from
  }

  /** End of the present stretch of trading, not included. */
  get to(): number {
    return this.#to
  }

  /** Moves on to a time. Returns where trading ended, when a stretch of it ended on the way. */
  reach(time: number): number | undefined {
    const cursor = this.#cursor
    if (Number.isNaN(this.#to)) {
      cursor.moveTo(time)
      this.#enter()
      return undefined
    }
    let firstEnd: number | undefined
    while (time >= cursor.to) {
      cursor.moveTo(cursor.to)
      const ended = this.#enter()
      firstEnd ??= ended
    }
    return firstEnd
  }

  /** Takes note of the phase that the cursor has come to; returns the end of the stretch before. */
  #enter(): number | undefined {
    const cursor = this.#cursor
    const ended = this.#isTrading ? this.#to : undefined
    this.#isTrading = TRADING_PHASES.includes(cursor.phase)
    const name = this.#isTrading ? `${cursor.phase} ${cursor.name}` : ''
    const goesOn = ended !== undefined && name === this.#name
    this.#to = cursor.to
    this.#name = name
    if (goesOn) return undefined
    this.#from = cursor.from
    return ended
  }
}
