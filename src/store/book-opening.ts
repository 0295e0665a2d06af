/** Whether the book of a partition can be built from its own rows. */
import { EventKind } from '../market/index.ts'

/** Open until a row decides: a book begins here, or needs that of the day before. */
export type BookOpening = 'open' | 'snapshot' | 'continued'

/** Whether a row lets a book begin here, needs the book of the day before, or says neither. */
export function openingOf(kind: number): BookOpening {
  switch (kind) {
    case EventKind.SnapshotBegin:
    case EventKind.SnapshotLevel:
    case EventKind.DepthClear:
      return 'snapshot'
    case EventKind.DepthSet:
    case EventKind.OrderAdd:
    case EventKind.OrderModify:
    case EventKind.OrderCancel:
    case EventKind.OrderExecute:
      return 'continued'
    default:
      return 'open'
  }
}
