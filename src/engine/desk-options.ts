/** What an order desk works with. */
import type { BookView, Ladder } from '../book/index.ts'
import type { Instrument } from '../market/index.ts'
import type { AccountHolding, Order, OrderTable } from '../order/index.ts'
import type { ClearingHouse, FeeModel, LatencyModel, RateGate } from '../venue/index.ts'
import type { NextTimes } from './next-times.ts'
import type { OwnOrders } from './own-orders.ts'
import type { FillRecorder } from './recorder.ts'
import type { FundingRecord } from './run-record.ts'
import type { StrategyHooks } from './strategy-hooks.ts'

/** The strategy whose orders a desk sends. */
export interface DeskOwner {
  /** Its place among the strategies of the run: {@link ExchangeOrder.owner}. */
  readonly rank: number
  readonly hooks: StrategyHooks
  /** Its orders at all exchanges, in order of submission. */
  readonly orders: OwnOrders
  /** Those that never left, of which it has not been told. */
  readonly refused: Order[]
  readonly fills: FillRecorder
  readonly fundings: FundingRecord[]
}

/** What the desk works with. */
export interface OrderDeskOptions {
  readonly instrument: Instrument
  /** Index of the instrument in the record. */
  readonly lane: number
  readonly owner: DeskOwner
  /** The orders of all strategies at this exchange, by {@link Order.index}. */
  readonly exchangeOrders: OrderTable
  /** Hold when the next request arrives there, and the next answer here, in `slot`. */
  readonly nextRequests: NextTimes
  readonly nextResponses: NextTimes
  readonly slot: number
  /** One time: an answer that arrives before may be taken in at once, since nobody looks until then. */
  readonly unseenUntil: Float64Array
  /** What the strategy holds, as far as it has heard. */
  readonly holding: AccountHolding
  /** Unix ns of time 0. */
  readonly epochNs: bigint
  /** Local time of the last row of the instrument's data, where the run goes on without it. */
  readonly endTime: number
  readonly latency: LatencyModel
  readonly fees: FeeModel
  /** True where the venue keeps what arrives in a halt. */
  readonly queuesInHalts: boolean
  /** What the venue takes in a time; absent: everything. */
  readonly gate?: RateGate | undefined
  /** Keeps the account at the venue, and may ask for another fee. */
  readonly house?: Pick<ClearingHouse, 'book'> | undefined
  /** The local book, brought forward to now. */
  readonly book: () => BookView
  /** The exchange's book at this moment. */
  readonly touch: () => Ladder
}
