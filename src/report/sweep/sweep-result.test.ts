import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { breakEven, linesAlong, sweepAxes, type SweepRow } from './sweep-result.ts'
import { breakEvenText } from './sweep-text.ts'

function row(params: Readonly<Record<string, string>>, net: number): SweepRow {
  return {
    params,
    runHash: '0'.repeat(32),
    net,
    fees: 0,
    sharpe: null,
    maxDrawdown: 0,
    makerShare: 1,
    orders: 2,
    fills: 1,
    position: 0,
    seconds: 1,
  }
}

const alongLatency = (nets: Readonly<Record<string, number>>): SweepRow[] =>
  Object.entries(nets).map(([latency, net]) => row({ latency }, net))

function evenOf(rows: readonly SweepRow[]): { text: string; at: readonly number[] } {
  const axes = sweepAxes(rows)
  const line = linesAlong(rows, axes, axes[0]!, undefined)[0]!
  return { text: breakEvenText(line, axes[0]!), at: breakEven(line, axes[0]!).at }
}

describe('the axes of a sweep', () => {
  it('keep the order in which values were asked for, and measure latencies in ns one way', () => {
    const rows = ['5ms', '1ms/3ms', '500us'].map((latency) => row({ latency, queue: 'a' }, 1))
    expect(sweepAxes(rows)).toEqual([
      { name: 'latency', values: ['5ms', '1ms/3ms', '500us'], numbers: [5e6, 2e6, 5e5] },
      { name: 'queue', values: ['a'], numbers: undefined },
    ])
  })

  it('have no numbers where one value is a model', () => {
    const rows = ['1ms', 'lognormal(median=1ms,sigma=1)'].map((latency) => row({ latency }, 1))
    expect(sweepAxes(rows)[0]!.numbers).toBeUndefined()
  })
})

describe('break-even', () => {
  it('lies where the straight line between two runs meets zero', () => {
    expect(evenOf(alongLatency({ '1ms': 30, '2ms': 10, '4ms': -30 }))).toEqual({
      text: 'in profit up to 2.5 ms',
      at: [2.5e6],
    })
  })

  it('tells profit that begins, that never is, that always is, and that comes and goes', () => {
    expect(evenOf(alongLatency({ '1ms': -1, '2ms': 1 })).text).toBe('in profit from 1.5 ms on')
    expect(evenOf(alongLatency({ '1ms': -1, '2ms': -2 })).text).toBe('no profit at any value')
    expect(evenOf(alongLatency({ '1ms': 1, '2ms': 2 })).text).toBe('in profit at every value')
    expect(evenOf(alongLatency({ '1ms': 1, '2ms': -1, '3ms': 1 })).text).toBe(
      'the sign changes at 1.5 ms, 2.5 ms',
    )
  })

  it('does not depend on the order of the runs, and is where profit has both signs beside it', () => {
    const nets = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 2, maxLength: 8 })
    fc.assert(
      fc.property(nets, (values) => {
        const entries = values.map((net, i) => [`${i + 1}ms`, net] as const)
        const forward = evenOf(alongLatency(Object.fromEntries(entries)))
        const backward = evenOf(alongLatency(Object.fromEntries(entries.toReversed())))
        expect(backward).toEqual(forward)
        const changes = values.slice(1).filter((net, i) => net > 0 !== values[i]! > 0)
        expect(forward.at).toHaveLength(changes.length)
      }),
      { numRuns: 200, seed: 1 },
    )
  })
})

describe('lines along an axis', () => {
  it('hold the other axes at their first value, one line for each value of the second', () => {
    const rows = ['a', 'b'].flatMap((queue) =>
      ['1ms', '2ms'].flatMap((latency) =>
        ['x', 'y'].map((fees) => row({ latency, queue, fees }, `${queue}${latency}${fees}`.length)),
      ),
    )
    const axes = sweepAxes(rows)
    const [latency, queue] = axes
    const lines = linesAlong(rows, axes, latency!, queue)
    expect(lines.map(({ label, points }) => [label, points.map(({ value }) => value)])).toEqual([
      ['a', ['1ms', '2ms']],
      ['b', ['1ms', '2ms']],
    ])
    expect(
      lines.every(({ points }) => points.every(({ row: r }) => r.params['fees'] === 'x')),
    ).toBe(true)
  })
})
