import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { captureLines } from '../../../../test/capture-lines.ts'
import { TestFolder, loadRows } from '../../../../test/import-support.ts'
import { describeWithData, sharedPath } from '../../../../test/shared-data.ts'
import { OrderBook } from '../../../book/index.ts'
import { EventKind, Instrument, KIND_MASK } from '../../../market/index.ts'
import { openStore } from '../../../store/index.ts'
import { FORMATS } from '../formats.ts'
import { importCapture } from '../import-capture.ts'
import type { ImportResult, SymbolResult } from '../import-result.ts'

const folder = new TestFolder()
const captures = (...names: string[]): string[] =>
  names.map((name) => sharedPath(`data/websocket_captures/${name}.gz`))

const KRAKEN = captures('KRAKEN.ws.50.0')
const OKX = captures('OKX.ws.1.0')
const BINANCE = captures('BINANCE_DELIVERY.ws.1.0', 'BINANCE_DELIVERY.http.0.0')
const BITSTAMP = captures('BITSTAMP.ws.1.0', 'BITSTAMP.http.0.0')
const COINBASE = captures('COINBASE.ws.28.0')

/** A book as one would write it first: sizes by price, as numbers. */
interface NaiveBook {
  readonly bids: Map<number, number>
  readonly asks: Map<number, number>
}

type Rows = readonly (readonly [string, string, ...unknown[]])[]

class NaiveMarket {
  readonly books = new Map<string, NaiveBook>()
  readonly volumes = new Map<string, number[]>()

  reset(symbol: string, bids: Rows, asks: Rows): void {
    this.books.set(symbol, { bids: new Map(), asks: new Map() })
    this.set(symbol, bids, asks)
  }

  set(symbol: string, bids: Rows, asks: Rows): void {
    const book = this.books.get(symbol)!
    for (const [side, rows] of [
      [book.bids, bids],
      [book.asks, asks],
    ] as const) {
      for (const [price, size] of rows) {
        if (Number(size) === 0) side.delete(Number(price))
        else side.set(Number(price), Number(size))
      }
    }
  }

  trade(symbol: string, size: string): void {
    const known = this.volumes.get(symbol) ?? []
    known.push(Number(size))
    this.volumes.set(symbol, known)
  }
}

/** Best prices, and levels of a size and price that a row can hold. */
function naiveFinal(book: NaiveBook, tick: number, lot: number): unknown {
  const held = (side: Map<number, number>): [number, number][] =>
    [...side]
      .filter(([price, size]) => price / tick < 2 ** 31 - 0.5 && size / lot <= 2 ** 53)
      .toSorted(([a], [b]) => a - b)
  const bids = held(book.bids)
  const asks = held(book.asks)
  return {
    bestBid: bids.at(-1) ?? null,
    bestAsk: asks[0] ?? null,
    bidLevels: bids.length,
    askLevels: asks.length,
  }
}

async function expectNaive(result: ImportResult, store: string, naive: NaiveMarket): Promise<void> {
  expect(result.symbols).toHaveLength(naive.books.size)
  for (const one of result.symbols ?? []) {
    const { tickSize, lotSize } = storedInstrument(store, one.symbol)
    const name = one.symbol.replace('-', '/')
    const book = naive.books.get(one.symbol) ?? naive.books.get(name)
    expect(one.final, one.symbol).toMatchObject(naiveFinal(book!, tickSize, lotSize) as object)
    const volumes = naive.volumes.get(one.symbol) ?? []
    expect(one.trades?.count ?? 0).toBe(volumes.length)
    expect(one.trades?.volume ?? 0).toBeCloseTo(
      volumes.reduce((sum, size) => sum + size, 0),
      6,
    )
    expectReplayed(store, one)
  }
}

function storedInstrument(store: string, symbol: string): Instrument {
  return new Instrument(openStore(store).select({ symbol, kind: 'l2' })[0]!.instrument)
}

