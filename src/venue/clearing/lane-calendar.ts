/** What happens to positions in an instrument at set times: funding, and the end of the contract. */
import type { Instrument } from '../../market/index.ts'
import type { FundingPoint } from '../../order/index.ts'

const NEVER = Number.POSITIVE_INFINITY

/**
 * Where the funding of an instrument is told: by rows of its tape, each effective at its own venue
 * time; by a schedule; nowhere.
 */
export type LaneFunding = 'tape' | 'off' | readonly FundingPoint[]

/** Times are ns since the epoch. @see module comment */
export class LaneCalendar {
  /** True where rows of the tape tell of funding. */
  readonly isOnTape: boolean
  readonly #points: readonly {
    readonly time: number
    readonly rate: number
    readonly mark: number
  }[]
  readonly #expiry: number
  #next = 0
  #isOver = false

  constructor(instrument: Instrument, funding: LaneFunding, epochNs: bigint) {
    this.isOnTape = funding === 'tape' && instrument.isPerpetual
    this.#points =
      typeof funding === 'string'
        ? []
        : funding.map(({ timeNs, rate, mark }) => ({ time: Number(timeNs - epochNs), rate, mark }))
    const { expiryNs } = instrument
    this.#expiry = expiryNs === undefined ? NEVER : Number(expiryNs - epochNs)
  }

  /** True where positions may still be paid funding. */
  get paysFunding(): boolean {
    return this.isOnTape || this.#next < this.#points.length
  }

  isExpired(time: number): boolean {
    return time >= this.#expiry
  }

  /** When something next happens; funding matters only while a position is held. */
  nextTime(isHeld: boolean): number {
    const funding = isHeld ? (this.#points[this.#next]?.time ?? NEVER) : NEVER
    return Math.min(funding, this.#isOver ? NEVER : this.#expiry)
  }

  /** Takes what happens next; at one time funding comes before the end. */
  take(): { readonly rate: number; readonly mark: number } | 'expiry' {
    const point = this.#points[this.#next]
    if (point !== undefined && point.time <= (this.#isOver ? NEVER : this.#expiry)) {
      this.#next++
      return point
    }
    this.#isOver = true
    return 'expiry'
  }

  /** Forgets the payments up to `time`. */
  skipFunding(time: number): void {
    while (this.#next < this.#points.length && this.#points[this.#next]!.time <= time) this.#next++
  }
}
