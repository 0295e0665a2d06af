import fc from 'fast-check'
import { readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  PERPETUAL,
  TestFolder,
  failureOf,
  loadRows,
  plainRows,
} from '../../../test/import-support.ts'
import { MIDNIGHT, makeStore, session } from '../../../test/store-fixture.ts'
import { OrderBookState, applyOrderEvents } from '../../book/index.ts'
import { Prng } from '../../core/index.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  EventWriter,
  LOCAL_ONLY_BIT,
  eventCode,
  type EventColumns,
} from '../../market/index.ts'
import { ArrayReader } from '../import/hftbacktest/array-reader.ts'
import { importCapture } from '../import/import-capture.ts'
import { exportHftbacktest, type HftbacktestExportOptions } from './export-hftbacktest.ts'

const folder = new TestFolder()
let files = 0

interface Trip {
  readonly rows: number
  readonly leftOut: number
  readonly file: string
  readonly store: string
}

/** Exports the rows of a store and imports the array. */
async function roundTrip(
  appends: Readonly<Record<string, EventColumns>>,
  options: HftbacktestExportOptions = {},
): Promise<Trip> {
  const store = makeStore(folder.newStore(), appends, PERPETUAL)
  const file = `${folder.path}/array-${++files}.npz`
  const { rows, leftOut } = exportHftbacktest(store, { symbol: 'BTCUSDT' }, file, options)
  const target = folder.newStore()
  await importCapture({
    format: 'hftbacktest',
    files: [file],
    instrument: PERPETUAL,
    store: target,
  })
  return { rows, leftOut, file, store: target }
}

interface Record64 {
  readonly kind: number
  readonly side: number
  readonly seen: string
  readonly exch: number
  readonly local: number
  readonly price: number
  readonly size: number
  readonly id: number
}

async function recordsOf(file: string): Promise<Record64[]> {
  const reader = new ArrayReader([file])
  const records: Record64[] = []
  await reader.read({
    begin: () => undefined,
    record: () => {
      const { record } = reader
      records.push({
        kind: record.kind,
        side: record.side,
        seen: (record.isExchange ? 'x' : '') + (record.isLocal ? 'l' : ''),
        exch: record.exchTime,
        local: record.localTime,
        price: record.price,
        size: record.size,
        id: record.idLow,
      })
    },
    rest: () => undefined,
  })
  return records
}

/** Rows as each side reads them. */
function views(events: EventColumns): readonly unknown[] {
  const strip = ({ code, ...row }: ReturnType<typeof plainRows>[number]) => ({
    ...row,
    code: code & ~(EXCH_ONLY_BIT | LOCAL_ONLY_BIT),
  })
  return [
    plainRows(events)
      .filter(({ code }) => (code & EXCH_ONLY_BIT) === 0)
      .map(strip),
    plainRows(events, 'exchange')
      .filter(({ code }) => (code & LOCAL_ONLY_BIT) === 0)
      .map(strip)
      .map((row) => ({ ...row, local: 0 })),
  ]
}

const anySide = fc.constantFrom<(1 | -1)[]>(1, -1)
const someTick = fc.integer({ min: 600_000, max: 600_040 })
const someLots = fc.oneof(fc.nat(5), fc.nat(2 ** 40))
const level = fc.record({ side: anySide, tick: someTick, lots: someLots })
const snapshot = fc
  .array(level, { minLength: 1, maxLength: 6 })
  .map((levels) => ({ kind: 'snapshot' as const, levels }))

/** Messages of every sort that the format has, each at a moment of its own. */
const messages = fc
  .tuple(
    snapshot,
    fc.array(
      fc.oneof(
        { weight: 6, arbitrary: level.map((one) => ({ kind: 'depth' as const, ...one })) },
        {
          weight: 3,
          arbitrary: fc.record({
            kind: fc.constant('trade' as const),
            side: fc.constantFrom<(1 | -1 | 0)[]>(1, -1, 0),
            tick: someTick,
            lots: someLots,
          }),
        },
        {
          weight: 1,
          arbitrary: fc.record({
            kind: fc.constant('clear' as const),
            side: fc.constantFrom<(1 | -1 | 0)[]>(1, -1, 0),
          }),
        },
        { weight: 1, arbitrary: snapshot },
      ),
      { maxLength: 60, size: 'max' },
    ),
  )
  .map(([first, rest]) => [first, ...rest])

