import { gunzipSync } from 'node:zlib'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeWithData, sharedPath } from '../../../../test/shared-data.ts'
import { LobtraderError } from '../../../core/index.ts'
import { Instrument, type InstrumentSpec } from '../../../market/index.ts'
import type { LineBlock } from '../../input/line-blocks.ts'
import { GridFactors } from '../grid-factors.ts'
import { BinanceMessage, MessageKind } from './message.ts'
import { instrumentGrids } from './capture-grids.ts'
import { CompiledScanner } from './compiled-scanner.ts'
import { MessageScanner } from './message-scanner.ts'
import { readMessage } from './read-message.ts'

const usdm = new Instrument({
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  kind: 'linear-perpetual',
  base: 'BTC',
  quote: 'USDT',
  tickSize: '0.10',
  lotSize: '0.001',
})

const fields = (message: BinanceMessage): Record<string, unknown> => ({
  ...message,
  bids: pairs(message.bids),
  asks: pairs(message.asks),
})

function pairs(list: BinanceMessage['bids']): [number, number][] {
  return Array.from({ length: list.count }, (_, i) => [list.ticks[i]!, list.lots[i]!])
}

const RECEIVED = '1723161256298123456 '
const compiled = CompiledScanner.of(instrumentGrids(usdm), new BinanceMessage())!

/** Lines of a file as one block of them. */
function blockOf(bytes: Buffer): LineBlock {
  const starts = [0]
  while (starts.at(-1)! < bytes.length) starts.push(bytes.indexOf(10, starts.at(-1)) + 1)
  return {
    bytes,
    lines: starts.length - 1,
    starts: Int32Array.from(starts),
    firstLine: 1,
    unterminated: false,
  }
}

/**
 * Reads `text` in each way and returns whether the scanner took it. The compiled one must take the
 * same, and JSON.parse must agree where they did.
 */
function readBoth(text: string): boolean {
  const scanned = new MessageScanner(instrumentGrids(usdm), new BinanceMessage())
  const bytes = Buffer.from(`${text}\n`)
  const isTaken = scanned.scan(bytes, 0, bytes.length - 1)
  compiled.forget()
  const kind = compiled.read(blockOf(Buffer.from(`${RECEIVED}${text}\n`)), 0, 9)
  expect(kind).toBe(isTaken ? scanned.message.kind : 0)
  if (!isTaken) return false
  const read = new BinanceMessage()
  readMessage(text, instrumentGrids(usdm), read, { file: 'f', line: 1 })
  expect(fields(scanned.message)).toEqual(fields(read))
  expect(fields(compiled.message)).toEqual(fields(read))
  return true
}

const DEPTH =
  '{"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":5123107832006,"u":5123107837557,"pu":5123107831937,"b":[["58710.20","0.014"],["61496.50","0.000"]],"a":[["61800.30","2.510"]]}}'
const TICKER =
  '{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":5123107839020,"s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,"E":1723161256313}}'
const TRADE =
  '{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","X":"MARKET","m":false}}'
const SNAPSHOT =
  '{"lastUpdateId":5123107852948,"E":1723161256501,"T":1723161256493,"bids":[["61800.20","2.909"]],"asks":[["61800.30","0.696"]]}'

