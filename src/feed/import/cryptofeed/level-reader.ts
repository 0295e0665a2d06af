/** Brings decimals of messages onto the grids of an instrument. */
import { DataError, LobtraderError, type DataPlace } from '../../../core/index.ts'
import type { Instrument } from '../../../market/index.ts'
import { LevelList } from '../binance/message.ts'
import { placedError } from '../field-error.ts'
import { FinerSize } from '../finer-size.ts'
import type { TextLevel } from './market-events.ts'

/** With more digits than 2^53 holds. */
const PLAIN_DECIMAL = /^\d+(?:\.\d+)?$/

/** Reads prices and sizes of one instrument. */
export class LevelReader {
  /** Levels left out because no row can hold their price or size; real books have a few such. */
  farLevels = 0
  readonly #instrument: Instrument
  readonly #place: () => DataPlace

  /** @param place file and line of the message at hand */
  constructor(instrument: Instrument, place: () => DataPlace) {
    this.#instrument = instrument
    this.#place = place
  }

  /**
   * Reads the levels of one side. Asks beyond 2^31 ticks and sizes beyond 2^53 lots, which real
   * books have far from the market, are left out and counted.
   *
   * @param isWhole true for a snapshot: it tells only of levels that there are
   * @throws DataError BAD_FIELD, BAD_DECIMAL, OFF_GRID, NEGATIVE, and OUT_OF_RANGE where the best
   *   prices themselves are beyond 2^31 ticks
   * @throws FinerSize where a size lies off the grid
   */
  levels(texts: readonly TextLevel[], side: 'bids' | 'asks', isWhole: boolean): LevelList {
    const list = new LevelList(texts.length)
    for (let i = 0; i < texts.length; i++) {
      const [price, size] = texts[i]!
      const tick = side === 'bids' ? this.tick(price, side, i) : this.tickOrFar(price, side, i)
      const lots = this.#lotsOrFar(size, side, i)
      if (isWhole && lots === 0) {
        throw this.#bad(`${side}[${i}] size`, size, 'a snapshot level has size 0')
      }
      if (tick >= 0 && lots >= 0) list.push(tick, lots)
      else this.farLevels++
    }
    // Nothing but prices out of range: the step is too fine for the market itself.
    if (isWhole && list.count === 0 && texts.length > 0) this.tick(texts[0]![0], side, 0)
    return list
  }

  /** Reads a price above 0. @throws DataError BAD_FIELD, BAD_DECIMAL, OFF_GRID, OUT_OF_RANGE, NEGATIVE */
  tick(price: string, side: string, index = -1): number {
    let tick: number
    try {
      tick = this.#instrument.ticksOf(price)
    } catch (error) {
      if (!(error instanceof LobtraderError)) throw error
      throw placedError(error, this.#at(side, index, price, 'price'))
    }
    if (tick > 0) return tick
    throw this.#bad(fieldOf(side, index, 'price'), price, 'a price is above 0')
  }

  /** As {@link tick}, but -1 for a price beyond 2^31 ticks. */
  tickOrFar(price: string, side: string, index = -1): number {
    try {
      return this.tick(price, side, index)
    } catch (error) {
      if (error instanceof DataError && error.code === 'OUT_OF_RANGE') return -1
      throw error
    }
  }

  #lotsOrFar(size: string, side: string, index: number): number {
    try {
      return this.lots(size, side, index)
    } catch (error) {
      if (!(error instanceof DataError)) throw error
      const isLong = error.code === 'BAD_DECIMAL' && PLAIN_DECIMAL.test(size)
      if (error.code === 'OUT_OF_RANGE' || isLong) return -1
      throw error
    }
  }

  /** Reads a size. @throws DataError BAD_DECIMAL, NEGATIVE, OUT_OF_RANGE; FinerSize */
  lots(size: string, side: string, index = -1): number {
    try {
      return this.#instrument.lotsOf(size) + 0
    } catch (error) {
      if (!(error instanceof LobtraderError)) throw error
      const place = this.#at(side, index, size, 'size')
      if (error.code === 'OFF_GRID') throw new FinerSize(size, place, this.#instrument.symbol)
      throw placedError(error, place)
    }
  }

  #at(side: string, index: number, value: string, what: string): DataPlace {
    const field = fieldOf(side, index, what)
    return { ...this.#place(), field, value: value.slice(0, 60) }
  }

  #bad(field: string, value: string, message: string): DataError {
    return new DataError('BAD_FIELD', `${message}, was ${value.slice(0, 60)}`, {
      ...this.#place(),
      field,
      value: value.slice(0, 60),
    })
  }
}

function fieldOf(side: string, index: number, what: string): string {
  return index < 0 ? side : `${side}[${index}] ${what}`
}