/** The stored rows, read by a book of the library, end where the import ended. */
function expectReplayed(store: string, one: SymbolResult): void {
  const rows = loadRows(store, one.symbol)
  const book = new OrderBook(storedInstrument(store, one.symbol))
  book.apply(rows, 0, rows.length)
  const { bestBid, bestAsk } = one.final!
  expect([book.getBestBid()?.price, book.getBestAsk()?.price]).toEqual([bestBid?.[0], bestAsk?.[0]])
  expect(book.status).toBe('live')
}

const sum = (result: ImportResult, count: (one: SymbolResult) => number): number =>
  (result.symbols ?? []).reduce((total, one) => total + count(one), 0)

describeWithData('a capture of Kraken', () => {
  const store = folder.newStore()
  let result: ImportResult
  beforeAll(async () => {
    result = await importCapture({ format: 'cryptofeed', files: KRAKEN, store })
  })

  it('gives all 4,269 checksums of ten books of depth 1,000', () => {
    expect(result.venue).toBe('kraken')
    expect(result.checksums).toEqual({ compared: 4269, equal: 4269 })
    expect(result.symbols).toHaveLength(10)
    expect(sum(result, (one) => one.checksums!.compared)).toBe(4269)
    expect([result.gaps, result.duplicates, result.reordered, result.crossed]).toEqual([0, 0, 0, 0])
    expect(result.symbols?.[1]).toMatchObject({ symbol: 'XBT-CHF', messages: 290, gaps: 0 })
  })

  it('ends in the books of a naive reading that cuts them to their depth', async () => {
    const naive = new NaiveMarket()
    for await (const { json } of captureLines(KRAKEN[0]!)) {
      const message = JSON.parse(json) as unknown
      if (!Array.isArray(message) || !String(message.at(-2)).startsWith('book-')) continue
      const pair = String(message.at(-1))
      for (const part of message.slice(1, -2) as Record<string, Rows | undefined>[]) {
        if (part['as'] !== undefined) naive.reset(pair, part['bs'] ?? [], part['as'])
        else naive.set(pair, part['b'] ?? [], part['a'] ?? [])
      }
      for (const [side, best] of [
        [naive.books.get(pair)!.bids, -1],
        [naive.books.get(pair)!.asks, 1],
      ] as const) {
        const prices = [...side.keys()].toSorted((a, b) => best * (a - b))
        for (const price of prices.slice(1000)) side.delete(price)
      }
    }
    await expectNaive(result, store, naive)
  })

  it('imports one symbol by the name of the venue or of the store', async () => {
    const of = async (symbol: string): Promise<ImportResult> =>
      await importCapture({
        format: 'cryptofeed',
        files: KRAKEN,
        store: folder.newStore(),
        symbols: [symbol],
      })
    const byVenue = await of('XBT/CHF')
    expect(byVenue.symbol).toBe('XBT-CHF')
    expect(byVenue.final).toEqual(result.symbols?.[1]?.final)
    expect(byVenue.checksums).toEqual({ compared: 289, equal: 289 })
    expect((await of('XBT-CHF')).final).toEqual(byVenue.final)
  })
})

