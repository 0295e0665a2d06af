/** Decimals of orders on the grids of their instrument, or one sentence why they are not. */
import { LobtraderError, decimalText } from '../core/index.ts'
import type { Instrument } from '../market/index.ts'

/**
 * Returns the lots of an order's size.
 *
 * @param field what the size is called in the sentence
 * @throws LobtraderError OFF_GRID (names the two nearest), NOT_FINITE, NEGATIVE, OUT_OF_RANGE or
 *   BAD_ARGUMENT
 */
export function orderLots(instrument: Instrument, size: number, field = 'size'): number {
  const { symbol, spec } = instrument
  const sizeLots = instrument.lotsOf(size)
  if (sizeLots === 0) {
    throw new LobtraderError('BAD_ARGUMENT', `an order of ${symbol} needs a ${field} above 0`)
  }
  const off = sizeLots % instrument.orderLotStep
  if (off !== 0) {
    const below = instrument.size(sizeLots - off)
    const above = instrument.size(sizeLots - off + instrument.orderLotStep)
    throw offGrid(`order ${field} ${decimalText(size)} of ${symbol}`, spec.lotSize, below, above)
  }
  return sizeLots
}

/**
 * Returns the data ticks of an order's price.
 *
 * @param field what the price is called in the sentence
 * @throws LobtraderError as {@link orderLots}
 */
export function orderTicks(instrument: Instrument, price: number, field = 'price'): number {
  const { symbol, spec } = instrument
  const ticks = instrument.ticksOf(price)
  if (ticks % instrument.orderTickStep !== 0) {
    const below = instrument.price(instrument.roundToTicks(price, 'down'))
    const above = instrument.price(instrument.roundToTicks(price, 'up'))
    throw offGrid(`order ${field} ${decimalText(price)} of ${symbol}`, spec.tickSize, below, above)
  }
  return ticks
}

function offGrid(what: string, step: string, below: number, above: number): LobtraderError {
  return new LobtraderError(
    'OFF_GRID',
    `${what} is not a multiple of ${step}; nearest ${decimalText(below)} and ${decimalText(above)}`,
    { below, above },
  )
}
