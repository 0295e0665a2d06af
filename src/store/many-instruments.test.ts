/** Imports of many instruments at once: what they hold in memory and open on disk. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  MIDNIGHT,
  instrument,
  sameEvents,
  session,
  temporaryFolder,
} from '../../test/store-fixture.ts'
import { EVENT_ROW_BYTES, Instrument, sliceEvents } from '../market/index.ts'
import { eventsDigest } from './events-digest.ts'
import { RowMemory } from './row-memory.ts'
import { openStore } from './store.ts'
import { StoreImport } from './store-transaction.ts'
import { TapeReader } from './tape-reader.ts'
import { TapeWriter } from './tape-writer.ts'

const path = temporaryFolder()

const identity = { instrument, day: '2024-08-08', kind: 'l2', epochNs: MIDNIGHT, follows: false }

function named(symbol: string): Instrument {
  return new Instrument({ ...instrument.spec, symbol })
}

describe('an import of many instruments', () => {
  it('writes what one import of each would write, however little it may hold in memory', () => {
    const symbols = ['A', 'B', 'C', 'D']
    const sessions = symbols.map((_, i) => session(20_000 + 60_000 * (i % 2), i + 1))
    const write = (dir: string, heldRowsMax?: number): void => {
      const target = new StoreImport(dir, { heldRowsMax })
      const sinks = symbols.map((symbol) => target.open(named(symbol)))
      for (let from = 0; from < 80_000; from += 1500) {
        for (const [i, rows] of sessions.entries()) {
          const to = Math.min(rows.length, from + 1500)
          if (from < to) sinks[i]!.append('l2', sliceEvents(rows, from, to))
        }
      }
      target.commit()
    }
    const [large, small] = [path(), path()]
    write(large)
    write(small, 6000)
    const [a, b] = [openStore(large), openStore(small)]
    for (const [i, symbol] of symbols.entries()) {
      const info = b.partitions().find((found) => found.symbol === symbol)!
      const twin = a.partitions().find((found) => found.symbol === symbol)!
      const events = b.load(info)
      expect(sameEvents(events, sessions[i]!)).toBe(true)
      expect(eventsDigest(events)).toBe(info.digest)
      expect(info).toEqual({ ...twin, path: info.path })
    }
  })

  it('opens no file for longer than a write', () => {
    const before = openFiles()
    const target = new StoreImport(path(), { heldRowsMax: 100_000 })
    const rows = session(40, 5)
    for (let i = 0; i < 60; i++) {
      target.open(named(`S${i}`)).append('l2', rows)
      target.open(named(`T${i}`)).append('bbo', rows)
    }
    expect(openFiles()).toBeLessThanOrEqual(before)
    expect(target.commit()).toHaveLength(120)
  })

  it('keeps the room of all partitions within its limit between appends', () => {
    const memory = new RowMemory(5000)
    const writers = Array.from(
      { length: 50 },
      (_, i) => new TapeWriter(join(path('x'), '..', `w${i}`), identity, memory),
    )
    const rows = session(1500, 7)
    for (let from = 0; from < rows.length; from += 100) {
      for (const writer of writers) {
        writer.append(rows, from, from + 100, 0)
        memory.relieve()
        expect(memory.room).toBeLessThanOrEqual(5000 + 50 * 64)
        expect(memory.room).toBe(writers.reduce((sum, { room }) => sum + room, 0))
      }
    }
    for (const writer of writers) {
      const { bytes } = writer.finish()
      const reader = new TapeReader(writer.path)
      expect(reader.bytes).toBe(bytes)
      expect(bytes).toBeLessThan(rows.length * EVENT_ROW_BYTES)
      reader.close()
    }
    expect(memory.room).toBe(0)
  })
})

/** Files that this process has open; none are told apart where the system does not list them. */
function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0
  }
}
