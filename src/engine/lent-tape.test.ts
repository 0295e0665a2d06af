import { expect, it } from 'vitest'
import {
  EventKind,
  EventWriter,
  eventCode,
  memoryTape,
  type EventColumns,
  type EventTape,
  type EventWindows,
} from '../market/index.ts'
import { LentTape } from './lent-tape.ts'

function rows(count: number, from = 0): EventColumns {
  const writer = new EventWriter(0n, count)
  for (let i = from; i < from + count; i++) {
    writer.push(i + 1, i, eventCode(EventKind.DepthSet, 1), 100 + i, 1, -1, i)
  }
  return writer.finish()
}

it('is the tape that is lent, one window for both orders where that has one', () => {
  const events = rows(5)
  const tape = memoryTape(events)
  const lent = new LentTape(tape)
  const { epochNs, length, firstTime, lastTime, hasFunding } = lent
  expect({ epochNs, length, firstTime, lastTime, hasFunding }).toEqual({
    epochNs: tape.epochNs,
    length: 5,
    firstTime: 1,
    lastTime: 5,
    hasFunding: false,
  })
  const local = lent.local()
  const window = local.next()!
  expect(window).toEqual(events)
  expect(window.tick).toBe(events.tick)
  expect(lent.exchange().next()).toBe(window)
  expect([local.isLast, local.next()]).toEqual([true, undefined])
})

it('takes its rows back from whoever holds them, and none from its owner', () => {
  const events = rows(5)
  const lent = new LentTape(memoryTape(events))
  const windows = lent.local()
  const window = windows.next()!
  windows.close()
  lent.release()
  const { code, tick, lots, localTime, exchTime, seq, orderRef, exchOrder } = window
  const columns = [code, tick, lots, localTime, exchTime, seq, orderRef]
  expect(columns.map(({ length }) => length)).toEqual([0, 0, 0, 0, 0, 0, 0])
  expect(exchOrder).toBeUndefined()
  expect(events).toEqual(rows(5))
  expect(() => lent.local()).toThrow(/given back/)
})

it('lends window after window, and takes the last ones back', () => {
  const all = Array.from({ length: 20 }, (_, i) => rows(3, 3 * i))
  const windowsOf = (): EventWindows => {
    let at = 0
    return {
      get isLast() {
        return at === all.length
      },
      next: () => all[at++],
      close: () => {},
    }
  }
  const many: EventTape = {
    epochNs: 0n,
    length: 60,
    firstTime: 1,
    lastTime: 60,
    local: windowsOf,
    exchange: windowsOf,
  }
  const lent = new LentTape(many)
  const windows = lent.local()
  const seen: EventColumns[] = []
  while (!windows.isLast) seen.push(windows.next()!)
  expect(seen).toEqual(all)
  lent.release()
  expect(seen.at(-1)!.code.length).toBe(0)
  expect(all.at(-1)!.code.length).toBe(3)
})
