/** What one strategy holds of one instrument: its desk there, its position, its value. */
import type { BookView } from '../book/index.ts'
import type { Position } from '../order/index.ts'
import type { Holding } from './broker.ts'
import type { MarketLane } from './market-lane.ts'
import type { OrderDesk } from './order-desk.ts'
import { SampleRecorder } from './recorder.ts'
import type { RunTotals } from './run-record.ts'

/** @see module comment */
export class LaneAccount implements Holding {
  readonly lane: MarketLane
  readonly desk: OrderDesk
  readonly samples: SampleRecorder
  #lastMark = Number.NaN

  constructor(lane: MarketLane, desk: OrderDesk, sampleNs: number) {
    this.lane = lane
    this.desk = desk
    this.samples = new SampleRecorder(sampleNs)
  }

  get position(): Position {
    return this.desk.position
  }

  /** The mid, or the last one that was seen; NaN when there never was one. */
  mark(): number {
    const { mid } = this.lane.local.look()
    if (!Number.isNaN(mid)) this.#lastMark = mid
    return this.#lastMark
  }

  /** Takes a sample; the cash is `cash` and what fills have moved. */
  sample(time: number, cash: number): void {
    const { position } = this
    const { instrument } = this.lane
    const book: BookView = this.lane.local.look()
    const mark = this.mark()
    const own = this.desk.ownTouch()
    const withFlow = cash + position.cashFlow
    this.samples.push({
      time,
      bidPrice: book.bestBid,
      askPrice: book.bestAsk,
      bidSize: book.bestBidSize,
      askSize: book.bestAskSize,
      mark,
      position: position.size,
      cash: withFlow,
      fees: position.fees,
      funding: position.funding,
      equity: withFlow + position.valueAt(mark) - position.fees + position.funding,
      ownBid: own.bidTicks === undefined ? Number.NaN : instrument.price(own.bidTicks),
      ownAsk: own.askTicks === undefined ? Number.NaN : instrument.price(own.askTicks),
    })
  }

  totals(startingCash: number): RunTotals {
    const { position } = this
    const mark = this.mark()
    return {
      position: position.size,
      startingCash,
      realized: position.realized,
      unrealized: position.unrealized(mark),
      fees: position.fees,
      funding: position.funding,
      net: position.equityAt(mark),
      mark,
    }
  }
}
