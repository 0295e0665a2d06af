import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  EventKind,
  EventWriter,
  codeSide,
  concatEvents,
  eventCode,
  exchangeOrder,
  KIND_MASK,
} from './events.ts'

describe('event codes', () => {
  it('keep kind and side apart', () => {
    for (const kind of Object.values(EventKind)) {
      for (const side of [1, -1, 0] as const) {
        const code = eventCode(kind, side)
        expect([code & KIND_MASK, codeSide(code)]).toEqual([kind, side])
      }
    }
  })
})

describe('the exchange order', () => {
  it('equals a stable sort by venue time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 300, size: 'max' }),
        (times) => {
          const order = exchangeOrder(Float64Array.from(times), times.length)
          const expected = times.map((_, i) => i).sort((a, b) => times[a]! - times[b]! || a - b)
          expect(order === undefined ? times.map((_, i) => i) : [...order]).toEqual(expected)
        },
      ),
    )
  })

  it('equals a stable sort where messages come late, by little or by much', () => {
    const message = fc.record({
      step: fc.nat(9),
      late: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.nat(20), fc.nat(3000)),
      rows: fc.integer({ min: 1, max: 6 }),
    })
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 300, size: 'max' }),
        fc.boolean(),
        (messages, hasRoom) => {
          let now = 0
          const times = messages.flatMap(({ step, late, rows }) => {
            now += step
            return Array.from({ length: rows }, () => now - late)
          })
          const room = hasRoom ? new Int32Array(times.length + 5).fill(-1) : undefined
          const order = exchangeOrder(Float64Array.from(times), times.length, room)
          const expected = times.map((_, i) => i).sort((a, b) => times[a]! - times[b]! || a - b)
          expect(order === undefined ? times.map((_, i) => i) : [...order]).toEqual(expected)
        },
      ),
    )
  })

  it('stays fast and right when the rows are in reverse', () => {
    const times = Float64Array.from({ length: 50_000 }, (_, i) => 50_000 - i)
    const order = exchangeOrder(times, times.length)!
    expect([order[0], order[49_999]]).toEqual([49_999, 0])
  })

  it('is left out when the rows already stand in it', () => {
    expect(exchangeOrder(Float64Array.of(1, 1, 2), 3)).toBeUndefined()
  })
})

describe('columns', () => {
  it('join days on the epoch of the first', () => {
    const day = 86_400_000_000_000n
    const part = (epochNs: bigint, time: number) => {
      const writer = new EventWriter(epochNs, 1)
      writer.push(time, time - 5, eventCode(EventKind.Trade, 1), 10, 3, -1, 7)
      writer.push(time + 1, time - 4, eventCode(EventKind.DepthSet, -1), 11, 0)
      return writer.finish()
    }
    const joined = concatEvents([part(day, 100), part(2n * day, 50)])
    expect([...joined.localTime]).toEqual([100, 101, 86_400e9 + 50, 86_400e9 + 51])
    expect([...joined.exchTime]).toEqual([95, 96, 86_400e9 + 45, 86_400e9 + 46])
    expect([...joined.seq]).toEqual([7, 0, 7, 0])
    expect(joined.epochNs).toBe(day)
  })
})

describe('EventWriter.pushLevels', () => {
  it('adds the rows that as many pushes would, whatever room there is', () => {
    const level = fc.tuple(fc.integer(), fc.nat())
    fc.assert(
      fc.property(
        fc.array(fc.array(level, { maxLength: 40, size: 'max' }), { maxLength: 5 }),
        (messages) => {
          const whole = new EventWriter(0n, 4)
          const single = new EventWriter(0n, 4)
          messages.forEach((levels, i) => {
            const ticks = Int32Array.from(levels, ([tick]) => tick)
            const lots = Float64Array.from(levels, ([, size]) => size)
            whole.pushLevels(i, i - 7, 0x12, ticks, lots, levels.length, i * 1e12)
            for (const [tick, size] of levels) single.push(i, i - 7, 0x12, tick, size, -1, i * 1e12)
          })
          expect(whole.finish()).toEqual(single.finish())
        },
      ),
      { numRuns: 200 },
    )
  })
})
