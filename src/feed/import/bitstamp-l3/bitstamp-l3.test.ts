/** Bitstamp order feeds: made ones, and the real log with what others found in it. */
import { describe, expect, it } from 'vitest'
import {
  START_MS,
  bookLine,
  orderLine,
  sampleFiles,
  smallLog,
  tradeLine,
} from '../../../../test/format-samples/bitstamp-l3.ts'
import { TestFolder, failureOf, loadRows } from '../../../../test/import-support.ts'
import { describeWithData, sharedPath } from '../../../../test/shared-data.ts'
import { OrderBookL3 } from '../../../book/index.ts'
import { LobtraderError, Prng } from '../../../core/index.ts'
import { EventKind, Instrument, KIND_MASK, codeSide } from '../../../market/index.ts'
import { StoreImport, openStore } from '../../../store/index.ts'
import { importCapture } from '../import-capture.ts'
import type { ImportCaptureOptions } from '../import-options.ts'
import { BITSTAMP_L3 } from './format.ts'

const folder = new TestFolder()
let files = 0

async function importText(text: string | Uint8Array, more: Partial<ImportCaptureOptions> = {}) {
  const file = folder.write(`bitstamp_BTCUSD_${++files}`, text)
  const store = folder.newStore()
  const result = await importCapture({ format: 'bitstamp-l3', files: [file], store, ...more })
  return { store, result }
}

const log = (...lines: readonly string[]): string => lines.join('\n')

describe('a log', () => {
  it('becomes rows of orders and trades', async () => {
    const { store, result } = await importText(log(...smallLog()))
    const rows = loadRows(store, 'BTCUSD', 'l3')
    const { instrument } = openStore(store).partitions()[0]!
    const grid = new Instrument(instrument)
    const shown = Array.from({ length: rows.length }, (_, i) => [
      rows.code[i]! & KIND_MASK,
      codeSide(rows.code[i]!),
      grid.price(rows.tick[i]!),
      grid.size(rows.lots[i]!),
      rows.orderRef[i]!,
      rows.seq[i]!,
    ])
    expect(shown).toEqual([
      [EventKind.OrderAdd, 1, 236.4, 2, 0, 0],
      [EventKind.OrderAdd, -1, 236.5, 1, 1, 0],
      [EventKind.OrderAdd, -1, 236.39, 0.5, 2, 0],
      [EventKind.OrderExecute, 1, 236.4, 0.25, 0, 0],
      [EventKind.OrderExecute, -1, 236.39, 0.25, 2, 0],
      [EventKind.Trade, 0, 236.4, 0.25, -1, 900],
      [EventKind.OrderModify, -1, 236.41, 0.25, 2, 0],
      [EventKind.OrderExecute, -1, 236.41, 0.25, 2, 0],
      [EventKind.Trade, -1, 236.41, 1e-8, -1, 903],
      [EventKind.OrderModify, 1, 236.4, 3, 0, 0],
      // Deleted with 0.4 left of 1: what is missing was executed.
      [EventKind.OrderExecute, -1, 236.5, 0.6, 1, 0],
      [EventKind.OrderCancel, -1, 236.5, 0.4, 1, 0],
    ])
    expect(result).toMatchObject({
      symbol: 'BTCUSD',
      venue: 'bitstamp',
      messages: 16,
      crossed: 3,
      orders: { open: 1, unknown: 1 },
      final: { bestBid: [236.4, 3], bestAsk: null },
      trades: { count: 2, buyVolume: 0 },
    })
    expect(result.warnings.join('\n')).toContain('1 deletions and 0 changes')
    expect(result.warnings.join('\n')).toContain('2 trade ids are missing')
    expect(result.warnings.at(-1)).toContain('1 of subscribed')
  })

  it('has venue times of a second, never going back, and finer ones where they are told', async () => {
    const order = { id: 1, price: '1', amount: '1', type: 0 } as const
    const micro = (ms: number, us: number): string =>
      `${START_MS + ms} order_deleted ${JSON.stringify({ ...order, order_type: 0, microtimestamp: String(us) })}`
    const { store, result } = await importText(
      log(orderLine(2500, 'created', order), micro(4000, START_MS * 1000 + 3_123_456)),
    )
    const rows = loadRows(store, 'BTCUSD', 'l3')
    expect([...rows.exchTime]).toEqual([2e9, 3_123_456_000])
    expect([...rows.localTime]).toEqual([2.5e9, 4e9])
    expect(result.clockOffsetNs).toBe(500_000 - 5e8)
  })

  it('is compared with the order books in it once its own has settled', async () => {
    const { result } = await importText(log(...smallLog()), { verify: true })
    // Of the two books after an hour, the first is ours on both sides, the second on none.
    expect(result.verify).toEqual({ compared: 4, equal: 2 })
  })
})

