import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { makeStore } from '../../../test/store-fixture.ts'
import { simulateMarket } from '../../feed/index.ts'
import { runProgram } from '../program.ts'
import { ordersCommand } from './orders-command.ts'

const dir = mkdtempSync(join(tmpdir(), 'lobtrader-orders-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const { instrument, events } = simulateMarket({ seed: 2, durationNs: 20e9 })
const store = join(dir, 'store')
makeStore(store, { l2: events }, instrument)
const start = events.epochNs + BigInt(events.localTime[0]!)
const at = (seconds: number): bigint => start + BigInt(Math.round(seconds * 1e9))
const lastTrade = events.code.findLastIndex((code) => (code & 15) === 1)
const mid = events.tick[lastTrade]!

let files = 0
function file(text: string | Uint8Array): string {
  const path = join(dir, `file-${files++}.csv`)
  writeFileSync(path, text)
  return path
}

const HEADER =
  'order_id,local_ts_ns,side,price_tick,qty_lots,time_in_force,order_type,cancel_local_ts_ns'
const list = (...rows: string[]): string => [HEADER, ...rows, ''].join('\n')
const good = list(
  `1,${at(2)},1,${mid - 1},5,0,0,${at(9)}`,
  `2,${at(3)},-1,${mid + 1},5,0,0,0`,
  `3,${at(4)},buy,0,5,IOC,market,0`,
  `4,${at(5)},sell,${mid - 200},5,GTX,limit,0`,
)

async function orders(...args: string[]): Promise<{ out: string; err: string; exit: number }> {
  const heard = { out: '', err: '' }
  const terminal = {
    out: (text: string) => void (heard.out += text),
    err: (text: string) => void (heard.err += text),
    isWatched: false,
  }
  const all = ['orders', '--store', store, '--symbol', instrument.symbol, ...args]
  const exit = await runProgram(all, terminal, [ordersCommand()])
  return { ...heard, exit }
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { out, err, exit } = await orders(...args, '--json')
  expect([err, exit]).toEqual(['', 0])
  return JSON.parse(out) as Record<string, unknown>
}

describe('lobtrader orders', () => {
  it('answers with counts and money, and writes what became of each order', async () => {
    const out = join(dir, 'outcomes.csv')
    const answer = await json(
      file(good),
      '--out',
      out,
      '--latency',
      '5ms,5ms',
      '--exchange',
      'no-partial',
    )
    const lines = readFileSync(out, 'utf8').split('\n')
    expect(lines[0]).toBe(
      'order_id,status,exec_price_tick,last_exec_qty_lots,leaves_qty_lots,maker,exch_ts_ns,local_ts_ns',
    )
    expect(lines.length).toBe(6)
    const rows = lines.slice(1, 5).map((line) => line.split(','))
    expect(rows.map((row) => row[0])).toEqual(['1', '2', '3', '4'])
    expect(rows[2]!.slice(1, 2)).toEqual(['Filled'])
    expect(rows[2]!.slice(5)).toEqual(['0', String(at(4) + 5_000_000n), String(at(4))])
    expect(rows[3]!.slice(1)).toEqual(`Expired,0,0,5,0,${at(5) + 5_000_000n},${at(5)}`.split(','))
    const count = (word: string): number => rows.filter((row) => row[1] === word).length
    expect(answer).toMatchObject({
      orders: 4,
      filled: count('Filled'),
      canceled: count('Canceled'),
      expired: count('Expired'),
      rejected: 0,
    })
    for (const key of ['position', 'cash', 'fees', 'trades', 'volume', 'value']) {
      expect(answer[key]).toBeTypeOf('number')
    }
    expect(answer).not.toHaveProperty('actual')
  })

  it('tells people the same', async () => {
    const { out, exit } = await orders(file(gzipSync(good)))
    expect(exit).toBe(0)
    expect(out).toMatch(/orders +4\nfilled +\d/)
    expect(out).toMatch(/rejected +1 \(1 "a post-only order would have taken"\)/)
  })

  it('agrees with itself, by the states that it wrote and by the fills among them', async () => {
    const out = join(dir, 'actual.csv')
    const path = file(good)
    const { filled } = await json(path, '--out', out, '--fees', 'maker=1bps,taker=2bps')
    const byStates = await json(path, '--actual', out)
    expect(byStates['actual']).toMatchObject({ compared: 4, agree: 4, share: 1 })
    const fills = readFileSync(out, 'utf8')
      .split('\n')
      .map((line) => line.split(','))
      .filter((row) => row[1] === 'Filled')
      .map(([id, , tick, lots, , maker, time]) => {
        const price = instrument.price(Number(tick))
        return `${id},${time},${price},${instrument.size(Number(lots))},${maker}`
      })
    const byFills = await json(
      path,
      '--actual',
      file(['order_id,exch_ts_ns,price,qty,maker', ...fills, ''].join('\n')),
    )
    expect(byFills['actual']).toMatchObject({
      compared: 4,
      agree: 4,
      table: { bothFilled: filled, onlySimulated: 0, onlyActual: 0 },
      timeNs: { mean: 0, equal: filled },
      priceTicks: { mean: 0, equal: filled },
    })
    const { out: text } = await orders(path, '--actual', out)
    expect(text).toMatch(/agreement +4 of 4 orders .*: 100\.0 % \(51\.0 to 100\.0\)/)
    expect(text).toMatch(/filled here +\d +0\nnot filled here +0 +\d/)
  })

  it('calibrates from a constant latency, and says what to set', async () => {
    const out = join(dir, 'truth.csv')
    const path = file(good)
    await json(path, '--out', out, '--latency', '8ms,4ms', '--queue', 'risk-averse')
    const start = '--latency 2ms,1ms --queue risk-averse --calibrate --seed 3'
    const answer = await json(path, '--actual', out, ...start.split(' '))
    const { calibration } = answer['actual'] as { calibration: Record<string, unknown> }
    expect(calibration).toMatchObject({
      latency: '8ms,4ms',
      queue: 'risk-averse',
      exponent: null,
      likelihood: null,
      heldOut: { after: { cost: 0 } },
    })
  })

  it.each([
    ['--calibrate', /--calibrate needs --actual/],
    ['--latency 5ms', /"5ms" is not a latency; expected entry,response/],
    ['--queue power', /"power" is not a queue model/],
    ['--exchange full', /"full" is not an exchange model; expected .*no-partial/],
    ['--fees 7', /"7"/],
    ['--seed x', /--seed "x"/],
    ['--actual absent.csv', /: absent\.csv: there is no such file$/m],
    ['--colour red', /unknown option "--colour"/],
  ])('refuses %s', async (args, message) => {
    const { err, exit, out } = await orders(file(good), ...args.split(' '))
    expect(err).toMatch(message)
    expect(err.split('\n').length).toBe(2)
    expect([exit, out]).toEqual([2, ''])
  })

  it('refuses to calibrate what is not constant', async () => {
    const path = file(good)
    const more = ['--actual', path, '--calibrate', '--latency', 'gamma(shape=2,scale=1ms),1ms']
    expect((await orders(path, ...more)).err).toMatch(/fits a constant latency and must start from/)
  })

  it('needs a list, a store and a symbol', async () => {
    expect((await orders()).err).toMatch(/missing required argument "orders"/)
    expect((await orders('absent.csv')).err).toMatch(/: absent\.csv: there is no such file$/m)
    expect((await orders(dir)).err).toContain(`: ${dir}: is a folder or a device, expected a file`)
  })

  const row = (change: Readonly<Record<number, string | bigint>>): string => {
    const cells: (string | bigint)[] = ['1', at(2), '1', String(mid), '5', '0', '0', '0']
    for (const [i, cell] of Object.entries(change)) cells[Number(i)] = cell
    return list(cells.join(','))
  }

  it.each([
    ['', /line 1 field order_id: is not in the header/],
    [list(), /holds no order; expected at least one/],
    [good.replace('qty_lots', 'qty_lot'), /line 1 field qty_lots: .*; did you mean "qty_lot"\?/],
    [good.replace('side', 'order_id'), /line 1 field order_id: .* comes twice/],
    [list('1,2,3'), /line 2: has 3 fields; expected 8 as in the header/],
    [row({ 0: '-1' }), /line 2 field order_id: "-1" is not a whole number from 0/],
    [row({ 0: '1.5' }), /field order_id: "1\.5" is not a whole number/],
    [row({ 1: 'now' }), /field local_ts_ns: "now" is not a whole number of Unix nano/],
    [
      row({ 1: '5' }),
      /field local_ts_ns: "5" \(1970-.*\) is outside the data, which were received/,
    ],
    [row({ 1: at(21) }), /field local_ts_ns: .* is outside the data/],
    [row({ 2: '2' }), /field side: "2" is none of 1, -1, buy, sell/],
    [row({ 3: '1e3' }), /field price_tick: "1e3" is not a whole number/],
    [row({ 4: '0' }), /field qty_lots: "0" is not a whole number from 1/],
    [row({ 5: '4' }), /field time_in_force: "4" is none of 0, 1, 2, 3, GTC/],
    [row({ 5: '1', 6: '1' }), /field time_in_force: "1" makes no sense here: a market order/],
    [row({ 6: 'stop' }), /field order_type: "stop" is none of 0, 1, limit, market/],
    [row({ 7: at(1) }), /field cancel_local_ts_ns: .* is before the order itself/],
    [
      list(...[1, 2, 1].map((id) => row({ 0: String(id) }).split('\n')[1]!)),
      /line 4 field order_id: "1" stands in line 2 already/,
    ],
    [Uint8Array.of(0xff, 0xfe), /is not text in UTF-8/],
    [gzipSync(good).subarray(0, 40), /gzip file that ends early/],
  ])('refuses a list with file, line, field and value: case %#', async (text, message) => {
    const path = file(text)
    const out = join(dir, 'never.csv')
    const { err, exit } = await orders(path, '--out', out)
    expect(err).toMatch(message)
    expect(err).toContain(path)
    expect(exit).toBe(2)
    expect(readdirSync(dir)).not.toContain('never.csv')
  })

  const states = (cells: string): string =>
    `order_id,status,exec_price_tick,last_exec_qty_lots,leaves_qty_lots,maker,exch_ts_ns,local_ts_ns\n${cells}\n`

  it.each([
    ['order_id,exch_ts_ns\n', /holds no row/],
    ['order_id,exch_ts_ns\n1,5\n', /has neither the columns of an outcome file/],
    [
      'order_id,exch_ts_ns,price_tick,qty_lots\n77,5,1,1\n',
      /line 2 field order_id: "77" is no order of/,
    ],
    [
      'order_id,exch_ts_ns,price_tick,qty_lots\n1,5,1,6\n',
      /field qty_lots: "6" is not a whole number from 1 to 5/,
    ],
    [
      'order_id,exch_ts_ns,price_tick,qty_lots\n1,5,1,3\n1,5,1,3\n',
      /line 3 field qty_lots: "3" makes 6 lots filled of an order of 5/,
    ],
    ['order_id,exch_ts_ns,price,qty_lots\n1,5,0.00001,3\n', /OFF_GRID|not a multiple/],
    [
      'order_id,exch_ts_ns,price,qty_lots\n1,5,cheap,3\n',
      /field price: "cheap" is not a plain decimal/,
    ],
    [
      'order_id,exch_ts_ns,price_tick,qty_lots,maker\n1,5,1,3,yes\n',
      /field maker: "yes" is none of 0, 1/,
    ],
    [states('1,Done,0,0,5,0,5,5'), /field status: "Done" is none of New, PartiallyFilled, Filled/],
    [
      states('1,Filled,0,0,5,0,5,5'),
      /field leaves_qty_lots: "5" is left of an order that is Filled/,
    ],
    [states('1,New,0,0,3,0,5,5'), /field leaves_qty_lots: "3" is left of a New order of 5/],
    [states('1,New,0,0,9,0,5,5'), /field leaves_qty_lots: "9" is not a whole number from 0 to 5/],
    [
      states('1,New,0,0,5,0,5,5\n1,New,0,0,5,0,5,5'),
      /line 3 field order_id: "1" has a row already/,
    ],
  ])(
    'refuses an account of a venue with file, line, field and value: case %#',
    async (text, message) => {
      const path = file(text)
      const { err, exit } = await orders(file(good), '--actual', path)
      expect(err).toMatch(message)
      expect(err).toContain(path)
      expect(exit).toBe(2)
    },
  )
})
