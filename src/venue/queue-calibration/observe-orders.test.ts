import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryTape, type Side } from '../../market/index.ts'
import { wildTape } from '../../../test/wild-tape.ts'
import { Prng } from '../../core/index.ts'
import type { ExchangeFill, ExchangeReports } from '../exchange.ts'
import { NoPartialExchange } from '../no-partial-exchange.ts'
import { parseQueueModel } from '../queue-model.ts'
import { endSteps } from './level-path.ts'
import { observeOrders, type RestingOrderFate } from './observe-orders.ts'
import { NO_STEP, predictFill } from './predict-fill.ts'

interface Told {
  readonly index: number
  readonly side: Side
  readonly tick: number
  acceptTime: number
  fillTime: number
  endTime: number
  frontLots: number
}

/** Notes what the simulated exchange says of orders that came to rest. */
class Account implements ExchangeReports {
  readonly orders: Told[] = []
  accepted(index: number, time: number, ahead: number): void {
    const told = this.orders[index]!
    told.acceptTime = time
    told.frontLots = ahead
  }
  filled(index: number, time: number, fill: ExchangeFill): void {
    if (fill.isMaker) this.orders[index]!.fillTime = this.orders[index]!.endTime = time
  }
  cancelled(index: number, time: number): void {
    this.orders[index]!.endTime = time
  }
  expired(): void {}
  rejected(): void {}
  cancelRejected(): void {}
  amended(): void {}
  amendRejected(): void {}
}

/** Sends orders at random through the simulated exchange and returns those that came to rest. */
function restingOrders(tape: ReturnType<typeof memoryTape>, queue: string, prng: Prng): Told[] {
  const account = new Account()
  const exchange = new NoPartialExchange(tape.exchange(), parseQueueModel(queue), account)
  const advance = (until: number): void => {
    while (exchange.advance(until)) {
      // It stops behind every fill.
    }
  }
  const span = tape.lastTime - tape.firstTime
  let time = tape.firstTime
  for (let index = 0; index < 60; index++) {
    time += prng.nextInt(Math.ceil(span / 40))
    advance(time)
    const side = prng.nextInt(2) === 0 ? 1 : -1
    const tick = 100 - side * (1 + prng.nextInt(3))
    const never = Number.NaN
    const last = Number.POSITIVE_INFINITY
    account.orders.push({
      index,
      side,
      tick,
      acceptTime: never,
      fillTime: never,
      endTime: last,
      frontLots: never,
    })
    exchange.submit(
      { index, side, type: 'limit', timeInForce: 'GTX', priceTicks: tick, sizeLots: 3, owner: 0 },
      time,
    )
    if (index > 5 && prng.nextInt(2) === 0) exchange.cancel(index - prng.nextInt(5), time)
  }
  advance(Number.POSITIVE_INFINITY)
  return account.orders.filter(({ acceptTime }) => !Number.isNaN(acceptTime))
}

const fateOf = ({ side, tick, acceptTime, fillTime, endTime }: Told): RestingOrderFate => ({
  side,
  tick,
  lots: 3,
  acceptTime,
  fillTime,
  endTime,
})

describe('observing the orders of a backtest', () => {
  it.each(['power-prob:3', 'fair-power-prob2:1.5', 'log-prob', 'risk-averse'])(
    'gives paths along which %s says just what the simulated exchange said',
    (queue) => {
      const model = parseQueueModel(queue)
      let filled = 0
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
          const tape = memoryTape(wildTape(seed, 1500))
          const told = restingOrders(tape, queue, new Prng(seed, 1))
          const observed = observeOrders(tape, told.map(fateOf))
          expect(observed.length).toBe(told.length)
          for (const [i, observation] of observed.entries()) {
            const { acceptTime, frontLots, fillTime } = told[i]!
            expect([observation.acceptTime, observation.frontLots]).toEqual([acceptTime, frontLots])
            const step = predictFill(model, observation)
            const { from, to } = endSteps(observation)
            if (observation.isFilled) {
              filled++
              expect(observation.endTime).toBe(fillTime)
              expect(step).toBeGreaterThanOrEqual(from)
              expect(step).toBeLessThan(to)
              expect(observation.path.time[step]).toBe(fillTime)
            } else expect(step === NO_STEP || step >= to).toBe(true)
          }
        }),
        { numRuns: 6, seed: 7 },
      )
      expect(filled).toBeGreaterThan(20)
    },
  )
})
