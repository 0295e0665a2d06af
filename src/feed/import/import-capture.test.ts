import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CAPTURE_START_NS,
  PERPETUAL,
  TestFolder,
  depthLine,
  exists,
  failureOf,
  snapshotLine,
  tradeLine,
} from '../../../test/import-support.ts'
import { Instrument } from '../../market/index.ts'
import { openStore } from '../../store/index.ts'
import { ClockMeter } from './clock-meter.ts'
import { FinerSize, withFinerLots } from './finer-size.ts'
import { IMPORT_FORMATS, importCapture } from './import-capture.ts'
import { importResultJson, importResultText } from './import-result.ts'
import { TradeTotals } from './trade-totals.ts'

const folder = new TestFolder()
const capture = folder.write(
  'capture',
  [
    snapshotLine(20, 100, [['99.0', '1.000']], []),
    depthLine(30, { U: 99, u: 105, pu: 98 }, [['99.5', '0.500']]),
    tradeLine(40, 1, '99.5', '0.250', { m: true }),
  ].join('\n'),
)

describe('importCapture', () => {
  it('gives the documented JSON, an empty side as null', async () => {
    const result = await importCapture({
      format: 'binance',
      files: [capture],
      instrument: folder.write('instrument.json', JSON.stringify(PERPETUAL)),
      store: folder.newStore(),
      verify: true,
    })
    const json = JSON.parse(JSON.stringify(importResultJson(result))) as Record<string, unknown>
    expect(json).toEqual({
      format: 'binance',
      venue: 'binance-usdm',
      symbol: 'BTCUSDT',
      messages: 3,
      events: 5,
      gaps: 0,
      duplicates: 0,
      reordered: 0,
      crossed: 0,
      from: String(CAPTURE_START_NS + 20_000_000n),
      to: String(CAPTURE_START_NS + 40_000_000n),
      clockOffsetNs: -4_500_000,
      clockFixed: false,
      warnings: [],
      verify: { compared: 0, equal: 0 },
      final: {
        bestBid: [99.5, 0.5],
        bestAsk: null,
        bidLevels: 2,
        askLevels: 0,
        bidSize: 1.5,
        askSize: 0,
      },
      trades: { count: 1, volume: 0.25, buyVolume: 0, vwap: 99.5 },
      partitions: [
        { day: '2024-08-08', kind: 'l2', events: 5, bytes: expect.any(Number) as number },
      ],
      seconds: expect.any(Number) as number,
    })
    const text = importResultText(result)
    expect(text).toContain('3 messages of binance-usdm BTCUSDT')
    expect(text).toContain('bid 99.5 x 0.5, ask none')
    expect(text).toContain('verified    0 of 0 equal')
  })

  it('stores under another venue name when asked to', async () => {
    const store = folder.newStore()
    await importCapture({
      format: 'binance',
      files: [capture],
      instrument: PERPETUAL,
      store,
      venue: 'mirror',
    })
    expect(openStore(store).partitions()[0]).toMatchObject({ venue: 'mirror', symbol: 'BTCUSDT' })
  })

  const refused = async (
    options: Partial<Parameters<typeof importCapture>[0]>,
  ): Promise<string> => {
    const store = folder.newStore()
    const base = { format: 'binance', files: [capture], instrument: PERPETUAL, store }
    const { message } = await failureOf(importCapture({ ...base, ...options }))
    expect(exists(store)).toBe(false)
    return message
  }

  it('refuses an unknown format, suggesting the nearest and listing all', async () => {
    const names = IMPORT_FORMATS.map(({ name }) => name).join(', ')
    expect(names).toContain('lobster, ')
    expect(await refused({ format: 'binanse' })).toBe(
      `UNKNOWN_FORMAT: unknown format "binanse"; did you mean "binance"? (known: ${names})`,
    )
    expect(await refused({ format: 'fix' })).toMatch(
      /^UNKNOWN_FORMAT: unknown format "fix" \(known: /,
    )
    expect(IMPORT_FORMATS.every(({ description }) => description.length > 10)).toBe(true)
  })

  it('refuses to begin without files, or with an instrument that is none', async () => {
    expect(await refused({ files: [] })).toMatch(/^BAD_ARGUMENT: .*at least one file$/)
    expect(await refused({ instrument: `${folder.path}/absent.json` })).toMatch(
      /^ABSENT_FILE: .*absent\.json: there is no such instrument file$/,
    )
    expect(await refused({ instrument: folder.write('bad.json', '{') })).toMatch(
      /^BAD_JSON: .*bad\.json: the instrument file is no JSON/,
    )
    const wrong = folder.write('wrong.json', JSON.stringify({ ...PERPETUAL.spec, tickSize: 0.1 }))
    expect(await refused({ instrument: wrong })).toMatch(
      /^BAD_INSTRUMENT: .*wrong\.json: .*tickSize/,
    )
    expect(await refused({ venue: '../up' })).toMatch(/^BAD_INSTRUMENT/)
  })

  it('refuses files that are not there before it reads any', async () => {
    expect(await refused({ files: [capture, `${folder.path}/absent.gz`] })).toMatch(
      /^ABSENT_FILE: .*absent\.gz: there is no such file$/,
    )
    expect(await refused({ files: [folder.path] })).toMatch(
      /^BAD_ARGUMENT: .* is a folder or a device/,
    )
    expect(await refused({ files: [folder.write('empty', '')] })).toMatch(
      /^TOO_FEW_ROWS: .*empty: the file is empty$/,
    )
  })

  it('refuses the same file twice', async () => {
    expect(await refused({ files: [capture, capture] })).toMatch(
      /^TIME_BACKWARDS: .*capture line 1 .*give the files in time order, each once$/,
    )
  })
})

describe('TradeTotals', () => {
  it('adds exactly whatever the sizes are', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.integer({ min: 1, max: 2 ** 45 })),
          {
            minLength: 1,
            maxLength: 30,
            size: 'max',
          },
        ),
        (trades) => {
          const totals = new TradeTotals()
          for (const [tick, lots] of trades) totals.add(tick, lots, tick % 2 === 0)
          const exact = trades.reduce((sum, [tick, lots]) => sum + BigInt(tick) * BigInt(lots), 0n)
          const lots = trades.reduce((sum, [, size]) => sum + size, 0)
          const unit = new Instrument({ ...PERPETUAL.spec, tickSize: '1', lotSize: '1' })
          expect(totals.summary(unit).vwap).toBe(Number(exact) / lots)
          expect(totals.summary(unit).volume).toBe(lots)
        },
      ),
    )
  })

  it('has no average price without trades', () => {
    expect(new TradeTotals().summary(PERPETUAL)).toEqual({
      count: 0,
      volume: 0,
      buyVolume: 0,
      vwap: null,
    })
  })
})

