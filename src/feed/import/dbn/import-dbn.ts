/** The second pass over DBN files: every record becomes the rows of its instrument. */
import { DataError, assert } from '../../../core/index.ts'
import type { RowSink } from '../../../store/index.ts'
import type { ImportJob, ImportOutcome } from '../import-job.ts'
import type { SymbolResult } from '../import-result.ts'
import { OrderRefs } from '../order-refs.kernel.ts'
import { mergedSymbols } from '../symbol-totals.ts'
import { DbnReader, type DbnBlock } from './dbn-reader.ts'
import type { DbnTarget } from './dbn-instruments.ts'
import type { InstrumentRows, RowsOptions } from './instrument-rows.ts'
import {
  RecordFlag,
  RecordType,
  STATUS_ACTION_AT,
  STATUS_BYTES,
  STATUS_IS_TRADING_AT,
  recordTypeName,
} from './layout.ts'
import { MboRows } from './mbo-rows.ts'
import { MbpRows } from './mbp-rows.ts'
import type { DbnSurvey } from './survey.ts'

/** Instruments from which on each takes as little memory as can be. */
const MANY = 32
/** Symbols to name in a warning. */
const NAMED = 5

/** Status actions during which there is trading, and those during which there is none. */
const OPEN_ACTIONS: ReadonlySet<number> = new Set([7])
const CLOSED_ACTIONS: ReadonlySet<number> = new Set([8, 9, 10, 12, 13, 15])

/** One pass. */
class DbnPass {
  readonly ignored = new Map<number, number>()
  raisedTimes = 0
  firstTime = Number.NaN
  lastTime = Number.NEGATIVE_INFINITY
  rows: readonly InstrumentRows[] = []
  readonly #sinks: readonly RowSink[]
  readonly #targets: readonly DbnTarget[]
  readonly #refs = new OrderRefs()
  /** Index in {@link rows} by the reference of an instrument. */
  readonly #indexes: number[] = []
  readonly #job: ImportJob
  readonly #shiftNs: number

  constructor(
    job: ImportJob,
    targets: readonly DbnTarget[],
    sinks: readonly RowSink[],
    shiftNs: number,
  ) {
    assert(targets.length === sinks.length, 'one sink for each target')
    this.#job = job
    this.#targets = targets
    this.#sinks = sinks
    this.#shiftNs = shiftNs
  }

  get events(): number {
    return this.rows.reduce((sum, rows) => sum + rows.events, 0)
  }

  begin(epochNs: bigint): void {
    const { refuse } = this.#job
    const options = { epochNs, isSmall: this.#sinks.length >= MANY, refuse }
    this.rows = this.#targets.map(({ found }, i) => {
      this.#indexes[this.#refs.add(found.publisher, found.id)] = i
      return rowsOf(found.source, this.#sinks[i]!, options)
    })
  }

  block(block: DbnBlock): void {
    const { columns } = block
    let publisher = -1
    let id = -1
    let rows: InstrumentRows | undefined
    for (let row = 0; row < columns.length; row++) {
      if (columns.instrument[row] !== id || columns.publisher[row] !== publisher) {
        id = columns.instrument[row]!
        publisher = columns.publisher[row]!
        const ref = this.#refs.get(publisher, id)
        rows = ref < 0 ? undefined : this.rows[this.#indexes[ref]!]
      }
      const type = columns.type[row]!
      if (rows !== undefined && type === rows.recordType) this.#record(rows, block, row)
      else if (type === RecordType.Status) this.#status(rows, block, row)
      else if (columns.action[row] === 0 || rows !== undefined) this.#ignore(type)
    }
    for (const one of this.rows) one.drain()
  }

  #record(rows: InstrumentRows, block: DbnBlock, row: number): void {
    const { columns } = block
    const received = columns.localTime[row]!
    const flags = columns.flags[row]!
    const localTime = this.#localTime(received, block, row)
    if (Number.isNaN(localTime)) return
    const isSnapshot = (flags & RecordFlag.Snapshot) !== 0
    const told = columns.exchTime[row]!
    rows.record(block, row, localTime, isSnapshot || Number.isNaN(told) ? received : told)
  }

