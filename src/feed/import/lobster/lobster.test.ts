import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  TestFolder,
  exists,
  failureOf,
  loadRows,
  plainRows,
} from '../../../../test/import-support.ts'
import { EventKind, Instrument, KIND_MASK, codeSide } from '../../../market/index.ts'
import { instantNs } from '../../../time/index.ts'
import { importCapture } from '../import-capture.ts'
import type { ImportCaptureOptions } from '../import-options.ts'
import type { ImportResult } from '../import-result.ts'

const folder = new TestFolder()

interface Imported {
  readonly result: ImportResult
  readonly store: string
}

async function importPair(
  messages: readonly string[],
  book: readonly string[],
  options: Partial<ImportCaptureOptions> = {},
): Promise<Imported> {
  const store = folder.newStore()
  const levels = (book[0] ?? '').split(',').length / 4
  const name = (kind: string): string => `TEST_2012-06-21_34200000_57600000_${kind}_${levels}.csv`
  const files = [
    folder.write(name('message'), `${messages.join('\n')}\n`),
    folder.write(name('orderbook'), `${book.join('\n')}\n`),
  ]
  const result = await importCapture({ format: 'lobster', files, store, ...options })
  return { result, store }
}

const kindName = (code: number): string =>
  Object.entries(EventKind).find(([, value]) => value === (code & KIND_MASK))![0]

const rowText = (store: string, symbol = 'TEST'): string[] =>
  plainRows(loadRows(store, symbol)).map(
    ({ code, tick, lots, seq }) => `${seq} ${kindName(code)} ${codeSide(code)} ${tick}x${lots}`,
  )

const BOOK = ['1000100,5,1000000,7', '1000100,5,1000000,9', '1000100,3,1000000,9']
const MESSAGES = [
  '34200.5,1,1,7,1000000,1',
  '34200.500000001,1,2,2,1000000,1',
  '34201.25,4,3,2,1000100,-1',
]