describe('MessageScanner', () => {
  it.each([
    ['depth', DEPTH, MessageKind.Depth],
    ['ticker', TICKER, MessageKind.Ticker],
    ['trade', TRADE, MessageKind.Trade],
    ['snapshot', SNAPSHOT, MessageKind.Snapshot],
  ] as const)('reads a %s message like JSON.parse does', (_, text, kind) => {
    expect(readBoth(text)).toBe(true)
    const scanner = new MessageScanner(instrumentGrids(usdm), new BinanceMessage())
    const bytes = Buffer.from(`${text}\n`)
    scanner.scan(bytes, 0, bytes.length - 1)
    expect(scanner.message.kind).toBe(kind)
  })

  it('reads levels as ticks and lots, sides apart', () => {
    const scanner = new MessageScanner(instrumentGrids(usdm), new BinanceMessage())
    const bytes = Buffer.from(`${DEPTH}\n`)
    expect(scanner.scan(bytes, 0, bytes.length - 1)).toBe(true)
    expect(pairs(scanner.message.bids)).toEqual([
      [587102, 14],
      [614965, 0],
    ])
    expect(pairs(scanner.message.asks)).toEqual([[618003, 2510]])
    expect(scanner.message.previousId).toBe(5123107831937)
  })

  it('reads messages without the combined-stream wrapper, and skips new plain fields', () => {
    const bare = DEPTH.slice(DEPTH.indexOf('"data":') + 7, -1)
    expect(readBoth(bare)).toBe(true)
    expect(readBoth(bare.replace('"s":', '"ps":"BTC","st":1,"new":true,"s":'))).toBe(true)
  })

  it.each([
    ['another symbol', DEPTH.replace('"s":"BTCUSDT"', '"s":"BTCUSDC"')],
    ['a price off the grid', DEPTH.replace('58710.20', '58710.25')],
    ['a negative size', DEPTH.replace('0.014', '-0.014')],
    ['NaN in quotes', DEPTH.replace('0.014', 'NaN')],
    ['an exponent', DEPTH.replace('0.014', '1e-3')],
    ['a price of 0', DEPTH.replace('58710.20', '0.00')],
    ['a number where text belongs', DEPTH.replace('"0.014"', '0.014')],
    ['a leading zero in a number', DEPTH.replace('"U":5', '"U":05')],
    ['a fraction in an id', DEPTH.replace('"U":5123107832006', '"U":5123107832.5')],
    ['a missing field', DEPTH.replace('"U":5123107832006,', '')],
    ['a field given twice', DEPTH.replace('"U":', '"u":1,"U":')],
    ['a cut line', DEPTH.slice(0, -20)],
    ['something behind the message', `${DEPTH}x`],
    ['an escape', DEPTH.replace('"s":"BTC', '"s":"\\u0042TC')],
    ['blanks', DEPTH.replace(',"a"', ', "a"')],
    ['a partial-depth stream', DEPTH.replace('@depth@0ms', '@depth5@0ms')],
    ['a time that is no time', DEPTH.replace('1723161256299', '1723161256')],
    ['a trade that is not of the market', TRADE.replace('MARKET', 'NA')],
    ['a trade of size 0', TRADE.replace('0.006', '0.000')],
    ['a snapshot inside a stream', `{"stream":"x@y","data":${SNAPSHOT}}`],
    ['an array', '[]'],
    ['nothing', ''],
  ])('leaves %s to the slow reader', (_, text) => {
    expect(readBoth(text)).toBe(false)
  })

  it('agrees with JSON.parse on whatever mutation of a message it takes', () => {
    let taken = 0
    const alphabet = '0123456789.,:"[]{}-eEtTuUsSbBaApPqQmMX \\'
    fc.assert(
      fc.property(
        fc.constantFrom(DEPTH, TICKER, TRADE, SNAPSHOT),
        fc.array(
          fc.record({
            at: fc.nat(400),
            cut: fc.nat(3),
            put: fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 3 }),
          }),
          { minLength: 1, maxLength: 2 },
        ),
        (text, edits) => {
          let edited = text
          for (const { at, cut, put } of edits) {
            const i = at % edited.length
            edited = edited.slice(0, i) + put + edited.slice(i + cut)
          }
          if (readBoth(edited)) taken++
        },
      ),
      { numRuns: 20_000 },
    )
    expect(taken).toBeGreaterThan(1000)
  })

  it('never takes a message with fields swapped between kinds unless JSON.parse reads it alike', () => {
    const parts = [DEPTH, TICKER, TRADE].flatMap((text) =>
      text
        .slice(text.indexOf('"data":') + 8, -2)
        .split(/,(?="[a-zA-Z]+":)/)
        .concat('"lastUpdateId":7', '"bids":[["1.0","1.000"]]', '"asks":[]', '"symbol":"BTCUSDT"'),
    )
    fc.assert(
      fc.property(fc.subarray(parts, { minLength: 3 }), (chosen) => {
        readBoth(`{${chosen.join(',')}}`)
      }),
      { numRuns: 20_000 },
    )
  })
})

