/**
 * Order latency as it was measured: linear between recorded round trips.
 *
 * Rules of hftbacktest's interpolated order latency (its documentation, "Order Latency Data"): the
 * first row holds before it, the last behind it; the answer is interpolated over the exchange's own
 * times. A round trip that never reached the matching engine (overload) has an exchange time of 0
 * or less: a request between it and a neighbour is refused, and we hear of that after the
 * interpolated whole round trip.
 */
import { DataError, LobtraderError } from '../core/index.ts'
import type { LatencyModel } from './latency-model.ts'

/** One measured round trip, ns since the run's epoch. */
export interface RoundTrip {
  /** When the request left us. */
  readonly requestTime: number
  /** When the exchange took it up; 0 or less: it refused it before its matching engine. */
  readonly exchTime: number
  /** When its answer reached us. */
  readonly responseTime: number
}

/**
 * Returns the model of recorded round trips.
 *
 * @param trips in order of request time, at least one
 * @throws LobtraderError TOO_FEW_ROWS without a round trip
 * @throws DataError TIME_BACKWARDS, NOT_FINITE or BAD_FIELD naming the row, from 1
 */
export function recordedLatency(trips: readonly RoundTrip[]): LatencyModel {
  if (trips.length === 0) {
    throw new LobtraderError('TOO_FEW_ROWS', 'recorded latency needs at least one round trip')
  }
  checkTrips(trips)
  const refusedAt = Uint8Array.from(trips, ({ exchTime }) => (exchTime <= 0 ? 1 : 0))
  const requests = Float64Array.from(trips, ({ requestTime }) => requestTime)
  const entries = Float64Array.from(trips, (trip) => trip.exchTime - trip.requestTime)
  const rounds = Float64Array.from(trips, (trip) => trip.responseTime - trip.requestTime)
  const reached = trips.filter(({ exchTime }) => exchTime > 0)
  const exchTimes = Float64Array.from(reached, ({ exchTime }) => exchTime)
  const responses = Float64Array.from(reached, (trip) => trip.responseTime - trip.exchTime)
  return {
    name: `recorded, ${trips.length} round trips`,
    entryNs: (localTime) => {
      const row = rowBefore(requests, localTime)
      const next = Math.min(row + 1, requests.length - 1)
      const first = Math.max(row, 0)
      if (refusedAt[first] === 1 || refusedAt[next] === 1) {
        return -interpolate(requests, rounds, localTime)
      }
      return interpolate(requests, entries, localTime)
    },
    responseNs: (exchTime) =>
      exchTimes.length === 0 ? 0 : interpolate(exchTimes, responses, exchTime),
  }
}

function checkTrips(trips: readonly RoundTrip[]): void {
  let before = Number.NEGATIVE_INFINITY
  for (const [i, trip] of trips.entries()) {
    const place = { row: i + 1 }
    for (const [field, value] of Object.entries(trip)) {
      if (Number.isFinite(value)) continue
      throw new DataError('NOT_FINITE', 'must be a finite number of ns', {
        ...place,
        field,
        value: String(value),
      })
    }
    const { requestTime, exchTime, responseTime } = trip
    if (requestTime <= before) {
      throw new DataError('TIME_BACKWARDS', `does not come after ${before}`, {
        ...place,
        field: 'requestTime',
        value: requestTime,
      })
    }
    before = requestTime
    const least = exchTime > 0 ? exchTime : requestTime
    if (responseTime < least || (exchTime > 0 && exchTime < requestTime)) {
      throw new DataError(
        'BAD_FIELD',
        `request ${requestTime}, exchange ${exchTime} and response ${responseTime} are not in order`,
        { ...place, field: 'exchTime', value: exchTime },
      )
    }
  }
}

/** Returns the last row at or before `x`, -1 when all lie behind it. */
function rowBefore(xs: Float64Array, x: number): number {
  let low = 0
  let high = xs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (xs[middle]! <= x) low = middle + 1
    else high = middle
  }
  return low - 1
}

function interpolate(xs: Float64Array, ys: Float64Array, x: number): number {
  const row = rowBefore(xs, x)
  if (row < 0) return ys[0]!
  if (row === xs.length - 1) return ys[row]!
  const share = (x - xs[row]!) / (xs[row + 1]! - xs[row]!)
  return Math.round(ys[row]! + share * (ys[row + 1]! - ys[row]!))
}
