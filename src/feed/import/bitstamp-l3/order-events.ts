/**
 * Order events on their way to the tape.
 *
 * The feed tells what an order has left: less than before at the same price is an execution, a
 * deletion with nothing left likewise, with something left a cancellation. An order that takes
 * liquidity appears too, is filled, and moves its price as it walks through the book. The feed
 * begins with an empty book: orders that were there before show only when they go.
 */
import { LobtraderError, parseDecimal, type DataPlace } from '../../../core/index.ts'
import type { Instrument } from '../../../market/index.ts'
import type { RowSink } from '../../../store/index.ts'
import { placedError } from '../field-error.ts'
import { FinerSize } from '../finer-size.ts'
import { GridFactors } from '../grid-factors.ts'
import type { ImportJob } from '../import-job.ts'
import { OrdersTape } from '../orders-tape.ts'
import type { LogMessage } from './log-message.ts'

const TWO_32 = 4294967296

/** The L3 rows of a feed. */
export class OrderEvents {
  readonly tape: OrdersTape
  /** Of the unknown: deletions and changes of orders that were there before the feed began. */
  unknownDeletes = 0
  unknownChanges = 0
  missingTrades = 0
  readonly #instrument: Instrument
  readonly #price: GridFactors
  readonly #size: GridFactors
  readonly #refuse: ImportJob['refuse']
  readonly #place: () => DataPlace
  #tradeId = 0

  constructor(
    sink: RowSink,
    epochNs: bigint,
    { refuse, place }: { refuse: ImportJob['refuse']; place: () => DataPlace },
  ) {
    this.#instrument = sink.instrument
    this.#price = new GridFactors(sink.instrument.priceGrid)
    this.#size = new GridFactors(sink.instrument.sizeGrid)
    this.#refuse = refuse
    this.#place = place
    this.tape = new OrdersTape(sink, epochNs)
  }

  /** Takes an order event or a trade; times in ns since the epoch. */
  message(message: LogMessage, localTime: number, exchTime: number): void {
    const tick = this.tickOf(message.price)
    if (Number.isNaN(tick)) return
    const lots = this.#lotsOf(message.amount)
    if (Number.isNaN(lots)) return
    const { tape } = this
    const high = Math.floor(message.id / TWO_32)
    const low = message.id % TWO_32
    tape.at(localTime, exchTime, message.event === 'trade' ? message.id : 0)
    switch (message.event) {
      case 'trade':
        this.#trade(message, tick, lots)
        return
      case 'created':
        // An order that is filled as it arrives may be told with nothing left.
        if (lots > 0 && message.side !== 0) tape.add(high, low, message.side, tick, lots)
        break
      case 'changed':
        this.#change(high, low, tick, lots)
        break
      case 'deleted':
        this.#delete(high, low, lots)
        break
      default:
        return
    }
    tape.countCrossed()
  }

  #trade({ id, side }: LogMessage, tick: number, lots: number): void {
    if (this.#tradeId > 0 && id > this.#tradeId + 1) this.missingTrades += id - this.#tradeId - 1
    this.#tradeId = Math.max(this.#tradeId, id)
    if (lots > 0) this.tape.trade(side, tick, lots)
  }

  #change(high: number, low: number, tick: number, lots: number): void {
    const { tape } = this
    if (!tape.has(high, low)) {
      this.unknownChanges++
      tape.unknown++
      return
    }
    const held = tape.lotsOf(high, low)
    const isSamePrice = tape.tickOf(high, low) === tick
    if (isSamePrice && lots === held) return
    if (isSamePrice && lots < held) tape.execute(high, low, held - lots)
    else tape.modify(high, low, tick, lots)
  }

  #delete(high: number, low: number, lots: number): void {
    const { tape } = this
    if (!tape.has(high, low)) {
      this.unknownDeletes++
      tape.unknown++
      return
    }
    const held = tape.lotsOf(high, low)
    if (lots < held) tape.execute(high, low, held - lots)
    if (lots > 0) tape.cancel(high, low)
  }

  /** Returns the tick of a price, NaN where it is refused. */
  tickOf(text: string): number {
    const { mantissa, scale } = parseDecimal(text)
    const tick = this.#price.indexOf(mantissa, scale)
    if (tick >= 0 && tick === (tick | 0)) return tick
    try {
      return this.#instrument.ticksOf(text)
    } catch (error) {
      if (!(error instanceof LobtraderError)) throw error
      this.#refuse(placedError(error, { ...this.#place(), field: 'price', value: text }))
      return Number.NaN
    }
  }

  #lotsOf(text: string): number {
    const { mantissa, scale } = parseDecimal(text)
    const lots = this.#size.indexOf(mantissa, scale)
    if (lots >= 0) return lots
    if (mantissa > 0) throw new FinerSize(text, this.#place())
    this.#refuse(
      placedError(new LobtraderError('NEGATIVE', `the amount ${text} is negative`), {
        ...this.#place(),
        field: 'amount',
        value: text,
      }),
    )
    return Number.NaN
  }
}
