/**
 * The same 1,674 scripted orders through our simulator and through hftbacktest 0.9.4: what
 * `lobtrader orders` writes is, byte for byte, what that program gave. See the README of the
 * reference files.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runProgram } from '../../src/cli/program.ts'
import { importCapture } from '../../src/feed/index.ts'
import { describeWithData, sharedPath } from '../shared-data.ts'

const folder = 'acceptance/hftbacktest/usdm_btcusdt_20240808'

/** Position, balance, fees, trades, volume and value of a configuration. */
function totalsOf(config: string): number[] {
  const lines = readFileSync(sharedPath(`${folder}.totals.csv`), 'utf8').split('\n')
  const line = lines.find((each) => each.startsWith(`${config},`))!
  return line.split(',').slice(1).map(Number)
}

describeWithData('1,674 scripted orders against hftbacktest, no partial fill', () => {
  let dir = ''
  let store = ''
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'lobtrader-hft-'))
    store = join(dir, 'store')
    await importCapture({
      format: 'hftbacktest',
      files: [sharedPath(`${folder}.events.npz`)],
      instrument: sharedPath('data/binance/usdm_btcusdt_20240808.instrument.json'),
      symbols: ['BTCUSDT'],
      store,
    })
  }, 120_000)
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  async function runOrders(...more: string[]): Promise<Record<string, unknown>> {
    let out = ''
    let err = ''
    const terminal = {
      out: (text: string) => void (out += text),
      err: (text: string) => void (err += text),
      isWatched: false,
    }
    const args = `orders ${sharedPath(`${folder}.orders.csv`)} --symbol BTCUSDT --latency 5ms,5ms --exchange no-partial --fees maker=-0.5bps,taker=7bps --json`
    const exitCode = await runProgram([...args.split(' '), '--store', store, ...more], terminal)
    expect([exitCode, err]).toEqual([0, ''])
    return JSON.parse(out) as Record<string, unknown>
  }

  it.each([
    ['risk-averse', 'risk-averse'],
    ['log-prob', 'log-prob'],
    ['log-prob2', 'log-prob2'],
    ['power-prob:3', 'power-prob-3'],
    ['power-prob2:3', 'power-prob2-3'],
    ['power-prob3:3', 'power-prob3-3'],
  ])('%s', async (queue, file) => {
    const out = join(dir, `${file}.csv`)
    const json = await runOrders('--queue', queue, '--out', out)
    const ours = readFileSync(out, 'utf8').split('\n')
    const reference = readFileSync(sharedPath(`${folder}.${file}.nopartial.csv.gz`))
    const theirs = gunzipSync(reference).toString().split('\n')
    const differences = theirs.flatMap((line, i) =>
      line === ours[i] ? [] : [`ours ${ours[i]}, theirs ${line}`],
    )
    process.stdout.write(`${queue}: ${1674 - differences.length} of 1674 orders equal\n`)
    expect(differences.slice(0, 10)).toEqual([])
    expect([theirs.length, ours.length]).toEqual([1676, 1676])
    const [position, balance, fees, trades, volume, value] = totalsOf(`${file}.nopartial`)
    expect([json['orders'], json['position'], json['trades']]).toEqual([1674, position, trades])
    expect(json['cash']).toBeCloseTo(balance!, 6)
    expect(json['fees']).toBeCloseTo(fees!, 6)
    expect(json['volume']).toBeCloseTo(volume!, 9)
    expect(json['value']).toBeCloseTo(value!, 4)
  })

  it('is the same over events that stream', async () => {
    const [whole, streamed] = [join(dir, 'whole.csv'), join(dir, 'streamed.csv')]
    const { runHash } = await runOrders('--queue', 'power-prob:3', '--out', whole)
    const more = await runOrders('--queue', 'power-prob:3', '--out', streamed, '--memory', '64MB')
    expect(more['runHash']).toBe(runHash)
    expect(readFileSync(streamed, 'utf8')).toBe(readFileSync(whole, 'utf8'))
  })
})
