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

/** Rows that fit for the most part, over few prices and references; some are of another view. */
function randomRows(random: Prng, count: number): EventColumns {
  const writer = new EventWriter(0n, count)
  for (let i = 0; i < count; i++) {
    const kind = KINDS[random.nextInt(KINDS.length)]!
    const isOdd = random.nextInt(50) === 0
    const side = isOdd ? 0 : random.nextInt(2) === 0 ? 1 : -1
    const lots = isOdd
      ? [0, -1, 1.5, 2 ** 53, Number.NaN][random.nextInt(5)]!
      : 1 + random.nextInt(4)
    const tick = random.nextInt(200) === 0 ? NO_BID : 1000 + random.nextInt(12)
    const ref = random.nextInt(100) === 0 ? -1 : random.nextInt(80)
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
        const rows = randomRows(random, 60)
        const split = random.nextInt(rows.length)
        let applied = slow.version
        for (let row = 0; row < rows.length; row++) {
          const outcome = byMethod(slow.queues, rows, row)
          if (outcome === OrderOutcome.Applied || outcome === OrderOutcome.Excess) applied++
        }
        slow.version = applied
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
})
