import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { npz, type Row } from '../../../test/hftbacktest-arrays.ts'
import {
  CAPTURE_START_NS,
  PERPETUAL,
  TestFolder,
  depthLine,
  failureOf,
  snapshotLine,
  tradeLine,
} from '../../../test/import-support.ts'
import { describeWithData, sharedPath } from '../../../test/shared-data.ts'
import { importCapture } from '../import/import-capture.ts'
import { qualityJson } from './quality-json.ts'
import { verifyFiles } from './verify-files.ts'
import { verifyStore } from './verify-store.ts'

const folder = new TestFolder()

/** A sound futures capture: a snapshot, then an update every 100 ms and a trade every second. */
function soundLines(seconds: number): string[] {
  const lines = [snapshotLine(5, 100, [['100.0', '5']], [['100.1', '5']])]
  for (let i = 1; i <= seconds * 10; i++) {
    const ids = { U: 100 + i, u: 100 + i, pu: 99 + i }
    lines.push(depthLine(i * 100, ids, [['100.0', `${1 + (i % 9)}.5`]], [['100.1', '3']]))
    if (i % 10 === 0) lines.push(tradeLine(i * 100 + 7, i, '100.1', '0.010'))
  }
  // Trade ids count up.
  let id = 7000
  return lines.map((line) => line.replace(/"t":\d+/, () => `"t":${id++}`))
}

const written = (name: string, lines: readonly string[]): string =>
  folder.write(name, gzipSync(`${lines.join('\n')}\n`))

const check = async (name: string, lines: readonly string[]): Promise<Record<string, unknown>> => {
  const files = [written(name, lines)]
  return { ...qualityJson(await verifyFiles({ files, instrument: PERPETUAL })) }
}

describe('the check of a capture', () => {
  it('is ok where nothing is wrong', async () => {
    expect(await check('sound.gz', soundLines(60))).toMatchObject({
      messages: 661,
      gaps: 0,
      duplicates: 0,
      reordered: 0,
      crossed: 0,
      badRows: 0,
      offTick: 0,
      clockDriftPpm: 0,
      clockOffsetNs: -4_500_000,
      quietSpans: 0,
      verdict: 'ok',
      reasons: [],
      format: 'binance',
    })
  })

  it('finds what was planted and nothing else', async () => {
    const lines = soundLines(60)
    // Three updates come twice, at their time.
    for (const row of [300, 200, 100]) lines.splice(row, 0, lines[row]!)
    // One that crosses the book, and one that ends it a tenth of a second later.
    const last = { U: 701, u: 701, pu: 700 }
    lines.push(depthLine(60_100, last, [['100.2', '1']]))
    lines.push(depthLine(60_200, { U: 702, u: 702, pu: 701 }, [['100.2', '0']]))
    // Half a minute of silence, then a price between two ticks.
    lines.push(depthLine(90_300, { U: 703, u: 703, pu: 702 }, [['99.95', '1']]))
    // Lost updates, and a snapshot behind them that the next update joins.
    lines.push(depthLine(90_400, { U: 706, u: 706, pu: 705 }, [['99.9', '2']]))
    lines.push(snapshotLine(90_500, 706, [['100.0', '5']], [['100.1', '5']]))
    lines.push(depthLine(90_600, { U: 707, u: 707, pu: 706 }, [['99.9', '3']]))
    const found = await check('planted.gz', lines)
    expect(found).toMatchObject({
      gaps: 1,
      openGaps: 0,
      duplicates: 3,
      reordered: 0,
      crossed: 1,
      crossedNs: 100_000_000,
      badRows: 0,
      offTick: 1,
      quietSpans: 1,
      verdict: 'biased',
    })
    expect(found['crossedSpans']).toEqual([
      {
        from: String(CAPTURE_START_NS + 60_100_000_000n),
        to: String(CAPTURE_START_NS + 60_200_000_000n),
      },
    ])
    expect(found['quiet']).toHaveLength(1)
    expect(found['reasons']).toEqual([
      expect.stringMatching(/^1 price lies off the tick 0.1/),
      expect.stringMatching(/^the best bid stands above the best ask for 0.11/),
    ])
  })

  it('is biased by a gap that no snapshot follows', async () => {
    const lines = soundLines(60)
    lines.splice(400, 1)
    expect(await check('gap.gz', lines)).toMatchObject({
      gaps: 1,
      openGaps: 1,
      verdict: 'biased',
      reasons: [expect.stringMatching(/^no snapshot follows 1 gap .* is stale from 2024-08-08T23/)],
    })
  })

  it('measures a clock that loses 100 us a second', async () => {
    const lines = soundLines(120).map((line) => {
      const time = BigInt(line.slice(0, 19))
      return `${time - (time - CAPTURE_START_NS) / 10_000n}${line.slice(19)}`
    })
    const found = await check('drift.gz', lines)
    expect(found['clockDriftPpm']).toBeCloseTo(-100, 0)
    expect(found).toMatchObject({
      verdict: 'biased',
      reasons: [
        expect.stringMatching(/^\d+ messages were received up to/),
        expect.stringMatching(/^the clock of the capture loses 100.0 us a second/),
      ],
    })
  })

  it('tells how far a file that is cut off could be read', async () => {
    const whole = gzipSync(`${soundLines(200).join('\n')}\n`)
    const file = folder.write('cut.gz', whole.subarray(0, whole.length - 1000))
    const report = await verifyFiles({ files: [file], instrument: PERPETUAL })
    expect(report).toMatchObject({ verdict: 'biased', badRows: { count: 1 } })
    expect(report.reasons[0]).toMatch(/cannot be read to its end: .*cut.gz line \d+: the gzip data/)
  })

  it('refuses questions that are wrong', async () => {
    const text = folder.write('notes.txt', 'nothing of a market\n')
    expect((await failureOf(verifyFiles({ files: [text] }))).message).toMatch(
      /^UNKNOWN_FORMAT: cannot tell the format of .*notes.txt/,
    )
    expect((await failureOf(verifyFiles({ files: [`${text}.gz`] }))).code).toBe('ABSENT_FILE')
    const sound = written('again.gz', soundLines(1))
    const wrong = failureOf(verifyFiles({ files: [sound], format: 'binanse' }))
    expect((await wrong).message).toContain('did you mean "binance"')
  })
})

