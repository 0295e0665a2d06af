import { describe, expect, it } from 'vitest'
import { sweepCells, type SweepTexts } from './sweep-axes.ts'

const texts = (given: Partial<SweepTexts> = {}): SweepTexts => ({
  latency: '1ms',
  queue: 'risk-averse',
  exchange: 'no-partial',
  fees: ['maker=0bps,taker=0bps'],
  set: [],
  ...given,
})

describe('the cells of a sweep', () => {
  it('are every combination of the values, the last axis changing fastest', () => {
    const cells = sweepCells(texts({ latency: '1ms,2ms', set: ['a=1,2', 'b=x'] }))
    expect(cells.map(({ venue, settings }) => [...venue.latency!, ...settings])).toEqual([
      ['1ms,1ms', 'a=1', 'b=x'],
      ['1ms,1ms', 'a=2', 'b=x'],
      ['2ms,2ms', 'a=1', 'b=x'],
      ['2ms,2ms', 'a=2', 'b=x'],
    ])
    expect(cells[1]!.labels).toEqual({
      latency: '1ms',
      queue: 'risk-averse',
      exchange: 'no-partial',
      fees: 'maker=0bps,taker=0bps',
      a: '2',
      b: 'x',
    })
  })

  it('take a latency for both ways, or one for each, and models with commas of their own', () => {
    const model = 'lognormal(median=1ms,sigma=0.5)'
    const cells = sweepCells(texts({ latency: `1ms/3ms,${model},recorded:a.csv` }))
    expect(cells.flatMap(({ venue }) => venue.latency)).toEqual([
      '1ms,3ms',
      `${model},${model}`,
      'recorded:a.csv',
    ])
  })

  it('hold the other options too, where they are given', () => {
    const cells = sweepCells(
      texts({
        feedDelay: '0ms,-2ms',
        rateLimit: ['off,bucket(15/s,burst=30)', '300/10s'],
        rules: ['off', 'r.json'],
        funding: ['off', 'a,b.csv'],
        leverage: '1,5,10',
        margin: 'cross,isolated',
        liquidationFee: '0.01',
      }),
    )
    expect(cells).toHaveLength(2 * 2 * 2 * 2 * 3 * 2)
    expect(cells.at(-1)!).toEqual({
      venue: {
        latency: ['1ms,1ms'],
        queue: 'risk-averse',
        exchange: 'no-partial',
        fees: ['maker=0bps,taker=0bps'],
        feedDelay: ['-2ms'],
        rateLimit: ['bucket(15/s,burst=30)', '300/10s'],
        rules: ['r.json'],
        funding: ['a,b.csv'],
      },
      account: { leverage: '10', margin: 'isolated', liquidationFee: '0.01' },
      settings: [],
      labels: {
        latency: '1ms',
        queue: 'risk-averse',
        exchange: 'no-partial',
        fees: 'maker=0bps,taker=0bps',
        'feed-delay': '-2ms',
        'rate-limit': 'bucket(15/s,burst=30)',
        'rate-limit 2': '300/10s',
        rules: 'r.json',
        funding: 'a,b.csv',
        leverage: '10',
        margin: 'isolated',
        'liquidation-fee': '0.01',
      },
    })
    expect(sweepCells(texts({ set: ['leverage=2'] }))[0]).toMatchObject({
      account: {},
      settings: ['leverage=2'],
    })
  })

  it.each([
    ['a=1:2:0.5', ['1', '1.5', '2']],
    ['a=0.1:0.3:0.1', ['0.1', '0.2', '0.3']],
    ['a=-1:1:1', ['-1', '0', '1']],
    ['a=1:2:0.4', ['1', '1.4', '1.8']],
    ['a=5,1:2:1', ['5', '1', '2']],
  ])('read the range %s without the noise of doubles', (set, values) => {
    const cells = sweepCells(texts({ set: [set] }))
    expect(cells.map(({ labels }) => labels['a'])).toEqual(values)
  })

  it.each([
    [{ latency: '1ms,' }, '--latency has an empty value, number 2'],
    [{ queue: 'a,a' }, '--queue has the value "a" twice'],
    [{ leverage: '1,,5' }, '--leverage has an empty value, number 2'],
    [{ rateLimit: ['10/s,10/s'] }, '--rate-limit has the value "10/s" twice'],
    [{ rules: ['r.json', 'r.json'] }, '--rules has the value "r.json" twice'],
    [{ leverage: '2', set: ['leverage=1'] }, '"leverage" is set twice'],
    [{ set: ['=1'] }, '--set "=1" is not of the form name=value,value'],
    [{ set: ['a=1', 'a=2'] }, '"a" is set twice; give its values in one list, such as a=1,2'],
    [{ set: ['queue=a'] }, '--set "queue" is an option of its own: --queue'],
    [{ set: ['a=2:1:1'] }, '--set a "2:1:1" is not FIRST:LAST:STEP'],
    [{ set: ['a=1:2:0'] }, '--set a "1:2:0" is not FIRST:LAST:STEP'],
    [{ set: ['a=0:9999999:1'] }, 'more than 100000 values'],
    [{ set: ['a=0:999:1', 'b=0:999:1'] }, 'a sweep of 1000000 runs was asked for'],
  ])('refuse %o', (given, message) => {
    expect(() => sweepCells(texts(given))).toThrow(message)
  })
})
