/**
 * The figures of the reference replays, computed from the tape that the import has written: books by
 * replay, row by row, and trades. The reference was computed by an independent program from the
 * vendor's files. (Final books, volumes and counts of the Binance captures are held to it beside
 * their importer.)
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { OrderBook } from '../../src/book/index.ts'
import { exactSum } from '../../src/core/index.ts'
import { importCapture } from '../../src/feed/index.ts'
import { EventKind, KIND_MASK, codeSide } from '../../src/market/index.ts'
import { openStore } from '../../src/store/index.ts'
import { TestFolder } from '../import-support.ts'
import { describeWithData, sharedPath } from '../shared-data.ts'

const folder = new TestFolder()

interface Touch {
  readonly time: number
  readonly bid: number
  readonly bidSize: number
  readonly ask: number
  readonly askSize: number
}

interface Print {
  readonly row: number
  readonly price: number
  readonly size: number
  readonly side: number
}

/** Replays the tape of a store and returns the touch after each row of the file, and its trades. */
function replay(store: string, symbol: string): { touches: Touch[]; prints: Print[] } {
  const touches: Touch[] = []
  const prints: Print[] = []
  for (const { instrument, events } of openStore(store).read({ symbol, kind: 'l2' })) {
    const book = new OrderBook(instrument)
    for (let from = 0; from < events.length;) {
      const row = events.seq[from]!
      let to = from
      for (; to < events.length && events.seq[to] === row; to++) {
        if ((events.code[to]! & KIND_MASK) !== EventKind.Trade) continue
        prints.push({
          row,
          price: instrument.price(events.tick[to]!),
          size: events.lots[to]!,
          side: codeSide(events.code[to]!),
        })
      }
      book.apply(events, from, to)
      // A row that changes nothing in the window writes nothing: the touch is that of the row before.
      while (touches.length < row - 1) touches.push(touches[touches.length - 1]!)
      touches[row - 1] = {
        time: events.localTime[from]!,
        bid: book.bestBid,
        bidSize: book.bestBidSize,
        ask: book.bestAsk,
        askSize: book.bestAskSize,
      }
      from = to
    }
  }
  return { touches, prints }
}

/** Cont, Kukanov & Stoikov (2014), "The Price Impact of Order Book Events", e_n of section 2. */
function flowImbalance(touches: readonly Touch[]): number {
  let sum = 0
  for (let i = 1; i < touches.length; i++) {
    const before = touches[i - 1]!
    const now = touches[i]!
    if (now.bid >= before.bid) sum += now.bidSize
    if (now.bid <= before.bid) sum -= before.bidSize
    if (now.ask <= before.ask) sum -= now.askSize
    if (now.ask >= before.ask) sum += before.askSize
  }
  return sum
}

/** 16:00 in New York, in seconds after midnight. */
const SESSION_END = 57_600

const SAMPLES = [
  { key: 'AMZN_5', stem: 'AMZN_2012-06-21_34200000_57600000', levels: 5 },
  { key: 'AAPL_1', stem: 'AAPL_2012-06-21_34200000_57600000', levels: 1 },
]

