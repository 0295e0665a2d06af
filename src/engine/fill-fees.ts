/** What the fills of one account cost. */
import type { Instrument } from '../market/index.ts'
import type { Order } from '../order/index.ts'
import type { ExchangeFill, FeeFill, FeeMeter, FeeModel } from '../venue/index.ts'

/** Charges the fills of one instrument in order of time. */
export class FillFees {
  readonly #meter: FeeMeter
  readonly #instrument: Instrument
  /** One record for all fills: a meter keeps none. */
  readonly #fill: FeeFill = { order: this, side: 1, isMaker: false, value: 0, size: 0, time: 0 }

  constructor(model: FeeModel, instrument: Instrument) {
    this.#meter = model.meter()
    this.#instrument = instrument
  }

  /** Returns the fee of a fill at exchange time `time`, in the settlement currency. */
  of(order: Order, fill: Omit<ExchangeFill, 'queueAheadLots'>, time: number): number {
    const instrument = this.#instrument
    const record = this.#fill
    record.order = order
    record.side = order.side
    record.isMaker = fill.isMaker
    record.size = instrument.size(fill.sizeLots)
    record.value = instrument.notional(record.size, instrument.price(fill.priceTicks))
    record.time = time
    return this.#meter.fee(record)
  }
}
