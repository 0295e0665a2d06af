/** A real capture of Binance USD-M as it came over the wire, with losses that the test puts in. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { describeWithData, sharedPath } from '../../../test/shared-data.ts'
import { BinanceFuturesGate } from '../../feed/index.ts'
import {
  Instrument,
  type OrderBookLevel,
  type OrderBookSnapshot,
  type Side,
} from '../../market/index.ts'
import type { BookStatusChange, LevelsMessage, SnapshotNeed } from './book-events.ts'
import { OrderBookManager } from './order-book-manager.ts'

const FILE = 'data/binance/usdm_btcusdt_20240808'

type Pairs = readonly (readonly [price: string, size: string])[]

interface Line {
  readonly stream?: string
  readonly data?: {
    readonly U: number
    readonly u: number
    readonly pu: number
    readonly b: Pairs
    readonly a: Pairs
  }
  readonly lastUpdateId?: number
  readonly bids?: Pairs
  readonly asks?: Pairs
}

type Told = LevelsMessage | OrderBookSnapshot

function read(): Told[] {
  const told: Told[] = []
  for (const text of gunzipSync(readFileSync(sharedPath(`${FILE}.gz`)))
    .toString()
    .split('\n')) {
    const space = text.indexOf(' ')
    if (space < 0) continue
    const timestampNs = BigInt(text.slice(0, space))
    const line = JSON.parse(text.slice(space + 1)) as Line
    const levels = (pairs: Pairs): OrderBookLevel[] =>
      pairs.map(([price, size]) => ({ price: Number(price), volume: Number(size), numOrders: 0 }))
    if (line.lastUpdateId !== undefined) {
      const bids = levels(line.bids!)
      const asks = levels(line.asks!)
      told.push({ timestampNs, symbol: 'BTCUSDT', bids, asks, seqNum: line.lastUpdateId })
    } else if (line.stream?.includes('@depth') === true) {
      const { U: first, u: last, pu: previous, b, a } = line.data!
      const of = (side: Side, pairs: Pairs): LevelsMessage['levels'] =>
        levels(pairs).map(({ price, volume }) => ({ side, price, volume }))
      const all = [...of(1, b), ...of(-1, a)]
      told.push({
        kind: 'levels',
        symbol: 'BTCUSDT',
        timestampNs,
        first,
        last,
        previous,
        levels: all,
      })
    }
  }
  return told
}

interface Final {
  readonly final_bid_levels: number
  readonly final_ask_levels: number
  readonly final_best_bid: readonly number[]
  readonly final_best_ask: readonly number[]
}

function reference(): Final {
  const all = JSON.parse(readFileSync(sharedPath('acceptance/replay.json'), 'utf8')) as {
    readonly binance: Readonly<Record<string, Final>>
  }
  return all.binance['usdm_btcusdt_2024-08-08']!
}

describeWithData('a capture of Binance USD-M through a manager', () => {
  it('gives, in spite of losses, the book that it gives without them', () => {
    const spec = JSON.parse(readFileSync(sharedPath(`${FILE}.instrument.json`), 'utf8')) as never
    const instrument = new Instrument(spec)
    const told = read()
    const final = reference()
    const whole = new OrderBookManager()
    const needs: SnapshotNeed[] = []
    whole.add(instrument, { rule: new BinanceFuturesGate() })
    whole.onSnapshotNeeded((need) => needs.push(need))
    const books = new OrderBookManager()
    books.add(instrument, { rule: new BinanceFuturesGate() })
    const losses: SnapshotNeed[] = []
    const changes: BookStatusChange[] = []
    books.onSnapshotNeeded((need) => losses.push(need))
    books.onStatus((change) => changes.push(change))
    let fetched: OrderBookSnapshot | undefined
    let compared = 0
    let lost = 0
    for (const [i, event] of told.entries()) {
      whole.update(event)
      // Every 97th message never arrives; a fetch takes a while and answers with an older book.
      const isLost = i > 200 && i % 97 === 0
      if (isLost) lost++
      else books.update(event)
      if (books.needsSnapshot('BTCUSDT') && i > 200) {
        if (fetched === undefined) fetched = whole.snapshot('BTCUSDT')
        else if (i % 13 === 0) {
          books.update(fetched)
          fetched = undefined
        }
      }
      if (books.get('BTCUSDT').status !== 'live' || isLost) continue
      compared++
      if (books.get('BTCUSDT').bestBid !== whole.get('BTCUSDT').bestBid || i % 700 === 0) {
        expect(books.getDepth('BTCUSDT', 1e6)).toEqual(whole.getDepth('BTCUSDT', 1e6))
      }
    }
    expect(needs.map(({ reason }) => reason)).toEqual(['start'])
    expect([lost > 20, losses.length]).toEqual([true, lost + 1])
    expect(compared).toBeGreaterThan(told.length / 2)
    expect(changes.filter(({ to }) => to === 'stale')).toHaveLength(lost)
    // Of an independent replay of the same capture.
    const { bids, asks } = whole.getDepth('BTCUSDT', 1e6)
    const { final_bid_levels, final_ask_levels, final_best_bid, final_best_ask } = final
    expect([bids.length, asks.length]).toEqual([final_bid_levels, final_ask_levels])
    expect([bids[0]!.price, bids[0]!.volume]).toEqual(final_best_bid)
    expect([asks[0]!.price, asks[0]!.volume]).toEqual(final_best_ask)
    expect(whole.get('BTCUSDT').status).toBe('live')
  })
})
