/** What rows of the tape say of levels from which we took: which are sent anew, what trades there. */
import {
  BUY_BIT,
  EventKind,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  SELL_BIT,
  type EventColumns,
} from '../market/index.ts'
import { NONE, turned, type OwnLevels } from './own-levels.ts'
import type { PartialMatching } from './partial-matching.ts'

const ROW_MASK = KIND_MASK | LOCAL_ONLY_BIT

/** Goes through positions [from, to) of the tape, no further than something is remembered. */
export function hearRows(
  matching: PartialMatching,
  events: EventColumns,
  from: number,
  to: number,
): void {
  const { code, tick, lots, exchOrder } = events
  const { levels } = matching
  for (let position = from; position < to && levels.markedCount > 0; position++) {
    const i = exchOrder === undefined ? position : exchOrder[position]!
    const c = code[i]!
    const kind = c & ROW_MASK
    if (kind === EventKind.DepthSet) {
      if (!levels.mayConcern(tick[i]!)) continue
      const index = (c & SELL_BIT) === 0 ? 0 : 1
      const level = levels.levelAt(index, turned(tick[i]!, index))
      if (level !== NONE) matching.heard(level, lots[i]!)
    } else if (kind === EventKind.Trade) {
      noteTrade(matching, c, tick[i]!, lots[i]!)
    } else {
      forgetReplaced(levels, c)
    }
  }
}

/** A trade whose aggressor the venue does not tell may have met either side. */
export function noteTrade(
  matching: PartialMatching,
  code: number,
  tick: number,
  lots: number,
): void {
  if (!matching.levels.mayConcern(tick)) return
  if ((code & SELL_BIT) === 0) matching.noteTrade(1, ~tick, lots)
  if ((code & BUY_BIT) === 0) matching.noteTrade(0, tick, lots)
}

/** A side that is cleared, and the end of a snapshot, send every level of it anew. */
export function forgetReplaced(levels: OwnLevels, code: number): void {
  const kind = code & ROW_MASK
  if (kind !== EventKind.DepthClear && kind !== EventKind.SnapshotEnd) return
  const isWhole = kind === EventKind.SnapshotEnd
  if (isWhole || (code & SELL_BIT) === 0) levels.unmarkSide(0)
  if (isWhole || (code & BUY_BIT) === 0) levels.unmarkSide(1)
}
