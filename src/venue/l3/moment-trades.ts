/**
 * The trades of one moment of the venue's clock, and the real orders that they met.
 *
 * A venue tells a trade, then the fills of the orders that it met (`order_fill`, `order_execute`);
 * fills whose trade is not told make a trade of their own. When the moment is over, everything is
 * known: a trade went through real orders and ours in price-time priority.
 */
import { NO_ROW } from '../resting-orders.ts'
import type { OwnPlaces } from './own-places.ts'

/** A fill of a real order. */
export interface RealFill {
  /** Side index of the order: 0 bids, 1 asks. */
  readonly side: 0 | 1
  /** Tick that was paid. */
  readonly paid: number
  /** Tick and arrival of the order, see {@link OwnPlaces}. */
  readonly tick: number
  readonly arrival: number
  readonly lots: number
  /** What of these lots the order still had, but for what we took before. */
  readonly hadLots: number
}

/** Fills an order of ours: its row, up to so many lots, how many stood ahead; returns what it took. */
export type FillOwn = (row: number, lots: number, ahead: number) => number

/** @see module comment */
export class MomentTrades {
  /** Trades of the moment. */
  count = 0
  /** The moment, ns since the epoch. */
  time = Number.NaN
  #fills = 0
  #side = new Uint8Array(16)
  #tick = new Int32Array(16)
  /** Lots as told, and by its fills. */
  #lots = new Float64Array(16)
  #executed = new Float64Array(16)
  /** 1 where more than the fills may have met us. */
  #isWhole = new Uint8Array(16)
  /** By fill: its trade, the order's tick, arrival and lots. */
  #fillTrade = new Int32Array(64)
  #fillTick = new Int32Array(64)
  #fillArrival = new Float64Array(64)
  #fillLots = new Float64Array(64)
  /** Executions that a trade told of directly before, and those that none did. */
  #told = 0
  #untold = 0

  /**
   * Adds a trade that met `side`. `isSided`: the venue told who the aggressor was; else its size
   * counts only where fills follow it, as those of an auction do and hidden ones do not.
   */
  push(time: number, side: 0 | 1, tick: number, lots: number, isSided: boolean): void {
    if (this.count === this.#tick.length) this.#growTrades()
    const n = this.count++
    this.time = time
    this.#side[n] = side
    this.#tick[n] = tick
    this.#lots[n] = lots
    this.#executed[n] = 0
    this.#isWhole[n] = isSided ? 1 : 0
  }

  /** Adds a fill to the last trade at its price, to one of its own where there is none. */
  fill(time: number, fill: RealFill): void {
    let trade = this.count - 1
    while (trade >= 0 && !(this.#side[trade] === fill.side && this.#tick[trade] === fill.paid)) {
      trade--
    }
    if (trade < 0) {
      this.push(time, fill.side, fill.paid, 0, false)
      trade = this.count - 1
    }
    this.#executed[trade]! += fill.lots
    this.#isWhole[trade] = 1
    if (this.#fills === this.#fillTick.length) this.#growFills()
    const n = this.#fills++
    this.#fillTrade[n] = trade
    this.#fillTick[n] = fill.tick
    this.#fillArrival[n] = fill.arrival
    this.#fillLots[n] = fill.hadLots
  }

  /** Notes whether an execution came with its trade directly before it. */
  noteExecution(isTold: boolean): void {
    if (isTold) this.#told++
    else this.#untold++
  }

  /**
   * The moment is over: lets our orders have what of its trades reached them.
   *
   * An order of ours is reached by what real orders ahead of it and ours before it did not take. While
   * a real order ahead stands unfilled, only what went to real orders behind can have reached it.
   */
  settle(own: OwnPlaces, fillOwn: FillOwn): void {
    for (let trade = 0; trade < this.count; trade++) this.#settleTrade(trade, own, fillOwn)
    this.clear()
  }

  clear(): void {
    this.count = 0
    this.#fills = 0
  }

  #settleTrade(trade: number, own: OwnPlaces, fillOwn: FillOwn): void {
    const side = this.#side[trade] === 0 ? 1 : -1
    // Where trades are told apart from their executions, both are one, told twice.
    const isWhole = this.#isWhole[trade] === 1 && this.#untold <= this.#told
    const executed = this.#executed[trade]!
    const total = isWhole ? Math.max(this.#lots[trade]!, executed) : executed
    let taken = 0
    let row = own.nextInPriority(side, this.#tick[trade]!, NO_ROW)
    while (row !== NO_ROW && taken < total) {
      const next = own.nextInPriority(side, this.#tick[trade]!, row)
      let ahead = 0
      let behind = 0
      for (let n = 0; n < this.#fills; n++) {
        if (this.#fillTrade[n] !== trade) continue
        const isAhead = own.isBehind(row, this.#fillTick[n]!, this.#fillArrival[n]!)
        if (isAhead) ahead += this.#fillLots[n]!
        else behind += this.#fillLots[n]!
      }
      const reached = total - ahead - taken
      const lots = own.places.aheadOf(row) > 0 ? Math.min(reached, behind - taken) : reached
      if (lots > 0) taken += fillOwn(row, lots, ahead)
      row = next
    }
  }

  #growTrades(): void {
    const capacity = this.#tick.length * 2
    this.#side = copied(this.#side, new Uint8Array(capacity))
    this.#tick = copied(this.#tick, new Int32Array(capacity))
    this.#lots = copied(this.#lots, new Float64Array(capacity))
    this.#executed = copied(this.#executed, new Float64Array(capacity))
    this.#isWhole = copied(this.#isWhole, new Uint8Array(capacity))
  }

  #growFills(): void {
    const capacity = this.#fillTick.length * 2
    this.#fillTrade = copied(this.#fillTrade, new Int32Array(capacity))
    this.#fillTick = copied(this.#fillTick, new Int32Array(capacity))
    this.#fillArrival = copied(this.#fillArrival, new Float64Array(capacity))
    this.#fillLots = copied(this.#fillLots, new Float64Array(capacity))
  }
}

function copied<T extends Uint8Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}
