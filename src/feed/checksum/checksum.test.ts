import fc from 'fast-check'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { captureLines } from '../../../test/capture-lines.ts'
import { describeWithData, sharedPath } from '../../../test/shared-data.ts'
import { quoteJsonNumbers } from './json-number-text.ts'
import { checkKraken, krakenChecksum } from './kraken-checksum.ts'
import { checkOkx, OKX_CHECKSUM_ENDS_MS, okxChecksum } from './okx-checksum.ts'
import { comparePriceText, TextBook } from './text-book.ts'

type Rows = readonly (readonly string[])[]

const fill = (book: TextBook, bids: Rows = [], asks: Rows = []): TextBook => {
  for (const [price = '', size = ''] of bids) book.bids.set(price, size)
  for (const [price = '', size = ''] of asks) book.asks.set(price, size)
  book.truncate()
  return book
}

/** "Book checksum (WebSocket v2)", Kraken API Center: the example snapshot, read 2026-11. */
const KRAKEN_V2_EXAMPLE = `{"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":[
{"price":45283.5,"qty":0.10000000},{"price":45283.4,"qty":1.54582015},
{"price":45282.1,"qty":0.10000000},{"price":45281.0,"qty":0.10000000},
{"price":45280.3,"qty":1.54592586},{"price":45279.0,"qty":0.07990000},
{"price":45277.6,"qty":0.03310103},{"price":45277.5,"qty":0.30000000},
{"price":45277.3,"qty":1.54602737},{"price":45276.6,"qty":0.15445238}],"asks":[
{"price":45285.2,"qty":0.00100000},{"price":45286.4,"qty":1.54571953},
{"price":45286.6,"qty":1.54571109},{"price":45289.6,"qty":1.54560911},
{"price":45290.2,"qty":0.15890660},{"price":45291.8,"qty":1.54553491},
{"price":45294.7,"qty":0.04454749},{"price":45296.1,"qty":0.35380000},
{"price":45297.5,"qty":0.09945542},{"price":45299.5,"qty":0.18772827}],"checksum":3310070434}]}`

interface KrakenV2Book {
  readonly bids: readonly { readonly price: string; readonly qty: string }[]
  readonly asks: readonly { readonly price: string; readonly qty: string }[]
  readonly checksum: string
}

describe('crc32 of zlib', () => {
  it('gives the check value of the CRC-32 catalogue', () => {
    expect(crc32('123456789')).toBe(0xcbf43926)
  })
})

describe('the Kraken checksum', () => {
  it('equals the published example of websocket v1', () => {
    const prices = (from: string[]): string[][] => from.map((price) => [price, '0.00000500'])
    const asks = '0.05005 0.05010 0.05015 0.05020 0.05025 0.05030 0.05035 0.05040 0.05045 0.05050'
    const bids = '0.05000 0.04995 0.04990 0.04980 0.04975 0.04970 0.04965 0.04960 0.04955 0.04950'
    const book = fill(new TextBook(), prices(bids.split(' ')), prices(asks.split(' ')))
    expect(krakenChecksum(book)).toBe(974947235)
    expect(checkKraken(book, '974947235')).toBe('match')
    expect(checkKraken(book, '974947236')).toBe('mismatch')
    expect(checkKraken(book, undefined)).toBe('none')
  })

  it('equals the published example of websocket v2, whose numbers keep their zeros', () => {
    const message = JSON.parse(quoteJsonNumbers(KRAKEN_V2_EXAMPLE)) as { data: [KrakenV2Book] }
    const [{ bids, asks, checksum }] = message.data
    const rows = (side: KrakenV2Book['bids']): string[][] =>
      side.map(({ price, qty }) => [price, qty])
    expect(checkKraken(fill(new TextBook(), rows(bids), rows(asks)), checksum)).toBe('match')
    // Through numbers the text is lost, and with it the sum.
    const short = (side: KrakenV2Book['bids']): string[][] =>
      side.map(({ price, qty }) => [String(Number(price)), String(Number(qty))])
    expect(checkKraken(fill(new TextBook(), short(bids), short(asks)), checksum)).toBe('mismatch')
  })

  it('does not see levels behind the tenth', () => {
    const asks = Array.from({ length: 12 }, (_, i) => [`${100 + i}.5`, '1.00'])
    const ten = krakenChecksum(fill(new TextBook(), [], asks.slice(0, 10)))
    expect(krakenChecksum(fill(new TextBook(), [], asks))).toBe(ten)
    expect(krakenChecksum(fill(new TextBook(), [], asks.slice(0, 9)))).not.toBe(ten)
  })
})

