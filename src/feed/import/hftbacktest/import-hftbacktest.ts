/**
 * Imports event arrays of hftbacktest 2 (`.npz` and `.npy`).
 *
 * Rows flagged for one side are seen by that side alone; a row that the file holds once for each
 * side becomes one row. Trades keep the side of their aggressor.
 */
import { DataError, LobtraderError, decimalText } from '../../../core/index.ts'
import { EventKind, eventCode, type Instrument } from '../../../market/index.ts'
import type { RowSink } from '../../../store/index.ts'
import { ClockMeter } from '../clock-meter.ts'
import { placedError } from '../field-error.ts'
import { finalBook } from '../final-book.ts'
import { FinerSize } from '../finer-size.ts'
import type { ImportJob, ImportOutcome } from '../import-job.ts'
import { ArrayReader, type RecordPass } from './array-reader.ts'
import { RecordKind } from './event-record.ts'
import { CLEAR_ALL, JoinedTape } from './joined-tape.ts'
import { SideJoin } from './side-join.ts'

const KIND_OF: ReadonlyMap<number, EventKind> = new Map([
  [RecordKind.Depth, EventKind.DepthSet],
  [RecordKind.Trade, EventKind.Trade],
  [RecordKind.DepthClear, EventKind.DepthClear],
  [RecordKind.DepthSnapshot, EventKind.SnapshotLevel],
  [RecordKind.DepthBbo, EventKind.Bbo],
])

/** Measures the clock of an array and does nothing else. */
class ClockPass implements RecordPass {
  readonly meter = new ClockMeter()
  readonly #reader: ArrayReader

  constructor(reader: ArrayReader) {
    this.#reader = reader
  }

  begin(): void {}

  record(): void {
    noteLatency(this.meter, this.#reader)
  }

  rest(): void {}
}

/** Checks records, puts them on the grid and hands them to the join. */
class ImportPass implements RecordPass {
  readonly meter = new ClockMeter()
  readonly tape: JoinedTape
  firstTime = Number.POSITIVE_INFINITY
  lastTime = Number.NEGATIVE_INFINITY
  /** Rows that neither side sees. */
  unseen = 0
  readonly #reader: ArrayReader
  readonly #instrument: Instrument
  readonly #job: ImportJob
  readonly #shiftNs: number
  readonly #join: SideJoin
  #exchTime = Number.NEGATIVE_INFINITY

  constructor(reader: ArrayReader, transaction: RowSink, job: ImportJob, shiftNs: number) {
    this.#reader = reader
    this.#instrument = transaction.instrument
    this.#job = job
    this.#shiftNs = shiftNs
    this.tape = new JoinedTape(transaction)
    this.#join = new SideJoin(this.tape)
  }

  begin(epochNs: bigint): void {
    this.tape.begin(epochNs)
  }

  /** Takes the record at hand; one that cannot be used is refused and left out. */
  record(): void {
    try {
      this.#take()
    } catch (error) {
      if (!(error instanceof DataError)) throw error
      this.#job.refuse(error)
    }
  }

  #take(): void {
    const { record } = this.#reader
    noteLatency(this.meter, this.#reader)
    if (!record.isLocal && !record.isExchange) {
      this.unseen++
      return
    }
    const { exchTime } = record
    const localTime = record.localTime + this.#shiftNs
    if (record.isLocal && localTime < this.lastTime) throw this.#backwards('local_ts')
    if (record.isExchange && exchTime < this.#exchTime) throw this.#backwards('exch_ts')
    const kind = this.#kind()
    const isClear = kind === EventKind.DepthClear
    const tick = isClear ? this.#clearTick() : this.#tick()
    const lots = isClear ? 0 : this.#lots()
    const code = eventCode(kind, record.side)
    if (record.isLocal) {
      if (this.firstTime === Number.POSITIVE_INFINITY) this.firstTime = localTime
      this.lastTime = localTime
    }
    if (record.isExchange) this.#exchTime = exchTime
    if (!record.isExchange) this.#join.localRow(localTime, exchTime, code, tick, lots)
    else if (!record.isLocal) this.#join.exchangeRow(localTime, exchTime, code, tick, lots)
    else this.#join.sharedRow(localTime, exchTime, code, tick, lots)
  }

  rest(bytesRead: number, bytesTotal: number): void {
    this.tape.drain()
    const { rows: messages } = this.#reader
    this.#job.onProgress?.({ bytesRead, bytesTotal, messages, events: this.tape.events })
  }

  finish(): void {
    this.#join.finish()
    this.tape.finish()
  }

  #kind(): EventKind {
    const { record } = this.#reader
    const kind = KIND_OF.get(record.kind)
    if (
      kind === undefined &&
      record.kind >= RecordKind.AddOrder &&
      record.kind <= RecordKind.Fill
    ) {
      throw new DataError(
        'UNSUPPORTED',
        `event kind ${record.kind} is one of single orders (L3), which this import does not read`,
        { ...this.#reader.place(), field: 'ev', value: record.kind },
      )
    }
    const needsSide = kind !== EventKind.Trade && kind !== EventKind.DepthClear
    if (kind !== undefined && !record.hasUnknownBits && (record.side !== 0 || !needsSide))
      return kind
    throw new DataError('BAD_FIELD', 'the flags are not those of an hftbacktest event', {
      ...this.#reader.place(),
      field: 'ev',
      value: record.kind,
    })
  }

  /** Clears reach from the best price to `px`; without a number they clear the side. */
  #clearTick(): number {
    const { price, side } = this.#reader.record
    return Number.isFinite(price) && side !== 0 ? this.#tick() : CLEAR_ALL
  }

