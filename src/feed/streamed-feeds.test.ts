import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CutBlocks } from '../../test/cut-blocks.ts'
import { feedOver } from '../../test/feed-over.ts'
import { OrderBook } from '../book/index.ts'
import { blockTape } from '../market/index.ts'
import { LobFeed } from './lob-feed.ts'
import { mergeFeeds } from './merge/merge-feeds.ts'
import { ReplayFeed } from './replay/replay-feed.ts'
import { resample } from './resample/resample.ts'
import { simulateMarket } from './simulated-market/simulated-market.ts'
import { TickFeed } from './tick-feed.ts'

const { instrument, events } = simulateMarket({ seed: 12, durationNs: 8e9 })
const middle = events.epochNs + BigInt(events.localTime[events.length >> 1]!)
const memory = LobFeed.fromEvents(instrument, events, { from: middle })

/** The same feed over blocks that are scribbled over once they are given back. */
function streamed(cuts: readonly number[]): { readonly feed: LobFeed; readonly blocks: CutBlocks } {
  const blocks = new CutBlocks(events, cuts)
  return { feed: feedOver(memory, blockTape(blocks)), blocks }
}

const anyCuts = fc.array(fc.integer({ min: 1, max: events.length - 1 }), { maxLength: 12 })
const check = (property: (cuts: readonly number[]) => void | Promise<void>): Promise<void> =>
  fc.assert(
    fc.asyncProperty(anyCuts, async (cuts) => await property(cuts)),
    { numRuns: 25 },
  )

describe('a feed that streams gives what one in memory gives', () => {
  it('as ticks, trades, quotes and bars', () =>
    check((cuts) => {
      const { feed, blocks } = streamed(cuts)
      const ticks = TickFeed.of(feed)
      const expected = TickFeed.of(memory)
      expect([...ticks.ticks()]).toEqual([...expected.ticks()])
      expect(ticks.trades()).toEqual(expected.trades())
      expect(ticks.quotes()).toEqual(expected.quotes())
      expect(ticks.bars({ by: 'tick' }).bars).toEqual(expected.bars({ by: 'tick' }).bars)
      expect(resample(feed, { timeframe: 'seconds' })).toEqual(
        resample(memory, { timeframe: 'seconds' }),
      )
      expect(blocks.taken).toBe(0)
    }))

  it('as a replay, also one that steps and goes back', () =>
    check(async (cuts) => {
      const { feed, blocks } = streamed(cuts)
      const replay = new ReplayFeed(feed, { speed: 'max', batchRows: 500, paused: true })
      for (let i = 0; i < 3; i++) replay.step('trade')
      let book = new OrderBook(instrument)
      let rows = 0
      let isBack = false
      await replay.run((batch) => {
        if (batch.isRestart) {
          book = new OrderBook(instrument)
          rows = 0
        }
        book.apply(batch.events, batch.fromRow, batch.toRow)
        rows += batch.toRow - batch.fromRow
        const alone = new OrderBook(instrument)
        alone.apply(events, 0, rows)
        expect(book.getDepth(5)).toEqual(alone.getDepth(5))
        if (replay.state === 'paused' && !batch.isCatchUp) replay.resume()
        if (!isBack && rows > events.length * 0.7) {
          isBack = true
          replay.seek(middle)
        }
      })
      expect([isBack, rows, blocks.taken]).toEqual([true, events.length, 0])
    }))

  it('as a part of a merged stream', () =>
    check((cuts) => {
      const { feed, blocks } = streamed(cuts)
      const other = streamed(cuts.map((cut) => (cut * 7) % events.length))
      const books = [new OrderBook(instrument), new OrderBook(instrument)]
      let rows = 0
      for (const batch of mergeFeeds([feed, other.feed], { batchRuns: 50 }).batches()) {
        for (let run = 0; run < batch.length; run++) {
          const source = batch.source[run]!
          const [from, to] = [batch.fromRow[run]!, batch.toRow[run]!]
          books[source]!.apply(batch.windows[source]!, from, to)
          rows += to - from
        }
      }
      const alone = new OrderBook(instrument)
      alone.apply(events, 0, events.length)
      for (const book of books) expect(book.getDepth(20)).toEqual(alone.getDepth(20))
      expect([rows, blocks.taken, other.blocks.taken]).toEqual([2 * events.length, 0, 0])
    }))
})
