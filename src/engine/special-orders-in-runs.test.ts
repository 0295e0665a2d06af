import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CutBlocks, anyCuts } from '../../test/cut-blocks.ts'
import { feedOver } from '../../test/feed-over.ts'
import {
  OneBook,
  deeds,
  feedOf,
  latencyOf,
  liveTape,
  rowByRow,
  runMany,
} from '../../test/many-worlds.ts'
import { SpecialBook } from '../../test/special-book.ts'
import { wildTape } from '../../test/wild-tape.ts'
import type { LobFeed } from '../feed/index.ts'
import { blockTape } from '../market/index.ts'
import type { BookDataOptions } from './cerebro.ts'
import type { RunResult } from './run-result.ts'

const EXCHANGES = ['partial', 'no-partial'] as const
const latencies = fc.constantFrom<readonly [number, number]>([0, 0], [3, 7], [20, 11])

const heard = (result: RunResult): unknown => (result.strategy as SpecialBook).log

describe.each(EXCHANGES)('special orders at the exchange %s', (exchange) => {
  const optionsOf = ([entry, response]: readonly [number, number]): BookDataOptions => ({
    exchange,
    latency: latencyOf(entry, response),
    fees: { makerBps: -1, takerBps: 2 },
    rules: { halts: 'queue' },
  })

  it('fare the same over windows, wherever these are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), anyCuts(300), latencies, async (seed, cuts, lag) => {
        const whole = feedOf('A', wildTape(seed, 300))
        const blocks = new CutBlocks(whole.events, cuts)
        const parts = feedOver(whole, blockTape(blocks))
        const told = async (feed: LobFeed): Promise<unknown> => {
          const [result] = await runMany([[feed, optionsOf(lag)]], (to) =>
            to.addStrategy(SpecialBook, { draws: seed }),
          )
          return [heard(result!), deeds(result!)]
        }
        expect(await told(parts)).toEqual(await told(whole))
      }),
      { numRuns: 10 },
    )
  })

  it('fare as they do alone where orders rest at another exchange too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), latencies, latencies, async (seed, here, there) => {
        // Both begin and end together, and are live from their first moment.
        const a = feedOf('A', liveTape(seed, 220))
        const b = feedOf('B', liveTape(seed + 1, 220))
        const [alone] = await runMany([[a, optionsOf(here)]], (to) =>
          to.addStrategy(SpecialBook, { draws: seed }),
        )
        for (const setup of [exchange, rowByRow(exchange)]) {
          const feeds = [
            [a, { ...optionsOf(here), exchange: setup }],
            [b, { ...optionsOf(there), exchange: setup }],
          ] as const
          const [together] = await runMany(feeds, (to) => {
            to.addStrategy(SpecialBook, { draws: seed })
            to.addStrategy(OneBook, { symbol: 'B', draws: seed })
          })
          expect(heard(together!)).toEqual(heard(alone!))
          expect(together!.record.byInstrument[0]!.fills).toEqual(alone!.record.fills)
        }
      }),
      { numRuns: 8 },
    )
  })

  it('keep account and position in step with what has filled', async () => {
    let fills = 0
    await fc.assert(
      fc.asyncProperty(fc.nat(), latencies, async (seed, lag) => {
        const [result] = await runMany([[feedOf('A', wildTape(seed, 300)), optionsOf(lag)]], (to) =>
          to.addStrategy(SpecialBook, { draws: seed }),
        )
        const { orders, fills: filled, totals } = result!.record
        fills += filled.length
        const sum = (of: (row: number) => number, length: number): number =>
          Array.from({ length }, (_, row) => of(row)).reduce((total, each) => total + each, 0)
        expect(sum((row) => orders.side[row]! * orders.filled[row]!, orders.length)).toBe(
          totals.position,
        )
        expect(sum((row) => filled.side[row]! * filled.size[row]!, filled.length)).toBe(
          totals.position,
        )
        for (const order of result!.strategy.orders) {
          expect(order.filledLots).toBeLessThanOrEqual(order.sizeLots)
          if (order.status === 'filled') expect(order.filledLots).toBe(order.sizeLots)
          if (order.isDone) expect(order.isParked).toBe(false)
        }
      }),
      { numRuns: 20 },
    )
    expect(fills).toBeGreaterThan(20)
  })
})
