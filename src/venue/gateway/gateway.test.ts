import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ObviousGateway } from '../../../test/obvious-gateway.ts'
import {
  ReportLines,
  runVenue,
  venueOrder,
  type AskedVenueOrder,
  type Step,
} from '../../../test/venue-script.ts'
import { unitInstrument } from '../../../test/tape.ts'
import { anyOrder, triggerOrder, wildMarket, wildScript } from '../../../test/wild-venue.ts'
import { memoryTape, type EventColumns } from '../../market/index.ts'
import { EXCHANGE_NAMES, parseExchange, type ExchangeName } from '../exchange-models.ts'
import type { ExchangeOrder } from '../exchange.ts'
import { riskAverseQueue } from '../queue-model.ts'

const EXCHANGES = EXCHANGE_NAMES.filter((name) => name !== 'l3')

const RUNS = Number(process.env['LOBTRADER_CAMPAIGN_GATEWAY'] ?? 100)

describe.each(EXCHANGES)('the gateway over the exchange %s', (exchange) => {
  it('triggers what the obvious twin triggers, which looks at every order on every row', () => {
    fc.assert(
      fc.property(wildMarket, wildScript(triggerOrder), (events, steps) => {
        const slow = new ObviousGateway(events, exchange)
        let count = 0
        for (const step of steps) {
          slow.advance(step.at)
          if ('cancel' in step) slow.cancel(step.cancel, step.at)
          else if ('side' in step) {
            const { at, ...asked } = step
            slow.submit(venueOrder(asked, count++), at)
          }
        }
        slow.advance(Number.MAX_SAFE_INTEGER)
        expect(runVenue(events, steps, { exchange })).toEqual(slow.log.lines)
      }),
      { numRuns: RUNS },
    )
  })

  it('keeps every promise to every order, whatever is tied to what', () => {
    fc.assert(
      fc.property(wildMarket, wildScript(anyOrder), fc.nat(), (events, steps, seed) => {
        const rules = seed % 3 === 0 ? ({ stp: 'decrement', halts: 'queue' } as const) : {}
        checkPromises(steps, runVenue(events, steps, { exchange, rules }))
      }),
      { numRuns: 2 * RUNS },
    )
  })

  it('adds nothing to what a core reports of plain orders', () => {
    const order = anyOrder.map(({ side, size, price, tif }) => ({
      side,
      size,
      ...(price === undefined ? { type: 'market' as const } : { price }),
      ...(tif === undefined || tif === 'GTD' ? {} : { tif }),
    }))
    fc.assert(
      fc.property(wildMarket, wildScript(order), (events, steps) => {
        expect(runVenue(events, steps, { exchange })).toEqual(runCore(events, steps, exchange))
      }),
      { numRuns: RUNS },
    )
  })
})

/** What is known of one order from what was asked and reported. */
class Life {
  readonly asked: AskedVenueOrder
  size: number
  price: number
  filled = 0
  isDone = false

  constructor(asked: AskedVenueOrder) {
    this.asked = asked
    this.size = asked.size
    this.price = asked.price ?? Number.NaN
  }
}

/** Reads the lines of a run and holds them against what each order was promised. */
function checkPromises(steps: readonly Step[], lines: readonly string[]): void {
  const lives = steps.flatMap((step) => ('side' in step ? [new Life(step)] : []))
  let position = 0
  for (const line of lines) {
    const told = LINE.exec(line)
    expect(told, line).not.toBeNull()
    const { time, what, index, rest } = told!.groups as Record<string, string>
    if (what === 'cancel rejected' || what === 'amend rejected') continue
    const life = lives[Number(index)]!
    expect(life.isDone, `${line}: it was over`).toBe(false)
    if (what === 'amended') {
      const [size, price] = rest!.replace('to ', '').split('@').map(Number)
      life.size = size!
      life.price = price!
      expect(size, line).toBeGreaterThan(life.filled)
    } else if (what === 'filled') {
      position = checkFill(life, { line, time: Number(time), rest: rest!, position })
      checkSiblings(lives, Number(index), line)
    } else if (what === 'cancelled' || what === 'expired' || what === 'rejected') {
      life.isDone = true
    }
  }
}

const LINE =
  /^(?<time>\d+) (?<what>cancel rejected|amend rejected|trigger of|[a-z]+) (?<index>\d+)(?<rest>.*)$/

function checkFill(
  life: Life,
  fill: { line: string; time: number; rest: string; position: number },
): number {
  const { line, time, position } = fill
  const [, lots, price, liquidity] = /^ (\d+)@(-?\d+) (\w+)$/.exec(fill.rest)!
  const { side, type = 'limit', reduceOnly, postOnly, expireTime, limitOffsetTicks } = life.asked
  const size = Number(lots)
  life.filled += size
  expect(size, line).toBeGreaterThan(0)
  expect(life.filled, line).toBeLessThanOrEqual(life.size)
  life.isDone = life.filled === life.size
  if (expireTime !== undefined) expect(time, line).toBeLessThanOrEqual(expireTime)
  if (type.endsWith('limit') && limitOffsetTicks === undefined) {
    expect(side * (life.price - Number(price)), line).toBeGreaterThanOrEqual(0)
  }
  if (postOnly !== undefined) expect(liquidity, line).toBe('maker')
  const after = position + side * size
  if (reduceOnly === true) {
    expect(Math.sign(position), line).toBe(-side)
    expect(Math.abs(after), line).toBeLessThan(Math.abs(position))
    expect(after * position, line).toBeGreaterThanOrEqual(0)
  }
  return after
}

/** Of two orders of which one cancels the other, one trades. */
function checkSiblings(lives: readonly Life[], index: number, line: string): void {
  const isTied = (a: number, b: number): boolean => lives[a]?.asked.oco?.index === b
  for (const [other, { filled }] of lives.entries()) {
    if (other === index || filled === 0) continue
    if (isTied(index, other) || isTied(other, index)) {
      expect.fail(`${line}: ${other} was tied to it and has traded`)
    }
  }
}

/** The same script without a gateway. */
function runCore(events: EventColumns, steps: readonly Step[], name: ExchangeName): string[] {
  const reports = new ReportLines()
  const core = parseExchange(name).make({
    instrument: unitInstrument,
    windows: memoryTape(events).exchange(),
    queue: riskAverseQueue(),
    reports,
  })
  let count = 0
  for (const step of steps) {
    while (core.advance(step.at));
    if ('cancel' in step) core.cancel(step.cancel, step.at)
    else if ('side' in step) {
      core.submit(venueOrder(step, count++) as unknown as ExchangeOrder, step.at)
    }
  }
  while (core.advance(Number.MAX_SAFE_INTEGER));
  return reports.lines
}
