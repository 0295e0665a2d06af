/** One instrument in a run: its data, what has reached us of it, its exchange. */
import { LevelMemory, type OrderBookManager } from '../book/index.ts'
import { assert } from '../core/index.ts'
import type { LocalBookKind } from '../feed/index.ts'
import type { EventTape, Instrument } from '../market/index.ts'
import { OrderTable } from '../order/index.ts'
import {
  TickTable,
  type ExchangeSetup,
  type FeeModel,
  type QueueModel,
  type RateLimit,
  type VenueRules,
} from '../venue/index.ts'
import type { Data } from './data.ts'
import type { FundingSource } from './funding-source.ts'
import { ExchangeSide } from './exchange-side.ts'
import { LocalSide } from './local-side.ts'
import type { OrderDesk } from './order-desk.ts'
import { ReportRouter } from './report-router.ts'
import type { RunClock } from './run-clock.ts'

/** What a lane is made of. */
export interface LaneOptions {
  readonly data: Data
  /** Has rows, and times since the run's epoch. */
  readonly tape: EventTape
  readonly queue: QueueModel
  readonly exchange: ExchangeSetup
  readonly localBook: LocalBookKind
  readonly fees: FeeModel
  readonly rateLimits: readonly RateLimit[]
  readonly rules: VenueRules | undefined
  readonly funding: FundingSource
  /** Price at which positions in a future are settled, quote units; default: the mid. */
  readonly settlementPrice: number | undefined
}

/** What a lane shares with others. */
export interface LanePlace {
  readonly books: OrderBookManager
  readonly clock: RunClock
  /** Where both books of levels are kept; undefined for one of single orders. */
  readonly memory: LevelMemory | undefined
}

/** Memory for the books of the lanes whose exchanges read levels. */
export function memoryOfLanes(lanes: readonly LaneOptions[]): readonly (LevelMemory | undefined)[] {
  const reads = lanes.map(({ exchange }) => exchange.reads === 'levels')
  const made = LevelMemory.of(reads.filter(Boolean).length).values()
  return reads.map((isOfLevels) => (isOfLevels ? made.next().value : undefined))
}

/** @see module comment */
export class MarketLane {
  /** Its place in the order of lanes: that of `venue:symbol`. */
  readonly index: number
  readonly data: Data
  readonly tape: EventTape
  readonly fees: FeeModel
  readonly rateLimits: readonly RateLimit[]
  readonly rules: VenueRules | undefined
  /** Which prices the venue takes. */
  readonly ticks: TickTable
  readonly local: LocalSide
  /** The orders of all strategies at its exchange. */
  readonly orders: OrderTable
  readonly #options: LaneOptions
  readonly #memory: LevelMemory | undefined
  #exchange: ExchangeSide | undefined

  /** @param place of its lane, its books and the run's clock */
  constructor(index: number, options: LaneOptions, { books, clock, memory }: LanePlace) {
    assert(options.tape.length > 0, 'a run has events')
    this.index = index
    this.data = options.data
    this.tape = options.tape
    this.fees = options.fees
    this.rateLimits = options.rateLimits
    this.rules = options.rules
    this.ticks = new TickTable(options.rules ?? {}, options.data.instrument)
    this.orders = new OrderTable(options.data.instrument)
    this.#options = options
    const { tape, data, exchange, localBook } = options
    const { instrument } = data
    this.#memory = memory
    const compiled = memory?.local
    this.local = new LocalSide({ tape, instrument, books, clock, exchange, localBook, compiled })
  }

  get instrument(): Instrument {
    return this.data.instrument
  }

  get exchange(): ExchangeSide {
    assert(this.#exchange !== undefined, 'the exchange is open')
    return this.#exchange
  }

  /**
   * Opens the exchange, once the desks that trade there are known, by owner.
   *
   * @param cleared puts the clearing of the run into it
   */
  open(
    desks: readonly OrderDesk[],
    cleared = (setup: ExchangeSetup): ExchangeSetup => setup,
  ): void {
    const { tape, queue, localBook } = this.#options
    const exchange = cleared(this.#options.exchange)
    const reports = desks.length === 1 ? desks[0]! : new ReportRouter(this.orders, desks)
    this.#exchange = new ExchangeSide(
      {
        instrument: this.instrument,
        tape,
        setup: exchange,
        queue,
        rules: this.rules,
        memory: this.#memory?.exchange,
      },
      reports,
    )
    const { mark } = this.#exchange.model.core
    const isLevels = exchange.reads === 'levels' && localBook === 'depth'
    if (mark !== undefined && isLevels && tape.isSeenAlike === true) this.local.follow(mark)
  }

  close(): void {
    this.local.close()
    this.exchange.close()
  }
}
