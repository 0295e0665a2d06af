import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExchangeLog } from '../../../test/exchange-log.ts'
import { Scene } from '../../../test/exchange-scene.ts'
import { Tape, unitInstrument } from '../../../test/tape.ts'
import { RequestSender, session, sessionTape } from '../../../test/wild-orders.ts'
import { memoryTape } from '../../market/index.ts'
import { parseExchange } from '../exchange-models.ts'
import { parseQueueModel } from '../queue-model.ts'
import { MissingLiquidity, exponentialImpact, powerImpact } from './impact-kernel.ts'

const SECOND = 1e9

describe('what is missing of a book', () => {
  it.each([0.2, 0.5, 1, 2])('decays by the power law with exponent %f', (exponent) => {
    const kernel = powerImpact({ exponent, scale: '1s' })
    for (let scales = 0; scales <= 1e9; scales = scales * 3 + 0.01) {
      const missing = new MissingLiquidity(kernel)
      missing.add(1, 1000, 5)
      const ratio = missing.at(1, 5 + scales * SECOND) / (1000 * (1 + scales) ** -exponent)
      expect(Math.abs(ratio - 1)).toBeLessThan(1e-6)
    }
  })

  it('halves within each half-life, side by side', () => {
    const missing = new MissingLiquidity(exponentialImpact({ halfLife: '2s', strength: 0.5 }))
    missing.add(0, 80, 0)
    missing.add(1, 8, SECOND)
    missing.add(0, 40, 2 * SECOND)
    expect(missing.at(0, 4 * SECOND)).toBeCloseTo((80 / 4 + 40 / 2) / 2, 9)
    expect(missing.at(1, 5 * SECOND)).toBeCloseTo(1, 9)
  })

  it.each([
    [{ exponent: 0, scale: '1s' }, 'the exponent of a power-law impact is above 0'],
    [{ exponent: 0.5, scale: 0 }, 'the scale of an impact is above 0, was 0'],
    [{ exponent: 0.5, scale: '1s', strength: 1.5 }, 'the strength of an impact is a share'],
  ])('refuses %j', (options, message) => {
    expect(() => powerImpact(options)).toThrow(message)
  })
})

describe('the text of an exchange', () => {
  it.each([
    'partial',
    'partial(impact=power(exponent=0.5,scale=1s))',
    'partial(impact=power(exponent=0.5,scale=250ms,strength=0.3))',
    'partial(impact=exponential(halflife=30s))',
  ])('%s names the exchange that it reads', (text) => {
    expect(parseExchange(text).name).toBe(text)
  })

  it.each([
    'partial()',
    'partial(impact=)',
    'partial(impact=power)',
    'partial(impact=power(exponent=0.5))',
    'partial(impact=power(exponent=,scale=1s))',
    'partial(impact=exponential(halflife=1s,exponent=2))',
    'partial(impact=exponential(halflife=1s),more=1)',
    'partly',
  ])('%s is refused', (text) => {
    expect(() => parseExchange(text)).toThrow(/expected|exponent/)
  })
})

/** A deep book of 10 lots a tick from 101 on, sent anew each second. */
function steadyBook(seconds: number): Tape {
  const tape = new Tape().bid(0, 99, 10)
  for (let second = 0; second <= seconds; second++) {
    for (let tick = 101; tick < 160; tick++) tape.ask(second * SECOND, tick, 10)
  }
  return tape
}

/** Buys 8 lots each second for 60 s, then 1 lot now and then; average ticks paid above 101. */
function metaOrder(exchange: string): { during: number[]; after: number[] } {
  const scene = new Scene(exchange, steadyBook(2000))
  const paid = (size: number): number => {
    const fills = scene.buy(size).map((line) => /filled \d+ (\d+)@(\d+)/.exec(line)!)
    const value = fills.reduce((sum, [, lots, tick]) => sum + Number(lots) * Number(tick), 0)
    return value / size - 101
  }
  const during = Array.from({ length: 60 }, (_, second) => {
    scene.until(second * SECOND + 1)
    return paid(8)
  })
  const after = [61, 70, 100, 300, 1000, 2000].map((second) => {
    scene.until(second * SECOND + 1)
    return paid(1)
  })
  return { during, after }
}

