/** How an exchange is made for an instrument of a run. */
import type { CompiledBook } from '../book/index.ts'
import type { EventWindows, Instrument, RowContent } from '../market/index.ts'
import type { ExchangeModel, ExchangeReports } from './exchange.ts'
import type { QueueModel } from './queue-model.ts'

/** What a model of an exchange is made of. */
export interface ExchangeParts {
  readonly instrument: Instrument
  /** The tape in order of venue time. */
  readonly windows: EventWindows
  readonly queue: QueueModel
  readonly reports: ExchangeReports
  /** Where a book of levels is kept; default: in memory of its own. */
  readonly memory?: CompiledBook | undefined
}

/** A kind of exchange: its name, and how one is made for an instrument of a run. */
export interface ExchangeSetup {
  readonly name: string
  /** The rows that it reads: price levels, or single orders. */
  readonly reads: RowContent
  make(parts: ExchangeParts): ExchangeModel
}
