import { describe, expect, it } from 'vitest'
import { readDrawnAssets } from '../page-assets.ts'
import { sweepPage } from './sweep-page.ts'
import type { SweepRow } from './sweep-result.ts'

const queues = ['risk-averse', '<b>power-prob:3']
const latencies = ['1ms', '10ms', 'lognormal(median=1ms,sigma=1)']
const rows: SweepRow[] = queues.flatMap((queue, q) =>
  latencies.map((latency, i) => ({
    params: { latency, queue },
    runHash: `${q}${i}`.padEnd(32, 'a'),
    net: 10 * (q + 1) - 8 * i,
    fees: -1,
    sharpe: i === 0 ? null : 2,
    maxDrawdown: 3,
    makerShare: 0.5,
    orders: 10,
    fills: 4,
    position: 0.25,
    seconds: 1.5,
  })),
)
const result = {
  strategy: 'mine',
  symbol: 'BTCUSDT',
  venue: 'somewhere',
  settlement: 'USDT',
  seed: 3,
  source: './store',
}

describe('the page of a sweep', () => {
  it('draws profit along every axis that varies and lists every run', () => {
    const page = sweepPage({ ...result, rows }, readDrawnAssets('sweep'))
    expect(page).toContain('Net profit against latency')
    expect(page).toContain('Net profit against queue')
    for (const { runHash } of rows) expect(page).toContain(runHash.slice(0, 8))
    expect(page).not.toMatch(/\{\{|undefined|NaN/)
  })

  it('runs no script, and shows the texts of values as text', () => {
    const page = sweepPage({ ...result, rows }, readDrawnAssets('sweep'))
    expect(page).not.toContain('<script')
    expect(page).not.toContain('<b>power')
    expect(page).toContain('&lt;b&gt;power-prob:3')
  })

  it('tells the break-even latency where latencies are numbers', () => {
    const measured = rows.filter(({ params }) => !params['latency']!.includes('('))
    const page = sweepPage({ ...result, rows: measured }, readDrawnAssets('sweep'))
    expect(page).toContain('Break-even latency')
    expect(page).toContain('in profit at every value')
  })

  it('makes a page of a single run', () => {
    const page = sweepPage({ ...result, rows: [rows[0]!] }, readDrawnAssets('sweep'))
    expect(page).toContain('1 of 1')
    expect(page).toContain('none varied')
  })
})
