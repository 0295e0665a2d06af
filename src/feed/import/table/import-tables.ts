/**
 * Imports files of timed rows: what the formats of archives have in common.
 *
 * Without a given instrument the files are read once to measure the grids of every symbol in them.
 * Then they are read in one order of time, and each reader writes its rows to the tape of their
 * symbol.
 */
import { DataError } from '../../../core/index.ts'
import type { Instrument } from '../../../market/index.ts'
import type { RowSink } from '../../../store/index.ts'
import { chosenSymbols } from '../chosen-symbols.ts'
import { ClockMeter } from '../clock-meter.ts'
import { measuredGridWarning } from '../grid-meter.ts'
import type { ImportJob, ImportOutcome, PreparedImport } from '../import-job.ts'
import type { ImportCaptureOptions } from '../import-options.ts'
import { LevelTape } from '../level-tape.ts'
import { givenInstrument } from '../one-instrument.ts'
import { refuseOptions } from '../refused-options.ts'
import { kindOption, pairOf, storeName } from '../symbol-names.ts'
import { RunClock } from './line-reader.ts'
import { LinePlace } from './line-place.ts'
import { MergedFiles } from './merged-files.ts'
import type { MeasuredSpec, TableFormat, TableRun } from './table-format.ts'
import { outcomeOf } from './table-outcome.ts'
import { Tally } from './tally.ts'
import { TableSymbol, TableSymbols } from './table-symbol.ts'
import { TimedFile, type FileRules } from './timed-file.ts'
import { InstrumentGrid, MeasuredGrid } from './value-grid.ts'

const ONE_TIME = 'its files have the time of the venue alone'

/** Looks at the files and returns how they are imported. */
export async function prepareTables<S>(
  format: TableFormat<S>,
  options: ImportCaptureOptions,
): Promise<PreparedImport> {
  refuseOptions(options, {
    verify: 'its files have no prices of the venue beside the book to compare with',
    definition: 'only DBN files have definitions beside them',
    ...(format.backwards === 'raised' ? { fixClock: ONE_TIME } : {}),
    ...format.refused,
  })
  const given = options.instrument === undefined ? undefined : await givenInstrument(options)
  if (given !== undefined) {
    const { symbol } = given
    return {
      instruments: [given],
      run: async (job, sinks) => await runTables(format, job, sinks, [{ name: symbol }]),
    }
  }
  const found = await measure(format, options)
  const wanted = wantedSymbols(found, options)
  const instruments = wanted.map((symbol) => instrumentOf(format, symbol, options))
  const assumed =
    options.kind === undefined &&
    format.tellsKind !== true &&
    instruments.some(({ kind }) => kind === 'spot')
      ? ['the kind is assumed to be spot; name another with --kind']
      : []
  return {
    instruments,
    warnings: [...instruments.map(measuredGridWarning), ...assumed],
    run: async (job, sinks) => await runTables(format, job, sinks, wanted),
  }
}

/** Reads every file once for the grids of its symbols; rows with faults are left to the import. */
async function measure<S>(
  format: TableFormat<S>,
  { files, symbols: wanted = [] }: ImportCaptureOptions,
): Promise<readonly TableSymbol<S>[]> {
  const symbols = new TableSymbols<S>(
    (name, venue) => new TableSymbol(name, venue, new MeasuredGrid(), format.newState()),
  )
  const fault = await readApart(format, files, newRun(symbols, soleOf(wanted)))
  const { found } = symbols
  const isBlank = found.some(({ grid }) => (grid as MeasuredGrid).meter.prices.count === 0)
  if (fault !== undefined && (isBlank || found.length === 0)) throw fault
  return found
}

/** Reads file after file without writing anything; returns the first fault of a row. */
async function readApart<S>(
  format: TableFormat<S>,
  files: readonly string[],
  run: TableRun<S>,
): Promise<DataError | undefined> {
  let fault: DataError | undefined
  const refuse = (error: DataError): void => {
    fault ??= error
  }
  const rules: FileRules = { ...run, backwards: 'ignored', tallies: [], refuse }
  for (const path of files) {
    const file = await TimedFile.open(path, format.reader(path, run), rules)
    try {
      do while (file.hasRow) file.step()
      while (await file.advance())
    } finally {
      await file.close()
    }
  }
  return fault
}