describe('the check of arrays', () => {
  const rows = (count: number): Row[] =>
    Array.from({ length: count }, (_, i) => {
      const isTrade = i % 5 === 4
      const depth = isTrade ? 0 : (i % 7) / 4
      return {
        kind: isTrade ? 2 : 1,
        seen: 'b',
        side: i % 2 === 0 ? 1 : -1,
        exch: i * 20,
        local: i * 20 + 3,
        px: i % 2 === 0 ? 100 - depth : 100.25 + depth,
        qty: 0.5 + (i % 3),
      }
    })

  it('measures tick and lot where nobody gives them', async () => {
    const file = folder.write('btcusdt_20240808.npz', npz(rows(600)))
    const report = await verifyFiles({ files: [file] })
    expect([report.reasons, report.messages]).toEqual([[], 600])
    expect(report.symbols[0]!.facts).toMatchObject({ symbol: 'BTCUSDT_20240808', tick: 0.25 })
    expect(report.warnings[0]).toMatch(/tick size 0.25 and lot size 0.5 are the greatest common/)
  })

  it('counts rows that cannot be used by kind, and names the first', async () => {
    const all = rows(600)
    all[50] = { ...all[50]!, qty: -1 }
    all[51] = { ...all[51]!, local: 0 }
    all[52] = { ...all[52]!, kind: 77 }
    all[53] = { ...all[53]!, px: Number.NaN }
    const file = folder.write('bad.npz', npz(all))
    const report = await verifyFiles({ files: [file] })
    expect(report).toMatchObject({ verdict: 'biased', messages: 600, gaps: 0, offTick: 0 })
    expect(report.badRows.count).toBe(4)
    expect(Object.fromEntries(report.badRows.kinds)).toEqual({
      NEGATIVE: 1,
      TIME_BACKWARDS: 1,
      BAD_FIELD: 1,
      NOT_FINITE: 1,
    })
    expect(report.badRows.named[0]).toMatch(/bad.npz row 51 field qty: .*-1/)
  })

  it('finds a price off the tick of nearly all others, though the common divisor holds it', async () => {
    const all = rows(900)
    all[700] = { ...all[700]!, px: 99.26 }
    const file = folder.write('off.npz', npz(all))
    const report = await verifyFiles({ files: [file] })
    expect(report).toMatchObject({ verdict: 'biased', offTick: 1 })
    expect(report.symbols[0]!.facts).toMatchObject({ tick: 0.25, tickSource: 'dominant' })
  })
})

