import { describe, expect, it } from 'vitest'
import { Tape, unitInstrument } from '../../test/tape.ts'
import { cffexCalendar, nasdaqCalendar } from '../market/index.ts'
import { instantNs } from '../time/index.ts'
import { LobFeed } from './lob-feed.ts'
import { TickFeed } from './tick-feed.ts'
import type { TickFilter } from './tick-filter.ts'

/** One trade every half hour from 2024-03-08 to 2024-03-12, UTC; its size is its number. */
const start = instantNs('2024-03-08')
const tape = new Tape().snapshot(0, [[99, 1]], [[101, 1]])
for (let i = 0; i < 4 * 48; i++) tape.trade(i * 1800e9, i % 2 === 0 ? 1 : -1, 100 + (i % 3), i + 1)
const feed = TickFeed.of(LobFeed.fromEvents(unitInstrument, { ...tape.events(), epochNs: start }))

const clock = (filter: TickFilter): string[] =>
  [...feed.filter(filter).ticks()].map(({ timestampNs }) =>
    new Date(Number(timestampNs / 1_000_000n)).toISOString().slice(8, 16),
  )

describe('filters of ticks', () => {
  it('by hours of the day hold the first moment and not the last', () => {
    expect(clock({ hours: { from: '23:00', to: '24:00' } })).toEqual(
      ['08', '09', '10', '11'].flatMap((day) => [`${day}T23:00`, `${day}T23:30`]),
    )
  })

  it('by hours may pass midnight', () => {
    expect(clock({ hours: { from: '23:30', to: '00:30' } }).slice(0, 3)).toEqual([
      '08T00:00',
      '08T23:30',
      '09T00:00',
    ])
  })

  it('by hours of a zone move with its clocks', () => {
    const kept = clock({ hours: { from: '09:30', to: '10:00', timeZone: 'America/New_York' } })
    expect(kept).toEqual(['08T14:30', '09T14:30', '10T13:30', '11T13:30'])
  })

  it('by session hold what the market trades', () => {
    const kept = clock({ session: { calendar: nasdaqCalendar() } })
    expect([kept.length, kept[0], kept[12], kept[13]]).toEqual([
      26,
      '08T14:30',
      '08T20:30',
      '11T13:30',
    ])
  })

  it('by session take phases and parts by name', () => {
    const pre = { calendar: nasdaqCalendar(), phases: ['pre-open'] } as const
    expect(clock({ session: pre })[0]).toBe('08T09:00')
    const afternoon = { calendar: cffexCalendar(), parts: ['afternoon'] }
    expect(clock({ session: afternoon }).slice(0, 4)).toEqual([
      '08T05:00',
      '08T05:30',
      '08T06:00',
      '08T06:30',
    ])
  })

  it('by a condition of your own see time, price, size and side', () => {
    const seen = clock({
      where: ({ time, price, size, side }) =>
        time >= 3600e9 && price === 101 && size < 12 && side === 1,
    })
    expect(seen).toEqual(['08T02:00', '08T05:00'])
  })

  it('all count for bars', () => {
    const bars = feed
      .filter({ session: { calendar: nasdaqCalendar() } })
      .filter({ side: 1 })
      .bars({ by: 'tick' }).bars
    expect([bars.length, bars.time[0]]).toEqual([12, 15 * 3600e9])
  })

  it('refuse hours that are none', () => {
    expect(() => clock({ hours: { from: '09:30', to: '09:30' } })).toThrow(/BAD_ARGUMENT.*are none/)
    expect(() => clock({ hours: { from: '9', to: '10:00' } })).toThrow(/"9" is not a wall time/)
  })
})