  /** Returns the local time of a record, NaN where it is refused. */
  #localTime(received: number, block: DbnBlock, row: number): number {
    if (Number.isNaN(received)) {
      this.#job.refuse(
        new DataError('BAD_FIELD', 'the receive time is undefined', {
          ...block.placeOf(row),
          field: 'ts_recv',
        }),
      )
      return Number.NaN
    }
    const localTime = received + this.#shiftNs
    if (localTime < this.lastTime) {
      if ((block.columns.flags[row]! & RecordFlag.BadReceiveTime) !== 0) {
        this.raisedTimes++
        return this.lastTime
      }
      this.#job.refuse(
        new DataError(
          'TIME_BACKWARDS',
          `the receive time goes back by ${this.lastTime - localTime} ns; are the files in time order?`,
          { ...block.placeOf(row), field: 'ts_recv' },
        ),
      )
      return Number.NaN
    }
    if (Number.isNaN(this.firstTime)) this.firstTime = localTime
    this.lastTime = localTime
    return localTime
  }

  #status(rows: InstrumentRows | undefined, block: DbnBlock, row: number): void {
    const { columns, bytes } = block
    const at = columns.at[row]!
    const isOpen = bytes[at]! * 4 < STATUS_BYTES ? undefined : statusOf(bytes, at)
    if (rows === undefined || isOpen === undefined) {
      this.#ignore(RecordType.Status)
      return
    }
    const exchTime = columns.exchTime[row]!
    const localTime = Math.max(exchTime + this.#shiftNs, this.lastTime)
    if (!Number.isFinite(localTime)) this.#ignore(RecordType.Status)
    else rows.status(localTime, exchTime, isOpen)
  }

  #ignore(type: number): void {
    this.ignored.set(type, (this.ignored.get(type) ?? 0) + 1)
  }
}

function rowsOf(
  source: DbnTarget['found']['source'],
  sink: RowSink,
  options: RowsOptions,
): InstrumentRows {
  if (source === 'mbo') return new MboRows(sink, options)
  return new MbpRows(sink, source === 'mbp-10' ? 10 : source === 'mbp-1' ? 1 : 0, options)
}

/** Whether there is trading; undefined where the record does not tell. */
function statusOf(bytes: Uint8Array, at: number): boolean | undefined {
  const isTrading = String.fromCharCode(bytes[at + STATUS_IS_TRADING_AT]!)
  if (isTrading === 'Y') return true
  if (isTrading === 'N') return false
  const action = bytes[at + STATUS_ACTION_AT]! + bytes[at + STATUS_ACTION_AT + 1]! * 256
  if (OPEN_ACTIONS.has(action)) return true
  return CLOSED_ACTIONS.has(action) ? false : undefined
}

/**
 * Imports what the survey found.
 *
 * @throws DataError for the first record that is not as it should be
 */
export async function importDbn(
  job: ImportJob,
  survey: DbnSurvey,
  targets: readonly DbnTarget[],
  sinks: readonly RowSink[],
): Promise<ImportOutcome> {
  const pass = new DbnPass(job, targets, sinks, job.fixClock ? survey.meter.fixNs : 0)
  const reader = new DbnReader(job.files)
  await reader.read(
    {
      begin: (epochNs) => pass.begin(epochNs),
      metadata: () => {
        for (const rows of pass.rows) rows.beginFile()
      },
      block: (block) => pass.block(block),
    },
    (progress) => job.onProgress?.({ ...progress, events: pass.events }),
  )
  const symbols = pass.rows.map((rows) => rows.finish())
  if (Number.isNaN(pass.firstTime)) {
    throw new DataError('TOO_FEW_ROWS', 'no record could be used', { file: job.files.join(', ') })
  }
  return {
    ...mergedSymbols(symbols),
    messages: reader.messages,
    fromNs: reader.epochNs + BigInt(pass.firstTime),
    toNs: reader.epochNs + BigInt(pass.lastTime),
    clockOffsetNs: survey.meter.offsetNs,
    clockFixed: job.fixClock && survey.meter.isBehind,
    warnings: [...ownWarnings(pass, survey, job), ...talliesTold(pass.rows, symbols)],
  }
}

/** One sentence for each kind of fault, with the symbols that have it. */
function talliesTold(rows: readonly InstrumentRows[], symbols: readonly SymbolResult[]): string[] {
  const told = new Map<string, { total: number; readonly names: string[] }>()
  for (const [i, one] of rows.entries()) {
    for (const [count, what] of one.tallies()) {
      if (count === 0) continue
      const found = told.get(what) ?? { total: 0, names: [] }
      found.total += count
      found.names.push(`${symbols[i]!.symbol} ${count}`)
      told.set(what, found)
    }
  }
  return [...told].map(([what, { total, names }]) => {
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more symbols` : ''
    return `${total} ${what} (${names.slice(0, NAMED).join(', ')}${more})`
  })
}

function ownWarnings(pass: DbnPass, survey: DbnSurvey, { fixClock }: ImportJob): string[] {
  const warnings: string[] = []
  const clock = survey.meter.warning(fixClock)
  if (clock !== undefined) warnings.push(clock)
  if (pass.raisedTimes > 0) {
    warnings.push(
      `${pass.raisedTimes} records that are marked for a bad receive time stand behind later ones; their time was raised`,
    )
  }
  if (pass.ignored.size > 0) {
    const kinds = [...pass.ignored].map(([type, count]) => `${count} of ${recordTypeName(type)}`)
    warnings.push(`records of other kinds were left out: ${kinds.join(', ')}`)
  }
  return warnings
}
