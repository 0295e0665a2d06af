import { describe, expect, it } from 'vitest'
import { instantNs } from '../../../time/index.ts'
import { zoneMidnightNs } from './zone.ts'

describe('zoneMidnightNs', () => {
  const OPEN_NS = 9.5 * 3600e9
  it.each([
    ['2012-06-21', 'America/New_York', '2012-06-21T04:00Z'],
    ['2012-01-20', 'America/New_York', '2012-01-20T05:00Z'],
    // Clocks changed in the night of these days: what counts is the offset at the open.
    ['2012-03-11', 'America/New_York', '2012-03-11T04:00Z'],
    ['2012-11-04', 'America/New_York', '2012-11-04T05:00Z'],
    ['2024-03-31', 'Europe/Berlin', '2024-03-30T22:00Z'],
    ['2024-08-08', 'Asia/Kolkata', '2024-08-07T18:30Z'],
    ['2024-08-08', 'UTC', '2024-08-08T00:00Z'],
  ])('finds midnight of %s in %s by the clocks of the session', (date, zone, expected) => {
    expect(zoneMidnightNs(date, zone, OPEN_NS)).toBe(instantNs(expected))
  })
})
