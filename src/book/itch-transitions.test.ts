/**
 * 27 seconds of NASDAQ's AAPL order messages of 2019-01-30 against the ten levels a side that their
 * author stored with each message.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { describeWithData, sharedPath } from '../../test/shared-data.ts'
import { Instrument, type Side } from '../market/index.ts'
import { OrderBookL3 } from './order-book-l3.ts'

const FILE = 'data/nasdaq_itch/AAPL_itch50_events_with_10level_book.csv.gz'
const LEVELS = 10

interface Level {
  readonly price: number
  readonly volume: number
}

interface Row {
  readonly type: string
  readonly id: string
  readonly oldId: string
  readonly size: number
  readonly oldSize: number
  readonly price: number
  readonly oldPrice: number
  readonly side: Side
  /** Stored levels after the message, best first. */
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
}

function readRows(): Row[] {
  const [header, ...lines] = gunzipSync(readFileSync(sharedPath(FILE)))
    .toString()
    .trim()
    .split('\n')
  const names = header!.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    const cell = (name: string): string => cells[names.indexOf(name)]!
    const ladder = (side: string): Level[] =>
      Array.from({ length: LEVELS }, (_, i) => ({
        price: Number(cell(`${side}_price_${i + 1}`)),
        volume: Number(cell(`${side}_size_${i + 1}`)),
      }))
    return {
      type: cell('message_type'),
      id: cell('order_id'),
      oldId: String(Number(cell('old_order_id'))),
      size: Number(cell('size')),
      oldSize: Number(cell('old_size')),
      price: Number(cell('price')),
      oldPrice: Number(cell('old_price')),
      side: Number(cell('direction')) as Side,
      bids: ladder('bid'),
      asks: ladder('ask'),
    }
  })
}

/**
 * The book, and what it cannot know from the messages: orders that rest since before the file. Those
 * of a price stand in for one another as one order ahead of all others.
 */
class Replay {
  readonly book = new OrderBookL3(
    new Instrument({
      venue: 'nasdaq',
      symbol: 'AAPL',
      kind: 'equity',
      base: 'AAPL',
      quote: 'USD',
      tickSize: '0.0001',
      lotSize: '1',
    }),
  )
  readonly #refs = new Map<string, number>()
  #time = 0n

  apply(row: Row): void {
    const { book } = this
    const at = { timestampNs: ++this.#time }
    const { side, price, size } = row
    if (row.type === 'A' || row.type === 'F') {
      book.update({ ...at, kind: 'add', orderRef: this.#name(row.id), side, price, volume: size })
    } else if (row.type === 'U') {
      const orderRef = this.#refs.get(row.oldId)
      if (orderRef === undefined) {
        this.#takeOld(side, row.oldPrice, row.oldSize)
        book.update({ ...at, kind: 'add', orderRef: this.#name(row.id), side, price, volume: size })
        return
      }
      const newRef = this.#name(row.id)
      book.update({ ...at, kind: 'replace', orderRef, newRef, price, volume: size })
    } else {
      const orderRef = this.#refs.get(row.id)
      const kind = row.type === 'E' || row.type === 'C' ? 'execute' : 'cancel'
      if (orderRef === undefined) this.#takeOld(side, price, size)
      else book.update({ ...at, kind, orderRef, volume: size })
    }
  }

  /** Adds what must have rested at a price all along, ahead of what has come since. */
  addOld(side: Side, price: number, volume: number): void {
    const orderRef = this.#name(`${side} ${price}`)
    this.book.update({ timestampNs: ++this.#time, kind: 'add', orderRef, side, price, volume })
  }

  /** Takes from the old orders at a price, where we know that there are any. */
  #takeOld(side: Side, price: number, volume: number): void {
    const orderRef = this.#refs.get(`${side} ${price}`)
    if (orderRef === undefined || this.book.getOrder(orderRef) === undefined) return
    this.book.update({ timestampNs: ++this.#time, kind: 'cancel', orderRef, volume })
  }

  #name(id: string): number {
    const ref = this.#refs.get(id) ?? this.#refs.size
    this.#refs.set(id, ref)
    return ref
  }
}

describeWithData('ITCH messages of AAPL', () => {
  it('reproduce the stored ladder of ten levels in all 9,999 transitions', () => {
    const rows = readRows()
    const [first, ...others] = rows
    const replay = new Replay()
    for (const { price, volume } of first!.bids) replay.addOld(1, price, volume)
    for (const { price, volume } of first!.asks) replay.addOld(-1, price, volume)
    let before = first!
    let entered = 0
    let equal = 0
    for (const row of others) {
      replay.apply(row)
      // A level from beyond the ten levels that were shown is seen for the first time.
      for (const [side, levels, last] of [
        [1, row.bids, before.bids.at(-1)!],
        [-1, row.asks, before.asks.at(-1)!],
      ] as const) {
        for (const { price, volume } of levels) {
          const missing = volume - replay.book.sizeAt(price, side)
          if (side * (last.price - price) <= 0 || missing <= 0) continue
          replay.addOld(side, price, missing)
          entered++
        }
      }
      const { bids, asks } = replay.book.getDepth(LEVELS)
      const shown = (levels: readonly Level[]): string =>
        levels.map(({ price, volume }) => `${price}:${volume}`).join(' ')
      if (shown(bids) === shown(row.bids) && shown(asks) === shown(row.asks)) equal++
      before = row
    }
    expect({ transitions: others.length, equal }).toEqual({ transitions: 9999, equal: 9999 })
    // Most of the ladder comes from messages, not from what the file shows of old orders.
    expect(entered).toBeLessThan(100)
    expect(replay.book.openOrders).toBeGreaterThan(5000)
  })
})
