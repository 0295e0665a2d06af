import { describe, expect, test } from 'vitest'
import { makeStore, temporaryFolder } from '../../test/store-fixture.ts'
import { simulateMarket } from '../feed/index.ts'
import { Instrument } from '../market/index.ts'
import type { RunJson } from '../report/index.ts'
import { backtestCommand } from './backtest-command.ts'
import { runProgram } from './program.ts'

const dir = temporaryFolder()()
const market = simulateMarket({ seed: 4, durationNs: 10e9 })
for (const venue of ['near', 'far']) {
  const of = new Instrument({ ...market.instrument.spec, venue, symbol: 'SIM' })
  makeStore(dir, { l2: market.events }, of)
}

async function backtest(...args: string[]): Promise<{ exit: number; out: string; err: string }> {
  const heard = { out: '', err: '' }
  const terminal = {
    out: (text: string) => void (heard.out += text),
    err: (text: string) => void (heard.err += text),
    isWatched: false,
  }
  const all = ['backtest', '--store', dir, '--strategy', 'avellaneda-stoikov', ...args]
  const exit = await runProgram(all, terminal, [backtestCommand()])
  return { ...heard, exit }
}

const both = ['--symbol', 'near:SIM', '--symbol', 'far:SIM', '--set', 'orderSize=0.1']

describe('lobtrader backtest over two venues', () => {
  test('tells of both together and of each, with the latency and the fees of each', async () => {
    const options = ['--latency', 'far=9ms,9ms', '--fees', 'near=maker=1bps,taker=2bps']
    const { out, err, exit } = await backtest(...both, ...options, '--json')
    expect({ err, exit }).toEqual({ err: '', exit: 0 })
    const run = JSON.parse(out) as RunJson
    expect(run.instruments.map(({ venue, symbol }) => `${venue}:${symbol}`)).toEqual([
      'far:SIM',
      'near:SIM',
    ])
    expect(run.instruments.map(({ fills }) => fills)).toEqual([0, run.fills])
    expect(run.fills).toBeGreaterThan(0)
    expect(run.settings).toMatchObject({
      'latency far:SIM': 'constant 9ms to the exchange, 9ms back',
      'latency near:SIM': 'constant 1ms to the exchange, 1ms back',
      'fees near:SIM': 'maker 1 bps, taker 2 bps',
      exchange: 'partial',
    })
  })

  test('streams within an even share of the memory, with the same run', async () => {
    const hash = async (...args: string[]): Promise<string> => {
      const { out } = await backtest(...both, ...args, '--json')
      return (JSON.parse(out) as RunJson).runHash
    }
    expect(await hash('--memory', '50MB')).toBe(await hash())
  })

  test.each([
    [['--symbol', 'SIM'], 'for the venues far, near; choose one with --venue'],
    [[...both, '--latency', 'fra=1ms,1ms'], 'did you mean "far"?'],
    [[...both, '--memory', '30MB'], 'leaves 15MB to each of 2 instruments'],
    [['--symbol', 'near:SIM', '--symbol', 'near:SIM'], 'is given twice'],
  ])('refuses %j in one sentence', async (args, message) => {
    const { err, exit } = await backtest(...args)
    expect(exit).toBe(2)
    expect(err).toContain(message)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
  })
})
