/** What a trading day is made of, in wall-clock time, and the rules that a plan must keep. */
import { LobtraderError } from '../../core/index.ts'
import { DAY_NS } from '../../time/index.ts'

/** What a market does: `halt` is trading that the venue has stopped inside a session. */
export type MarketPhase = 'closed' | 'pre-open' | 'auction' | 'continuous' | 'halt'

/** One phase of a session; it covers [fromNs, toNs), Unix ns. */
export interface SessionPhase {
  readonly phase: MarketPhase
  readonly name: string
  readonly fromNs: bigint
  readonly toNs: bigint
}

/** A phase of a trading day as its rules give it. */
export interface PlannedPhase {
  readonly phase: 'pre-open' | 'auction' | 'continuous'
  /** What the venue calls this part of the day, such as `regular`; default: the phase. */
  readonly name?: string
  /**
   * Wall time at which it begins, `09:30` or `09:30:00`; `-1d 17:00` is on the date before the
   * trading day, `+1d 02:00` on the one after.
   */
  readonly from: string
  /** Wall time at which it ends, not included; `24:00` is the midnight that ends the day. */
  readonly to: string
}

/** The phases of one trading day, in order. */
export type DayPlan = readonly PlannedPhase[]

/** A phase with wall times in ns since midnight of the trading day; may lie outside of the day. */
export interface WallSpan {
  readonly phase: MarketPhase
  readonly name: string
  readonly from: number
  readonly to: number
}

/**
 * Returns the spans of a plan.
 *
 * @param place names calendar and day for the message
 * @throws LobtraderError BAD_ARGUMENT for a time that is none, a phase that ends before it begins,
 *   or one that begins before the one above it ends
 */
export function wallSpans(plan: DayPlan, place: string): readonly WallSpan[] {
  const spans = plan.map(({ phase, name, from, to }) => ({
    phase,
    name: name ?? phase,
    from: wallTimeNs(from, place),
    to: wallTimeNs(to, place),
  }))
  for (const [i, span] of spans.entries()) {
    const { from, to } = plan[i]!
    if (span.to <= span.from)
      throw bad(`${place}: ${span.name} from ${from} to ${to} has no length`)
    const before = spans[i - 1]
    if (before !== undefined && span.from < before.to) {
      throw bad(
        `${place}: ${span.name} begins at ${from}, before ${before.name} ends at ${plan[i - 1]!.to}`,
      )
    }
  }
  return spans
}

/**
 * Returns the spans up to a wall time, the last one cut there.
 *
 * @throws LobtraderError BAD_ARGUMENT when nothing is left of the day
 */
export function cutPlan(
  spans: readonly WallSpan[],
  close: string,
  place: string,
): readonly WallSpan[] {
  const end = wallTimeNs(close, place)
  const kept = spans
    .filter(({ from }) => from < end)
    .map((span) => ({ ...span, to: Math.min(span.to, end) }))
  if (kept.length === 0) throw bad(`${place}: an early close at ${close} leaves nothing of the day`)
  return kept
}

/**
 * Returns ns since midnight of the trading day.
 *
 * @throws LobtraderError BAD_ARGUMENT naming the text
 */
export function wallTimeNs(text: string, place: string): number {
  const match = /^(?:([+-]1)d )?(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?$/.exec(text)
  const [, day = '0', hour = '', minute = '', second = '0', fraction = ''] = match ?? []
  const ns =
    Number(hour) * 3600e9 +
    Number(minute) * 60e9 +
    Number(second) * 1e9 +
    Number(fraction.padEnd(9, '0'))
  if (match === null || Number(minute) > 59 || Number(second) > 59 || ns > DAY_NS) {
    throw bad(
      `${place}: "${text}" is not a wall time; expected 09:30, 09:30:15, -1d 17:00, or 24:00 at most`,
    )
  }
  return Number(day) * DAY_NS + ns
}

function bad(message: string): LobtraderError {
  return new LobtraderError('BAD_ARGUMENT', message)
}
