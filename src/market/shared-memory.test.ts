import { describe, expect, it } from 'vitest'
import { allocateShared } from './shared-memory.ts'

const MEGABYTE = 2 ** 20

/** Asks for 20 MB as often as is said and writes to them, as the system counts pages then. */
function growthWhile(times: number, use: (bytes: Uint8Array) => void): number {
  const before = process.memoryUsage.rss()
  for (let i = 0; i < times; i++) {
    const bytes = new Uint8Array(allocateShared(20 * MEGABYTE))
    for (let at = 0; at < bytes.length; at += 4096) bytes[at] = 1
    use(bytes)
  }
  return process.memoryUsage.rss() - before
}

describe('shared memory', () => {
  it('is of zeros, as much as was asked for', () => {
    for (const bytes of [0, 8, 45 * 1000 + 8, MEGABYTE, 40 * MEGABYTE, 300 * MEGABYTE]) {
      const memory = allocateShared(bytes)
      expect(memory.byteLength).toBe(bytes)
      expect(new Uint8Array(memory).subarray(-100_000).every((byte) => byte === 0)).toBe(true)
    }
  })

  it('is given back while more is asked for, once nobody holds it', () => {
    expect(growthWhile(50, () => undefined)).toBeLessThan(500 * MEGABYTE)
  })

  it('is given back though it was held for long, as a day is while a strategy trades it', () => {
    let held = 0
    const trade = (bytes: Uint8Array): void => {
      const orders: number[][] = []
      for (let i = 0; i < 300_000; i++) orders[i % 100] = [i, bytes.length]
      held += orders.length
    }
    expect(growthWhile(60, trade)).toBeLessThan(700 * MEGABYTE)
    expect(held).toBe(6000)
  })
})