  #tick(): number {
    const { price } = this.#reader.record
    const instrument = this.#instrument
    const guess = Math.round(price / instrument.tickSize)
    const tick =
      guess === (guess | 0) && instrument.price(guess) === price
        ? guess
        : this.#onGrid('px', price, () => instrument.ticksOf(price))
    if (tick > 0) return tick
    throw new DataError(
      tick < 0 ? 'NEGATIVE' : 'BAD_FIELD',
      `expected a price above 0, was ${price}`,
      {
        ...this.#reader.place(),
        field: 'px',
        value: price,
      },
    )
  }

  #lots(): number {
    const { size } = this.#reader.record
    const instrument = this.#instrument
    const guess = Math.round(size / instrument.lotSize)
    if (guess >= 0 && Number.isSafeInteger(guess) && instrument.size(guess) === size)
      return guess + 0
    return this.#onGrid('qty', size, () => instrument.lotsOf(size))
  }

  #onGrid(field: string, value: number, convert: () => number): number {
    try {
      return convert()
    } catch (error) {
      if (!(error instanceof LobtraderError)) throw error
      const place = { ...this.#reader.place(), field, value }
      if (field === 'qty' && error.code === 'OFF_GRID')
        throw new FinerSize(decimalText(value), place)
      throw placedError(error, place)
    }
  }

  #backwards(field: 'exch_ts' | 'local_ts'): DataError {
    const { record, epochNs } = this.#reader
    const time = field === 'exch_ts' ? record.exchTime : record.localTime
    const side = field === 'exch_ts' ? 'exchange' : 'local'
    return new DataError('TIME_BACKWARDS', `the rows of the ${side} side go back in time`, {
      ...this.#reader.place(),
      field,
      value: String(epochNs + BigInt(time)),
    })
  }
}

function noteLatency(meter: ClockMeter, { record }: ArrayReader): void {
  if (!record.isLocal) return
  if (record.kind !== RecordKind.Depth && record.kind !== RecordKind.Trade) return
  meter.note(record.localTime, record.exchTime)
}

/**
 * Imports array files, given in time order.
 *
 * @throws DataError for a file that is no sound array, and for the first row that makes no sense
 */
export async function importHftbacktest(
  job: ImportJob,
  transaction: RowSink,
): Promise<ImportOutcome> {
  const { instrument } = transaction
  let shiftNs = 0
  if (job.fixClock) {
    const measuring = new ArrayReader(job.files)
    const pass = new ClockPass(measuring)
    await measuring.read(pass)
    shiftNs = pass.meter.offsetNs
  }
  const reader = new ArrayReader(job.files)
  const pass = new ImportPass(reader, transaction, job, shiftNs)
  await reader.read(pass)
  pass.finish()
  const { tape } = pass
  const hasLocal = pass.lastTime > Number.NEGATIVE_INFINITY
  const fromNs = reader.epochNs + BigInt(hasLocal ? pass.firstTime : 0)
  return {
    messages: reader.rows,
    events: tape.events,
    gaps: 0,
    duplicates: 0,
    reordered: 0,
    crossed: tape.crossed,
    fromNs,
    toNs: hasLocal ? reader.epochNs + BigInt(pass.lastTime) : fromNs,
    clockOffsetNs: pass.meter.offsetNs,
    clockFixed: job.fixClock,
    warnings: warningsOf(pass, job),
    final: finalBook(tape.ladder, instrument),
    trades: tape.totals.summary(instrument),
  }
}

function warningsOf(pass: ImportPass, job: ImportJob): string[] {
  const warnings: string[] = []
  const clock = job.fixClock ? undefined : pass.meter.warning
  if (clock !== undefined) warnings.push(clock)
  if (!pass.tape.hasSnapshot) {
    warnings.push('there is no snapshot, so the book begins empty and fills up with its updates')
  }
  if (pass.tape.crossed > 0) warnings.push(`the book was crossed ${pass.tape.crossed} times`)
  if (pass.unseen > 0) warnings.push(`${pass.unseen} rows that neither side sees were left out`)
  if (job.verify) warnings.push('the array has no prices of the venue to verify the book with')
  return warnings
}
