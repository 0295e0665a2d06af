/** Checks captured files without writing a store. */
import { DataError, LobtraderError, type ErrorCode } from '../../core/index.ts'
import { Instrument } from '../../market/index.ts'
import { detectFormat } from '../import/detect-format.ts'
import { withFiles } from '../import/field-error.ts'
import { FinerGrids } from '../import/finer-grids.ts'
import { FinerSize } from '../import/finer-size.ts'
import { knownFormat } from '../import/import-capture.ts'
import type { ImportJob, ImportOutcome, PreparedImport } from '../import/import-job.ts'
import type { ImportCaptureOptions } from '../import/import-options.ts'
import type { Comparison, SymbolResult } from '../import/import-result.ts'
import { BadRows } from './bad-rows.ts'
import { OffTickPrices } from './off-tick-prices.ts'
import { QualityMeter } from './quality-meter.ts'
import { qualityReport, type MeteredSymbol, type QualityReport } from './quality-report.ts'
import type { SymbolCounts } from './verdict.ts'

/** What to check: as an import is told it, without a store. */
export interface VerifyFilesOptions extends Omit<ImportCaptureOptions, 'store' | 'format'> {
  /** Told by the first bytes of the files where it is left out. */
  readonly format?: string | undefined
}

/** What is wrong with the question, not with the data. */
const NOT_OF_DATA: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ABSENT_FILE',
  'ABSENT_SYMBOL',
  'BAD_ARGUMENT',
  'BAD_INSTANT',
  'BAD_INSTRUMENT',
  'UNKNOWN_FORMAT',
])

/** One reading of all files. */
interface Reading {
  readonly meters: readonly QualityMeter[]
  readonly badRows: BadRows
  readonly offTick: OffTickPrices
  readonly outcome: ImportOutcome | undefined
}

/**
 * Reads files as an import would and measures every row; rows that cannot be used are counted and
 * left out.
 *
 * @throws LobtraderError UNKNOWN_FORMAT, BAD_ARGUMENT, BAD_INSTRUMENT, ABSENT_FILE, ABSENT_SYMBOL
 *   when the question is wrong; whatever is wrong with the data is told in the report
 */
export async function verifyFiles(options: VerifyFilesOptions): Promise<QualityReport> {
  const { files } = options
  if (files.length === 0) throw new LobtraderError('BAD_ARGUMENT', 'there is no file to check')
  const format =
    options.format === undefined ? await detectFormat(files) : knownFormat(options.format)
  const source = { type: 'files', format: format.name, files } as const
  // No store is written, so an import's options without one do.
  const asked: ImportCaptureOptions = { ...options, format: format.name, store: '' }
  const unread = new BadRows()
  let prepared: PreparedImport
  try {
    prepared = await format.prepare(asked)
  } catch (error) {
    if (!isOfData(error)) throw error
    unread.stop(error)
    return qualityReport([], { source, badRows: unread, warnings: [], hasOneClock: true })
  }
  const finer = new FinerGrids(prepared)
  const reading = await readThrough(prepared, options, finer)
  const { outcome, meters, badRows } = reading
  for (const meter of meters) meter.finish()
  return qualityReport(meteredSymbols(reading), {
    source,
    badRows,
    warnings: [...finer.warnings, ...(outcome?.warnings ?? [])],
    messages: outcome?.messages,
    hasOneClock: true,
  })
}

/** Reads until the grids hold every size and, where that can be, every price. */
async function readThrough(
  prepared: PreparedImport,
  options: VerifyFilesOptions,
  finer: FinerGrids,
): Promise<Reading> {
  let dataTickSize: string | undefined
  for (;;) {
    const instruments = finer.instruments.map((instrument) =>
      dataTickSize === undefined
        ? instrument
        : new Instrument({ ...instrument.spec, dataTickSize }),
    )
    try {
      // Where the venue's data are finer than its orders, trades may lie between their ticks.
      const tradesKeepTick = prepared.instruments[0]!.orderTickStep === 1
      const reading = await readOnce(prepared, options, instruments, tradesKeepTick)
      if (dataTickSize !== undefined || instruments.length > 1) return reading
      dataTickSize = reading.offTick.dataTickSize(instruments[0]!)
      if (dataTickSize === undefined) return reading
    } catch (error) {
      if (!(error instanceof FinerSize)) throw error
      finer.take(error)
    }
  }
}

async function readOnce(
  prepared: PreparedImport,
  options: VerifyFilesOptions,
  instruments: readonly Instrument[],
  tradesKeepTick: boolean,
): Promise<Reading> {
  const badRows = new BadRows()
  const offTick = new OffTickPrices()
  const refuse = (error: DataError): void => {
    badRows.refuse(withFiles(error, options.files))
    offTick.note(error)
  }
  const isTickGiven = options.instrument !== undefined
  const meters = instruments.map(
    (instrument) => new QualityMeter(instrument, { tradesKeepTick, isTickGiven, refuse }),
  )
  const job: ImportJob = {
    files: options.files,
    verify: true,
    fixClock: options.fixClock ?? false,
    onProgress: options.onProgress,
    refuse,
  }
  try {
    return { meters, badRows, offTick, outcome: await prepared.run(job, meters) }
  } catch (error) {
    if (!isOfData(error)) throw error
    badRows.stop(withFiles(error, options.files))
    if (error instanceof DataError) offTick.note(error)
    return { meters, badRows, offTick, outcome: undefined }
  }
}

/** True for what is wrong with the input and not with what was asked. */
function isOfData(error: unknown): error is LobtraderError {
  return error instanceof LobtraderError && !NOT_OF_DATA.has(error.code)
}

function meteredSymbols({ meters, outcome }: Reading): MeteredSymbol[] {
  if (outcome === undefined) return meters.map((meter) => ({ meter, counts: undefined }))
  const clockOffsetNs = outcome.clockFixed ? undefined : outcome.clockOffsetNs
  const found = new Map(outcome.symbols?.map((symbol) => [symbol.symbol, symbol]))
  return meters.map((meter) => {
    const of = found.get(meter.instrument.symbol)
    if (meters.length > 1 && of !== undefined) {
      return { meter, counts: countsOf(of, of.verify), messages: of.messages }
    }
    const counts = countsOf(outcome, outcome.verify, outcome.transitions)
    return { meter, counts, messages: outcome.messages, clockOffsetNs }
  })
}

function countsOf(
  result: Omit<SymbolResult, 'symbol'>,
  verify: Comparison | undefined,
  transitions?: Comparison,
): SymbolCounts {
  const checks = [
    { what: 'best prices that the venue tells', ...verify },
    { what: 'book rows', ...transitions },
    { what: 'checksums of the venue', ...result.checksums },
  ]
  return {
    gaps: result.gaps,
    duplicates: result.duplicates,
    reordered: result.reordered,
    crossed: result.crossed,
    checks: checks.flatMap(({ what, compared = 0, equal = 0 }) => ({ what, compared, equal })),
    unknownOrders: result.orders?.unknown ?? 0,
  }
}