describe('a meta-order against a book that is sent anew each second', () => {
  it('costs nothing more without impact', () => {
    const { during, after } = metaOrder('partial')
    expect([...during, ...after].every((ticks) => ticks === 0)).toBe(true)
  })

  it('moves the price by a concave path, and the price comes back in part', () => {
    const { during, after } = metaOrder('partial(impact=power(exponent=0.5,scale=1s))')
    const [start, middle, end] = [during[0]!, during[29]!, during[59]!]
    expect(start).toBe(0)
    expect(middle).toBeGreaterThan(4)
    expect(end - middle).toBeGreaterThan(1)
    // Half of the order does more than half of what all of it does.
    expect(middle - start).toBeGreaterThan(1.3 * (end - middle))
    for (let i = 1; i < after.length; i++) expect(after[i]!).toBeLessThanOrEqual(after[i - 1]!)
    expect(after[0]!).toBeGreaterThan(6)
    expect(after[2]!).toBeGreaterThan(1)
    expect(after[2]!).toBeLessThan(0.6 * end)
    expect(after.at(-1)!).toBeLessThan(after[0]! / 4)
  })

  it('pays what the closed form says: the lots missing, ten to a tick', () => {
    const { during, after } = metaOrder('partial(impact=exponential(halflife=20s))')
    const missing = (second: number): number => {
      let lots = 0
      for (let s = 0; s < Math.min(60, second); s++) lots += 8 * 2 ** ((s - second) / 20)
      return lots
    }
    during.forEach((ticks, second) => {
      const first = Math.round(missing(second))
      let sum = 0
      for (let lot = 0; lot < 8; lot++) sum += Math.floor((first + lot) / 10)
      expect(ticks).toBeCloseTo(sum / 8, 9)
    })
    // The probes are small and far apart: what they add themselves is below one lot at the next.
    const alone = (second: number): number => Math.floor(Math.round(missing(second)) / 10)
    expect(after[0]).toBe(alone(61))
    expect(Math.abs(after[2]! - alone(100))).toBeLessThanOrEqual(1)
    expect(after[3]).toBe(0)
  })
})

describe('impact', () => {
  it('keeps a limit order from what it could not take, also when it rests', () => {
    const tape = new Tape().bid(0, 99, 5).ask(0, 101, 10).ask(SECOND, 101, 10)
    tape.ask(2 * SECOND, 102, 1).ask(21 * SECOND, 102, 2)
    const scene = new Scene('partial(impact=exponential(halflife=20s))', tape)
    scene.until(0)
    expect(scene.buy(10, 101)).toEqual(['filled 0 10@101 taker'])
    scene.until(SECOND)
    expect(scene.buy(8, 101)).toEqual(['accepted 1 behind 0'])
    expect(scene.until(2 * SECOND)).toEqual(['filled 1 1@101 maker behind 0'])
    // Of the 10 and of the 1 some 5.3 are missing still, the 1 among them.
    expect(scene.until(21 * SECOND)).toEqual(['filled 1 5@101 maker behind 0'])
  })

  it('of strength 0 changes no report', () => {
    const queue = parseQueueModel('fair-power-prob:3')
    fc.assert(
      fc.property(session(12), (steps) => {
        const names = ['partial', 'partial(impact=power(exponent=0.5,scale=1s,strength=0))']
        const events = sessionTape(steps)
        const runs = names.map((name) => {
          const log = new ExchangeLog()
          const windows = memoryTape(events).exchange()
          const parts = { instrument: unitInstrument, windows, queue, reports: log }
          return { log, exchange: parseExchange(name).make(parts) }
        })
        const sender = new RequestSender()
        const exchanges = runs.map(({ exchange }) => exchange)
        steps.forEach(({ requests }, i) => {
          for (const exchange of exchanges) while (exchange.advance(i * 10));
          for (const request of requests) sender.send(request, i * 10, exchanges)
        })
        expect(runs[1]!.log.lines).toEqual(runs[0]!.log.lines)
      }),
      { numRuns: 200 },
    )
  })
})
