import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ClearedMarket } from '../../../test/cleared-market.ts'
import { Tape, unitInstrument } from '../../../test/tape.ts'
import { EventKind, eventCode } from '../../market/index.ts'
import { bankruptcyTicks } from '../../order/index.ts'

/** Rows of the table of the example, as cells. */
function rowsOfPage(): string[][] {
  const page = readFileSync(new URL('../../../docs/money.md', import.meta.url), 'utf8')
  const example = page.slice(page.indexOf('## A worked example'))
  return example
    .split('\n')
    .filter((line) => /^\|\s+\d/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

it('the worked example of docs/money.md is what the venue computes', () => {
  const tape = new Tape()
    .snapshot(0, [[99, 1000]], [[101, 1000]])
    .row(20, eventCode(EventKind.Funding, 0), 100, 1_000_000)
    .bid(30, 99, 0)
    .bid(30, 89, 1000)
    .ask(30, 91, 1000)
    .bid(40, 89, 0)
    .bid(40, 84, 1000)
    .ask(40, 86, 1000)
  const run = new ClearedMarket({
    instrument: unitInstrument,
    events: tape.events(),
    margin: { leverage: 10, maintenance: 0.05 },
    balance: 1000,
    feeRate: 0.001,
    liquidationFee: 0.01,
    funding: 'tape',
  })
  const account = run.house.accounts[0]!
  const holding = run.holding()
  const row = (time: number): number[] => {
    const values = [
      holding.mark,
      holding.position.size,
      account.balance('Q'),
      run.equity(),
      holding.maintenance,
      account.bound('Q'),
      account.free('Q'),
    ]
    return [time, ...values.map((value) => Math.round(value * 1e6) / 1e6)]
  }
  run.send(10, 1, 101, 50)
  const rows = [row(10)]
  for (const time of [20, 30, 40]) {
    run.to(time)
    rows.push(row(time))
  }
  const told = rowsOfPage()
  expect(told.map(([time, , ...numbers]) => [time, ...numbers].map(Number))).toEqual(rows)
  expect(run.log).toEqual([
    '10 filled 50 @ 101 fee 5.05',
    '20 funded -5',
    expect.stringMatching(/^40 filled -50 @ 84 fee 46\.2\d* \(liquidation\)$/),
  ])
  const [liquidation] = run.house.liquidations
  expect(liquidation!.equity).toBeCloseTo(189.95, 9)
  expect(liquidation!.maintenance).toBeCloseTo(212.5, 9)
  const before = new ClearedMarket({ instrument: unitInstrument, events: tape.events() })
  before.send(35, 1, 91, 50)
  before.to(40)
  expect(bankruptcyTicks(before.holding(), 189.95)).toBe(82)
})
