/** The format `binance`. */
import type { Instrument } from '../../../market/index.ts'
import { measuredGridWarning } from '../grid-meter.ts'
import type { ImportFormatEntry, PreparedImport } from '../import-job.ts'
import type { ImportCaptureOptions } from '../import-options.ts'
import { loadInstrument, renamedInstrument } from '../instrument-source.ts'
import { onlySymbol } from '../one-instrument.ts'
import { refuseOptions } from '../refused-options.ts'
import { kindOption, storeName } from '../symbol-names.ts'
import { importBinance } from './import-binance.ts'
import { binanceFacts, type BinanceMarket } from './market.ts'
import { surveyCapture } from './survey.ts'

const MARKETS: Readonly<Record<BinanceMarket, string>> = {
  spot: 'spot (its depth updates carry no pu)',
  usdm: 'USD-M futures (its depth updates carry pu)',
  coinm: 'COIN-M futures (its messages carry ps)',
}

/** Raw captures of one symbol: `<receive time> <json>` a line. */
export const BINANCE: ImportFormatEntry = {
  name: 'binance',
  description:
    'raw Binance websocket captures, a receive time (ns, us or ms) and one JSON message a line (spot, USD-M, COIN-M)',
  detects: (head) =>
    /^(?:\d{19}|\d{16}|\d{13}) \{/.test(Buffer.from(head.subarray(0, 24)).toString('latin1')),
  prepare: prepareBinance,
}

async function prepareBinance(options: ImportCaptureOptions): Promise<PreparedImport> {
  refuseOptions(options, {
    date: 'its lines have their dates',
    timeZone: 'its times are Unix times',
    definition: 'its grids are measured or given with --instrument',
    columns: 'its messages name their fields',
  })
  const wanted = onlySymbol(options)
  if (options.instrument !== undefined) {
    const loaded = await loadInstrument(options.instrument)
    const names = { venue: options.venue, symbol: wanted }
    return prepared(renamedInstrument(loaded, names), loaded.symbol, [])
  }
  const kind = kindOption(options)
  const { symbol, market, grid } = await surveyCapture(options.files)
  const facts = binanceFacts(market, symbol)
  const instrument = grid.instrument({
    ...facts,
    venue: options.venue ?? facts.venue,
    symbol: wanted ?? storeName(symbol),
    kind: kind ?? facts.kind,
  })
  return prepared(instrument, symbol, [
    measuredGridWarning(instrument),
    `taken for a capture of ${symbol} of Binance ${MARKETS[market]}: kind ${instrument.kind}, ${instrument.base} against ${instrument.quote}, multiplier ${instrument.multiplier}`,
  ])
}

/** @param spelling the symbol as the messages have it */
function prepared(
  instrument: Instrument,
  spelling: string,
  warnings: readonly string[],
): PreparedImport {
  return {
    instruments: [instrument],
    warnings,
    run: async (job, [sink]) => await importBinance(job, sink!, spelling),
  }
}