describeWithData('a day of LOBSTER, replayed from the store', () => {
  it.each(SAMPLES)('$key has every figure of the reference', async ({ key, stem, levels }) => {
    const path = (kind: string): string =>
      sharedPath(`data/lobster/${stem}_${kind}_${levels}.csv.gz`)
    const store = folder.newStore()
    const files = [path('message'), path('orderbook')]
    await importCapture({ format: 'lobster', files, store })
    const messages = gunzipSync(readFileSync(path('message')))
      .toString()
      .trim()
      .split('\n')
      .map((line) => line.split(',').map(Number))
    const types = messages.map((message) => message[1]!)
    const times = messages.map((message) => message[0]!)
    const { touches, prints } = replay(store, key.split('_')[0]!)
    while (touches.length < types.length) touches.push(touches[touches.length - 1]!)

    const visible = prints.filter(({ row }) => types[row - 1] === 4)
    const hidden = prints.filter(({ row }) => types[row - 1] === 5)
    const shares = (of: readonly Print[]): number => exactSum(of.map(({ size }) => size))
    const mids = touches.map(({ bid, ask }) => (bid + ask) / 2)
    const spreads = touches.map(({ bid, ask }) => ask - bid)
    // The last row stands until the session ends, at the second that the file's name tells.
    const waits = times.map((time, i) => (times[i + 1] ?? SESSION_END) - time)
    const returns = mids.slice(1).map((mid, i) => Math.log(mid / mids[i]!))
    const figures = {
      rows: touches.length,
      visible_exec_shares: shares(visible),
      visible_exec_vwap: exactSum(visible.map(({ price, size }) => price * size)) / shares(visible),
      hidden_exec_shares: shares(hidden),
      buyer_initiated_visible_shares: shares(visible.filter(({ side }) => side > 0)),
      mean_spread_event: exactSum(spreads) / spreads.length,
      time_weighted_spread: exactSum(waits.map((wait, i) => wait * spreads[i]!)) / exactSum(waits),
      OFI_L1_sum: flowImbalance(touches),
      first_mid: mids[0]!,
      last_mid: mids[mids.length - 1]!,
      realized_variance_mid_event_logret: exactSum(returns.map((r) => r * r)),
      mean_queue_imbalance:
        exactSum(touches.map(({ bidSize, askSize }) => (bidSize - askSize) / (bidSize + askSize))) /
        touches.length,
    }
    const reference = JSON.parse(readFileSync(sharedPath('acceptance/replay.json'), 'utf8')) as {
      lobster: Record<string, Record<string, unknown>>
    }
    const expected = reference.lobster[key]!
    for (const [name, value] of Object.entries(figures)) {
      expect(value, name).toBeCloseTo(expected[name] as number, 9)
    }
    for (const [type, count] of Object.entries(expected['types'] as Record<string, number>)) {
      expect(types.filter((one) => one === Number(type)).length).toBe(count)
    }
    const touchOf = ({ ask, askSize, bid, bidSize }: Touch): number[] => [
      Math.round(ask * 1e4),
      askSize,
      Math.round(bid * 1e4),
      bidSize,
    ]
    expect(touchOf(touches[0]!)).toEqual(expected['first_row_best'])
    expect(touchOf(touches[touches.length - 1]!)).toEqual(expected['last_row_best'])
  })
})

interface DepthMessage {
  readonly e?: string
  readonly u: number
  readonly b: readonly unknown[]
  readonly a: readonly unknown[]
  readonly lastUpdateId?: number
}

const CAPTURES = [
  { key: 'usdm_btcusdt_2024-08-08', files: ['usdm_btcusdt_20240808'] },
  {
    key: 'cm_btcusd_perp_2024-08-08_09',
    files: ['cm_btcusd_perp_20240808', 'cm_btcusd_perp_20240809'],
  },
  { key: 'spot_btcusdt_2024-08-08_09', files: ['spot_btcusdt_20240808', 'spot_btcusdt_20240809'] },
]

describeWithData('the level changes of a Binance capture', () => {
  it.each(CAPTURES)(
    '$key: all that the snapshot does not hold are in the tape',
    async ({ key, files }) => {
      const path = (name: string): string => sharedPath(`data/binance/${name}`)
      const messages = files
        .flatMap((file) =>
          gunzipSync(readFileSync(path(`${file}.gz`)))
            .toString()
            .trim()
            .split('\n'),
        )
        .map(
          (line) =>
            JSON.parse(line.slice(line.indexOf('{'))) as DepthMessage & { data?: DepthMessage },
        )
        .map((message) => message.data ?? message)
      const updates = messages.filter(({ e }) => e === 'depthUpdate')
      const snapshotId = messages.find(
        ({ lastUpdateId }) => lastUpdateId !== undefined,
      )!.lastUpdateId!
      const levels = (of: readonly DepthMessage[]): number =>
        of.reduce((sum, { a, b }) => sum + a.length + b.length, 0)
      const reference = JSON.parse(readFileSync(sharedPath('acceptance/replay.json'), 'utf8')) as {
        binance: Record<string, { level_changes: number; messages: { depthUpdate: number } }>
      }
      const expected = reference.binance[key]!
      expect(updates.length).toBe(expected.messages.depthUpdate)
      expect(levels(updates)).toBe(expected.level_changes)
      const store = folder.newStore()
      await importCapture({
        format: 'binance',
        files: files.map((file) => path(`${file}.gz`)),
        instrument: path(`${files[0]!}.instrument.json`),
        store,
      })
      let rows = 0
      const { symbol } = openStore(store).partitions()[0]!
      for (const { events } of openStore(store).read({ symbol, kind: 'l2' })) {
        rows += events.code.filter((code) => (code & KIND_MASK) === EventKind.DepthSet).length
      }
      // Futures apply an update that ends at the snapshot's id, spot drops it.
      const isHeld = ({ u }: DepthMessage): boolean =>
        key.startsWith('spot') ? u <= snapshotId : u < snapshotId
      expect(rows).toBe(expected.level_changes - levels(updates.filter(isHeld)))
    },
  )
})
