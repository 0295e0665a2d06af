/** Imports Bitstamp order feeds. */
import { NO_ASK, NO_BID } from '../../../book/index.ts'
import { DataError } from '../../../core/index.ts'
import type { RowSink } from '../../../store/index.ts'
import { midnightBefore } from '../../../time/index.ts'
import { finalBook } from '../final-book.ts'
import type { ImportJob, ImportOutcome } from '../import-job.ts'
import type { LogMessage } from './log-message.ts'
import { LogReader } from './log-reader.ts'
import { OrderEvents } from './order-events.ts'
import type { LogSurvey } from './survey.ts'

/** The book begins empty; after this long the venue's order books are those of ours. */
const SETTLING_MS = 3_600_000

/** Names of ignored messages to count apart. */
const IGNORED_NAMES_MAX = 32

/** Compares our best prices with those of the order books in the feed. */
class BookComparison {
  compared = 0
  equal = 0

  note(message: LogMessage, events: OrderEvents): void {
    const { bestBidTick, bestAskTick } = events.tape.ladder
    this.#side(message.bestBid, bestBidTick, NO_BID, events)
    this.#side(message.bestAsk, bestAskTick, NO_ASK, events)
  }

  #side(text: string, ours: number, none: number, events: OrderEvents): void {
    this.compared++
    if ((text === '' ? none : events.tickOf(text)) === ours) this.equal++
  }
}

/**
 * Imports files in time order.
 *
 * @throws DataError for the first line that is not as it should be
 */
export async function importBitstampL3(
  job: ImportJob,
  survey: LogSurvey,
  sink: RowSink,
): Promise<ImportOutcome> {
  const epochNs = midnightBefore(BigInt(survey.firstMs) * 1_000_000n)
  const epochMs = Number(epochNs / 1_000_000n)
  const shiftNs = job.fixClock ? survey.clock.fixNs : 0
  const reader = new LogReader(job.files, job.refuse)
  const events = new OrderEvents(sink, epochNs, { refuse: job.refuse, place: reader.place })
  const comparison = job.verify ? new BookComparison() : undefined
  const ignored = new Map<string, number>()
  const { message } = reader
  let lastTime = 0
  await reader.read(
    () => {
      const received = (message.receivedMs - epochMs) * 1e6
      lastTime = received + shiftNs
      if (message.event === 'book') {
        if (message.receivedMs - survey.firstMs >= SETTLING_MS) comparison?.note(message, events)
      } else if (message.event === 'other') {
        const isKnown = ignored.has(message.name) || ignored.size < IGNORED_NAMES_MAX
        const name = isKnown ? message.name : 'others'
        ignored.set(name, (ignored.get(name) ?? 0) + 1)
      } else {
        const told = (message.venueUs - epochMs * 1e3) * 1e3
        events.message(message, lastTime, Number.isNaN(told) ? received : told)
      }
    },
    (progress) => {
      events.tape.drain()
      job.onProgress?.({ ...progress, events: events.tape.events })
    },
  )
  const { tape } = events
  tape.finish()
  if (tape.events === 0) {
    throw new DataError('TOO_FEW_ROWS', 'no message could be used', { file: job.files.join(', ') })
  }
  return {
    messages: reader.messages,
    events: tape.events,
    gaps: 0,
    duplicates: 0,
    reordered: 0,
    crossed: tape.crossed,
    fromNs: BigInt(survey.firstMs) * 1_000_000n + BigInt(shiftNs),
    toNs: epochNs + BigInt(lastTime),
    clockOffsetNs: survey.clock.offsetNs,
    clockFixed: job.fixClock && survey.clock.isBehind,
    warnings: warningsOf(events, ignored, survey.clock.warning(job.fixClock)),
    ...(comparison === undefined
      ? {}
      : { verify: { compared: comparison.compared, equal: comparison.equal } }),
    orders: tape.orders,
    final: finalBook(tape.ladder, sink.instrument),
    ...(tape.totals.count === 0 ? {} : { trades: tape.totals.summary(sink.instrument) }),
  }
}

function warningsOf(
  events: OrderEvents,
  ignored: ReadonlyMap<string, number>,
  clock: string | undefined,
): string[] {
  const { tape, unknownDeletes, unknownChanges, missingTrades } = events
  const warnings = clock === undefined ? [] : [clock]
  if (tape.unknown > 0) {
    const twice = tape.unknown - unknownDeletes - unknownChanges
    warnings.push(
      `the feed begins with an empty book: ${unknownDeletes} deletions and ${unknownChanges} changes are of orders that it never showed${twice > 0 ? `, ${twice} creations of orders that are there` : ''}; left out`,
    )
  }
  if (tape.crossed > 0) {
    warnings.push(
      `the book was crossed after ${tape.crossed} messages: orders that take liquidity appear before they are filled`,
    )
  }
  if (missingTrades > 0) warnings.push(`${missingTrades} trade ids are missing`)
  if (ignored.size > 0) {
    const kinds = [...ignored].map(([name, count]) => `${count} of ${name}`).join(', ')
    warnings.push(`messages of other kinds were left out: ${kinds}`)
  }
  return warnings
}
