/** The first pass over a capture: which symbols are in it, on which grids, through which channels. */
import { LobtraderError, parseDecimal, type DataError } from '../../../core/index.ts'
import { chosenSymbols } from '../chosen-symbols.ts'
import { ClockMeter } from '../clock-meter.ts'
import { shownText } from '../field-error.ts'
import { GridMeter, type StepMeter } from '../grid-meter.ts'
import { storeName } from '../symbol-names.ts'
import type { CaptureLine } from './capture-line.ts'
import { CaptureStream, type CapturePass } from './capture-stream.ts'
import { JsonFields } from './json-fields.ts'
import type { MarketSink, TextLevel, VenueBook, VenueTop, VenueTrade } from './market-events.ts'
import type { VenueReader, VenueRules } from './venue-rules.ts'

/** Symbols in one capture: each takes two open files and some megabytes while it is imported. */
const SYMBOLS_MAX = 1000

/** What a capture says about one symbol. */
export class SurveyedSymbol {
  /** As the venue spells it. */
  readonly symbol: string
  /** Its name in the store. */
  readonly name: string
  readonly grid = new GridMeter()
  /** The book channel to take: the deepest. */
  bookChannel = ''
  tradeChannel = ''
  topChannel = ''
  #depth = 0
  #tradeRank = 0
  #topRank = 0

  constructor(symbol: string, name: string) {
    this.symbol = symbol
    this.name = name
  }

  noteBook({ channel, depth, bids, asks }: VenueBook): void {
    if (depth > this.#depth) {
      this.#depth = depth
      this.bookChannel = channel
    }
    this.#noteLevels(bids)
    this.#noteLevels(asks)
  }

  noteTrade({ channel, rank, price, size }: VenueTrade): void {
    if (rank > this.#tradeRank) {
      this.#tradeRank = rank
      this.tradeChannel = channel
    }
    note(this.grid.prices, price)
    note(this.grid.sizes, size)
  }

  noteTop({ channel, rank, bid, ask }: VenueTop): void {
    if (rank > this.#topRank) {
      this.#topRank = rank
      this.topChannel = channel
    }
    this.#noteLevels(bid === undefined ? [] : [bid])
    this.#noteLevels(ask === undefined ? [] : [ask])
  }

  #noteLevels(levels: readonly TextLevel[]): void {
    for (const [price, size] of levels) {
      note(this.grid.prices, price)
      note(this.grid.sizes, size)
    }
  }
}

/** What was found in a capture. */
export interface Survey {
  readonly reader: VenueReader
  readonly meter: ClockMeter
  /** In the order of their first message. */
  readonly symbols: readonly SurveyedSymbol[]
  /** Sentences for the user. */
  readonly warnings: readonly string[]
}

/**
 * Reads a capture to its end. Lines that cannot be used are left out here; the import tells of them.
 *
 * @throws DataError for files that cannot be read, or when no line can be used
 * @throws LobtraderError UNSUPPORTED for a capture of more than 1,000 symbols
 */
export async function surveyCapture(paths: readonly string[], rules: VenueRules): Promise<Survey> {
  const stream = new CaptureStream(paths)
  const fields = new JsonFields(stream.place)
  const pass = new SurveyPass(rules.makeReader(fields), fields)
  await stream.read(pass)
  const symbols = [...pass.symbols.values()]
  if (symbols.length === 0) {
    throw (
      pass.fault ??
      new LobtraderError(
        'TOO_FEW_ROWS',
        `there is no message of a book, a trade or a ticker in ${paths.join(', ')}`,
      )
    )
  }
  return { reader: pass.reader, meter: pass.meter, symbols, warnings: pass.warnings }
}

/**
 * Returns the symbols that are asked for, in either spelling; all of them when none is.
 *
 * @throws LobtraderError ABSENT_SYMBOL naming what there is
 */
export function chooseSymbols(
  found: readonly SurveyedSymbol[],
  wanted: readonly string[],
): readonly SurveyedSymbol[] {
  return chosenSymbols(found, wanted, ({ name, symbol }) => [name, symbol])
}

class SurveyPass implements CapturePass, MarketSink {
  readonly reader: VenueReader
  readonly meter = new ClockMeter()
  readonly symbols = new Map<string, SurveyedSymbol>()
  fault: DataError | undefined
  readonly #fields: JsonFields
  readonly #names = new Map<string, string>()
  readonly #unnamed = new Map<string, string>()
  #receiveTime = 0

  constructor(reader: VenueReader, fields: JsonFields) {
    this.reader = reader
    this.#fields = fields
  }

  begin(epochNs: bigint): void {
    this.#fields.epochNs = epochNs
  }

  line(line: CaptureLine, receiveTime: number, connection: string): void {
    this.#receiveTime = receiveTime
    this.reader.read(line, connection, this)
  }

  refuse(error: DataError): void {
    this.fault ??= error
  }

  rest(): void {}

  book(book: VenueBook): void {
    this.#symbol(book.symbol)?.noteBook(book)
    if (!book.isSnapshot) this.#noteTime(book.time)
  }

  trade(trade: VenueTrade): void {
    this.#symbol(trade.symbol)?.noteTrade(trade)
    if (!trade.isPast) this.#noteTime(trade.time)
  }

  top(top: VenueTop): void {
    this.#symbol(top.symbol)?.noteTop(top)
  }

  lost(): void {}

  leftOut(): void {}

  #noteTime(time: number): void {
    if (!Number.isNaN(time)) this.meter.note(this.#receiveTime, time)
  }

  /** Symbols whose names cannot stand in a store, and why. */
  get warnings(): readonly string[] {
    return [...this.#unnamed].map(([symbol, why]) => `${shownText(symbol)} was left out: ${why}`)
  }

  #symbol(symbol: string): SurveyedSymbol | undefined {
    const known = this.symbols.get(symbol)
    if (known !== undefined || this.#unnamed.has(symbol)) return known
    if (this.symbols.size + this.#unnamed.size === SYMBOLS_MAX) {
      throw new LobtraderError(
        'UNSUPPORTED',
        `the capture holds more than ${SYMBOLS_MAX} symbols, the most that one import takes`,
      )
    }
    const name = storeName(symbol)
    const twin = this.#names.get(name)
    if (twin !== undefined) {
      this.#unnamed.set(symbol, `its name in the store, ${name}, is taken by ${twin}`)
      return undefined
    }
    const made = new SurveyedSymbol(symbol, name)
    this.symbols.set(symbol, made)
    this.#names.set(name, symbol)
    return made
  }
}

/** What is no decimal is told when the import reads it. */
function note(meter: StepMeter, text: string): void {
  try {
    const { mantissa, scale } = parseDecimal(text)
    meter.note(mantissa, scale)
  } catch (error) {
    if (!(error instanceof LobtraderError)) throw error
  }
}
