/** A strategy that sends orders of every kind at random, for tests of the engine. */
import { Prng } from '../src/core/index.ts'
import { Strategy, type ExitOptions, type OrderOptions } from '../src/engine/index.ts'
import type { Order } from '../src/order/index.ts'

/** Trades one instrument at random with all that an order can ask for; writes down what it hears. */
export class SpecialBook extends Strategy.with({ symbol: 'A', every: '10ns', draws: 1 }) {
  readonly log: string[] = []
  readonly mine = this.getData(this.p.symbol)
  readonly #random = new Prng(this.p.draws)

  override start(): void {
    this.every(this.p.every)
  }

  override onTimer(): void {
    this.act()
  }

  override notifyOrder(order: Order): void {
    const { index, status, filledLots, sizeLots, triggerTicks, isParked, reason } = order
    this.log.push(
      `${this.now} ${index} ${status} ${filledLots}/${sizeLots} ${triggerTicks} ${isParked} ${reason}`,
    )
    if (status === 'filled' && this.#random.nextInt(3) === 0) this.act()
  }

  /** Sends, amends or cancels something. */
  act(): void {
    const random = this.#random
    const pick = <T>(from: readonly T[]): T => from[random.nextInt(from.length)]!
    const price = (): number => 95 + random.nextInt(12)
    const open = this.orders.filter((order) => order.isOpen)
    const draw = random.nextInt(12)
    const { mine: data } = this
    if (draw < 2 && open.length > 0) this.cancel(pick(open))
    else if (draw === 2) this.cancelAll({ data, side: pick([1, -1] as const) })
    else if (draw === 3 && open.length > 0) this.amend(pick(open), { size: 1 + random.nextInt(6) })
    else if (draw === 4) {
      const exits: [ExitOptions, ExitOptions] = [{ trail: { ticks: 2 } }, { price: price() }]
      const [stop, profit] = exits
      this.buyBracket({ data, price: price(), size: 1 + random.nextInt(4), stop, profit })
    } else {
      const ties = random.nextInt(3) === 0 && open.length > 0 ? { oco: pick(open) } : {}
      const options = {
        data,
        size: 1 + random.nextInt(5),
        ...ties,
        ...this.#kind(),
      } as OrderOptions
      if (random.nextInt(2) === 0) this.buy(options)
      else this.sell(options)
    }
  }

  #kind(): object {
    const random = this.#random
    const price = 95 + random.nextInt(12)
    const triggerBy = (['last', 'bid-ask', 'mid', 'mark'] as const)[random.nextInt(4)]!
    return [
      { price },
      { price, tif: 'IOC' },
      { price, displaySize: 1 },
      { price, postOnly: 'slide' },
      { price, expire: 1 + random.nextInt(90) },
      { price, reduceOnly: true },
      { trigger: price, triggerBy },
      { trigger: price, price: price + 1, triggerBy },
      { type: 'take-profit', trigger: price, triggerBy },
      { trail: { ticks: 1 + random.nextInt(3) }, triggerBy },
      { trail: { percent: 2 }, limitOffset: 1, triggerBy },
      { type: 'market-to-limit', stp: 'decrement' },
    ][random.nextInt(12)]!
  }
}
