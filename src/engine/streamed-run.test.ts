/** A run over windows is the run over all rows at once, wherever the windows are cut. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CutBlocks, anyCuts } from '../../test/cut-blocks.ts'
import { feedOver } from '../../test/feed-over.ts'
import { wildTape } from '../../test/wild-tape.ts'
import { Monkey } from '../../test/scripted-run.ts'
import { unitInstrument } from '../../test/tape.ts'
import type { BookStatus } from '../book/index.ts'
import { LobFeed } from '../feed/index.ts'
import { blockTape } from '../market/index.ts'
import { constantLatency, powerProbQueue } from '../venue/index.ts'
import { Cerebro } from './cerebro.ts'
import { Strategy, type MarketTrade, type StrategyClass } from './strategy.ts'

/** Trades at random and writes down all that it is told, and when. */
class Witness extends Monkey {
  readonly log: string[] = []
  override onBook(): void {
    const { bestBidTicks, bestAskTicks, status, seqNum, version } = this.book
    this.log.push(`${this.now} ${bestBidTicks} ${bestAskTicks} ${status} ${seqNum} ${version}`)
  }
  override onTrade(trade: MarketTrade): void {
    this.log.push(`${this.now} ${trade.side} ${trade.sizeLots}@${trade.priceTicks}`)
  }
  override onBookStatus(status: BookStatus): void {
    this.log.push(`${this.now} ${status}`)
  }
}

/** Looks at nothing but the status: wake-ups far apart. */
class StatusOnly extends Strategy {
  readonly log: string[] = []
  override onBookStatus(status: BookStatus): void {
    this.log.push(`${this.now} ${status} ${this.book.version}`)
    if (status === 'live') this.buy({ price: 99, size: 1 })
  }
}

/** All that a run tells, but how long it took. */
async function told(
  feed: LobFeed,
  strategy: StrategyClass,
  latency: readonly [number, number],
  heatmap: boolean,
): Promise<unknown> {
  const cerebro = new Cerebro()
  cerebro.addData(feed, {
    latency: constantLatency({ entry: latency[0], response: latency[1] }),
    queue: powerProbQueue(3),
    fees: { makerBps: -1, takerBps: 2 },
  })
  cerebro.addStrategy(strategy)
  const [result] = await cerebro.run({ seed: 5, heatmap })
  const { seconds, ...record } = result!.record
  expect(seconds).toBeGreaterThan(0)
  return { ...record, log: (result!.strategy as Witness).log }
}

/** The same feed over blocks. */
function streamed(feed: LobFeed, cuts: readonly number[]): { feed: LobFeed; blocks: CutBlocks } {
  const blocks = new CutBlocks(feed.events, cuts)
  return { feed: feedOver(feed, blockTape(blocks)), blocks }
}

describe('a run over windows', () => {
  it.each([
    ['that sees and logs all', Witness as unknown as StrategyClass],
    ['that wakes on status alone', StatusOnly as unknown as StrategyClass],
    ['that only trades by its timer', Monkey as unknown as StrategyClass],
  ])('tells a strategy %s the same, to the last bit', async (_, strategy) => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 1, max: 400 }),
        anyCuts(400),
        fc.constantFrom([0, 0] as const, [3, 7] as const, [90, 40] as const),
        fc.constantFrom(undefined, 150n, 300n),
        async (seed, rows, cuts, latency, from) => {
          const events = wildTape(seed, rows)
          const heatmap = seed % 8 === 0
          const isInside = from !== undefined && events.localTime[rows - 1]! >= Number(from)
          const whole = LobFeed.fromEvents(unitInstrument, events, isInside ? { from } : {})
          const parts = streamed(whole, cuts)
          const expected = await told(whole, strategy, latency, heatmap)
          expect(await told(parts.feed, strategy, latency, heatmap)).toEqual(expected)
          expect(parts.blocks.taken).toBe(0)
        },
      ),
      { numRuns: Number(process.env['LOBTRADER_CAMPAIGN_STREAMS'] ?? 30) },
    )
  })
})
