/** Compiled, never run: what must and what must not type-check. */
import { Cerebro, Strategy } from './index.ts'

class Example extends Strategy.with({ size: 0.01, every: '100ms', mode: 'fast', isOn: true }) {
  override start(): void {
    const size: number = this.p.size
    const mode: string = this.p.mode
    const isOn: boolean = this.p.isOn
    this.every(this.p.every)
    // @ts-expect-error a number is not text
    const wrong: string = this.p.size
    // @ts-expect-error there is no such parameter
    this.p.sise
    void [size, mode, isOn, wrong]
  }
}

class Wider extends Example.with({ levels: 3, side: 'both' as 'both' | 'buy' }) {
  override stop(): void {
    const sum: number = this.p.size + this.p.levels
    const side: 'both' | 'buy' = this.p.side
    // @ts-expect-error parameters are read-only
    this.p.levels = sum
    void side
  }
}

class Orders extends Strategy {
  override next(): void {
    const tif: 'GTC' | 'IOC' = this.now > 5 ? 'GTC' : 'IOC'
    const limit = this.buy({ price: 1, tif })
    this.buy({ price: 1, postOnly: 'slide', displaySize: 1, expire: '5m' })
    this.sell({ trigger: 1, reduceOnly: true, oco: limit })
    this.sell({ trail: { percent: 1 }, activation: 2, triggerBy: 'mid' })
    this.sell({ type: 'take-profit-limit', trigger: 2, price: 1.9, parent: limit })
    this.buy({ type: 'market-to-limit', displaySize: 1 })
    this.buyBracket({ price: 1, stop: { trail: { ticks: 5 } }, profit: { price: 2 }, exits: 'oco' })
    // @ts-expect-error a trailing order needs a trail
    this.sell({ type: 'trailing-stop' })
    // @ts-expect-error a limit order needs a price
    this.buy({ type: 'limit' })
    // @ts-expect-error what never rests cannot be post-only
    this.buy({ price: 1, tif: 'IOC', postOnly: 'reject' })
    // @ts-expect-error a market order lives no day
    this.buy({ tif: 'DAY' })
    // @ts-expect-error a trail is one of price, percent and ticks
    this.sell({ trail: { bps: 5 } })
    // @ts-expect-error the exits of a bracket have its size
    this.buyBracket({ price: 1, stop: { trigger: 1, size: 2 }, profit: { price: 2 } })
  }
}

const cerebro = new Cerebro()
cerebro.addStrategy(Orders)
cerebro.addStrategy(Example, { size: 1, every: '1s' })
cerebro.addStrategy(Wider, { size: 1, levels: 2, side: 'buy' })
// @ts-expect-error a misspelt parameter does not compile
cerebro.addStrategy(Example, { sise: 1 })
// @ts-expect-error a wrongly typed parameter does not compile
cerebro.addStrategy(Example, { size: 'big' })
// @ts-expect-error a duration without a unit does not compile
cerebro.addStrategy(Example, { every: '100 milliseconds' })
// @ts-expect-error a misspelt parameter of the base class does not compile either
cerebro.addStrategy(Wider, { isOnn: false })
// @ts-expect-error not one of the values
cerebro.addStrategy(Wider, { side: 'sell' })
