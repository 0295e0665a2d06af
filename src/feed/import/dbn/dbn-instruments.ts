/** The instruments of a DBN import: which ones, under which names, on which grids. */
import { DataError, LobtraderError } from '../../../core/index.ts'
import { Instrument } from '../../../market/index.ts'
import { chosenSymbols } from '../chosen-symbols.ts'
import { measuredGridWarning } from '../grid-meter.ts'
import type { ImportCaptureOptions } from '../import-options.ts'
import { loadInstrument, renamedInstrument } from '../instrument-source.ts'
import { kindOption, storeName } from '../symbol-names.ts'
import { readDefinitions, type InstrumentDefinition } from './definition.ts'
import type { DbnSurvey, SurveyedInstrument } from './survey.ts'

/** An instrument to import. */
export interface DbnTarget {
  readonly found: SurveyedInstrument
  readonly instrument: Instrument
}

/** Datasets of futures exchanges; the others are of stocks. */
const FUTURES = /^(GLBX|IFEU|IFUS|IFLL|NDEX|XEUR|XEEE|XCBF)\./

/** Names to list in a message. */
const NAMES_SHOWN = 10

interface Named {
  readonly found: SurveyedInstrument
  readonly symbol: string
  readonly venue: string
}

/**
 * Returns what to import, in the order in which the files name it, and what to tell about it.
 *
 * @throws LobtraderError ABSENT_SYMBOL, BAD_ARGUMENT or BAD_INSTRUMENT
 * @throws DataError TOO_FEW_ROWS without market data; ABSENT_SYMBOL when the definitions are of
 *   others; as `DbnReader.read` for the file of definitions
 */
export async function dbnTargets(
  survey: DbnSurvey,
  options: ImportCaptureOptions,
): Promise<{ readonly targets: readonly DbnTarget[]; readonly warnings: readonly string[] }> {
  const named = chosenSymbols(namedInstruments(survey, options), options.symbols, (one) => [
    one.symbol,
    String(one.found.id),
  ])
  if (named.length === 0) {
    throw new DataError('TOO_FEW_ROWS', 'there is no record of orders, levels or trades', {
      file: options.files.join(', '),
    })
  }
  if (options.instrument !== undefined) {
    return { targets: await givenTarget(named, options), warnings: [] }
  }
  const definitions =
    options.definition === undefined ? undefined : await readDefinitions(options.definition)
  if (definitions !== undefined) checkDefined(named, definitions, options)
  const kind = kindOption(options) ?? (FUTURES.test(survey.dataset) ? 'linear-future' : 'equity')
  const targets: DbnTarget[] = []
  const unpriced: string[] = []
  const measured: Instrument[] = []
  for (const { found, symbol, venue } of named) {
    const definition = definitions?.get(found.id)
    const steps = found.steps
    const tickSize = definition?.tickSize ?? steps.price
    if (tickSize === undefined) {
      unpriced.push(symbol)
      continue
    }
    const instrument = new Instrument({
      venue,
      symbol,
      kind,
      base: definition?.asset || symbol,
      quote: definition?.currency || 'USD',
      tickSize,
      lotSize: definition === undefined ? (steps.size ?? '1') : (definition.lotSize ?? '1'),
      ...(definition?.multiplier === undefined ? {} : { multiplier: definition.multiplier }),
    })
    if (definition?.tickSize === undefined) measured.push(instrument)
    targets.push({ found, instrument })
  }
  if (targets.length === 0) throw absentPrices(unpriced, options)
  const warnings = measuredWarnings(measured)
  if (unpriced.length > 0) {
    warnings.push(
      `${unpriced.length} instruments without any price were left out: ${shownNames(unpriced)}`,
    )
  }
  return { targets, warnings }
}

function namedInstruments(survey: DbnSurvey, options: ImportCaptureOptions): readonly Named[] {
  const instruments = survey.instruments.filter(({ source }) => source !== undefined)
  const publishers = new Map<number, number>()
  const ids = new Map<string, Set<number>>()
  for (const { id } of instruments) {
    publishers.set(id, (publishers.get(id) ?? 0) + 1)
    const name = survey.symbols.get(id)
    if (name !== undefined) ids.set(name, (ids.get(name) ?? new Set()).add(id))
  }
  const venue = options.venue ?? storeName(survey.dataset.toLowerCase() || 'databento')
  return instruments.map((found) => {
    const name = survey.symbols.get(found.id)
    // One name for several ids (a continuous contract that rolled) needs the id beside it.
    const isShared = name !== undefined && ids.get(name)!.size > 1
    const symbol = name === undefined ? String(found.id) : isShared ? `${name}-${found.id}` : name
    const isOneOfMany = publishers.get(found.id)! > 1
    return {
      found,
      symbol: storeName(symbol),
      venue: isOneOfMany ? `${venue}.${found.publisher}` : venue,
    }
  })
}

async function givenTarget(
  named: readonly Named[],
  options: ImportCaptureOptions,
): Promise<readonly DbnTarget[]> {
  const [only] = named
  if (named.length > 1) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `--instrument describes one instrument, the input holds ${named.length} (${shownNames(named.map(({ symbol }) => symbol))}): choose one with --symbol`,
    )
  }
  const instrument = await loadInstrument(options.instrument!)
  return [
    { found: only!.found, instrument: renamedInstrument(instrument, { venue: options.venue }) },
  ]
}

function checkDefined(
  named: readonly Named[],
  definitions: ReadonlyMap<number, InstrumentDefinition>,
  { definition: file = '' }: ImportCaptureOptions,
): void {
  const missing = named.find(({ found }) => !definitions.has(found.id))
  if (missing === undefined) return
  const defined = [...definitions.values()]
    .slice(0, 5)
    .map(({ symbol, instrumentId }) => `${symbol} (id ${instrumentId})`)
  const more =
    definitions.size > defined.length ? ` and ${definitions.size - defined.length} more` : ''
  const there = defined.length === 0 ? 'no instrument' : `${defined.join(', ')}${more}`
  throw new DataError(
    'ABSENT_SYMBOL',
    `defines ${there}, but the input holds ${missing.symbol} (id ${missing.found.id}); import without --definition to take the grid from the prices seen`,
    { file, field: 'instrument_id', value: missing.found.id },
  )
}

function absentPrices(symbols: readonly string[], { files }: ImportCaptureOptions): DataError {
  return new DataError(
    'TOO_FEW_ROWS',
    `there is no price of ${shownNames(symbols)}, so the tick size cannot be told; give it with --instrument or --definition`,
    { file: files.join(', ') },
  )
}

/** A sentence for each instrument, or one for all where they are many. */
function measuredWarnings(measured: readonly Instrument[]): string[] {
  if (measured.length <= NAMES_SHOWN) return measured.map(measuredGridWarning)
  return [
    `tick and lot sizes of ${measured.length} instruments are the greatest common divisors of the prices and sizes seen; give the venue's own with --definition`,
  ]
}

function shownNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).join(', ')
  return names.length > NAMES_SHOWN ? `${shown} and ${names.length - NAMES_SHOWN} more` : shown
}
