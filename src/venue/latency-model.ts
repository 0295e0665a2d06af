/** Latency models: how long our requests and their answers travel. */
import { LobtraderError } from '../core/index.ts'
import { durationNs, formatDuration, type Duration } from '../time/index.ts'

/** Travel times in ns for a message sent at a given time (ns since the epoch). */
export interface LatencyModel {
  /** Text form for reports. */
  readonly name: string
  /**
   * From us to the exchange, for a request sent at `localTime`. Below 0: the venue refuses the
   * request before its matching engine, and we hear of it that many ns after it was sent.
   */
  entryNs(localTime: number): number
  /** From the exchange to us, for an answer sent at `exchTime`. */
  responseNs(exchTime: number): number
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

/**
 * Reads constant latencies from text such as `1ms,1ms` (entry, response).
 *
 * @throws LobtraderError BAD_ARGUMENT or BAD_DURATION
 */
export function parseLatency(text: string): LatencyModel {
  const parts = text.split(',')
  const [entry, response] = parts
  if (parts.length !== 2 || entry === undefined || response === undefined) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `"${text}" is not a latency; expected entry,response such as 1ms,1ms`,
      { value: text },
    )
  }
  return constantLatency({ entry, response })
}
