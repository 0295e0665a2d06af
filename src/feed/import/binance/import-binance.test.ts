import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  CAPTURE_START_NS,
  PERPETUAL,
  SPOT,
  TestFolder,
  depthLine,
  exists,
  failureOf,
  loadRows,
  plainRows,
  snapshotLine,
  tickerLine,
  tradeLine,
} from '../../../../test/import-support.ts'
import { EventKind, codeSide, KIND_MASK, type Instrument } from '../../../market/index.ts'
import { importCapture } from '../import-capture.ts'
import type { ImportCaptureOptions } from '../import-options.ts'
import type { ImportResult } from '../import-result.ts'

const folder = new TestFolder()

interface Imported {
  readonly result: ImportResult
  readonly store: string
}

async function importLines(
  lines: readonly string[],
  options: Partial<ImportCaptureOptions> & { instrument?: Instrument } = {},
): Promise<Imported> {
  const store = folder.newStore()
  const file = folder.write('capture', `${lines.join('\n')}\n`)
  const result = await importCapture({
    format: 'binance',
    files: [file],
    instrument: PERPETUAL,
    store,
    ...options,
  })
  return { result, store }
}

/** Asserts that the lines are refused with a message, and that nothing is left behind. */
async function expectRefused(
  lines: readonly string[],
  message: RegExp,
  options: Partial<ImportCaptureOptions> = {},
): Promise<void> {
  const store = folder.newStore()
  const file = folder.write('capture', `${lines.join('\n')}\n`)
  const error = await failureOf(
    importCapture({ format: 'binance', files: [file], instrument: PERPETUAL, store, ...options }),
  )
  expect(error.message).toMatch(message)
  expect(error.message).not.toContain('\n')
  expect(exists(store)).toBe(false)
}

const rowText = (store: string): string[] =>
  plainRows(loadRows(store, 'BTCUSDT')).map(({ local, exch, code, tick, lots, seq }) => {
    const kind = Object.entries(EventKind).find(([, value]) => value === (code & KIND_MASK))![0]
    const ms = (ns: number): number => (ns - 86_040e9) / 1e6
    return `${ms(local)} ${ms(exch)} ${kind} ${codeSide(code)} ${tick}x${lots} ${seq}`
  })

const SNAPSHOT = snapshotLine(20, 100, [['99.0', '1.000']], [['101.0', '2.000']])
const LIVE = [SNAPSHOT, depthLine(30, { U: 99, u: 105, pu: 98 }, [['99.5', '0.500']])]

