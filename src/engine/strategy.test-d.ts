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

const cerebro = new Cerebro()
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
