/** What the book rows of a tape are: price levels, or single orders. */
import { EventKind, KIND_MASK, type EventColumns } from './events.ts'

/** Price levels (L2), or single orders (L3). */
export type RowContent = 'levels' | 'orders'

/** Returns what the first book row among [from, to) is of; undefined where there is none. */
export function rowContent(
  { code }: EventColumns,
  from: number,
  to: number,
): RowContent | undefined {
  for (let i = from; i < to; i++) {
    const kind = code[i]! & KIND_MASK
    if (kind === EventKind.DepthSet || kind === EventKind.SnapshotLevel) return 'levels'
    if (kind >= EventKind.OrderAdd && kind <= EventKind.OrderExecute) return 'orders'
  }
  return undefined
}
