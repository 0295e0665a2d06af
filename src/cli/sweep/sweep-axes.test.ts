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
    expect(cells.map(({ latency, settings }) => [latency, ...settings])).toEqual([
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
    expect(cells.map(({ latency }) => latency)).toEqual([
      '1ms,3ms',
      `${model},${model}`,
      'recorded:a.csv',
    ])
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
