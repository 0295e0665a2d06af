/** Stores in temporary folders and random event columns, for tests. */
import fc from 'fast-check'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { Prng } from '../src/core/index.ts'
import {
  EventKind,
  EventWriter,
  Instrument,
  eventCode,
  sliceEvents,
  type EventColumns,
} from '../src/market/index.ts'
import { openStore, type Store } from '../src/store/store.ts'
import { beginImport } from '../src/store/store-transaction.ts'
import { COLUMN_NAMES } from '../src/store/tape-format.ts'

/** A linear instrument with decimal grids. */
export const instrument = new Instrument({
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  kind: 'linear-perpetual',
  base: 'BTC',
  quote: 'USDT',
  tickSize: '0.1',
  lotSize: '0.001',
})

/** UTC midnight of 2024-08-08. */
export const MIDNIGHT = 1_723_075_200_000_000_000n

/** Nanoseconds of a day. */
export const DAY = 86_400_000_000_000

/** Returns a folder that is removed after the tests of the file, and a fresh path in it each call. */
export function temporaryFolder(): (name?: string) => string {
  const root = mkdtempSync(join(tmpdir(), 'lobtrader-test-'))
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  let count = 0
  return (name = 'store') => join(root, `${name}-${count++}`)
}

/** Makes a store at `dir` with the rows of each kind. */
export function makeStore(
  dir: string,
  appends: Readonly<Record<string, EventColumns>>,
  of = instrument,
): Store {
  const transaction = beginImport(dir, { instrument: of })
  for (const [kind, rows] of Object.entries(appends)) transaction.append(kind, rows)
  transaction.commit()
  return openStore(dir)
}

/** Every path below a folder, hidden ones too, sorted. */
export function tree(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()
}

/** A seeded session of depth updates and trades that looks like a venue's: many rows a message. */
export function session(rows: number, seed: number, startTime = 0): EventColumns {
  const prng = new Prng(seed)
  const writer = new EventWriter(MIDNIGHT, rows)
  let time = startTime
  let mid = 600_000
  let seq = 1
  while (writer.length < rows) {
    time += 1 + prng.nextInt(20_000_000)
    mid += prng.nextInt(5) - 2
    const exch = time - 500_000 - prng.nextInt(30_000_000)
    seq += 1 + prng.nextInt(40)
    const levels = Math.min(rows - writer.length, 1 + prng.nextInt(12))
    for (let i = 0; i < levels; i++) {
      const side = i % 2 === 0 ? 1 : -1
      const kind = prng.nextInt(8) === 0 ? EventKind.Trade : EventKind.DepthSet
      const lots = prng.nextInt(4) === 0 ? 0 : prng.nextInt(5000)
      writer.push(time, exch, eventCode(kind, side), mid - side * i, lots, -1, seq)
    }
  }
  return writer.finish()
}

/** The rows of `events` as plain arrays with Unix times, to compare what passed through a store. */
export function plainRows(events: EventColumns): readonly (readonly (number | bigint)[])[] {
  const rows: (number | bigint)[][] = []
  for (let i = 0; i < events.length; i++) {
    rows.push([
      events.epochNs + BigInt(events.localTime[i]!),
      events.epochNs + BigInt(events.exchTime[i]!),
      events.code[i]!,
      events.tick[i]!,
      events.lots[i]!,
      events.orderRef[i]!,
      events.seq[i]!,
    ])
  }
  return rows
}

/** True when two columns hold the same bits in every row and share their epoch. */
export function sameEvents(a: EventColumns, b: EventColumns): boolean {
  return (
    a.length === b.length &&
    a.epochNs === b.epochNs &&
    COLUMN_NAMES.every((name) => bytesOf(a, name).equals(bytesOf(b, name)))
  )
}

function bytesOf(events: EventColumns, name: (typeof COLUMN_NAMES)[number]): Buffer {
  const column = sliceEvents(events, 0, events.length)[name]
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength)
}

const safe = { min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }

/** Integers that are often equal to the one before, small, or as large as they may be. */
function integers(min: number, max: number): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...[0, 1, 7].filter((value) => value >= min)) },
    { weight: 3, arbitrary: fc.integer({ min: Math.max(min, -300), max: Math.min(max, 300) }) },
    { weight: 2, arbitrary: fc.integer({ min, max }) },
    { weight: 2, arbitrary: fc.constantFrom(min, max) },
  )
}

/** Random columns of every kind of event on {@link MIDNIGHT}, local time in order within a day. */
export const anyEvents: fc.Arbitrary<EventColumns> = fc
  .array(
    fc.record({
      step: fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: 3, arbitrary: fc.integer({ min: 0, max: 1000 }) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: DAY / 500 }) },
      ),
      exch: fc.oneof(
        { weight: 3, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: integers(-(2 ** 53) + DAY, 2 ** 53 - DAY) },
      ),
      kind: fc.constantFrom(...Object.values(EventKind)),
      side: fc.constantFrom<(1 | -1 | 0)[]>(1, -1, 0),
      visibility: fc.constantFrom(0, 0x40, 0x80),
      tick: integers(-(2 ** 31), 2 ** 31 - 1),
      lots: integers(0, safe.max),
      orderRef: integers(-1, 2 ** 31 - 1),
      seq: integers(safe.min, safe.max),
    }),
    { minLength: 1, maxLength: 200, size: 'max' },
  )
  .map((rows) => {
    const writer = new EventWriter(MIDNIGHT, rows.length)
    let time = 0
    for (const { step, exch, kind, side, visibility, tick, lots, orderRef, seq } of rows) {
      time += step
      const size = kind === EventKind.Funding ? -lots : lots
      const code = eventCode(kind, side, visibility)
      writer.push(time, exch ?? time - 5_000_000, code, tick, size + 0, orderRef, seq)
    }
    return writer.finish()
  })
