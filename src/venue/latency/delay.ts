/** One way of a message: how long it is under way. */
import { durationNs, formatDuration, type Duration } from '../../time/index.ts'
import type { LatencyRun } from '../latency-model.ts'

/** Returns the travel time in whole ns, 0 or more, of a message sent at `time`. */
export type DelayAt = (time: number) => number

/** A model of one way. */
export interface Delay {
  /** Text form, as the command line takes it. */
  readonly name: string
  /**
   * Returns the travel times of one run: a pure function of the time of sending.
   *
   * @param stream tells apart the ways of a run that must not share their draws
   */
  begin(run: LatencyRun, stream: number): DelayAt
}

/** Longest travel time that a model gives: a message slower than this is as good as lost. */
export const DELAY_NS_MAX = 1e15

/**
 * The same travel time for every message.
 *
 * @throws LobtraderError BAD_DURATION
 */
export function constantDelay(duration: Duration | string): Delay {
  const ns = durationNs(duration)
  return { name: formatDuration(ns), begin: () => () => ns }
}

/** Returns a delay as it is, and a duration as a constant one. @throws LobtraderError BAD_DURATION */
export function delayOf(delay: Delay | Duration | string): Delay {
  return typeof delay === 'object' ? delay : constantDelay(delay)
}