describe('withFinerLots', () => {
  it.each([
    ['25.42618900', '0.00001', '0.000001'],
    ['0.5', '1', '0.1'],
    ['3', '5', '1'],
    ['0.25', '0.1', '0.01'],
  ])('holds %s where the lot is %s in steps of %s', (size, lotSize, expected) => {
    const instrument = new Instrument({ ...PERPETUAL.spec, lotSize })
    const finer = withFinerLots(instrument, new FinerSize(size, {}))
    expect(finer.spec).toMatchObject({ lotSize, dataLotSize: expected })
    expect(finer.size(finer.lotsOf(size))).toBe(Number(size))
  })

  it('refuses sizes of more than 12 decimals', () => {
    const finer = new FinerSize('0.0000000000001', { file: 'f', line: 3, field: 'q' })
    expect(() => withFinerLots(PERPETUAL, finer)).toThrow(/^OFF_GRID: f line 3 field q: size/)
  })
})

describe('ClockMeter', () => {
  it('offers the offset that makes the smallest latency 0.5 ms', () => {
    const meter = new ClockMeter()
    expect(meter.offsetNs).toBe(0)
    meter.note(100, 50)
    meter.note(2_000_000, 1_000_000)
    expect(meter.offsetNs).toBe(499_950)
    expect([meter.fixNs, meter.warning(false)]).toEqual([0, undefined])
    expect(meter.warning(true)).toContain('smallest latency 0.000 ms')
    meter.note(0, 1_000_000)
    expect(meter.offsetNs).toBe(1_500_000)
    expect(meter.fixNs).toBe(1_500_000)
    expect(meter.warning(false)).toContain('up to 1.000 ms before the venue sent them')
    expect(meter.warning(true)).toBeUndefined()
  })
})
