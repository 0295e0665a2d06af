/** Long tapes of market-by-order messages: a real session over and over, or a generated one. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OrderBookState, applyOrderEvents } from 'lobtrader/book'
import { Prng } from 'lobtrader/core'
import { EventKind, EventWriter, KIND_MASK, eventCode, type EventColumns } from 'lobtrader/market'
import { openStore } from 'lobtrader/store'
import { hasCaptures, importCaptures } from './captures.ts'

/** A tape, and how the book stands behind it. */
export interface OrderTape {
  readonly events: EventColumns
  readonly what: string
  readonly openOrders: number
  readonly touch: readonly [bidTick: number, askTick: number]
}

const MESSAGES = 6_000_000
/** Mean distance of a new order from the touch, in ticks. */
const MEAN_DISTANCE = 8
/** Orders at rest once the stream is under way, about as many as one futures contract has. */
const OPEN_ORDERS = 12_000
const START_TICK = 19_240
const DAY_NS = 86_400e9

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
function generate(random: Prng): OrderTape {
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
  return {
    events: writer.finish(),
    what: 'generated messages, 45 % additions, 40 % cancellations, 10 % executions, 5 % modifications',
    openOrders: queues.count,
    touch: [ladder.bestBidTick, ladder.bestAskTick],
  }
}

/**
 * Databento's sample of the ES future, one day of CME messages, again and again. Each round begins as
 * the venue's own days do: the book is cleared, and its resting orders are added one by one.
 */
async function realTape(): Promise<OrderTape> {
  const dir = mkdtempSync(join(tmpdir(), 'lobtrader-bench-'))
  try {
    const [made] = await importCaptures(dir, ['dbn'])
    const store = openStore(made!.store)
    const day = store.loadJoined(store.select({ symbol: 'ESH4' }))
    const rounds = Math.ceil(MESSAGES / day.length)
    const writer = new EventWriter(day.epochNs, rounds * day.length)
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < day.length; i++) {
        const kind = day.code[i]! & KIND_MASK
        if (kind === EventKind.SnapshotEnd) continue
        const code =
          kind === EventKind.SnapshotBegin ? eventCode(EventKind.DepthClear, 0) : day.code[i]!
        const time = day.localTime[i]! + round * DAY_NS
        writer.push(time, time, code, day.tick[i]!, day.lots[i]!, day.orderRef[i]!, day.seq[i]!)
      }
    }
    const state = new OrderBookState()
    applyOrderEvents(state, day, 0, day.length)
    return {
      events: writer.finish(),
      what: `messages of CME's ES future (Databento MBO sample, ${rounds} times)`,
      openOrders: state.queues.count,
      touch: [state.ladder.bestBidTick, state.ladder.bestAskTick],
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Returns the real tape where its data are, else the generated one. */
export async function orderTape(): Promise<OrderTape> {
  return hasCaptures ? await realTape() : generate(new Prng(1))
}
