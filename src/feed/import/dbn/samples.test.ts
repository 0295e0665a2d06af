/** The real files of Databento, with every figure that an independent reader found in them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { TestFolder, failureOf, loadRows } from '../../../../test/import-support.ts'
import { describeWithData, sharedPath } from '../../../../test/shared-data.ts'
import { OrderBookL3 } from '../../../book/index.ts'
import { EventKind, Instrument, KIND_MASK } from '../../../market/index.ts'
import { openStore } from '../../../store/index.ts'
import { importCapture } from '../import-capture.ts'
import type { ImportCaptureOptions } from '../import-options.ts'
import { readDefinitions } from './definition.ts'
import { DbnReader } from './dbn-reader.ts'
import { RecordFlag } from './layout.ts'

const DATA = sharedPath('data/databento/')
const MBO = 'esh4-glbx-mdp3-20231225.mbo.dbn.zst'
const MBP = 'futures_mbp-1_2024-07-01T23-58_2024-07-02T00-02.dbn.zst'
const TRADES = 'futures_trades_2024-07-01T23-58_2024-07-02T00-02.dbn.zst'
const DEFINITION = 'definition-glbx-es-fut.dbn.zst'

const folder = new TestFolder()

async function importFile(name: string, more: Partial<ImportCaptureOptions> = {}) {
  const store = folder.newStore()
  const result = await importCapture({
    format: 'dbn',
    files: [join(DATA, name)],
    store,
    ...more,
  })
  return { store, result }
}

interface Reference {
  readonly records: number
  readonly actions: Readonly<Record<string, number>>
  readonly f_last_records: number
  readonly trade_contracts: number
  readonly trade_vwap: number
  readonly final_open_orders: number
  readonly final_levels: readonly [number, number]
  readonly final_best_bid: readonly [number, number]
  readonly final_best_ask: readonly [number, number]
  readonly crossed_at_F_LAST_after_2300Z: number
  readonly total_bid_size: number
  readonly total_ask_size: number
}

function reference(): Reference {
  const text = readFileSync(sharedPath('acceptance/replay.json'), 'utf8')
  const all = JSON.parse(text) as { databento_mbo: Record<string, Reference> }
  return all.databento_mbo[MBO]!
}

/** Whether each record ends an event of the venue. */
async function eventEnds(): Promise<readonly boolean[]> {
  const ends: boolean[] = []
  await new DbnReader([join(DATA, MBO)]).read({
    block: ({ columns }) => {
      for (let row = 0; row < columns.length; row++) {
        ends.push((columns.flags[row]! & RecordFlag.Last) !== 0)
      }
    },
  })
  return ends
}