describe('what is wrong', () => {
  const good = orderLine(0, 'created', { id: 1, price: '1.5', amount: '1', type: 0 })

  it.each<[string, string, RegExp]>([
    ['another line', log(good, 'hello'), /^BAD_FIELD: .* line 2: expected "<receive time/],
    [
      'no JSON',
      log(good, `${START_MS} trade {"a"}`),
      /^BAD_JSON: .* line 2: the message is no JSON/,
    ],
    ['a price', good.replace('"1.5"', '"1e5"'), /^BAD_FIELD: .* line 1 field price: .*"1e5"/],
    ['a long price', good.replace('"1.5"', '"1.234567890123456"'), /^BAD_FIELD: .* field price/],
    ['no amount', good.replace('amount', 'amnt'), /^BAD_FIELD: .* field amount: .* absent/],
    ['an id', good.replace('"id":1', '"id":1.5'), /^BAD_FIELD: .* field id: .* 1\.5/],
    ['a side', good.replace('order_type":0', 'order_type":2'), /^BAD_FIELD: .* field order_type/],
    ['a time', good.replace(/"datetime":"\d+"/, '"datetime":"x"'), /^BAD_FIELD: .* field datetime/],
    [
      'levels',
      log(good, `${START_MS} order_book {"bids":1,"asks":[]}`),
      /^BAD_FIELD: .* field bids/,
    ],
    ['time going back', log(tradeLine(5, 1, 1, 1), good), /^TIME_BACKWARDS: .* line 2 .* by 5 ms/],
    [
      'a negative amount',
      good.replace('"amount":"1"', '"amount":"-1"'),
      /^NEGATIVE: .* field amount/,
    ],
    ['no order or trade', bookLine(0, '1', '2'), /^TOO_FEW_ROWS/],
    [
      'an action',
      'id,timestamp,exchange.timestamp,price,volume,action,direction\n1,1430438400000,1,2,3,made,bid',
      /^BAD_FIELD: .* line 2 field action: .*"made"/,
    ],
  ])('%s is told with its place', async (_, text, message) => {
    expect((await failureOf(importText(text))).message).toMatch(message)
  })

  it('is told of every line to who wants to go on', async () => {
    const bad = good.replace('"1.5"', '"x"')
    const file = folder.write(
      'bitstamp_BTCUSD_bad',
      log(bad, good, 'hello', tradeLine(5, 1, 1.5, 1)),
    )
    const prepared = await BITSTAMP_L3.prepare({ format: 'bitstamp-l3', files: [file], store: '' })
    const refused: string[] = []
    const target = new StoreImport(folder.newStore())
    const outcome = await prepared.run(
      {
        files: [file],
        verify: false,
        fixClock: false,
        refuse: (error) => refused.push(error.message.slice(0, 9)),
      },
      prepared.instruments.map((instrument) => target.open(instrument)),
    )
    target.abort()
    expect(refused).toEqual(['BAD_FIELD', 'BAD_FIELD'])
    expect(outcome).toMatchObject({ messages: 2, events: 2 })
  })

  it('is a file whose name tells no pair', async () => {
    const file = folder.write('feed.log', good)
    const options = { format: 'bitstamp-l3', files: [file], store: folder.newStore() }
    const error = await failureOf(importCapture(options))
    expect(error.message).toMatch(/^BAD_ARGUMENT: .*--symbol BTCUSD/)
    expect((await importCapture({ ...options, symbols: ['ETHUSD'] })).symbol).toBe('ETHUSD')
  })

  it('is a comparison without anything to compare with', async () => {
    const error = await failureOf(importText(good, { verify: true }))
    expect(error.message).toMatch(/^BAD_ARGUMENT: --verify has nothing to compare/)
  })

  it('never crashes, hangs or gives an error without a code, whichever bytes are changed', async () => {
    const random = new Prng(13)
    for (const { bytes } of sampleFiles()) {
      for (let i = 0; i < 40; i++) {
        const changed = Uint8Array.from(bytes)
        for (let j = random.nextInt(3); j >= 0; j--) {
          changed[random.nextInt(changed.length)] = random.nextInt(256)
        }
        try {
          await importText(changed)
        } catch (error) {
          expect(error).toBeInstanceOf(LobtraderError)
        }
      }
    }
  })
})

describe('the format', () => {
  it('is told by the first line', () => {
    for (const { bytes } of sampleFiles()) expect(BITSTAMP_L3.detects(bytes, '')).toBe(true)
    expect(BITSTAMP_L3.detects(Buffer.from('1620000000000000000 {"e":"trade"}'), '')).toBe(false)
    expect(BITSTAMP_L3.detects(Buffer.from('id,price,size\n1,2,3'), '')).toBe(false)
  })
})

describeWithData('the real log of 2015-05-01', () => {
  const data = (form: string): string =>
    sharedPath(`data/bitstamp_l3/bitstamp_BTCUSD_2015-05-01_${form}.gz`)

  it('has the best prices of its own order books on 7,910 of 7,912 sides', async () => {
    const store = folder.newStore()
    const result = await importCapture({
      format: 'bitstamp-l3',
      files: [data('raw.log')],
      store,
      verify: true,
    })
    expect(result.verify?.compared).toBe(7912)
    expect(result.verify?.equal).toBeGreaterThanOrEqual(7910)
    expect(result.messages).toBe(56_000)
    expect(result.trades?.count).toBe(575)
    expect(result.orders?.unknown).toBe(208 + 5)
    expect(result.warnings.join('\n')).toContain('208 deletions and 5 changes')
    const rows = loadRows(store, 'BTCUSD', 'l3')
    const book = new OrderBookL3(new Instrument(openStore(store).partitions()[0]!.instrument))
    book.apply(rows, 0, rows.length)
    expect(book.openOrders).toBe(result.orders?.open)
    expect(book.unknownOrders).toBe(0)
    expect([book.bestBid, book.bestAsk]).toEqual([
      result.final?.bestBid?.[0],
      result.final?.bestAsk?.[0],
    ])
  })

  it('gives the same orders as the table that was made of it', async () => {
    const [fromLog, fromTable] = await Promise.all(
      ['raw.log', 'orders.csv'].map(
        async (form) =>
          await importCapture({
            format: 'bitstamp-l3',
            files: [data(form)],
            store: folder.newStore(),
          }),
      ),
    )
    expect(fromTable!.messages).toBe(50_414)
    expect(fromTable!.orders).toEqual(fromLog!.orders)
    expect(fromTable!.crossed).toBe(fromLog!.crossed)
    const { bestBid, bestAsk, bidLevels, askLevels } = fromLog!.final!
    expect(fromTable!.final).toMatchObject({ bestBid, bestAsk, bidLevels, askLevels })
    expect(fromTable!.trades).toBeUndefined()
  })
})
