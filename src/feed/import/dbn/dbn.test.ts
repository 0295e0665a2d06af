/** DBN files written byte by byte from the published layouts. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DOLLAR,
  START_NS,
  UNDEF_PRICE,
  definition,
  mbo,
  mbp,
  metadata,
  other,
  sampleFiles,
  status,
  type LevelFields,
} from '../../../../test/format-samples/dbn.ts'
import { TestFolder, failureOf, loadRows } from '../../../../test/import-support.ts'
import { LobtraderError, Prng } from '../../../core/index.ts'
import { OrderBook } from '../../../book/index.ts'
import { EventKind, Instrument, codeSide, KIND_MASK } from '../../../market/index.ts'
import { openStore } from '../../../store/index.ts'
import { importCapture } from '../import-capture.ts'
import type { ImportCaptureOptions } from '../import-options.ts'

const folder = new TestFolder()
let files = 0

const ES = [['ESH4', '7']] as const
const head = metadata({ version: 3, mappings: ES })

async function importBytes(parts: readonly Uint8Array[], more: Partial<ImportCaptureOptions> = {}) {
  const file = folder.write(`file-${++files}.dbn`, Buffer.concat(parts))
  const store = folder.newStore()
  const result = await importCapture({ format: 'dbn', files: [file], store, ...more })
  return { file, store, result }
}

type Row = readonly [kind: number, side: number, tick: number, lots: number, ref: number]

function rowsOf(store: string, symbol: string, kind: string): Row[] {
  const rows = loadRows(store, symbol, kind)
  return Array.from({ length: rows.length }, (_, i) => [
    rows.code[i]! & KIND_MASK,
    codeSide(rows.code[i]!),
    rows.tick[i]!,
    rows.lots[i]!,
    rows.orderRef[i]!,
  ])
}

const bid = (order: bigint, price: bigint, size: number, more: object = {}): Buffer =>
  mbo({ id: 7, order, price: price * DOLLAR, size, action: 'A', side: 'B', ...more })

describe('order records', () => {
  it.each([1, 2, 3] as const)('become rows of orders (version %i)', async (version) => {
    const { store, result } = await importBytes([
      metadata({ version, mappings: ES }),
      bid(1n << 40n, 100n, 5, { flags: 0x28, event: -900 }),
      bid(2n, 99n, 3, { flags: 0xa8, event: -800 }),
      mbo({
        id: 7,
        order: 3n,
        price: 101n * DOLLAR,
        size: 4,
        action: 'A',
        side: 'A',
        received: 10,
      }),
      mbo({ id: 7, price: 100n * DOLLAR, size: 2, action: 'T', side: 'A', flags: 0, received: 20 }),
      mbo({
        id: 7,
        order: 1n << 40n,
        price: 100n * DOLLAR,
        size: 2,
        action: 'F',
        side: 'B',
        flags: 0,
        received: 20,
      }),
      mbo({
        id: 7,
        order: 1n << 40n,
        price: 100n * DOLLAR,
        size: 2,
        action: 'C',
        side: 'B',
        received: 20,
      }),
      mbo({ id: 7, order: 2n, price: 98n * DOLLAR, size: 9, action: 'M', side: 'B', received: 30 }),
      mbo({ id: 7, price: UNDEF_PRICE, size: 0, action: 'N', side: 'N', received: 31 }),
    ])
    expect(rowsOf(store, 'ESH4', 'l3')).toEqual([
      [EventKind.SnapshotBegin, 0, 0, 0, -1],
      [EventKind.OrderAdd, 1, 100, 5, 0],
      [EventKind.OrderAdd, 1, 99, 3, 1],
      [EventKind.SnapshotEnd, 0, 0, 0, -1],
      [EventKind.OrderAdd, -1, 101, 4, 2],
      [EventKind.Trade, -1, 100, 2, -1],
      [EventKind.OrderFill, 1, 100, 2, 0],
      [EventKind.OrderCancel, 1, 100, 2, 0],
      [EventKind.OrderModify, 1, 98, 9, 1],
    ])
    expect(result).toMatchObject({
      messages: 8,
      symbol: 'ESH4',
      venue: 'glbx.mdp3',
      orders: { open: 3, unknown: 0 },
      trades: { count: 1, volume: 2, buyVolume: 0, vwap: 100 },
      final: { bestBid: [100, 3], bestAsk: [101, 4] },
    })
    expect(result.fromNs).toBe(START_NS)
    const rows = loadRows(store, 'ESH4', 'l3')
    // Venue times of a snapshot are those of its receipt, not of long ago.
    expect(rows.exchTime[1]).toBe(rows.localTime[1])
  })

  it('count what names no order, and clear the book where the venue does', async () => {
    const { store, result } = await importBytes([
      head,
      bid(1n, 100n, 5),
      bid(1n, 100n, 5, { received: 1 }),
      mbo({ id: 7, order: 9n, price: 1n, size: 1, action: 'C', side: 'B', received: 2 }),
      mbo({ id: 7, price: UNDEF_PRICE, size: 0, action: 'R', side: 'N', received: 3 }),
      bid(1n, 98n, 2, { received: 4 }),
      bid(2n, 97n, 2, { received: 5, price: UNDEF_PRICE }),
      bid(3n, 97n, 0, { received: 6 }),
    ])
    expect(result.orders).toEqual({ open: 1, unknown: 2 })
    expect(rowsOf(store, 'ESH4', 'l3')).toEqual([
      [EventKind.OrderAdd, 1, 100, 5, 0],
      [EventKind.DepthClear, 0, 0, 0, -1],
      [EventKind.OrderAdd, 1, 98, 2, 0],
    ])
    expect(result.warnings.join('\n')).toMatch(
      /1 records have no price.*\n.*1 records have no size/,
    )
  })

  it('tell of lost messages once, until the book begins anew', async () => {
    const { result } = await importBytes([
      head,
      bid(1n, 100n, 5),
      bid(2n, 100n, 5, { received: 1, flags: 0x84 }),
      bid(3n, 100n, 5, { received: 2, flags: 0x84 }),
      mbo({ id: 7, price: UNDEF_PRICE, size: 0, action: 'R', side: 'N', received: 3, flags: 8 }),
      bid(4n, 100n, 5, { received: 4, flags: 0x84 }),
    ])
    expect(result.gaps).toBe(2)
  })

  it('are crossed only where an event ends', async () => {
    const ask = (order: bigint, price: bigint, more: object): Buffer =>
      mbo({ id: 7, order, price: price * DOLLAR, size: 1, action: 'A', side: 'A', ...more })
    const { result } = await importBytes([
      head,
      bid(1n, 100n, 5),
      ask(2n, 99n, { flags: 0, received: 1 }),
      mbo({ id: 7, order: 1n, price: 0n, size: 5, action: 'C', side: 'B', received: 1 }),
      bid(3n, 101n, 5, { received: 2 }),
    ])
    expect(result.crossed).toBe(1)
  })

  it('have negative prices where they are of a spread', async () => {
    const { result } = await importBytes([
      metadata({ version: 2, mappings: [['ESH4-ESM4', '7']] }),
      bid(1n, -12n, 5),
      mbo({
        id: 7,
        order: 2n,
        price: -115n * (DOLLAR / 10n),
        size: 1,
        action: 'A',
        side: 'A',
        received: 1,
      }),
    ])
    expect(result).toMatchObject({
      symbol: 'ESH4-ESM4',
      final: { bestBid: [-12, 5], bestAsk: [-11.5, 1] },
    })
  })
})

describe('level records', () => {
  const price = (dollars: number): bigint => BigInt(dollars) * DOLLAR
  const side = fc.uniqueArray(
    fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9 })),
    {
      maxLength: 10,
      selector: ([distance]) => distance,
    },
  )

  it('leave the book with the window of every record, whatever came before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(side, side), { minLength: 1, maxLength: 12 }),
        async (books) => {
          const levels = (of: (typeof books)[number][0], sign: 1 | -1): LevelFields[] =>
            of
              .toSorted(([a], [b]) => a - b)
              .map(([distance, size]) => [price(1000 + sign * distance), size] as const)
          const records = books.map(([bids, asks], i) =>
            mbp(10, {
              id: 7,
              action: 'A',
              received: i,
              bids: levels(bids, -1),
              asks: levels(asks, 1),
            }),
          )
          const empty = mbp(0, { id: 8, action: 'T', price: price(1), size: 1 })
          const { store } = await importBytes([head, empty, ...records])
          const rows = loadRows(store, 'ESH4')
          const { instrument } = openStore(store).select({ symbol: 'ESH4', kind: 'l2' })[0]!
          const book = new OrderBook(new Instrument(instrument))
          let at = 0
          for (const [i, [bids, asks]] of books.entries()) {
            const from = at
            const time = Number(START_NS - rows.epochNs) + i
            while (at < rows.length && rows.localTime[at] === time) at++
            book.apply(rows, from, at)
            const depth = book.getDepth(10)
            expect(depth.bids.map(({ price: p, volume }) => [p, volume])).toEqual(
              bids.toSorted(([a], [b]) => a - b).map(([d, size]) => [1000 - d, size]),
            )
            expect(depth.asks.map(({ price: p, volume }) => [p, volume])).toEqual(
              asks.toSorted(([a], [b]) => a - b).map(([d, size]) => [1000 + d, size]),
            )
          }
        },
      ),
      { numRuns: 15, seed: 4 },
    )
  })

  it('write only what differs from the record before', async () => {
    const { store, result } = await importBytes([
      head,
      mbp(1, { id: 7, action: 'A', bids: [[price(10), 4]], asks: [[price(12), 1]] }),
      mbp(1, { id: 7, action: 'A', received: 1, bids: [[price(10), 4]], asks: [[price(12), 3]] }),
      mbp(1, {
        id: 7,
        action: 'T',
        side: 'B',
        price: price(12),
        size: 3,
        received: 2,
        flags: 0,
        bids: [[price(10), 4]],
        asks: [[price(12), 3]],
      }),
      mbp(1, { id: 7, action: 'C', received: 2, bids: [[price(10), 4]], asks: [[price(13), 2]] }),
      mbp(1, { id: 7, action: 'C', received: 3, bids: [], asks: [[price(13), 2]] }),
    ])
    expect(rowsOf(store, 'ESH4', 'l2').map((row) => row.slice(0, 4))).toEqual([
      [EventKind.SnapshotBegin, 0, 0, 0],
      [EventKind.SnapshotLevel, 1, 10, 4],
      [EventKind.SnapshotLevel, -1, 12, 1],
      [EventKind.SnapshotEnd, 0, 0, 0],
      [EventKind.DepthSet, -1, 12, 3],
      [EventKind.Trade, 1, 12, 3],
      [EventKind.DepthSet, -1, 12, 0],
      [EventKind.DepthSet, -1, 13, 2],
      [EventKind.DepthSet, 1, 10, 0],
    ])
    expect(result).toMatchObject({ trades: { count: 1, volume: 3 }, final: { bestBid: null } })
  })

  it('stay stale while the file says that messages are lost', async () => {
    const { store, result } = await importBytes([
      head,
      mbp(1, { id: 7, action: 'A', bids: [[price(10), 4]] }),
      mbp(1, { id: 7, action: 'A', received: 1, flags: 0x84, bids: [[price(11), 4]] }),
      mbp(1, { id: 7, action: 'A', received: 2, flags: 0x84, bids: [[price(12), 4]] }),
      mbp(1, { id: 7, action: 'A', received: 3, bids: [[price(13), 4]] }),
    ])
    expect(result.gaps).toBe(1)
    expect(rowsOf(store, 'ESH4', 'l2').map(([kind]) => kind)).toEqual([4, 5, 6, 14, 4, 5, 6])
  })
})

describe('records of other kinds', () => {
  it('become status rows or are counted', async () => {
    const { store, result } = await importBytes([
      head,
      bid(1n, 100n, 5),
      status({ id: 7, received: 1 }, 8, 'N'),
      status({ id: 7, received: 2 }, 7, '~'),
      status({ id: 7, received: 3 }, 1, '~'),
      other(0x18, 64, { id: 7, received: 4 }),
      other(0x21, 56, { id: 7, received: 5 }),
      other(0x21, 56, { id: 7, received: 6 }),
    ])
    expect(rowsOf(store, 'ESH4', 'l3').slice(1)).toEqual([
      [EventKind.Status, 0, 0, 0, -1],
      [EventKind.Status, 0, 0, 1, -1],
    ])
    expect(result.warnings.at(-1)).toBe(
      'records of other kinds were left out: 1 of status, 1 of statistics, 2 of ohlcv-1m',
    )
  })
})

describe('several instruments', () => {
  const many = [
    metadata({
      version: 2,
      mappings: [
        ['ESH4', '7'],
        ['NQH4', '8'],
      ],
    }),
    bid(1n, 100n, 5),
    mbo({ id: 8, order: 1n, price: 7n * DOLLAR, size: 2, action: 'A', side: 'A' }),
    mbo({ id: 9, order: 1n, price: 8n * DOLLAR, size: 2, action: 'A', side: 'A' }),
    mbo({ id: 9, publisher: 3, order: 1n, price: 8n * DOLLAR, size: 2, action: 'A', side: 'A' }),
  ]

  it('are imported under their symbols, ids where there is none, and publishers apart', async () => {
    const { store, result } = await importBytes(many)
    expect(result.symbols?.map(({ symbol }) => symbol)).toEqual(['ESH4', 'NQH4', '9', '9'])
    expect(result.orders).toEqual({ open: 4, unknown: 0 })
    expect(result.final).toBeUndefined()
    const names = openStore(store)
      .partitions()
      .map(({ venue, symbol }) => `${venue}/${symbol}`)
    expect(names).toEqual(['glbx.mdp3/ESH4', 'glbx.mdp3/NQH4', 'glbx.mdp3.1/9', 'glbx.mdp3.3/9'])
  })

  it('are chosen by symbol or id', async () => {
    const { result } = await importBytes(many, { symbols: ['8'] })
    expect(result.symbols?.map(({ symbol }) => symbol)).toEqual(['NQH4'])
    const error = await failureOf(importBytes(many, { symbols: ['NQH5'] }))
    expect(error.message).toMatch(/^ABSENT_SYMBOL: no symbol "NQH5".*"NQH4".*ESH4, NQH4/)
  })

  it('are left out where they have no price', async () => {
    const clear = mbo({ id: 8, price: UNDEF_PRICE, size: 0, action: 'R', side: 'N' })
    const { result } = await importBytes([many[0]!, clear, bid(1n, 100n, 5)])
    expect(result.symbol).toBe('ESH4')
    expect(result.warnings.join('\n')).toContain(
      '1 instruments without any price were left out: NQH4',
    )
    const error = await failureOf(importBytes([many[0]!, clear]))
    expect(error.message).toMatch(/^TOO_FEW_ROWS: .*file-\d+\.dbn: there is no price of NQH4/)
  })

  it('take one instrument only when one is chosen', async () => {
    const instrument = new Instrument({
      venue: 'cme',
      symbol: 'ES',
      kind: 'linear-future',
      base: 'ES',
      quote: 'USD',
      tickSize: '0.25',
      lotSize: '1',
      multiplier: '50',
    })
    const error = await failureOf(importBytes(many, { instrument }))
    expect(error.message).toMatch(/^BAD_ARGUMENT: --instrument describes one.*ESH4, NQH4/)
    const { result } = await importBytes(many, { instrument, symbols: ['ESH4'] })
    expect([result.venue, result.symbol]).toEqual(['cme', 'ES'])
  })
})

describe('a definition', () => {
  it.each([1, 2, 3] as const)('gives grid and value (version %i)', async (version) => {
    const file = folder.write(
      `definition-${version}.dbn`,
      Buffer.concat([
        metadata({ version }),
        definition(version, {
          id: 7,
          symbol: 'ESH4',
          increment: DOLLAR / 4n,
          factor: DOLLAR / 100n,
          amount: DOLLAR / 8n,
          lot: 2,
        }),
      ]),
    )
    const { store } = await importBytes([head, bid(1n, 100n, 6)], { definition: file })
    expect(openStore(store).partitions()[0]!.instrument).toMatchObject({
      base: 'ES',
      quote: 'USD',
      tickSize: '0.25',
      lotSize: '2',
      multiplier: '50',
    })
  })
})

describe('what is wrong', () => {
  const good = bid(1n, 100n, 5)
  const short = Buffer.from(good)
  short.writeUInt8(3, 0)
  const cut = good.subarray(0, 40)
  const huge = Buffer.from(head)
  huge.writeUInt32LE(0xffffffff, 4)
  const counted = Buffer.from(head)
  // The count of symbols, behind the 92 fixed bytes of version 3.
  counted.writeUInt32LE(0xffffffff, 8 + 16 + 26 + 3 + 2 + 53 + 4)
  const version = Buffer.from(head)
  version.writeUInt8(9, 3)

  it.each<[string, readonly Uint8Array[], RegExp]>([
    [
      'another format',
      [Buffer.from('hello, world')],
      /^BAD_FIELD: .* offset 0: .*begin with "DBN"/,
    ],
    ['another version', [version, good], /^UNSUPPORTED: .* offset 3 field version: DBN version 9/],
    ['metadata without end', [huge], /^OUT_OF_RANGE: .* metadata of 4294967295 bytes/],
    ['metadata cut off', [head.subarray(0, 50)], /^TRUNCATED_FILE: .* inside its metadata/],
    ['an impossible count', [counted, good], /^BAD_FIELD: .* field symbols: a count of 4294967295/],
    ['no record', [head], /^TOO_FEW_ROWS: /],
    [
      'a short record',
      [head, good, short],
      /^BAD_FIELD: .* field length: .*type mbo with 12 bytes/,
    ],
    ['a record cut off', [head, good, cut], /^TRUNCATED_FILE: .* cut off: 40 bytes/],
    [
      'time going back',
      [head, bid(1n, 1n, 1, { received: 9 }), good],
      /^TIME_BACKWARDS: .* by 9 ns/,
    ],
    [
      'an unknown action',
      [head, bid(1n, 1n, 1, { action: 'Z' })],
      /^BAD_FIELD: .* field action: .*"Z"/,
    ],
    ['an order without side', [head, bid(1n, 1n, 1, { side: 'N' })], /^BAD_FIELD: .* field side: /],
    [
      'levels out of order',
      [
        head,
        mbp(10, {
          id: 7,
          action: 'A',
          bids: [
            [DOLLAR, 1],
            [2n * DOLLAR, 1],
          ],
        }),
      ],
      /^BAD_FIELD: .* field bid_px: levels must go away/,
    ],
  ])('%s is told with its place', async (_, parts, message) => {
    const store = folder.newStore()
    const error = await failureOf(importBytes(parts, { store }))
    expect(error.message).toMatch(message)
    expect(error.message).toContain('file-')
  })

  it('is a price off the grid that the instrument has', async () => {
    const instrument = new Instrument({
      venue: 'x',
      symbol: 'Y',
      kind: 'linear-future',
      base: 'Y',
      quote: 'USD',
      tickSize: '3',
      lotSize: '1',
    })
    const error = await failureOf(importBytes([head, good], { instrument }))
    expect(error.message).toMatch(
      /^OFF_GRID: .* field price: price 100 of Y is not a multiple of 3/,
    )
  })

  it.each(['verify', 'date', 'timeZone'])('is the option %s', async (option) => {
    const value = option === 'verify' ? true : 'UTC'
    const error = await failureOf(importBytes([head, good], { [option]: value }))
    expect(error.message).toMatch(/^BAD_ARGUMENT: --\S+ means nothing to format dbn/)
  })

  it('never crashes, hangs or gives an error without a code, whichever bytes are changed', async () => {
    const random = new Prng(11)
    for (const { bytes } of sampleFiles()) {
      for (let i = 0; i < 40; i++) {
        const changed = Uint8Array.from(bytes)
        for (let j = random.nextInt(4); j >= 0; j--) {
          changed[random.nextInt(changed.length)] = random.nextInt(256)
        }
        const end = random.nextInt(5) === 0 ? random.nextInt(changed.length) : changed.length
        try {
          await importBytes([changed.subarray(0, end)])
        } catch (error) {
          expect(error).toBeInstanceOf(LobtraderError)
        }
      }
    }
  })
})
