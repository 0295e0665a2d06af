import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  CAPTURE_START,
  KrakenV1,
  answer,
  binanceDepth,
  binanceSnapshot,
  bybitBook,
  capture,
  coinbase,
  connect,
  line,
  sampleFiles,
  type Levels,
} from '../../../../test/format-samples/cryptofeed.ts'
import {
  TestFolder,
  exists,
  failureOf,
  loadRows,
  plainRows,
} from '../../../../test/import-support.ts'
import { DataError, LobtraderError, Prng } from '../../../core/index.ts'
import { Instrument } from '../../../market/index.ts'
import { openStore } from '../../../store/index.ts'
import { importCapture } from '../import-capture.ts'
import type { ImportCaptureOptions } from '../import-options.ts'
import type { ImportResult } from '../import-result.ts'
import { CRYPTOFEED } from './format.ts'

const folder = new TestFolder()
let files = 0

const BOOK: readonly [Levels, Levels] = [[['99.5', '1.0']], [['100.5', '1.5']]]
const SPOT = 'wss://stream.binance.com:9443/stream?streams=btcusdt@depth@100ms'
const COINBASE = 'wss://ws-feed.exchange.coinbase.com'

const write = (...lines: readonly string[]): string =>
  folder.write(`capture-${++files}`, capture(...lines))

async function run(
  paths: readonly string[],
  options: Partial<ImportCaptureOptions> = {},
): Promise<ImportResult & { store: string }> {
  const store = folder.newStore()
  const result = await importCapture({ format: 'cryptofeed', files: paths, store, ...options })
  return { ...result, store }
}

async function refused(
  paths: readonly string[],
  options: Partial<ImportCaptureOptions> = {},
): Promise<string> {
  const store = folder.newStore()
  const work = importCapture({ format: 'cryptofeed', files: paths, store, ...options })
  const { message } = await failureOf(work)
  expect(exists(store)).toBe(false)
  return message.replaceAll(join(folder.path, '/'), '')
}

const twoSymbols = (): string => {
  const of = (pair: string): string[] => {
    const kraken = new KrakenV1(pair)
    return [kraken.snapshot(1, ...BOOK), kraken.update(2, [['99.6', '2.0']], [])]
  }
  const [a, b] = [of('XBT/USD'), of('ETH/EUR')]
  return write(connect(0, KrakenV1.url), a[0]!, b[0]!, a[1]!, b[1]!)
}