describe('the OKX checksum', () => {
  // The strings to check are those of the OKX API v5 documentation, read 2026-11; the sums that the
  // older v3 documentation prints beside the same two books.
  it.each([
    {
      bids: [
        ['3366.1', '7'],
        ['3366', '6'],
      ],
      asks: [
        ['3366.8', '9'],
        ['3368', '8'],
      ],
      text: '3366.1:7:3366.8:9:3366:6:3368:8',
      sum: -1881014294,
    },
    {
      bids: [['3366.1', '7']],
      asks: [
        ['3366.8', '9'],
        ['3368', '8'],
        ['3372', '8'],
      ],
      text: '3366.1:7:3366.8:9:3368:8:3372:8',
      sum: 831078360,
    },
  ])('equals the published example $text', ({ bids, asks, text, sum }) => {
    const book = fill(new TextBook(), bids, asks)
    expect(okxChecksum(book)).toBe(sum)
    expect(crc32(text) | 0).toBe(sum)
    expect(checkOkx(book, sum, 0)).toBe('match')
    expect(checkOkx(book, sum + 1, 0)).toBe('mismatch')
  })

  it('is over 25 levels of each side', () => {
    const asks = Array.from({ length: 30 }, (_, i) => [`${100 + i}`, '1'])
    const bids = Array.from({ length: 30 }, (_, i) => [`${99 - i}`, '2'])
    const cut = okxChecksum(fill(new TextBook(25), bids, asks))
    expect(okxChecksum(fill(new TextBook(), bids, asks))).toBe(cut)
    expect(okxChecksum(fill(new TextBook(24), bids, asks))).not.toBe(cut)
  })

  it('of 0 is none from 2026-06-23 on, 2026-06-02 in demo, and a mismatch before', () => {
    const book = fill(new TextBook(), [['1', '1']], [['2', '1']])
    const { production, demo } = OKX_CHECKSUM_ENDS_MS
    expect(new Date(production).toISOString()).toBe('2026-06-23T00:00:00.000Z')
    expect(new Date(demo).toISOString()).toBe('2026-06-02T00:00:00.000Z')
    expect(checkOkx(book, 0, production)).toBe('none')
    expect(checkOkx(book, 0, production - 1)).toBe('mismatch')
    expect(checkOkx(book, 0, demo, 'demo')).toBe('none')
    expect(checkOkx(book, 0, demo)).toBe('mismatch')
    expect(checkOkx(book, undefined, 0)).toBe('none')
    // Should the venue send sums again, they count.
    expect(checkOkx(book, okxChecksum(book), production)).toBe('match')
    expect(checkOkx(book, 5, production)).toBe('mismatch')
  })
})

const priceText = fc
  .tuple(fc.nat(99), fc.nat(999), fc.nat(3), fc.nat(2))
  .map(
    ([whole, part, zeros, lead]) =>
      `${'0'.repeat(lead)}${whole}.${String(part).padStart(3, '0')}${'0'.repeat(zeros)}`,
  )

describe('a book of text', () => {
  it('equals a naive map of levels sorted by number, after any updates', () => {
    const update = fc.record({
      price: priceText,
      size: fc.constantFrom('0', '0.00', '1', '1.50', '20'),
    })
    fc.assert(
      fc.property(fc.array(update, { maxLength: 80, size: 'max' }), (updates) => {
        const book = new TextBook()
        const naive = new Map<number, readonly [string, string]>()
        for (const { price, size } of updates) {
          book.bids.set(price, size)
          book.asks.set(price, size)
          if (Number(size) === 0) naive.delete(Number(price))
          else naive.set(Number(price), [price, size])
        }
        const sorted = [...naive].sort(([a], [b]) => a - b).map(([, level]) => level)
        const levels = (side: TextBook['asks']): unknown =>
          side.prices.map((price, i) => [price, side.sizes[i]])
        expect(levels(book.asks)).toEqual(sorted)
        expect(levels(book.bids)).toEqual(sorted.toReversed())
      }),
    )
  })

  it('cuts both sides to its depth, so that a level pushed out does not come back', () => {
    const book = new TextBook(2)
    fill(
      book,
      [
        ['10', '1'],
        ['9', '1'],
      ],
      [
        ['11', '1'],
        ['12', '1'],
      ],
    )
    fill(book, [['10.5', '1']], [['10.8', '1']])
    fill(book, [['10.5', '0']], [['10.8', '0']])
    expect(book.bids.prices).toEqual(['10'])
    expect(book.asks.prices).toEqual(['11'])
  })

  it.each([
    ['9', '10', -1],
    ['10.10', '10.1', 0],
    ['0.1', '0.09', 1],
    ['-1', '1', -1],
    ['-2', '-10', 1],
    ['-0', '0.0', 0],
    ['12345678901234567890.1', '12345678901234567890.2', -1],
  ])('orders %s against %s exactly', (a, b, expected) => {
    expect(comparePriceText(a, b)).toBe(expected)
    expect(comparePriceText(b, a)).toBe(expected === 0 ? 0 : -expected)
  })

  it.each(['', '1e-5', ' 1', '1.', '.5', 'NaN', '1,5'])(
    'refuses the price or size "%s"',
    (text) => {
      expect(() => new TextBook().bids.set(text, '1')).toThrow(/^BAD_DECIMAL: /)
      expect(() => new TextBook().bids.set('1', text)).toThrow(/^BAD_DECIMAL: /)
    },
  )
})

