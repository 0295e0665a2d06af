import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  PERPETUAL,
  TestFolder,
  exists,
  failureOf,
  loadRows,
  plainRows,
} from '../../../../test/import-support.ts'
import {
  DESCR,
  START_NS,
  npy,
  npyHeader,
  npz,
  zip,
  zip64,
  type Row,
} from '../../../../test/hftbacktest-arrays.ts'
import { describeWithData, sharedPath } from '../../../../test/shared-data.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  codeSide,
} from '../../../market/index.ts'
import { importCapture } from '../import-capture.ts'
import type { ImportResult } from '../import-result.ts'
import { RecordKind } from './event-record.ts'

const folder = new TestFolder()
async function importBytes(
  bytes: Uint8Array,
  options: { readonly store?: string; readonly fixClock?: boolean } = {},
): Promise<{ readonly result: ImportResult; readonly store: string }> {
  const { store = folder.newStore(), fixClock } = options
  const result = await importCapture({
    format: 'hftbacktest',
    files: [folder.write('array.npz', bytes)],
    instrument: PERPETUAL,
    store,
    fixClock,
  })
  return { result, store }
}

const rowText = (store: string): string[] =>
  plainRows(loadRows(store, 'BTCUSDT')).map(({ local, exch, code, tick, lots }) => {
    const kind = Object.entries(EventKind).find(([, value]) => value === (code & KIND_MASK))![0]
    const seen = (code & EXCH_ONLY_BIT) !== 0 ? ' x' : (code & LOCAL_ONLY_BIT) !== 0 ? ' l' : ''
    const ms = (ns: number): number => (ns - 86_040e9) / 1e6
    return `${ms(local)} ${ms(exch)} ${kind} ${codeSide(code)} ${tick}x${lots}${seen}`
  })

const row = (seen: Row['seen'], kind: number, more: Partial<Row> = {}): Row => ({
  seen,
  kind,
  side: 1,
  exch: 10,
  local: 15,
  px: 100,
  qty: 1,
  ...more,
})

const { Depth, Trade, DepthClear, DepthSnapshot, DepthBbo } = RecordKind