interface Timing {
  readonly step: number
  readonly delay: number
  readonly seq: number
  readonly visibility: number
}

const timings = (visibilities: readonly number[], delayMax: number): fc.Arbitrary<Timing[]> =>
  fc.array(
    fc.record({
      step: fc.integer({ min: 1, max: 40 }),
      delay: fc.integer({ min: 0, max: delayMax }),
      seq: fc.oneof(fc.nat(3), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
      visibility: fc.constantFrom(...visibilities),
    }),
    { minLength: 61, maxLength: 61 },
  )

function stream(
  made: typeof messages extends fc.Arbitrary<infer T> ? T : never,
  times: readonly Timing[],
): EventColumns {
  const writer = new EventWriter(MIDNIGHT)
  let local = 1000
  for (const [i, message] of made.entries()) {
    const { step, delay, seq, visibility } = times[i]!
    local += step
    const exch = local - delay
    const push = (kind: EventKind, side: 1 | -1 | 0, tick: number, lots: number, seen = 0): void =>
      writer.push(local, exch, eventCode(kind, side, seen), tick, lots, -1, seq)
    if (message.kind === 'snapshot') {
      push(EventKind.SnapshotBegin, 0, 0, 0)
      for (const { side, tick, lots } of message.levels) {
        push(EventKind.SnapshotLevel, side, tick, lots)
      }
      push(EventKind.SnapshotEnd, 0, 0, 0)
    } else if (message.kind === 'clear') push(EventKind.DepthClear, message.side, 0, 0)
    else {
      const kind = message.kind === 'trade' ? EventKind.Trade : EventKind.DepthSet
      push(kind, message.side, message.tick, message.lots, visibility)
    }
  }
  return writer.finish()
}

describe('an array of levels', () => {
  it('gives back the rows that it was made of, one for one', async () => {
    await fc.assert(
      fc.asyncProperty(messages, timings([0], 0), async (made, times) => {
        const events = stream(made, times)
        const { store, leftOut } = await roundTrip({ l2: events })
        expect(plainRows(loadRows(store, 'BTCUSDT'))).toEqual(plainRows(events))
        expect(leftOut).toBe(0)
      }),
      { numRuns: 15, seed: 1 },
    )
  })

  it('shows each side its rows in its order where venue time goes back', async () => {
    await fc.assert(
      fc.asyncProperty(messages, timings([0], 200), async (made, times) => {
        const events = stream(
          made.filter(({ kind }, i) => i === 0 || kind !== 'snapshot'),
          times,
        )
        const { store } = await roundTrip({ l2: events })
        const [local, exchange] = views(loadRows(store, 'BTCUSDT'))
        expect([local, exchange]).toEqual(views(events))
      }),
      { numRuns: 15, seed: 2 },
    )
  })

  it('keeps rows that one side alone sees for that side', async () => {
    await fc.assert(
      fc.asyncProperty(
        messages,
        timings([0, EXCH_ONLY_BIT, LOCAL_ONLY_BIT], 0),
        async (made, times) => {
          const events = stream(made, times)
          const { store } = await roundTrip({ l2: events })
          expect(plainRows(loadRows(store, 'BTCUSDT'))).toEqual(plainRows(events))
        },
      ),
      { numRuns: 15, seed: 3 },
    )
  })

  it('leaves out what the format has no record for, and counts it', async () => {
    const writer = new EventWriter(MIDNIGHT)
    writer.push(1, 1, eventCode(EventKind.Gap, 0), 0, 0)
    writer.push(2, 2, eventCode(EventKind.Trade, 1), 600_000, 7)
    writer.push(3, 3, eventCode(EventKind.Funding, 0), 600_000, -100)
    writer.push(4, 4, eventCode(EventKind.Status, 0), 0, 1)
    expect(await roundTrip({ l2: writer.finish() })).toMatchObject({ rows: 1, leftOut: 3 })
    const nothing = new EventWriter(MIDNIGHT)
    nothing.push(1, 1, eventCode(EventKind.Gap, 0), 0, 0)
    const error = await failureOf(roundTrip({ l2: nothing.finish() }))
    expect(error.message).toMatch(
      /^UNSUPPORTED: hftbacktest has no records for the rows of kind l2/,
    )
  })

  it('holds the ticker where it is asked for, for the local side alone', async () => {
    const book = new EventWriter(MIDNIGHT)
    for (const time of [10, 20]) book.push(time, time, eventCode(EventKind.Trade, 1), 600_000, 1)
    const ticker = new EventWriter(MIDNIGHT)
    for (const time of [5, 10, 30])
      ticker.push(time, 99, eventCode(EventKind.Bbo, -1), 600_001, time)
    const appends = { l2: book.finish(), bbo: ticker.finish() }
    expect((await roundTrip(appends)).rows).toBe(2)
    const { rows, file, store } = await roundTrip(appends, { withBbo: true })
    expect(rows).toBe(5)
    const records = await recordsOf(file)
    expect(records.map(({ kind, seen, local }) => `${kind}${seen} ${local}`)).toEqual([
      '5l 5',
      '2xl 10',
      '5l 10',
      '2xl 20',
      '5l 30',
    ])
    expect(plainRows(loadRows(store, 'BTCUSDT', 'bbo'))).toEqual(plainRows(appends.bbo))
  })

  it('is written alike each time, and may be of many batches', async () => {
    const rows = session(70_000, 3)
    const store = makeStore(folder.newStore(), { l2: rows }, PERPETUAL)
    const [a, b] = [`${folder.path}/a.npz`, `${folder.path}/b.npz`]
    const result = exportHftbacktest(store, { symbol: 'BTCUSDT' }, a)
    expect(result).toMatchObject({ files: [a], bytes: statSync(a).size })
    expect(result.rows).toBeGreaterThan(70_000)
    exportHftbacktest(store, { symbol: 'BTCUSDT' }, b)
    expect(readFileSync(a).equals(readFileSync(b))).toBe(true)
    expect(await recordsOf(a)).toHaveLength(result.rows)
  })

  it('stops at a disk that refuses, and leaves nothing', async () => {
    const store = makeStore(folder.newStore(), { l2: session(10, 3) }, PERPETUAL)
    const target = `${folder.path}/absent/x.npz`
    const error = await failureOf(
      new Promise(() => exportHftbacktest(store, { symbol: 'BTCUSDT' }, target)),
    )
    expect(error.message).toMatch(/^WRITE_FAILED: cannot create /)
  })
})

/** A session of a book of orders: additions, parts and wholes taken, changes, fills told apart. */
function orderSession(messagesCount: number, seed: number): EventColumns {
  const prng = new Prng(seed)
  const writer = new EventWriter(MIDNIGHT)
  const live = new Map<number, { side: 1 | -1; tick: number; lots: number }>()
  const free: number[] = []
  let time = 1000
  const push = (kind: EventKind, ref: number, side: 1 | -1 | 0, tick: number, lots: number): void =>
    writer.push(time + 500, time, eventCode(kind, side), tick, lots, ref, writer.length)
  push(EventKind.SnapshotBegin, -1, 0, 0, 0)
  push(EventKind.SnapshotEnd, -1, 0, 0, 0)
  for (let i = 0; i < messagesCount; i++) {
    time += 1 + prng.nextInt(100)
    const refs = [...live.keys()]
    const ref = refs[prng.nextInt(refs.length + 1)]
    const order = ref === undefined ? undefined : live.get(ref)
    const turn = prng.nextInt(20)
    if (ref === undefined || order === undefined || turn < 8) {
      const added = free.pop() ?? live.size + free.length
      const side = prng.nextInt(2) === 0 ? 1 : -1
      const tick = 600_000 - side * (1 + prng.nextInt(6))
      const lots = 1 + prng.nextInt(9)
      live.set(added, { side, tick, lots })
      push(EventKind.OrderAdd, added, side, tick, lots)
    } else if (turn < 16) {
      const lots = turn < 12 ? order.lots : 1 + prng.nextInt(order.lots)
      const kind = turn % 2 === 0 ? EventKind.OrderCancel : EventKind.OrderExecute
      push(kind, ref, order.side, order.tick, lots)
      order.lots -= lots
      if (order.lots > 0) continue
      live.delete(ref)
      free.push(ref)
    } else if (turn < 18) {
      order.tick = 600_000 - order.side * (1 + prng.nextInt(6))
      order.lots = 1 + prng.nextInt(9)
      push(EventKind.OrderModify, ref, order.side, order.tick, order.lots)
    } else if (turn === 18) push(EventKind.OrderFill, ref, order.side, order.tick, 1)
    else push(EventKind.Trade, -1, order.side === 1 ? -1 : 1, order.tick, 1)
  }
  return writer.finish()
}

/** What stands in each queue, best price first. */
function queuesOf(events: EventColumns): readonly string[] {
  const state = new OrderBookState()
  applyOrderEvents(state, events, 0, events.length)
  expect(state.faults).toMatchObject({ unknownCancels: 0, unknownModifies: 0, duplicateAdds: 0 })
  const lines: string[] = []
  for (const side of [0, 1] as const) {
    for (let tick = 599_990; tick <= 600_010; tick++) {
      const lots: number[] = []
      const { queues } = state
      for (let ref = queues.firstAt(side, tick); ref >= 0; ref = queues.nextOf(ref)) {
        lots.push(queues.lotsOf(ref))
      }
      if (lots.length > 0) lines.push(`${side} ${tick}: ${lots.join(' ')}`)
    }
  }
  return lines
}

describe('an array of orders', () => {
  it('builds the same queues when it is imported again', async () => {
    for (const seed of [1, 2, 3, 4]) {
      const events = orderSession(600, seed)
      const { store } = await roundTrip({ l3: events })
      const rows = loadRows(store, 'BTCUSDT', 'l3')
      expect(queuesOf(rows)).toEqual(queuesOf(events))
      const trades = (columns: EventColumns): unknown =>
        plainRows(columns).filter(({ code }) => (code & 15) === EventKind.Trade)
      expect(trades(rows)).toEqual(trades(events))
    }
  })

  it('deletes and changes whole orders, as hftbacktest reads them', async () => {
    const writer = new EventWriter(MIDNIGHT)
    const rows: readonly [EventKind, number, number, number][] = [
      [EventKind.OrderAdd, 7, 600_000, 5],
      [EventKind.OrderCancel, 7, 600_000, 2],
      [EventKind.OrderExecute, 7, 600_000, 1],
      [EventKind.OrderFill, 7, 600_000, 1],
      [EventKind.OrderModify, 7, 599_999, 4],
      [EventKind.OrderExecute, 7, 599_998, 4],
      [EventKind.OrderCancel, 7, 600_000, 1],
      [EventKind.OrderAdd, 7, 600_000, 3],
      [EventKind.OrderModify, 7, 600_000, 0],
    ]
    for (const [i, [kind, ref, tick, lots]] of rows.entries()) {
      writer.push(i, i, eventCode(kind, 1), tick, lots, ref)
    }
    const { file, leftOut } = await roundTrip({ l3: writer.finish() })
    const told = (await recordsOf(file)).map(
      ({ kind, id, price, size }) => `${kind} #${id} ${price} x ${size}`,
    )
    expect(told).toEqual([
      '10 #7 60000 x 0.005',
      '12 #7 60000 x 0.003',
      '13 #7 60000 x 0.001',
      '12 #7 60000 x 0.002',
      '13 #7 60000 x 0.001',
      '12 #7 59999.9 x 0.004',
      '13 #7 59999.8 x 0.004',
      '11 #7 59999.9 x 0.004',
      '10 #7 60000 x 0.003',
      '11 #7 60000 x 0.003',
    ])
    // The cancellation of an order that was gone.
    expect(leftOut).toBe(1)
  })

  it('has no levels in it', async () => {
    const writer = new EventWriter(MIDNIGHT)
    writer.push(1, 1, eventCode(EventKind.OrderAdd, 1), 600_000, 5, 0)
    writer.push(2, 2, eventCode(EventKind.DepthSet, 1), 600_000, 5)
    const error = await failureOf(roundTrip({ l3: writer.finish() }))
    expect(error.message).toMatch(
      /^UNSUPPORTED: .*row 2 field ev: event kind 1 does not belong into an array of orders/,
    )
  })
})
