import { describe, expect, it } from 'vitest'
import {
  PERPETUAL,
  TestFolder,
  depthLine,
  failureOf,
  loadRows,
  plainRows,
  snapshotLine,
  tickerLine,
  tradeLine,
} from '../../../../test/import-support.ts'
import type { DataError } from '../../../core/index.ts'
import { Instrument } from '../../../market/index.ts'
import { openStore } from '../../../store/index.ts'
import { importCapture } from '../import-capture.ts'
import type { ImportCaptureOptions } from '../import-options.ts'
import type { ImportResult } from '../import-result.ts'
import { BINANCE } from './format.ts'

const folder = new TestFolder()

const LINES = [
  snapshotLine(20, 100, [['99.0', '1.000']], [['101.0', '2.000']]),
  depthLine(30, { U: 99, u: 105, pu: 98 }, [['99.5', '0.500']]),
  tickerLine(31, 105, ['99.5', '0.500'], ['101.0', '2.000']),
  tradeLine(40, 1, '99.5', '0.125'),
]

async function imported(
  lines: readonly string[],
  options: Partial<ImportCaptureOptions> = {},
): Promise<ImportResult & { store: string; instrument: Instrument }> {
  const store = folder.newStore()
  const files = [folder.write('capture', `${lines.join('\n')}\n`)]
  const result = await importCapture({ format: 'binance', files, store, ...options })
  const instrument = new Instrument(openStore(store).partitions()[0]!.instrument)
  return { ...result, store, instrument }
}

describe('a capture without an instrument', () => {
  it('is on the grids that its prices and sizes keep, of the market that its updates tell', async () => {
    const { instrument, warnings, final, verify } = await imported(LINES, { verify: true })
    expect(instrument.spec).toMatchObject({
      venue: 'binance-usdm',
      symbol: 'BTCUSDT',
      kind: 'linear-perpetual',
      base: 'BTC',
      quote: 'USDT',
      tickSize: '0.5',
      lotSize: '0.125',
    })
    expect(final).toMatchObject({ bestBid: [99.5, 0.5], bestAsk: [101, 2] })
    expect(verify).toEqual({ compared: 1, equal: 1 })
    expect(warnings).toEqual([
      "BTCUSDT: tick size 0.5 and lot size 0.125 are the greatest common divisors of the prices and sizes seen; give the venue's own with --instrument",
      'taken for a capture of BTCUSDT of Binance USD-M futures (its depth updates carry pu): kind linear-perpetual, BTC against USDT, multiplier 1',
    ])
  })

  it('is of spot without pu, of COIN-M with ps, and of what the options say', async () => {
    const spot = LINES.map((line) => line.replace(',"pu":98', ''))
    expect((await imported(spot)).instrument).toMatchObject({ venue: 'binance-spot', kind: 'spot' })
    const coinm = LINES.map((line) =>
      line.replaceAll('"s":"BTCUSDT"', '"s":"BTCUSD_240927","ps":"BTCUSD"'),
    )
    expect((await imported(coinm)).instrument).toMatchObject({
      venue: 'binance-coinm',
      symbol: 'BTCUSD_240927',
      kind: 'inverse-future',
      multiplier: 100,
    })
    const named = { venue: 'mine', symbols: ['XBT'], kind: 'linear-future' }
    expect((await imported(LINES, named)).instrument).toMatchObject({
      venue: 'mine',
      symbol: 'XBT',
      kind: 'linear-future',
    })
  })

  it('is refused where nothing tells what it is, with the fault of its lines where they have one', async () => {
    const refused = async (lines: readonly string[]): Promise<string> =>
      (await failureOf(imported(lines))).message
    expect(await refused([LINES[0]!])).toMatch(/^TOO_FEW_ROWS: no message in .* names a symbol, so/)
    expect(await refused([LINES[3]!])).toMatch(/^TOO_FEW_ROWS: .* is a depth update or a book tick/)
    expect(await refused(['x,y,z'])).toMatch(/^BAD_FIELD: .*capture line 1 field receive time: /)
    expect(await refused([LINES[1]!.slice(0, 60)])).toMatch(/^TOO_FEW_ROWS: /)
  })

  it('tells of bad lines once, when they are imported', async () => {
    const message = (await failureOf(imported([...LINES, 'nonsense']))).message
    expect(message).toMatch(/^BAD_FIELD: .*capture line 5 field receive time: /)
    const file = folder.write('bad', [LINES[0], 'nonsense', ...LINES.slice(1), ''].join('\n'))
    const prepared = await BINANCE.prepare({ format: 'binance', files: [file], store: '' })
    const errors: string[] = []
    const outcome = await prepared.run(
      {
        files: [file],
        verify: false,
        fixClock: false,
        refuse: (error: DataError) => void errors.push(`${error.line} ${error.code}`),
      },
      [{ instrument: prepared.instruments[0]!, append: () => undefined }],
    )
    expect(errors).toEqual(['2 BAD_FIELD'])
    expect(outcome).toMatchObject({ messages: 4, gaps: 0, final: { bestBid: [99.5, 0.5] } })
  })
})

