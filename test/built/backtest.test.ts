/** `lobtrader backtest` and `demo`, with built-in strategies and files of the user's own. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeCapture } from './capture.ts'
import { expectRefusal, lobtrader, lobtraderJson, temporaryFolder } from './run-cli.ts'

// A folder without node_modules, so that 'lobtrader' can only mean the package that runs.
const { path: folder, remove } = temporaryFolder()

beforeAll(() => {
  const { capture, instrument } = writeCapture(folder)
  const from = ['import', '--format', 'binance', '--instrument', instrument, '--store', 'store']
  lobtraderJson([...from, '--fix-clock', capture], folder)
})
afterAll(remove)

interface RunJson {
  readonly runHash: string
  readonly events: number
  readonly orders: number
  readonly fills: number
  readonly report?: string
}
const on = ['backtest', '--store', 'store', '--symbol', 'BTCUSDT']
const withAs = [...on, '--strategy', 'avellaneda-stoikov']

/** Writes a file into the folder and returns the arguments that run it. */
function strategyArgs(path: string, text: string): string[] {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
  return [...on, '--strategy', `./${path}`]
}

describe('backtest', () => {
  test('answers in the documented form and writes the report', () => {
    const args = ['--set', 'riskAversion=0.5', '--set', 'maxInventory=5', '--latency', '1ms,1ms']
    const venue = ['--queue', 'power-prob:3', '--fees', 'maker=-0.5bps,taker=7bps']
    const run = lobtraderJson<RunJson>([...withAs, ...args, ...venue, '--report', 'out/'], folder)
    expect(run).toMatchObject({
      runHash: expect.stringMatching(/^[0-9a-f]{32}$/),
      events: expect.any(Number),
      seconds: expect.any(Number),
      eventsPerSecond: expect.any(Number),
      orders: expect.any(Number),
      fills: expect.any(Number),
      position: expect.any(Number),
      pnl: {
        realized: expect.any(Number),
        unrealized: expect.any(Number),
        fees: expect.any(Number),
        net: expect.any(Number),
      },
      maxDrawdown: expect.any(Number),
    })
    for (const field of ['sharpe', 'makerShare', 'markoutBps']) expect(run).toHaveProperty(field)
    expect(run.events).toBeGreaterThan(600)
    expect(run.orders).toBeGreaterThan(0)
    expect(run.report).toBe(join(folder, 'out/index.html'))
    expect(existsSync(run.report!)).toBe(true)
    expect(JSON.parse(readFileSync(join(folder, 'out/run.json'), 'utf8'))).toBeTypeOf('object')
  })

  test('gives the same hash for the same run, and another for another latency', () => {
    const hash = (...args: string[]): string =>
      lobtraderJson<RunJson>([...withAs, ...args], folder).runHash
    const first = hash()
    expect(hash()).toBe(first)
    expect(hash('--latency', '2ms,1ms')).not.toBe(first)
  })

  test('shows people a table and where the report lies', () => {
    const { status, stdout, stderr } = lobtrader([...withAs, '--report', 'out2'], folder)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/out2\/index\.html/)
    expect(stdout).toMatch(/out2\/run\.json/)
  })

  test.each([
    [
      ['--set', 'riskAverson=1'],
      /^lobtrader backtest: unknown parameter "riskAverson" of avellaneda-stoikov; did you mean "riskAversion"\?$/m,
    ],
    [['--set', 'riskAversion=NaN'], /riskAversion.*NaN.*finite/],
    [['--set', 'riskAversion=Infinity'], /riskAversion.*Infinity.*finite/],
    [['--set', 'riskAversion=much'], /riskAversion.*"much".*number/],
    [['--set', 'riskAversion'], /--set "riskAversion" is not of the form name=value/],
    [['--set', 'riskAversion=1', '--set', 'riskAversion=2'], /"riskAversion" is set twice/],
    [
      ['--strategy', 'avellaneda-stoikof'],
      /unknown strategy "avellaneda-stoikof"; did you mean "avellaneda-stoikov"\?/,
    ],
    [['--strategy', 'moon'], /unknown strategy "moon" \(built in: .*avellaneda-stoikov/],
    [['--strategy', './absent.ts'], /strategy file \.\/absent\.ts does not exist/],
    [['--symbol', 'BTCUSD'], /BTCUSD is not in store.*did you mean "BTCUSDT"/],
    [['--store', 'nowhere'], /nowhere/],
    [['--latency', '1ms'], /"1ms" is not a latency/],
    [['--latency', '1,1'], /"1" is not a duration/],
    [['--queue', 'lucky'], /"lucky" is not a queue model/],
    [['--fees', 'maker=free'], /fees "maker=free": maker expects a rate in basis points/],
    [['--from', 'yesterday'], /"yesterday" is not a moment/],
    [['--from', '2030-01-01'], /2030-01-01/],
    [['--local-book', 'fuse'], /local book "fuse" is none of depth, fused; did you mean "fused"\?/],
    [['--local-book', 'fused'], /local book "fused" needs the ticker of BTCUSDT, and store store/],
    [['--local-book', 'BTCUSD=fused'], /names BTCUSD, which is none of the instruments/],
    [['--cash', 'NaN'], /--cash "NaN" is not a finite number/],
    [['--seed', '1.5'], /--seed "1\.5" is not a whole number/],
    [['--latncy', '1ms,1ms'], /unknown option "--latncy"; did you mean --latency\?/],
  ])('refuses %j in one sentence', (args, sentence) => {
    expectRefusal(lobtrader([...withAs, ...args], folder), sentence)
  })
})

