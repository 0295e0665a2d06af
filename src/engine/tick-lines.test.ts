import { describe, expect, it } from 'vitest'
import { Tape, unitInstrument } from '../../test/tape.ts'
import { LobFeed, TickFeed } from '../feed/index.ts'
import type { Line } from '../study/index.ts'
import { Cerebro } from './cerebro.ts'
import { Strategy } from './strategy.ts'

const events = new Tape()
  .snapshot(0, [[100, 6]], [[102, 2]])
  .trade(5, 1, 102, 3)
  .ask(5, 103, 7)
  .ask(5, 102, 0)
  .trade(5, 1, 103, 1)
  .trade(7, -1, 100, 2)
  .events()
const ticks = (): TickFeed => TickFeed.of(LobFeed.fromEvents(unitInstrument, events))

class Reader extends Strategy.with({}) {
  readonly seen: number[][] = []
  readonly lines: readonly Line[] = [
    this.data.line('bid_price'),
    this.data.line('ask_price'),
    this.data.line('bid_volume'),
    this.data.line('ask_volume'),
    this.data.line('spread'),
    this.data.line('imbalance'),
  ]

  override next(): void {
    this.seen.push([this.now, this.data.close.at(0), ...this.lines.map((line) => line.at(0))])
  }
}

describe('a tick feed given to a Cerebro', () => {
  it('reaches the strategy tick by tick, with the six lines of the touch by their names', async () => {
    const cerebro = new Cerebro()
    cerebro.addData(ticks())
    cerebro.addStrategy(Reader)
    const [result] = await cerebro.run()
    expect((result!.strategy as Reader).seen).toEqual([
      [5, 102, 100, 102, 6, 2, 2, 4 / 8],
      [5, 103, 100, 103, 6, 7, 3, -1 / 13],
      [7, 100, 100, 103, 6, 7, 3, -1 / 13],
    ])
  })

  it('has the same lines by both names', async () => {
    class Both extends Strategy.with({}) {
      override start(): void {
        expect(this.data.line('bid_price')).toBe(this.data.bidPrice)
        expect(this.data.line('ask_volume')).toBe(this.data.askVolume)
        expect(this.data.line('imbalance')).toBe(this.data.imbalance)
      }
    }
    const cerebro = new Cerebro()
    cerebro.addData(ticks().bars({ by: 'trades', count: 1 }))
    cerebro.addStrategy(Both)
    expect((await cerebro.run()).length).toBe(1)
  })

  it('names its lines where one is asked for that it does not have', async () => {
    class Wrong extends Strategy.with({}) {
      override start(): void {
        this.data.line('bid_size' as 'bid_price')
      }
    }
    const cerebro = new Cerebro()
    cerebro.addData(ticks())
    cerebro.addStrategy(Wrong)
    await expect(cerebro.run()).rejects.toThrow(
      /UNSUPPORTED.*have no line "bid_size"; they have open, .*, bidPrice, .*, imbalance/,
    )
  })

  it('takes orders, which meet the next tick', async () => {
    class Buyer extends Strategy.with({}) {
      override next(): void {
        if (this.orders.length === 0) this.buy({ size: 1 })
      }
    }
    const cerebro = new Cerebro()
    cerebro.addData(ticks())
    cerebro.addStrategy(Buyer)
    const [result] = await cerebro.run()
    expect([result!.record.fills.price[0], result!.record.fills.localTime[0]]).toEqual([103, 5])
  })

  it('has the mean distance of its ticks as its step, for their distances are no measure', async () => {
    const tape = new Tape().snapshot(0, [[100, 6]], [[102, 2]])
    for (const time of [1, 2, 2, 3, 100, 200, 350, 600]) tape.trade(time, 1, 102, 1)
    const cerebro = new Cerebro()
    cerebro.addData(TickFeed.of(LobFeed.fromEvents(unitInstrument, tape.events())))
    cerebro.addStrategy(Reader)
    const [result] = await cerebro.run()
    expect(result!.record.samples.intervalNs).toBe(Math.round(599 / 7))
  })

  it('without a trade is an error', () => {
    const none = TickFeed.of(LobFeed.fromEvents(unitInstrument, new Tape().bid(1, 1, 1).events()))
    expect(() => new Cerebro().addData(none)).toThrow(/TOO_FEW_ROWS.*complete no bar by tick/)
  })
})
