/** Imports captures that tests make, and reads back what was stored. */
import { EventKind, Instrument, KIND_MASK } from '../src/market/index.ts'
import { openStore } from '../src/store/index.ts'
import { importCapture, type ImportCaptureOptions, type ImportResult } from '../src/feed/index.ts'
import { capture } from './format-samples/cryptofeed.ts'
import { TestFolder, loadRows, plainRows } from './import-support.ts'

/** Where the captures stand. */
export const folder = new TestFolder()
let files = 0

/** What an import gave, and where. */
export interface Imported {
  readonly result: ImportResult
  readonly store: string
}

/** Imports one file of the given lines. */
export async function importLines(
  lines: readonly string[],
  options: Partial<ImportCaptureOptions> = {},
): Promise<Imported> {
  const file = folder.write(`capture-${++files}`, capture(...lines))
  const store = folder.newStore()
  const result = await importCapture({ format: 'cryptofeed', files: [file], store, ...options })
  return { result, store }
}

/** Returns the stored instrument. */
export function instrumentOf(store: string, symbol: string): Instrument {
  return new Instrument(openStore(store).select({ symbol })[0]!.instrument)
}

/** Kinds of the stored rows (`DepthSet+` of a bid), with their price and size. */
export function rowsOf(store: string, symbol: string, kind = 'l2'): [string, number, number][] {
  const instrument = instrumentOf(store, symbol)
  const names = Object.entries(EventKind)
  return plainRows(loadRows(store, symbol, kind)).map(({ code, tick, lots }) => {
    const name = names.find(([, value]) => value === (code & KIND_MASK))![0]
    const side = (code & 0x10) !== 0 ? '+' : (code & 0x20) !== 0 ? '-' : ''
    return [name + side, instrument.price(tick), instrument.size(lots)]
  })
}
