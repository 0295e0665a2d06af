/** What must hold of the partial exchange whatever happens, checked on its reports alone. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventKind, memoryTape, type Side } from '../market/index.ts'
import { RequestSender, session, sessionTape, type Step } from '../../test/wild-orders.ts'
import type { AmendedTerms, ExchangeFill, ExchangeReports } from './exchange.ts'
import { PartialExchange } from './partial-exchange.ts'
import { parseQueueModel } from './queue-model.ts'

interface Seen {
  side: Side
  size: number
  price: number
  filled: number
  state: 'sent' | 'resting' | 'done'
  /** Number of its last arrival in the queue. */
  arrival: number
}

interface SeenFill extends ExchangeFill {
  readonly index: number
  readonly side: Side
  /** Orders of ours that arrived earlier at the same price and were open then. */
  readonly overtaken: number
}

/** Follows each order by what the exchange reports of it. */
class Ledger implements ExchangeReports {
  readonly orders: Seen[] = []
  fills: SeenFill[] = []
  #arrivals = 0

  accepted(index: number): void {
    const seen = this.orders[index]!
    expect(seen.state).toBe('sent')
    seen.state = 'resting'
    seen.arrival = this.#arrivals++
  }
  filled(index: number, _time: number, fill: ExchangeFill): void {
    const seen = this.orders[index]!
    expect(seen.state).toBe(fill.isMaker ? 'resting' : 'sent')
    const { side, price, arrival } = seen
    const isAhead = (each: Seen): boolean =>
      each.state === 'resting' &&
      each.side === side &&
      each.price === price &&
      each.arrival < arrival &&
      each.filled < each.size
    const overtaken = fill.isMaker ? this.orders.filter(isAhead).length : 0
    this.fills.push({ ...fill, index, side, overtaken })
    seen.filled += fill.sizeLots
    if (seen.filled === seen.size) seen.state = 'done'
  }
  cancelled(index: number): void {
    this.#end(index, 'resting')
  }
  expired(index: number): void {
    this.#end(index, 'sent')
  }
  rejected(index: number): void {
    this.#end(index, 'sent')
  }
  cancelRejected(): void {}
  amended(index: number, _time: number, terms: AmendedTerms): void {
    const seen = this.orders[index]!
    expect(seen.state).toBe('resting')
    seen.size = terms.sizeLots
    seen.price = terms.priceTicks
    if (Number.isNaN(terms.queueAheadLots)) seen.state = 'sent'
  }
  amendRejected(): void {}

  #end(index: number, from: Seen['state']): void {
    expect(this.orders[index]!.state).toBe(from)
    this.orders[index]!.state = 'done'
  }
}

/** One row at a time, each with a time of its own. */
function singled(steps: readonly Step[]): Step[] {
  return steps.flatMap(({ rows, requests }) => [
    ...rows.map((row) => ({ rows: [row], requests: [] })),
    { rows: [], requests },
  ])
}

/** What the venue shows, and what takers of ours had of each level since it last did. */
class Shown {
  readonly #levels = new Map<string, { lots: number; taken: number }>()

  row({ rows: [row] }: Step): void {
    if (row === undefined || row.isLocalOnly) return
    if (row.kind === EventKind.DepthSet) {
      this.#levels.set(`${row.side} ${row.tick}`, { lots: row.lots, taken: 0 })
    } else if (row.kind === EventKind.DepthClear || row.kind === EventKind.SnapshotEnd) {
      this.#levels.clear()
    }
  }

  /** Lots that were taken of a level beyond what it shows; 0 where a snapshot gave the level. */
  takenBeyond(side: Side, tick: number, lots: number): number {
    const level = this.#levels.get(`${side} ${tick}`)
    if (level === undefined) return 0
    level.taken += lots
    return level.taken - level.lots
  }
}

const sum = (fills: readonly SeenFill[]): number =>
  fills.reduce((total, { sizeLots }) => total + sizeLots, 0)

function check(steps: readonly Step[], queue: string): void {
  const ledger = new Ledger()
  const events = sessionTape(steps)
  const exchange = new PartialExchange(
    memoryTape(events).exchange(),
    parseQueueModel(queue),
    ledger,
  )
  const sender = new RequestSender()
  const shown = new Shown()
  steps.forEach((step, i) => {
    while (exchange.advance(i * 10));
    shown.row(step)
    const [row] = step.rows
    if (row?.kind === EventKind.Trade) expect(sum(ledger.fills)).toBeLessThanOrEqual(row.lots)
    for (const fill of ledger.fills) checkFill(ledger, fill)
    for (const request of step.requests) {
      ledger.fills = []
      if (request.kind === 'submit') {
        const { side, type, priceTicks, sizeLots } = request.terms
        const worst = side > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
        const price = type === 'limit' ? priceTicks : worst
        const state = 'sent'
        ledger.orders.push({ side, size: sizeLots, price, filled: 0, state, arrival: -1 })
      }
      sender.send(request, i * 10, [exchange])
      const takes = ledger.fills.filter(({ isMaker }) => !isMaker)
      for (const take of takes) {
        const { timeInForce, type, sizeLots } = sender.sent[take.index]!
        expect(type === 'limit' && timeInForce === 'GTX').toBe(false)
        if (timeInForce === 'FOK') expect(sum(takes)).toBe(sizeLots)
        const met = ledger.fills.filter(
          ({ isMaker, priceTicks }) => isMaker && priceTicks === take.priceTicks,
        )
        const other = take.side > 0 ? -1 : 1
        const lots = take.sizeLots - sum(met)
        expect(shown.takenBeyond(other, take.priceTicks, lots)).toBeLessThanOrEqual(0)
      }
      for (const fill of ledger.fills) checkFill(ledger, fill)
    }
    ledger.fills = []
  })
  const open = new Map<number, number>()
  exchange.eachResting(({ index, openLots }) => open.set(index, openLots))
  expect(exchange.restingCount).toBe(open.size)
  ledger.orders.forEach(({ state, size, filled }, index) => {
    expect(state).not.toBe('sent')
    // What neither fills nor is called off is open.
    expect(open.get(index) ?? 0).toBe(state === 'resting' ? size - filled : 0)
    expect(filled).toBeLessThanOrEqual(size)
  })
}

function checkFill(ledger: Ledger, fill: SeenFill): void {
  expect(fill.sizeLots).toBeGreaterThan(0)
  expect(Number.isInteger(fill.sizeLots)).toBe(true)
  expect(fill.overtaken).toBe(0)
  const { price } = ledger.orders[fill.index]!
  if (fill.isMaker) expect(fill.priceTicks).toBe(price)
  else expect(fill.side * (price - fill.priceTicks)).toBeGreaterThanOrEqual(0)
}

describe('the partial exchange', () => {
  it.each(['fair-power-prob:3', 'risk-averse', 'log-prob2'])(
    'keeps limits, queues, sizes of trades and levels, and accounts for every lot (%s)',
    (queue) => {
      fc.assert(
        fc.property(session(20), (steps) => check(singled(steps), queue)),
        { numRuns: 150 },
      )
    },
  )
})
