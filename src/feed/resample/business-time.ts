/** Bars that split a stretch into equal shares of what was traded in it. */
import { LobtraderError } from '../../core/index.ts'
import type { BarColumns } from '../../market/index.ts'
import { joinBars, type BarGroup } from './bar-groups.ts'

/** How {@link businessTimeBars} splits. */
export interface BusinessTimeOptions {
  /** What is shared out: bars (trades, where each bar is one) or volume; default `volume`. */
  readonly of?: 'bars' | 'volume' | undefined
  /** Shares. */
  readonly parts: number
}

/**
 * Returns bars of which each holds an equal share of the whole: bar k the rows with which more than
 * k / parts and at most (k + 1) / parts of the total have come. A row larger than a share leaves
 * shares empty, so there may be fewer bars than shares. A bar stands at the time of its last row.
 *
 * It looks at the total first, so it is a way to sample what has happened, and no feed to trade on.
 *
 * @throws LobtraderError BAD_ARGUMENT unless `parts` is a whole number above 0 and there is volume
 * @source Oomen (2006), "Properties of Realized Variance under Alternative Sampling Schemes",
 *   Journal of Business & Economic Statistics 24(2): business time sampling
 */
export function businessTimeBars(bars: BarColumns, options: BusinessTimeOptions): BarColumns {
  const { of = 'volume', parts } = options
  if (!Number.isSafeInteger(parts) || parts < 1) {
    throw new LobtraderError('BAD_ARGUMENT', `parts must be a whole number above 0, was ${parts}`)
  }
  const amount = (row: number): number => (of === 'bars' ? 1 : bars.volume[row]!)
  let total = 0
  for (let row = 0; row < bars.length; row++) total += amount(row)
  if (!(total > 0))
    throw new LobtraderError('BAD_ARGUMENT', `no ${of} to split into ${parts} parts`)
  const groups: BarGroup[] = []
  let share = -1
  let come = 0
  for (let row = 0; row < bars.length; row++) {
    come += amount(row)
    // Sums of decimals overshoot the border of a share by float noise.
    const now = Math.max(0, Math.ceil((come / total) * parts * (1 - 1e-12)) - 1)
    if (now !== share) groups.push({ rows: [], time: 0, isWhole: true })
    share = now
    const group = groups.at(-1)!
    group.rows.push(row)
    group.time = bars.time[row]!
  }
  return joinBars(bars, groups)
}
