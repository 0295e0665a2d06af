import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Monkey, orders, randomTape, run } from '../../test/scripted-run.ts'
import { inverseInstrument, unitInstrument } from '../../test/tape.ts'
import type { Order } from '../order/index.ts'

/** Keeps a second set of books by hand and compares at every event that it hears of. */
class Auditor extends Monkey {
  readonly #seen = new Map<Order, number>()
  events = 0
  #position = 0
  #cash = 0
  #fees = 0
  #lastMid = Number.NaN

  override onBook(): void {
    this.#audit()
  }

  override notifyOrder(order: Order): void {
    const known = this.#seen.get(order) ?? 0
    const size = order.filled - known
    if (size > 0) {
      this.#seen.set(order, order.filled)
      const value = size * this.instrument.unitValue(order.averagePrice)
      const isMaker = order.acceptExch < order.doneExch
      this.#position += order.side * size
      this.#cash -= order.side * value
      this.#fees += (Math.abs(value) * (isMaker ? -1 : 2)) / 1e4
    }
    this.#audit()
  }

  #audit(): void {
    this.events++
    const { mid } = this.book
    if (!Number.isNaN(mid)) this.#lastMid = mid
    const held =
      this.#position === 0 ? 0 : this.#position * this.instrument.unitValue(this.#lastMid)
    expect(this.position.size).toBe(this.#position)
    expect(this.broker.value).toBeCloseTo(this.#cash + held - this.#fees, 9)
    expect(this.position.realized + this.position.unrealized(this.#lastMid)).toBeCloseTo(
      this.#cash + held,
      9,
    )
  }
}

describe('accounting', () => {
  it.each([unitInstrument, inverseInstrument])(
    'cash + position x mark - fees = equity at every event, fills sum to the position ($kind)',
    async (instrument) => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), async (seed) => {
          const result = await run(randomTape(seed), Auditor, {
            entry: 7,
            response: 3,
            instrument,
            seed,
          })
          expect((result.strategy as Auditor).events).toBeGreaterThan(300)
          const { fills, samples, totals } = result.record
          let position = 0
          let cash = 0
          let fees = 0
          for (let i = 0; i < fills.length; i++) {
            position += fills.side[i]! * fills.size[i]!
            cash -= fills.side[i]! * fills.size[i]! * instrument.unitValue(fills.price[i]!)
            fees += fills.fee[i]!
            expect(fills.position[i]).toBe(position)
          }
          expect(totals.position).toBe(position)
          expect(totals.realized + totals.unrealized - totals.fees).toBeCloseTo(totals.net, 9)
          const value = position === 0 ? 0 : position * instrument.unitValue(totals.mark)
          expect(cash + value - fees).toBeCloseTo(totals.net, 9)
          const last = samples.length - 1
          expect(samples.equity[last]).toBeCloseTo(totals.net, 9)
        }),
        { numRuns: 40 },
      )
    },
  )

  it('never fills before the request can have arrived, nor beyond the limit; post-only never takes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), async (seed) => {
        const result = await run(randomTape(seed), Monkey, { entry: 7, response: 3, seed })
        const { fills } = result.record
        for (let i = 0; i < fills.length; i++) {
          const order = orders(result)[fills.orderId[i]! - 1]!
          expect(fills.exchTime[i]!).toBeGreaterThanOrEqual(order.submitLocal + 7)
          expect(fills.localTime[i]!).toBeGreaterThanOrEqual(fills.exchTime[i]! + 3)
          expect(order.side * (order.price - fills.price[i]!)).toBeGreaterThanOrEqual(0)
          if (order.timeInForce === 'GTX') expect(fills.maker[i]).toBe(1)
        }
        for (const order of orders(result)) {
          if (order.isDone)
            expect(order.status === 'filled').toBe(order.filledLots === order.sizeLots)
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('the run hash', () => {
  it('H29 repeats with the run and differs with the seed, the data and the parameters', async () => {
    const hash = async (seed: number, tape: number): Promise<string> =>
      (await run(randomTape(tape), Monkey, { entry: 7, response: 3, seed })).runHash
    const first = await hash(1, 1)
    expect(first).toMatch(/^[0-9a-f]{32}$/)
    expect(await hash(1, 1)).toBe(first)
    expect(await hash(2, 1)).not.toBe(first)
    expect(await hash(1, 2)).not.toBe(first)
  })
})
