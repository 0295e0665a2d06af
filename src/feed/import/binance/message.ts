/** One message of a Binance capture as numbers on the instrument's grids, reused for the next. */

/** What a message is. */
export const MessageKind = {
  /** Nothing that a book or a tape needs: other channels, replies, partial books. */
  Other: 0,
  Depth: 1,
  Ticker: 2,
  Trade: 3,
  Snapshot: 4,
} as const

/** One of {@link MessageKind}. */
export type MessageKind = (typeof MessageKind)[keyof typeof MessageKind]

/** Levels of one side, in the order of the message; `count` of them are valid. */
export class LevelList {
  count = 0
  ticks: Int32Array
  lots: Float64Array

  constructor(capacity = 1024) {
    this.ticks = new Int32Array(capacity)
    this.lots = new Float64Array(capacity)
  }

  push(tick: number, lots: number): void {
    if (this.count === this.ticks.length) this.#grow()
    this.ticks[this.count] = tick
    this.lots[this.count++] = lots
  }

  /** Returns a list of its own with the same levels. */
  copy(): LevelList {
    const twin = new LevelList(this.count)
    twin.ticks.set(this.ticks.subarray(0, this.count))
    twin.lots.set(this.lots.subarray(0, this.count))
    twin.count = this.count
    return twin
  }

  #grow(): void {
    const ticks = new Int32Array(Math.max(16, this.ticks.length * 2))
    const lots = new Float64Array(ticks.length)
    ticks.set(this.ticks)
    lots.set(this.lots)
    this.ticks = ticks
    this.lots = lots
  }
}

/** A message; which fields are set depends on `kind`, numbers that it lacks are -1. */
export class BinanceMessage {
  kind: MessageKind = MessageKind.Other
  /** Name of an `Other` message: its event type or stream. */
  otherName = ''
  /** `E`, in the unit of the capture (ms, or microseconds where the stream was asked for them). */
  eventTime = -1
  /** `T`. */
  transactionTime = -1
  /** Depth `U`. */
  firstId = -1
  /** Depth and ticker `u`, snapshot `lastUpdateId`. */
  lastId = -1
  /** Depth `pu`, futures only. */
  previousId = -1
  readonly bids = new LevelList()
  readonly asks = new LevelList()
  /** Trade `t`. */
  tradeId = -1
  /** Trade price. */
  tick = -1
  /** Trade size. */
  lots = -1
  /** Trade `m`: the buyer's order was resting, so the seller is the aggressor. */
  buyerIsMaker = false
  /** False for a print that no order book made: `X` other than `MARKET` (futures). */
  isMarketTrade = true
  bidTick = -1
  bidLots = -1
  askTick = -1
  askLots = -1

  /** Makes every field say "absent". */
  clear(): void {
    this.kind = MessageKind.Other
    this.otherName = ''
    this.eventTime = -1
    this.transactionTime = -1
    this.firstId = -1
    this.lastId = -1
    this.previousId = -1
    this.bids.count = 0
    this.asks.count = 0
    this.tradeId = -1
    this.tick = -1
    this.lots = -1
    this.buyerIsMaker = false
    this.isMarketTrade = true
    this.bidTick = -1
    this.bidLots = -1
    this.askTick = -1
    this.askLots = -1
  }
}