describe('receive times', () => {
  it.each([
    ['microseconds', 16],
    ['milliseconds', 13],
  ])('in %s are told by their digits', async (_name, digits) => {
    const short = LINES.map((line) => line.slice(0, digits) + line.slice(19))
    const [ours, ns] = [await imported(short), await imported(LINES)]
    expect(plainRows(loadRows(ours.store, 'BTCUSDT'))).toEqual(
      plainRows(loadRows(ns.store, 'BTCUSDT')),
    )
    expect([ours.fromNs, ours.toNs]).toEqual([ns.fromNs, ns.toNs])
    expect(BINANCE.detects(Buffer.from(short[0]!), 'x')).toBe(true)
  })
})

describe('a name given with an instrument', () => {
  it('is the name in the store, not the spelling of the messages', async () => {
    const { instrument, symbol } = await imported(LINES, {
      instrument: PERPETUAL,
      symbols: ['MINE'],
    })
    expect([instrument.symbol, symbol]).toEqual(['MINE', 'MINE'])
  })
})

describe('updates are counted under one heading each', () => {
  const update = (u: number, pu: number): string =>
    depthLine(u, { U: u, u, pu }, [[`${90 + (u % 7)}.0`, '1.000']])
  const counts = ({ gaps, duplicates, reordered }: ImportResult): number[] => [
    gaps,
    duplicates,
    reordered,
  ]

  it('a late one that fills a hole, and ones that are repeated', async () => {
    const lines = [
      snapshotLine(100, 100, [['80.0', '1.000']], [['101.0', '2.000']]),
      update(101, 100),
      update(102, 101),
      update(102, 101),
      // 103 is late, 102 comes a third time: both behind the hole.
      update(104, 103),
      update(105, 104),
      update(103, 102).replace(/^\d{13}/, '1723161240106'),
      update(102, 101).replace(/^\d{13}/, '1723161240107'),
      snapshotLine(110, 104, [['80.0', '1.000']], [['101.0', '2.000']]),
      update(111, 105),
    ]
    const late = lines.map((line, i) => line.replace(/^\d{13}/, String(1723161240100 + i)))
    expect(counts(await imported(late, { instrument: PERPETUAL }))).toEqual([1, 2, 1])
  })

  it('ones that a snapshot holds, also behind a snapshot that was too old', async () => {
    const lines = [
      update(101, 100),
      update(102, 101),
      update(103, 102),
      snapshotLine(104, 90, [['80.0', '1.000']], [['101.0', '2.000']]),
      snapshotLine(105, 102, [['80.0', '1.000']], [['101.0', '2.000']]),
      update(106, 103),
    ]
    expect(counts(await imported(lines, { instrument: PERPETUAL }))).toEqual([0, 0, 0])
  })
})