describe('quoteJsonNumbers', () => {
  it('quotes numbers of any form and leaves strings, also those that look like numbers', () => {
    const json = String.raw`{"a":0.10000000,"b":[-1,2.5e-7,true,null],"c":"1.0","d\"9":"x \\","e":5}`
    expect(JSON.parse(quoteJsonNumbers(json))).toEqual({
      a: '0.10000000',
      b: ['-1', '2.5e-7', true, null],
      c: '1.0',
      'd"9': 'x \\',
      e: '5',
    })
  })

  it('changes nothing but the numbers of any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const quoted = JSON.parse(quoteJsonNumbers(JSON.stringify(value))) as unknown
        const texts: unknown = JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
          typeof inner === 'number' ? JSON.stringify(inner) : inner,
        )
        expect(quoted).toEqual(texts)
      }),
    )
  })
})

type KrakenPart = Partial<Record<'as' | 'bs' | 'a' | 'b', Rows>> & { readonly c?: string }

describeWithData('real captures', () => {
  it('of Kraken: 4,269 of 4,269 checksums of ten books are reproduced', async () => {
    const books = new Map<string, TextBook>()
    const verdicts = { match: 0, mismatch: 0, none: 0 }
    for await (const { json } of captureLines(
      sharedPath('data/websocket_captures/KRAKEN.ws.50.0.gz'),
    )) {
      const message = JSON.parse(json) as unknown
      if (!Array.isArray(message) || !String(message.at(-2)).startsWith('book-')) continue
      const pair = String(message.at(-1))
      const parts = message.slice(1, -2) as KrakenPart[]
      const snapshot = parts.some((part) => part.as !== undefined)
      const depth = Number(String(message.at(-2)).slice('book-'.length))
      const book = (snapshot ? undefined : books.get(pair)) ?? new TextBook(depth)
      books.set(pair, book)
      for (const part of parts) fill(book, part.bs ?? part.b, part.as ?? part.a)
      verdicts[checkKraken(book, parts.find((part) => part.c !== undefined)?.c)]++
    }
    expect(books.size).toBe(10)
    expect(verdicts).toEqual({ match: 4269, mismatch: 0, none: 10 })
  })

  it('of OKX in 2022: all 290 live checksums of three books are reproduced', async () => {
    const books = new Map<string, TextBook>()
    const verdicts = { match: 0, mismatch: 0, none: 0 }
    for await (const { json } of captureLines(
      sharedPath('data/websocket_captures/OKX.ws.1.0.gz'),
    )) {
      const { arg, action, data } = JSON.parse(json) as {
        arg?: { channel: string; instId: string }
        action?: string
        data?: { bids: Rows; asks: Rows; ts: string; checksum: number }[]
      }
      if (arg?.channel !== 'books' || data === undefined) continue
      const book = (action === 'update' ? books.get(arg.instId) : undefined) ?? new TextBook(400)
      books.set(arg.instId, book)
      for (const { bids, asks, ts, checksum } of data) {
        fill(book, bids, asks)
        verdicts[checkOkx(book, checksum, Number(ts))]++
      }
    }
    expect(books.size).toBe(3)
    expect(verdicts).toEqual({ match: 290, mismatch: 0, none: 0 })
  })
})
