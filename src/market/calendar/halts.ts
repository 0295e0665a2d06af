/** Stops of trading inside a session, as the venue's status messages tell them. */
import { memoryTape, type EventTape } from '../event-tape.ts'
import { EXCH_ONLY_BIT, EventKind, KIND_MASK, type EventColumns } from '../events.ts'
import type { SessionPhase } from './day-plan.ts'

/** A stop of trading; it covers [fromNs, toNs), Unix ns. */
export interface Halt {
  readonly fromNs: bigint
  /** Left out while nobody has told that trading goes on. */
  readonly toNs?: bigint | undefined
}

/**
 * Returns the halts that the `Status` rows of a tape tell, by the time at which they reached us. A
 * row that repeats the status changes nothing; the last halt may have no end.
 */
export function haltsOf(tape: EventTape | EventColumns): Halt[] {
  const windows = 'local' in tape ? tape.local() : memoryTape(tape).local()
  const halts: Halt[] = []
  let fromNs: bigint | undefined
  for (let events = windows.next(); events !== undefined; events = windows.next()) {
    const { code, lots, localTime, epochNs, length } = events
    for (let i = 0; i < length; i++) {
      if ((code[i]! & (KIND_MASK | EXCH_ONLY_BIT)) !== EventKind.Status) continue
      const ns = epochNs + BigInt(localTime[i]!)
      if (lots[i] === 0) fromNs ??= ns
      else if (fromNs !== undefined) {
        halts.push({ fromNs, toNs: ns })
        fromNs = undefined
      }
    }
  }
  windows.close()
  if (fromNs !== undefined) halts.push({ fromNs })
  return halts
}

/** Returns halts in order, those that touch or overlap as one. */
export function joinHalts(halts: readonly Halt[]): readonly Halt[] {
  const joined: Halt[] = []
  const inOrder = halts.toSorted((a, b) => (a.fromNs < b.fromNs ? -1 : a.fromNs > b.fromNs ? 1 : 0))
  for (const halt of inOrder) {
    const last = joined.at(-1)
    if (last === undefined || (last.toNs !== undefined && last.toNs < halt.fromNs)) {
      joined.push(halt)
    } else if (last.toNs !== undefined && (halt.toNs === undefined || halt.toNs > last.toNs)) {
      joined[joined.length - 1] = { fromNs: last.fromNs, toNs: halt.toNs }
    }
  }
  return joined
}

/** Returns the phases with a phase `halt` in the place of what the halts cover of each. */
export function cutByHalts(
  phases: readonly SessionPhase[],
  halts: readonly Halt[],
): readonly SessionPhase[] {
  if (halts.length === 0) return phases
  return phases.flatMap((phase) => {
    const pieces: SessionPhase[] = []
    let at = phase.fromNs
    for (const halt of halts) {
      const fromNs = halt.fromNs > at ? halt.fromNs : at
      const toNs = halt.toNs === undefined || halt.toNs > phase.toNs ? phase.toNs : halt.toNs
      if (fromNs >= toNs) continue
      if (fromNs > at) pieces.push({ ...phase, fromNs: at, toNs: fromNs })
      pieces.push({ phase: 'halt', name: phase.name, fromNs, toNs })
      at = toNs
    }
    if (at < phase.toNs) pieces.push({ ...phase, fromNs: at })
    return pieces
  })
}