describe('an import of a capture', () => {
  it('writes snapshot, waiting updates and later ones in the documented order and times', async () => {
    const { store, result } = await importLines([
      depthLine(5, { U: 80, u: 90, pu: 79 }, [['98.0', '9.000']]),
      tradeLine(6, 1, '100.0', '0.010'),
      depthLine(10, { U: 91, u: 103, pu: 90 }, [['99.1', '3.000']], [['101.0', '0.000']]),
      SNAPSHOT,
      tradeLine(21, 2, '99.1', '0.020', { m: true, T: Number(CAPTURE_START_NS / 1_000_000n) + 12 }),
      depthLine(25, { U: 104, u: 110, pu: 103 }, [], [['100.9', '4.000']]),
    ])
    // local ms, venue ms, kind, side, tick x lots, id: times before the snapshot's are raised to it.
    expect(rowText(store)).toEqual([
      '6 1 Trade 1 1000x10 1',
      '20 15 SnapshotBegin 0 0x0 100',
      '20 15 SnapshotLevel 1 990x1000 100',
      '20 15 SnapshotLevel -1 1010x2000 100',
      '20 15 SnapshotEnd 0 0x0 100',
      '20 15 DepthSet 1 991x3000 103',
      '20 15 DepthSet -1 1010x0 103',
      '21 15 Trade -1 991x20 2',
      '25 20 DepthSet -1 1009x4000 110',
    ])
    expect(result).toMatchObject({
      format: 'binance',
      venue: 'binance-usdm',
      messages: 6,
      events: 9,
      gaps: 0,
      crossed: 0,
      clockOffsetNs: -4_500_000,
      final: { bestBid: [99.1, 3], bestAsk: [100.9, 4], bidLevels: 2, askLevels: 1 },
      trades: { count: 2, volume: 0.03, buyVolume: 0.01 },
      fromNs: CAPTURE_START_NS + 5_000_000n,
      toNs: CAPTURE_START_NS + 25_000_000n,
    })
  })

  it('marks a gap, ignores updates until the next snapshot and goes on from there', async () => {
    const { store, result } = await importLines([
      ...LIVE,
      depthLine(40, { U: 120, u: 125, pu: 118 }, [['99.9', '7.000']]),
      depthLine(50, { U: 126, u: 130, pu: 125 }, [['99.8', '7.000']]),
      snapshotLine(60, 128, [['98.0', '1.000']], [['102.0', '1.000']]),
      depthLine(70, { U: 131, u: 135, pu: 130 }, [['98.1', '1.000']]),
    ])
    expect(result.gaps).toBe(1)
    expect(result.warnings.join('\n')).toMatch(
      /capture line 3: depth update 120 does not follow 105 \(pu=118\); the book is stale from here/,
    )
    expect(result.final).toMatchObject({ bestBid: [99.8, 7], bidLevels: 3, askLevels: 1 })
    const kinds = rowText(store).map((row) => row.split(' ').slice(0, 3).join(' '))
    expect(kinds.slice(5)).toEqual([
      '40 35 Gap',
      '60 55 SnapshotBegin',
      '60 55 SnapshotLevel',
      '60 55 SnapshotLevel',
      '60 55 SnapshotEnd',
      '60 55 DepthSet',
      '70 65 DepthSet',
    ])
  })

  it('joins a snapshot that came while the book was live once the chain breaks behind it', async () => {
    const { result } = await importLines([
      ...LIVE,
      snapshotLine(40, 200, [['97.0', '1.000']], [['103.0', '1.000']]),
      depthLine(50, { U: 201, u: 205, pu: 200 }, [['97.1', '1.000']]),
    ])
    expect(result.gaps).toBe(1)
    expect(result.final).toMatchObject({ bestBid: [97.1, 1], bidLevels: 2 })
  })

  it('keeps a live book over snapshots that it does not need, and leaves out those too old', async () => {
    const { result } = await importLines([
      depthLine(5, { U: 50, u: 60, pu: 49 }, [['98.0', '9.000']]),
      snapshotLine(6, 10, [['90.0', '1.000']], [['110.0', '1.000']]),
      ...LIVE,
      snapshotLine(40, 101, [['97.0', '1.000']], [['103.0', '1.000']]),
      depthLine(50, { U: 106, u: 110, pu: 105 }, [['99.6', '1.000']]),
    ])
    expect(result.gaps).toBe(0)
    expect(result.final).toMatchObject({ bestBid: [99.6, 1], bidLevels: 3, bestAsk: [101, 2] })
    expect(result.warnings).toContain('1 snapshots were too old to be joined and were left out')
  })

  it('counts updates after which the book is crossed', async () => {
    const { result } = await importLines([
      ...LIVE,
      depthLine(40, { U: 106, u: 110, pu: 105 }, [['101.5', '1.000']]),
      depthLine(50, { U: 111, u: 112, pu: 110 }, [['101.5', '0.000']]),
    ])
    expect(result.crossed).toBe(1)
  })

  it('leaves out prints that are not of the market, repeats and other channels, and says so', async () => {
    const { result } = await importLines([
      ...LIVE,
      tradeLine(31, 7, '100.0', '1.000'),
      tradeLine(32, 7, '100.0', '1.000'),
      tradeLine(33, 8, '0.0', '0.000', { X: 'NA' }),
      tradeLine(34, 11, '100.0', '2.000'),
      `${CAPTURE_START_NS + 35_000_000n} {"stream":"btcusdt@markPrice","data":{"e":"markPriceUpdate","s":"BTCUSDT"}}`,
      `${CAPTURE_START_NS + 35_000_000n} {"result":null,"id":1}`,
      depthLine(36, { U: 1, u: 2, pu: 0 }).replace('@depth@0ms', '@depth5@0ms'),
      '',
    ])
    expect(result.trades).toMatchObject({ count: 2, volume: 3 })
    expect(result.gaps).toBe(0)
    expect(result.warnings).toEqual([
      '1 trades that no order book made (X is not MARKET) were left out',
      '1 repeated trades were left out',
      '2 trade ids are missing',
      'messages of other kinds were left out: 1 of markPriceUpdate, 1 of other, 1 of btcusdt@depth5@0ms',
    ])
  })

  it('compares tickers with the book after the update of the same id, whichever comes first', async () => {
    const { result } = await importLines(
      [
        SNAPSHOT,
        tickerLine(28, 105, ['99.5', '0.500'], ['101.0', '2.000']),
        depthLine(30, { U: 99, u: 105, pu: 98 }, [['99.5', '0.500']]),
        depthLine(40, { U: 106, u: 110, pu: 105 }, [['99.6', '0.500']]),
        tickerLine(41, 110, ['99.6', '0.400'], ['101.0', '2.000']),
        tickerLine(42, 111, ['99.6', '0.500'], ['101.0', '2.000']),
      ],
      { verify: true },
    )
    expect(result.verify).toEqual({ compared: 2, equal: 1 })
  })

  it('takes streams that give venue times in microseconds', async () => {
    const micro = (text: string): string => text.replaceAll(/"([ET])":(\d{13})/g, '"$1":$2000')
    const { result, store } = await importLines(LIVE.map(micro))
    expect(result.clockOffsetNs).toBe(-4_500_000)
    expect(rowText(store)[0]).toBe('20 15 SnapshotBegin 0 0x0 100')
  })

  it('opens the partition of a new day with the book as it stands', async () => {
    const dayMs = 360_000 // the capture starts six minutes before midnight
    const { store } = await importLines([
      ...LIVE,
      depthLine(dayMs + 10, { U: 106, u: 110, pu: 105 }, [['99.6', '1.000']]),
    ])
    expect(rowText(store).slice(5)).toEqual([
      `${dayMs + 10} 25 SnapshotBegin 0 0x0 105`,
      `${dayMs + 10} 25 SnapshotLevel 1 995x500 105`,
      `${dayMs + 10} 25 SnapshotLevel 1 990x1000 105`,
      `${dayMs + 10} 25 SnapshotLevel -1 1010x2000 105`,
      `${dayMs + 10} 25 SnapshotEnd 0 0x0 105`,
      `${dayMs + 10} ${dayMs + 5} DepthSet 1 996x1000 110`,
    ])
  })

  it('begins again on a finer size grid when sizes finer than the lot occur', async () => {
    const spot = (text: string): string =>
      text.replaceAll(/,"pu":\d+/g, '').replaceAll('.0"', '.00"')
    const { store, result } = await importLines(
      [
        spot(SNAPSHOT),
        spot(depthLine(30, { U: 101, u: 105 }, [['99.5', '0.500']])),
        spot(depthLine(40, { U: 106, u: 107 }, [['99.4', '25.42618900']])),
        spot(depthLine(50, { U: 108, u: 109 }, [['99.3', '0.0000002']])),
      ],
      { instrument: SPOT },
    )
    expect(result.final?.bidSize).toBe(26.926_189_2)
    expect(result.warnings[0]).toMatch(
      /^sizes finer than the lot 0.00001 occur, such as 0.0000002 at .*capture line 4: sizes are kept in steps of 0.0000001, orders keep the lot$/,
    )
    expect(rowText(store)[1]).toContain('9900x10000000')
  })

  it('reads several files as one stream and reports its progress', async () => {
    const first = folder.write('first.gz', gzipSync(`${LIVE.join('\n')}\n`))
    const second = folder.write('second', depthLine(40, { U: 106, u: 110, pu: 105 }))
    const seen: number[] = []
    const result = await importCapture({
      format: 'binance',
      files: [first, second],
      instrument: PERPETUAL,
      store: folder.newStore(),
      onProgress: ({ bytesRead, bytesTotal, messages }) => {
        expect(bytesRead).toBeLessThanOrEqual(bytesTotal)
        seen.push(messages)
      },
    })
    expect(result).toMatchObject({ messages: 3, gaps: 0 })
    expect(seen.at(-1)).toBe(3)
  })
})

