/** Sends a list of orders at their own times, as they were or would have been sent. */
import { NO_ASK, NO_BID } from '../../book/index.ts'
import type { Side } from '../../market/index.ts'
import type { Order } from '../../order/index.ts'
import type { CoreOrderType, CoreTimeInForce } from '../../venue/index.ts'
import { Strategy, type StrategyClass } from '../strategy.ts'

/** An order of a list. */
export interface ScriptedOrder {
  readonly id: number
  /** When it is sent, Unix ns on the local clock. */
  readonly timeNs: bigint
  readonly side: Side
  /** Limit price in data ticks; of no meaning for a market order. */
  readonly priceTicks: number
  readonly sizeLots: number
  /** Of no meaning for a market order, but for IOC and FOK. */
  readonly timeInForce: CoreTimeInForce
  readonly type: CoreOrderType
  /**
   * When its cancel is sent, Unix ns; undefined: never. It is sent only if the order is known as
   * open and nothing is pending on it then.
   */
  readonly cancelNs: bigint | undefined
}

/** An order of a list as it was sent. */
export interface SentOrder {
  readonly order: Order
  /** Best prices as they were seen at that moment, in data ticks; NaN for an empty side. */
  readonly bidTicks: number
  readonly askTicks: number
}

/** A strategy that sent a list of orders. */
export interface OrderScript extends Strategy {
  /** What has been sent, by the id of the list. */
  readonly sent: ReadonlyMap<number, SentOrder>
}

interface Action {
  readonly time: bigint
  readonly isCancel: boolean
  readonly scripted: ScriptedOrder
}

/**
 * Returns a strategy that sends these orders; the strategy of its run is an {@link OrderScript}.
 *
 * Actions of one moment go in the order submissions before cancels, then by id.
 *
 * @param orders none before the first moment of the run
 */
export function scriptedOrders(orders: readonly ScriptedOrder[]): StrategyClass {
  const actions = actionsOf(orders)
  class Script extends Strategy implements OrderScript {
    readonly sent = new Map<number, SentOrder>()
    #next = 0

    override start(): void {
      this.#arm()
    }

    #arm(): void {
      const action = actions[this.#next]
      if (action === undefined) return
      this.after(Number(action.time - this.nowNs), () => this.#act())
    }

    #act(): void {
      for (; actions[this.#next]?.time === this.nowNs; this.#next++) {
        const { isCancel, scripted } = actions[this.#next]!
        if (isCancel) this.#cancel(scripted.id)
        else this.#send(scripted)
      }
      this.#arm()
    }

    #send({ id, side, type, priceTicks, sizeLots, timeInForce: tif }: ScriptedOrder): void {
      const { instrument } = this
      const size = instrument.size(sizeLots)
      const { bestBidTicks, bestAskTicks } = this.book
      const options =
        type === 'market'
          ? { type, size, tif: tif === 'GTX' ? ('GTC' as const) : tif }
          : { type, size, tif, price: instrument.price(priceTicks) }
      const order = side > 0 ? this.buy(options) : this.sell(options)
      this.sent.set(id, {
        order,
        bidTicks: bestBidTicks === NO_BID ? Number.NaN : bestBidTicks,
        askTicks: bestAskTicks === NO_ASK ? Number.NaN : bestAskTicks,
      })
    }

    #cancel(id: number): void {
      const { order } = this.sent.get(id)!
      if (order.isOpen && !order.isPending) this.cancel(order)
    }
  }
  return Script as unknown as StrategyClass
}

function actionsOf(orders: readonly ScriptedOrder[]): readonly Action[] {
  const actions = orders.flatMap((scripted) => [
    { time: scripted.timeNs, isCancel: false, scripted },
    ...(scripted.cancelNs === undefined
      ? []
      : [{ time: scripted.cancelNs, isCancel: true, scripted }]),
  ])
  return actions.sort((a, b) => {
    if (a.time !== b.time) return a.time < b.time ? -1 : 1
    return Number(a.isCancel) - Number(b.isCancel) || a.scripted.id - b.scripted.id
  })
}
