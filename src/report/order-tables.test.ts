import { describe, expect, test } from 'vitest'
import { handRun } from '../../test/run-record-fixture.ts'
import { sessionRun } from '../../test/session-fixture.ts'
import { fillsCsv, ordersCsv } from './order-tables.ts'

/** Rows of a CSV without quoted cells, by heading. */
function parse(pieces: Iterable<string>): Record<string, string>[] {
  const [head = '', ...lines] = [...pieces].join('').trimEnd().split('\n')
  const names = head.split(',')
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])),
  )
}

describe('orders.csv', () => {
  test('tells the life of each order, exactly', () => {
    const run = handRun({
      orders: [
        {
          side: -1,
          tif: 'GTX',
          price: 61500.1,
          size: 0.3,
          filled: 0.1,
          averagePrice: 61500.1,
          status: 'cancelled',
          submitLocal: 1,
          acceptExch: 1_000_002,
          acceptLocal: 2_000_003,
          cancelLocal: 5e9,
          doneExch: 5_001_000_000,
          doneLocal: 5_002_000_000,
          queueAhead: 1.5,
        },
        { type: 'market', size: 1, status: 'submitted', submitLocal: 7 },
      ],
    })
    const [cancelled, market] = parse(ordersCsv(run))
    const { trigger, triggerBy, displaySize, reduceOnly, postOnly, parent, oco, ouo, ...plain } =
      cancelled!
    expect([trigger, triggerBy, displaySize, reduceOnly, postOnly, parent, oco, ouo]).toEqual(
      Array.from({ length: 8 }, () => ''),
    )
    expect(plain).toEqual({
      id: '1',
      symbol: 'BTCUSDT',
      side: 'sell',
      type: 'limit',
      timeInForce: 'GTX',
      price: '61500.1',
      size: '0.3',
      filled: '0.1',
      averagePrice: '61500.1',
      status: 'cancelled',
      queueAhead: '1.5',
      submitLocalNs: '1723075200000000001',
      submitLocal: '2024-08-08T00:00:00.000000001Z',
      acceptExchNs: '1723075200001000002',
      acceptExch: '2024-08-08T00:00:00.001000002Z',
      acceptLocalNs: '1723075200002000003',
      acceptLocal: '2024-08-08T00:00:00.002000003Z',
      cancelLocalNs: '1723075205000000000',
      cancelLocal: '2024-08-08T00:00:05.000000000Z',
      doneExchNs: '1723075205001000000',
      doneExch: '2024-08-08T00:00:05.001000000Z',
      doneLocalNs: '1723075205002000000',
      doneLocal: '2024-08-08T00:00:05.002000000Z',
      triggerExchNs: '',
      triggerExch: '',
      triggerLocalNs: '',
      triggerLocal: '',
      expireExchNs: '',
      expireExch: '',
    })
    expect(market).toMatchObject({ type: 'market', price: '', acceptExchNs: '', doneLocal: '' })
  })
})

describe('fills.csv', () => {
  test('tells each fill with position, queue and touch', () => {
    const run = handRun({
      fills: [
        {
          orderId: 3,
          side: 1,
          price: 100.5,
          size: 0.002,
          fee: -1e-7,
          time: 2e9,
          queueAhead: 0.25,
          bid: 100.5,
          ask: 100.6,
        },
        { orderId: 4, side: -1, price: 101, size: 0.001, maker: false, time: 3e9 },
      ],
    })
    const [first, second] = parse(fillsCsv(run))
    expect(first).toEqual({
      orderId: '3',
      symbol: 'BTCUSDT',
      side: 'buy',
      liquidity: 'maker',
      price: '100.5',
      size: '0.002',
      value: '0.201',
      fee: '-0.0000001',
      position: '0.002',
      queueAhead: '0.25',
      bidPrice: '100.5',
      bidSize: '1',
      askPrice: '100.6',
      askSize: '1',
      exchTimeNs: '1723075201999000000',
      exchTime: '2024-08-08T00:00:01.999000000Z',
      localTimeNs: '1723075202000000000',
      localTime: '2024-08-08T00:00:02.000000000Z',
    })
    expect(second).toMatchObject({
      liquidity: 'taker',
      position: '0.001',
      queueAhead: '',
      bidPrice: '',
    })
  })

  test('rows reconcile with position and fees of the run', () => {
    const run = sessionRun({ samples: 300 })
    const rows = parse(fillsCsv(run))
    expect(rows).toHaveLength(run.fills.length)
    const position = rows.reduce(
      (sum, row) => sum + (row['side'] === 'buy' ? 1 : -1) * Number(row['size']),
      0,
    )
    expect(position).toBeCloseTo(run.totals.position, 9)
    expect(Number(rows.at(-1)!['position'])).toBe(run.totals.position)
    expect(rows.reduce((sum, row) => sum + Number(row['fee']), 0)).toBeCloseTo(run.totals.fees, 9)
  })
})