describe('a clock behind the venue', () => {
  const behind = (text: string): string =>
    text.replace(/^\d+/, (time) => String(BigInt(time) - 1_300_000_000n))
  const lines = [...LIVE, depthLine(40, { U: 106, u: 110, pu: 105 }, [['99.6', '1.000']])].map(
    behind,
  )

  it('is reported, with the offset that would mend it', async () => {
    const { result } = await importLines(lines)
    expect(result.clockOffsetNs).toBe(1_295_500_000)
    expect(result.warnings).toEqual([
      "messages seem to arrive up to 1295.000 ms before the venue sent them, so the clock of the capture is behind the venue's; import with --fix-clock to add 1295500000 ns to local times (smallest latency then 0.5 ms)",
    ])
  })

  it('is mended on request: the smallest latency is 0.5 ms and the order stays', async () => {
    const [{ store }, fixed] = [
      await importLines(lines),
      await importLines(lines, { fixClock: true }),
    ]
    expect(fixed.result).toMatchObject({
      clockFixed: true,
      clockOffsetNs: 1_295_500_000,
      warnings: [],
    })
    const before = plainRows(loadRows(store, 'BTCUSDT'))
    const after = plainRows(loadRows(fixed.store, 'BTCUSDT'))
    expect(after).toEqual(before.map((row) => ({ ...row, local: row.local + 1_295_500_000 })))
    expect(Math.min(...after.slice(4).map(({ local, exch }) => local - exch))).toBe(500_000)
    expect(fixed.result.fromNs).toBe(CAPTURE_START_NS + 15_500_000n)
  })
})