describeWithData('a capture of OKX', () => {
  it('gives all 290 live checksums of three books, and the trades and tickers beside them', async () => {
    const store = folder.newStore()
    const result = await importCapture({ format: 'cryptofeed', files: OKX, store })
    expect(result.checksums).toEqual({ compared: 290, equal: 290 })
    let tickers = 0
    const naive = new NaiveMarket()
    for await (const { json } of captureLines(OKX[0]!)) {
      const { arg, action, data } = JSON.parse(json) as {
        arg?: { channel: string; instId: string }
        action?: string
        data?: { bids: Rows; asks: Rows; sz: string }[]
      }
      for (const row of data ?? []) {
        if (arg?.channel === 'trades') naive.trade(arg.instId, row.sz)
        if (arg?.channel === 'tickers') tickers++
        if (arg?.channel !== 'books') continue
        if (action === 'snapshot') naive.reset(arg.instId, row.bids, row.asks)
        else naive.set(arg.instId, row.bids, row.asks)
      }
    }
    await expectNaive(result, store, naive)
    const names = ['BTC-USD-220527', 'BTC-USDT', 'UNI-USD-SWAP']
    const kinds = names.map((name) => {
      const { symbol, kind, multiplier } = storedInstrument(store, name)
      return [symbol, kind, multiplier]
    })
    expect(kinds).toEqual([
      ['BTC-USD-220527', 'inverse-future', 100],
      ['BTC-USDT', 'spot', 1],
      ['UNI-USD-SWAP', 'inverse-perpetual', 10],
    ])
    const rows = names.map((name) => loadRows(store, name, 'bbo').length)
    expect(tickers).toBeGreaterThan(3)
    expect(rows.reduce((total, count) => total + count, 0)).toBe(2 * tickers)
  })
})

describeWithData('a capture of Binance COIN-M with its snapshots', () => {
  const store = folder.newStore()
  let result: ImportResult
  beforeAll(async () => {
    result = await importCapture({ format: 'cryptofeed', files: BINANCE, store, verify: true })
  })

  it('joins ten snapshots with 2,047 updates without a gap', () => {
    expect(result.venue).toBe('binance-coinm')
    expect([result.gaps, result.reordered, result.crossed]).toEqual([0, 0, 0])
    expect(result.symbols?.every(({ final }) => final !== undefined)).toBe(true)
    expect(result.warnings.filter((text) => text.includes('snapshot'))).toEqual([])
    // Updates that the snapshots hold already: counted by an independent reading of the files.
    expect(result.duplicates).toBe(0)
  })

  it('agrees with the venue about the best prices wherever both name the same update', () => {
    expect(result.verify).toEqual({ compared: 212, equal: 212 })
  })

  it('ends in the books of a naive reading', async () => {
    const naive = new NaiveMarket()
    const ids = new Map<string, number>()
    for await (const { json } of captureLines(BINANCE[1]!)) {
      const { symbol, bids, asks, lastUpdateId } = JSON.parse(json) as {
        symbol: string
        bids: Rows
        asks: Rows
        lastUpdateId: number
      }
      naive.reset(symbol, bids, asks)
      ids.set(symbol, lastUpdateId)
    }
    for await (const { json } of captureLines(BINANCE[0]!)) {
      const { data } = JSON.parse(json) as {
        data?: { e: string; s: string; u: number; b: Rows; a: Rows; q: string }
      }
      if (data?.e === 'aggTrade') naive.trade(data.s, data.q)
      if (data?.e === 'depthUpdate' && data.u >= ids.get(data.s)!) {
        naive.set(data.s, data.b, data.a)
      }
    }
    await expectNaive(result, store, naive)
  })

  it('gives the same whichever file is named first', async () => {
    const turned = await importCapture({
      format: 'cryptofeed',
      files: BINANCE.toReversed(),
      store: folder.newStore(),
      verify: true,
    })
    const bySymbol = (one: ImportResult): unknown =>
      one.symbols?.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1))
    expect(bySymbol(turned)).toEqual(bySymbol(result))
  })

  it('has no book without its file of snapshots, and says where they are', async () => {
    await expect(
      importCapture({ format: 'cryptofeed', files: BINANCE.slice(0, 1), store: folder.newStore() }),
    ).rejects.toThrow(
      /^ABSENT_SNAPSHOT: no book snapshot in .*; snapshots are in the \.http file of the capture, give it too$/,
    )
  })
})

