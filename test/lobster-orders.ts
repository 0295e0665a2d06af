/**
 * A LOBSTER message file as rows of single orders. A file of few levels is of little use so: an order
 * cancelled while it stands outside of them has no message, and would stand for ever.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import {
  EventKind,
  EventWriter,
  eventCode,
  type EventColumns,
  type Side,
} from '../src/market/index.ts'

const Type = { Add: 1, Cancel: 2, Delete: 3, Execute: 4, Hidden: 5 } as const

/** Reads a message file; prices of visible orders in cents as ticks. */
export function lobsterOrders(path: string): EventColumns {
  const writer = new EventWriter(0n)
  const live = new Map<number, { ref: number; left: number }>()
  const free: number[] = []
  let used = 0
  let row = 0
  for (const line of gunzipSync(readFileSync(path)).toString().trim().split('\n')) {
    const [at, type, id, size, price, direction] = line.split(',')
    const [seconds, fraction = ''] = at!.split('.')
    const time = Number(seconds) * 1e9 + Number(fraction.padEnd(9, '0').slice(0, 9))
    const side = Number(direction) as Side
    const tick = Math.round(Number(price) / 100)
    const lots = Number(size)
    const push = (kind: EventKind, of: Side | 0, ref: number, taken = lots): void =>
      writer.push(time, time, eventCode(kind, of), tick, taken, ref, row)
    row++
    if (Number(type) === Type.Add) {
      const ref = free.pop() ?? used++
      live.set(Number(id), { ref, left: lots })
      push(EventKind.OrderAdd, side, ref)
      continue
    }
    if (Number(type) === Type.Hidden) push(EventKind.Trade, 0, -1)
    if (Number(type) > Type.Execute) continue
    const order = live.get(Number(id))
    if (Number(type) === Type.Execute) {
      push(EventKind.Trade, side > 0 ? -1 : 1, -1)
      push(EventKind.OrderExecute, side, order?.ref ?? -1)
    } else if (order !== undefined) {
      push(EventKind.OrderCancel, side, order.ref)
    }
    if (order === undefined) continue
    order.left -= lots
    if (order.left > 0) continue
    live.delete(Number(id))
    free.push(order.ref)
  }
  return writer.finish()
}