const JOINER = `
import { Strategy, type Order } from 'lobtrader'
import { spacing } from './lib/spacing.ts'

interface Working { order: Order | undefined }

export class Joiner extends Strategy.with({ size: 0.01, every: '100ms' }) {
  readonly #bid: Working = { order: undefined }
  override start(): void { this.every(this.p.every) }
  override onTimer(): void {
    console.log('a strategy may print')
    const price: number = this.book.bestBid! - spacing
    if (this.#bid.order?.isOpen) this.cancel(this.#bid.order)
    this.#bid.order = this.buy({ price: this.round(price), size: this.p.size, tif: 'GTX' })
  }
}
`

describe("a user's own strategy", () => {
  test('runs from TypeScript, with its own modules, and what it prints leaves JSON alone', () => {
    mkdirSync(join(folder, 'lib'), { recursive: true })
    writeFileSync(join(folder, 'lib/spacing.ts'), 'export const spacing: number = 0.1\n')
    const args = strategyArgs('joiner.ts', JOINER)
    const { status, stdout, stderr } = lobtrader([...args, '--set', 'size=0.02', '--json'], folder)
    expect(status).toBe(0)
    expect((JSON.parse(stdout) as RunJson).orders).toBeGreaterThan(100)
    expect(stderr).toMatch(/^a strategy may print$/m)
    expect(lobtrader(args, folder).stdout).toMatch(/^a strategy may print$/m)
  })

  test('runs from JavaScript', () => {
    const text = `
      import { Strategy } from 'lobtrader'
      import { OrderBook } from 'lobtrader/book'
      export default class Once extends Strategy {
        start() { this.after('5s', () => { if (this.book instanceof OrderBook) this.buy({ size: 0.01 }) }) }
      }`
    const run = lobtraderJson<RunJson>(strategyArgs('once.js', text), folder)
    expect([run.orders, run.fills]).toEqual([1, 1])
  })

  const head = "import { Strategy } from 'lobtrader'\n"
  test.each([
    [
      'syntax.ts',
      `${head}export class A extends Strategy {\n  start( {\n}\n`,
      /syntax\.ts line \d: /,
    ],
    [
      'syntax.js',
      `${head}export class A extends Strategy {\n  start( {\n}\n`,
      /syntax\.js line \d: /,
    ],
    [
      'name.ts',
      "import { Stratgy } from 'lobtrader'\nexport class A extends Stratgy {}",
      /name\.ts line 1: lobtrader exports no Stratgy/,
    ],
    [
      'import.ts',
      `${head}import './absent.ts'\nexport class A extends Strategy {}`,
      /import\.ts: .*absent\.ts/,
    ],
    [
      'throws.ts',
      `${head}export class A extends Strategy {}\nthrow new RangeError('no luck')`,
      /throws\.ts line 3: RangeError: no luck/,
    ],
    ['none.ts', 'export const a = 1', /none\.ts: exports no class that extends Strategy/],
    [
      'two.ts',
      `${head}export class A extends Strategy {}\nexport class B extends Strategy {}`,
      /two\.ts: exports several strategies \(A, B\)/,
    ],
    [
      'start.ts',
      `${head}export class A extends Strategy {\n  start() { (undefined as any).x }\n}`,
      /start\.ts line 3: TypeError: /,
    ],
    [
      'grid.ts',
      `${head}export class A extends Strategy {\n  start() { this.after('5s', () => {\n    this.buy({ size: 0.01, price: 1.23 })\n  }) }\n}`,
      /grid\.ts line 4: .*1\.23.*not a multiple of 0\.10; nearest 1\.2 and 1\.3/,
    ],
  ])('%s that is wrong is refused in one sentence', (path, text, sentence) => {
    expectRefusal(lobtrader(strategyArgs(path, text), folder), sentence)
  })

  test('has its parameters checked like a built-in one', () => {
    const args = strategyArgs('joiner2.ts', JOINER)
    expectRefusal(
      lobtrader([...args, '--set', 'sise=1'], folder),
      /unknown parameter "sise" of Joiner; did you mean "size"\?/,
    )
    expectRefusal(lobtrader([...args, '--set', 'every=often'], folder), /every.*"often".*duration/)
  })
})

describe('demo', () => {
  test('needs no data, trades, and writes its report where it is told', () => {
    const args = ['demo', '--duration', '60s', '--seed', '3', '--report', 'demo-report']
    const { status, stdout } = lobtrader([...args, '--json'], folder)
    expect(status).toBe(0)
    const run = JSON.parse(stdout) as RunJson
    expect(run.fills).toBeGreaterThan(0)
    expect(run.report).toBe(join(folder, 'demo-report/index.html'))
    for (const file of ['index.html', 'run.json']) {
      expect(existsSync(join(folder, 'demo-report', file))).toBe(true)
    }
  })
})
