import fc from 'fast-check'
import { gzipSync } from 'node:zlib'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PERPETUAL, TestFolder, exists, failureOf } from '../../../../test/import-support.ts'
import {
  EventKind,
  EventWriter,
  eventCode,
  type EventColumns,
  type Instrument,
  type Side,
} from '../../../market/index.ts'
import { beginImport, exportCsv, openStore } from '../../../store/index.ts'
import { DAY_NS, instantNs } from '../../../time/index.ts'
import { importCapture } from '../import-capture.ts'

const folder = new TestFolder()
const EPOCH = instantNs('2024-08-08')
const HEADER = 'local_time_ns,exch_time_ns,kind,side,price,size,tick,lots,order_ref,seq,visibility'

type Parts = Readonly<Record<string, EventColumns>>

function storeOf(parts: Parts, instrument: Instrument = PERPETUAL): string {
  const store = folder.newStore()
  const transaction = beginImport(store, { instrument })
  for (const [kind, rows] of Object.entries(parts)) transaction.append(kind, rows)
  transaction.commit()
  return store
}

/** Every partition of a store as plain values. */
function contents(store: string): unknown[] {
  const opened = openStore(store)
  return opened.partitions().map((info) => {
    const { events } = [...opened.read({ ...info })].find(
      ({ info: { kind } }) => kind === info.kind,
    )!
    return {
      name: `${info.day} ${info.kind}`,
      epochNs: events.epochNs,
      rows: Array.from({ length: events.length }, (_, i) => [
        events.localTime[i],
        events.exchTime[i],
        events.code[i],
        events.tick[i],
        events.lots[i],
        events.orderRef[i],
        events.seq[i],
        events.exchOrder?.[i],
      ]),
    }
  })
}

function exported(store: string, name = 'BTCUSDT.csv'): string {
  const path = folder.write(name, '')
  exportCsv(openStore(store), { symbol: 'BTCUSDT' }, path)
  return path
}

const isOrders = (kind: EventKind): boolean =>
  (kind >= EventKind.OrderAdd && kind <= EventKind.OrderExecute) || kind === EventKind.OrderFill
const isLevels = (kind: EventKind): boolean =>
  kind === EventKind.DepthSet || kind === EventKind.SnapshotLevel
const KINDS = Object.values(EventKind).filter((kind) => kind !== EventKind.Bbo)
const L2_KINDS = KINDS.filter((kind) => !isOrders(kind))
const L3_KINDS = KINDS.filter((kind) => !isLevels(kind))

const rowsOf = (kinds: readonly EventKind[], least: EventKind): fc.Arbitrary<EventColumns> =>
  fc
    .array(
      fc.record({
        wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5e13 })),
        lag: fc.integer({ min: -1e9, max: 1e12 }),
        kind: fc.constantFrom(...kinds),
        side: fc.constantFrom<Side | 0>(1, -1, 0),
        visibility: fc.constantFrom(0, 0, 0x40, 0x80),
        tick: fc.integer({ min: -2e9, max: 2e9 }),
        lots: fc.oneof(fc.integer({ min: 0, max: 1e6 }), fc.maxSafeNat()),
        ref: fc.integer({ min: -1, max: 1000 }),
        seq: fc.maxSafeInteger(),
      }),
      { minLength: 1, maxLength: 30, size: 'max' },
    )
    .map((rows) => {
      const writer = new EventWriter(EPOCH)
      let time = 3_600e9
      for (const [i, row] of rows.entries()) {
        time += row.wait
        const kind = i === 0 ? least : row.kind
        const lots = kind === EventKind.Funding ? -row.lots : row.lots
        const code = eventCode(kind, row.side, row.visibility)
        writer.push(time, time - row.lag, code, row.tick, lots + 0, row.ref, row.seq)
      }
      return writer.finish()
    })

