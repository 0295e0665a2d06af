/** The format `cryptofeed`. */
import { resolve } from 'node:path'
import { LobtraderError } from '../../../core/index.ts'
import type { Instrument } from '../../../market/index.ts'
import { measuredGridWarnings } from '../grid-meter.ts'
import type { ImportFormatEntry, PreparedImport } from '../import-job.ts'
import type { ImportCaptureOptions } from '../import-options.ts'
import { loadInstrument, renamedInstrument } from '../instrument-source.ts'
import { refuseOptions } from '../refused-options.ts'
import { kindOption } from '../symbol-names.ts'
import { CaptureStream } from './capture-stream.ts'
import { findVenue } from './find-venue.ts'
import { ImportPass } from './import-cryptofeed.ts'
import { JsonFields } from './json-fields.ts'
import { outcomeOf } from './outcome.ts'
import { chooseSymbols, surveyCapture, type Survey, type SurveyedSymbol } from './survey.ts'

const HEAD =
  /^(?:configuration: .*\n|\s*\n)*(?:(?:wss?|https?):\/\/\S+ (?:<->|<-|->) \d{9,11}(?:\.\d+)?(?:: |\s)|\d{9,11}\.\d+: [[{"])/

/** Raw captures of websockets and REST answers. */
export const CRYPTOFEED: ImportFormatEntry = {
  name: 'cryptofeed',
  description:
    'raw captures by cryptofeed, .ws files and their .http files of snapshots (Kraken, Coinbase, Bitstamp, OKX, Bybit, Binance)',
  detects: (head) => HEAD.test(Buffer.from(head.subarray(0, 8192)).toString('latin1')),
  prepare: prepareCryptofeed,
}

async function prepareCryptofeed(options: ImportCaptureOptions): Promise<PreparedImport> {
  refuseOptions(options, {
    date: 'its lines have their dates',
    timeZone: 'its times are Unix times',
    definition: 'its grids are measured or given with --instrument',
    columns: 'its messages name their fields',
  })
  refuseTwins(options.files)
  const rules = await findVenue(options.files)
  const survey = await surveyCapture(options.files, rules)
  const given = options.instrument === undefined ? undefined : await givenFor(options, survey)
  const chosen =
    given === undefined ? chooseSymbols(survey.symbols, options.symbols ?? []) : given.chosen
  const instruments = given === undefined ? measured(options, survey, chosen) : [given.instrument]
  return {
    instruments,
    warnings: [
      ...survey.warnings,
      ...(given === undefined ? gridWarnings(instruments, survey, chosen) : []),
    ],
    run: async (job, sinks) => {
      const stream = new CaptureStream(job.files)
      const { place } = stream
      const fields = new JsonFields(place)
      const reader = rules.makeReader(fields)
      const shiftNs = job.fixClock ? survey.meter.fixNs : 0
      const pass = new ImportPass({ job, rules, reader, fields, place, chosen, sinks, shiftNs })
      await stream.read(pass, (progress) => {
        job.onProgress?.({ ...progress, events: pass.events })
      })
      return outcomeOf(job, stream, pass, { rules, reader, meter: survey.meter })
    },
  }
}

/** A file read twice would look like a venue that says everything twice. */
function refuseTwins(files: readonly string[]): void {
  const seen = new Set<string>()
  for (const file of files) {
    const path = resolve(file)
    if (seen.has(path)) throw new LobtraderError('BAD_ARGUMENT', `${file} is given twice`)
    seen.add(path)
  }
}

/** The instrument given, and the symbol of the capture that it is. */
async function givenFor(
  options: ImportCaptureOptions,
  survey: Survey,
): Promise<{ readonly instrument: Instrument; readonly chosen: readonly SurveyedSymbol[] }> {
  const loaded = await loadInstrument(options.instrument!)
  const [wanted = loaded.symbol, ...more] = options.symbols ?? []
  if (more.length > 0) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `--instrument is of one symbol, --symbol names ${more.length + 1}; import the others without --instrument`,
    )
  }
  const chosen = chooseSymbols(survey.symbols, [wanted])
  const names = { venue: options.venue, symbol: chosen[0]!.name }
  return { instrument: renamedInstrument(loaded, names), chosen }
}

function measured(
  options: ImportCaptureOptions,
  { reader }: Survey,
  chosen: readonly SurveyedSymbol[],
): readonly Instrument[] {
  const kind = kindOption(options)
  return chosen.map(({ symbol, name, grid }) => {
    const facts = reader.factsOf(symbol)
    return grid.instrument({
      venue: options.venue ?? facts.venue,
      symbol: name,
      kind: kind ?? facts.kind,
      base: facts.base,
      quote: facts.quote,
      multiplier: facts.multiplier ?? '1',
    })
  })
}

function gridWarnings(
  instruments: readonly Instrument[],
  { reader }: Survey,
  chosen: readonly SurveyedSymbol[],
): readonly string[] {
  const warnings = [...measuredGridWarnings(instruments)]
  const unknown = chosen.filter(({ symbol }) => reader.factsOf(symbol).multiplier === undefined)
  if (unknown.length > 0) {
    const names = unknown.map(({ name }) => name).join(', ')
    warnings.push(
      `the size of a contract of ${names} is not in the capture and is taken as 1; give it with --instrument`,
    )
  }
  return warnings
}
