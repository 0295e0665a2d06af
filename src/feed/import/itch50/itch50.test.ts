/** ITCH files written byte by byte from the published layouts. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  action,
  add,
  cancel,
  directory,
  execute,
  framed,
  remove,
  replace,
  sampleFiles,
  smallSession,
  system,
} from '../../../../test/format-samples/itch50.ts'
import { TestFolder, failureOf, loadRows } from '../../../../test/import-support.ts'
import { LobtraderError, Prng } from '../../../core/index.ts'
import { EventKind, Instrument, KIND_MASK, codeSide } from '../../../market/index.ts'
import { openStore } from '../../../store/index.ts'
import { importCapture } from '../import-capture.ts'
import type { ImportCaptureOptions } from '../import-options.ts'
import { ITCH50 } from './format.ts'
import { dayInName } from './session-date.ts'

const folder = new TestFolder()
let files = 0

async function importBytes(
  bytes: Uint8Array,
  more: Partial<ImportCaptureOptions> = {},
  name?: string,
) {
  const file = folder.write(name ?? `file-${++files}`, bytes)
  const store = folder.newStore()
  const options = name === undefined ? { date: '2019-01-30', ...more } : more
  const result = await importCapture({ format: 'itch50', files: [file], store, ...options })
  return { store, result }
}

type Row = readonly [
  kind: number,
  side: number,
  tick: number,
  lots: number,
  ref: number,
  seq: number,
]

function rowsOf(store: string, symbol: string): Row[] {
  const rows = loadRows(store, symbol, 'l3')
  return Array.from({ length: rows.length }, (_, i) => [
    rows.code[i]! & KIND_MASK,
    codeSide(rows.code[i]!),
    rows.tick[i]!,
    rows.lots[i]!,
    rows.orderRef[i]!,
    rows.seq[i]!,
  ])
}

describe('messages of a session', () => {
  it.each(['length', 'zero', 'none'] as const)(
    'become rows of orders (framing %s)',
    async (framing) => {
      const { store, result } = await importBytes(framed(smallSession(), framing))
      expect(rowsOf(store, 'AAPL')).toEqual([
        [EventKind.Status, 0, 0, 1, -1, 0],
        [EventKind.OrderAdd, 1, 1_633_400, 300, 0, 0],
        [EventKind.OrderAdd, -1, 1_633_600, 300, 1, 0],
        [EventKind.Trade, -1, 1_633_400, 100, -1, 501],
        [EventKind.OrderExecute, 1, 1_633_400, 100, 0, 501],
        [EventKind.Trade, -1, 1_633_350, 50, -1, 502],
        [EventKind.OrderExecute, 1, 1_633_350, 50, 0, 502],
        // Not printable: no trade of its own, the cross behind it counts it.
        [EventKind.OrderExecute, 1, 1_633_300, 20, 0, 503],
        [EventKind.OrderCancel, 1, 1_633_400, 30, 0, 0],
        [EventKind.OrderCancel, 1, 1_633_400, 100, 0, 0],
        [EventKind.OrderAdd, 1, 1_633_500, 500, 0, 0],
        [EventKind.Trade, 0, 1_633_555, 7, -1, 504],
        [EventKind.Trade, 0, 1_633_400, 1000, -1, 77],
        [EventKind.Status, 0, 0, 0, -1, 0],
        [EventKind.OrderCancel, 1, 1_633_500, 500, 0, 0],
      ])
      expect(result.symbols).toMatchObject([
        {
          symbol: 'AAPL',
          orders: { open: 1, unknown: 1 },
          trades: { count: 4, volume: 1157, buyVolume: 0 },
          final: { bestBid: null, bestAsk: [163.36, 300] },
        },
        { symbol: 'BRK.A', orders: { open: 1, unknown: 0 }, final: { bestBid: [199_999, 300] } },
      ])
      expect(result).toMatchObject({ messages: 21, orders: { open: 2, unknown: 1 } })
      expect(result.final).toBeUndefined()
      expect(result.warnings).toEqual([
        '1 changes name an order that is not there or add one that is; left out (AAPL 1)',
        '1 trades were broken afterwards; their rows stay (AAPL 1)',
      ])
    },
  )

  it('stand at the hours of New York, in winter and in summer', async () => {
    const bytes = framed(smallSession(), 'length')
    const winter = await importBytes(bytes)
    expect(winter.result.fromNs).toBe(BigInt(Date.UTC(2019, 0, 30, 8)) * 1_000_000n)
    const summer = await importBytes(bytes, { date: '2019-07-30' })
    expect(summer.result.fromNs).toBe(BigInt(Date.UTC(2019, 6, 30, 7)) * 1_000_000n)
    const rows = loadRows(winter.store, 'AAPL', 'l3')
    expect(rows.exchTime).toEqual(rows.localTime)
  })

  it('have the grid of cents for orders and a hundredth of it for data', async () => {
    const { store } = await importBytes(framed(smallSession(), 'length'))
    expect(openStore(store).partitions()[0]!.instrument).toMatchObject({
      venue: 'nasdaq',
      kind: 'equity',
      quote: 'USD',
      tickSize: '0.01',
      dataTickSize: '0.0001',
      lotSize: '1',
    })
  })

  it('are imported of the symbols that are named', async () => {
    const bytes = framed(smallSession(), 'length')
    const { result } = await importBytes(bytes, { symbols: ['BRK.A'] })
    expect(result).toMatchObject({ symbol: 'BRK.A', final: { bestBid: [199_999, 300] } })
    const error = await failureOf(importBytes(bytes, { symbols: ['AAPLE'] }))
    expect(error.message).toMatch(/^ABSENT_SYMBOL: no symbol "AAPLE".*"AAPL".*there: AAPL, BRK\.A/)
  })

  it('may end with a message of length 0', async () => {
    const { result } = await importBytes(
      Buffer.concat([framed(smallSession(), 'length'), Buffer.alloc(2)]),
    )
    expect(result.messages).toBe(21)
  })

  it('of types that came later are left out where their length is told', async () => {
    const later = Buffer.concat([Buffer.from('z'), smallSession()[1]!.subarray(1)])
    const { result } = await importBytes(framed([...smallSession(), later], 'length'))
    expect(result.warnings.at(-1)).toContain('1 of "z"')
  })
})

describe('the day of a file', () => {
  it.each([
    ['01302019.NASDAQ_ITCH50.gz', '2019-01-30'],
    ['20190730.BX_ITCH_50.gz', '2019-07-30'],
    ['S073019-v50.txt.gz', '2019-07-30'],
    ['ex20101224.TEST_ITCH_50.gz', '2010-12-24'],
    ['messages.bin', undefined],
    ['99999999.bin', undefined],
    ['02302019.NASDAQ_ITCH50', undefined],
  ])('stands in the name %s', (name, day) => {
    expect(dayInName(`folder/20180101/${name}`)).toBe(day)
  })

  it('must be given where no name tells it', async () => {
    const error = await failureOf(importBytes(framed(smallSession(), 'length'), {}, 'session.bin'))
    expect(error.message).toMatch(
      /^BAD_ARGUMENT: the name of .*session\.bin does not tell the day.*--date/,
    )
  })

  it('and the exchange come from the name', async () => {
    const bytes = framed(smallSession(), 'length')
    const { result } = await importBytes(bytes, {}, '20190130.BX_ITCH_50')
    expect(result.venue).toBe('nasdaq-bx')
    expect(result.fromNs).toBe(BigInt(Date.UTC(2019, 0, 30, 8)) * 1_000_000n)
  })
})

describe('any sequence of orders', () => {
  const step = fc.record({
    kind: fc.constantFrom('add', 'execute', 'cancel', 'remove', 'replace'),
    order: fc.integer({ min: 1, max: 12 }),
    shares: fc.integer({ min: 1, max: 300 }),
    price: fc.integer({ min: 9_990, max: 10_010 }),
    side: fc.constantFrom<('B' | 'S')[]>('B', 'S'),
  })

  it('leaves the orders that a map of them holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }),
        async (steps) => {
          const held = new Map<number, { side: 'B' | 'S'; price: number; shares: number }>()
          let unknown = 0
          let next = 100
          const take = (order: number, shares: number, isCancel: boolean): void => {
            const found = held.get(order)
            if (found === undefined) unknown += isCancel ? 1 : 0
            else if (found.shares > shares) found.shares -= shares
            else held.delete(order)
          }
          const messages = steps.map(({ kind, order, shares, price, side }, i) => {
            const of = { locate: 1, time: 1000 + i }
            switch (kind) {
              case 'add':
                if (held.has(order)) unknown++
                else held.set(order, { side, price, shares })
                return add({ ...of, order: BigInt(order), side, shares, stock: 'X', price })
              case 'execute':
                take(order, shares, false)
                return execute(of, BigInt(order), shares)
              case 'cancel':
                take(order, shares, true)
                return cancel(of, BigInt(order), shares)
              case 'remove':
                take(order, Infinity, true)
                return remove(of, BigInt(order))
              default: {
                const found = held.get(order)
                if (found === undefined) unknown++
                else {
                  held.delete(order)
                  held.set(++next, { side: found.side, price, shares })
                }
                return replace(of, BigInt(order), { order: BigInt(next), shares, price })
              }
            }
          })
          const bytes = framed(
            [system(0, 'O'), directory({ locate: 1, time: 1 }, 'X'), ...messages],
            'length',
          )
          const { result } = await importBytes(bytes)
          const of = (side: 'B' | 'S') => [...held.values()].filter((order) => order.side === side)
          expect(result.orders).toEqual({ open: held.size, unknown })
          expect(result.final).toMatchObject({
            bidSize: of('B').reduce((sum, { shares }) => sum + shares, 0),
            askSize: of('S').reduce((sum, { shares }) => sum + shares, 0),
            bidLevels: new Set(of('B').map(({ price }) => price)).size,
            askLevels: new Set(of('S').map(({ price }) => price)).size,
          })
        },
      ),
      { numRuns: 25, seed: 5 },
    )
  })
})

describe('what is wrong', () => {
  const good = smallSession()
  const order = {
    locate: 1,
    time: 9e15,
    order: 7n,
    side: 'B',
    shares: 1,
    stock: 'AAPL',
    price: 1,
  } as const
  const wrongSide = add(order)
  wrongSide.write('Z', 19)
  const wrongLength = framed(good, 'length')
  wrongLength.writeUInt16BE(13, 0)

  it.each<[string, Buffer, RegExp]>([
    [
      'another format',
      Buffer.from('{"not": "itch"}'),
      /^BAD_FIELD: .* offset 0: .*begin with a message of ITCH/,
    ],
    ['a length of another type', wrongLength, /^BAD_FIELD: /],
    [
      'an unknown type without a length',
      Buffer.concat([framed(good, 'zero'), Buffer.from('\0\0zzzzzzzzzzzzzzzzzzzz')]),
      /^BAD_FIELD: .* field message type: there is no message type "z"/,
    ],
    [
      'a wrong length',
      framed([...good, Buffer.concat([add(order), Buffer.alloc(1)]), ...good], 'length'),
      /^BAD_FIELD: .* field length: a message of type "A" has 36 bytes, .* says 37/,
    ],
    [
      'a message cut off',
      framed(good, 'length').subarray(0, -3),
      /^TRUNCATED_FILE: .* cut off: 18 bytes/,
    ],
    [
      'time going back',
      framed([...good, good[4]!], 'length'),
      /^TIME_BACKWARDS: .* field timestamp/,
    ],
    [
      'a side',
      framed([...good, wrongSide], 'length'),
      /^BAD_FIELD: .* field buy\/sell indicator: .*"Z"/,
    ],
    [
      'no shares',
      framed([...good, add({ ...order, shares: 0 })], 'length'),
      /^BAD_FIELD: .* field shares/,
    ],
    [
      'a price beyond 2^31',
      framed([...good, add({ ...order, price: 0xffffffff })], 'length'),
      /^OUT_OF_RANGE: .* field price: price 429496\.7295/,
    ],
    ['no stock', framed([system(1, 'O')], 'length'), /^TOO_FEW_ROWS: /],
  ])('%s is told with its place', async (_, bytes, message) => {
    expect((await failureOf(importBytes(bytes))).message).toMatch(message)
  })

  it.each(['verify', 'fixClock', 'definition'])('is the option %s', async (option) => {
    const bytes = framed(good, 'length')
    const error = await failureOf(
      importBytes(bytes, { [option]: option === 'definition' ? 'x' : true }),
    )
    expect(error.message).toMatch(/^BAD_ARGUMENT: --\S+ means nothing to format itch50/)
  })

  it('is an instrument for many stocks', async () => {
    const instrument = new Instrument({
      venue: 'x',
      symbol: 'Y',
      kind: 'equity',
      base: 'Y',
      quote: 'USD',
      tickSize: '0.01',
      lotSize: '1',
    })
    const error = await failureOf(importBytes(framed(good, 'length'), { instrument }))
    expect(error.message).toMatch(
      /^BAD_ARGUMENT: --instrument describes one instrument, the input holds 2/,
    )
    const halves = await failureOf(
      importBytes(framed(good, 'length'), { instrument, symbols: ['AAPL'] }),
    )
    expect(halves.message).toMatch(/^OFF_GRID: .* field price: price 163\.3350 of Y/)
  })

  it('never crashes, hangs or gives an error without a code, whichever bytes are changed', async () => {
    const random = new Prng(12)
    for (const { bytes } of sampleFiles()) {
      for (let i = 0; i < 40; i++) {
        const changed = Uint8Array.from(bytes)
        for (let j = random.nextInt(4); j >= 0; j--) {
          changed[random.nextInt(changed.length)] = random.nextInt(256)
        }
        const end = random.nextInt(5) === 0 ? random.nextInt(changed.length) : changed.length
        try {
          await importBytes(changed.subarray(0, end))
        } catch (error) {
          expect(error).toBeInstanceOf(LobtraderError)
        }
      }
    }
  })
})

describe('the format', () => {
  it('is told by the first messages of a file', () => {
    for (const { bytes } of sampleFiles()) expect(ITCH50.detects(bytes, '')).toBe(true)
    for (const text of ['SYMBOL,TIME,PRICE\nS,1,2\n', '1430438404518 order_created {"price"', '']) {
      expect(ITCH50.detects(Buffer.from(text), '')).toBe(false)
    }
    expect(ITCH50.detects(framed([action({ locate: 1, time: 5 }, 'X', 'T')], 'none'), '')).toBe(
      false,
    )
  })
})
