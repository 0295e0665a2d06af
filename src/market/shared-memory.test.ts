import { describe, expect, it } from 'vitest'
import { allocateShared } from './shared-memory.ts'

const MEGABYTE = 2 ** 20

describe('shared memory', () => {
  it('is of zeros, as much as was asked for', () => {
    for (const bytes of [0, 8, 45 * 1000 + 8, MEGABYTE, 40 * MEGABYTE]) {
      const memory = allocateShared(bytes)
      expect(memory.byteLength).toBe(bytes)
      expect(new Uint8Array(memory).subarray(-100_000).every((byte) => byte === 0)).toBe(true)
    }
  })

  it('is given back while more is asked for, once nobody holds it', () => {
    const before = process.memoryUsage.rss()
    for (let i = 0; i < 50; i++) {
      const bytes = new Uint8Array(allocateShared(20 * MEGABYTE))
      // The system counts pages that were written to.
      for (let at = 0; at < bytes.length; at += 4096) bytes[at] = 1
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(500 * MEGABYTE)
  })
})
