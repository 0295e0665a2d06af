import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CutBlocks } from '../../../test/cut-blocks.ts'
import { Tape } from '../../../test/tape.ts'
import { formatInstant, instantNs, type Instant } from '../../time/index.ts'
import { blockTape } from '../block-tape.ts'
import { EventKind, eventCode } from '../events.ts'
import { haltsOf } from './halts.ts'
import {
  alwaysOpenCalendar,
  cffexCalendar,
  globexCalendar,
  nasdaqCalendar,
} from './known-calendars.ts'
import { SessionCursor } from './session-cursor.ts'
import { TradingCalendar, type CalendarSpec } from './trading-calendar.ts'

const text = (ns: bigint | undefined): string | undefined =>
  ns === undefined ? undefined : `${formatInstant(ns).slice(0, 16)}Z`
const nasdaq = nasdaqCalendar()
const globex = globexCalendar()
const cffex = cffexCalendar()

describe('the phase of a market', () => {
  it.each<[string, TradingCalendar, Instant, string]>([
    ['before the pre-open', nasdaq, '2024-03-08T08:59:59.999999999Z', 'closed'],
    ['in the pre-open', nasdaq, '2024-03-08T09:00Z', 'pre-open'],
    ['a nanosecond before the open', nasdaq, '2024-03-08T14:29:59.999999999Z', 'pre-open'],
    ['at the open', nasdaq, '2024-03-08T14:30Z', 'continuous'],
    ['at the close', nasdaq, '2024-03-08T21:00Z', 'closed'],
    ['at the open once clocks went forward', nasdaq, '2024-03-11T13:30Z', 'continuous'],
    ['before the open once clocks went back', nasdaq, '2024-11-04T14:29Z', 'pre-open'],
    ['at the open once clocks went back', nasdaq, '2024-11-04T14:30Z', 'continuous'],
    ['on a Saturday', nasdaq, '2024-03-09T15:00Z', 'closed'],
    ['on Globex before the Sunday open', globex, '2024-03-10T21:59Z', 'pre-open'],
    [
      'on Globex at the Sunday open, clocks changed that day',
      globex,
      '2024-03-10T22:00Z',
      'continuous',
    ],
    [
      'on Globex at the Sunday open, clocks went back that day',
      globex,
      '2024-11-03T23:00Z',
      'continuous',
    ],
    ['on Globex a week before', globex, '2024-10-27T22:00Z', 'continuous'],
    ['on Globex in the daily pause', globex, '2024-11-05T22:30Z', 'closed'],
    ['on Globex on Friday evening', globex, '2024-11-08T23:30Z', 'closed'],
    ['on CFFEX in the auction', cffex, '2024-11-04T01:25Z', 'auction'],
    ['on CFFEX in the morning', cffex, '2024-11-04T01:30Z', 'continuous'],
    ['on CFFEX at noon', cffex, '2024-11-04T03:30Z', 'closed'],
    ['on CFFEX in the afternoon', cffex, '2024-11-04T05:00Z', 'continuous'],
    ['on CFFEX at the close', cffex, '2024-11-04T07:00Z', 'closed'],
    ['around the clock', alwaysOpenCalendar(), '2024-11-03T00:00Z', 'continuous'],
  ])('%s is told', (_, calendar, instant, phase) => {
    expect(calendar.phaseAt(instant)).toBe(phase)
  })

  it('names the parts of extended hours', () => {
    const extended = nasdaqCalendar('extended')
    const names = ['12:00', '15:00', '22:00'].map(
      (time) => extended.partAt(`2024-03-08T${time}Z`)?.name,
    )
    expect(names).toEqual(['pre-market', 'regular', 'post-market'])
  })
})

