import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BinanceFuturesGate, BinanceSpotGate, type SequenceGate } from './sequence-gate.ts'

interface Delta {
  readonly first: number
  readonly last: number
  readonly previous: number
}

/** A venue's true stream: each delta covers some ids; futures skip ids that changed nothing. */
const stream = (futures: boolean): fc.Arbitrary<Delta[]> =>
  fc
    .array(fc.record({ skip: fc.nat(futures ? 5 : 0), width: fc.nat(6) }), {
      minLength: 3,
      maxLength: 60,
      size: 'max',
    })
    .map((steps) => {
      let last = 1000
      return steps.map(({ skip, width }) => {
        const previous = last
        const first = previous + 1 + skip
        last = first + width
        return { first, last, previous: futures ? previous : -1 }
      })
    })

const VENUES = [
  { name: 'Binance spot', futures: false, make: (): SequenceGate => new BinanceSpotGate() },
  { name: 'Binance futures', futures: true, make: (): SequenceGate => new BinanceFuturesGate() },
]

const judge = (gate: SequenceGate, { first, last, previous }: Delta): string =>
  gate.onDelta(first, last, previous)

describe.each(VENUES)('$name gate', ({ futures, make }) => {
  it('is a gap until the first snapshot', () => {
    const gate = make()
    expect(gate.onDelta(1, 5, 0)).toBe('gap')
    expect(gate.lastId).toBe(-1)
  })

  it('joins a snapshot at any id and then applies each later delta exactly once', () => {
    fc.assert(
      fc.property(stream(futures), fc.nat(), (deltas, pick) => {
        const joinAt = pick % deltas.length
        const snapshotId = deltas[joinAt]!.last
        const gate = make()
        gate.onSnapshot(snapshotId)
        const applied = deltas.filter((delta) => judge(gate, delta) === 'apply')
        // Futures apply the delta that ends at the snapshot's id again; sizes are absolute.
        expect(applied).toEqual(deltas.slice(futures ? joinAt : joinAt + 1))
      }),
    )
  })

  it('finds the gap behind any dropped delta, at the very next one', () => {
    fc.assert(
      fc.property(stream(futures), fc.nat(), (deltas, pick) => {
        fc.pre(deltas.length >= 4)
        const lost = 1 + (pick % (deltas.length - 2))
        const gate = make()
        gate.onSnapshot(deltas[0]!.last)
        const verdicts = deltas
          .slice(1)
          .flatMap((delta, i) => (i + 1 === lost ? [] : judge(gate, delta)))
        expect(verdicts.slice(0, lost - 1).every((verdict) => verdict === 'apply')).toBe(true)
        expect(verdicts.slice(lost - 1).every((verdict) => verdict === 'gap')).toBe(true)
        expect(verdicts.length).toBeGreaterThanOrEqual(lost)
      }),
    )
  })

  it('drops duplicates of anything that it applied, without a gap', () => {
    fc.assert(
      fc.property(stream(futures), fc.array(fc.nat(59), { maxLength: 20 }), (deltas, repeats) => {
        const gate = make()
        gate.onSnapshot(deltas[0]!.first - 1)
        deltas.forEach((delta, i) => {
          if (i === 0 && !futures) expect(judge(gate, delta)).toBe('apply')
          else if (i === 0) gate.onSnapshot(delta.last)
          else expect(judge(gate, delta)).toBe('apply')
          for (const repeat of repeats) {
            // An exact twin of the delta that futures join with is applied by rule 5.
            if (repeat <= i && i > 0) expect(judge(gate, deltas[repeat]!)).toBe('drop')
          }
        })
      }),
    )
  })

  it('begins again with the next snapshot after a gap', () => {
    const gate = make()
    gate.onSnapshot(10)
    expect(gate.onDelta(15, 20, 14)).toBe('gap')
    expect(gate.onDelta(21, 25, 20)).toBe('gap')
    gate.onSnapshot(23)
    expect(gate.onDelta(21, 25, 20)).toBe('apply')
    expect(gate.onDelta(26, 30, 25)).toBe('apply')
  })
})

describe('the documented joins', () => {
  it.each([
    { rule: 'spot 4: snapshot older than the first event', L: 98, U: 100, u: 105, verdict: 'gap' },
    { rule: 'spot: the event right behind the snapshot', L: 99, U: 100, u: 105, verdict: 'apply' },
    { rule: 'spot 5: the snapshot inside the event', L: 103, U: 100, u: 105, verdict: 'apply' },
    { rule: 'spot 5: u equal to the snapshot', L: 105, U: 100, u: 105, verdict: 'drop' },
  ])('$rule -> $verdict', ({ L, U, u, verdict }) => {
    const gate = new BinanceSpotGate()
    gate.onSnapshot(L)
    expect(gate.onDelta(U, u)).toBe(verdict)
  })

  it.each([
    { rule: 'futures 4: u < lastUpdateId', L: 106, U: 100, u: 105, pu: 99, verdict: 'drop' },
    { rule: 'futures 5: u == lastUpdateId', L: 105, U: 100, u: 105, pu: 99, verdict: 'apply' },
    { rule: 'futures 5: U == lastUpdateId', L: 100, U: 100, u: 105, pu: 90, verdict: 'apply' },
    { rule: 'futures: pu == lastUpdateId', L: 90, U: 100, u: 105, pu: 90, verdict: 'apply' },
    { rule: 'futures: updates missing', L: 95, U: 100, u: 105, pu: 96, verdict: 'gap' },
  ])('$rule -> $verdict', ({ L, U, u, pu, verdict }) => {
    const gate = new BinanceFuturesGate()
    gate.onSnapshot(L)
    expect(gate.onDelta(U, u, pu)).toBe(verdict)
  })

  it('of futures do not hold inside the chain: only pu counts there', () => {
    const gate = new BinanceFuturesGate()
    gate.onSnapshot(100)
    expect(gate.onDelta(95, 105, 94)).toBe('apply')
    expect(gate.onDelta(104, 110, 103)).toBe('gap')
  })
})