describeWithData('a capture of Bitstamp with its snapshots', () => {
  it('ends in the books of a naive reading: 717 updates, 102 of them in the snapshots', async () => {
    const store = folder.newStore()
    const result = await importCapture({ format: 'cryptofeed', files: BITSTAMP, store })
    expect([result.gaps, result.duplicates, result.reordered]).toEqual([0, 0, 0])
    const naive = new NaiveMarket()
    const ids = new Map<string, string>()
    for await (const { source, json } of captureLines(BITSTAMP[1]!)) {
      const pair = source.split('/').at(-1) ?? ''
      const body = JSON.parse(json) as { bids: Rows; asks: Rows; microtimestamp: string }
      naive.reset(pair, body.bids, body.asks)
      ids.set(pair, body.microtimestamp)
    }
    for await (const { source, json } of captureLines(BITSTAMP[0]!)) {
      if (source !== '') continue
      const { event, channel, data } = JSON.parse(json) as {
        event: string
        channel: string
        data: { bids: Rows; asks: Rows; microtimestamp: string; amount_str: string }
      }
      const pair = channel.split('_').at(-1) ?? ''
      if (event === 'trade') naive.trade(pair, data.amount_str)
      if (event !== 'data' || data.microtimestamp <= ids.get(pair)!) continue
      naive.set(pair, data.bids, data.asks)
    }
    await expectNaive(result, store, naive)
  })
})

describeWithData('a capture of Coinbase', () => {
  const store = folder.newStore()
  let result: ImportResult
  beforeAll(async () => {
    result = await importCapture({ format: 'cryptofeed', files: COINBASE, store })
  })

  it('ends in the books of a naive reading, with 97 trades whose ids have no hole', async () => {
    const naive = new NaiveMarket()
    for await (const { source, json } of captureLines(COINBASE[0]!)) {
      if (source !== '') continue
      const message = JSON.parse(json) as {
        type: string
        product_id: string
        bids: Rows
        asks: Rows
        changes: [string, string, string][]
        size: string
      }
      const symbol = message.product_id
      if (message.type === 'snapshot') naive.reset(symbol, message.bids, message.asks)
      if (message.type === 'match') naive.trade(symbol, message.size)
      if (message.type !== 'l2update') continue
      for (const [side, price, size] of message.changes) {
        naive.set(
          symbol,
          side === 'buy' ? [[price, size]] : [],
          side === 'buy' ? [] : [[price, size]],
        )
      }
    }
    await expectNaive(result, store, naive)
    expect(sum(result, (one) => one.trades?.count ?? 0)).toBe(97)
    expect(result.warnings.filter((text) => text.includes('missing'))).toEqual([])
    expect([result.gaps, result.duplicates]).toEqual([0, 0])
  })

  it('has trades with the side of the aggressor: they print at the touch that they took', () => {
    const rows = loadRows(store, 'SKL-USD')
    const instrument = storedInstrument(store, 'SKL-USD')
    const book = new OrderBook(instrument)
    let [right, wrong] = [0, 0]
    for (let i = 0; i < rows.length; i++) {
      if ((rows.code[i]! & KIND_MASK) !== EventKind.Trade) continue
      const window = rows.localTime[i]! - 1e9
      let from = i
      while (from > 0 && rows.localTime[from - 1]! >= window) from--
      book.apply(rows, 0, from)
      const isBuy = (rows.code[i]! & 0x10) !== 0
      const price = instrument.price(rows.tick[i]!)
      const middle = book.getMidPrice()
      if (middle === null || middle === undefined) continue
      if (price === middle) continue
      if (price > middle === isBuy) right++
      else wrong++
    }
    expect(right).toBeGreaterThan(3 * wrong)
  })
})

