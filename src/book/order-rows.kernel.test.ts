import { describe, expect, it } from 'vitest'
import { campaignLength, tellCampaign } from '../../test/campaign.ts'
import { Prng } from '../core/index.ts'
import {
  BUY_BIT,
  EXCH_ONLY_BIT,
  EventKind,
  EventWriter,
  KIND_MASK,
  SELL_BIT,
  eventCode,
  type EventColumns,
} from '../market/index.ts'
import { applyOrderEvents } from './apply-orders.kernel.ts'
import { NO_KEY } from './far-levels.ts'
import { NO_BID } from './ladder.ts'
import { OrderBookState } from './order-book-state.ts'
import { OrderOutcome, type ModifyPriority, type OrderQueues } from './order-queues.ts'

const KINDS = [
  EventKind.OrderAdd,
  EventKind.OrderAdd,
  EventKind.OrderAdd,
  EventKind.OrderModify,
  EventKind.OrderCancel,
  EventKind.OrderCancel,
  EventKind.OrderExecute,
  EventKind.OrderFill,
  EventKind.Trade,
]

/** How far rows range. */
interface Range {
  readonly prices: number
  readonly references: number
}

const NARROW: Range = { prices: 12, references: 80 }
/** Wider than the windows of a ladder, and more orders than a page of memory holds. */
const WIDE: Range = { prices: 60_000, references: 6000 }

/** Rows that fit for the most part; some are of another view. */
function randomRows(random: Prng, count: number, { prices, references }: Range): EventColumns {
  const writer = new EventWriter(0n, count)
  for (let i = 0; i < count; i++) {
    const kind = KINDS[random.nextInt(KINDS.length)]!
    const isOdd = random.nextInt(50) === 0
    const side = isOdd ? 0 : random.nextInt(2) === 0 ? 1 : -1
    const lots = isOdd
      ? [0, -1, 1.5, 2 ** 53, Number.NaN][random.nextInt(5)]!
      : 1 + random.nextInt(4)
    // Most orders stand near each other, and the few others anywhere.
    const isNear = random.nextInt(4) > 0
    const tick = random.nextInt(200) === 0 ? NO_BID : 1000 + random.nextInt(isNear ? 12 : prices)
    const ref = random.nextInt(100) === 0 ? -1 : random.nextInt(references)
    writer.push(i, i, eventCode(kind, side, isOdd ? EXCH_ONLY_BIT : 0), tick, lots, ref, i)
  }
  return writer.finish()
}

/** What one row does, by the methods of the queues. */
function byMethod(
  queues: OrderQueues,
  events: EventColumns,
  row: number,
): OrderOutcome | undefined {
  const code = events.code[row]!
  const [ref, tick, lots] = [events.orderRef[row]!, events.tick[row]!, events.lots[row]!]
  const kind = code & KIND_MASK
  if ((code & EXCH_ONLY_BIT) !== 0 || kind === EventKind.Trade || kind === EventKind.OrderFill) {
    return undefined
  }
  const isSided = (code & (BUY_BIT | SELL_BIT)) !== 0
  const side = (code & BUY_BIT) === 0 ? 1 : 0
  if (kind === EventKind.OrderAdd) {
    return isSided ? queues.add(ref, side, tick, lots) : OrderOutcome.Invalid
  }
  if (kind === EventKind.OrderModify) {
    const isOther = isSided && queues.levelOf(ref) !== 0 && queues.sideOf(ref) !== side
    return isOther ? OrderOutcome.Invalid : queues.modify(ref, tick, lots)
  }
  if (ref < 0 && kind === EventKind.OrderExecute) return undefined
  return queues.reduce(ref, lots)
}

function applyByMethod(state: OrderBookState, rows: EventColumns): void {
  for (let row = 0; row < rows.length; row++) {
    const outcome = byMethod(state.queues, rows, row)
    if (outcome === OrderOutcome.Applied || outcome === OrderOutcome.Excess) state.version++
  }
}

/** Every queue of a book, best price first: tick, lots, and each order with its lots. */
function queuesOf({ queues, ladder }: OrderBookState): string[] {
  return ([0, 1] as const).flatMap((side) => {
    const lines: string[] = []
    const levels = ladder.sides[side]
    for (let key = levels.best; key !== NO_KEY; key = levels.nextBelow(key)) {
      const tick = key ^ -side
      const orders: string[] = []
      for (let ref = queues.firstAt(side, tick); ref >= 0; ref = queues.nextOf(ref)) {
        orders.push(`${ref}:${queues.lotsOf(ref)}`)
      }
      lines.push(
        `${side} ${tick} ${levels.lotsAt(key)} ${queues.countAt(side, tick)} ${orders.join(' ')}`,
      )
    }
    return lines
  })
}