describe('GridFactors', () => {
  it('finds the index that Instrument finds, and refuses what Instrument refuses', () => {
    const digits = fc.oneof(fc.nat(1e9), fc.maxSafeNat())
    const grid = fc.constantFrom('0.1', '0.01', '0.00001', '1', '5', '0.25', '0.0005', '10')
    fc.assert(
      fc.property(digits, fc.nat(12), grid, fc.boolean(), (value, scale, step, onGrid) => {
        const instrument = new Instrument({ ...usdm.spec, lotSize: step } satisfies InstrumentSpec)
        const factors = new GridFactors(instrument.sizeGrid)
        const unit = instrument.sizeGrid.step * 10 ** Math.max(0, scale - instrument.sizeGrid.scale)
        const mantissa = onGrid ? Math.floor(value / unit) * unit : value
        const padded = String(mantissa).padStart(scale + 1, '0')
        const text = `${padded.slice(0, padded.length - scale)}.${padded.slice(padded.length - scale)}`
        let expected = -1
        try {
          expected = instrument.lotsOf(text)
        } catch (error) {
          if (!(error instanceof LobtraderError)) throw error
        }
        const found = factors.indexOf(mantissa, scale)
        // A size that needs more than 2^53 on a finer grid is left to the slow reader.
        if (found !== expected) expect(found).toBe(-1)
        if (expected < 0) expect(found).toBe(-1)
        if (mantissa < 1e9) expect(found).toBe(expected)
      }),
      { numRuns: 5_000 },
    )
  })
})

describeWithData('MessageScanner on the captures', () => {
  it.each([
    ['usdm_btcusdt_20240808', 93_954],
    ['spot_btcusdt_20240808', 41_249],
    ['spot_btcusdt_20240809', 58_325],
    ['cm_btcusd_perp_20240808', 48_270],
    ['cm_btcusd_perp_20240809', 50_116],
  ])('takes every line of %s and reads it like JSON.parse', (name, count) => {
    const folder = 'data/binance/'
    const spec = JSON.parse(
      readFileSync(sharedPath(`${folder}${name}.instrument.json`), 'utf8'),
    ) as InstrumentSpec
    // Seven levels of the spot book rest off today's lot.
    const instrument = new Instrument(
      spec.kind === 'spot' ? { ...spec, dataLotSize: '0.000001' } : spec,
    )
    const text = gunzipSync(readFileSync(sharedPath(`${folder}${name}.gz`)))
    const grids = instrumentGrids(instrument)
    const scanner = new MessageScanner(grids, new BinanceMessage())
    const read = new BinanceMessage()
    const lineScanner = CompiledScanner.of(grids, new BinanceMessage())!
    const block = blockOf(text)
    let lines = 0
    for (let at = 0; at < text.length;) {
      const end = text.indexOf(10, at)
      const from = text.indexOf(32, at) + 1
      if (!scanner.scan(text, from, end)) throw new Error(`line ${lines + 1} was not taken`)
      const kind = lineScanner.read(block, lines, from - 1 - block.starts[lines]! - 10)
      if (kind !== scanner.message.kind) throw new Error(`line ${lines + 1} is of kind ${kind}`)
      // Field-by-field comparison of every tenth line keeps the test quick.
      if (lines++ % 10 === 0) {
        readMessage(text.toString('latin1', from, end), grids, read, { file: name })
        expect(fields(scanner.message)).toEqual(fields(read))
        expect(fields(lineScanner.message)).toEqual(fields(read))
      }
      at = end + 1
    }
    expect(lines).toBe(count)
  })
})
