/** Random tapes in which all happens that may happen, for tests of what must be exact. */
import { Prng } from '../src/core/index.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  EventWriter,
  LOCAL_ONLY_BIT,
  eventCode,
  type EventColumns,
} from '../src/market/index.ts'

/** A market with messages of many rows, venue times that go back, gaps, halts and snapshots. */
export function wildTape(
  seed: number,
  rows: number,
  start: { readonly epochNs: bigint; readonly time: number } = { epochNs: 0n, time: 100 },
): EventColumns {
  const prng = new Prng(seed)
  const writer = new EventWriter(start.epochNs, rows)
  const backMax = [0, 5, 60][prng.nextInt(3)]!
  const lag = [-30, 0, 12][prng.nextInt(3)]!
  let time = start.time
  const push = (kind: EventKind, side: 1 | -1 | 0, tick: number, lots: number): void => {
    const exch = time - lag - (prng.nextInt(5) === 0 ? prng.nextInt(backMax + 1) : 0)
    const hidden = prng.nextInt(20)
    const bit = hidden === 0 ? EXCH_ONLY_BIT : hidden === 1 ? LOCAL_ONLY_BIT : 0
    writer.push(time, exch, eventCode(kind, side, bit), tick, lots, -1, writer.length)
  }
  while (writer.length < rows) {
    if (prng.nextInt(3) === 0) time += prng.nextInt(9)
    const draw = prng.nextInt(40)
    const side = prng.nextInt(2) === 0 ? 1 : -1
    const tick = 100 - side * (1 + prng.nextInt(5))
    if (draw === 0) push(EventKind.Gap, 0, 0, 0)
    else if (draw === 1) push(EventKind.Status, 0, 0, prng.nextInt(2))
    else if (draw === 2) push(EventKind.DepthClear, side, 0, 0)
    else if (draw === 3) push(EventKind.Bbo, side, tick, 3)
    else if (draw < 7) {
      push(EventKind.SnapshotBegin, 0, 0, 0)
      for (let level = 1; level < 6; level++) {
        push(EventKind.SnapshotLevel, 1, 100 - level, 1 + prng.nextInt(9))
        push(EventKind.SnapshotLevel, -1, 100 + level, 1 + prng.nextInt(9))
      }
      push(EventKind.SnapshotEnd, 0, 0, 0)
    } else if (draw < 15) push(EventKind.Trade, side, 100 + side, 1 + prng.nextInt(5))
    else push(EventKind.DepthSet, side, tick, prng.nextInt(12))
  }
  return writer.finish()
}

/** The same for a market of orders: references are used again, some rows name no order. */
export function wildOrders(
  seed: number,
  rows: number,
  start: { readonly epochNs: bigint; readonly time: number } = { epochNs: 0n, time: 100 },
): EventColumns {
  const prng = new Prng(seed)
  const writer = new EventWriter(start.epochNs, rows)
  let time = start.time
  const push = (kind: EventKind, side: 1 | -1 | 0, tick: number, lots: number, ref = -1): void => {
    const exch = time - 12 - (prng.nextInt(5) === 0 ? prng.nextInt(40) : 0)
    writer.push(time, exch, eventCode(kind, side), tick, lots, ref, writer.length)
  }
  while (writer.length < rows) {
    if (prng.nextInt(3) === 0) time += prng.nextInt(9)
    const draw = prng.nextInt(4000)
    const side = prng.nextInt(2) === 0 ? 1 : -1
    const tick = 100 - side * (1 + prng.nextInt(5))
    const ref = prng.nextInt(200)
    if (draw === 0) push(EventKind.Gap, 0, 0, 0)
    else if (draw === 1) push(EventKind.Status, 0, 0, prng.nextInt(2))
    else if (draw === 2) push(EventKind.DepthClear, side, 0, 0)
    else if (draw === 3) push(EventKind.SnapshotBegin, 0, 0, 0)
    else if (draw === 4) push(EventKind.SnapshotEnd, 0, 0, 0)
    else if (draw < 1800) push(EventKind.OrderAdd, side, tick, 1 + prng.nextInt(9), ref)
    else if (draw < 2500) push(EventKind.OrderCancel, 0, tick, 1 + prng.nextInt(9), ref)
    else if (draw < 3200) push(EventKind.OrderModify, 0, tick, 1 + prng.nextInt(9), ref)
    else push(EventKind.OrderExecute, 0, tick, 1 + prng.nextInt(4), ref)
  }
  return writer.finish()
}
