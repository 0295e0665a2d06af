import { describe, expect, it } from 'vitest'
import type { ActualOutcome } from './order-agreement.ts'
import type { OrderOutcome } from './order-outcomes.ts'
import { pairedFates } from './paired-fates.ts'
import type { ScriptedOrder } from './scripted-orders.ts'

const EPOCH = 1_000_000n
const order: ScriptedOrder = {
  id: 7,
  timeNs: EPOCH + 100n,
  side: -1,
  priceTicks: 55,
  sizeLots: 4,
  timeInForce: 'GTC',
  type: 'limit',
  cancelNs: EPOCH + 500n,
}

function fatesOf(simulated: Partial<OrderOutcome>, actual: Partial<ActualOutcome>) {
  const here = { id: 7, status: 'Filled', queueAheadLots: 12, ...simulated } as OrderOutcome
  const there = { id: 7, filledLots: 0, averageTicks: Number.NaN, fillNs: undefined, ...actual }
  const pairs = [{ simulated: here, actual: { entryNs: undefined, ...there } }]
  return pairedFates(pairs, new Map([[7, order]]), { entryNs: 10, epochNs: EPOCH })
}

describe('the fates of orders that rested here and there', () => {
  it('end with the first real fill', () => {
    const filled = { filledLots: 4, fillNs: EPOCH + 900n, firstFillNs: EPOCH + 300n }
    expect(fatesOf({}, filled)).toEqual([
      {
        side: -1,
        tick: 55,
        lots: 4,
        frontLots: 12,
        acceptTime: 110,
        fillTime: 300,
        endTime: 300,
      },
    ])
  })

  it.each([
    ['when the venue says', {}, { cancelledNs: EPOCH + 505n }, 505],
    ['as it did here', { status: 'Canceled', exchNs: EPOCH + 512n } as const, {}, 512],
    ['never, where its cancel was not due here', { status: 'New' } as const, {}, Infinity],
    ['a latency after its cancel, where it was filled here', {}, {}, 510],
  ])('end without one %s', (_how, simulated, actual, endTime) => {
    const [fate] = fatesOf(simulated, actual)
    expect(fate).toMatchObject({ acceptTime: 110, fillTime: Number.NaN, endTime })
  })

  it.each([
    ['did not rest here', { queueAheadLots: Number.NaN }, {}],
    ['did not rest there', {}, { mayHaveRested: false }],
    ['was filled at a time that nobody tells', {}, { filledLots: 2 }],
    ['was filled before it can have arrived', {}, { filledLots: 4, firstFillNs: EPOCH + 105n }],
  ])('leave out one that %s', (_why, simulated, actual) => {
    expect(fatesOf(simulated, actual)).toEqual([])
  })
})
