/** The command line as users and scripts meet it: spawned, on files, without our internals. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLOCK_BEHIND_MS, captureLines, writeCapture } from './capture.ts'
import { expectRefusal, lobtrader, lobtraderJson, temporaryFolder } from './run-cli.ts'

const COMMANDS = ['demo', 'import', 'info', 'export', 'query', 'replay', 'backtest', 'verify']
const { path: folder, remove } = temporaryFolder()
const { capture, instrument } = writeCapture(folder)
const importArgs = ['import', '--format', 'binance', '--instrument', instrument, '--store']
const store = join(folder, 'store')

interface ImportJson {
  readonly format: string
  readonly symbol: string
  readonly messages: number
  readonly events: number
  readonly gaps: number
  readonly crossed: number
  readonly from: string
  readonly to: string
  readonly clockOffsetNs: number
  readonly final: Record<string, unknown>
  readonly trades: { readonly count: number; readonly volume: number }
  readonly seconds: number
}
let imported: ImportJson

beforeAll(() => {
  imported = lobtraderJson([...importArgs, store, '--fix-clock', capture], folder)
})
afterAll(remove)

describe('help', () => {
  test.each(COMMANDS)('of %s tells options, two examples and exit codes', (command) => {
    const { status, stdout, stderr } = lobtrader([command, '--help'], folder)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(new RegExp(`^Usage: lobtrader ${command} `))
    expect(stdout.match(/^ {2}\$ lobtrader /gm)!.length).toBeGreaterThanOrEqual(2)
    expect(stdout).toMatch(/--json .*--debug .*Exit codes:/s)
  })

  test('of the whole lists every command', () => {
    const { status, stdout } = lobtrader(['--help'], folder)
    expect(status).toBe(0)
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
  })

  test('is what a call without a command gets, as an error', () => {
    const { status, stdout, stderr } = lobtrader([], folder)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/^Usage: lobtrader/)
  })
})

describe('wrong calls', () => {
  test.each([
    [['bactest'], /^lobtrader: unknown command "bactest"; did you mean backtest\?$/m],
    [
      ['info', store, '--jason'],
      /^lobtrader info: unknown option "--jason"; did you mean --json\?$/m,
    ],
    [['info'], /^lobtrader info: missing required argument "store"$/m],
    [['info', store, 'more'], /^lobtrader info: too many arguments/],
    [['info', 'absent'], /^lobtrader info: .*absent/],
    [['import', capture, '--store', 's'], /required option "--format <name>"/],
    [
      ['export', '--store', store, '--symbol', 'BTCUSDT', '--out', 'x', '--to', 'parket'],
      /did you mean "parquet"/,
    ],
    [
      ['replay', '--store', store, '--symbol', 'BTCUSDT', '--speed', 'fast'],
      /^lobtrader replay: --speed "fast" is not a speed; expected a number above 0/,
    ],
    [['replay', '--store', store], /required option "--symbol <name>"/],
    [
      ['replay', '--store', store, '--symbol', 'BTCUSDT', '--from', '2030-01-01'],
      /^lobtrader replay: .*2030-01-01/,
    ],
    [['demo', '--duration', '5'], /^lobtrader demo: "5" is not a duration/],
    [['demo', '--seed', '-1'], /--seed "-1" is not a whole number/],
  ])('%j', (args, sentence) => {
    expectRefusal(lobtrader(args, folder), sentence)
  })

  test('with --json tell the failure as the one document, and as a sentence', () => {
    const { status, stdout, stderr } = lobtrader(['info', 'absent', '--json'], folder)
    expect(status).toBe(2)
    expect(stderr).toMatch(/^lobtrader info: [^\n]+\n$/)
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'ABSENT_FILE', message: expect.stringMatching(/absent/) },
    })
  })

  test('with --debug show where the failure came from', () => {
    const { stderr } = lobtrader(['info', 'absent', '--debug'], folder)
    expect(stderr).toMatch(/^lobtrader info: [^\n]+\n.*\n +at /s)
  })

  test('cannot drive the terminal from a file name', () => {
    const { stderr } = lobtrader(['info', 'a\u001b]0;owned\u0007b'], folder)
    expect(stderr).toMatch(/a\]0;ownedb/)
    // oxlint-disable-next-line no-control-regex -- control characters are what must be absent
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/)
  })
})

describe('verify', () => {
  test('says that a capture is biased by its clock, with exit code 1', () => {
    const args = ['verify', capture, '--instrument', instrument, '--json']
    const { status, stdout } = lobtrader(args, folder)
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      messages: 602,
      gaps: 0,
      duplicates: 0,
      reordered: 0,
      crossed: 0,
      badRows: 0,
      offTick: 0,
      clockOffsetNs: imported.clockOffsetNs,
      clockDriftPpm: 0,
      quietSpans: 0,
      verdict: 'biased',
      reasons: [expect.stringMatching(/clock of the capture is behind .*--fix-clock$/)],
      format: 'binance',
    })
  })

  test('finds nothing in the store that was made with --fix-clock, and writes its page', () => {
    const { status, stdout } = lobtrader(['verify', store, '--html', 'pages/quality.html'], folder)
    expect(status).toBe(0)
    expect(stdout).toMatch(/verdict: ok/)
    expect(readFileSync(join(folder, 'pages/quality.html'), 'utf8')).toMatch(/^<!doctype html>/)
  })

  test.each([
    [['absent.gz'], /^lobtrader verify: absent.gz: there is no such file/],
    [['store', '--format', 'binance'], /--format means nothing here: store is a store/],
    [['store', '--symbol', 'BTCUSD'], /BTCUSD is not in store .*did you mean "BTCUSDT"/],
    [['store', '--from', '2030-01-01'], /no events .*2030-01-01/],
    [['.'], /store \. is empty/],
  ])('refuses %j', (args, sentence) => {
    expectRefusal(lobtrader(['verify', ...args], folder), sentence)
  })
})

describe('import', () => {
  test('answers in the documented form', () => {
    expect(imported).toMatchObject({
      format: 'binance',
      symbol: 'BTCUSDT',
      messages: 602,
      gaps: 0,
      crossed: 0,
      trades: { count: 300, volume: 75 },
      final: { bestBid: [60_000, 3.6], bestAsk: [60_000.1, 3.6] },
    })
    expect(BigInt(imported.from)).toBeLessThan(BigInt(imported.to))
    // Late by 1270 ms, 2 ms on the way, and half a millisecond is what should be left.
    expect(imported.clockOffsetNs).toBe((CLOCK_BEHIND_MS - 2 + 0.5) * 1e6)
  })

  test('tells people of a clock that is wrong, and how to mend it', () => {
    const { status, stdout, stderr } = lobtrader([...importArgs, 'plain', capture], folder)
    expect(status).toBe(0)
    expect(stdout).toMatch(/602 messages/)
    expect(stderr).toMatch(/^lobtrader import: warning: .*--fix-clock/m)
  })

  const lines = captureLines(20)
  const badFiles: readonly [string, (lines: string[]) => string[] | Buffer, RegExp][] = [
    ['an empty file', () => [], /bad\.gz/],
    ['text that is no capture', () => ['hello'], /bad\.gz line 1/],
    ['broken JSON', (good) => good.with(7, good[7]!.slice(0, -9)), /bad\.gz line 8/],
    ['no snapshot', (good) => good.toSpliced(1, 1), /snapshot/],
    ['time that goes back', (good) => good.with(9, good[3]!), /bad\.gz line 10.*back/],
    [
      'a price off the grid',
      (good) => good.with(8, good[8]!.replace('"60000.10"', '"60000.13"')),
      /bad\.gz line 9.*60000\.13.*not a multiple/,
    ],
    [
      'a negative size',
      (good) => good.with(5, good[5]!.replace('"0.250"', '"-0.250"')),
      /line 6.*-0\.250/,
    ],
    ['NaN for a size', (good) => good.with(5, good[5]!.replace('"0.250"', '"NaN"')), /line 6.*NaN/],
    [
      'a cut gzip',
      (good) => gzipSync(good.join('\n')).subarray(0, 300),
      /bad\.gz.*the gzip data end/,
    ],
  ]
  test.each(badFiles)(
    'refuses %s in one sentence and leaves nothing behind',
    (_name, spoil, sentence) => {
      const bad = temporaryFolder()
      const spoilt = spoil(lines)
      const bytes = Buffer.isBuffer(spoilt) ? spoilt : gzipSync(`${spoilt.join('\n')}\n`)
      writeFileSync(join(bad.path, 'bad.gz'), bytes)
      expectRefusal(lobtrader([...importArgs, 'store', 'bad.gz'], bad.path), sentence)
      expect(readdirSync(bad.path)).toEqual(['bad.gz'])
      bad.remove()
    },
  )

  test.each([
    [['--format', 'binence'], /unknown format "binence".*did you mean "binance"/],
    [['--instrument', 'absent.json'], /absent\.json/],
  ])('refuses %j and leaves nothing behind', (args, sentence) => {
    const bad = temporaryFolder()
    expectRefusal(lobtrader([...importArgs, 'store', ...args, capture], bad.path), sentence)
    expect(readdirSync(bad.path)).toEqual([])
    bad.remove()
  })

  test('refuses a missing file and leaves nothing behind', () => {
    expectRefusal(lobtrader([...importArgs, 'none', 'absent.gz'], folder), /absent\.gz/)
    expect(existsSync(join(folder, 'none'))).toBe(false)
  })

  test('a failed second import leaves the first one as it was', () => {
    const before = lobtraderJson(['info', store], folder)
    expectRefusal(lobtrader([...importArgs, store, 'absent.gz'], folder), /absent\.gz/)
    expect(lobtraderJson(['info', store], folder)).toEqual(before)
  })
})

describe('info', () => {
  test('lists partitions in the documented form', () => {
    const partitions = lobtraderJson<Record<string, unknown>[]>(['info', store], folder)
    expect(partitions.length).toBeGreaterThan(0)
    for (const partition of partitions) {
      expect(partition).toEqual({
        venue: 'binance-usdm',
        symbol: 'BTCUSDT',
        day: '2024-08-09',
        kind: expect.stringMatching(/^[a-z0-9-]+$/),
        events: expect.any(Number),
        from: expect.stringMatching(/^\d{19}$/),
        to: expect.stringMatching(/^\d{19}$/),
        bytes: expect.any(Number),
      })
    }
  })

  test('shows people a table', () => {
    const { stdout } = lobtrader(['info', store], folder)
    expect(stdout).toMatch(/^venue +symbol +day +kind +events/)
    expect(stdout).toMatch(/^binance-usdm +BTCUSDT +2024-08-09 +l2 /m)
  })
})

describe('export', () => {
  const args = ['export', '--store', store, '--symbol', 'BTCUSDT', '--kind', 'l2']

  test('writes as many rows as the store holds', () => {
    const [l2] = lobtraderJson<{ kind: string; events: number }[]>(['info', store], folder)
    const csv = lobtraderJson<Record<string, unknown>>(
      [...args, '--to', 'csv', '--out', 'a.csv'],
      folder,
    )
    const text = readFileSync(join(folder, 'a.csv'), 'utf8')
    expect(csv).toEqual({ files: ['a.csv'], rows: l2!.events, bytes: text.length })
    expect(text.trimEnd().split('\n')).toHaveLength(l2!.events + 1)
    const parquet = lobtraderJson([...args, '--to', 'parquet', '--out', 'a.parquet'], folder)
    expect(parquet).toMatchObject({ files: ['a.parquet'], rows: l2!.events })
    expect(readFileSync(join(folder, 'a.parquet')).subarray(0, 4).toString()).toBe('PAR1')
  })

  test('takes a window: --from, and a second --to', () => {
    const from = '2024-08-09T00:00:05Z'
    const to = '2024-08-09T00:00:06Z'
    lobtraderJson([...args, '--to', 'csv', '--from', from, '--to', to, '--out', 'w.csv'], folder)
    const times = readFileSync(join(folder, 'w.csv'), 'utf8').trimEnd().split('\n').slice(1)
    const unixNs = times.map((line) => BigInt(line.split(',')[0]!))
    expect(unixNs.length).toBeGreaterThan(10)
    expect(unixNs.every((ns) => ns >= 1_723_161_605_000_000_000n)).toBe(true)
    expect(unixNs.every((ns) => ns <= 1_723_161_606_000_000_000n)).toBe(true)
  })
})
