/** A feed of bars from one CSV file, or from columns that the user made. */
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { DataError, LobtraderError } from '../core/index.ts'
import type { BarColumns, Instrument } from '../market/index.ts'
import { DAY_NS, formatInstant, instantNs, type Instant } from '../time/index.ts'
import { checkColumns } from './bar-rules.ts'
import { BAR_FIELDS, type CsvColumns } from './csv-columns.ts'
import { BarRows, type CsvTimeUnit } from './csv-bar-rows.ts'
import { InputFile } from './input/byte-stream.ts'
import { lineBlocks } from './input/line-blocks.ts'

/** How a CSV file is laid out. */
export type CsvBarsFormat = 'backtrader' | 'generic'

/** How {@link CsvBars.open} reads a file. */
export interface CsvBarsOptions {
  /**
   * `backtrader` (the default): Date[,Time],Open,High,Low,Close,Volume,OpenInterest. `generic`:
   * columns by name or place.
   */
  readonly format?: CsvBarsFormat
  /** Default: the file's name without its endings. */
  readonly symbol?: string
  /** First moment, inclusive. */
  readonly from?: Instant
  /** Last moment, inclusive; a date alone means the whole of that day. */
  readonly to?: Instant
  /** Generic only: which column holds what; default: columns by their own names. */
  readonly columns?: CsvColumns
  /** Generic only: unit of the time column, ISO 8601 text or a count since 1970; default `iso`. */
  readonly timeUnit?: CsvTimeUnit
  /** Generic only: what stands between fields; default a comma. */
  readonly separator?: string
  /** Generic only: false when the first row is data; default true. */
  readonly header?: boolean
}

/** Bars for a run, wherever they come from. */
export interface BarFeed {
  readonly kind: 'bars'
  readonly bars: BarColumns
  readonly symbol: string
  readonly source: string
  readonly digest: string
  /** Present where the bars are of a known instrument. */
  readonly instrument?: Instrument | undefined
}

/** Bars in memory, checked, with where they came from. */
export class CsvBars implements BarFeed {
  readonly kind = 'bars'
  readonly bars: BarColumns
  /** The file as it was named, or `memory`. */
  readonly source: string
  /** SHA-256 of symbol, epoch and columns, in hex: equal for equal bars, whatever the file. */
  readonly digest: string

  private constructor(bars: BarColumns, source: string) {
    this.bars = bars
    this.source = source
    this.digest = digestOf(bars)
  }

  get symbol(): string {
    return this.bars.symbol
  }

  /**
   * Reads a CSV file: plain, gzip or zstd, told apart by content. Times without an offset are UTC.
   * Rows outside `from` and `to` are read for their time alone.
   *
   * @throws DataError naming file, line, field and value: ABSENT_FILE, UNKNOWN_FORMAT for another
   *   header, BAD_FIELD for what is no number or contradicts high and low, NOT_FINITE, NEGATIVE,
   *   BAD_INSTANT, TIME_BACKWARDS unless time increases, TOO_FEW_ROWS when no bar is left,
   *   TRUNCATED_FILE or CORRUPT_FILE
   * @throws LobtraderError BAD_ARGUMENT for options that contradict each other
   */
  static async open(file: string, options: CsvBarsOptions = {}): Promise<CsvBars> {
    checkOptions(options)
    const from = options.from === undefined ? undefined : instantNs(options.from)
    const to = options.to === undefined ? undefined : endNs(options.to)
    if (from !== undefined && to !== undefined && from > to) {
      throw new LobtraderError('BAD_ARGUMENT', `from ${options.from} is after to ${options.to}`)
    }
    const rows = new BarRows({
      file,
      format: options.format ?? 'backtrader',
      columns: options.columns ?? {},
      timeUnit: options.timeUnit ?? 'iso',
      separator: options.separator ?? ',',
      hasHeader: options.header ?? true,
      from,
      to,
    })
    const input = await InputFile.open(file)
    try {
      const decoder = new TextDecoder()
      for await (const block of lineBlocks(input)) {
        const lines = decoder.decode(block.bytes.subarray(0, block.starts[block.lines])).split('\n')
        for (let i = 0; i < block.lines; i++) rows.take(lines[i]!, block.firstLine + i)
      }
    } finally {
      await input.close()
    }
    if (rows.count === 0) throw noBar(file, rows, options)
    return new CsvBars(rows.finish(options.symbol ?? symbolOf(file)), file)
  }

  /**
   * Makes a feed of columns in memory, checked by the same rules as a file. The columns are not
   * copied and must not change afterwards.
   *
   * @throws DataError with the row, as {@link CsvBars.open}; LobtraderError BAD_ARGUMENT for
   *   columns of different lengths, TOO_FEW_ROWS without a bar
   */
  static fromBars(bars: BarColumns, source = 'memory'): CsvBars {
    checkColumns(bars)
    return new CsvBars(bars, source)
  }
}

/**
 * Wraps bars that were made of ticks or of finer bars; those of ticks may share a time.
 *
 * @throws LobtraderError and DataError as {@link CsvBars.fromBars}
 */
export function madeBars(
  bars: BarColumns,
  source: string,
  instrument: Instrument | undefined,
): BarFeed {
  checkColumns(bars, { mayTie: true })
  const digest = digestOf(bars)
  return { kind: 'bars', bars, symbol: bars.symbol, source, digest, instrument }
}

function checkOptions(options: CsvBarsOptions): void {
  const { format = 'backtrader' } = options
  if (format === 'generic') return
  if (format !== 'backtrader') {
    throw new LobtraderError(
      'UNKNOWN_FORMAT',
      `unknown format "${String(format)}" of bars; expected backtrader or generic`,
    )
  }
  for (const name of ['columns', 'timeUnit', 'separator', 'header'] as const) {
    if (options[name] !== undefined) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `option "${name}" needs format: 'generic'; a backtrader file has a fixed layout`,
        { option: name },
      )
    }
  }
}

/** The last nanosecond that `to` includes. */
function endNs(to: Instant): bigint {
  const isDate = typeof to === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(to)
  return isDate ? instantNs(to) + BigInt(DAY_NS) - 1n : instantNs(to)
}

function symbolOf(file: string): string {
  const name = basename(file)
  return name.replace(/(\.(csv|txt|tsv|gz|zst))+$/i, '') || name
}

function noBar(file: string, rows: BarRows, options: CsvBarsOptions): DataError {
  const { firstNs, lastNs } = rows
  const why =
    firstNs === undefined || lastNs === undefined
      ? 'the file holds no bar'
      : `no bar from ${options.from ?? 'the start'} to ${options.to ?? 'the end'}; the file ` +
        `holds ${formatInstant(firstNs)} to ${formatInstant(lastNs)}`
  return new DataError('TOO_FEW_ROWS', why, { file })
}

function digestOf(bars: BarColumns): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([bars.symbol, String(bars.epochNs), bars.length]))
  for (const name of ['time', ...BAR_FIELDS] as const) {
    const column = bars[name]
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
  }
  for (const [name, column] of Object.entries(bars.quotes ?? {})) {
    hash.update(name)
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
  }
  return hash.digest('hex')
}