describe('a bad capture is refused in one sentence and leaves nothing behind:', () => {
  const at = (i: number, text: string): string[] => LIVE.toSpliced(i, 0, text)

  it.each([
    [
      'broken JSON',
      at(1, `${CAPTURE_START_NS + 25_000_000n} {"stream":"btcusdt@depth","data":{`),
      /^BAD_JSON: .*capture line 2: the message is no valid JSON.*: "\{\\"stream/,
    ],
    [
      'a price off the grid',
      at(2, depthLine(40, { U: 106, u: 110, pu: 105 }, [['99.55', '1.000']])),
      /^OFF_GRID: .*capture line 3 field b\[0\] price: price .*99.55 .*is not a multiple of 0.10; nearest 99.5 and 99.6$/,
    ],
    [
      'a size that is NaN',
      at(2, depthLine(40, { U: 106, u: 110, pu: 105 }, [], [['101.5', 'NaN']])),
      /^BAD_DECIMAL: .*capture line 3 field a\[0\] size: "NaN" is not a plain decimal number$/,
    ],
    [
      'a bare NaN',
      at(2, depthLine(40, { U: 106, u: 110, pu: 105 }, [['99', 'x']]).replace('"x"', 'NaN')),
      /^BAD_JSON: .*capture line 3/,
    ],
    [
      'a negative size',
      at(2, depthLine(40, { U: 106, u: 110, pu: 105 }, [['99.5', '-1.000']])),
      /^NEGATIVE: .*capture line 3 field b\[0\] size: size -1.000 of BTCUSDT is negative$/,
    ],
    [
      'a negative price',
      at(2, tradeLine(40, 1, '-99.5', '1.000')),
      /^NEGATIVE: .*capture line 3 field p: price -99.5 of BTCUSDT is negative$/,
    ],
    [
      'a trade of size 0',
      at(2, tradeLine(40, 1, '99.5', '0.000')),
      /^BAD_FIELD: .*capture line 3 field q: expected a size above 0, was "0.000"$/,
    ],
    [
      'a level that is no pair',
      at(2, depthLine(40, { U: 106, u: 110, pu: 105 }, [['99.5'] as unknown as [string, string]])),
      /^BAD_FIELD: .*capture line 3 field b\[0\]: expected \[price, size\], was an array$/,
    ],
    [
      'a missing id',
      at(2, depthLine(40, { U: 106, u: 110, pu: 105 }).replace('"u":110,', '')),
      /^BAD_FIELD: .*capture line 3 field u: expected a whole number from 0 to 2\^53 - 1, was absent$/,
    ],
    [
      'an id beyond 2^53',
      at(2, depthLine(40, { U: 106, u: 110, pu: 105 }).replace('"u":110', '"u":9007199254740993')),
      /^BAD_FIELD: .*field u: expected a whole number from 0 to 2\^53 - 1, was 9007199254740992$/,
    ],
    [
      'receive time going back',
      at(2, depthLine(10, { U: 106, u: 110, pu: 105 })),
      /^TIME_BACKWARDS: .*capture line 3 field receive time: receive time goes back from 1723161240030000000 to 1723161240010000000$/,
    ],
    [
      'a receive time in seconds',
      [`1723161240 ${SNAPSHOT.split(' ')[1]}`],
      /^BAD_FIELD: .*capture line 1 field receive time: a line begins with its receive time in Unix nanoseconds \(19 digits\), microseconds \(16\) or milliseconds \(13\) and a blank, was "1723161240"$/,
    ],
    [
      'receive times in several units',
      [...LIVE, `1723161240040 ${LIVE[1]!.split(' ')[1]}`],
      /^BAD_FIELD: .*capture line 3 field receive time: a line begins with its receive time in 19 digits, as before, and a blank, was "1723161240040"$/,
    ],
    [
      'no receive time',
      at(0, '{"e":"depthUpdate"}\u001b[31m'),
      /^BAD_FIELD: .*was "\{\\"e\\":\\"depthUpdate\\"\}\\u001b\[31m"$/,
    ],
    [
      'another symbol',
      at(2, depthLine(40, { U: 106, u: 110, pu: 105 }).replace('"s":"BTCUSDT"', '"s":"ETHUSDT"')),
      /^BAD_FIELD: .*capture line 3 field s: the message is of "ETHUSDT", the capture is read for BTCUSDT; a capture to import holds one symbol$/,
    ],
    [
      'an unsorted snapshot',
      [
        snapshotLine(
          20,
          100,
          [
            ['99.0', '1.000'],
            ['99.5', '1.000'],
          ],
          [],
        ),
      ],
      /^BAD_FIELD: .*capture line 1 field bids\[1\]: the snapshot levels do not go away from the best price$/,
    ],
    [
      'a crossed snapshot',
      [snapshotLine(20, 100, [['99.0', '1.000']], [['99.0', '1.000']])],
      /^BAD_FIELD: .*capture line 1 field bids\[0\]: the snapshot is crossed/,
    ],
    [
      'a snapshot level of size 0',
      [snapshotLine(20, 100, [], [['99.0', '0.000']])],
      /^BAD_FIELD: .*field asks\[0\]: a snapshot level has size 0$/,
    ],
    [
      'no snapshot',
      [LIVE[1]!, tradeLine(40, 1, '99.5', '1.000')],
      /^ABSENT_SNAPSHOT: no depth snapshot in .*capture, so no book can be built; a later file of a longer capture has none, give the file before it first$/,
    ],
    [
      'snapshots that nothing joins',
      [LIVE[1]!, snapshotLine(40, 10, [['9.0', '1.000']], [])],
      /^ABSENT_SNAPSHOT: none of the 1 depth snapshots in .*capture is joined/,
    ],
    ['nothing but blank lines', ['', ''], /^TOO_FEW_ROWS: .*capture: there is no message$/],
    [
      'a venue time that is none',
      at(2, tradeLine(40, 1, '99.5', '1.000', { T: 1723161240 })),
      /^BAD_FIELD: .*capture line 3 field T: expected Unix milliseconds or microseconds between 2009 and 2100, was 1723161240$/,
    ],
  ] as const)('%s', async (_, lines, message) => {
    await expectRefused(lines, message)
  })

  it('updates of another market than the instrument is of', async () => {
    await expectRefused(
      LIVE,
      /line 2 field pu: a depth update of a futures market, but .* kind spot$/,
      {
        instrument: SPOT,
      },
    )
    await expectRefused(
      [SNAPSHOT, depthLine(30, { U: 101, u: 105 })],
      /line 2 field pu: a depth update of a spot market, but .* kind linear-perpetual$/,
    )
  })

  it('truncated gzip, after rows have gone into the store already', async () => {
    const many = Array.from({ length: 20_000 }, (_, i) =>
      depthLine(40 + i, { U: 106 + i, u: 106 + i, pu: 105 + i }, [['99.5', `${i % 7}.${i % 10}`]]),
    )
    const bytes = gzipSync(`${[...LIVE, ...many].join('\n')}\n`)
    const file = folder.write('cut.gz', bytes.subarray(0, bytes.length - 2000))
    const store = folder.newStore()
    const error = await failureOf(
      importCapture({ format: 'binance', files: [file], instrument: PERPETUAL, store }),
    )
    expect(error.message).toMatch(
      /^TRUNCATED_FILE: .*cut\.gz line \d{5}: the gzip data end in the middle; line \d{5} is the last good one$/,
    )
    expect(exists(store)).toBe(false)
  })

  it('a plain file cut in its last line', async () => {
    const file = folder.write('cut', `${LIVE.join('\n')}\n${LIVE[1]!.slice(0, 70)}`)
    const error = await failureOf(
      importCapture({
        format: 'binance',
        files: [file],
        instrument: PERPETUAL,
        store: folder.newStore(),
      }),
    )
    expect(error.message).toMatch(
      /^TRUNCATED_FILE: .*cut line 3: the last line is cut off; line 2 is the last good one$/,
    )
  })

  it('a second import that fails, which leaves the first as it was', async () => {
    const { store } = await importLines(LIVE)
    const before = plainRows(loadRows(store, 'BTCUSDT'))
    const bad = folder.write('bad', `${LIVE.join('\n')}\nx\n`)
    await failureOf(
      importCapture({ format: 'binance', files: [bad], instrument: PERPETUAL, store }),
    )
    expect(plainRows(loadRows(store, 'BTCUSDT'))).toEqual(before)
  })
})