describeWithData('market by order of ESH4', () => {
  const expected = reference()

  it('rebuilds with every figure of the reference and no unknown order', async () => {
    const { result, store } = await importFile(MBO)
    const { final } = result
    expect(result.messages).toBe(expected.records)
    expect(result.orders).toEqual({ open: expected.final_open_orders, unknown: 0 })
    expect(final).toEqual({
      bestBid: expected.final_best_bid,
      bestAsk: expected.final_best_ask,
      bidLevels: expected.final_levels[0],
      askLevels: expected.final_levels[1],
      bidSize: expected.total_bid_size,
      askSize: expected.total_ask_size,
    })
    expect(result.trades).toMatchObject({
      count: expected.actions['T'],
      volume: expected.trade_contracts,
    })
    expect(result.trades!.vwap).toBeCloseTo(expected.trade_vwap, 12)
    // All of them before the open; see the next test.
    expect(result.crossed).toBe(891)
    expect(result.warnings.join('\n')).toContain('7 fills name an order that is not there')
    const { instrument } = openStore(store).partitions()[0]!
    expect([instrument.symbol, instrument.tickSize, instrument.lotSize]).toEqual([
      'ESH4',
      '0.25',
      '1',
    ])
  })

  it('counts the actions and the ends of events that the reference counts', async () => {
    const counts: Record<string, number> = {}
    await new DbnReader([join(DATA, MBO)]).read({
      block: ({ columns }) => {
        for (let row = 0; row < columns.length; row++) {
          const action = String.fromCharCode(columns.action[row]!)
          counts[action] = (counts[action] ?? 0) + 1
        }
      },
    })
    expect(counts).toEqual(expected.actions)
    expect((await eventEnds()).filter(Boolean)).toHaveLength(expected.f_last_records)
  })

  it('replays from the store to the same book, never crossed between events after the open', async () => {
    const { store } = await importFile(MBO)
    const opened = openStore(store)
    const rows = loadRows(store, 'ESH4', 'l3')
    const book = new OrderBookL3(new Instrument(opened.partitions()[0]!.instrument))
    const ends = await eventEnds()
    // A row a record, and one at each end of the snapshot of 8,725 orders.
    expect(rows.length).toBe(ends.length + 2)
    const rowOf = (record: number): number => record + (record < 8725 ? 1 : 2)
    // The auction of 23:00:00 UTC needs its first millisecond to be matched.
    const open = Number(1_703_545_200_001_000_000n - rows.epochNs)
    let crossed = 0
    let looks = 0
    let from = 0
    for (const [record, isEnd] of ends.entries()) {
      if (!isEnd) continue
      const to = rowOf(record) + 1
      book.apply(rows, from, to)
      from = to
      if (rows.localTime[to - 1]! < open) continue
      looks++
      if (book.bestBid > book.bestAsk) crossed++
    }
    book.apply(rows, from, rows.length)
    expect(looks).toBeGreaterThan(10_000)
    expect(crossed).toBe(expected.crossed_at_F_LAST_after_2300Z)
    expect(book.openOrders).toBe(expected.final_open_orders)
    expect(book.getBestBid()).toMatchObject({
      price: expected.final_best_bid[0],
      volume: expected.final_best_bid[1],
    })
    expect(book.getBestAsk()).toMatchObject({
      price: expected.final_best_ask[0],
      volume: expected.final_best_ask[1],
    })
    expect(book.faults).toEqual({
      unknownAdds: 0,
      unknownModifies: 0,
      unknownCancels: 0,
      unknownExecutes: 0,
      duplicateAdds: 0,
      excess: 0,
      invalid: 0,
      levelRows: 0,
    })
  })

  it('keeps the trades and fills beside the changes of the book', async () => {
    const { store } = await importFile(MBO)
    const rows = loadRows(store, 'ESH4', 'l3')
    const counts = new Map<number, number>()
    for (const code of rows.code) {
      counts.set(code & KIND_MASK, (counts.get(code & KIND_MASK) ?? 0) + 1)
    }
    const { A, C, M, T, F } = expected.actions
    expect(Object.fromEntries(counts)).toEqual({
      [EventKind.OrderAdd]: A,
      [EventKind.OrderCancel]: C,
      [EventKind.OrderModify]: M,
      [EventKind.Trade]: T,
      [EventKind.OrderFill]: F,
      [EventKind.SnapshotBegin]: 1,
      [EventKind.SnapshotEnd]: 1,
    })
  })

  it('goes on over the file of the day before', async () => {
    const files = ['esh4-glbx-mdp3-20231224.mbo.dbn.zst', MBO].map((name) => join(DATA, name))
    const { result } = await importFile(MBO, { files })
    expect(result.messages).toBe(8725 + expected.records)
    expect(result.orders).toEqual({ open: expected.final_open_orders, unknown: 0 })
  })

  it('refuses the definition of another contract and names both', async () => {
    const error = await failureOf(importFile(MBO, { definition: join(DATA, DEFINITION) }))
    expect(error.code).toBe('ABSENT_SYMBOL')
    expect(error.message).toMatch(/ESM3 \(id 95414\).*ESH4 \(id 17077\)/)
  })
})

describeWithData('best levels and trades of ESU4', () => {
  it('hold the same trades', async () => {
    const levels = await importFile(MBP)
    const trades = await importFile(TRADES)
    expect(levels.result.messages).toBe(2288)
    expect(trades.result.messages).toBe(120)
    expect(trades.result.final).toBeUndefined()
    expect(levels.result.trades).toEqual(trades.result.trades)
    const [a, b] = [levels, trades].map(({ store }) => {
      const rows = loadRows(store, 'ESU4', 'l2')
      return Array.from({ length: rows.length }, (_, i) => i)
        .filter((i) => (rows.code[i]! & KIND_MASK) === EventKind.Trade)
        .map((i) => [rows.localTime[i], rows.exchTime[i], rows.code[i], rows.tick[i], rows.lots[i]])
    })
    expect(a).toHaveLength(120)
    expect(a).toEqual(b)
  })

  it('end at the best prices of the last record, and are never crossed', async () => {
    const { result } = await importFile(MBP)
    expect(result.crossed).toBe(0)
    expect(result.final).toEqual({
      bestBid: [5529, 24],
      bestAsk: [5529.25, 6],
      bidLevels: 1,
      askLevels: 1,
      bidSize: 24,
      askSize: 6,
    })
  })
})

describeWithData('a file of definitions', () => {
  it('tells grid, value and currency of the contract', async () => {
    const found = await readDefinitions(join(DATA, DEFINITION))
    expect([...found.values()]).toEqual([
      {
        instrumentId: 95414,
        symbol: 'ESM3',
        asset: 'ES',
        currency: 'USD',
        tickSize: '0.25',
        lotSize: undefined,
        multiplier: '50',
      },
    ])
  })
})
