import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainRows } from '../../../../test/import-support.ts'
import { EXCH_ONLY_BIT, EventKind, EventWriter, LOCAL_ONLY_BIT } from '../../../market/index.ts'
import { SideJoin, type TapeRow } from './side-join.ts'

interface Happening {
  readonly exch: number
  readonly local: number
  readonly value: number
}

const row = (
  localTime: number,
  exchTime: number,
  code: number,
  tick: number,
  seq: number,
): TapeRow => ({ localTime, exchTime, code, tick, lots: 1, seq })

describe('SideJoin', () => {
  const happenings = fc.array(
    fc.record({
      exch: fc.nat(20),
      delay: fc.nat(12),
      value: fc.nat(3),
      sides: fc.constantFrom('both', 'both', 'both', 'x', 'l'),
    }),
    { maxLength: 40, size: 'max' },
  )

  it.each([2, 8, 64])('lets each side see its rows in its order (holding back %i)', (capacity) => {
    let joined = 0
    fc.assert(
      fc.property(
        happenings,
        fc.array(fc.nat(4), { minLength: 80, maxLength: 80 }),
        (made, turns) => {
          const happened = made.map(({ exch, delay, value }) => ({
            exch,
            local: exch + delay,
            value,
          }))
          const of = (side: string): Happening[] =>
            happened.filter((_, i) => made[i]!.sides === 'both' || made[i]!.sides === side)
          const exchange = of('x').toSorted((a, b) => a.exch - b.exch)
          const local = of('l').toSorted((a, b) => a.local - b.local)
          const writer = new EventWriter(0n)
          const join = new SideJoin(
            {
              row({ localTime, exchTime, code, tick, lots, seq }): void {
                writer.push(localTime, exchTime, code, tick, lots, -1, seq)
              },
            },
            capacity,
          )
          // Deal the two orders out in turns, the exchange side ahead as files have it.
          let x = 0
          let l = 0
          for (const turn of turns) {
            for (let n = 0; n <= turn && x < exchange.length; n++) {
              const { exch, local: time, value } = exchange[x++]!
              join.exchangeRow(row(time, exch, EventKind.DepthSet, value, value))
            }
            if (
              l < local.length &&
              (x === exchange.length || exchange[x]!.exch >= local[l]!.exch)
            ) {
              const { exch, local: time, value } = local[l++]!
              join.localRow(row(time, exch, EventKind.DepthSet, value, value))
            }
          }
          while (x < exchange.length) {
            const { exch, local: time, value } = exchange[x++]!
            join.exchangeRow(row(time, exch, EventKind.DepthSet, value, value))
          }
          while (l < local.length) {
            const { exch, local: time, value } = local[l++]!
            join.localRow(row(time, exch, EventKind.DepthSet, value, value))
          }
          join.finish()
          const rows = writer.finish()
          const plain = plainRows(rows)
          // A view holds what a side may see, in its order; exchange-only rows carry no local time.
          const localView = plain.filter(({ code }) => (code & EXCH_ONLY_BIT) === 0)
          expect(localView.map(({ local: time, exch, tick }) => [time, exch, tick])).toEqual(
            local.map(({ local: time, exch, value }) => [time, exch, value]),
          )
          const exchView = plainRows(rows, 'exchange').filter(
            ({ code }) => (code & LOCAL_ONLY_BIT) === 0,
          )
          expect(exchView.map(({ exch, tick }) => [exch, tick])).toEqual(
            exchange.map(({ exch, value }) => [exch, value]),
          )
          joined += plain.filter(({ code }) => code === EventKind.DepthSet).length
          expect(plain.every(({ tick, seq }) => tick === seq)).toBe(true)
        },
      ),
      { numRuns: 1000 },
    )
    expect(joined).toBeGreaterThan(1000)
  })

  it('keeps local times in order when rows for the exchange alone lie between', () => {
    const times: number[] = []
    const join = new SideJoin({ row: ({ localTime }) => void times.push(localTime) })
    join.exchangeRow(row(50, 1, EventKind.Trade, 1, 0))
    join.exchangeRow(row(5, 2, EventKind.Trade, 1, 0))
    join.localRow(row(10, 3, EventKind.Trade, 2, 0))
    join.sharedRow(row(20, 2, EventKind.Trade, 3, 0))
    join.finish()
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })
})