describe('rows of orders in one loop', () => {
  it.each<ModifyPriority>(['decrease-keeps', 'always-lose', 'keep'])(
    'leave the queues that one row after the other leaves, where modifications %s',
    (modifyPriority) => {
      const random = new Prng(7)
      const batches = Math.ceil(campaignLength(12_000) / 60)
      const state = new OrderBookState({ modifyPriority })
      const slow = new OrderBookState({ modifyPriority })
      for (let batch = 0; batch < batches; batch++) {
        const rows = randomRows(random, 60, NARROW)
        const split = random.nextInt(rows.length)
        applyByMethod(slow, rows)
        applyOrderEvents(state, rows, 0, split)
        applyOrderEvents(state, rows, split, rows.length)
        // A queue that was asked about keeps sums, and its rows go another way.
        const asked = random.nextInt(80)
        expect(state.queues.lotsAhead(asked)).toBe(slow.queues.lotsAhead(asked))
        if (batch % 8 === 0) expect(queuesOf(state)).toEqual(queuesOf(slow))
        expect([state.version, state.queues.count]).toEqual([slow.version, slow.queues.count])
      }
      expect(queuesOf(state).length).toBeGreaterThan(10)
      tellCampaign(`orders in one loop, ${modifyPriority}`, batches * 60)
    },
  )

  it.each([
    { range: NARROW, modifyPriority: 'decrease-keeps', compilesAt: 0, rowsAreFinal: true },
    { range: NARROW, modifyPriority: 'always-lose', compilesAt: 3, rowsAreFinal: false },
    { range: NARROW, modifyPriority: 'keep', compilesAt: 5, rowsAreFinal: true },
    { range: WIDE, modifyPriority: 'decrease-keeps', compilesAt: 0, rowsAreFinal: false },
    { range: WIDE, modifyPriority: 'decrease-keeps', compilesAt: 4, rowsAreFinal: true },
    { range: WIDE, modifyPriority: 'always-lose', compilesAt: 2, rowsAreFinal: true },
  ] as const)(
    'leave the same queues in linear memory: $range.references orders, modifications $modifyPriority, compiled at $compilesAt',
    ({ range, modifyPriority, compilesAt, rowsAreFinal }) => {
      const random = new Prng(11)
      const batches = Math.ceil(campaignLength(30_000) / 1000)
      const state = new OrderBookState({ modifyPriority, rowsAreFinal })
      const slow = new OrderBookState({ modifyPriority })
      for (let batch = 0; batch < batches; batch++) {
        if (batch === compilesAt) state.compile()
        const rows = randomRows(random, 1000, range)
        applyByMethod(slow, rows)
        for (let from = 0; from < rows.length;) {
          const to = Math.min(rows.length, from + 1 + random.nextInt(80))
          applyOrderEvents(state, rows, from, to)
          from = to
        }
        if (batch % 3 === 0) {
          const asked = random.nextInt(range.references)
          expect(state.queues.lotsAhead(asked)).toBe(slow.queues.lotsAhead(asked))
        }
        if (batch % 7 === 6) {
          const side = random.nextInt(2) as 0 | 1
          for (const { queues } of [state, slow]) queues.clear(batch % 2 === 0 ? side : undefined)
        }
        expect(queuesOf(state)).toEqual(queuesOf(slow))
        expect([state.version, state.queues.count]).toEqual([slow.version, slow.queues.count])
      }
      expect(state.queues.pool.memory).toBeDefined()
      tellCampaign(`orders in memory, ${range.references} ${modifyPriority}`, batches * 1000)
    },
  )

  it('are read anew from columns that are written again, unless they are final', () => {
    const events = { ...randomRows(new Prng(3), 40, NARROW), length: 40 }
    const { code, tick, lots, orderRef } = events
    code.fill(eventCode(EventKind.OrderAdd, 1))
    tick.fill(1000)
    lots.fill(1)
    for (let i = 0; i < 40; i++) orderRef[i] = i
    const state = new OrderBookState()
    state.compile()
    applyOrderEvents(state, events, 0, 20)
    lots.fill(7)
    applyOrderEvents(state, events, 20, 40)
    expect(state.ladder.bestBidLots).toBe(20 + 20 * 7)
    code.fill(eventCode(EventKind.OrderCancel, 1))
    lots.fill(1, 0, 20)
    applyOrderEvents(state, events, 0, 40)
    expect(state.ladder.bestBidLots).toBe(0)
  })

  it('find their place again after the memory of their book has grown', () => {
    const state = new OrderBookState({ rowsAreFinal: true })
    state.compile()
    const writer = new EventWriter(0n, 100_000)
    for (let i = 0; i < 100_000; i++) {
      writer.push(
        i,
        i,
        eventCode(EventKind.OrderAdd, i % 2 === 0 ? 1 : -1),
        i % 2 === 0 ? 1000 - (i % 8000) : 1001 + (i % 9000),
        3,
        i,
      )
    }
    const rows = writer.finish()
    for (let from = 0; from < rows.length; from += 999) {
      applyOrderEvents(state, rows, from, Math.min(rows.length, from + 999))
    }
    const { queues, ladder } = state
    expect(queues.count).toBe(100_000)
    expect(ladder.bidLotsTotal + ladder.askLotsTotal).toBe(300_000)
    expect([ladder.bestBidTick, ladder.bestAskTick]).toEqual([1000, 1002])
    for (let ref = 0; ref < 100_000; ref += 7)
      expect(queues.reduce(ref, 3)).toBe(OrderOutcome.Applied)
    expect(queues.firstAt(0, 1000)).toBe(8000)
  })
})
