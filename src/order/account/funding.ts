/** Funding of perpetual contracts: what holders of positions pay each other at set times. */
import { DataError, LobtraderError } from '../../core/index.ts'
import type { Instrument } from '../../market/index.ts'
import { instantNs, type Instant } from '../../time/index.ts'

/** One payment of a schedule. */
export interface FundingTime {
  readonly time: Instant
  /** Share of the position's value: 0.0001 is one basis point; positive: longs pay shorts. */
  readonly rate: number
  /** Mark price in quote units; without one the exchange's mid at that moment. */
  readonly mark?: number | undefined
}

/** A payment with its time in Unix ns; NaN for an unknown mark. */
export interface FundingPoint {
  readonly timeNs: bigint
  readonly rate: number
  readonly mark: number
}

/**
 * Returns what a position of signed `size` receives (negative: pays), in the settlement currency:
 * -size x value of 1 at the mark x rate.
 *
 * Binance, "Introduction to Binance Futures Funding Rates": funding amount = nominal value of the
 * position x funding rate, nominal value = mark price x size (USDⓈ-M) or size x multiplier / mark
 * price (COIN-M); a positive rate is paid by longs to shorts.
 */
export function fundingPayment(
  instrument: Instrument,
  size: number,
  rate: number,
  mark: number,
): number {
  return size === 0 ? 0 : -size * Math.abs(instrument.unitValue(mark)) * rate
}

/**
 * Returns payments in order of time.
 *
 * @throws LobtraderError BAD_INSTANT, NOT_FINITE or BAD_ARGUMENT naming the entry
 */
export function fundingSchedule(times: readonly FundingTime[]): readonly FundingPoint[] {
  const points = times.map(({ time, rate, mark }, i) => {
    if (!Number.isFinite(rate) || (mark !== undefined && !(mark > 0 && Number.isFinite(mark)))) {
      throw new LobtraderError(
        'NOT_FINITE',
        `funding entry ${i + 1}: expected a finite rate and a mark above 0, were ${rate} and ${mark ?? 'none'}`,
      )
    }
    return { timeNs: instantNs(time), rate, mark: mark ?? Number.NaN }
  })
  points.sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0))
  for (let i = 1; i < points.length; i++) {
    if (points[i]!.timeNs !== points[i - 1]!.timeNs) continue
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `funding has two entries at Unix time ${points[i]!.timeNs} ns; expected one`,
    )
  }
  return points
}

/** Names of the columns in our own files and in those of Binance. */
const COLUMNS = {
  time: ['time', 'calc_time', 'fundingTime'],
  rate: ['rate', 'last_funding_rate', 'fundingRate'],
  mark: ['mark', 'markPrice'],
} as const

/** Digits of a Unix time: seconds, milliseconds, microseconds, nanoseconds. */
const UNIX_DIGITS = new Map([
  [10, 1_000_000_000n],
  [13, 1_000_000n],
  [16, 1000n],
  [19, 1n],
])

/**
 * Reads funding from CSV text with a header: `time,rate[,mark]`, or the columns of Binance's history
 * (`calc_time`, `last_funding_rate`). Times are ISO 8601, or Unix times of 10, 13, 16 or 19 digits.
 *
 * @param file for messages
 * @throws DataError BAD_FIELD naming file, line, field and value
 */
export function parseFundingCsv(text: string, file: string): readonly FundingPoint[] {
  const lines = text.split(/\r?\n/)
  const header = lines[0]!.replace(/^\uFEFF/, '').split(',')
  const find = (names: readonly string[]): number =>
    header.findIndex((name) => names.includes(name.trim()))
  const time = find(COLUMNS.time)
  const rate = find(COLUMNS.rate)
  const mark = find(COLUMNS.mark)
  if (time < 0 || rate < 0) {
    throw new DataError('BAD_FIELD', 'expected columns time and rate (and mark), comma-separated', {
      file,
      line: 1,
      value: lines[0]!.slice(0, 80),
    })
  }
  const times: FundingTime[] = []
  for (const [i, row] of lines.entries()) {
    if (i === 0 || row.trim() === '') continue
    const place = { file, line: i + 1 }
    const fields = row.split(',')
    const entry = {
      time: unixTime(fields[time], place),
      rate: numberOf(fields[rate], { ...place, field: header[rate]!.trim() }),
    }
    const markText = mark < 0 ? '' : (fields[mark] ?? '').trim()
    times.push(
      markText === '' ? entry : { ...entry, mark: numberOf(markText, { ...place, field: 'mark' }) },
    )
  }
  return fundingSchedule(times)
}

function unixTime(text: string | undefined, place: { file: string; line: number }): bigint {
  const trimmed = (text ?? '').trim()
  const unit = /^\d+$/.test(trimmed) ? UNIX_DIGITS.get(trimmed.length) : undefined
  if (unit !== undefined) return BigInt(trimmed) * unit
  try {
    return instantNs(trimmed)
  } catch (error) {
    if (!(error instanceof LobtraderError)) throw error
    const rule = `expected ISO 8601 or a Unix time of 10, 13, 16 or 19 digits, was "${trimmed}"`
    throw new DataError('BAD_FIELD', rule, { ...place, field: 'time', value: trimmed })
  }
}

function numberOf(
  text: string | undefined,
  place: { readonly file: string; readonly line: number; readonly field: string },
): number {
  const trimmed = (text ?? '').trim()
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return Number(trimmed)
  throw new DataError('BAD_FIELD', `expected a number, was "${trimmed}"`, {
    ...place,
    value: trimmed,
  })
}
