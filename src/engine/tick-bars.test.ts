import { describe, expect, it } from 'vitest'
import { LobFeed, TickFeed, simulateMarket } from '../feed/index.ts'
import { sma } from '../study/index.ts'
import { Cerebro } from './cerebro.ts'
import { Strategy } from './strategy.ts'

const { instrument, events } = simulateMarket({ seed: 4, durationNs: 120e9 })
const feed = TickFeed.of(LobFeed.fromEvents(instrument, events)).bars({ by: 'time', every: '1s' })

class OnBars extends Strategy.with({ period: 5 }) {
  readonly mean = sma(this.data.imbalance, this.p.period)
  seen = 0

  override next(): void {
    this.seen++
    expect(this.data.askPrice.at(0) - this.data.bidPrice.at(0)).toBeCloseTo(
      this.data.spread.at(0),
      9,
    )
    if (this.position.size === 0 && this.mean.at(0) > 0) this.buy({ size: 0.1 })
    else if (this.position.size > 0 && this.mean.at(0) < 0) this.close()
  }
}

describe('a strategy on bars made of ticks', () => {
  it('reads the quote lines, trades on the instrument of the ticks, repeats its hash', async () => {
    const run = async (): Promise<[number, string, string, number]> => {
      const cerebro = new Cerebro()
      cerebro.addData(feed)
      cerebro.addStrategy(OnBars)
      const [result] = await cerebro.run()
      const { record, strategy } = result!
      return [
        (strategy as OnBars).seen,
        record.instrument.symbol,
        record.runHash,
        record.fills.length,
      ]
    }
    const [seen, symbol, hash, fills] = await run()
    expect([seen, symbol]).toEqual([feed.bars.length - 4, 'SIM'])
    expect(fills).toBeGreaterThan(2)
    expect((await run())[2]).toBe(hash)
  })

  it('has no quote lines on bars of a file, and says where they come from', async () => {
    class Wrong extends Strategy {
      override next(): void {
        expect(() => this.data.spread).toThrow(/UNSUPPORTED.*TickFeed makes bars that do/)
      }
    }
    const { quotes: _quotes, ...plain } = feed.bars
    const cerebro = new Cerebro()
    cerebro.addData({ ...feed, bars: plain })
    cerebro.addStrategy(Wrong)
    await cerebro.run()
    expect.hasAssertions()
  })
})
