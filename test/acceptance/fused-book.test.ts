/** The fused book on real captures: depth and ticker of one venue, each as late as it was. */
import { beforeAll, describe, expect, it } from 'vitest'
import { gunzipSync } from 'node:zlib'
import { readFileSync } from 'node:fs'
import { FusedBook, OrderBook } from '../../src/book/index.ts'
import { LobFeed, importCapture } from '../../src/feed/index.ts'
import { EventKind, Instrument, KIND_MASK, type EventColumns } from '../../src/market/index.ts'
import { openStore } from '../../src/store/index.ts'
import { TestFolder } from '../import-support.ts'
import { describeWithData, sharedPath } from '../shared-data.ts'

/** What was seen at the end of each moment in which rows of a book or a ticker reached us. */
interface Seen {
  /** Moments whose latest venue time is that of depth, or of the ticker, or of both. */
  readonly byDepth: number
  readonly byTicker: number
  readonly tied: number
  /** Of those by depth: the fused book has the levels of the book of depth alone. */
  readonly wholeEqual: number
  /** Of those by ticker: the fused book has the best prices and sizes that the ticker tells. */
  readonly touchEqual: number
  /** Moments in which the book of depth alone has another touch than the fused one. */
  readonly ahead: number
  readonly crossed: number
}

function look({ instrument, events }: LobFeed): Seen {
  const plain = new OrderBook(instrument)
  const fused = new FusedBook(instrument)
  const seen = {
    byDepth: 0,
    byTicker: 0,
    tied: 0,
    wholeEqual: 0,
    touchEqual: 0,
    ahead: 0,
    crossed: 0,
  }
  let depthTime = Number.NEGATIVE_INFINITY
  let tickerTime = Number.NEGATIVE_INFINITY
  const { localTime, length } = events
  for (let from = 0; from < length;) {
    let to = from + 1
    while (to < length && localTime[to] === localTime[from]) to++
    plain.apply(events, from, to)
    fused.apply(events, from, to)
    const times = latest(events, from, to)
    depthTime = Math.max(depthTime, times.depth)
    tickerTime = Math.max(tickerTime, times.ticker)
    from = to
    if (times.depth === times.ticker || Number.isNaN(plain.mid)) continue
    if (fused.spread <= 0) seen.crossed++
    if (touchOf(plain) !== touchOf(fused)) seen.ahead++
    if (depthTime > tickerTime) {
      seen.byDepth++
      if (topOf(plain) === topOf(fused)) seen.wholeEqual++
    } else if (depthTime < tickerTime) {
      seen.byTicker++
      const { bboBidTicks, bboBidLots, bboAskTicks, bboAskLots } = fused
      const told = [bboBidTicks, bboBidLots, bboAskTicks, bboAskLots].join()
      if (told === touchOf(fused)) seen.touchEqual++
    } else seen.tied++
  }
  return seen
}

/** Latest venue times of rows of either kind; both -Infinity where there is none. */
function latest(
  { code, exchTime }: EventColumns,
  from: number,
  to: number,
): { readonly depth: number; readonly ticker: number } {
  let depth = Number.NEGATIVE_INFINITY
  let ticker = Number.NEGATIVE_INFINITY
  for (let i = from; i < to; i++) {
    const kind = code[i]! & KIND_MASK
    if (kind === EventKind.Bbo) ticker = Math.max(ticker, exchTime[i]!)
    else if (kind === EventKind.DepthSet || kind === EventKind.SnapshotEnd)
      depth = Math.max(depth, exchTime[i]!)
  }
  return { depth, ticker }
}

function touchOf({ bestBidTicks, bestBidLots, bestAskTicks, bestAskLots }: OrderBook): string {
  return [bestBidTicks, bestBidLots, bestAskTicks, bestAskLots].join()
}

function topOf(book: OrderBook): string {
  return JSON.stringify(book.getDepth(20))
}

/** The beginning of each capture: half a minute, or the whole minute. */
const LINES = 20_000

const CAPTURES = ['usdm_btcusdt_20240808', 'cm_btcusd_perp_20240808']

describeWithData('a fused book on the beginning of a real capture', () => {
  const folder = new TestFolder()

  describe.each(CAPTURES)('%s', (name) => {
    let seen: Seen

    beforeAll(async () => {
      const store = folder.newStore()
      const path = sharedPath(`data/binance/${name}`)
      const lines = gunzipSync(readFileSync(`${path}.gz`))
        .toString()
        .split('\n', LINES)
      const { symbol } = await importCapture({
        format: 'binance',
        files: [folder.write(`${name}.txt`, `${lines.join('\n')}\n`)],
        instrument: `${path}.instrument.json`,
        store,
      })
      seen = look(await LobFeed.open(store, { symbol: symbol!, localBook: 'fused' }))
    })

    it('has the best prices and sizes of the ticker whenever that is the latest', () => {
      expect(seen.byTicker).toBeGreaterThan(1000)
      expect(seen.touchEqual).toBe(seen.byTicker)
    })

    it('has twenty levels a side as depth alone tells them whenever that is the latest', () => {
      expect(seen.byDepth).toBeGreaterThan(500)
      expect(seen.wholeEqual).toBe(seen.byDepth)
    })

    it('is ahead of the book of depth alone for a good part of the time, and never crossed', () => {
      expect(seen.crossed).toBe(0)
      expect(seen.ahead / (seen.byDepth + seen.byTicker + seen.tied)).toBeGreaterThan(0.3)
    })
  })
})

describeWithData('a fused book of depth alone', () => {
  const folder = new TestFolder()

  it.each([
    ['BINANCE_DELIVERY', ['BINANCE_DELIVERY.http.0.0.gz', 'BINANCE_DELIVERY.ws.1.0.gz']],
    ['COINBASE', ['COINBASE.ws.28.0.gz']],
    ['KRAKEN', ['KRAKEN.ws.50.0.gz']],
    ['OKX', ['OKX.ws.1.0.gz']],
  ])('is the plain book at the end of each symbol, and leaves no row out: %s', async (_, names) => {
    const store = folder.newStore()
    const files = names.map((name) => sharedPath(`data/websocket_captures/${name}`))
    await importCapture({ format: 'cryptofeed', files, store })
    let seen = 0
    const opened = openStore(store)
    for (const info of opened.partitions().filter(({ kind }) => kind === 'l2')) {
      const instrument = new Instrument(info.instrument)
      const events = opened.load(info)
      const fused = new FusedBook(instrument)
      const plain = new OrderBook(instrument)
      for (const book of [fused, plain]) book.apply(events, 0, events.length)
      expect(fused.outdatedRows).toBe(0)
      expect(fused.snapshot()).toEqual(plain.snapshot())
      seen++
    }
    expect(seen).toBeGreaterThan(0)
  })
})