function newRun<S>(
  symbols: TableSymbols<S>,
  soleName: string | undefined,
  shiftNs = 0,
): TableRun<S> {
  return {
    symbols,
    soleName,
    clock: new RunClock(),
    place: new LinePlace(),
    meter: new ClockMeter(),
    shiftNs,
    notes: new Tally(),
  }
}

const soleOf = <T>(all: readonly T[]): T | undefined => (all.length === 1 ? all[0] : undefined)

function wantedSymbols<S>(
  found: readonly TableSymbol<S>[],
  { files, symbols: names = [] }: ImportCaptureOptions,
): readonly TableSymbol<S>[] {
  if (found.length === 0) {
    throw new DataError('TOO_FEW_ROWS', 'there is no row that could be read', {
      file: files.join(', '),
    })
  }
  return chosenSymbols(found, names, ({ name }) => [name, storeName(name)])
}

function instrumentOf<S>(
  format: TableFormat<S>,
  symbol: TableSymbol<S>,
  options: ImportCaptureOptions,
): Instrument {
  const { grid, name, venue } = symbol
  if (!(grid instanceof MeasuredGrid)) throw new TypeError('the symbol was not measured')
  const base: MeasuredSpec = {
    venue: options.venue ?? storeName(venue === '' ? format.venue : venue),
    symbol: storeName(name),
    kind: kindOption(options) ?? 'spot',
    ...pairOf(name),
  }
  return grid.meter.instrument(format.measured?.(base, symbol, options) ?? base)
}

async function runTables<S>(
  format: TableFormat<S>,
  job: ImportJob,
  sinks: readonly RowSink[],
  wanted: readonly { readonly name: string; readonly venue?: string }[],
): Promise<ImportOutcome> {
  const hasClock = format.backwards === 'refused'
  const sole = soleOf(wanted)?.name
  let shiftNs = 0
  if (job.fixClock && hasClock) {
    const looking = newRun(symbolsOf(format, sinks, wanted), sole)
    await readApart(format, job.files, looking)
    shiftNs = looking.meter.fixNs
  }
  const run = newRun(symbolsOf(format, sinks, wanted), sole, shiftNs)
  const tallies = [run.notes, run.symbols.leftOut]
  const { backwards } = format
  const rules: FileRules = { ...run, backwards, tallies, refuse: job.refuse }
  const merged = new MergedFiles(job.files, (path) => format.reader(path, run), rules)
  const { symbols } = run
  await merged.begin().catch((error: unknown) => {
    throw withoutRows(error, symbols, wanted)
  })
  const tapes = sinks.map((sink) => new LevelTape(sink, run.clock.epochNs))
  const all = wanted.map(({ name, venue }, i) => {
    const symbol = symbols.named(name, venue)!
    symbol.tape = tapes[i]!
    symbol.sink = sinks[i]!
    return symbol
  })
  await merged.read((progress) => {
    for (const symbol of all) {
      symbol.tape!.drain()
      format.ordersOf?.(symbol.state)?.drain()
    }
    job.onProgress?.({
      ...progress,
      messages: merged.rows,
      events: tapes.reduce((sum, { events }) => sum + events, 0),
    })
  })
  for (const symbol of all) {
    format.finish?.(symbol)
    symbol.tape!.finish()
    format.ordersOf?.(symbol.state)?.finish()
  }
  return outcomeOf({ format, run, merged, symbols: all, sinks, job, hasClock })
}

/** The symbols to import, each on the grids of its sink. */
function symbolsOf<S>(
  format: TableFormat<S>,
  sinks: readonly RowSink[],
  wanted: readonly { readonly name: string; readonly venue?: string }[],
): TableSymbols<S> {
  const all = wanted.map(
    ({ name, venue = '' }, i) =>
      new TableSymbol(name, venue, new InstrumentGrid(sinks[i]!.instrument), format.newState()),
  )
  return new TableSymbols((name, venue) =>
    all.find(
      (one) =>
        (one.name === name || one.name === storeName(name)) &&
        (one.venue === '' || one.venue === venue),
    ),
  )
}

function withoutRows<S>(
  error: unknown,
  { leftOut }: TableSymbols<S>,
  [wanted]: readonly { readonly name: string }[],
): unknown {
  if (!(error instanceof DataError) || error.code !== 'TOO_FEW_ROWS') return error
  const others = leftOut.entries().map(([name]) => name)
  if (others.length > 0 && wanted !== undefined)
    chosenSymbols(others, [wanted.name], (name) => [name])
  return error
}