describe('a LOBSTER pair', () => {
  it('becomes a snapshot, level changes and trades of the side that took', async () => {
    const { store, result } = await importPair(MESSAGES, BOOK)
    expect(rowText(store)).toEqual([
      '1 SnapshotBegin 0 0x0',
      '1 SnapshotLevel 1 1000000x7',
      '1 SnapshotLevel -1 1000100x5',
      '1 SnapshotEnd 0 0x0',
      '2 DepthSet 1 1000000x9',
      '3 Trade 1 1000100x2',
      '3 DepthSet -1 1000100x3',
    ])
    expect(result).toMatchObject({
      format: 'lobster',
      venue: 'nasdaq',
      symbol: 'TEST',
      messages: 3,
      events: 7,
      transitions: { compared: 2, equal: 2 },
      clockOffsetNs: 0,
      final: { bestBid: [100, 9], bestAsk: [100.01, 3] },
      trades: { count: 1, volume: 2, buyVolume: 2, vwap: 100.01 },
      // 09:30:00.5 in New York, daylight saving time.
      fromNs: instantNs('2012-06-21T13:30:00.5Z'),
      toNs: instantNs('2012-06-21T13:30:01.25Z'),
    })
    expect(result.verify).toBeUndefined()
  })

  it('says what it verified when asked to', async () => {
    const { result } = await importPair(MESSAGES, BOOK, { verify: true })
    expect(result.verify).toEqual({ compared: 2, equal: 2 })
  })

  it('takes day, zone, venue and symbol from options where names do not tell', async () => {
    const store = folder.newStore()
    const result = await importCapture({
      format: 'lobster',
      files: [
        folder.write('b', BOOK.join('\r\n')),
        folder.write('m.gz', gzipSync(MESSAGES.join('\r\n'))),
      ],
      store,
      date: '2020-01-15',
      timeZone: 'Europe/London',
      venue: 'lse',
      symbols: ['VOD'],
    })
    expect(result).toMatchObject({ venue: 'lse', symbol: 'VOD', messages: 3 })
    expect(result.fromNs).toBe(instantNs('2020-01-15T09:30:00.5Z'))
    expect(rowText(store, 'VOD')).toHaveLength(7)
  })

  it('prints hidden executions as trades between the cents, without a change of the book', async () => {
    const { store, result } = await importPair(
      [...MESSAGES, '34202,5,0,40,1000050,-1', '34203,5,0,10,1000049,1'],
      [...BOOK, BOOK[2]!, BOOK[2]!],
    )
    expect(rowText(store).slice(-2)).toEqual(['4 Trade 1 1000050x40', '5 Trade -1 1000049x10'])
    expect(result.trades).toMatchObject({ count: 3, volume: 52, buyVolume: 42 })
    expect(result.transitions).toEqual({ compared: 4, equal: 4 })
  })

  it('writes trading halts and resumptions as status, a resumption of quoting alone not', async () => {
    const halt = ['34300,7,0,0,-1,-1', '34400,7,0,0,0,-1', '34500,7,0,0,1,-1']
    const { store } = await importPair(
      [...MESSAGES, ...halt],
      [...BOOK, BOOK[2]!, BOOK[2]!, BOOK[2]!],
    )
    expect(rowText(store).slice(-2)).toEqual(['4 Status 0 0x0', '6 Status 0 0x1'])
  })

  it('treats dummy levels as empty and levels that enter the window as new', async () => {
    const none = (sign: string): string => `${sign}9999999999,0`
    const { store, result } = await importPair(
      [
        '34200,1,1,5,1000100,-1',
        '34201,1,2,6,1000000,1',
        '34202,3,2,6,1000000,1',
        '34203,1,3,4,1000050,-1',
      ],
      [
        `1000100,5,${none('-')},${none('')},${none('-')}`,
        `1000100,5,1000000,6,${none('')},${none('-')}`,
        `1000100,5,${none('-')},${none('')},${none('-')}`,
        `1000050,4,${none('-')},1000100,5,${none('-')}`,
      ],
    )
    expect(rowText(store).slice(3)).toEqual([
      '2 DepthSet 1 1000000x6',
      '3 DepthSet 1 1000000x0',
      '4 DepthSet -1 1000050x4',
    ])
    expect(result.final).toEqual({
      bestBid: null,
      bestAsk: [100.005, 4],
      bidLevels: 0,
      askLevels: 2,
      bidSize: 0,
      askSize: 9,
    })
    expect(result.transitions).toEqual({ compared: 3, equal: 3 })
  })

  it('removes levels that leave the window and takes the size of those that come back', async () => {
    const { store, result } = await importPair(
      ['34200,1,1,5,1000100,-1', '34201,1,2,4,1000050,-1', '34202,3,2,4,1000050,-1'],
      ['1000100,5,1000000,7', '1000050,4,1000000,7', '1000100,8,1000000,7'],
    )
    expect(rowText(store).slice(4)).toEqual([
      '2 DepthSet -1 1000100x0',
      '2 DepthSet -1 1000050x4',
      '3 DepthSet -1 1000050x0',
      '3 DepthSet -1 1000100x8',
    ])
    expect(result.transitions).toEqual({ compared: 2, equal: 2 })
  })

  it.each([
    ['a wrong size', 1, '1000100,5,1000000,8'],
    ['another side changed', 1, '1000100,4,1000000,9'],
    ['a level from nowhere', 1, '1000090,5,1000000,9'],
    ['an execution that took nothing', 2, '1000100,5,1000000,9'],
  ])('counts a row that does not follow from its message: %s', async (_, index, row) => {
    const { result } = await importPair(MESSAGES, BOOK.with(index, row))
    expect(result.transitions!.equal).toBeLessThan(2)
    expect(result.warnings.join('\n')).toMatch(
      new RegExp(
        `book rows do not follow from the row before and their message: rows ${index + 1}`,
      ),
    )
  })

  it('reports crossed rows, auction trades and a clock that cannot be fixed', async () => {
    const { result } = await importPair(
      [...MESSAGES, '34202,1,9,1,1000200,1', '34203,6,-1,500,1000000,-1'],
      [...BOOK, '1000100,3,1000200,1', '1000100,3,1000200,1'],
      { fixClock: true },
    )
    expect(result).toMatchObject({ crossed: 2, clockFixed: false, trades: { count: 1 } })
    expect(result.warnings).toEqual([
      'the best bid stands above the best ask in 2 rows: 4, 5',
      '1 auction trades (type 6) were left out: rows 5',
      'LOBSTER data have one time, so there is no clock to fix',
    ])
  })

  it('keeps cents as ticks when the instrument says so, and refuses prices between them', async () => {
    const instrument = new Instrument({
      venue: 'nasdaq',
      symbol: 'TEST',
      kind: 'equity',
      base: 'TEST',
      quote: 'USD',
      tickSize: '0.01',
      lotSize: '1',
    })
    const { store } = await importPair(MESSAGES, BOOK, { instrument })
    expect(rowText(store)[1]).toBe('1 SnapshotLevel 1 10000x7')
    const error = await failureOf(
      importPair([...MESSAGES, '34202,5,0,40,1000050,-1'], [...BOOK, BOOK[2]!], { instrument }),
    )
    expect(error.message).toMatch(
      /^OFF_GRID: .*message_1\.csv line 4 field price: .*100\.0050.*nearest 100 and 100\.01$/,
    )
  })
})

