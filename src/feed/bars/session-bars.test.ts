import { describe, expect, it } from 'vitest'
import { Tape, unitInstrument } from '../../../test/tape.ts'
import {
  alwaysOpenCalendar,
  cffexCalendar,
  type BarColumns,
  type TradingCalendar,
  memoryTape,
} from '../../market/index.ts'
import { instantNs } from '../../time/index.ts'
import type { BarRule } from './bar-rule.ts'
import { tradeBars } from './trade-bars.ts'

const MINUTE = 60e9
const epochNs = instantNs('2024-11-04')
const cffex = cffexCalendar()

/** A trade each at these UTC times of day, all at 100, the first of size 1, the next of size 2 ... */
function bars(times: readonly string[], rule: BarRule, calendar: TradingCalendar): BarColumns {
  const tape = new Tape().snapshot(0, [[99, 1]], [[101, 1]])
  for (const [i, text] of times.entries()) {
    const time = Number(instantNs(text.includes('T') ? text : `2024-11-04T${text}Z`) - epochNs)
    tape.trade(time, 1, 100, i + 1)
    tape.bid(time + 1, 99, 10 * (i + 1))
  }
  const events = { ...tape.events(), epochNs }
  const window = { fromTime: Number.NEGATIVE_INFINITY, toTime: Number.POSITIVE_INFINITY }
  return tradeBars({ instrument: unitInstrument, tape: memoryTape(events), ...window }, rule, {
    calendar,
  })
}
const minutes = (made: BarColumns): number[][] =>
  [...made.time].map((time, i) => [time / MINUTE, made.volume[i]!])

// The morning is 01:30 to 03:30 UTC, the afternoon 05:00 to 07:00.
const times = ['01:26', '01:31', '03:20', '03:29', '04:00', '05:00', '06:59', '07:01']

describe('bars in sessions', () => {
  it('never straddle a break: what is open ends with the session, and closed hours do not count', () => {
    const made = bars([...times, '2024-11-05T01:30:30Z'], { by: 'volume', size: 8 }, cffex)
    expect(minutes(made)).toEqual([
      [90, 1],
      [209, 2 + 3 + 4],
      [419, 6 + 7],
      [1530.5, 9],
    ])
  })

  it('carry the touch as of the end of the session', () => {
    const made = bars(['03:00', '03:10', '04:00', '05:30'], { by: 'trades', count: 3 }, cffex)
    expect(minutes(made)).toEqual([[210, 3]])
    expect(made.quotes!.bidVolume[0]).toBe(20)
  })

  it('by time count from the start of the session and end with it', () => {
    const made = bars([...times, '2024-11-05T01:30:30Z'], { by: 'time', every: '50m' }, cffex)
    expect(minutes(made)).toEqual([
      [90, 1],
      [140, 2],
      [210, 3 + 4],
      [350, 6],
      [420, 7],
    ])
  })

  it('around the clock go on over midnight, also over days without a row', () => {
    const late = ['23:59', '2024-11-05T00:01Z', '2024-11-08T12:00Z']
    expect(minutes(bars(late, { by: 'trades', count: 3 }, alwaysOpenCalendar()))).toEqual([
      [(4 * 24 + 12) * 60, 6],
    ])
  })

  it('end where a halt begins', () => {
    const at = (minute: number): bigint => epochNs + BigInt(minute * MINUTE)
    const halted = cffex.withHalts([{ fromNs: at(100), toNs: at(110) }])
    const made = bars(['01:31', '01:45', '01:51'], { by: 'trades', count: 9 }, halted)
    expect(minutes(made)).toEqual([[100, 1]])
  })

  it('cut by a session say nothing about how long adaptive bars are', () => {
    const rule = {
      by: 'adaptive-imbalance',
      of: 'trades',
      expectedTrades: 3,
      expectedImbalance: 1,
      barSpan: 1,
      tradeSpan: 1,
    } as const
    const made = bars(['03:00', '05:01', '05:02', '05:03', '05:04'], rule, cffex)
    expect(minutes(made)).toEqual([
      [210, 1],
      [303, 2 + 3 + 4],
    ])
  })
})
