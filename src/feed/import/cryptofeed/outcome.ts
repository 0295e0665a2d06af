/** What an import of a capture tells at its end. */
import { LobtraderError } from '../../../core/index.ts'
import type { ClockMeter } from '../clock-meter.ts'
import { finalBook } from '../final-book.ts'
import type { ImportJob, ImportOutcome } from '../import-job.ts'
import type { SymbolResult } from '../import-result.ts'
import { mergedSymbols } from '../symbol-totals.ts'
import type { CaptureStream } from './capture-stream.ts'
import type { ImportPass } from './import-cryptofeed.ts'
import type { SymbolBook } from './symbol-book.ts'
import type { VenueReader, VenueRules } from './venue-rules.ts'

/** Sentences about single breaks, over all symbols. */
const BREAKS_MAX = 20

/** What the messages told beside the books. */
export interface OutcomeOptions {
  readonly rules: VenueRules
  readonly reader: VenueReader
  /** Measured over all symbols of the capture. */
  readonly meter: ClockMeter
}

/**
 * Returns totals, what each symbol gave, and warnings.
 *
 * @throws LobtraderError ABSENT_SNAPSHOT when updates came and no book could begin
 */
export function outcomeOf(
  job: ImportJob,
  stream: CaptureStream,
  pass: ImportPass,
  { rules, reader, meter }: OutcomeOptions,
): ImportOutcome {
  const books = [...pass.books.values()]
  const withBook = books.filter(({ hasBook }) => hasBook)
  if (withBook.length > 0 && !withBook.some(({ hasBegun }) => hasBegun)) {
    throw absentSnapshot(job.files, withBook, rules)
  }
  for (const { tape } of books) tape.finish()
  const symbols = books.map((book) => resultOf(book))
  return {
    messages: stream.messages,
    fromNs: stream.epochNs + BigInt(pass.firstTime),
    toNs: stream.epochNs + BigInt(pass.lastTime),
    clockOffsetNs: meter.offsetNs,
    clockFixed: job.fixClock && meter.isBehind,
    warnings: warningsOf(job, pass, books, { rules, reader, meter }),
    ...mergedSymbols(symbols),
  }
}

function resultOf(book: SymbolBook): SymbolResult {
  const { instrument, tape, check, checksums } = book
  return {
    symbol: instrument.symbol,
    messages: book.messages,
    events: tape.events,
    gaps: tape.gaps,
    duplicates: book.duplicates,
    reordered: book.reordered,
    crossed: tape.crossed,
    ...(checksums === undefined ? {} : { checksums: { ...checksums } }),
    ...(check === undefined ? {} : { verify: check.result }),
    ...(book.hasBegun ? { final: finalBook(tape.ladder, instrument) } : {}),
    ...(tape.totals.count === 0 ? {} : { trades: tape.totals.summary(instrument) }),
  }
}

function absentSnapshot(
  files: readonly string[],
  books: readonly SymbolBook[],
  rules: VenueRules,
): LobtraderError {
  const names = files.join(', ')
  const snapshots = books.reduce((sum, one) => sum + one.snapshots, 0)
  const where = rules.waitsForSnapshot
    ? '; snapshots are in the .http file of the capture, give it too'
    : ''
  return new LobtraderError(
    'ABSENT_SNAPSHOT',
    snapshots === 0
      ? `no book snapshot in ${names}, so no book can be built${where}`
      : `none of the ${snapshots} book snapshots in ${names} is joined by the updates around it, so no book can be built`,
    { files: names },
  )
}

function warningsOf(
  job: ImportJob,
  pass: ImportPass,
  books: readonly SymbolBook[],
  { rules, reader, meter }: OutcomeOptions,
): string[] {
  const warnings: string[] = []
  const clock = meter.warning(job.fixClock)
  if (clock !== undefined) warnings.push(clock)
  const breaks = books.flatMap((book) => book.breaks)
  warnings.push(...breaks.slice(0, BREAKS_MAX))
  const gaps = books.reduce((sum, { tape }) => sum + tape.gaps, 0)
  const shown = Math.min(BREAKS_MAX, breaks.length)
  if (gaps > shown) warnings.push(`${gaps - shown} more gaps`)
  const named = (what: (book: SymbolBook) => number, text: string): void => {
    const found = books.filter((book) => what(book) > 0)
    if (found.length === 0) return
    const sum = found.reduce((total, book) => total + what(book), 0)
    warnings.push(`${sum} ${text} (${namesOf(found)})`)
  }
  const absent = books.filter((book) => book.hasBook && !book.hasBegun)
  if (absent.length > 0) {
    warnings.push(`no snapshot is joined by the updates of ${namesOf(absent)}: no book of it`)
  }
  named((book) => book.unjoined, 'snapshots were too old to be joined and were left out')
  named(({ tape }) => tape.crossed, 'times a book was crossed after a message')
  named(
    ({ farLevels }) => farLevels,
    'level changes beyond 2^31 ticks or 2^53 lots were left out of the books',
  )
  named(({ trades }) => trades.missing, 'trade ids are missing')
  named(({ trades }) => trades.repeated, 'repeated trades were left out')
  named(({ trades }) => trades.past, 'trades from before the subscription were left out')
  if (pass.leftOutCounts.size > 0) {
    const kinds = [...pass.leftOutCounts].map(([name, count]) => `${count} of ${name}`)
    warnings.push(`messages of other kinds were left out: ${kinds.join(', ')}`)
  }
  if (job.verify && !rules.hasTickerIds) {
    warnings.push(
      `tickers of ${rules.name} name no book update, so --verify has nothing to compare${rules.check === undefined ? '' : ' beyond the checksums'}`,
    )
  }
  warnings.push(...(reader.warnings ?? []))
  return warnings
}

function namesOf(books: readonly SymbolBook[]): string {
  const names = books.map(({ instrument }) => instrument.symbol)
  return names.length > 10 ? `${names.slice(0, 10).join(', ')} and others` : names.join(', ')
}
