/** Follows a calendar along times that mostly go forward, in numbers and without allocation. */
import { DAY_NS } from '../../time/index.ts'
import type { MarketPhase, SessionPhase } from './day-plan.ts'
import type { TradingCalendar, TradingSession } from './trading-calendar.ts'

/** Where a moment stands in a calendar; times are ns since an epoch. */
export class SessionCursor {
  readonly #calendar: TradingCalendar
  readonly #epochNs: bigint
  #from = Number.POSITIVE_INFINITY
  #to = Number.NEGATIVE_INFINITY
  #part: SessionPhase | undefined
  #session: TradingSession | undefined

  constructor(calendar: TradingCalendar, epochNs: bigint) {
    this.#calendar = calendar
    this.#epochNs = epochNs
  }

  /** Start of the present phase, or of what is known of the pause between two. */
  get from(): number {
    return this.#from
  }

  /** End of the present phase, not included. */
  get to(): number {
    return this.#to
  }

  get phase(): MarketPhase {
    return this.#part?.phase ?? 'closed'
  }

  /** What the venue calls this part of its day; empty where the market is closed. */
  get name(): string {
    return this.#part?.name ?? ''
  }

  /** The trading day; undefined between two. */
  get session(): TradingSession | undefined {
    return this.#session
  }

  /** Moves to a time, forward or back. Returns true when it lies in another phase than before. */
  moveTo(time: number): boolean {
    if (time >= this.#from && time < this.#to) return false
    const ns = this.#epochNs + BigInt(Math.floor(time))
    this.#part = this.#calendar.partAt(ns)
    this.#session = this.#calendar.sessionOf(ns)
    if (this.#part === undefined) this.#pauseAround(ns)
    else this.#bound(this.#part.fromNs, this.#part.toNs)
    return true
  }

  /** Bounds the pause by its neighbours, or by a day where none is as near. */
  #pauseAround(ns: bigint): void {
    let fromNs = ns - BigInt(DAY_NS)
    let toNs = ns + BigInt(DAY_NS)
    for (const session of this.#calendar.sessionsBetween(fromNs, toNs)) {
      for (const phase of session.phases) {
        if (phase.toNs <= ns && phase.toNs > fromNs) fromNs = phase.toNs
        if (phase.fromNs > ns && phase.fromNs < toNs) toNs = phase.fromNs
      }
    }
    this.#bound(fromNs, toNs)
  }

  #bound(fromNs: bigint, toNs: bigint): void {
    this.#from = Number(fromNs - this.#epochNs)
    this.#to = Number(toNs - this.#epochNs)
  }
}
