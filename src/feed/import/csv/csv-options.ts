/** What a user says about a CSV file of any source. */
import { LobtraderError, didYouMean } from '../../../core/index.ts'
import type { Side } from '../../../market/index.ts'
import type { TimeUnit } from '../../input/time-scan.ts'
import type { ImportCaptureOptions } from '../import-options.ts'

/** What rows may be. */
export const CSV_ROWS = ['trades', 'quotes', 'levels', 'snapshots', 'orders'] as const

/** One of {@link CSV_ROWS}. */
export type CsvRows = (typeof CSV_ROWS)[number]

const UNITS: readonly TimeUnit[] = ['s', 'ms', 'us', 'ns', 'iso']
const BUY_WORDS = ['buy', 'b', 'bid', '1', '+1', 'long', 'bids']
const SELL_WORDS = ['sell', 's', 'ask', 'a', 'offer', '-1', 'short', 'asks']
const NO_SIDE_WORDS = ['', '0', 'unknown', 'none', 'n']

/** Checked options. */
export interface CsvOptions {
  readonly rows: CsvRows | undefined
  /** Undefined: the first row tells. */
  readonly unit: TimeUnit | undefined
  /** Words of the column `side`, lower case. */
  readonly sides: ReadonlyMap<string, Side | 0>
  /** Byte between two fields; undefined: the first line tells. */
  readonly separator: number | undefined
  readonly hasHeader: boolean
  readonly columns: Readonly<Record<string, string>>
  readonly timeZone: string | undefined
}

/** Checks the options. @throws LobtraderError BAD_ARGUMENT for a word that is none of the known */
export function csvOptions({ csv = {}, columns = {}, timeZone }: ImportCaptureOptions): CsvOptions {
  const { rows, timeUnit, sides, separator, header = true } = csv
  return {
    rows: oneOf('--rows', rows, CSV_ROWS),
    unit: oneOf('--time-unit', timeUnit, UNITS),
    sides: sideWords(sides),
    separator: separatorByte(separator),
    hasHeader: header,
    columns,
    timeZone,
  }
}

function oneOf<T extends string>(
  option: string,
  value: string | undefined,
  known: readonly T[],
): T | undefined {
  if (value === undefined) return undefined
  const found = known.find((word) => word === value)
  if (found !== undefined) return found
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `unknown ${option} "${value}"${didYouMean(value, known)} (known: ${known.join(', ')})`,
    { option },
  )
}

/** Reads `buy=B,sell=S`; words that are given replace the usual ones of both sides. */
function sideWords(text: string | undefined): ReadonlyMap<string, Side | 0> {
  const words = new Map<string, Side | 0>()
  for (const word of NO_SIDE_WORDS) words.set(word, 0)
  if (text === undefined) {
    for (const word of BUY_WORDS) words.set(word, 1)
    for (const word of SELL_WORDS) words.set(word, -1)
    return words
  }
  for (const part of text.split(',')) {
    const [name = '', word = '', ...rest] = part.split('=')
    if (rest.length > 0 || word === '' || (name !== 'buy' && name !== 'sell')) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `--side takes the words of both sides such as buy=B,sell=S, not "${text}"`,
        { option: '--side' },
      )
    }
    words.set(word.toLowerCase(), name === 'buy' ? 1 : -1)
  }
  return words
}

function separatorByte(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const plain = text === 'tab' || text === '\\t' ? '\t' : text
  const byte = plain.charCodeAt(0)
  if (plain.length === 1 && byte < 127 && !/[\s"\w.+-]/.test(plain.replace('\t', ','))) return byte
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `--separator is one sign such as , ; | or the word tab, not "${text}"`,
    { option: '--separator' },
  )
}
