/** The simulated venue's feed: turns what happens there into rows and lets them travel to us. */
import type { Prng } from '../../core/index.ts'
import {
  EventKind,
  EventWriter,
  eventCode,
  type EventColumns,
  type Side,
} from '../../market/index.ts'
import { midnightBefore } from '../../time/index.ts'
import type { SimulatedMarketOptions } from './options.ts'
import type { QueueBook } from './queue-book.ts'

const CODE = {
  bid: eventCode(EventKind.DepthSet, 1),
  ask: eventCode(EventKind.DepthSet, -1),
  buy: eventCode(EventKind.Trade, 1),
  sell: eventCode(EventKind.Trade, -1),
  snapshotBid: eventCode(EventKind.SnapshotLevel, 1),
  snapshotAsk: eventCode(EventKind.SnapshotLevel, -1),
} as const

/** Writes the session's messages; each is one or more rows with the same two times. */
export class SessionWriter {
  readonly #writer: EventWriter
  readonly #travel: Prng
  readonly #latencyNs: number
  readonly #jitterNs: number
  /** Venue time of the session's start, ns since the epoch. */
  readonly #start: number
  #exchTime = 0
  #localTime = 0

  /** @param rows about how many rows there will be */
  constructor(options: SimulatedMarketOptions, travel: Prng, rows: number) {
    const epochNs = midnightBefore(options.startNs)
    this.#start = Number(options.startNs - epochNs)
    this.#writer = new EventWriter(epochNs, rows)
    this.#travel = travel
    this.#latencyNs = options.feedLatencyNs
    this.#jitterNs = options.feedJitterNs
  }

  /** Begins a message sent `time` ns into the session; it does not overtake the one before. */
  begin(time: number): void {
    this.#exchTime = this.#start + Math.floor(time)
    const delay = this.#latencyNs + this.#travel.nextExponential(this.#jitterNs)
    this.#localTime = Math.max(this.#localTime, Math.round(this.#exchTime + delay))
  }

  trade(taker: Side, tick: number, lots: number): void {
    this.#write(taker > 0 ? CODE.buy : CODE.sell, tick, lots)
  }

  level(side: Side, tick: number, lots: number): void {
    this.#write(side > 0 ? CODE.bid : CODE.ask, tick, lots)
  }

  snapshot(book: QueueBook): void {
    this.#write(EventKind.SnapshotBegin, 0, 0)
    for (const side of [1, -1] as const) {
      const code = side > 0 ? CODE.snapshotBid : CODE.snapshotAsk
      let orders = side > 0 ? book.bidCount : book.askCount
      for (let tick = side > 0 ? book.bestBidTick : book.bestAskTick; orders > 0; tick -= side) {
        for (let slot = book.frontOf(side, tick); slot >= 0; slot = book.behind(slot)) orders--
        const lots = book.lotsAt(side, tick)
        if (lots > 0) this.#write(code, tick, lots)
      }
    }
    this.#write(EventKind.SnapshotEnd, 0, 0)
  }

  finish(): EventColumns {
    return this.#writer.finish()
  }

  #write(code: number, tick: number, lots: number): void {
    const writer = this.#writer
    writer.push(this.#localTime, this.#exchTime, code, tick, lots, -1, writer.length + 1)
  }
}