describe('our own CSV export', () => {
  it('comes back row by row as it was, in the partitions that it came from', async () => {
    const l2 = rowsOf(L2_KINDS, EventKind.DepthSet)
    const bbo = rowsOf([EventKind.Bbo], EventKind.Bbo)
    const l3 = rowsOf(L3_KINDS, EventKind.OrderAdd)
    const parts: fc.Arbitrary<Parts> = fc.oneof(
      fc.record({ l2 }),
      fc.record({ l2, bbo }),
      fc.record({ bbo }),
      fc.record({ l3 }),
      fc.record({ l3: l3.filter(isOneDay), bbo: bbo.filter(isOneDay) }),
      // A partition in which a ticker stands among the levels.
      fc.record({ l2: rowsOf([...L2_KINDS, EventKind.Bbo], EventKind.Bbo) }).filter(isMixed),
    )
    await fc.assert(
      fc.asyncProperty(parts, async (written) => {
        const store = storeOf(written)
        const again = folder.newStore()
        const options = { format: 'csv', files: [exported(store)], store: again }
        const result = await importCapture({ ...options, instrument: PERPETUAL })
        expect(contents(again)).toEqual(contents(store))
        const rows = Object.values(written).reduce((sum, { length }) => sum + length, 0)
        expect([result.messages, result.events]).toEqual([rows, rows])
      }),
      { numRuns: 40, seed: 8 },
    )
  }, 60_000)

  it('tells its grids by its columns where no instrument is given', async () => {
    const writer = new EventWriter(EPOCH)
    writer.push(10, 5, eventCode(EventKind.SnapshotBegin, 0), 0, 0, -1, 7)
    writer.push(10, 5, eventCode(EventKind.SnapshotLevel, 1), 600_001, 1500, -1, 7)
    writer.push(10, 5, eventCode(EventKind.SnapshotLevel, -1), 600_002, 250, -1, 7)
    writer.push(10, 5, eventCode(EventKind.SnapshotEnd, 0), 0, 0, -1, 7)
    writer.push(20, 15, eventCode(EventKind.DepthSet, 1), 600_003, 40, -1, 8)
    writer.push(30, 25, eventCode(EventKind.Trade, 1), 600_002, 250, -1, 9)
    const store = storeOf({ l2: writer.finish() })
    const again = folder.newStore()
    const packed = folder.write('BTCUSDT.csv.gz', gzipSync(readFileSync(exported(store))))
    const result = await importCapture({ format: 'csv', files: [packed], store: again })
    expect(result).toMatchObject({
      venue: 'csv',
      symbol: 'BTCUSDT',
      crossed: 1,
      final: { bestBid: [60_000.3, 0.04], bestAsk: [60_000.2, 0.25], bidLevels: 2 },
      trades: { count: 1, volume: 0.25, buyVolume: 0.25, vwap: 60_000.2 },
      fromNs: EPOCH + 10n,
      toNs: EPOCH + 30n,
      warnings: [
        expect.stringMatching(
          /^BTCUSDT: tick size 0\.10 and lot size 0\.001 follow .* spot is assumed/,
        ),
        'the book is crossed at 1 moments',
      ],
    })
    expect(contents(again)).toEqual(contents(store))
    const [part] = openStore(again).read({ symbol: 'BTCUSDT' })
    expect(part!.instrument.spec).toMatchObject({ base: 'BTC', quote: 'USDT', tickSize: '0.10' })
  })

  const good = `${EPOCH},${EPOCH},trade,1,100.0,0.5,1000,500,-1,1,both`
  const refused = async (text: string): Promise<string> => {
    const store = folder.newStore()
    const files = [folder.write('bad.csv', text)]
    const { message } = await failureOf(importCapture({ format: 'csv', files, store }))
    expect(exists(store)).toBe(false)
    return message
  }
  const changed = (from: string, to: string): string =>
    `${HEADER}\n${good}\n${good.replace(from, to)}\n`

  it.each([
    ['another kind', changed('trade', 'swap'), /bad\.csv line 3 .*expected a kind of event/],
    [
      'another side',
      changed(',1,100', ',2,100'),
      /BAD_FIELD: .*line 3 field side: expected 1, -1 or 0/,
    ],
    [
      'another word',
      changed('both', 'none'),
      /BAD_FIELD: .*visibility: expected both, exchange or local, was "none"/,
    ],
    [
      'a price off its tick',
      changed('100.0', '100.1'),
      /OFF_GRID: .*line 3 field price: 100\.1 is not 1000 steps of 0\.1/,
    ],
    [
      'a size off its lots',
      changed('0.5', '0.7'),
      /OFF_GRID: .*field size: 0\.7 is not 500 steps of 0\.001/,
    ],
    [
      'a broken tick',
      changed(',1000,', ',10x0,'),
      /BAD_DECIMAL: .*field tick: expected a decimal number, was "10x0"/,
    ],
    [
      'a negative size',
      changed(',500,', ',-500,'),
      /BAD_FIELD: .*field lots: expected a whole number in its range, was "-500"/,
    ],
    ['a tick that no book can hold', changed(',1000,', ',2147483648,'), /BAD_FIELD: .*field tick/],
    [
      'a time that is none',
      changed(String(EPOCH), '2024-08-08'),
      /BAD_INSTANT: .*field local_time_ns: expected Unix nanoseconds/,
    ],
    [
      'a cut last line',
      `${HEADER}\n${good}\n${good.slice(0, 70)}`,
      /TRUNCATED_FILE: .*line 3: the last line is cut off; line 2 is the last good one/,
    ],
    [
      'a day that comes twice',
      `${HEADER}\n${good.replace(String(EPOCH), String(EPOCH + 9n))}\n${good}\n`,
      /TIME_BACKWARDS: .*bad\.csv line 3 .*fill l2 of 2024-08-08 a second time/,
    ],
    ['nothing', `${HEADER}\n`, /TOO_FEW_ROWS: .*the export holds no row/],
  ])('is refused with %s', async (_, text, message) => {
    expect(await refused(text)).toMatch(message)
  })

  it('is refused on other grids than the instrument has', async () => {
    const text = `${HEADER}\n${good.replace('100.0', '10.00')}\n`
    const files = [folder.write('grid.csv', text)]
    const store = folder.newStore()
    const work = importCapture({ format: 'csv', files, store, instrument: PERPETUAL })
    expect((await failureOf(work)).message).toMatch(
      /OFF_GRID: .*grid\.csv: the rows were exported with a tick size of 0\.01, the instrument has 0\.10$/,
    )
  })
})

/** Where two partitions of a day follow one another without going back, their border is not told. */
function isOneDay({ localTime, length }: EventColumns): boolean {
  return localTime[length - 1]! < DAY_NS
}

function isMixed({ l2 }: Parts): boolean {
  const isTicker = Array.from(l2!.code, (code) => (code & 0x0f) === EventKind.Bbo)
  const first = isTicker.indexOf(true)
  return first >= 0 && isOneDay(l2!) && isTicker.lastIndexOf(false) > first
}
