/** Finds out what a capture is of: its symbol, its market, and the grids of its prices and sizes. */
import { DataError, LobtraderError } from '../../../core/index.ts'
import { LineCursor } from '../../input/line-cursor.ts'
import { shownText } from '../field-error.ts'
import { GridMeter } from '../grid-meter.ts'
import { meteredGrids } from './capture-grids.ts'
import { CaptureReader } from './capture-reader.ts'
import { marketOf, type BinanceMarket } from './market.ts'

/** Lines to look at for symbol and market; a real capture tells within a few. */
const LINES_MAX = 100_000

/** What a capture is of. */
export interface CaptureSurvey {
  /** As the messages spell it. */
  readonly symbol: string
  readonly market: BinanceMarket
  readonly grid: GridMeter
}

/**
 * Reads a capture to its end. Lines that cannot be used are left out here; the import tells of them.
 *
 * @throws DataError for a file that cannot be read, and when no line can be used
 * @throws LobtraderError TOO_FEW_ROWS when no message tells symbol and market
 */
export async function surveyCapture(paths: readonly string[]): Promise<CaptureSurvey> {
  const { symbol, market, fault } = await findMarket(paths)
  if (symbol === undefined || market === undefined) {
    if (fault !== undefined) throw fault
    const what = symbol === undefined ? 'names a symbol' : 'is a depth update or a book ticker'
    throw new LobtraderError(
      'TOO_FEW_ROWS',
      `no message in ${paths.join(', ')} ${what}, so the instrument cannot be told; give it with --instrument`,
    )
  }
  const grid = new GridMeter()
  const reader = new CaptureReader(paths, meteredGrids(grid, symbol))
  let first: DataError | undefined
  await reader.read({
    begin: () => undefined,
    message: () => undefined,
    refuse: (error) => {
      first ??= error
    },
    rest: () => undefined,
  })
  if (grid.prices.count === 0 && first !== undefined) throw first
  return { symbol, market, grid }
}

interface Found {
  symbol: string | undefined
  market: BinanceMarket | undefined
  fault: DataError | undefined
}

async function findMarket(paths: readonly string[]): Promise<Found> {
  const found: Found = { symbol: undefined, market: undefined, fault: undefined }
  for (const path of paths) {
    const cursor = await LineCursor.open(path)
    try {
      for (let lines = 0; lines < LINES_MAX && (await cursor.advance());) {
        for (; cursor.ready > 0; cursor.step(), lines++) {
          lookAt(cursor.text(), { file: path, line: cursor.line }, found)
          if (found.symbol !== undefined && found.market !== undefined) return found
        }
      }
    } finally {
      await cursor.close()
    }
  }
  return found
}

function lookAt(text: string, place: { file: string; line: number }, found: Found): void {
  if (text.trim() === '') return
  const blank = text.indexOf(' ')
  const time = blank < 0 ? text : text.slice(0, blank)
  if (!/^\d+$/.test(time)) {
    found.fault ??= new DataError(
      'BAD_FIELD',
      `a line begins with its receive time in Unix nanoseconds (19 digits), microseconds (16) or milliseconds (13) and a blank, was ${shownText(time)}`,
      { ...place, field: 'receive time', value: time.slice(0, 60) },
    )
    return
  }
  let message: unknown
  try {
    message = JSON.parse(text.slice(blank + 1))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // What is no JSON is told when it is read.
    return
  }
  found.market ??= marketOf(message)
  const { data = message } = (message ?? {}) as { data?: unknown }
  const { s } = (data ?? {}) as { s?: unknown }
  if (typeof s === 'string' && s !== '') found.symbol ??= s
}