describe('the check of a LOBSTER pair', () => {
  it('leaves out rows that cannot be used, counts them by kind and goes on behind them', async () => {
    const messages: string[] = []
    const book: string[] = []
    for (let i = 0; i < 50; i++) {
      messages.push(`${34200 + i}.5,1,${i + 1},1,1000000,1`)
      book.push(`1000100,5,1000000,${i + 1}`)
    }
    messages[10] = '34210.5,9,11,1,1000000,1'
    messages[20] = '34100.5,1,21,1,1000000,1'
    messages[30] = '34230.5,4,31,0,1000000,1'
    book[40] = '1000100,5,1000000,nine'
    const stem = `${folder.path}/PAIR_2012-06-21_34200000_57600000`
    const files = [
      folder.write(`${stem.split('/').at(-1)!}_message_1.csv`, `${messages.join('\n')}\n`),
      folder.write(`${stem.split('/').at(-1)!}_orderbook_1.csv`, `${book.join('\n')}\n`),
    ]
    const report = await verifyFiles({ files })
    expect(report.badRows.count).toBe(4)
    expect(Object.fromEntries(report.badRows.kinds)).toEqual({ BAD_FIELD: 3, TIME_BACKWARDS: 1 })
    expect(
      report.badRows.named.map((text) => /_([a-z]+)_1.csv line (\d+)/.exec(text)!.slice(1)),
    ).toEqual([
      ['message', '11'],
      ['message', '21'],
      ['message', '31'],
      ['orderbook', '41'],
    ])
    // The book row behind one that was left out still follows the file, and none is called wrong.
    expect(report.reasons).toHaveLength(1)
    expect(report).toMatchObject({ messages: 50, gaps: 0, crossed: 0, offTick: 0 })
  })
})

describeWithData('the check of real captures', () => {
  const capture = sharedPath('data/binance/usdm_btcusdt_20240808.gz')
  const instrument = sharedPath('data/binance/usdm_btcusdt_20240808.instrument.json')

  it('is biased by a clock 1.27 s behind, and ok once that is mended', async () => {
    const raw = await verifyFiles({ files: [capture], instrument })
    expect(raw).toMatchObject({
      messages: 93_954,
      gaps: 0,
      crossed: 0,
      offTick: 0,
      quietSpans: 0,
      clockOffsetNs: 1_272_656_851,
      verdict: 'biased',
    })
    expect(raw.reasons).toEqual([expect.stringMatching(/^27,858 messages .* up to 1.272 s before/)])
    // Venue time goes back 87 times, by 86 ms at most: a published fact of this capture.
    expect(raw.symbols[0]!.facts.disorder).toEqual({ count: 87, largestNs: 86_000_000 })

    const store = folder.newStore()
    await importCapture({ format: 'binance', files: [capture], instrument, store, fixClock: true })
    const stored = verifyStore(store)
    expect(stored).toMatchObject({ verdict: 'ok', reasons: [], clockOffsetNs: 0 })
    expect(stored.clockDriftPpm).toBe(raw.clockDriftPpm)
    expect(stored.symbols[0]!.facts).toMatchObject({ trades: 21_313, outsideTrades: 0 })
  })

  it('is ok for a LOBSTER day, hidden trades between the cents included', async () => {
    const stem = sharedPath('data/lobster/AMZN_2012-06-21_34200000_57600000')
    const files = [`${stem}_message_5.csv.gz`, `${stem}_orderbook_5.csv.gz`]
    const report = await verifyFiles({ files })
    expect(report).toMatchObject({ messages: 155_935, verdict: 'ok', offTick: 0, quietSpans: 0 })
    expect(report.symbols[0]!.facts.latency).toBeUndefined()
  })
})
