/** Latency models: how long our requests and their answers travel. */
import { durationNs, formatDuration, type Duration } from '../time/index.ts'
import type { EventRate } from './latency/event-rate.ts'

/** What a request asks of the exchange. */
export const REQUEST_KINDS = ['submit', 'cancel', 'amend'] as const
export type RequestKind = (typeof REQUEST_KINDS)[number]

/** What a run tells its latency model before the first message. */
export interface LatencyRun {
  /** The run's seed. */
  readonly seed: number
  /** Tells apart the models of one run: the index of the data feed. */
  readonly stream: number
  /** Unix ns of time 0. */
  readonly epochNs: bigint
  /** Counts the events of the market; goes through the tape once at the first call. */
  readonly eventRate: (windowNs: number) => EventRate
}

/** Travel times in ns for a message sent at a given time (ns since the epoch). */
export interface LatencyModel {
  /** Text form for reports. */
  readonly name: string
  /**
   * From us to the exchange, for a request sent at `localTime`. Below 0: the venue refuses the
   * request before its matching engine, and we hear of it that many ns after it was sent.
   */
  entryNs(localTime: number, kind: RequestKind): number
  /** From the exchange to us, for an answer sent at `exchTime`. */
  responseNs(exchTime: number): number
  /** Returns this model for one run; absent where every run is alike. */
  forRun?(run: LatencyRun): LatencyModel
}

/**
 * The same travel time for every message.
 *
 * @throws LobtraderError BAD_DURATION
 */
export function constantLatency(options: {
  readonly entry: Duration | string
  readonly response: Duration | string
}): LatencyModel {
  const entry = durationNs(options.entry)
  const response = durationNs(options.response)
  return {
    name: `constant ${formatDuration(entry)} to the exchange, ${formatDuration(response)} back`,
    entryNs: () => entry,
    responseNs: () => response,
  }
}
