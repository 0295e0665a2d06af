/** Finds out what two LOBSTER files are: which holds messages, of what, on which day. */
import { basename } from 'node:path'
import { DataError, LobtraderError } from '../../../core/index.ts'
import { Instrument } from '../../../market/index.ts'
import { instantNs } from '../../../time/index.ts'
import { LineCursor } from '../../input/line-cursor.ts'
import { loadInstrument, renamedInstrument } from '../instrument-source.ts'

/** What decides about a pair, of the options of an import. */
export interface LobsterOptions {
  readonly files: readonly string[]
  readonly instrument?: string | Instrument | undefined
  readonly date?: string | undefined
  readonly timeZone?: string | undefined
  readonly venue?: string | undefined
  readonly symbol?: string | undefined
}

/** A message file and its orderbook file. */
export interface LobsterPair {
  readonly messageFile: string
  readonly bookFile: string
  readonly levels: number
  /** `2012-06-21`. */
  readonly date: string
  readonly timeZone: string
  readonly instrument: Instrument
}

const MESSAGE_COLUMNS = 6
const DEFAULT_TIME_ZONE = 'America/New_York'
const NAME = /^([A-Za-z0-9.]+)_(\d{4}-\d{2}-\d{2})_.*_?(?:message|orderbook)_(\d+)/

interface NameFacts {
  readonly symbol: string
  readonly date: string
  readonly levels: number
}

/**
 * Opens both files, in either order, and returns what they are.
 *
 * @throws LobtraderError BAD_ARGUMENT when they are no pair, or day or symbol cannot be told
 * @throws DataError when a file cannot be read or holds something else
 */
export async function openLobsterPair(options: LobsterOptions): Promise<LobsterPair> {
  const { files } = options
  const kinds = await Promise.all(files.map(columnsOf))
  const messageFile = files[kinds.indexOf('message')]
  const bookFile = files[kinds.findIndex((kind) => kind !== 'message')]
  if (files.length !== 2 || messageFile === undefined || bookFile === undefined) {
    const seen = files.map((file, i) => `${file} (${kinds[i] === 'message' ? 'messages' : 'book'})`)
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `LOBSTER data are a pair, one message file and its orderbook file; given: ${seen.join(', ')}`,
    )
  }
  const levels = kinds.find((kind) => kind !== 'message') as number
  const facts = factsOf(messageFile)
  const bookFacts = factsOf(bookFile)
  const date = options.date ?? facts?.date ?? bookFacts?.date
  const symbol = options.symbol ?? facts?.symbol ?? bookFacts?.symbol
  checkSame('days', [options.date, facts?.date, bookFacts?.date])
  checkSame('symbols', [facts?.symbol, bookFacts?.symbol])
  checkSame('numbers of levels', [facts?.levels, bookFacts?.levels, levels])
  if (date === undefined) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `the name of ${messageFile} does not tell the day; give it with --date 2012-06-21`,
    )
  }
  instantNs(date)
  return {
    messageFile,
    bookFile,
    levels,
    date,
    timeZone: options.timeZone ?? DEFAULT_TIME_ZONE,
    instrument: await instrumentOf(options, symbol, messageFile),
  }
}

/** Returns `message` for a message file, the number of levels for an orderbook file. */
async function columnsOf(file: string): Promise<'message' | number> {
  const cursor = await LineCursor.open(file)
  const columns = cursor.text().split(',').length
  await cursor.close()
  if (columns === MESSAGE_COLUMNS) return 'message'
  if (columns % 4 === 0) return columns / 4
  throw new DataError(
    'BAD_FIELD',
    `a LOBSTER line has 6 columns (messages) or 4 a level (orderbook), this one has ${columns}`,
    { file, line: 1 },
  )
}

function factsOf(file: string): NameFacts | undefined {
  const match = NAME.exec(basename(file))
  if (match === null) return undefined
  return { symbol: match[1]!, date: match[2]!, levels: Number(match[3]) }
}

function checkSame(what: string, values: readonly (string | number | undefined)[]): void {
  const known = [...new Set(values.filter((value) => value !== undefined))]
  if (known.length <= 1) return
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `the LOBSTER files are of different ${what}: ${known.join(' and ')}`,
  )
}

async function instrumentOf(
  options: LobsterOptions,
  symbol: string | undefined,
  messageFile: string,
): Promise<Instrument> {
  if (options.instrument !== undefined) {
    return renamedInstrument(await loadInstrument(options.instrument), options)
  }
  if (symbol === undefined) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `the name of ${messageFile} does not tell the symbol; give it with --symbol`,
    )
  }
  return new Instrument({
    venue: options.venue ?? 'nasdaq',
    symbol,
    kind: 'equity',
    base: symbol,
    quote: 'USD',
    tickSize: '0.01',
    // Hidden executions print between the cents.
    dataTickSize: '0.0001',
    lotSize: '1',
  })
}