describeWithData('a line that is missing from a real capture', () => {
  const without = async (
    [path, ...more]: readonly string[],
    symbol: string,
    isLost: (json: string) => boolean,
  ): Promise<ImportResult> => {
    const lines = gunzipSync(readFileSync(path!)).toString().split('\n')
    const lost = lines.findIndex((text) => isLost(text))
    expect(lost).toBeGreaterThan(0)
    const file = folder.write('LOST.ws.1.0', lines.toSpliced(lost, 1).join('\n'))
    return await importCapture({
      format: 'cryptofeed',
      files: [file, ...more],
      store: folder.newStore(),
      symbols: [symbol],
    })
  }

  it('is seen by pu of Binance: one gap, one symbol', async () => {
    let seen = 0
    const result = await without(
      BINANCE,
      'BCHUSD_PERP',
      (text) => text.includes('"bchusd_perp@depth') && text.startsWith('16') && ++seen === 100,
    )
    expect(result.gaps).toBe(1)
    expect(result.warnings.join()).toMatch(
      /BCHUSD_PERP: update \d+ does not follow \d+ \(it follows/,
    )
  })

  it('is seen by the checksum of Kraken where it changed the ten best levels', async () => {
    let [seen, before] = [0, '']
    const result = await without(KRAKEN, 'SC/EUR', (text) => {
      const checksum = text.endsWith('"SC/EUR"]') ? /"c":"(\d+)"/.exec(text)?.[1] : undefined
      if (checksum === undefined) return false
      const isNews = checksum !== before
      before = checksum
      return isNews && ++seen === 20
    })
    expect(result.gaps).toBe(1)
    const { compared, equal } = result.checksums!
    expect(compared - equal).toBe(1)
    expect(equal).toBeGreaterThan(18)
    expect(equal).toBeLessThan(200)
  })
})

describeWithData('the files beside', () => {
  it('are each told from their beginning, as of this format or another', async () => {
    const cryptofeed = FORMATS.find(({ name }) => name === 'cryptofeed')!
    for (const path of [...KRAKEN, ...OKX, ...BINANCE, ...BITSTAMP, ...COINBASE]) {
      const head = gunzipSync(readFileSync(path)).subarray(0, 65_536)
      const names = FORMATS.filter((one) => one.detects(head, path.toLowerCase())).map(
        (one) => one.name,
      )
      expect(names, path).toEqual(['cryptofeed'])
    }
    for (const path of [
      'data/binance/usdm_btcusdt_20240808.gz',
      'data/bitstamp_l3/bitstamp_BTCUSD_2015-05-01_raw.log.gz',
      'data/cffex/CFFEX_IF2101_20210104_ticks.csv.gz',
      'data/nasdaq_itch/ex20101224.TEST_ITCH_50.gz',
      'data/lobster/MSFT_2012-06-21_36000000_1000rows_message_50.csv.gz',
    ]) {
      const head = gunzipSync(readFileSync(sharedPath(path))).subarray(0, 65_536)
      expect(cryptofeed.detects(head, path), path).toBe(false)
    }
  })
})

describe('the head of a file', () => {
  it('is told from those of other formats', () => {
    const cryptofeed = FORMATS.find(({ name }) => name === 'cryptofeed')!
    const others = FORMATS.filter(({ name }) => name !== 'cryptofeed')
    const heads = [
      'wss://ws.kraken.com <-> 1618678132.3858151\n',
      'https://dapi.binance.com/dapi/v1/depth?symbol=X -> 1626916404.543838: {"lastUpdateId":1}\n',
      '1618678133.626511: [1360,{"as":[]},"book-10","ADA/XBT"]\n',
      'configuration: {"feed": "KRAKEN"}\nwss://ws.kraken.com <-> 1618678132\n',
    ]
    for (const head of heads) {
      expect(cryptofeed.detects(Buffer.from(head), 'any')).toBe(true)
      for (const other of others) expect(other.detects(Buffer.from(head), 'any')).toBe(false)
    }
    for (const head of [
      '1723161255030314667 {"stream":"btcusdt@depth"}\n',
      '34200.01746,5,0,1,2238200,-1\n',
      '1430438404.5,x\n',
      '\x93NUMPY',
      '',
    ]) {
      expect(cryptofeed.detects(Buffer.from(head, 'latin1'), 'any')).toBe(false)
    }
  })
})
