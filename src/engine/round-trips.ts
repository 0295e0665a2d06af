/** Cuts the fills of a run into round trips: from flat to flat. */
import { objectList } from '../core/index.ts'
import type { Position } from '../order/index.ts'
import type { TradeRecord } from './run-record.ts'

/** Most fills open and close nothing. */
const NONE: readonly TradeRecord[] = []

/** Follows a position and says when a round trip opens and closes. */
export class RoundTrips {
  readonly trades: TradeRecord[] = objectList()
  #openTime = Number.NaN
  #side: 1 | -1 = 1
  #largest = 0
  #entryPrice = Number.NaN
  #realizedBefore = 0
  #feesBefore = 0
  #fundingBefore = 0
  #lotsBeforeFill = 0
  readonly #position: Position

  constructor(position: Position) {
    this.#position = position
  }

  /** Takes note of the position before a fill moves it. */
  beforeFill(): void {
    const position = this.#position
    this.#lotsBeforeFill = position.lots
    if (position.lots === 0) this.#noteMoney()
  }

  /**
   * Takes note of a fill at `time`; {@link beforeFill} came first.
   *
   * @returns the round trips that this fill closed or opened
   */
  afterFill(time: number): readonly TradeRecord[] {
    const { lots } = this.#position
    const lotsBefore = this.#lotsBeforeFill
    let told = NONE
    const turned = lotsBefore !== 0 && lots !== 0 && Math.sign(lots) !== Math.sign(lotsBefore)
    if (lotsBefore !== 0 && (lots === 0 || turned)) {
      const closed = this.#record(time)
      this.trades.push(closed)
      told = [closed]
    }
    if (lots !== 0 && (lotsBefore === 0 || turned)) {
      this.#openTime = time
      this.#side = lots > 0 ? 1 : -1
      this.#largest = 0
      this.#entryPrice = this.#position.price
      // The fee of a fill that turns the position belongs to the trip that it closes.
      if (turned) this.#noteMoney()
      told = [...told, this.#record(Number.NaN)]
    }
    if (lots !== 0) {
      this.#largest = Math.max(this.#largest, Math.abs(this.#position.size))
      if (Math.abs(lots) > Math.abs(lotsBefore)) this.#entryPrice = this.#position.price
    }
    return told
  }

  #noteMoney(): void {
    const { realized, fees, funding } = this.#position
    this.#realizedBefore = realized
    this.#feesBefore = fees
    this.#fundingBefore = funding
  }

  /** All round trips, the open one (if any) last. */
  finish(): readonly TradeRecord[] {
    return this.#position.lots === 0 ? this.trades : [...this.trades, this.#record(Number.NaN)]
  }

  #record(closeTime: number): TradeRecord {
    return {
      openTime: this.#openTime,
      closeTime,
      side: this.#side,
      size: Math.max(this.#largest, Number.isNaN(closeTime) ? Math.abs(this.#position.size) : 0),
      entryPrice: this.#entryPrice,
      // Adding 0 turns a negative zero into a plain one.
      pnl: this.#position.realized - this.#realizedBefore + 0,
      fees: this.#position.fees - this.#feesBefore,
      funding: this.#position.funding - this.#fundingBefore,
    }
  }
}
