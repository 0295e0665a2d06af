/**
 * Imports LOBSTER pairs: a message file and the orderbook rows after each message.
 *
 * The tape's book is always the row's window: levels that leave it are removed, levels that enter
 * it take their size from the row. Executions become trades of the opposite side (the file gives
 * the side of the resting order), hidden ones too. LOBSTER has one time, so venue time and local
 * time are the same. `seq` is the row, from 1.
 *
 * Source: the read-me of the LOBSTER sample files (lobsterdata.com).
 */
import { DataError, type DataPlace } from '../../../core/index.ts'
import { Ladder } from '../../../book/index.ts'
import { EventKind, eventCode, type EventWriter } from '../../../market/index.ts'
import type { RowSink } from '../../../store/index.ts'
import { midnightBefore, zoneMidnightNs } from '../../../time/index.ts'
import { LineCursor } from '../../input/line-cursor.ts'
import { shownText, shownValue } from '../field-error.ts'
import { finalBook } from '../final-book.ts'
import type { ImportJob, ImportOutcome } from '../import-job.ts'
import { Tape } from '../tape.ts'
import { TradeTotals } from '../trade-totals.ts'
import { BookRow, type RowSide } from './book-row.ts'
import { IntegerLine } from './csv-integers.ts'
import { LobsterGrid } from './lobster-grid.ts'
import type { LobsterPair } from './lobster-pair.ts'
import { LobsterType, TransitionCheck } from './transition.ts'

const FIELDS = ['time', 'type', 'order id', 'size', 'price', 'direction'] as const
/** Rows to name in a warning. */
const ROWS_NAMED = 5

/** Rows that a warning is about. */
class RowList {
  count = 0
  readonly #named: number[] = []

  add(row: number): void {
    this.count++
    if (this.#named.length < ROWS_NAMED) this.#named.push(row)
  }

  /** The first rows, and how many more. */
  get text(): string {
    const more =
      this.count > this.#named.length ? ` and ${this.count - this.#named.length} more` : ''
    return `${this.#named.join(', ')}${more}`
  }
}

/** One import of a pair. */
class LobsterPass {
  readonly totals = new TradeTotals()
  readonly crossed = new RowList()
  readonly mismatched = new RowList()
  readonly crosses = new RowList()
  /** Rows read, those left out included. */
  rows = 0
  /** Rows that were held against the row before and their message. */
  compared = 0
  firstTime = 0
  lastTime = Number.NEGATIVE_INFINITY
  epochNs = 0n
  tape: Tape | undefined
  before: BookRow
  #after: BookRow
  readonly #pair: LobsterPair
  readonly #transaction: RowSink
  readonly #messages: LineCursor
  readonly #books: LineCursor
  readonly #line = new IntegerLine(FIELDS.length, true)
  readonly #bookLine: IntegerLine
  readonly #check: TransitionCheck
  readonly #messageGrid: LobsterGrid
  readonly #bookGrid: LobsterGrid
  readonly #message = { type: 0, tick: 0, lots: 0, direction: 0, price: 0 }
  readonly #refuse: (error: DataError) => void
  #hasBook = false
  /** True behind a row that was left out. */
  #isBroken = false
  /** What to add to times of the file. */
  #midnight = 0

  constructor(
    pair: LobsterPair,
    { transaction, refuse }: { transaction: RowSink; refuse: (error: DataError) => void },
    messages: LineCursor,
    books: LineCursor,
  ) {
    this.#pair = pair
    this.#refuse = refuse
    this.#transaction = transaction
    this.#messages = messages
    this.#books = books
    this.before = new BookRow(pair.levels)
    this.#after = new BookRow(pair.levels)
    this.#bookLine = new IntegerLine(pair.levels * 4, false)
    this.#check = new TransitionCheck(pair.levels)
    const { instrument } = transaction
    this.#messageGrid = new LobsterGrid(instrument, () => this.#messagePlace())
    this.#bookGrid = new LobsterGrid(instrument, () => this.#bookPlace())
  }

  /** Reads the message and the row at hand; one that cannot be used is refused and left out. */
  row(): void {
    this.rows++
    try {
      this.#take(this.#readMessage())
    } catch (error) {
      if (!(error instanceof DataError)) throw error
      this.#refuse(error)
      this.#isBroken = true
    }
  }

  #take(time: number): void {
    this.#readBook()
    this.lastTime = time
    const rows = this.tape!.l2
    const { type, tick, lots, direction, price } = this.#message
    if (type === LobsterType.Halt) this.#writeStatus(time, price)
    if (type === LobsterType.Execution || type === LobsterType.HiddenExecution) {
      const isBuy = direction < 0
      rows.push(time, time, eventCode(EventKind.Trade, isBuy ? 1 : -1), tick, lots, -1, this.rows)
      this.totals.add(tick, lots, isBuy)
    } else if (type === LobsterType.Cross) this.crosses.add(this.rows)
    if (this.#hasBook) this.#writeChanges(rows, time)
    else this.#writeSnapshot(rows, time)
    this.#hasBook = true
    this.#isBroken = false
    const { bids, asks } = this.#after
    if (bids.count > 0 && asks.count > 0 && bids.ticks[0]! > asks.ticks[0]!) {
      this.crossed.add(this.rows)
    }
    const free = this.before
    this.before = this.#after
    this.#after = free
  }