describe('an hftbacktest array', () => {
  it('becomes rows that just those sides see which its flags name', async () => {
    const { store, result } = await importBytes(
      npz([
        row('b', DepthSnapshot),
        row('b', DepthSnapshot, { side: -1, px: 101, qty: 2 }),
        row('x', Depth, { exch: 11, local: 16, px: 100.1 }),
        row('l', Depth, { exch: 9, local: 17, px: 100.2 }),
        row('b', Trade, { exch: 12, local: 18, side: -1, px: 100.1, qty: 0.5 }),
        row('', Trade, { exch: 13, local: 19 }),
      ]),
    )
    expect(rowText(store)).toEqual([
      '15 10 SnapshotBegin 0 0x0',
      '15 10 SnapshotLevel 1 1000x1000',
      '15 10 SnapshotLevel -1 1010x2000',
      '15 10 SnapshotEnd 0 0x0',
      '16 11 DepthSet 1 1001x1000 x',
      '17 9 DepthSet 1 1002x1000 l',
      '18 12 Trade -1 1001x500',
    ])
    expect(result).toMatchObject({
      messages: 6,
      events: 7,
      final: { bestBid: [100.2, 1], bestAsk: [101, 2], bidLevels: 2 },
      trades: { count: 1, volume: 0.5, buyVolume: 0 },
      fromNs: START_NS + 15_000_000n,
      toNs: START_NS + 18_000_000n,
      clockOffsetNs: -5_500_000,
      warnings: ['1 rows that neither side sees were left out'],
    })
  })

  it('joins rows that it holds once for each side', async () => {
    const { store } = await importBytes(
      npz([
        row('x', DepthSnapshot),
        row('x', DepthSnapshot, { side: -1, px: 101 }),
        row('l', DepthSnapshot),
        row('l', DepthSnapshot, { side: -1, px: 101 }),
        row('x', Trade, { exch: 20, local: 30, px: 101 }),
        row('x', Trade, { exch: 21, local: 25, px: 101, qty: 2 }),
        row('l', Trade, { exch: 21, local: 25, px: 101, qty: 2 }),
        row('l', Trade, { exch: 20, local: 30, px: 101 }),
      ]),
    )
    expect(rowText(store).slice(4)).toEqual(['25 21 Trade 1 1010x2000', '30 20 Trade 1 1010x1000'])
  })

  it('without a snapshot begins with an empty book and says so', async () => {
    const { store, result } = await importBytes(npz([row('b', Trade), row('b', Depth)]))
    expect(rowText(store)).toEqual([
      '15 10 Trade 1 1000x1000',
      '15 10 SnapshotBegin 0 0x0',
      '15 10 SnapshotEnd 0 0x0',
      '15 10 DepthSet 1 1000x1000',
    ])
    expect(result.warnings[0]).toContain('there is no snapshot')
  })

  it('clears a side to a price, or all of it, and sets the levels of a later snapshot', async () => {
    const { store, result } = await importBytes(
      npz([
        row('b', DepthSnapshot),
        row('b', DepthSnapshot, { px: 99 }),
        row('b', DepthSnapshot, { px: 98 }),
        row('b', DepthSnapshot, { px: 101, side: -1 }),
        row('b', DepthClear, { local: 20, px: 99, qty: 0 }),
        row('b', DepthClear, { local: 20, px: 105, side: -1, qty: 0 }),
        row('b', DepthSnapshot, { local: 20, px: 99.5 }),
        row('b', DepthClear, { local: 30, px: Number.NaN, side: 0, qty: 0 }),
        row('b', DepthSnapshot, { local: 30, px: 97 }),
      ]),
    )
    expect(rowText(store).slice(6)).toEqual([
      '20 10 DepthSet 1 1000x0',
      '20 10 DepthSet 1 990x0',
      '20 10 DepthClear -1 0x0',
      '20 10 DepthSet 1 995x1000',
      '30 10 SnapshotBegin 0 0x0',
      '30 10 SnapshotLevel 1 970x1000',
      '30 10 SnapshotEnd 0 0x0',
    ])
    expect(result.final).toMatchObject({ bestBid: [97, 1], bestAsk: null, bidLevels: 1 })
  })

  it('keeps best prices in a partition of their own', async () => {
    const { store } = await importBytes(
      npz([
        row('b', DepthSnapshot),
        row('b', DepthBbo, { px: 100.5 }),
        row('x', DepthBbo, { px: 100.6 }),
      ]),
    )
    const bbo = plainRows(loadRows(store, 'BTCUSDT', 'bbo'))
    expect(bbo.map(({ tick, lots }) => [tick, lots])).toEqual([[1005, 1000]])
  })

  it('is read from a stored entry, a bare .npy and several files alike', async () => {
    const rows = [row('b', DepthSnapshot), row('b', Depth, { local: 20, px: 100.5 })]
    const text = rowText((await importBytes(npz(rows))).store)
    const stored = zip([{ name: 'data.npy', content: npy(rows), deflate: false }])
    expect(rowText((await importBytes(stored)).store)).toEqual(text)
    expect(rowText((await importBytes(npy(rows))).store)).toEqual(text)
    const files = rows.map((one, i) => folder.write(`part-${i}.npz`, npz([one])))
    const store = folder.newStore()
    await importCapture({ format: 'hftbacktest', files, instrument: PERPETUAL, store })
    expect(rowText(store)).toEqual(text)
  })

  it('is read from a zip64 file', async () => {
    const rows = [row('b', DepthSnapshot), row('b', Depth, { local: 20, px: 100.5 })]
    const { store } = await importBytes(zip64(npy(rows)))
    expect(rowText(store)).toEqual(rowText((await importBytes(npz(rows))).store))
  })

  it('H28 shifts local times on request where a latency is negative, by 0.5 ms less the smallest', async () => {
    const rows = [row('b', DepthSnapshot), row('b', Depth, { exch: 30, local: 20 })]
    const { result } = await importBytes(npz(rows))
    expect(result.warnings[0]).toContain('import with --fix-clock to add 10500000 ns')
    const { store, result: fixed } = await importBytes(npz(rows), { fixClock: true })
    expect(fixed).toMatchObject({ clockFixed: true, clockOffsetNs: 10_500_000, warnings: [] })
    expect(rowText(store).at(-1)).toBe('30.5 30 DepthSet 1 1000x1000')
  })

  it.each([0, 3])(
    'H28 leaves local times as they are where the smallest latency is %i ms',
    async (ms) => {
      const rows = [
        row('b', DepthSnapshot, { exch: 10 - ms, local: 10 }),
        row('b', Depth, { exch: 20 - ms, local: 20 }),
      ]
      const asIs = await importBytes(npz(rows))
      expect(asIs.result.warnings).toEqual([])
      const fixed = await importBytes(npz(rows), { fixClock: true })
      expect(rowText(fixed.store)).toEqual(rowText(asIs.store))
      expect(fixed.result).toMatchObject({ clockFixed: false, clockOffsetNs: 500_000 - ms * 1e6 })
      expect(fixed.result.warnings).toEqual([
        `no message arrives before the venue sent it (smallest latency ${ms}.000 ms), so nothing shows the clock to be wrong and --fix-clock changes nothing`,
      ])
    },
  )

  it('counts the local times after which the book is crossed', async () => {
    const { result } = await importBytes(
      npz([
        row('b', DepthSnapshot),
        row('b', Depth, { local: 20, px: 99, side: -1 }),
        row('b', Depth, { local: 20, px: 99, side: -1, qty: 0 }),
        row('b', Depth, { local: 30, px: 99, side: -1 }),
      ]),
    )
    expect(result.crossed).toBe(1)
  })

  it('begins again on a finer size grid when sizes finer than the lot occur', async () => {
    const { result } = await importBytes(
      npz([row('b', DepthSnapshot), row('b', Depth, { qty: 0.00125 })]),
    )
    expect(result.final?.bestBid).toEqual([100, 0.00125])
    expect(result.warnings[0]).toMatch(/such as 0.00125 at .*array.npz row 2: .* steps of 0.00001/)
  })
})

