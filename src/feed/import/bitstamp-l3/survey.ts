/** The first pass over a Bitstamp order feed: its grids, its clock, its beginning. */
import { DataError, parseDecimal, type DataPlace } from '../../../core/index.ts'
import { GridMeter } from '../grid-meter.ts'
import { ClockMeter } from '../clock-meter.ts'
import { LogReader } from './log-reader.ts'

/** What the first pass found. */
export interface LogSurvey {
  readonly firstMs: number
  readonly grids: GridMeter
  readonly clock: ClockMeter
  /** Order books in the feed. */
  readonly books: number
}

/** Reads every message. @throws DataError when there is none that is as it should be */
export async function surveyLog(files: readonly string[]): Promise<LogSurvey> {
  // What is refused here is refused again, and told, when the rows are made.
  let refused: DataError | undefined
  const reader = new LogReader(files, (error) => {
    refused ??= error
  })
  const grids = new GridMeter()
  const clock = new ClockMeter()
  const { message } = reader
  let firstMs = Number.NaN
  let books = 0
  await reader.read(() => {
    if (Number.isNaN(firstMs)) firstMs = message.receivedMs
    if (message.event === 'book') books++
    if (message.event === 'book' || message.event === 'other') return
    const price = parseDecimal(message.price)
    grids.prices.note(price.mantissa, price.scale)
    const size = parseDecimal(message.amount)
    grids.sizes.note(size.mantissa, size.scale)
    // What is told of an order that goes is when it came.
    if (message.event === 'created' && !Number.isNaN(message.venueUs)) {
      clock.note(message.receivedMs * 1e6, message.venueUs * 1e3)
    }
  })
  if (Number.isNaN(firstMs)) throw refused ?? empty({ file: files.join(', ') })
  return { firstMs, grids, clock, books }
}

function empty(place: DataPlace): DataError {
  return new DataError('TOO_FEW_ROWS', 'there is no message', place)
}
