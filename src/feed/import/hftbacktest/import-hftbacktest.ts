/**
 * Imports event arrays of hftbacktest 2 (`.npz` and `.npy`).
 *
 * Rows flagged for one side are seen by that side alone; a row that the file holds once for each
 * side becomes one row. Trades keep the side of their aggressor. An array is one of levels or one
 * of orders, told by its first row of either.
 */
import { DataError } from '../../../core/index.ts'
import { EventKind, eventCode } from '../../../market/index.ts'
import type { RowSink } from '../../../store/index.ts'
import { ClockMeter } from '../clock-meter.ts'
import { finalBook } from '../final-book.ts'
import type { ImportJob, ImportOutcome } from '../import-job.ts'
import { ArrayReader, type RecordPass } from './array-reader.ts'
import { RecordKind } from './event-record.ts'
import { CLEAR_ALL } from './joined-tape.ts'
import { RecordValues } from './record-values.ts'
import { newTapeRow } from './side-join.ts'
import { LevelTarget, OrderTarget, type RowTarget } from './row-target.ts'

/** Looks for the first row of a book. */
class KindPass implements RecordPass {
  isOfOrders = false
  isDone = false
  readonly #reader: ArrayReader

  constructor(reader: ArrayReader) {
    this.#reader = reader
  }

  begin(): void {}

  record(): void {
    const { kind } = this.#reader.record
    if (this.isDone) return
    this.isOfOrders = kind >= RecordKind.AddOrder && kind <= RecordKind.Fill
    this.isDone = this.isOfOrders || kind === RecordKind.Depth || kind === RecordKind.DepthSnapshot
  }

  rest(): void {}
}

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

/** Checks records, puts them on the grid and hands them to the tape. */
class ImportPass implements RecordPass {
  readonly meter = new ClockMeter()
  readonly target: RowTarget
  firstTime = Number.POSITIVE_INFINITY
  lastTime = Number.NEGATIVE_INFINITY
  /** Rows that neither side sees. */
  unseen = 0
  readonly #reader: ArrayReader
  readonly #values: RecordValues
  readonly #job: ImportJob
  readonly #shiftNs: number
  readonly #row = newTapeRow()
  #exchTime = Number.NEGATIVE_INFINITY

  constructor(reader: ArrayReader, sink: RowSink, job: ImportJob, pre: Measured) {
    this.#reader = reader
    this.#values = new RecordValues(reader, sink.instrument)
    this.#job = job
    this.#shiftNs = pre.shiftNs
    this.target = pre.isOfOrders ? new OrderTarget(sink) : new LevelTarget(sink)
  }

  begin(epochNs: bigint): void {
    this.target.begin(epochNs)
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
    const kind = this.#values.kind()
    const isClear = kind === EventKind.DepthClear
    const row = this.#row
    row.localTime = localTime
    row.exchTime = exchTime
    row.code = eventCode(kind, record.side)
    row.tick = isClear ? this.#clearTick() : this.#values.tick()
    row.lots = isClear ? 0 : this.#values.lots()
    row.seq = record.seq
    if (record.isLocal) {
      if (this.firstTime === Number.POSITIVE_INFINITY) this.firstTime = localTime
      this.lastTime = localTime
    }
    if (record.isExchange) this.#exchTime = exchTime
    if (this.target.take(row, record)) return
    throw new DataError(
      'UNSUPPORTED',
      `event kind ${record.kind} does not belong into an array of ${this.target.orders === undefined ? 'levels' : 'orders'}`,
      { ...this.#reader.place(), field: 'ev', value: record.kind },
    )
  }

  rest(bytesRead: number, bytesTotal: number): void {
    this.target.drain()
    const { rows: messages } = this.#reader
    this.#job.onProgress?.({ bytesRead, bytesTotal, messages, events: this.target.events })
  }

  finish(): void {
    this.target.finish()
  }

  /** Clears reach from the best price to `px`; without a number they clear the side. */
  #clearTick(): number {
    const { price, side } = this.#reader.record
    return Number.isFinite(price) && side !== 0 ? this.#values.tick() : CLEAR_ALL
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
  const { kind } = record
  if (kind !== RecordKind.Depth && kind !== RecordKind.Trade && kind < RecordKind.AddOrder) return
  meter.note(record.localTime, record.exchTime)
}

/** What has to be known before the first row is taken. */
interface Measured {
  readonly shiftNs: number
  readonly isOfOrders: boolean
}

async function measure(job: ImportJob): Promise<Measured> {
  const looking = new ArrayReader(job.files)
  const kind = new KindPass(looking)
  await looking.read(kind)
  let shiftNs = 0
  if (job.fixClock) {
    const measuring = new ArrayReader(job.files)
    const pass = new ClockPass(measuring)
    await measuring.read(pass)
    shiftNs = pass.meter.fixNs
  }
  return { shiftNs, isOfOrders: kind.isOfOrders }
}

/**
 * Imports array files, given in time order.
 *
 * @throws DataError for a file that is no sound array, and for the first row that makes no sense
 */
export async function importHftbacktest(job: ImportJob, sink: RowSink): Promise<ImportOutcome> {
  const pre = await measure(job)
  const reader = new ArrayReader(job.files)
  const pass = new ImportPass(reader, sink, job, pre)
  await reader.read(pass)
  pass.finish()
  const { target } = pass
  const hasLocal = pass.lastTime > Number.NEGATIVE_INFINITY
  const fromNs = reader.epochNs + BigInt(hasLocal ? pass.firstTime : 0)
  return {
    messages: reader.rows,
    events: target.events,
    gaps: 0,
    duplicates: 0,
    reordered: 0,
    crossed: target.crossed,
    fromNs,
    toNs: hasLocal ? reader.epochNs + BigInt(pass.lastTime) : fromNs,
    clockOffsetNs: pass.meter.offsetNs,
    clockFixed: job.fixClock && pass.meter.isBehind,
    warnings: warningsOf(pass, job),
    ...(target.orders === undefined ? {} : { orders: target.orders }),
    final: finalBook(target.ladder, sink.instrument),
    trades: target.totals.summary(sink.instrument),
  }
}

function warningsOf(pass: ImportPass, job: ImportJob): string[] {
  const warnings: string[] = []
  const clock = pass.meter.warning(job.fixClock)
  if (clock !== undefined) warnings.push(clock)
  if (!pass.target.hasSnapshot) {
    warnings.push('there is no snapshot, so the book begins empty and fills up with its updates')
  }
  if (pass.target.crossed > 0) warnings.push(`the book was crossed ${pass.target.crossed} times`)
  if (pass.unseen > 0) warnings.push(`${pass.unseen} rows that neither side sees were left out`)
  const { unknownFills } = pass.target
  if (unknownFills > 0) warnings.push(`${unknownFills} fills name orders that are not there`)
  if (job.verify) warnings.push('the array has no prices of the venue to verify the book with')
  return warnings
}
