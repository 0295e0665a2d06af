import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatInstant, instantNs } from './instant.ts'
import { TimeZone, dayNumber, dayText, zoneMidnightNs } from './zone.ts'

const HOUR = 3600e9
const at = (zone: string, date: string, hours: number): string =>
  formatInstant(new TimeZone(zone).instantOf(dayNumber(date), hours * HOUR)).slice(0, 16)

describe('a time zone', () => {
  // United States: Energy Policy Act of 2005, second Sunday of March and first of November, 02:00.
  it.each([
    ['2024-03-10T06:59:59.999999999Z', -5],
    ['2024-03-10T07:00:00Z', -4],
    ['2024-11-03T05:59:59.999999999Z', -4],
    ['2024-11-03T06:00:00Z', -5],
  ])('New York at %s is %d hours from UTC', (instant, hours) => {
    expect(new TimeZone('America/New_York').offsetNs(instantNs(instant))).toBe(hours * HOUR)
  })

  // European Union: directive 2000/84/EC, last Sundays of March and October, 01:00 UTC.
  it.each([
    ['2024-03-31T00:59:59.999Z', 1],
    ['2024-03-31T01:00Z', 2],
    ['2024-10-27T00:59:59.999Z', 2],
    ['2024-10-27T01:00Z', 1],
    ['1969-12-31T23:59:59.5Z', 1],
  ])('Berlin at %s is %d hours from UTC', (instant, hours) => {
    expect(new TimeZone('Europe/Berlin').offsetNs(instantNs(instant))).toBe(hours * HOUR)
  })

  it.each([
    ['America/New_York', '2024-03-08', 9.5, '2024-03-08T14:30'],
    ['America/New_York', '2024-03-11', 9.5, '2024-03-11T13:30'],
    ['America/New_York', '2024-03-10', 1.5, '2024-03-10T06:30'],
    ['America/New_York', '2024-03-10', 3, '2024-03-10T07:00'],
    ['America/Chicago', '2024-11-03', 17, '2024-11-03T23:00'],
    ['Asia/Shanghai', '2024-11-04', 9.5, '2024-11-04T01:30'],
    ['Asia/Kolkata', '2024-11-04', 24, '2024-11-04T18:30'],
    ['Pacific/Auckland', '2024-01-01', 0, '2023-12-31T11:00'],
    ['UTC', '2024-02-29', -1, '2024-02-28T23:00'],
  ])('%s %s at %d hours is %sZ', (zone, date, hours, expected) => {
    expect(at(zone, date, hours)).toBe(expected)
  })

  it('reads a time that clocks skip as behind the change, one they show twice as the first', () => {
    expect(at('America/New_York', '2024-03-10', 2.5)).toBe('2024-03-10T07:30')
    expect(at('America/New_York', '2024-11-03', 1.5)).toBe('2024-11-03T05:30')
    expect(at('Australia/Lord_Howe', '2024-10-06', 2.25)).toBe('2024-10-05T15:45')
  })

  it('goes from a moment to the wall and back', () => {
    const zones = ['America/New_York', 'Europe/London', 'Asia/Tokyo', 'America/Sao_Paulo']
    const zoneOf = new Map(zones.map((name) => [name, new TimeZone(name)]))
    const moments = fc.bigInt({ min: 0n, max: 2n * 10n ** 18n })
    fc.assert(
      fc.property(fc.constantFrom(...zones), moments, (name, moment) => {
        const zone = zoneOf.get(name)!
        const { day, timeNs } = zone.wallTime(moment)
        const back = zone.instantOf(day, timeNs)
        // The second showing of an hour comes back as the first.
        expect([moment, moment - BigInt(HOUR)]).toContain(back)
        if (back !== moment) expect(zone.offsetNs(back)).not.toBe(zone.offsetNs(moment))
      }),
    )
  })

  it('agrees with what the machine itself writes for a moment', () => {
    const zone = new TimeZone('America/New_York')
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'America/New_York',
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    for (let hour = 0; hour < 24 * 366; hour += 5) {
      const unixMs = Date.UTC(2024, 0, 1) + hour * 3.6e6
      const { day, timeNs } = zone.wallTime(BigInt(unixMs) * 1_000_000n)
      const dial = new Date(timeNs / 1e6).toISOString().slice(11, 19)
      expect(`${dayText(day)} ${dial}`).toBe(format.format(unixMs))
    }
  })

  it('refuses what is no zone or no date', () => {
    expect(() => new TimeZone('America/Gotham')).toThrow(/BAD_ARGUMENT.*"America\/Gotham"/)
    expect(() => dayNumber('2024-3-1')).toThrow(/BAD_INSTANT.*"2024-3-1" is not a date/)
    expect(() => dayNumber('2023-02-29')).toThrow(/BAD_INSTANT/)
  })
})

describe('midnight by the clocks of a session', () => {
  const OPEN_NS = 9.5 * HOUR
  it.each([
    ['2012-06-21', 'America/New_York', '2012-06-21T04:00Z'],
    ['2012-01-20', 'America/New_York', '2012-01-20T05:00Z'],
    // Clocks changed in the night of these days: what counts is the offset at the open.
    ['2012-03-11', 'America/New_York', '2012-03-11T04:00Z'],
    ['2012-11-04', 'America/New_York', '2012-11-04T05:00Z'],
    ['2024-03-31', 'Europe/Berlin', '2024-03-30T22:00Z'],
    ['2024-08-08', 'Asia/Kolkata', '2024-08-07T18:30Z'],
    ['2024-08-08', 'UTC', '2024-08-08T00:00Z'],
  ])('is found for %s in %s', (date, zone, expected) => {
    expect(zoneMidnightNs(date, zone, OPEN_NS)).toBe(instantNs(expected))
  })
})
