import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeStore, temporaryFolder } from '../../test/store-fixture.ts'
import { simulateMarket } from '../feed/index.ts'
import { Instrument } from '../market/index.ts'
import type { RunJson } from '../report/index.ts'
import { commandEntries } from './commands.ts'
import { runProgram } from './program.ts'

const folder = temporaryFolder()
const store = folder()
const market = simulateMarket({ seed: 4, durationNs: 10e9 })
for (const venue of ['near', 'far']) {
  const of = new Instrument({ ...market.instrument.spec, venue, symbol: 'SIM' })
  makeStore(store, { l2: market.events }, of)
}

const files = folder()
mkdirSync(files)
function file(name: string, text: string): string {
  const path = join(files, name)
  writeFileSync(path, text)
  return path
}

const tick = market.instrument.tickSize
const mid = market.events.tick[market.events.length - 1]!
const start = market.events.epochNs + BigInt(market.events.localTime[0]!)
const list = file(
  'orders.csv',
  [
    'order_id,local_ts_ns,side,price_tick,qty_lots,time_in_force,order_type,cancel_local_ts_ns',
    ...[1, 2, 3, 4, 5, 6].map((id) => `${id},${start + 2_000_000_000n},1,${mid - 40 + id},5,0,0,0`),
    '',
  ].join('\n'),
)

async function run(...args: string[]): Promise<{ exit: number; out: string; err: string }> {
  const heard = { out: '', err: '' }
  const terminal = {
    out: (text: string) => void (heard.out += text),
    err: (text: string) => void (heard.err += text),
    isWatched: false,
  }
  return { exit: await runProgram(args, terminal, commandEntries()), ...heard }
}

const as = ['--strategy', 'avellaneda-stoikov', '--set', 'orderSize=0.1']
const on = ['--store', store, '--symbol', 'near:SIM']
const commands = {
  backtest: ['backtest', ...on, ...as],
  sweep: ['sweep', ...on, ...as, '--workers', '1'],
  orders: ['orders', list, ...on],
}

async function json<T>(command: keyof typeof commands, ...args: string[]): Promise<T> {
  const { exit, out, err } = await run(...commands[command], ...args, '--json')
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  return JSON.parse(out) as T
}

describe('what is wrong in an option is the same sentence in every command', () => {
  const offGrid = file('off-grid.json', `{"tickTable": [{"from": 0, "tick": ${tick / 2}}]}`)
  const misspelt = file('misspelt.json', '{"maxsize": 5}')
  it.each([
    [['--leverage', 'x'], '--leverage "x": expected a number from 1 to 1000 such as 20'],
    [['--leverage', '2000', '--cash', '10'], '--leverage "2000": expected a number from 1 to 1000'],
    [['--leverage', '5'], '--leverage needs --cash: an account that holds nothing opens nothing'],
    [['--margin', 'both'], '--margin "both": expected cross or isolated'],
    [['--liquidation-fee', '0.1'], '--liquidation-fee needs --leverage or --margin'],
    [['--rate-limit', 'fast'], '--rate-limit: "fast" is not a rate'],
    [['--rate-limit', 'fra=10/s'], 'names fra, which is none of the instruments'],
    [['--feed-delay', 'soon'], '--feed-delay: "soon" is not a duration'],
    [['--rules', 'none.json'], 'none.json: there is no such file (--rules)'],
    [['--rules', misspelt], `${misspelt} field maxsize: is no rule; expected tickTable, maxSize`],
    [
      ['--rules', offGrid],
      `${offGrid}: venue rule tickTable: tick ${tick / 2} is not on the price grid of SIM, ${tick}`,
    ],
    [['--funding', 'none.csv'], 'none.csv: there is no such file (--funding)'],
    [['--funding', files], `${files}: is a folder or a device, expected a file (--funding)`],
    [['--fees', 'tiers=none.json'], 'none.json: there is no such file (--fees)'],
    [['--latency', 'recorded:none.csv'], 'none.csv: there is no such file (--latency)'],
  ])('%j', async (args, sentence) => {
    for (const command of Object.values(commands)) {
      const { exit, out, err } = await run(...command, ...args)
      expect(err).toContain(sentence)
      expect(err.trimEnd().split('\n')).toHaveLength(1)
      expect({ exit, out }).toEqual({ exit: 2, out: '' })
    }
  })
})

describe('the options of the venue and the account', () => {
  const settings = [
    ['--latency', 'near=2ms,3ms'],
    ['--rate-limit', 'near=sliding(3/1s)', '--rate-limit', '50/10s'],
    ['--feed-delay', '5ms'],
    ['--rules', file('rules.json', '{"maxOpenOrders": 4}')],
    ['--funding', file('funding.csv', 'time,rate\n2024-08-08T00:00:05Z,0.0001\n')],
    ['--cash', '100000', '--leverage', '5', '--margin', 'isolated', '--liquidation-fee', '0.01'],
  ].flat()
  const told = {
    latency: 'constant 2ms to the exchange, 3ms back',
    rateLimits: 'sliding(3/1s) 50/10s',
    rules: '{"maxOpenOrders":4}',
    funding: expect.stringMatching(/^schedule of 1 /) as string,
    account: 'leverage 5, mode isolated, liquidationFee 0.01',
  }

  it('reach a backtest and a list of orders alike', async () => {
    for (const command of ['backtest', 'orders'] as const) {
      const answer = await json<RunJson>(command, ...settings)
      expect(answer.settings).toMatchObject(told)
      expect(answer.settings['source']).toContain('5ms later')
    }
  })

  it('decide what becomes of a list of orders', async () => {
    type Counts = Readonly<Record<'rejected' | 'filled' | 'open', number>>
    expect((await json<Counts>('orders')).rejected).toBe(0)
    const rules = file('four.json', '{"maxOpenOrders": 4}')
    expect((await json<Counts>('orders', '--rules', rules)).rejected).toBe(2)
    expect((await json<Counts>('orders', '--rate-limit', '3/1s')).rejected).toBe(3)
    const poor = ['--cash', '0.01', '--leverage', '1']
    expect((await json<Counts>('orders', ...poor)).rejected).toBe(6)
  })

  it('tell why orders were refused, once for reasons that differ in numbers alone', async () => {
    const { out } = await run(...commands.orders, '--cash', '0.01', '--leverage', '1')
    expect(out).toMatch(/rejected +6 \(6 such as "insufficient margin: the order needs [^"]*"\)\n/)
  })

  it('refuse a list of orders whose times the delayed feed does not reach', async () => {
    const { exit, err } = await run(...commands.orders, '--feed-delay', '1h')
    expect(exit).toBe(2)
    expect(err).toMatch(/line 2 field local_ts_ns: .* is outside the data/)
  })

  it('may differ between instruments of a run', async () => {
    const both = ['--symbol', 'far:SIM', '--cash', '10']
    const table = file('far.json', `{"tickTable": [{"from": 0, "tick": ${4 * tick}}]}`)
    const named = ['--rules', `far=${table}`, '--feed-delay', 'far=9ms', '--rate-limit', 'far=5/s']
    const answer = await json<RunJson>('backtest', ...both, ...named, '--funding', 'near=off')
    expect(answer.settings).toMatchObject({
      'rules far:SIM': `{"tickTable":[{"from":0,"tick":${4 * tick}}]}`,
      'rateLimits far:SIM': '5/1s',
      'funding near:SIM': 'off',
    })
    expect(Object.keys(answer.settings)).not.toContain('rules near:SIM')
    expect(answer.settings['source far:SIM']).toContain('9ms later')
  })
})
