/** The samples: a synthetic session, and real events of AAPL with the ladder after each. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import {
  add,
  cancel,
  directory,
  execute,
  executeAt,
  framed,
  remove,
  replace,
  system,
} from '../../../../test/format-samples/itch50.ts'
import { TestFolder, loadRows } from '../../../../test/import-support.ts'
import { describeWithData, sharedPath } from '../../../../test/shared-data.ts'
import { OrderBookL3 } from '../../../book/index.ts'
import { Instrument } from '../../../market/index.ts'
import { openStore } from '../../../store/index.ts'
import { importCapture } from '../import-capture.ts'
import { ItchReader } from './itch-reader.ts'

const SYNTHETIC = sharedPath('data/nasdaq_itch/ex20101224.TEST_ITCH_50.gz')
const EVENTS = sharedPath('data/nasdaq_itch/AAPL_itch50_events_with_10level_book.csv.gz')

const folder = new TestFolder()

describeWithData('the synthetic session', () => {
  it('is consumed to its last byte, with the counts of its authors', async () => {
    const counts: Record<string, number> = {}
    const reader = new ItchReader([SYNTHETIC])
    await reader.read(({ columns }) => {
      for (let row = 0; row < columns.length; row++) {
        const type = String.fromCharCode(columns.type[row]!)
        counts[type] = (counts[type] ?? 0) + 1
      }
    })
    expect(reader.messages).toBe(12_012)
    expect(counts).toEqual({
      S: 6,
      R: 3,
      H: 3,
      A: 4997,
      F: 3,
      E: 198,
      X: 45,
      D: 1745,
      U: 12,
      P: 5000,
    })
  })

  it('leaves the orders that a map of them holds', async () => {
    const bytes = gunzipSync(readFileSync(SYNTHETIC))
    const lengths: Record<string, number> = {
      S: 12,
      R: 39,
      H: 25,
      A: 36,
      F: 40,
      E: 31,
      X: 23,
      D: 19,
      U: 35,
      P: 44,
    }
    const orders = new Map<string, number>()
    let unknown = 0
    for (let at = 2; at < bytes.length;) {
      const type = String.fromCharCode(bytes[at]!)
      const key = (offset: number): string =>
        `${bytes.readUInt16BE(at + 1)}/${bytes.subarray(at + offset, at + offset + 8).toString('hex')}`
      const left = orders.get(key(11))
      if (type === 'A' || type === 'F') {
        if (left === undefined) orders.set(key(11), bytes.readUInt32BE(at + 20))
        else unknown++
      } else if (type === 'D' || type === 'U') {
        if (left === undefined) unknown++
        else if (type === 'U') {
          if (orders.has(key(19))) unknown++
          else orders.set(key(19), bytes.readUInt32BE(at + 27))
        }
        orders.delete(key(11))
      } else if (type === 'E' || type === 'X') {
        if (left === undefined) unknown += type === 'X' ? 1 : 0
        else {
          const rest = left - bytes.readUInt32BE(at + 19)
          if (rest > 0) orders.set(key(11), rest)
          else orders.delete(key(11))
        }
      }
      at += lengths[type]! + 2
    }
    const result = await importCapture({
      format: 'itch50',
      files: [SYNTHETIC],
      store: folder.newStore(),
    })
    expect(result.orders).toEqual({ open: orders.size, unknown })
    expect(result.symbols?.map(({ symbol }) => symbol)).toEqual(['ALC', 'BOB', 'CHAR'])
    expect(result.symbols?.reduce((sum, { messages }) => sum + messages, 0)).toBe(12_012 - 9)
  })
})

/** One line of the real events. */
interface RealEvent {
  readonly time: number
  readonly type: string
  readonly order: bigint
  readonly oldOrder: bigint
  readonly size: number
  readonly oldSize: number
  readonly tick: number
  readonly oldTick: number
  readonly side: 'B' | 'S'
  readonly paid: number
  /** Best ten levels of both sides after the event. */
  readonly bids: readonly (readonly [tick: number, size: number])[]
  readonly asks: readonly (readonly [tick: number, size: number])[]
}

const ticks = (price: string): number => Math.round(Number(price) * 10_000)
const id = (text: string): bigint => BigInt(text === '' ? 0 : Number(text))

function readEvents(): RealEvent[] {
  const [head = '', ...lines] = gunzipSync(readFileSync(EVENTS)).toString().trim().split('\n')
  const names = head.trim().split(',')
  return lines.map((line) => {
    const cells = line.trim().split(',')
    const of = (name: string): string => cells[names.indexOf(name)] ?? ''
    const levels = (side: string): (readonly [number, number])[] =>
      Array.from(
        { length: 10 },
        (_, i) =>
          [ticks(of(`${side}_price_${i + 1}`)), Number(of(`${side}_size_${i + 1}`))] as const,
      )
    return {
      time: Number(of('timestamp_ns')),
      type: of('message_type'),
      order: id(of('order_id')),
      oldOrder: id(of('old_order_id')),
      size: Number(of('size')),
      oldSize: Number(of('old_size')),
      tick: ticks(of('price')),
      oldTick: ticks(of('old_price')),
      side: of('direction') === '1' ? 'B' : 'S',
      paid: ticks(of('execution_price')),
      bids: levels('bid'),
      asks: levels('ask'),
    }
  })
}

/** An order that was there before the first event. */
interface EarlyOrder {
  readonly order: bigint
  readonly side: 'B' | 'S'
  readonly tick: number
  shares: number
}

const levelKey = (side: 'B' | 'S', tick: number): string => `${side}${tick}`

