/** The format `itch50`. */
import { basename } from 'node:path'
import { LobtraderError } from '../../../core/index.ts'
import { Instrument } from '../../../market/index.ts'
import { DAY_NS } from '../../../time/index.ts'
import { chosenSymbols } from '../chosen-symbols.ts'
import type { ImportFormatEntry } from '../import-job.ts'
import type { ImportCaptureOptions } from '../import-options.ts'
import { loadInstrument, renamedInstrument } from '../instrument-source.ts'
import { refuseOptions } from '../refused-options.ts'
import { kindOption, storeName } from '../symbol-names.ts'
import { Directory, type Stock } from './directory.ts'
import { importItch50 } from './import-itch50.ts'
import { MESSAGE_BYTES, MessageType, framingOf } from './layout.ts'
import { sessionDate } from './session-date.ts'

const DEFAULT_TIME_ZONE = 'America/New_York'
/** Messages at the beginning of a file that must make sense for it to be one. */
const HEAD_MESSAGES = 3

/** The upper two bytes of 24 hours in ns. */
const LATEST_TIME = Math.floor(DAY_NS / 2 ** 32)

/** NASDAQ's binary files of a day. */
export const ITCH50: ImportFormatEntry = {
  name: 'itch50',
  description: 'NASDAQ TotalView-ITCH 5.0 binary files of a day; many symbols',
  detects: (head) => beginsLikeItch(head),
  prepare: async (options) => {
    refuseOptions(options, {
      verify: 'its files hold no second view of the book to compare with',
      fixClock: 'its messages have one time',
      definition: 'its grid is fixed',
      columns: 'its messages are binary',
    })
    const date = sessionDate(options)
    const directory = new Directory()
    await directory.read(options.files)
    const stocks = chosenSymbols(directory.stocks, options.symbols, ({ symbol }) => [symbol])
    const timeZone = options.timeZone ?? DEFAULT_TIME_ZONE
    const day = { date, timeZone, firstTime: directory.firstTime }
    return {
      instruments: await instrumentsOf(stocks, options),
      run: async (job, sinks) => await importItch50(job, stocks, sinks, day),
    }
  },
}

async function instrumentsOf(
  stocks: readonly Stock[],
  options: ImportCaptureOptions,
): Promise<readonly Instrument[]> {
  if (stocks.length === 0) {
    throw new LobtraderError(
      'TOO_FEW_ROWS',
      `no message in ${options.files.join(', ')} names a stock`,
    )
  }
  if (options.instrument !== undefined) {
    if (stocks.length > 1) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `--instrument describes one instrument, the input holds ${stocks.length}: choose one with --symbol`,
      )
    }
    const given = await loadInstrument(options.instrument)
    return [renamedInstrument(given, { venue: options.venue })]
  }
  const kind = kindOption(options) ?? 'equity'
  const venue = options.venue ?? venueOf(options.files[0] ?? '')
  const taken = new Set<string>()
  return stocks.map(({ symbol, locate }) => {
    // Signs that a name cannot have may make two symbols one: `ABC+` and `ABC=`.
    const plain = storeName(symbol)
    const name = taken.has(plain) ? `${plain}-${locate}` : plain
    taken.add(name)
    return new Instrument({
      venue,
      symbol: name,
      kind,
      base: symbol,
      quote: 'USD',
      tickSize: '0.01',
      // Hidden executions print between the cents.
      dataTickSize: '0.0001',
      lotSize: '1',
    })
  })
}

/** The exchange that the name of a file tells; NASDAQ has three. */
function venueOf(file: string): string {
  const name = basename(file).toUpperCase()
  if (/\bBX_ITCH/.test(name)) return 'nasdaq-bx'
  return /\bPSX_ITCH/.test(name) ? 'nasdaq-psx' : 'nasdaq'
}

/** True when the first messages have known types and lengths. */
function beginsLikeItch(head: Uint8Array): boolean {
  const framing = framingOf(head)
  if (framing === undefined) return false
  const prefix = framing === 'none' ? 0 : 2
  // Without anything between the messages, text may look like them: files begin with an event.
  if (framing === 'none' && head[0] !== MessageType.System) return false
  let at = 0
  let before = 0
  for (let i = 0; i < HEAD_MESSAGES; i++) {
    if (at === head.length && i > 0) return true
    const length = MESSAGE_BYTES[head[at + prefix] ?? 0]!
    const told = (head[at] ?? 0) * 256 + (head[at + 1] ?? 0)
    if (length === 0 || (framing === 'length' && told !== length)) return false
    if (framing === 'zero' && told !== 0) return false
    const time = (head[at + prefix + 5] ?? 255) * 256 + (head[at + prefix + 6] ?? 255)
    if (time < before || time > LATEST_TIME) return false
    before = time
    at += prefix + length
  }
  return true
}
