/** Round trips measured by oneself, as a CSV file of Unix nanoseconds. */
import { DataError } from '../../core/index.ts'
import type { LatencyModel } from '../latency-model.ts'
import { recordedLatency } from '../recorded-latency.ts'

const COLUMNS = ['request_ts_ns', 'exch_ts_ns', 'response_ts_ns'] as const

interface UnixTrip {
  readonly request: bigint
  readonly exch: bigint
  readonly response: bigint
}

/**
 * Returns the model of the round trips in a CSV text with the columns `request_ts_ns`,
 * `exch_ts_ns` (0 or less: the venue refused the request before its matching engine) and
 * `response_ts_ns`, Unix ns, in order of request time.
 *
 * @param file how errors call it
 * @throws DataError BAD_FIELD, TIME_BACKWARDS or TOO_FEW_ROWS naming file, line and field
 */
export function recordedLatencyCsv(text: string, file: string): LatencyModel {
  const trips = readTrips(text, file)
  const epochNs = midnightBefore(trips[0]!.request)
  const since = (time: bigint): number => Number(time - epochNs)
  const model = recordedLatency(
    trips.map(({ request, exch, response }) => ({
      requestTime: since(request),
      exchTime: exch <= 0n ? 0 : since(exch),
      responseTime: since(response),
    })),
  )
  // The trips keep their own midnight: before that of a run their times would be below 0, which
  // says that the venue refused.
  const after = (runEpochNs: bigint): LatencyModel => {
    const shift = Number(runEpochNs - epochNs)
    return {
      name: model.name,
      entryNs: (localTime, kind) => model.entryNs(localTime + shift, kind),
      responseNs: (exchTime) => model.responseNs(exchTime + shift),
      forRun: (run) => after(run.epochNs),
    }
  }
  return after(epochNs)
}

const DAY = 86_400_000_000_000n
const midnightBefore = (time: bigint): bigint => time - (time % DAY)

function readTrips(text: string, file: string): UnixTrip[] {
  const lines = text.split(/\r?\n/)
  const header = lines[0]!.split(',').map((name) => name.trim())
  const at = COLUMNS.map((name) => header.indexOf(name))
  for (const [i, name] of COLUMNS.entries()) {
    if (at[i]! >= 0) continue
    throw new DataError(
      'BAD_FIELD',
      `is not in the header "${lines[0]}"; expected ${COLUMNS.join(',')}`,
      {
        file,
        line: 1,
        field: name,
      },
    )
  }
  const trips: UnixTrip[] = []
  for (const [i, line] of lines.entries()) {
    if (i === 0 || line.trim() === '') continue
    const cells = line.split(',')
    const [request, exch, response] = COLUMNS.map((field, k) =>
      readTime(cells[at[k]!], { file, line: i + 1, field }),
    )
    const trip = { request: request!, exch: exch!, response: response! }
    checkTrip(trip, trips.at(-1), { file, line: i + 1 })
    trips.push(trip)
  }
  if (trips.length > 0) return trips
  throw new DataError('TOO_FEW_ROWS', 'holds no round trip; expected at least one', { file })
}

function readTime(
  cell: string | undefined,
  place: { readonly file: string; readonly line: number; readonly field: string },
): bigint {
  const text = cell?.trim() ?? ''
  if (/^-?\d{1,19}$/.test(text)) return BigInt(text)
  throw new DataError('BAD_FIELD', `"${text}" is not a whole number of Unix nanoseconds`, {
    ...place,
    value: text,
  })
}

function checkTrip(
  { request, exch, response }: UnixTrip,
  before: UnixTrip | undefined,
  place: { readonly file: string; readonly line: number },
): void {
  if (before !== undefined && request <= before.request) {
    throw new DataError(
      'TIME_BACKWARDS',
      `${request} does not come after ${before.request} of the line before`,
      { ...place, field: 'request_ts_ns', value: String(request) },
    )
  }
  const isRefused = exch <= 0n
  if (!isRefused && exch < request) {
    throw new DataError('BAD_FIELD', `${exch} is before the request at ${request}`, {
      ...place,
      field: 'exch_ts_ns',
      value: String(exch),
    })
  }
  const least = isRefused ? request : exch
  if (response < least) {
    throw new DataError(
      'BAD_FIELD',
      `${response} is before ${isRefused ? 'the request' : 'the exchange'} at ${least}`,
      { ...place, field: 'response_ts_ns', value: String(response) },
    )
  }
}
