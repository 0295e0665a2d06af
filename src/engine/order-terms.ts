/** Turns what a strategy asks for into the integers of an order, or says why it cannot be. */
import { LobtraderError, decimalText } from '../core/index.ts'
import type { Instrument } from '../market/index.ts'
import type { OrderType, TimeInForce } from '../order/index.ts'
import type { OrderOptions } from './strategy.ts'

/** Price and size of an order in integers. */
export interface OrderTerms {
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  /** 0 for a market order. */
  readonly priceTicks: number
  readonly sizeLots: number
}

/**
 * Returns the terms of an order.
 *
 * @param size base units or contracts
 * @throws LobtraderError OFF_GRID (names the two nearest), NOT_FINITE, NEGATIVE, OUT_OF_RANGE or
 *   BAD_ARGUMENT
 */
export function orderTerms(
  instrument: Instrument,
  options: OrderOptions,
  size: number,
): OrderTerms {
  const { symbol, spec } = instrument
  const type = options.type ?? (options.price === undefined ? 'market' : 'limit')
  if (type === 'limit' && options.price === undefined) {
    throw new LobtraderError('BAD_ARGUMENT', `a limit order of ${symbol} needs a price`)
  }
  const sizeLots = instrument.lotsOf(size)
  if (sizeLots === 0) {
    throw new LobtraderError('BAD_ARGUMENT', `an order of ${symbol} needs a size above 0`)
  }
  const lotStep = instrument.orderLotStep
  if (sizeLots % lotStep !== 0) {
    const below = instrument.size(sizeLots - (sizeLots % lotStep))
    const above = instrument.size(sizeLots - (sizeLots % lotStep) + lotStep)
    throw offGrid(`order size ${decimalText(size)} of ${symbol}`, spec.lotSize, below, above)
  }
  const priceTicks = type === 'market' ? 0 : instrument.ticksOf(options.price!)
  if (priceTicks % instrument.orderTickStep !== 0) {
    const below = instrument.price(instrument.roundToTicks(options.price!, 'down'))
    const above = instrument.price(instrument.roundToTicks(options.price!, 'up'))
    throw offGrid(
      `order price ${decimalText(options.price!)} of ${symbol}`,
      spec.tickSize,
      below,
      above,
    )
  }
  return { type, timeInForce: options.tif ?? 'GTC', priceTicks, sizeLots }
}

function offGrid(what: string, step: string, below: number, above: number): LobtraderError {
  return new LobtraderError(
    'OFF_GRID',
    `${what} is not a multiple of ${step}; nearest ${decimalText(below)} and ${decimalText(above)}`,
    { below, above },
  )
}