/**
 * The book behind the first event, as orders: those that later events name, and one for what else
 * a level holds. A level that no row shows at first is what it must have been for the first row
 * that does; every row behind that one then holds it to the messages.
 */
function earlyOrders(events: readonly RealEvent[]): EarlyOrder[] {
  const named = new Map<bigint, EarlyOrder>()
  const added = new Set<bigint>()
  const changes = new Map<string, number>()
  const early = new Map<string, number>()
  const begun = new Map<string, number>()
  const change = (side: 'B' | 'S', tick: number, size: number): void => {
    const key = levelKey(side, tick)
    changes.set(key, (changes.get(key) ?? 0) + size)
  }
  const name = (order: bigint, side: 'B' | 'S', tick: number, shares: number): void => {
    if (added.has(order)) return
    const found = named.get(order)
    if (found === undefined) named.set(order, { order, side, tick, shares })
    else found.shares += shares
  }
  for (const [i, event] of events.entries()) {
    const { type, side, order, oldOrder } = event
    if (i > 0) {
      if (type === 'A' || type === 'F') {
        added.add(order)
        change(side, event.tick, event.size)
      } else if (type === 'U') {
        name(oldOrder, side, event.oldTick, event.oldSize)
        added.add(order)
        change(side, event.oldTick, -event.oldSize)
        change(side, event.tick, event.size)
      } else {
        name(order, side, event.tick, event.size)
        change(side, event.tick, -event.size)
      }
    }
    for (const [levels, of] of [
      [event.bids, 'B'],
      [event.asks, 'S'],
    ] as const) {
      for (const [tick, size] of levels) {
        const key = levelKey(of, tick)
        if (!begun.has(key)) begun.set(key, size - (changes.get(key) ?? 0))
      }
    }
  }
  for (const { side, tick, shares } of named.values()) {
    const key = levelKey(side, tick)
    early.set(key, (early.get(key) ?? 0) + shares)
  }
  const rest = [...begun].flatMap(([key, size], i) => {
    const shares = size - (early.get(key) ?? 0)
    expect(shares).toBeGreaterThanOrEqual(0)
    const side = key.startsWith('B') ? ('B' as const) : ('S' as const)
    const order = (1n << 48n) + BigInt(i)
    return shares === 0 ? [] : [{ order, side, tick: Number(key.slice(1)), shares }]
  })
  return [...named.values(), ...rest]
}

function encode(event: RealEvent): Buffer {
  const of = { locate: 14, time: event.time }
  const { type, order, size, tick: price, side } = event
  switch (type) {
    case 'A':
    case 'F':
      return add(
        { ...of, order, side, shares: size, stock: 'AAPL', price },
        type === 'F' ? 'NSDQ' : undefined,
      )
    case 'E':
      return execute(of, order, size)
    case 'C':
      return executeAt(of, order, size, { printable: 'Y', price: event.paid })
    case 'X':
      return cancel(of, order, size)
    case 'D':
      return remove(of, order)
    case 'U':
      return replace(of, event.oldOrder, { order, shares: size, price })
    default:
      throw new Error(`type ${type}`)
  }
}

describeWithData('10,000 real events of AAPL as ITCH messages', () => {
  it('reproduce the stored ladder of ten levels after each of 9,999', async () => {
    const events = readEvents()
    expect(events).toHaveLength(10_000)
    const [first] = events
    const start = { locate: 14, time: first!.time }
    const messages = [
      system(first!.time, 'Q'),
      directory(start, 'AAPL'),
      ...earlyOrders(events).map(({ order, side, tick, shares }) =>
        add({ ...start, order, side, shares, stock: 'AAPL', price: tick }),
      ),
    ]
    const file = folder.write(
      '01302019.NASDAQ_ITCH50',
      framed([...messages, ...events.slice(1).map(encode)], 'length'),
    )
    const store = folder.newStore()
    const result = await importCapture({ format: 'itch50', files: [file], store })
    expect(result.orders?.unknown).toBe(0)
    expect(result.crossed).toBe(0)
    const rows = loadRows(store, 'AAPL', 'l3')
    const book = new OrderBookL3(new Instrument(openStore(store).partitions()[0]!.instrument))
    const { ladder } = book
    const best = (side: 'B' | 'S'): (readonly [number, number])[] => {
      const levels: [number, number][] = []
      let tick = side === 'B' ? ladder.bestBidTick : ladder.bestAskTick
      while (levels.length < 10) {
        levels.push([tick, side === 'B' ? ladder.bidLotsAt(tick) : ladder.askLotsAt(tick)])
        tick = side === 'B' ? ladder.nextBidBelow(tick) : ladder.nextAskAbove(tick)
      }
      return levels
    }
    const epoch = BigInt(Date.UTC(2019, 0, 30, 5)) * 1_000_000n - rows.epochNs
    let at = messages.length - 2
    book.apply(rows, 0, at)
    let equal = 0
    // A trade and an execution; a cancellation and an addition.
    const rowsOf: Record<string, number> = { E: 2, C: 2, U: 2 }
    for (const event of events.slice(1)) {
      const to = at + (rowsOf[event.type] ?? 1)
      expect(rows.localTime[to - 1]).toBe(event.time + Number(epoch))
      book.apply(rows, at, to)
      at = to
      const isEqual =
        JSON.stringify([best('B'), best('S')]) === JSON.stringify([event.bids, event.asks])
      if (isEqual) equal++
    }
    expect(at).toBe(rows.length)
    expect(equal).toBe(9_999)
  })
})
