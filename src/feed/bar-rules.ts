/** What every bar must hold, whether it came from a file or from the user's own columns. */
import { DataError, LobtraderError, type DataPlace, type ErrorCode } from '../core/index.ts'
import type { BarColumns } from '../market/index.ts'
import { BAR_FIELDS, type BarField } from './csv-columns.ts'

/** The values of one bar. */
export type BarValues = Record<BarField, number>

/**
 * Checks one bar: finite values, low <= open, close <= high, volume and open interest not negative.
 *
 * @throws DataError NOT_FINITE, NEGATIVE or BAD_FIELD at `place`
 */
export function checkBar(bar: Readonly<BarValues>, place: DataPlace): void {
  const fault = (code: ErrorCode, field: BarField, why: string): DataError =>
    new DataError(code, `${bar[field]} ${why}`, { ...place, field, value: String(bar[field]) })
  for (const field of BAR_FIELDS) {
    if (!Number.isFinite(bar[field])) throw fault('NOT_FINITE', field, 'is not a finite number')
  }
  const { high, low } = bar
  if (high < low) throw fault('BAD_FIELD', 'high', `is below the low ${low}`)
  for (const field of ['open', 'close'] as const) {
    if (bar[field] > high) throw fault('BAD_FIELD', field, `is above the high ${high}`)
    if (bar[field] < low) throw fault('BAD_FIELD', field, `is below the low ${low}`)
  }
  for (const field of ['volume', 'openInterest'] as const) {
    if (bar[field] < 0) throw fault('NEGATIVE', field, 'is negative')
  }
}

/** True where {@link checkBar} has nothing to say: comparisons alone, for columns of many bars. */
function isSound(bars: BarColumns, i: number): boolean {
  const open = bars.open[i]!
  const high = bars.high[i]!
  const low = bars.low[i]!
  const close = bars.close[i]!
  const volume = bars.volume[i]!
  const openInterest = bars.openInterest[i]!
  const isInside = low <= open && open <= high && low <= close && close <= high
  const isFinite = low > Number.NEGATIVE_INFINITY && high < Number.POSITIVE_INFINITY
  const hasVolume = volume >= 0 && volume < Number.POSITIVE_INFINITY
  return (
    isInside &&
    isFinite &&
    hasVolume &&
    openInterest >= 0 &&
    openInterest < Number.POSITIVE_INFINITY
  )
}

/**
 * Checks columns made elsewhere by the rules of a file.
 *
 * @throws LobtraderError BAD_ARGUMENT for columns of other lengths, TOO_FEW_ROWS without a bar
 * @param mayTie true when bars may share a time: single ticks that reached us together
 * @throws DataError as {@link checkBar}, and TIME_BACKWARDS, with the row counted from 1
 */
export function checkColumns(
  bars: BarColumns,
  { mayTie = false }: { readonly mayTie?: boolean } = {},
): void {
  if (bars.length === 0)
    throw new LobtraderError('TOO_FEW_ROWS', `there is no bar of ${bars.symbol}`)
  for (const name of ['time', ...BAR_FIELDS] as const) {
    if (bars[name].length !== bars.length) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `column ${name} of ${bars.symbol} has ${bars[name].length} values for ${bars.length} bars`,
        { column: name, values: bars[name].length, bars: bars.length },
      )
    }
  }
  let previous = Number.NEGATIVE_INFINITY
  for (let i = 0; i < bars.length; i++) {
    const time = bars.time[i]!
    const isLater = time > previous || (mayTie && time === previous)
    if (!(isLater && time < Number.POSITIVE_INFINITY)) {
      throw new DataError('TIME_BACKWARDS', `time ${time} does not come after ${previous}`, {
        row: i + 1,
        field: 'time',
        value: String(time),
      })
    }
    previous = time
    if (isSound(bars, i)) continue
    checkBar(
      {
        open: bars.open[i]!,
        high: bars.high[i]!,
        low: bars.low[i]!,
        close: bars.close[i]!,
        volume: bars.volume[i]!,
        openInterest: bars.openInterest[i]!,
      },
      { row: i + 1 },
    )
  }
}