describe('a bad array is refused in one sentence and leaves nothing behind:', () => {
  const good = [row('b', DepthSnapshot), row('b', Depth, { local: 20 })]
  const withRow = (more: Partial<Row>): Buffer => npz([good[0]!, { ...good[1]!, ...more }])
  const whole = npz(good)
  const array = (content: Buffer): Buffer => zip([{ name: 'data.npy', content }])

  it.each([
    [
      'a price that is NaN',
      withRow({ px: Number.NaN }),
      /^NOT_FINITE: .*array\.npz row 2 field px: .*NaN/,
    ],
    ['an infinite size', withRow({ qty: 1 / 0 }), /^NOT_FINITE: .*row 2 field qty: .*Infinity/],
    ['a negative size', withRow({ qty: -1 }), /^NEGATIVE: .*row 2 field qty: .*-1/],
    [
      'a negative price',
      withRow({ px: -1 }),
      /^NEGATIVE: .*row 2 field px: expected a price above 0, was -1$/,
    ],
    [
      'a price off the grid',
      withRow({ px: 100.05 }),
      /^OFF_GRID: .*row 2 field px: .*100\.05.*nearest 100 and 100\.1$/,
    ],
    [
      'local time going back',
      withRow({ local: 1 }),
      /^TIME_BACKWARDS: .*row 2 field local_ts: the rows of the local side go back/,
    ],
    [
      'venue time going back',
      withRow({ exch: 1 }),
      /^TIME_BACKWARDS: .*row 2 field exch_ts: the rows of the exchange side go back/,
    ],
    [
      'an unknown kind',
      withRow({ kind: 99 }),
      /^BAD_FIELD: .*row 2 field ev: the flags are not those/,
    ],
    ['depth without a side', withRow({ side: 0 }), /^BAD_FIELD: .*row 2 field ev/],
    [
      'a cut zip',
      whole.subarray(0, -30),
      /^TRUNCATED_FILE: .*the zip file has no directory at its end$/,
    ],
    ['no rows', npz([]), /^TOO_FEW_ROWS: .*the array has no rows$/],
    [
      'text',
      Buffer.from('hello, world, this is no array'),
      /^CORRUPT_FILE: .*does not begin with \\x93NUMPY$/,
    ],
    [
      'a bare array that is cut',
      npy(good).subarray(0, -1),
      /^TRUNCATED_FILE: .*row 1: the array ends after row 1 of 2$/,
    ],
    [
      'a bare array that goes on',
      Buffer.concat([npy(good), Buffer.alloc(64, 1)]),
      /^(BAD_FIELD|TRUNCATED_FILE|TIME_BACKWARDS)/,
    ],
    [
      'another record',
      array(npy(good, npyHeader(2, DESCR.replace("'px', '<f8'", "'px', '<f4'")))),
      /^BAD_FIELD: .*field descr: expected the records of hftbacktest 2 .* field 4 is px:<f4$/,
    ],
    [
      'big-endian fields',
      array(npy(good, npyHeader(2, DESCR.replaceAll('<', '>')))),
      /^BAD_FIELD: .*field 1 is ev:>u8$/,
    ],
    ['objects', array(npy(good, npyHeader(2, "'|O'"))), /^BAD_FIELD: .*field 1 is \|O$/],
    [
      'a forged number of rows',
      array(npy(good, npyHeader(2 ** 40))),
      /^CORRUPT_FILE: .*field shape: the header says shape \(1099511627776\), which does not fit/,
    ],
    [
      'an array without the name',
      zip([{ name: 'x.txt', content: npy(good) }]),
      /^BAD_FIELD: .*expected an array "data", found x\.txt$/,
    ],
    [
      'two arrays of one name',
      zip([
        { name: 'data.npy', content: npy(good) },
        { name: 'data.npy', content: npy(good) },
      ]),
      /^CORRUPT_FILE: .*two entries have the name "data\.npy"$/,
    ],
    [
      'a forged size',
      zip([{ name: 'data.npy', content: npy(good) }], (entry) =>
        entry.writeUInt32LE(0x7fffffff, 24),
      ),
      /^CORRUPT_FILE: .*cannot hold the 2147483647 bytes/,
    ],
    [
      'a forged offset',
      zip([{ name: 'data.npy', content: npy(good) }], (entry) =>
        entry.writeUInt32LE(1_000_000, 42),
      ),
      /^CORRUPT_FILE: .*does not fit before the directory$/,
    ],
    [
      'a wrong checksum',
      zip([{ name: 'data.npy', content: npy(good) }], (entry) => entry.writeUInt32LE(1, 16)),
      /^CORRUPT_FILE: .*the checksum of "data\.npy" is wrong$/,
    ],
    [
      'an encrypted entry',
      zip([{ name: 'data.npy', content: npy(good) }], (entry) => entry.writeUInt16LE(1, 8)),
      /^CORRUPT_FILE: .*is encrypted$/,
    ],
    [
      'another packing',
      zip([{ name: 'data.npy', content: npy(good) }], (entry) => entry.writeUInt16LE(14, 10)),
      /^CORRUPT_FILE: .*is packed by method 14/,
    ],
  ] as const)('%s', async (_, bytes, message) => {
    const store = folder.newStore()
    const error = await failureOf(importBytes(bytes, { store }))
    expect(error.message).toMatch(message)
    expect(exists(store)).toBe(false)
  })

  it('any array with a few bytes changed ends in an error of ours or in an import', async () => {
    let failures = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        async (edits) => {
          const bytes = Buffer.from(whole)
          for (const [at, value] of edits) bytes[at] = value
          try {
            await importBytes(bytes)
          } catch (error) {
            expect(String((error as { code?: string }).code)).toMatch(/^[A-Z_]+$/)
            failures++
          }
        },
      ),
      { numRuns: 300 },
    )
    expect(failures).toBeGreaterThan(100)
  })
})

describeWithData('the reference array', () => {
  it('joins every row with its twin', async () => {
    const store = folder.newStore()
    const result = await importCapture({
      format: 'hftbacktest',
      files: [sharedPath('acceptance/hftbacktest/usdm_btcusdt_20240808.events.npz')],
      instrument: sharedPath('data/binance/usdm_btcusdt_20240808.instrument.json'),
      store,
    })
    expect(result).toMatchObject({ messages: 933_140, events: 466_572, gaps: 0, crossed: 0 })
    const { code } = loadRows(store, 'BTCUSDT')
    expect(code.every((value) => (value & (EXCH_ONLY_BIT | LOCAL_ONLY_BIT)) === 0)).toBe(true)
  })
})