describe('a bad LOBSTER pair is refused in one sentence and leaves nothing behind:', () => {
  it.each([
    [
      'a message line that is no numbers',
      [...MESSAGES.slice(0, 2), '34201.25,four,3,2,1000100,-1'],
      BOOK,
      /^BAD_FIELD: .*message_1\.csv line 3 field type: expected 6 numbers .* was "34201\.25,four,3,2,1000100,-1"$/,
    ],
    [
      'a message line that ends early',
      [...MESSAGES.slice(0, 2), '34201.25,4,3'],
      BOOK,
      /^BAD_FIELD: .*message_1\.csv line 3 field size: expected 6 numbers/,
    ],
    [
      'a message type that is none',
      [...MESSAGES.slice(0, 2), '34201.25,9,3,2,1000100,-1'],
      BOOK,
      /^BAD_FIELD: .*message_1\.csv line 3 field type: expected 1 to 7, was 9$/,
    ],
    [
      'a direction that is none',
      [...MESSAGES.slice(0, 2), '34201.25,4,3,2,1000100,0'],
      BOOK,
      /^BAD_FIELD: .*line 3 field direction: expected 1 or -1, was 0$/,
    ],
    [
      'a negative size',
      [...MESSAGES.slice(0, 2), '34201.25,4,3,-2,1000100,-1'],
      BOOK,
      /^BAD_FIELD: .*line 3 field size: expected a size above 0, was -2$/,
    ],
    [
      'a price of 0',
      [...MESSAGES.slice(0, 2), '34201.25,4,3,2,0,-1'],
      BOOK,
      /^BAD_FIELD: .*line 3 field price: expected a price above 0, was 0$/,
    ],
    [
      'time going back',
      [...MESSAGES.slice(0, 2), '34200.4,4,3,2,1000100,-1'],
      BOOK,
      /^TIME_BACKWARDS: .*message_1\.csv line 3 field time: the time goes back$/,
    ],
    [
      'a book row with too few columns',
      MESSAGES,
      BOOK.with(2, '1000100,3,1000000'),
      /^BAD_FIELD: .*orderbook_1\.csv line 3 field column 4: expected 4 integers.* was absent$/,
    ],
    [
      'a negative size in the book',
      MESSAGES,
      BOOK.with(2, '1000100,-3,1000000,9'),
      /^BAD_FIELD: .*orderbook_1\.csv line 3 field column 2: .* was "-3"$/,
    ],
    [
      'NaN in the book',
      MESSAGES,
      BOOK.with(2, '1000100,3,NaN,9'),
      /^BAD_FIELD: .*orderbook_1\.csv line 3 field column 3: .* was "NaN"$/,
    ],
    [
      'fewer book rows than messages',
      MESSAGES,
      BOOK.slice(0, 2),
      /^TRUNCATED_FILE: .*orderbook_1\.csv line 3: there is no row 3, but .*message_1\.csv has one/,
    ],
    [
      'fewer messages than book rows',
      MESSAGES.slice(0, 2),
      BOOK,
      /^TRUNCATED_FILE: .*message_1\.csv line 3: there is no row 3, but .*orderbook_1\.csv has one/,
    ],
  ] as const)('%s', async (_, messages, book, pattern) => {
    const store = folder.newStore()
    const error = await failureOf(importPair(messages, book, { store }))
    expect(error.message).toMatch(pattern)
    expect(exists(store)).toBe(false)
  })

  it('levels out of order', async () => {
    const error = await failureOf(
      importPair([MESSAGES[0]!], ['1000100,5,1000000,7,1000100,6,999900,8']),
    )
    expect(error.message).toMatch(
      /^BAD_FIELD: .*orderbook_2\.csv line 1 field column 5: .* was "1000100"$/,
    )
  })

  it('one file, two of a kind, files of different days or levels, or something else', async () => {
    const name = (day: string, kind: string, levels: number): string =>
      `TEST_${day}_34200000_57600000_${kind}_${levels}.csv`
    const message = folder.write(name('2012-06-21', 'message', 5), MESSAGES.join('\n'))
    const deeper = folder.write(name('2012-06-21', 'message', 1), MESSAGES.join('\n'))
    const book = folder.write(name('2012-06-21', 'orderbook', 1), BOOK.join('\n'))
    const later = folder.write(name('2012-06-22', 'orderbook', 1), BOOK.join('\n'))
    const other = folder.write('other.csv', 'a,b,c\n')
    const refused = async (...files: string[]): Promise<string> =>
      (await failureOf(importCapture({ format: 'lobster', files, store: folder.newStore() })))
        .message
    expect(await refused(message)).toMatch(
      /^BAD_ARGUMENT: LOBSTER data are a pair, one message file and its orderbook file; given: .*message_5\.csv \(messages\)$/,
    )
    expect(await refused(message, deeper)).toMatch(/\(messages\), .*\(messages\)$/)
    expect(await refused(book, book)).toMatch(/\(book\), .*\(book\)$/)
    expect(await refused(message, book)).toMatch(/different numbers of levels: 5 and 1$/)
    expect(await refused(deeper, later)).toMatch(/different days: 2012-06-21 and 2012-06-22$/)
    expect(await refused(other, book)).toMatch(
      /^BAD_FIELD: .*other\.csv line 1: .* this one has 3$/,
    )
  })

  it('a day, symbol or zone that cannot be told', async () => {
    const files = [
      folder.write('m.csv', MESSAGES.join('\n')),
      folder.write('b.csv', BOOK.join('\n')),
    ]
    const refused = async (options: Partial<ImportCaptureOptions>): Promise<string> =>
      (
        await failureOf(
          importCapture({ format: 'lobster', files, store: folder.newStore(), ...options }),
        )
      ).message
    expect(await refused({ symbols: ['X'] })).toMatch(/does not tell the day; give it with --date/)
    expect(await refused({ date: '2012-06-21' })).toMatch(
      /does not tell the symbol; give it with --symbol/,
    )
    expect(await refused({ symbols: ['X'], date: '2012-13-01' })).toMatch(/^BAD_INSTANT/)
    expect(await refused({ symbols: ['X'], date: '2012-06-21', timeZone: 'Mars/Base' })).toMatch(
      /^BAD_ARGUMENT: unknown time zone "Mars\/Base"; expected a name such as America\/New_York$/,
    )
  })
})
