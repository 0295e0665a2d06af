/** Imports our own CSV export: every row comes back as it was, of every kind. */
import { basename } from 'node:path'
import { DataError } from '../../../core/index.ts'
import { Instrument } from '../../../market/index.ts'
import type { RowSink } from '../../../store/index.ts'
import { finalBook } from '../final-book.ts'
import type { ImportJob, ImportOutcome, PreparedImport } from '../import-job.ts'
import type { ImportCaptureOptions } from '../import-options.ts'
import { givenInstrument, ofOneInstrument, onlySymbol } from '../one-instrument.ts'
import { refuseOptions } from '../refused-options.ts'
import { kindOption, pairOf, storeName } from '../symbol-names.ts'
import { ExportReader } from './export-file.ts'
import { stepText, type ExportRow } from './export-row.ts'
import { ExportRuns, kindOfRow, repeatedRun, settleRuns, type ExportRun } from './export-runs.ts'
import { RestoredRows } from './restored-rows.ts'

/** Looks at every row of an export and returns how it is imported. */
export async function prepareExport(options: ImportCaptureOptions): Promise<PreparedImport> {
  refuseOptions(options, {
    verify: 'an export has no prices of the venue beside the book to compare with',
    fixClock: 'rows of an export come back as they are',
    date: 'the rows of an export have their dates',
    timeZone: 'the times of an export are Unix times',
    definition: 'an export tells its grids by its columns',
    columns: 'the columns of an export are known',
    csv: 'the columns of an export are known',
  })
  const given = await givenInstrument(options)
  const reader = new ExportReader()
  const runs = new ExportRuns(reader.place)
  await reader.read(options.files, () => undefined, {
    row: () => runs.note(reader.row),
    rest: () => undefined,
  })
  settleRuns(runs.runs)
  const instrument = given ?? measuredInstrument(options, reader.row)
  checkSteps(instrument, reader.row, options.files)
  const prepared = ofOneInstrument(
    instrument,
    async (job, sink) => await restoreRows(job, sink, runs.runs),
  )
  if (given !== undefined) return prepared
  const { symbol, tickSize, lotSize } = instrument.spec
  const warning = `${symbol}: tick size ${tickSize} and lot size ${lotSize} follow from the columns tick and lots, the kind ${instrument.kind} is ${options.kind === undefined ? 'assumed' : 'as given'}; give the instrument with --instrument to keep its names, kind and grid of orders`
  return { ...prepared, warnings: [warning] }
}

function measuredInstrument(options: ImportCaptureOptions, row: ExportRow): Instrument {
  const name = basename(options.files[0]!).replace(/\.(?:csv|gz|zst|zip)\b/gi, '')
  const symbol = onlySymbol(options) ?? storeName(name)
  return new Instrument({
    venue: options.venue ?? 'csv',
    symbol,
    kind: kindOption(options) ?? 'spot',
    ...pairOf(symbol),
    tickSize: row.priceStep === undefined ? '1' : stepText(row.priceStep),
    lotSize: row.sizeStep === undefined ? '1' : stepText(row.sizeStep),
  })
}

/** @throws DataError OFF_GRID when the rows were written on other grids */
function checkSteps(instrument: Instrument, row: ExportRow, files: readonly string[]): void {
  const { priceGrid, sizeGrid } = instrument
  const pairs = [
    ['tick size', row.priceStep, priceGrid],
    ['lot size', row.sizeStep, sizeGrid],
  ] as const
  for (const [name, found, { step, scale }] of pairs) {
    if (found === undefined) continue
    if (found.mantissa * 10 ** scale === step * 10 ** found.scale) continue
    throw new DataError(
      'OFF_GRID',
      `the rows were exported with a ${name} of ${stepText(found)}, the instrument has ${stepText({ mantissa: step, scale })}`,
      { file: files[0]! },
    )
  }
}

async function restoreRows(
  job: ImportJob,
  sink: RowSink,
  runs: readonly ExportRun[],
): Promise<ImportOutcome> {
  const reader = new ExportReader()
  const rows = new RestoredRows(sink)
  const finder = new ExportRuns(reader.place)
  const repeated = repeatedRun(runs)
  if (repeated !== undefined) job.refuse(repeatedFault(repeated))
  let run: ExportRun | undefined
  await reader.read(job.files, job.refuse, {
    row: () => {
      if (finder.note(reader.row)) run = runs[finder.runs.length - 1]
      if (run === undefined || run === repeated?.run) return
      rows.enter(kindOfRow(run, finder.runs.at(-1)!.rows - 1), run.daySecond)
      rows.push(reader.row)
      rows.drain()
    },
    rest: (bytesRead, bytesTotal) => {
      job.onProgress?.({ bytesRead, bytesTotal, messages: reader.rows, events: rows.events })
    },
  })
  rows.flush()
  const { instrument } = sink
  const { orders } = rows
  return {
    messages: reader.rows,
    events: rows.events,
    gaps: rows.gaps,
    duplicates: 0,
    reordered: 0,
    crossed: rows.crossed,
    fromNs: rows.firstNs ?? 0n,
    toNs: rows.lastNs,
    clockOffsetNs: 0,
    clockFixed: false,
    warnings: warningsOf(rows),
    ...(orders === undefined ? {} : { orders }),
    ...(rows.hasBook ? { final: finalBook(rows.ladder, instrument) } : {}),
    ...(rows.totals.count > 0 ? { trades: rows.totals.summary(instrument) } : {}),
  }
}

function warningsOf(rows: RestoredRows): string[] {
  const warnings: string[] = []
  if (rows.crossed > 0) warnings.push(`the book is crossed at ${rows.crossed} moments`)
  return warnings
}

function repeatedFault({
  run,
  partition,
}: {
  readonly run: ExportRun
  readonly partition: string
}): DataError {
  return new DataError(
    'TIME_BACKWARDS',
    `the rows fill ${partition} a second time; give each day once, and export each symbol to a file of its own: rows do not name theirs`,
    { file: run.file, line: run.line, field: 'local_time_ns' },
  )
}