  #readMessage(): number {
    const cursor = this.#messages
    const line = this.#line
    line.read(cursor.bytes, cursor.start)
    const fault = line.faultField
    if (fault >= 0 || line.count !== FIELDS.length) {
      throw new DataError(
        'BAD_FIELD',
        `expected 6 numbers (seconds with decimals, then whole numbers), was ${shownText(cursor.text())}`,
        {
          ...this.#messagePlace(),
          field: FIELDS[fault < 0 ? line.count : fault] ?? 'column 7',
        },
      )
    }
    const { values } = line
    const time = values[0]!
    const type = values[1]!
    const size = values[3]!
    const price = values[4]!
    const direction = values[5]!
    const message = this.#message
    message.type = type
    message.direction = direction
    if (type < LobsterType.Submission || type > LobsterType.Halt) {
      throw this.#badField(1, type, '1 to 7')
    }
    if (direction !== 1 && direction !== -1) throw this.#badField(5, direction, '1 or -1')
    if (this.tape === undefined) this.#begin(time)
    const localTime = this.#midnight + time
    if (localTime < this.lastTime) {
      throw new DataError('TIME_BACKWARDS', 'the time goes back', {
        ...this.#messagePlace(),
        field: 'time',
        value: cursor.text().split(',', 1)[0] ?? '',
      })
    }
    message.price = price
    if (type !== LobsterType.Halt && type !== LobsterType.Cross) {
      if (size <= 0) throw this.#badField(3, size, 'a size above 0')
      if (price <= 0) throw this.#badField(4, price, 'a price above 0')
      message.tick = this.#messageGrid.tickOf(price)
      message.lots = this.#messageGrid.lotsOf(size)
    }
    return localTime
  }

  #begin(time: number): void {
    const { date, timeZone } = this.#pair
    const midnightNs = zoneMidnightNs(date, timeZone, time)
    this.epochNs = midnightBefore(midnightNs + BigInt(time))
    this.#midnight = Number(midnightNs - this.epochNs)
    this.firstTime = this.#midnight + time
    this.tape = new Tape(this.#transaction, this.epochNs)
  }

  /** Price -1: trading halts; 0: quoting resumes, trading does not; 1: trading resumes. */
  #writeStatus(time: number, price: number): void {
    if (price === 0) return
    const isOpen = price > 0 ? 1 : 0
    this.tape!.l2.push(time, time, eventCode(EventKind.Status, 0), 0, isOpen, -1, this.rows)
  }

  #readBook(): void {
    const cursor = this.#books
    const line = this.#bookLine
    line.read(cursor.bytes, cursor.start)
    const expected = this.#pair.levels * 4
    let fault = line.faultField
    if (fault < 0 && line.count !== expected) fault = line.count
    if (fault < 0) fault = this.#after.fill(line.values, this.#bookGrid)
    if (fault < 0) {
      // Behind a row that was left out, the next one need not follow from the one before.
      if (!this.#hasBook || this.#isBroken) return
      this.compared++
      if (!this.#check.follows(this.before, this.#message, this.#after)) {
        this.mismatched.add(this.rows)
      }
      return
    }
    const value = cursor.text().split(',')[fault]
    throw new DataError(
      'BAD_FIELD',
      `expected ${expected} integers, prices above 0 going away from the best and sizes above 0, was ${shownValue(value)}`,
      { ...this.#bookPlace(), field: `column ${fault + 1}`, value: value ?? '' },
    )
  }

  #writeSnapshot(rows: EventWriter, time: number): void {
    const { bids, asks } = this.#after
    rows.push(time, time, eventCode(EventKind.SnapshotBegin, 0), 0, 0, -1, this.rows)
    for (const side of [bids, asks]) {
      const code = eventCode(EventKind.SnapshotLevel, side.sign)
      for (let i = 0; i < side.count; i++) {
        rows.push(time, time, code, side.ticks[i]!, side.lots[i]!, -1, this.rows)
      }
    }
    rows.push(time, time, eventCode(EventKind.SnapshotEnd, 0), 0, 0, -1, this.rows)
  }

  #writeChanges(rows: EventWriter, time: number): void {
    this.#writeSide(rows, time, this.before.bids, this.#after.bids)
    this.#writeSide(rows, time, this.before.asks, this.#after.asks)
  }

  /** Levels that are gone first, then those that are new or have another size. */
  #writeSide(rows: EventWriter, time: number, before: RowSide, after: RowSide): void {
    const code = eventCode(EventKind.DepthSet, before.sign)
    for (let i = 0; i < before.count; i++) {
      const tick = before.ticks[i]!
      const at = after.find(tick)
      if (at >= after.count || after.ticks[at] !== tick) {
        rows.push(time, time, code, tick, 0, -1, this.rows)
      }
    }
    for (let i = 0; i < after.count; i++) {
      const tick = after.ticks[i]!
      const at = before.find(tick)
      const isKnown = at < before.count && before.ticks[at] === tick
      if (!isKnown || before.lots[at] !== after.lots[i]) {
        rows.push(time, time, code, tick, after.lots[i]!, -1, this.rows)
      }
    }
  }

  #badField(field: number, value: number, expected: string): DataError {
    return new DataError('BAD_FIELD', `expected ${expected}, was ${value}`, {
      ...this.#messagePlace(),
      field: FIELDS[field]!,
      value,
    })
  }

  #messagePlace(): DataPlace {
    return { file: this.#pair.messageFile, line: this.#messages.line }
  }

  #bookPlace(): DataPlace {
    return { file: this.#pair.bookFile, line: this.#books.line }
  }
}