describe('an import of a capture', () => {
  it('merges its files by receive time, and reads them however they are packed', async () => {
    const ws = capture(
      connect(0, SPOT),
      binanceDepth(10, { U: 90, u: 101 }, [[['99.6', '1']], []]),
      binanceDepth(30, { U: 102, u: 103 }, [[['99.7', '1']], []]),
    )
    const http = folder.write('B.http.0.0', capture(binanceSnapshot(20, 100, BOOK)))
    const plain = await run([folder.write('B.ws.1.0', ws), http])
    expect(plain.final?.bestBid).toEqual([99.7, 1])
    const rows = plainRows(loadRows(plain.store, 'BTCUSDT'))
    // The first update waited for the snapshot and follows it at its receive time.
    expect(rows.map(({ local }) => local / 1e6)).toEqual([20, 20, 20, 20, 20, 30])
    const packed = await run([http, folder.write('B.ws.1.0.gz', gzipSync(ws))])
    expect(plainRows(loadRows(packed.store, 'BTCUSDT'))).toEqual(rows)
  })

  it('gives many symbols with totals at the top, or those that are named', async () => {
    const file = twoSymbols()
    const both = await run([file])
    expect(both.symbol).toBeUndefined()
    expect(both.final).toBeUndefined()
    expect(both.symbols?.map(({ symbol }) => symbol)).toEqual(['XBT-USD', 'ETH-EUR'])
    expect(both.symbols?.map(({ messages }) => messages)).toEqual([2, 2])
    expect(both.checksums).toEqual({ compared: 2, equal: 2 })
    expect(both.events).toBe(both.symbols!.reduce((sum, { events }) => sum + events, 0))
    const one = await run([file], { symbols: ['ETH-EUR'] })
    expect(one).toMatchObject({ symbol: 'ETH-EUR', final: { bestBid: [99.6, 2] } })
    expect(openStore(one.store).partitions()).toHaveLength(1)
    expect(await refused([file], { symbols: ['XBT-USDT'] })).toBe(
      'ABSENT_SYMBOL: no symbol "XBT-USDT" in the input; did you mean "XBT-USD"? (there: XBT-USD, ETH-EUR)',
    )
  })

  it('measures tick and lot, or takes them from an instrument, whose symbol alone is imported', async () => {
    const file = twoSymbols()
    const { warnings } = await run([file])
    expect(warnings[0]).toBe(
      "XBT-USD: tick size 0.1 and lot size 0.5 are the greatest common divisors of the prices and sizes seen; give the venue's own with --instrument",
    )
    const instrument = new Instrument({
      venue: 'mine',
      symbol: 'XBT-USD',
      kind: 'spot',
      base: 'XBT',
      quote: 'USD',
      tickSize: '0.01',
      lotSize: '1',
    })
    const given = await run([file], { instrument })
    expect(given).toMatchObject({
      venue: 'mine',
      symbol: 'XBT-USD',
      final: { bestAsk: [100.5, 1.5] },
    })
    expect(given.warnings).toHaveLength(1)
    expect(given.warnings[0]).toMatch(/^sizes finer than the lot 1 occur, such as 1.5 at /)
    expect(await refused([file], { instrument, symbols: ['XBT-USD', 'ETH-EUR'] })).toMatch(
      /^BAD_ARGUMENT: --instrument is of one symbol, --symbol names 2/,
    )
    const coarse = new Instrument({ ...instrument.spec, tickSize: '1', dataTickSize: undefined })
    expect(await refused([file], { instrument: coarse })).toMatch(
      /^OFF_GRID: capture-\d+ line 2 field bids\[0\] price: price 99\.5 of XBT-USD is not a multiple of 1/,
    )
  })

  it('takes kind and venue from the options, and knows no dates and zones', async () => {
    const file = twoSymbols()
    const { store, venue } = await run([file], { venue: 'mirror', kind: 'linear-perpetual' })
    expect(venue).toBe('mirror')
    expect(openStore(store).partitions()[0]?.instrument.kind).toBe('linear-perpetual')
    expect(await refused([file], { kind: 'sport' })).toMatch(
      /^BAD_ARGUMENT: unknown kind "sport"; did you mean "spot"\?/,
    )
    expect(await refused([file], { date: '2024-03-01' })).toMatch(
      /^BAD_ARGUMENT: --date means nothing to format cryptofeed: /,
    )
    expect(await refused([file], { timeZone: 'UTC' })).toMatch(
      /^BAD_ARGUMENT: --tz means nothing to/,
    )
    expect(await refused([file, file])).toMatch(/^BAD_ARGUMENT: .* is given twice$/)
  })

  it('adds the measured offset to receive times where it is asked to', async () => {
    // Sent 3 ms after it came.
    const early = (ms: number, type: string, more: object): string =>
      line(ms, coinbase(ms + 8, type, more).replace(/^[^{]*/, ''))
    const file = write(
      connect(0, COINBASE),
      early(1, 'snapshot', { bids: BOOK[0], asks: BOOK[1] }),
      early(10, 'l2update', { changes: [['buy', '99.6', '1']] }),
    )
    const asIs = await run([file])
    expect(asIs).toMatchObject({ clockOffsetNs: 3_500_000, clockFixed: false })
    const fixed = await run([file], { fixClock: true })
    expect(fixed).toMatchObject({ clockOffsetNs: 3_500_000, clockFixed: true })
    expect(fixed.fromNs).toBe(asIs.fromNs + 3_500_000n)
  })

  it('leaves levels out that no row can hold, and says how many', async () => {
    const { warnings, symbols } = await run([
      write(
        connect(0, COINBASE),
        coinbase(1, 'snapshot', { bids: BOOK[0], asks: [...BOOK[1], ['999999999.51', '1']] }),
        coinbase(2, 'l2update', { changes: [['sell', '300000000.01', '1']] }),
        coinbase(3, 'l2update', { changes: [['buy', '97.0', '9007199254740993']] }),
      ),
    ])
    expect(symbols?.[0]?.final).toMatchObject({ bidLevels: 1, askLevels: 1 })
    expect(warnings).toContain(
      '3 level changes beyond 2^31 ticks or 2^53 lots were left out of the books (BTC-USD)',
    )
  })

  it('refuses a measured tick that is too fine for the market itself', async () => {
    const bids: Levels = [...BOOK[0], ['0.00000001', '1']]
    const file = write(connect(0, COINBASE), coinbase(1, 'snapshot', { bids, asks: BOOK[1] }))
    expect(await refused([file])).toMatch(
      /^OUT_OF_RANGE: capture-\d+ line 2 field bids\[0\] price: price 99.5 of BTC-USD is beyond 2\^31 ticks/,
    )
  })

  it('counts a crossed book and says so', async () => {
    const { crossed, warnings } = await run([
      write(
        connect(0, COINBASE),
        coinbase(1, 'snapshot', { bids: BOOK[0], asks: BOOK[1] }),
        coinbase(2, 'l2update', { changes: [['buy', '100.6', '1']] }),
      ),
    ])
    expect(crossed).toBe(1)
    expect(warnings).toContain('1 times a book was crossed after a message (BTC-USD)')
  })
})

describe('bad input is told in one sentence, and nothing is stored', () => {
  const snapshot = coinbase(1, 'snapshot', { bids: BOOK[0], asks: BOOK[1] })
  const change = (price: unknown, size: unknown, side: unknown = 'buy'): string =>
    coinbase(2, 'l2update', { changes: [[side, price, size]] })

  it.each([
    [
      'no time',
      'nonsense',
      /line 3 field receive time: a line is "<receive time in Unix seconds>: /,
    ],
    ['time in ms', `${CAPTURE_START}000: {}`, /line 3 field receive time: /],
    ['an odd arrow', 'wss://x.coinbase.com => 1709251200', /line 3 field address: expected "<->"/],
    ['broken JSON', line(2, '{"type":'), /^BAD_JSON: .*line 3: the message is no valid JSON/],
    ['no object', line(2, '5'), /line 3 field message: expected a JSON object, was 5$/],
    [
      'no type',
      line(2, { product_id: 'BTC-USD' }),
      /line 3 field type: expected a text, was absent$/,
    ],
    ['no decimal', change('1e5', '1'), /^BAD_DECIMAL: .*line 3 field bids\[0\] price: "1e5"/],
    ['a number', change(99.6, '1'), /line 3 field changes\[0\] price: expected a text, was 99.6$/],
    [
      'a side',
      change('99', '1', 'bid'),
      /line 3 field changes\[0\] side: expected "buy" or "sell"/,
    ],
    ['below zero', change('99', '-1'), /^NEGATIVE: .*line 3 field bids\[0\] size: size -1/],
    ['no price', change('0', '1'), /line 3 field bids\[0\] price: a price is above 0, was 0$/],
    [
      'a year',
      change('99', '1').replace('2024-02', '2025-01'),
      /field time: expected a time at most/,
    ],
    ['no time at all', change('99', '1').replace('2024-02', '2024-13'), /^BAD_INSTANT: .*line 3/],
    ['time going back', line(0, { type: 'heartbeat' }), /^TIME_BACKWARDS: .*line 3 field receive/],
    [
      'a snapshot with a size of 0',
      coinbase(2, 'snapshot', { bids: [['99', '0.0']], asks: [] }),
      /line 3 field bids\[0\] size: a snapshot level has size 0, was 0\.0$/,
    ],
    [
      'a level that is none',
      coinbase(2, 'snapshot', { bids: [['99']], asks: [] }),
      /line 3 field bids\[0\]: expected an array of price and size, each in quotes, was an array$/,
    ],
  ])('%s', async (_name, bad, expected) => {
    const good = coinbase(9, 'l2update', { changes: [['buy', '99', '1']] })
    expect(await refused([write(connect(0, COINBASE), snapshot, bad, good)])).toMatch(expected)
  })

  it('a cut last line, another venue, files of two venues, none at all', async () => {
    const cut = folder.write(
      'cut',
      capture(connect(0, COINBASE), snapshot, change('99', '1')).slice(0, -9),
    )
    expect(await refused([cut])).toBe(
      'TRUNCATED_FILE: cut line 3: the last line is cut off; line 2 is the last good one',
    )
    const other = write(connect(0, 'wss://api.hitbtc.com/api/2/ws'), line(1, {}))
    expect(await refused([other])).toMatch(
      /^UNSUPPORTED: capture-\d+ line 1: captures of api\.hitbtc\.com cannot be read \(known venues: kraken, /,
    )
    const kraken = twoSymbols()
    expect(await refused([kraken, write(connect(0, COINBASE), snapshot)])).toMatch(
      /^BAD_ARGUMENT: an import reads one venue: capture-\d+ is of kraken, capture-\d+ of coinbase$/,
    )
    expect(await refused([write(line(1, { hello: 1 }))])).toMatch(
      /^UNSUPPORTED: nothing in capture/,
    )
    expect(await refused([write('x,y,z')])).toMatch(/^BAD_FIELD: capture-\d+ line 1 field receive/)
    expect(await refused([write(connect(0, COINBASE))])).toMatch(
      /^TOO_FEW_ROWS: there is no message/,
    )
  })

  it('a snapshot that no update joins', async () => {
    const ws = write(
      connect(0, SPOT),
      binanceDepth(1, { U: 200, u: 205 }, [[['99', '1']], []]),
      binanceSnapshot(2, 100, BOOK),
    )
    expect(await refused([ws])).toMatch(
      /^ABSENT_SNAPSHOT: none of the 1 book snapshots in .* is joined by the updates around it/,
    )
  })

  it('is left out where the caller says so, and the rest is read', async () => {
    const file = write(
      connect(0, COINBASE),
      snapshot,
      'nonsense',
      change('x', '1'),
      line(3, '{'),
      coinbase(4, 'l2update', { changes: [['buy', '99.7', '1']] }),
    )
    const prepared = await CRYPTOFEED.prepare({ format: 'cryptofeed', files: [file], store: '' })
    const errors: string[] = []
    const sink = { instrument: prepared.instruments[0]!, append: (): void => undefined }
    const job = {
      files: [file],
      verify: false,
      fixClock: false,
      refuse: (error: DataError): void => void errors.push(`${error.line} ${error.code}`),
    }
    const outcome = await prepared.run(job, [sink])
    expect(errors).toEqual(['3 BAD_FIELD', '4 BAD_DECIMAL', '5 BAD_JSON'])
    expect(outcome.final?.bestBid).toEqual([99.7, 1])
  })

  it('answers of servers in trouble are no faults', async () => {
    const busy = { code: -1003, msg: 'Too many requests' }
    const url = 'https://api.binance.com/api/v3/depth?symbol=BTCUSDT&limit=1000'
    const { final } = await run([
      write(
        connect(0, SPOT),
        answer(1, url, busy),
        answer(2, 'https://api.binance.com/api/v3/exchangeInfo', { symbols: [] }),
        line(3, { result: null, id: 1 }),
        binanceSnapshot(4, 100, BOOK),
        binanceDepth(5, { U: 101, u: 101 }, [[['99.7', '1']], []]),
      ),
    ])
    expect(final?.bestBid).toEqual([99.7, 1])
  })
})

describe('names', () => {
  it('that would be stored alike are told, and the first is imported', async () => {
    const [a, b] = [new KrakenV1('XBT/USD'), new KrakenV1('XBT-USD')]
    const { symbols, warnings } = await run([
      write(connect(0, KrakenV1.url), a.snapshot(1, ...BOOK), b.snapshot(2, ...BOOK)),
    ])
    expect(symbols).toHaveLength(1)
    expect(warnings).toContain(
      '"XBT-USD" was left out: its name in the store, XBT-USD, is taken by XBT/USD',
    )
  })
})

describe('random changes of bytes', () => {
  it('end in an import or in a typed error, never in a crash', async () => {
    const random = new Prng(7)
    const outcomes = new Set<string>()
    for (const { name, bytes } of sampleFiles()) {
      for (let i = 0; i < 40; i++) {
        const changed = Buffer.from(bytes)
        for (let n = random.nextInt(3); n >= 0; n--) {
          changed[random.nextInt(changed.length)] = random.nextInt(256)
        }
        const file = folder.write(`fuzz-${name}`, changed)
        try {
          await run([file])
          outcomes.add('imported')
        } catch (error) {
          expect(error).toBeInstanceOf(LobtraderError)
          if (error instanceof DataError) expect(error.file).toBe(file)
          outcomes.add((error as LobtraderError).code)
        }
      }
    }
    expect(outcomes.size).toBeGreaterThan(3)
  })

  it('leave the samples themselves readable', async () => {
    for (const { name, bytes } of sampleFiles()) {
      const { events, gaps } = await run([folder.write(name, bytes)])
      expect(events, name).toBeGreaterThan(4)
      expect(gaps, name).toBe(0)
    }
    expect(bybitBook(1, 'snapshot', 1, BOOK)).toContain('orderbook.50.BTCUSDT')
  })
})
