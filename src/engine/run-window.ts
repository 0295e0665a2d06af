/** The stretch of time that a run over several feeds trades in. */
import { LobtraderError } from '../core/index.ts'
import type { LobFeed } from '../feed/index.ts'
import { rebasedTape, type EventTape } from '../market/index.ts'

/** Tapes on one epoch, and when trading begins and ends on it. */
export interface RunWindow {
  readonly epochNs: bigint
  readonly tapes: readonly EventTape[]
  readonly fromTime: number
  readonly toTime: number
}

/**
 * Returns the window of feeds together: it begins with the latest `from` that one of them has, or
 * with the first row of all, and ends with the earliest `to`, or with the last row of all.
 *
 * @throws LobtraderError OUT_OF_RANGE when they lie more than 104 days apart, or have no time in
 *   common in which to trade
 */
export function runWindow(feeds: readonly LobFeed[]): RunWindow {
  const epochNs = feeds.reduce(
    (least, { tape }) => (tape.epochNs < least ? tape.epochNs : least),
    feeds[0]!.tape.epochNs,
  )
  const tapes = feeds.map(({ tape }) => rebasedTape(tape, epochNs))
  const shifts = feeds.map(({ tape }) => Number(tape.epochNs - epochNs))
  const explicitFrom = Math.max(...feeds.map(({ fromTime }, i) => fromTime + shifts[i]!))
  const explicitTo = Math.min(...feeds.map(({ toTime }, i) => toTime + shifts[i]!))
  const fromTime = Math.max(explicitFrom, Math.min(...tapes.map((tape) => tape.firstTime)))
  const toTime = Math.min(explicitTo, Math.max(...tapes.map((tape) => tape.lastTime)))
  const names = feeds.map(({ instrument }) => instrument.symbol).join(', ')
  if (!Number.isSafeInteger(toTime) && Number.isFinite(toTime)) {
    throw new LobtraderError('OUT_OF_RANGE', `the data of ${names} span more than 104 days`)
  }
  if (feeds.length > 1 && fromTime > toTime) {
    throw new LobtraderError('OUT_OF_RANGE', `the windows of ${names} have no moment in common`)
  }
  return { epochNs, tapes, fromTime, toTime }
}
