import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OrderOutcome } from './order-outcomes.ts'
import { compareOrders, pairOrders, type ActualOutcome } from './order-agreement.ts'

const outcome = (id: number, more: Partial<OrderOutcome> = {}): OrderOutcome => ({
  id,
  status: 'New',
  execPriceTicks: 0,
  lastExecLots: 0,
  leavesLots: 5,
  isMaker: false,
  exchNs: 0n,
  localNs: 0n,
  sizeLots: 5,
  filledLots: 0,
  averageTicks: Number.NaN,
  fillNs: undefined,
  reason: '',
  side: 1,
  distanceTicks: 0,
  queueAheadLots: Number.NaN,
  ...more,
})

const actually = (id: number, more: Partial<ActualOutcome> = {}): ActualOutcome => ({
  id,
  filledLots: 0,
  averageTicks: Number.NaN,
  fillNs: undefined,
  entryNs: undefined,
  ...more,
})

const filled = (ticks: number, ns: bigint) => ({ filledLots: 5, averageTicks: ticks, fillNs: ns })
const byId = (all: readonly ActualOutcome[]): Map<number, ActualOutcome> =>
  new Map(all.map((each) => [each.id, each]))

describe('the agreement of orders', () => {
  it('counts them by filled here and there, and how far time and price are apart', () => {
    const simulated = [
      outcome(1, filled(100, 1000n)),
      outcome(2, { ...filled(100, 5000n), side: -1 }),
      outcome(3, filled(100, 7n)),
      outcome(4),
      outcome(5),
      outcome(6, filled(100, 9n)),
    ]
    const actual = byId([
      actually(1, filled(102, 900n)),
      actually(2, filled(101, 5000n)),
      actually(3),
      actually(4, filled(99, 5n)),
      actually(5),
    ])
    const agreement = compareOrders(pairOrders(simulated, actual), 1)
    expect(agreement.table).toEqual({ bothFilled: 2, onlySimulated: 1, onlyActual: 1, neither: 1 })
    expect([agreement.compared, agreement.agree, agreement.share]).toEqual([5, 3, 0.6])
    // Wilson's interval of 3 of 5.
    expect(agreement.low).toBeCloseTo(0.2307, 4)
    expect(agreement.high).toBeCloseTo(0.8824, 4)
    const { timeNs, priceTicks } = agreement
    expect([timeNs.count, timeNs.equal, timeNs.mean, timeNs.medianSize]).toEqual([2, 1, 50, 50])
    // The buyer paid 2 ticks less here than there, the seller got 1 tick less.
    expect([priceTicks.mean, priceTicks.medianSize]).toEqual([0.5, 1.5])
  })

  it('groups them by how far behind the touch they stood', () => {
    const distances = [-Infinity, -3, 0, 1, 2, 3, 4, 7, 8, 64, 5000, Number.NaN]
    const simulated = distances.map((distanceTicks, id) => outcome(id, { distanceTicks }))
    const actual = byId(distances.map((_, id) => actually(id, id === 3 ? filled(1, 1n) : {})))
    const { byDistance } = compareOrders(pairOrders(simulated, actual), 1)
    expect(byDistance.map((row) => [row.distance, row.compared, row.agree])).toEqual([
      ['takes', 1, 1],
      ['inside the spread', 1, 1],
      ['0', 1, 1],
      ['1', 1, 0],
      ['2-3', 2, 2],
      ['4-7', 2, 2],
      ['8-15', 1, 1],
      ['64 and more', 2, 2],
      ['no touch', 1, 1],
    ])
    expect([byDistance[3]!.simulatedFilled, byDistance[3]!.actualFilled]).toEqual([0, 1])
  })

  it('is whole with itself, and its rows add up, for any orders', () => {
    const order = fc.record({
      lots: fc.integer({ min: 0, max: 5 }),
      distanceTicks: fc.constantFrom(-Infinity, -1, 0, 1, 9, 70, Number.NaN),
      other: fc.integer({ min: 0, max: 5 }),
    })
    fc.assert(
      fc.property(fc.array(order, { maxLength: 30, size: 'max' }), (orders) => {
        const fill = (lots: number) =>
          lots === 0 ? {} : { filledLots: lots, averageTicks: lots, fillNs: BigInt(lots) }
        const simulated = orders.map(({ lots, distanceTicks }, id) =>
          outcome(id, { distanceTicks, ...fill(lots) }),
        )
        const same = byId(orders.map(({ lots }, id) => actually(id, fill(lots))))
        const itself = compareOrders(pairOrders(simulated, same), 3)
        expect([itself.agree, itself.timeNs.equal]).toEqual([orders.length, itself.timeNs.count])
        const other = byId(orders.map(({ other: lots }, id) => actually(id, fill(lots))))
        const { table, compared, agree, byDistance } = compareOrders(
          pairOrders(simulated, other),
          3,
        )
        const { bothFilled, onlySimulated, onlyActual, neither } = table
        expect(bothFilled + onlySimulated + onlyActual + neither).toBe(compared)
        expect(bothFilled + neither).toBe(agree)
        const sum = (of: (row: (typeof byDistance)[number]) => number): number =>
          byDistance.reduce((total, row) => total + of(row), 0)
        expect(sum((row) => row.compared)).toBe(compared)
        expect(sum((row) => row.simulatedFilled)).toBe(bothFilled + onlySimulated)
        expect(sum((row) => row.actualFilled)).toBe(bothFilled + onlyActual)
      }),
      { seed: 1, numRuns: 60 },
    )
  })

  it('says nothing of orders of which nothing is known', () => {
    const agreement = compareOrders(pairOrders([outcome(1)], new Map()), 1)
    expect([agreement.compared, agreement.low, agreement.high]).toEqual([0, 0, 1])
    expect([agreement.share, agreement.timeNs.mean, agreement.timeNs.medianSize]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ])
  })
})
