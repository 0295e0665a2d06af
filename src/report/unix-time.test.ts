import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatInstant } from '../time/index.ts'
import { UnixTime } from './unix-time.ts'

test('times equal the exact arithmetic of bigints, whatever the epoch', () => {
  const epochs = fc.bigInt({ min: 1_000_000_000n, max: 4_000_000_000_000_000_000n })
  fc.assert(
    fc.property(epochs, fc.integer({ min: 0, max: 2 ** 53 - 1 }), (epoch, time) => {
      const unix = new UnixTime(epoch)
      const exact = epoch + BigInt(time)
      expect(unix.ns(time)).toBe(String(exact))
      expect(unix.iso(time)).toBe(formatInstant(exact))
    }),
  )
})

test('never is an empty text', () => {
  const unix = new UnixTime(0n)
  expect([unix.ns(Number.NaN), unix.iso(Number.NaN)]).toEqual(['', ''])
})

test('the first second of the epoch has no leading zeros', () => {
  expect(new UnixTime(0n).ns(7)).toBe('7')
})

test('times before the epoch count back', () => {
  expect(new UnixTime(1_000_000_000n).iso(-1)).toBe('1970-01-01T00:00:00.999999999Z')
})