describe('opens and closes', () => {
  it.each([
    [nasdaq, '2024-03-08T14:29Z', '2024-03-08T14:30Z', '2024-03-08T21:00Z'],
    [nasdaq, '2024-03-08T14:30Z', '2024-03-11T13:30Z', '2024-03-08T21:00Z'],
    [globex, '2024-03-08T20:00Z', '2024-03-10T22:00Z', '2024-03-08T22:00Z'],
    [globex, '2024-11-01T12:00Z', '2024-11-03T23:00Z', '2024-11-01T21:00Z'],
    [globex, '2024-11-04T12:00Z', '2024-11-04T23:00Z', '2024-11-04T22:00Z'],
    [cffex, '2024-11-04T02:00Z', '2024-11-04T05:00Z', '2024-11-04T03:30Z'],
    [alwaysOpenCalendar(), '2024-11-04T02:00Z', undefined, undefined],
  ])('are found after a moment (%#)', (calendar, instant, open, close) => {
    expect(text(calendar.nextOpen(instant))).toBe(open)
    expect(text(calendar.nextClose(instant))).toBe(close)
  })

  it('keep to holidays, half days and days of their own, given as data', () => {
    const year = nasdaq.with({
      holidays: ['2024-07-04'],
      earlyCloses: { '2024-07-03': '13:00' },
      specialDays: { '2024-07-06': [{ phase: 'continuous', from: '10:00', to: '11:00' }] },
    })
    expect(text(year.nextClose('2024-07-03T16:59Z'))).toBe('2024-07-03T17:00Z')
    expect(text(year.nextOpen('2024-07-03T17:00Z'))).toBe('2024-07-05T13:30Z')
    expect(year.sessionOn('2024-07-04')).toBeUndefined()
    expect(text(year.nextOpen('2024-07-05T20:00Z'))).toBe('2024-07-06T14:00Z')
    expect(nasdaq.phaseAt('2024-07-04T15:00Z')).toBe('continuous')
  })
})

describe('sessions', () => {
  it('are named by the trading day, not by the date on which they begin', () => {
    expect(globex.sessionOf('2024-03-10T22:30Z')).toMatchObject({ day: '2024-03-11' })
    expect(globex.sessionOf('2024-03-11T20:59Z')).toMatchObject({ day: '2024-03-11' })
    expect(globex.sessionOf('2024-03-11T21:00Z')).toBeUndefined()
    expect(globex.sessionOf('2024-03-09T12:00Z')).toBeUndefined()
  })

  it('hold their breaks', () => {
    const session = cffex.sessionOf('2024-11-04T04:00Z')!
    expect(session.day).toBe('2024-11-04')
    expect(session.phases.map(({ name, toNs }) => [name, text(toNs)])).toEqual([
      ['opening auction', '2024-11-04T01:30Z'],
      ['morning', '2024-11-04T03:30Z'],
      ['afternoon', '2024-11-04T07:00Z'],
    ])
  })

  it('that have a moment in a span are listed in order', () => {
    const days = (from: Instant, to: Instant): string[] =>
      globex.sessionsBetween(from, to).map(({ day }) => day)
    expect(days('2024-03-07T12:00Z', '2024-03-12T12:00Z')).toEqual([
      '2024-03-07',
      '2024-03-08',
      '2024-03-11',
      '2024-03-12',
    ])
    expect(days('2024-03-08T22:00Z', '2024-03-10T21:00Z')).toEqual([])
  })

  it('are as long as the wall says, but an hour shorter or longer in the night of a change', () => {
    const hours = (day: string): number => {
      const { phases } = new TradingCalendar({
        name: 'night',
        timeZone: 'America/New_York',
        week: { sun: [{ phase: 'continuous', from: '-1d 20:00', to: '08:00' }] },
      }).sessionOn(day)!
      return Number(phases[0]!.toNs - phases[0]!.fromNs) / 3600e9
    }
    expect(['2024-03-03', '2024-03-10', '2024-11-03'].map(hours)).toEqual([12, 11, 13])
  })
})

describe('halts', () => {
  const open = instantNs('2024-03-08T14:30Z')
  const tape = new Tape()
  const status = (minute: number, lots: number): Tape =>
    tape.row(minute * 60e9, eventCode(EventKind.Status, 0), 0, lots)
  status(0, 1)
  status(10, 0)
  status(11, 0)
  status(15, 1)
  status(380, 0)
  const halts = haltsOf({ ...tape.events(), epochNs: open })
  const halted = nasdaq.withHalts(halts)

  it('are read from columns and from tapes that stream', () => {
    const blocks = new CutBlocks({ ...tape.events(), epochNs: open }, [1, 3])
    expect(haltsOf(blockTape(blocks))).toEqual(halts)
  })

  it('are read from the status rows of a feed', () => {
    expect(halts.map(({ fromNs, toNs }) => [text(fromNs), text(toNs)])).toEqual([
      ['2024-03-08T14:40Z', '2024-03-08T14:45Z'],
      ['2024-03-08T20:50Z', undefined],
    ])
  })

  it.each([
    ['2024-03-08T14:39:59Z', 'continuous'],
    ['2024-03-08T14:40Z', 'halt'],
    ['2024-03-08T14:45Z', 'continuous'],
    ['2024-03-08T20:50Z', 'halt'],
    ['2024-03-08T21:00Z', 'closed'],
    ['2024-03-11T14:00Z', 'halt'],
  ])('make the phase at %s %s', (instant, phase) => {
    expect(halted.phaseAt(instant)).toBe(phase)
  })

  it('move opens and closes', () => {
    expect(text(halted.nextClose('2024-03-08T14:30Z'))).toBe('2024-03-08T14:40Z')
    expect(text(halted.nextOpen('2024-03-08T14:40Z'))).toBe('2024-03-08T14:45Z')
    expect(halted.sessionOf('2024-03-08T14:41Z')).toMatchObject({ day: '2024-03-08' })
  })

  it('that overlap or repeat count once', () => {
    const at = (minute: number): bigint => open + BigInt(minute) * 60_000_000_000n
    const twice = nasdaq.withHalts([
      { fromNs: at(5), toNs: at(9) },
      { fromNs: at(1), toNs: at(6) },
      { fromNs: at(2), toNs: at(3) },
    ])
    expect(twice.sessionOn('2024-03-08')!.phases.map(({ phase }) => phase)).toEqual([
      'pre-open',
      'continuous',
      'halt',
      'continuous',
    ])
    expect(text(twice.nextOpen(open))).toBe('2024-03-08T14:39Z')
  })
})

