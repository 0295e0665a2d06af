/** What an import of CTP snapshots keeps for a contract. */
import { DataError, type DataPlace } from '../../../core/index.ts'
import type { LevelTape } from '../level-tape.ts'
import { PartialBook, type PartialSide } from '../table/partial-book.ts'
import { InferredTrades } from './inferred-trades.ts'

/** Snapshots come twice a second; so long a silence is a break between sessions. */
const BREAK_NS = 300e9

/** How far the last price may be from the average of its interval, over a day, relative to it. */
const MULTIPLIER_ERROR_MAX = 0.0005

/** One snapshot. */
export interface CtpRow {
  readonly localTime: number
  readonly place: DataPlace
  readonly tradingDate: string
  /** Lots and tick-lots since the session began. */
  readonly cumLots: number
  readonly cumValue: number
  /** Lots and tick-lots since the row before, NaN where the table does not tell. */
  readonly lots: number
  readonly value: number
  /** Day's range in ticks; NaN where the table does not tell. */
  readonly lowTick: number
  readonly highTick: number
  /** True once the day is settled. */
  readonly isSettled: boolean
  readonly bids: PartialSide
  readonly asks: PartialSide
}

/** Turns the snapshots of one contract into trades, levels and session breaks. */
export class CtpSymbol {
  /** Rows whose own volume is not the difference of the volumes of the day. */
  unequal = 0
  /** Lots that were traded before the first row, of which no row tells more. */
  lotsBefore = 0
  breaks = 0
  readonly #book = new PartialBook(5)
  readonly #trades = new InferredTrades()
  #tradingDate: string | undefined
  #cumLots = 0
  #cumValue = 0
  #bidTick = Number.NaN
  #askTick = Number.NaN
  #localTime = Number.NaN
  #isOpen = true
  #notedVolume = Number.NaN
  #notedTurnover = Number.NaN
  #turnoverSum = 0
  #priceLotsSum = 0

  /** Notes what gives the multiplier: how turnover grows against volume x price. */
  note(cumVolume: number, cumTurnover: number, last: number): void {
    const volume = cumVolume - this.#notedVolume
    const turnover = cumTurnover - this.#notedTurnover
    this.#notedVolume = cumVolume
    this.#notedTurnover = cumTurnover
    if (!(volume > 0 && turnover > 0)) return
    this.#turnoverSum += turnover
    this.#priceLotsSum += volume * last
  }

  /** Returns the multiplier of the contract, undefined where the data do not give a whole number. */
  get multiplier(): number | undefined {
    return roundestWhole(this.#turnoverSum / this.#priceLotsSum)
  }

  /**
   * Writes a snapshot.
   *
   * @throws DataError BAD_FIELD when volume or turnover go back within a day, or when the average
   *   price lies outside of the day's range
   */
  write(tape: LevelTape, row: CtpRow): void {
    const isFirst = this.#tradingDate === undefined
    const isNewDay = row.tradingDate !== this.#tradingDate
    if (isFirst && Number.isNaN(row.lots)) {
      this.lotsBefore = row.cumLots
      this.#cumLots = row.cumLots
      this.#cumValue = row.cumValue
    } else if (isFirst) {
      this.#cumLots = row.cumLots - row.lots
      this.#cumValue = row.cumValue - row.value
    } else if (isNewDay) {
      this.#cumLots = 0
      this.#cumValue = 0
    }
    const lots = row.cumLots - this.#cumLots
    const value = row.cumValue - this.#cumValue
    this.#tradingDate = row.tradingDate
    checkTraded(lots, value, row)
    if (!Number.isNaN(row.lots) && row.lots !== lots) this.unequal++
    this.#session(tape, row, lots)
    tape.at(row.localTime, row.localTime)
    if (isNewDay) {
      this.#bidTick = Number.NaN
      this.#askTick = Number.NaN
    }
    if (lots > 0) {
      this.#trade(tape, lots, value)
      this.#cumLots = row.cumLots
      // Turnover without volume waits for the next trade.
      this.#cumValue = row.cumValue
    }
    this.#book.write(tape, row.bids, row.asks)
    this.#bidTick = row.bids.count > 0 ? row.bids.ticks[0]! : Number.NaN
    this.#askTick = row.asks.count > 0 ? row.asks.ticks[0]! : Number.NaN
    this.#localTime = row.localTime
  }

  #trade(tape: LevelTape, lots: number, value: number): void {
    const trades = this.#trades
    trades.split(lots, value, this.#bidTick, this.#askTick)
    for (let i = 0; i < trades.count; i++) {
      tape.trade(trades.side[i] as 1 | -1 | 0, trades.ticks[i]!, trades.lots[i]!)
    }
  }

  /** A long silence closes the session at the row before it; a row that is not settled opens one. */
  #session(tape: LevelTape, row: CtpRow, lots: number): void {
    if (!(row.localTime - this.#localTime >= BREAK_NS)) return
    if (this.#isOpen) {
      this.breaks++
      tape.at(this.#localTime, this.#localTime)
      tape.status(false)
    }
    this.#isOpen = !row.isSettled || lots > 0
    if (!this.#isOpen) return
    tape.at(row.localTime, row.localTime)
    tape.status(true)
  }
}

/** Returns the whole number with the most zeros at its end that is near enough to `ratio`. */
function roundestWhole(ratio: number): number | undefined {
  const low = ratio * (1 - MULTIPLIER_ERROR_MAX)
  const high = ratio * (1 + MULTIPLIER_ERROR_MAX)
  for (let step = 1e6; step >= 1; step /= 10) {
    const whole = Math.round(ratio / step) * step
    if (whole >= Math.max(1, low) && whole <= high) return whole
  }
  return undefined
}

function checkTraded(lots: number, value: number, { place, lowTick, highTick }: CtpRow): void {
  if (lots < 0 || (lots > 0 && value <= 0)) {
    throw new DataError(
      'BAD_FIELD',
      `volume and turnover of a day do not fall: the row has ${lots} lots more than the one before, worth ${value} tick-lots`,
      place,
    )
  }
  // A tick on either side is what rounding of the turnover may do.
  if (lots > 0 && (value < (lowTick - 1) * lots || value > (highTick + 1) * lots)) {
    throw new DataError(
      'BAD_FIELD',
      `the average price since the row before, ${value / lots} ticks, lies outside of the day's range, ${lowTick} to ${highTick}; is the multiplier of the instrument right?`,
      place,
    )
  }
}
