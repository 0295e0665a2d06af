/** Cuts the fills of a run into round trips: from flat to flat. */
import type { Position } from '../order/index.ts'
import type { TradeRecord } from './run-record.ts'

/** Follows a position and says when a round trip opens and closes. */
export class RoundTrips {
  readonly trades: TradeRecord[] = []
  #openTime = Number.NaN
  #side: 1 | -1 = 1
  #largest = 0
  #entryPrice = Number.NaN
  #realizedBefore = 0
  #feesBefore = 0
  readonly #position: Position

  constructor(position: Position) {
    this.#position = position
  }

  /**
   * Takes note of a fill that moved the position from `lotsBefore`.
   *
   * @param before realised profit and fees before the fill
   * @returns the round trips that this fill closed or opened
   */
  onFill(
    time: number,
    lotsBefore: number,
    before: { readonly realized: number; readonly fees: number },
  ): readonly TradeRecord[] {
    const { lots } = this.#position
    const told: TradeRecord[] = []
    const turned = lotsBefore !== 0 && lots !== 0 && Math.sign(lots) !== Math.sign(lotsBefore)
    if (lotsBefore !== 0 && (lots === 0 || turned)) {
      const closed = this.#record(time)
      this.trades.push(closed)
      told.push(closed)
    }
    if (lots !== 0 && (lotsBefore === 0 || turned)) {
      this.#openTime = time
      this.#side = lots > 0 ? 1 : -1
      this.#largest = 0
      this.#entryPrice = this.#position.price
      // The fee of a fill that turns the position belongs to the trip that it closes.
      this.#realizedBefore = turned ? this.#position.realized : before.realized
      this.#feesBefore = turned ? this.#position.fees : before.fees
      told.push(this.#record(Number.NaN))
    }
    if (lots !== 0) {
      this.#largest = Math.max(this.#largest, Math.abs(this.#position.size))
      if (Math.abs(lots) > Math.abs(lotsBefore)) this.#entryPrice = this.#position.price
    }
    return told
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
    }
  }
}
