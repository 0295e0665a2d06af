/**
 * Tells which partition each row of an export came from.
 *
 * An export writes partition after partition: days in order, of each day `l2` before `bbo` before
 * `l3`. Its columns do not name them, so a run of rows begins where time goes back or a UTC day
 * ends, and the kinds of rows in a run tell what it was.
 */
import { DataError } from '../../../core/index.ts'
import { EventKind } from '../../../market/index.ts'
import { midnightBefore, utcDay } from '../../../time/index.ts'
import type { LinePlace } from '../table/line-place.ts'
import type { ExportRow } from './export-row.ts'

const DAY_S = 86_400
/** Three kinds of events on each day of ninety years. */
const RUNS_MAX = 100_000

/** Rows that belong together. */
export interface ExportRun {
  /** UTC midnight of its day, Unix seconds. */
  readonly daySecond: number
  /** Line of the first row, and its file. */
  readonly file: string
  readonly line: number
  rows: number
  /** Rows of a ticker that begin the run, all of them, and how often a row of the book follows one. */
  leadRows: number
  tickerRows: number
  returns: number
  hasLevels: boolean
  hasOrders: boolean
}

/** Finds the runs; call {@link note} for each row in order. */
export class ExportRuns {
  readonly runs: ExportRun[] = []
  readonly #place: LinePlace
  #seconds = -1
  #nanos = 0
  /** True when the row before in the run was one of a ticker. */
  #isTicker = false

  constructor(place: LinePlace) {
    this.#place = place
  }

  /** Takes a row; true when it begins a run. @throws DataError OUT_OF_RANGE */
  note(row: ExportRow): boolean {
    const begins = this.#begins(row)
    if (begins) this.#begin(row)
    const run = this.runs.at(-1)!
    run.rows++
    if (row.kind === EventKind.Bbo) {
      if (run.tickerRows === run.rows - 1) run.leadRows++
      run.tickerRows++
    } else if (this.#isTicker) run.returns++
    this.#isTicker = row.kind === EventKind.Bbo
    if (row.kind === EventKind.DepthSet || row.kind === EventKind.SnapshotLevel) {
      run.hasLevels = true
    }
    run.hasOrders ||= isOrderKind(row.kind)
    return begins
  }

  #begins({ local }: ExportRow): boolean {
    const run = this.runs.at(-1)
    const { seconds, nanos } = local
    const goesBack = seconds < this.#seconds || (seconds === this.#seconds && nanos < this.#nanos)
    this.#seconds = seconds
    this.#nanos = nanos
    return run === undefined || goesBack || seconds >= run.daySecond + DAY_S
  }

  #begin({ local }: ExportRow): void {
    if (this.runs.length === RUNS_MAX) {
      throw new DataError(
        'OUT_OF_RANGE',
        `time goes back or a day ends for the ${RUNS_MAX}th time; no export is like that`,
        this.#place.of('local_time_ns'),
      )
    }
    this.#isTicker = false
    this.runs.push({
      daySecond: Math.floor(local.seconds / DAY_S) * DAY_S,
      file: this.#place.file,
      line: this.#place.line,
      rows: 0,
      leadRows: 0,
      tickerRows: 0,
      returns: 0,
      hasLevels: false,
      hasOrders: false,
    })
  }
}

/**
 * Decides about runs that hold neither levels nor orders, such as a day of trades: in an export of
 * orders they are of orders.
 */
export function settleRuns(runs: readonly ExportRun[]): void {
  const isOfOrders = runs.some((run) => run.hasOrders) && !runs.some((run) => run.hasLevels)
  if (isOfOrders) for (const run of runs) run.hasOrders = true
}

/**
 * Returns the kind of the partition that row `i` of a run stood in.
 *
 * A ticker's rows stand behind those of `l2` and before those of `l3`; where they stand otherwise,
 * they were in one partition with the book.
 */
export function kindOfRow(run: ExportRun, i: number): 'l2' | 'l3' | 'bbo' {
  const { rows, leadRows, tickerRows, returns } = run
  if (tickerRows === rows) return 'bbo'
  const book = run.hasOrders && !run.hasLevels ? 'l3' : 'l2'
  if (book === 'l3') return returns === 1 && tickerRows === leadRows && i < leadRows ? 'bbo' : 'l3'
  return returns === 0 && i >= rows - tickerRows ? 'bbo' : 'l2'
}

/**
 * Returns the first run that fills a partition which an earlier one filled, with that partition.
 *
 * @param runs all runs of an import
 */
export function repeatedRun(
  runs: readonly ExportRun[],
): { readonly run: ExportRun; readonly partition: string } | undefined {
  const seen = new Set<string>()
  for (const run of runs) {
    const day = utcDay(midnightBefore(BigInt(run.daySecond) * 1_000_000_000n))
    const kinds = new Set([kindOfRow(run, 0), kindOfRow(run, run.rows - 1)])
    for (const kind of kinds) {
      const partition = `${kind} of ${day}`
      if (seen.has(partition)) return { run, partition }
      seen.add(partition)
    }
  }
  return undefined
}

function isOrderKind(kind: EventKind): boolean {
  return (
    (kind >= EventKind.OrderAdd && kind <= EventKind.OrderExecute) || kind === EventKind.OrderFill
  )
}
