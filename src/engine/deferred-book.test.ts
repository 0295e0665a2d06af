import { describe, expect, it, vi } from 'vitest'
import { OrderBook } from '../book/index.ts'
import { Prng } from '../core/index.ts'
import { LobFeed } from '../feed/index.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  EventWriter,
  Instrument,
  eventCode,
  memoryTape,
  type EventColumns,
} from '../market/index.ts'
import { constantLatency, powerProbQueue } from '../venue/index.ts'
import { Cerebro } from './cerebro.ts'
import { Strategy } from './strategy.ts'

const instrument = new Instrument({
  venue: 'test',
  symbol: 'XYZ',
  kind: 'spot',
  base: 'X',
  quote: 'Z',
  tickSize: '0.01',
  lotSize: '0.001',
})
const ROWS = 4000

/** A market that wanders; with `gaps`, a part of it is lost twice and told anew. */
function tape(seed: number, gaps: boolean): EventColumns {
  const random = new Prng(seed)
  const writer = new EventWriter(0n, ROWS + 200)
  let time = 0
  let mid = 1000
  const push = (kind: EventKind, side: 1 | -1 | 0, tick: number, lots: number): void =>
    writer.push(time + 1_000_000, time, eventCode(kind, side), tick, lots)
  const snapshot = (): void => {
    push(EventKind.SnapshotBegin, 0, 0, 0)
    for (let i = 1; i <= 20; i++) {
      push(EventKind.SnapshotLevel, 1, mid - i, 1 + random.nextInt(9))
      push(EventKind.SnapshotLevel, -1, mid + i, 1 + random.nextInt(9))
    }
    push(EventKind.SnapshotEnd, 0, 0, 0)
  }
  snapshot()
  while (writer.length < ROWS) {
    time += 1 + random.nextInt(1_000_000)
    const side = random.nextInt(2) === 0 ? 1 : -1
    const draw = random.nextInt(12)
    if (gaps && random.nextInt(1500) === 0) {
      push(EventKind.Gap, 0, 0, 0)
      time += 30_000_000
      snapshot()
    } else if (draw === 0) push(EventKind.Trade, side, mid + side, 1)
    else if (draw === 1) push(EventKind.Bbo, side, mid - side, 3)
    else if (random.nextInt(40) === 0) {
      push(EventKind.DepthSet, side === 1 ? -1 : 1, mid + side, 0)
      mid += side
      push(EventKind.DepthSet, side, mid - side, 1 + random.nextInt(9))
    } else {
      const distance = 1 + random.nextInt(12)
      const lots = distance > 1 ? random.nextInt(9) : 1 + random.nextInt(9)
      push(EventKind.DepthSet, side, mid - side * distance, lots)
    }
  }
  return writer.finish()
}

/** Quotes at the touch and notes it; every `deep` timers it asks for levels as well. */
class Watcher extends Strategy.with({ deep: 0, every: '20ms' }) {
  readonly seen: object[] = []
  #timers = 0

  override start(): void {
    this.every(this.p.every)
  }

  override onTimer(): void {
    const { book } = this
    const { status, bestBid, bestAsk, bestBidSize, bestAskSize, timeNs } = book
    this.seen.push({ now: this.now, status, bestBid, bestAsk, bestBidSize, bestAskSize, timeNs })
    this.#timers++
    if (this.p.deep > 0 && this.#timers % this.p.deep === 0) this.seen.push(book.getDepth(5))
    this.cancelAll({})
    if (status !== 'live') return
    this.buy({ price: bestBid, size: 0.001, tif: 'GTX' })
    this.sell({ price: bestAsk, size: 0.001, tif: 'GTX' })
  }
}

async function watch(
  events: EventColumns,
  deep: number,
  exchange: 'partial' | 'no-partial',
): Promise<{ orders: object; seen: object[]; after: object }> {
  let strategy: Watcher | undefined
  class Kept extends Watcher {
    override start(): void {
      super.start()
      strategy = this
    }
  }
  const cerebro = new Cerebro()
  cerebro.addData(LobFeed.fromEvents(instrument, events), {
    latency: constantLatency({ entry: '2ms', response: '2ms' }),
    queue: powerProbQueue(3),
    exchange,
  })
  cerebro.addStrategy(Kept, { deep })
  const [result] = await cerebro.run({ heatmap: false })
  expect(result!.record.orders.length).toBeGreaterThan(50)
  const { version, seqNum } = strategy!.book
  const tickers = [strategy!.book.bboBidTicks, strategy!.book.bboAskTicks]
  const after = { ...strategy!.book.snapshot(), version, seqNum, tickers }
  const { submitLocal, doneExch, status, price } = result!.record.orders
  const orders = { submitLocal, doneExch, status, price }
  return { orders, seen: strategy!.seen, after }
}

/** What {@link Watcher} must see, by applying each row that has arrived to a book of its own. */
function expected(events: EventColumns, times: readonly number[]): object[] {
  const book = new OrderBook(instrument)
  let row = 0
  return times.map((now) => {
    const from = row
    while (row < events.length && events.localTime[row]! <= now) row++
    book.apply(events, from, row)
    const { status, bestBid, bestAsk, bestBidSize, bestAskSize, timeNs } = book
    return { now, status, bestBid, bestAsk, bestBidSize, bestAskSize, timeNs }
  })
}

describe('the local book of a run, whose rows wait where the exchange has told their touch', () => {
  for (const exchange of ['partial', 'no-partial'] as const) {
    for (const gaps of [false, true]) {
      it(`is that of all rows that have arrived, ${exchange}${gaps ? ', with gaps' : ''}`, async () => {
        const events = tape(7, gaps)
        const deferred = vi.spyOn(OrderBook.prototype, 'defer')
        const touch = await watch(events, 0, exchange)
        expect(deferred.mock.calls.length).toBeGreaterThan(20)
        deferred.mockRestore()
        const times = touch.seen.map((one) => (one as { now: number }).now)
        expect(touch.seen).toEqual(expected(events, times))
        const whole = new OrderBook(instrument)
        whole.apply(events, 0, events.length)
        const { version, seqNum } = whole
        const tickers = [whole.bboBidTicks, whole.bboAskTicks]
        expect(touch.after).toEqual({ ...whole.snapshot(), version, seqNum, tickers })
        for (const deep of [1, 3, 40]) {
          const asked = await watch(events, deep, exchange)
          expect(asked.orders).toEqual(touch.orders)
          expect(asked.seen.filter((one) => 'now' in one)).toEqual(touch.seen)
          expect(asked.after).toEqual(touch.after)
        }
      })
    }
  }

  it('is not taken from an exchange that sees other rows', () => {
    const events = tape(7, false)
    expect(memoryTape(events).isSeenAlike).toBe(true)
    const code = events.code.slice()
    code[ROWS >> 1] = code[ROWS >> 1]! | EXCH_ONLY_BIT
    expect(memoryTape({ ...events, code }).isSeenAlike).toBe(false)
    const exchOrder = Int32Array.from({ length: events.length }, (_, i) => i)
    expect(memoryTape({ ...events, exchOrder }).isSeenAlike).toBe(false)
  })
})