describe('a cursor', () => {
  const epochNs = instantNs('2024-03-08')
  it('agrees with the calendar wherever it is moved', () => {
    const halted = cffex.withHalts([
      { fromNs: epochNs + 7_200_000_000_000n, toNs: epochNs + 7_300_000_000_000n },
    ])
    for (const calendar of [nasdaq, globex, halted, alwaysOpenCalendar()]) {
      const cursor = new SessionCursor(calendar, epochNs)
      fc.assert(
        fc.property(fc.integer({ min: -4 * 86_400, max: 8 * 86_400 }), (seconds) => {
          const ns = epochNs + BigInt(seconds) * 1_000_000_000n
          cursor.moveTo(seconds * 1e9)
          expect([cursor.phase, cursor.name, cursor.session?.day]).toEqual([
            calendar.phaseAt(ns),
            calendar.partAt(ns)?.name ?? '',
            calendar.sessionOf(ns)?.day,
          ])
          expect(cursor.from <= seconds * 1e9 && seconds * 1e9 < cursor.to).toBe(true)
        }),
      )
    }
  })

  it('bounds a pause by what lies around it', () => {
    const cursor = new SessionCursor(cffex, epochNs)
    cursor.moveTo(4 * 3600e9)
    expect([cursor.phase, cursor.from, cursor.to]).toEqual(['closed', 3.5 * 3600e9, 5 * 3600e9])
  })
})

describe('a calendar of your own', () => {
  const spec: CalendarSpec = { name: 'Mine', timeZone: 'UTC', week: {} }
  it.each<[Partial<CalendarSpec>, RegExp]>([
    [{ timeZone: 'Nowhere/City' }, /BAD_ARGUMENT.*Nowhere\/City/],
    [
      { week: { mon: [{ phase: 'continuous', from: '9:30', to: '16:00' }] } },
      /Mine, mon: "9:30" is not/,
    ],
    [{ week: { mon: [{ phase: 'continuous', from: '09:60', to: '16:00' }] } }, /"09:60" is not/],
    [{ week: { mon: [{ phase: 'continuous', from: '09:00', to: '24:01' }] } }, /"24:01" is not/],
    [
      { week: { tue: [{ phase: 'continuous', from: '16:00', to: '09:30' }] } },
      /16:00 to 09:30 has no/,
    ],
    [
      {
        week: {
          mon: [
            { phase: 'auction', from: '09:00', to: '10:00' },
            { phase: 'continuous', from: '09:59', to: '16:00' },
          ],
        },
      },
      /continuous begins at 09:59, before auction ends at 10:00/,
    ],
    [
      {
        week: {
          mon: [{ phase: 'continuous', from: '09:00', to: '24:00' }],
          tue: [{ phase: 'continuous', from: '-1d 23:00', to: '09:00' }],
        },
      },
      /the trading day after mon begins before that day ends/,
    ],
    [{ holidays: ['2024-02-30'] }, /BAD_INSTANT/],
    [{ earlyCloses: { '2024-07-03': '13:00' } }, /13:00 leaves nothing/],
  ])('is refused when it contradicts itself (%#)', (part, message) => {
    expect(() => new TradingCalendar({ ...spec, ...part })).toThrow(message)
  })

  it('without a day never opens', () => {
    const never = new TradingCalendar(spec)
    expect([never.nextOpen('2024-01-01'), never.nextClose('2024-01-01')]).toEqual([
      undefined,
      undefined,
    ])
  })
})