/**
 * Imports a pair.
 *
 * @throws DataError for the first line that is not as it should be, or when one file is longer
 */
export async function importLobster(
  pair: LobsterPair,
  job: ImportJob,
  transaction: RowSink,
): Promise<ImportOutcome> {
  const messages = await LineCursor.open(pair.messageFile)
  try {
    const books = await LineCursor.open(pair.bookFile)
    try {
      return await importRows(pair, job, transaction, { messages, books })
    } finally {
      await books.close()
    }
  } finally {
    await messages.close()
  }
}

async function importRows(
  pair: LobsterPair,
  job: ImportJob,
  transaction: RowSink,
  { messages, books }: { readonly messages: LineCursor; readonly books: LineCursor },
): Promise<ImportOutcome> {
  const { refuse } = job
  const pass = new LobsterPass(pair, { transaction, refuse }, messages, books)
  const bytesTotal = messages.input.bytes + books.input.bytes
  while ((await messages.advance()) && (await books.advance())) {
    for (let n = Math.min(messages.ready, books.ready); n > 0; n--) {
      pass.row()
      messages.step()
      books.step()
    }
    pass.tape?.drain()
    job.onProgress?.({
      bytesRead: messages.input.bytesRead + books.input.bytesRead,
      bytesTotal,
      messages: pass.rows,
      events: pass.tape?.events ?? 0,
    })
  }
  const hasMore = (await messages.advance()) || (await books.advance())
  if (hasMore) throw unequalRows(pair, pass.rows, messages.ready > 0)
  if (pass.tape === undefined) {
    throw new DataError('TOO_FEW_ROWS', 'no row can be used', { file: pair.messageFile })
  }
  pass.tape.finish()
  return outcomeOf(pass, job, transaction)
}

function unequalRows(pair: LobsterPair, rows: number, moreMessages: boolean): DataError {
  const [longer, shorter] = moreMessages
    ? [pair.messageFile, pair.bookFile]
    : [pair.bookFile, pair.messageFile]
  return new DataError(
    'TRUNCATED_FILE',
    `there is no row ${rows + 1}, but ${longer} has one; a pair has as many messages as book rows`,
    { file: shorter, line: rows + 1 },
  )
}

function outcomeOf(pass: LobsterPass, job: ImportJob, transaction: RowSink): ImportOutcome {
  const { instrument } = transaction
  const { compared } = pass
  const transitions = { compared, equal: compared - pass.mismatched.count }
  const ladder = new Ladder()
  const { bids, asks } = pass.before
  for (let i = 0; i < bids.count; i++) ladder.setBid(bids.ticks[i]!, bids.lots[i]!)
  for (let i = 0; i < asks.count; i++) ladder.setAsk(asks.ticks[i]!, asks.lots[i]!)
  return {
    messages: pass.rows,
    events: pass.tape!.events,
    gaps: 0,
    duplicates: 0,
    reordered: 0,
    crossed: pass.crossed.count,
    fromNs: pass.epochNs + BigInt(pass.firstTime),
    toNs: pass.epochNs + BigInt(pass.lastTime),
    clockOffsetNs: 0,
    clockFixed: false,
    warnings: warningsOf(pass, job),
    ...(job.verify ? { verify: transitions } : {}),
    transitions,
    final: finalBook(ladder, instrument),
    trades: pass.totals.summary(instrument),
  }
}

function warningsOf(pass: LobsterPass, job: ImportJob): string[] {
  const warnings: string[] = []
  if (pass.mismatched.count > 0) {
    warnings.push(
      `${pass.mismatched.count} book rows do not follow from the row before and their message: rows ${pass.mismatched.text}`,
    )
  }
  if (pass.crossed.count > 0) {
    warnings.push(
      `the best bid stands above the best ask in ${pass.crossed.count} rows: ${pass.crossed.text}`,
    )
  }
  if (pass.crosses.count > 0) {
    warnings.push(
      `${pass.crosses.count} auction trades (type 6) were left out: rows ${pass.crosses.text}`,
    )
  }
  if (job.fixClock) warnings.push('LOBSTER data have one time, so there is no clock to fix')
  return warnings
}
