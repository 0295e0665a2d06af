/**
 * How fast a market-by-order book is replayed: event columns in, queues and levels maintained,
 * looked at after every 200 rows as a strategy that wakes up does.
 */
import { OrderBookState, applyOrderEvents } from 'lobtrader/book'
import { Prng } from 'lobtrader/core'
import { EventKind, EventWriter, eventCode, type EventColumns } from 'lobtrader/market'
import { HighPrecisionClock } from 'lobtrader/time'
import type { BenchCase } from './bench-case.ts'
import { l3Peer } from './l3-peer.ts'

const MESSAGES = 6_000_000
const ROWS_BETWEEN_LOOKS = 200
/** Mean distance of a new order from the touch, in ticks. */
const MEAN_DISTANCE = 8
/** Orders at rest once the stream is under way, about as many as one futures contract has. */
const OPEN_ORDERS = 12_000
const START_TICK = 19_240

/** References of the orders at rest, oldest first until one from the middle goes. */
class References {
  readonly live: number[] = []
  readonly #at: number[] = []
  readonly #free: number[] = []

  take(): number {
    const ref = this.#free.pop() ?? this.#at.length
    this.#at[ref] = this.live.push(ref) - 1
    return ref
  }

  release(ref: number): void {
    const last = this.live.pop()!
    if (last !== ref) {
      this.live[this.#at[ref]!] = last
      this.#at[last] = this.#at[ref]!
    }
    this.#free.push(ref)
  }
}

/**
 * Makes additions 45 %, cancellations 40 %, executions 10 %, modifications 5 %.
 *
 * Most cancellations take one of the youngest orders, as in real markets, the rest any; executions
 * take the first of the best price. The middle walks at random, and the book is never crossed.
 */
function generate(random: Prng): { readonly events: EventColumns; readonly left: number } {
  const writer = new EventWriter(0n, MESSAGES)
  const references = new References()
  const { queues, ladder } = new OrderBookState()
  let middle = START_TICK
  let time = 0
  const push = (kind: EventKind, ref: number, tick: number, lots: number): void => {
    time += 1 + random.nextInt(20_000)
    const code = eventCode(kind, queues.sideOf(ref) === 0 ? 1 : -1)
    writer.push(time + 500_000, time, code, tick, lots, ref)
  }
  const passiveTick = (side: 0 | 1): number => {
    const distance = 1 + Math.floor(random.nextExponential(MEAN_DISTANCE))
    return side === 0
      ? Math.min(middle - distance, ladder.bestAskTick - 1)
      : Math.max(middle + distance, ladder.bestBidTick + 1)
  }
  /** Takes the whole order, or one lot of it at the given chance. */
  const take = (kind: EventKind, ref: number, partChance: number): void => {
    const lots = random.next() < partChance ? 1 : queues.lotsOf(ref)
    push(kind, ref, queues.tickOf(ref), lots)
    queues.reduce(ref, lots)
    if (queues.levelOf(ref) === 0) references.release(ref)
  }
  while (writer.length < MESSAGES) {
    const { live } = references
    const side = random.nextInt(2) as 0 | 1
    const draw = live.length < OPEN_ORDERS ? random.next() * 0.85 : random.next()
    const isYoung = random.next() < 0.7
    const back = 1 + random.nextInt(isYoung ? Math.min(live.length, 64) : live.length)
    const ref = live[live.length - back]
    if (draw < 0.45 || ref === undefined) {
      const added = references.take()
      const lots = 1 + random.nextInt(20)
      const tick = passiveTick(side)
      queues.add(added, side, tick, lots)
      push(EventKind.OrderAdd, added, tick, lots)
    } else if (draw < 0.85) {
      take(EventKind.OrderCancel, ref, 0.05)
    } else if (draw < 0.95) {
      const best = side === 0 ? ladder.bestBidTick : ladder.bestAskTick
      take(EventKind.OrderExecute, queues.firstAt(side, best), 0.2)
    } else {
      const tick = passiveTick(queues.sideOf(ref))
      const lots = 1 + random.nextInt(20)
      queues.modify(ref, tick, lots)
      push(EventKind.OrderModify, ref, tick, lots)
    }
    if (random.nextInt(2000) === 0) middle += random.nextInt(3) - 1
  }
  return { events: writer.finish(), left: queues.count }
}

/** Replays every row into a new book and returns messages per second. */
function replay(events: EventColumns, rows: number): number {
  const state = new OrderBookState()
  let crossed = 0
  const begin = HighPrecisionClock.nowNs()
  for (let from = 0; from < rows; from += ROWS_BETWEEN_LOOKS) {
    applyOrderEvents(state, events, from, Math.min(rows, from + ROWS_BETWEEN_LOOKS))
    if (state.ladder.bestBidTick >= state.ladder.bestAskTick) crossed++
  }
  const seconds = Number(HighPrecisionClock.nowNs() - begin) / 1e9
  if (crossed > 0 || state.version !== rows) {
    throw new Error(`replayed ${state.version} of ${rows} messages, ${crossed} times crossed`)
  }
  return rows / seconds
}

/** Measures L3 messages per second of one book, from columns through the kernel. */
export async function l3Replay(): Promise<BenchCase> {
  const { events, left } = await Promise.resolve(generate(new Prng(1)))
  const rows = events.length
  for (let i = 0; i < 3; i++) replay(events, rows / 6)
  return {
    name: 'l3-replay',
    unit: 'messages/s',
    note: `${rows} L3 messages, 45 % additions, 40 % cancellations, 10 % executions, 5 % modifications, ${left} orders at rest at the end, one book`,
    run: () => replay(events, rows),
    ...l3Peer(events),
  }
}
