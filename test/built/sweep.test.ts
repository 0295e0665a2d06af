/** `lobtrader sweep`: a grid over threads, each cell equal to its single run. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeCapture } from './capture.ts'
import { expectRefusal, lobtrader, lobtraderJson, temporaryFolder } from './run-cli.ts'

const { path: folder, remove } = temporaryFolder()

beforeAll(() => {
  const { capture, instrument } = writeCapture(folder)
  const from = ['import', '--format', 'binance', '--instrument', instrument, '--store', 'store']
  lobtraderJson([...from, '--fix-clock', capture], folder)
})
afterAll(remove)

interface Row {
  readonly params: Readonly<Record<string, string | number>>
  readonly runHash: string
  readonly pnl: { readonly net: number }
  readonly sharpe: number | null
  readonly fills: number
}

const on = ['--store', 'store', '--symbol', 'BTCUSDT', '--strategy', 'avellaneda-stoikov']
const models = ['--queue', 'risk-averse,power-prob:3', '--exchange', 'no-partial']
const fees = ['--fees', 'maker=-0.5bps,taker=7bps']
const grid = ['--latency', '1ms,20ms', ...models, ...fees, '--set', 'riskAversion=0.1,0.5']

describe('sweep', () => {
  test('gives each cell the hash of the single run, on one thread and on two', () => {
    const two = lobtraderJson<Row[]>(['sweep', ...on, ...grid, '--workers', '2'], folder)
    const one = lobtraderJson<Row[]>(['sweep', ...on, ...grid, '--workers', '1'], folder)
    const hashes = (rows: readonly Row[]): string[] => rows.map(({ runHash }) => runHash)
    expect(two).toHaveLength(8)
    expect(new Set(hashes(two)).size).toBe(8)
    expect(hashes(one)).toEqual(hashes(two))
    const streamed = lobtraderJson<Row[]>(['sweep', ...on, ...grid, '--memory', '64MB'], folder)
    expect(hashes(streamed)).toEqual(hashes(two))
    for (const row of [two[0]!, two[7]!]) {
      const { latency, queue, exchange, riskAversion } = row.params
      const args = ['--latency', `${latency},${latency}`, '--queue', String(queue)]
      const more = ['--exchange', String(exchange), ...fees]
      const set = ['--set', `riskAversion=${riskAversion}`]
      const run = lobtraderJson<Row>(['backtest', ...on, ...args, ...more, ...set], folder)
      expect(run).toMatchObject({ runHash: row.runHash, sharpe: row.sharpe, fills: row.fills })
      expect(run.pnl.net).toBe(row.pnl.net)
    }
  })

  test('gives each cell the hash of the single run with every option of the venue and the account', () => {
    writeFileSync(
      join(folder, 'rules.json'),
      '{"tickTable": [{"from": 0, "tick": 0.1}, {"from": 60000, "tick": 0.2}], "maxOpenOrders": 3}',
    )
    writeFileSync(join(folder, 'funding.csv'), 'time,rate\n2024-08-09T00:00:10Z,0.0001\n')
    const fixed = ['--cash', '100000', '--seed', '7', '--set', 'maxInventory=3']
    const lists = ['--rate-limit', 'off,10/s', '--rate-limit', 'sliding(300/10s)']
    const files = ['--rules', 'off', '--rules', 'rules.json', '--funding', 'funding.csv']
    const delays = ['--feed-delay', '-1ms,lognormal(median=2ms,sigma=0.5)']
    const account = ['--leverage', '1,5', '--margin', 'isolated', '--liquidation-fee', '0.01']
    const all = [...fixed, ...lists, ...files, ...delays, ...account]
    const rows = lobtraderJson<Row[]>(['sweep', ...on, ...all, '--workers', '2'], folder)
    expect(rows).toHaveLength(16)
    expect(new Set(rows.map(({ runHash }) => runHash)).size).toBe(16)
    for (const row of [rows[0]!, rows[5]!, rows[10]!, rows[15]!]) {
      const flags = Object.entries(row.params).flatMap(([name, value]) => {
        if (name === 'maxInventory') return ['--set', `maxInventory=${value}`]
        const text = name === 'latency' ? `${value},${value}` : String(value)
        return [`--${name.replace(' 2', '')}`, text]
      })
      const args = ['backtest', ...on, '--cash', '100000', '--seed', '7', ...flags]
      expect(lobtraderJson<Row>(args, folder).runHash).toBe(row.runHash)
    }
  })

  test('prints a table with the break-even latency and writes the page', () => {
    const outcome = lobtrader(['sweep', ...on, ...grid, '--report', 'out'], folder)
    expect(outcome.status).toBe(0)
    expect(outcome.stdout).toContain('break-even latency, one way')
    expect(outcome.stdout).toMatch(/latency +queue +riskAversion +net USDT/)
    expect(existsSync(join(folder, 'out/index.html'))).toBe(true)
    expect(JSON.parse(readFileSync(join(folder, 'out/sweep.json'), 'utf8'))).toHaveLength(8)
  })

  test('refuses what is wrong before it reads any data', () => {
    const refused = (args: readonly string[], sentence: string): void =>
      expectRefusal(lobtrader(['sweep', ...on, ...args], folder), sentence)
    refused(['--latency', '1ms,,2ms'], '--latency has an empty value, number 2')
    refused(['--latency', '1'], 'sweep: ')
    refused(['--queue', 'power-prob:3,power-probe:3'], '"power-probe:3" is not a queue model')
    refused(['--set', 'riskAverson=1,2'], 'did you mean "riskAversion"')
    refused(['--workers', '0'], '--workers "0" is not a whole number from 1 to 256')
    refused(['--symbol', 'NONE', '--store', 'nowhere'], 'nowhere')
  })
})
