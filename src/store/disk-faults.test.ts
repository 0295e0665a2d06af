/** Every write, flush, rename and mkdir of an import fails once. */
import { mkdirSync } from 'node:fs'
import type * as FileSystem from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { instrument, session, temporaryFolder, tree } from '../../test/store-fixture.ts'
import { bookCheckpoints } from '../feed/checkpoint/book-checkpoints.ts'
import { sliceEvents, type EventColumns } from '../market/index.ts'
import { eventsDigest } from './events-digest.ts'
import { exportCsv } from './export-csv.ts'
import { exportParquet } from './export-parquet.ts'
import { openStore } from './store.ts'
import { StoreTransaction, beginImport } from './store-transaction.ts'
import { TapeReader } from './tape-reader.ts'

/** The call to fail, counting from 0, and what it fails with. */
const fault = vi.hoisted(() => ({ at: -1, calls: 0, code: 'ENOSPC' }))

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof FileSystem>()
  const failing =
    <A extends unknown[], R>(
      run: (...args: A) => R,
      counts: (...args: A) => boolean = () => true,
    ) =>
    (...args: A): R => {
      if (counts(...args) && fault.calls++ === fault.at) {
        throw Object.assign(new Error(`${fault.code}: injected`), { code: fault.code })
      }
      return run(...args)
    }
  return {
    ...fs,
    writeSync: failing(fs.writeSync as (...args: unknown[]) => number),
    fsyncSync: failing(fs.fsyncSync),
    renameSync: failing(fs.renameSync),
    mkdirSync: failing(fs.mkdirSync as (...args: unknown[]) => string | undefined),
    openSync: failing(
      fs.openSync,
      (_path, flags) => String(flags).startsWith('wx') || flags === 'r+',
    ),
    ftruncateSync: failing(fs.ftruncateSync),
  }
})

const path = temporaryFolder()

afterEach(() => {
  fault.at = -1
})

const before = session(300, 1)
const after = session(70_000, 2)
const late = session(40, 3, 86_400_000_000_000 - 50_000_000)

function importInto(dir: string): void {
  const transaction = new StoreTransaction(dir, {
    instrument,
    // So few rows in memory that some must wait in the file.
    heldRowsMax: 40_000,
    // A checkpoint before every block, so that there is a seek section.
    checkpoints: bookCheckpoints(1),
  })
  try {
    for (let from = 0; from < after.length; from += 25_000) {
      transaction.append('l2', sliceEvents(after, from, Math.min(after.length, from + 25_000)))
    }
    transaction.append('bbo', late)
    transaction.commit()
  } catch (error) {
    transaction.abort()
    throw error
  }
}

/** Fails the first, second, ... call of `run` until one run needs fewer calls. */
function forEveryCall(
  run: (attempt: number) => void,
  check: (attempt: number, error: unknown) => void,
): number {
  for (let attempt = 0; ; attempt++) {
    fault.at = attempt
    fault.calls = 0
    let failed: unknown
    try {
      run(attempt)
    } catch (error) {
      failed = error
    }
    fault.at = -1
    if (failed === undefined) return attempt
    check(attempt, failed)
  }
}

describe('a disk that fails at any one call', () => {
  it.each(['ENOSPC', 'EIO'])('lets a first import leave nothing behind (%s)', (code) => {
    fault.code = code
    const root = path('root')
    mkdirSync(root)
    const attempts = forEveryCall(
      (attempt) => importInto(join(root, `${attempt}`, 'store')),
      (attempt, error) => {
        expect(error).toMatchObject({ code: 'WRITE_FAILED', context: { reason: code } })
        expect(tree(root).filter((name) => name.startsWith(`${attempt}`))).toEqual([])
      },
    )
    expect(attempts).toBeGreaterThan(15)
  })

  it('leaves each partition of a store either as it was or as it should be', () => {
    fault.code = 'ENOSPC'
    const dir = path()
    const attempts = forEveryCall(
      () => {
        const at = fault.at
        fault.at = -1
        const first = beginImport(dir, { instrument })
        first.append('l2', before)
        first.commit()
        fault.at = at
        fault.calls = 0
        importInto(dir)
      },
      (_, error) => {
        expect(error).toMatchObject({ code: 'WRITE_FAILED' })
        const store = openStore(dir)
        for (const info of store.partitions()) {
          const events = store.load(info)
          expect(eventsDigest(events)).toBe(info.digest)
          if (info.kind === 'l2') expect([before.length, after.length]).toContain(info.events)
        }
        expect(tree(dir).filter((name) => name.includes('.import-'))).toEqual([])
      },
    )
    expect(attempts).toBeGreaterThan(15)
    const reader = new TapeReader(openStore(dir).partitions()[0]!.path)
    expect(reader.index.seek.map((block) => block.before)).toEqual([1])
    reader.close()
    expect(
      openStore(dir)
        .partitions()
        .map(({ day, kind, events }) => [day, kind, events]),
    ).toEqual([
      ['2024-08-08', 'l2', after.length],
      ['2024-08-08', 'bbo', expect.any(Number)],
      ['2024-08-09', 'bbo', expect.any(Number)],
    ])
  })

  it('loses nothing of a day that an import goes on with', () => {
    fault.code = 'ENOSPC'
    const dir = path()
    const write = (rows: EventColumns, append: boolean): void => {
      const transaction = beginImport(dir, { instrument, append })
      try {
        transaction.append('l2', rows)
        transaction.commit()
      } catch (error) {
        transaction.abort()
        throw error
      }
    }
    const later = session(66_000, 4, 3_600_000_000_000)
    write(before, false)
    const attempts = forEveryCall(
      () => write(later, true),
      (_, error) => {
        expect(error).toMatchObject({
          code: 'WRITE_FAILED',
          message: expect.stringContaining('the disk is full'),
        })
        const store = openStore(dir)
        const [info] = store.partitions()
        expect(eventsDigest(store.load(info!))).toBe(info!.digest)
        // The new file may be in place when making that durable fails.
        expect([before.length, before.length + later.length]).toContain(info!.events)
        if (info!.events !== before.length) {
          write(before, false)
        }
      },
    )
    expect(attempts).toBeGreaterThan(5)
    expect(openStore(dir).partitions()[0]!.events).toBe(before.length + later.length)
  })

  it.each([
    ['csv', exportCsv],
    ['parquet', exportParquet],
  ])('leaves no half of a %s export', (ending, write) => {
    fault.code = 'ENOSPC'
    const dir = path()
    importInto(dir)
    const store = openStore(dir)
    const out = path('out')
    mkdirSync(out)
    const file = join(out, `events.${ending}`)
    const attempts = forEveryCall(
      () => write(store, { symbol: 'BTCUSDT', kind: 'bbo' }, file),
      (_, error) => {
        expect(error).toMatchObject({
          code: 'WRITE_FAILED',
          message: expect.stringContaining('the disk is full'),
        })
        expect(tree(out).filter((name) => name.startsWith('.'))).toEqual([])
      },
    )
    expect(attempts).toBeGreaterThan(3)
    expect(tree(out)).toEqual([`events.${ending}`])
  })
})
