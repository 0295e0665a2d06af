import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { importLines } from '../../../../test/capture-import.ts'
import {
  KrakenV1,
  binanceDepth,
  binanceSnapshot,
  connect,
  type Levels,
} from '../../../../test/format-samples/cryptofeed.ts'
import { loadRows } from '../../../../test/import-support.ts'
import { EventKind, KIND_MASK } from '../../../market/index.ts'

type Side = Map<string, string>

const OPTIONS = { seed: 11, numRuns: 25 } as const

/** Bids lie below 1000, asks above, so that no book crosses; size 0 removes. */
const changes = (from: number, to: number): fc.Arbitrary<Levels> =>
  fc.array(
    fc
      .tuple(fc.integer({ min: from, max: to }), fc.integer({ min: 0, max: 9 }))
      .map(([price, size]): [string, string] => [`${price}.0`, `${size}.00`]),
    { maxLength: 4 },
  )
const step = fc.tuple(changes(980, 999), changes(1001, 1020))

function apply(side: Side, levels: Levels): void {
  for (const [price, size] of levels) {
    if (Number(size) === 0) side.delete(price)
    else side.set(price, size)
  }
}

function cut(side: Side, depth: number, best: 1 | -1): void {
  const prices = [...side.keys()].toSorted((a, b) => best * (Number(a) - Number(b)))
  for (const price of prices.slice(depth)) side.delete(price)
}

const top = (side: Side, best: 1 | -1): readonly [number, number] | null => {
  const [price] = [...side.keys()].toSorted((a, b) => best * (Number(a) - Number(b)))
  return price === undefined ? null : [Number(price), Number(side.get(price))]
}

const START: readonly [Levels, Levels] = [[['990.0', '5.00']], [['1010.0', '5.00']]]

describe('any session of Kraken', () => {
  it('is read back: each checksum equal, the book cut as the venue cuts it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }),
        async (steps) => {
          const kraken = new KrakenV1('A/B', 10)
          const lines = [connect(0, KrakenV1.url), kraken.snapshot(1, ...START)]
          const bids: Side = new Map(START[0])
          const asks: Side = new Map(START[1])
          let updates = 0
          steps.forEach(([b, a], i) => {
            if (b.length + a.length === 0) return
            lines.push(kraken.update(i + 2, b, a))
            updates++
            apply(bids, b)
            apply(asks, a)
            cut(bids, 10, -1)
            cut(asks, 10, 1)
          })
          const { result } = await importLines(lines)
          expect(result.checksums).toEqual({ compared: updates, equal: updates })
          expect(result.final).toMatchObject({
            bestBid: top(bids, -1),
            bestAsk: top(asks, 1),
            bidLevels: bids.size,
            askLevels: asks.size,
          })
        },
      ),
      OPTIONS,
    )
  })
})

describe('any session of Binance spot', () => {
  const session = fc.array(
    fc.record({
      change: step,
      ids: fc.integer({ min: 1, max: 3 }),
      isLost: fc.nat(9).map((n) => n === 0),
      isTwice: fc.nat(9).map((n) => n === 0),
      hasSnapshot: fc.nat(5).map((n) => n === 0),
    }),
    { minLength: 1, maxLength: 40, size: 'max' },
  )

  it('gives a live book that is the venue’s, or one that is stale since a gap', async () => {
    let [live, stale] = [0, 0]
    await fc.assert(
      fc.asyncProperty(session, async (steps) => {
        const bids: Side = new Map(START[0])
        const asks: Side = new Map(START[1])
        const lines = [
          connect(0, 'wss://stream.binance.com:9443/ws'),
          binanceSnapshot(1, 100, START),
        ]
        let last = 100
        let lost = 0
        steps.forEach(({ change: [b, a], ids, isLost, isTwice, hasSnapshot }, i) => {
          const ms = i + 2
          apply(bids, b)
          apply(asks, a)
          const update = binanceDepth(ms, { U: last + 1, u: last + ids }, [b, a])
          last += ids
          if (isLost) lost++
          else lines.push(update, ...(isTwice ? [update] : []))
          if (hasSnapshot) lines.push(binanceSnapshot(ms, last, [[...bids], [...asks]]))
        })
        const { result, store } = await importLines(lines)
        const codes = [...loadRows(store, 'BTCUSDT').code].map((code) => code & KIND_MASK)
        const isStale = codes.lastIndexOf(EventKind.Gap) > codes.lastIndexOf(EventKind.SnapshotEnd)
        expect(result.gaps).toBeLessThanOrEqual(lost)
        // An update lost at the very end shows in nothing.
        const isWhole = steps.at(-1)?.isLost !== true
        if (isStale) stale++
        if (isStale || !isWhole) return
        live++
        expect(result.final).toMatchObject({
          bestBid: top(bids, -1),
          bestAsk: top(asks, 1),
          bidLevels: bids.size,
          askLevels: asks.size,
        })
      }),
      OPTIONS,
    )
    expect(live).toBeGreaterThan(5)
    expect(stale).toBeGreaterThan(0)
  })
})
