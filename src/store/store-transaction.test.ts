import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  DAY,
  MIDNIGHT,
  instrument,
  session,
  temporaryFolder,
  tree,
} from '../../test/store-fixture.ts'
import { EventKind, EventWriter, Instrument, eventCode } from '../market/index.ts'
import { isPartitionKind, isPartitionName, partitionPath } from './partition.ts'
import { openStore } from './store.ts'
import { beginImport } from './store-transaction.ts'

const path = temporaryFolder()
const trade = eventCode(EventKind.Trade, 1)

/** One row in each array: local time, exchange time, code, tick, lots, reference, sequence. */
function rowsOf(...rows: readonly (readonly number[])[]): ReturnType<EventWriter['finish']> {
  const writer = new EventWriter(MIDNIGHT)
  for (const row of rows) {
    writer.push(row[0]!, row[1] ?? 0, row[2] ?? trade, row[3] ?? 1, row[4] ?? 1, row[5], row[6])
  }
  return writer.finish()
}

describe('an import', () => {
  it('shows nothing before it commits, and everything after', () => {
    const dir = path()
    const transaction = beginImport(dir, { instrument })
    transaction.append('l2', session(70_000, 1))
    transaction.append('bbo', session(10, 2))
    expect(() => openStore(dir)).toThrow(/^ABSENT_FILE/)
    const written = transaction.commit()
    expect(written.map(({ kind, events }) => [kind, events])).toEqual([
      ['l2', 70_000],
      ['bbo', 10],
    ])
    expect(openStore(dir).partitions()).toEqual(written)
    expect(tree(dir)).toEqual([
      'binance-usdm',
      'binance-usdm/BTCUSDT',
      'binance-usdm/BTCUSDT/2024-08-08',
      'binance-usdm/BTCUSDT/2024-08-08/bbo.tape',
      'binance-usdm/BTCUSDT/2024-08-08/l2.tape',
    ])
  })

  it('replaces the partitions that it has, and no others', () => {
    const dir = path()
    const write = (rows: number, kinds: readonly string[]): void => {
      const transaction = beginImport(dir, { instrument })
      for (const kind of kinds) transaction.append(kind, session(rows, rows))
      transaction.commit()
    }
    write(100, ['l2', 'bbo'])
    write(300, ['l2'])
    expect(
      openStore(dir)
        .partitions()
        .map(({ kind, events }) => [kind, events]),
    ).toEqual([
      ['l2', 300],
      ['bbo', 100],
    ])
    expect(tree(dir).filter((name) => name.includes('import'))).toEqual([])
  })

  it('leaves nothing at all when a first one is aborted, not even folders on the way', () => {
    const root = path('root')
    mkdirSync(root)
    const dir = join(root, 'a', 'b', 'store')
    const transaction = beginImport(dir, { instrument })
    transaction.append('l2', session(100_000, 1))
    expect(tree(root)).not.toEqual([])
    transaction.abort()
    transaction.abort()
    expect(tree(root)).toEqual([])
  })

  it('leaves a store as it was when a later one is aborted', () => {
    const dir = path()
    const first = beginImport(dir, { instrument })
    first.append('l2', session(50, 1))
    first.commit()
    const before = tree(dir).map((name) => [
      name,
      name.endsWith('.tape') && readFileSync(join(dir, name)),
    ])
    const second = beginImport(dir, { instrument })
    second.append('l2', session(100_000, 2))
    second.append('bbo', session(5, 2))
    expect(openStore(dir).partitions()).toHaveLength(1)
    second.abort()
    expect(
      tree(dir).map((name) => [name, name.endsWith('.tape') && readFileSync(join(dir, name))]),
    ).toEqual(before)
  })

  it('without a row makes no store', () => {
    const dir = path()
    expect(beginImport(dir, { instrument }).commit()).toEqual([])
    expect(() => openStore(dir)).toThrow(/^ABSENT_FILE/)
  })

  it('joins a store that another first import has made meanwhile', () => {
    const dir = path()
    const slow = beginImport(dir, { instrument })
    slow.append('bbo', session(5, 1))
    const fast = beginImport(dir, { instrument })
    fast.append('l2', session(7, 1))
    fast.commit()
    slow.commit()
    expect(
      openStore(dir)
        .partitions()
        .map(({ kind, events }) => [kind, events]),
    ).toEqual([
      ['l2', 7],
      ['bbo', 5],
    ])
    expect(readdirSync(dirname(dir)).filter((name) => name.includes('.import-'))).toEqual([])
  })
})

describe('what a dead import has left', () => {
  const host = (dir: string): string => {
    const transaction = beginImport(dir, { instrument })
    transaction.append('l2', session(1, 1))
    const name = readdirSync(dirname(dir)).find((entry) =>
      entry.startsWith(`.${basename(dir)}.import-`),
    )!
    transaction.abort()
    return name.slice(`.${basename(dir)}.import-`.length).split('-')[0]!
  }

  it('is passed by when the store is opened, and removed by the next import', () => {
    const dir = path()
    const name = host(dir)
    const beside = `${dirname(dir)}/.${basename(dir)}.import-${name}-999999999-1-0`
    mkdirSync(beside)
    writeFileSync(join(beside, 'half.tape'), 'LOBTAPE')
    const first = beginImport(dir, { instrument })
    first.append('l2', session(5, 1))
    first.commit()
    expect(readdirSync(dirname(dir))).not.toContain(basename(beside))

    const inside = join(
      dir,
      `.import-${name}-999999999-1-0`,
      'binance-usdm',
      'BTCUSDT',
      '2024-08-08',
    )
    mkdirSync(inside, { recursive: true })
    writeFileSync(join(inside, 'l2.tape'), 'LOBTAPE')
    expect(openStore(dir).partitions()).toHaveLength(1)
    const second = beginImport(dir, { instrument })
    second.append('l2', session(6, 1))
    second.commit()
    expect(readdirSync(dir)).toEqual(['binance-usdm'])
  })

  it('is kept while its process lives, or when another machine has made it', () => {
    const dir = path()
    const name = host(dir)
    const kept = [`.import-${name}-1-1-0`, '.import-00000000-999999999-1-0']
    for (const folder of kept) mkdirSync(join(dir, folder), { recursive: true })
    const transaction = beginImport(dir, { instrument })
    transaction.append('l2', session(5, 1))
    transaction.commit()
    expect(readdirSync(dir).toSorted()).toEqual([...kept.toSorted(), 'binance-usdm'].toSorted())
  })
})

describe('rows that must not enter a store', () => {
  it.each([
    [
      'local time that goes back',
      [[5], [4]],
      'TIME_BACKWARDS',
      /row 2 field localTime: receive time must not go back \(events of kind l2\), was 4/,
    ],
    [
      'a local time that is not a number',
      [[1], [Number.NaN]],
      'NOT_FINITE',
      /row 2 field localTime/,
    ],
    ['a first local time that is infinite', [[Infinity]], 'NOT_FINITE', /row 1 field localTime/],
    [
      'a local time between two nanoseconds',
      [[1.5]],
      'BAD_FIELD',
      /row 1 field localTime: must be an integer/,
    ],
    ['a venue time that is not a number', [[1, Number.NaN]], 'NOT_FINITE', /field exchTime/],
    ['a venue time beyond 2^53', [[1, 2 ** 60]], 'OUT_OF_RANGE', /field exchTime/],
    ['a size that is not a number', [[1, 1, trade, 1, Number.NaN]], 'NOT_FINITE', /field lots/],
    [
      'a negative size',
      [[1, 1, trade, 1, -3]],
      'NEGATIVE',
      /field lots: must not be negative .* was -3/,
    ],
    ['a fraction of a lot', [[1, 1, trade, 1, 0.5]], 'BAD_FIELD', /field lots/],
    [
      'a kind that there is not',
      [[1, 1, 0, 1, 1]],
      'BAD_FIELD',
      /field code: must name an event kind/,
    ],
    ['a reference below -1', [[1, 1, trade, 1, 1, -2]], 'BAD_FIELD', /field orderRef/],
    ['a sequence beyond 2^53', [[1, 1, trade, 1, 1, -1, 2 ** 53]], 'OUT_OF_RANGE', /field seq/],
  ])('are %s', (_, rows, code, message) => {
    const transaction = beginImport(path(), { instrument })
    expect(() => transaction.append('l2', rowsOf(...rows))).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    )
    transaction.abort()
  })

  it('are counted over all appends of their kind, and time may not go back between appends', () => {
    const transaction = beginImport(path(), { instrument })
    transaction.append('l2', rowsOf([1], [2], [DAY + 5]))
    transaction.append('bbo', rowsOf([0]))
    expect(() => transaction.append('l2', rowsOf([DAY + 6], [DAY + 4]))).toThrow(
      /row 5 field localTime/,
    )
    expect(() => transaction.append('l2', rowsOf([7]))).toThrow(/^TIME_BACKWARDS/)
    transaction.abort()
  })

  it('may have venue times before midnight and funding below zero', () => {
    const dir = path()
    const transaction = beginImport(dir, { instrument })
    transaction.append('l2', rowsOf([0, -5_000_000_000], [0, 0, EventKind.Funding, 5, -7]))
    const [info] = transaction.commit()
    const events = openStore(dir).load(info!)
    expect([...events.exchTime]).toEqual([-5_000_000_000, 0])
    expect([...events.lots]).toEqual([1, -7])
  })
})

describe('names that become paths', () => {
  const bad = [
    '',
    '.',
    '..',
    '../x',
    'a/b',
    'a\\b',
    '/etc',
    '.hidden',
    'a\0b',
    'con',
    'NUL.txt',
    'x.',
    'ä',
    'x'.repeat(65),
  ]

  it.each(bad)('refuse %j', (name) => {
    expect(isPartitionName(name)).toBe(false)
    expect(() =>
      partitionPath('store', { venue: name, symbol: 'A', day: '2024-08-08', kind: 'l2' }),
    ).toThrow(/^BAD_ARGUMENT: venue/)
    expect(() =>
      partitionPath('store', { venue: 'A', symbol: name, day: '2024-08-08', kind: 'l2' }),
    ).toThrow(/^BAD_ARGUMENT: symbol/)
    expect(() =>
      partitionPath('store', { venue: 'A', symbol: 'A', day: name, kind: 'l2' }),
    ).toThrow(/^BAD_ARGUMENT: day/)
    expect(isPartitionKind(name)).toBe(false)
    expect(() => beginImport(path(), { instrument }).append(name, rowsOf([1]))).toThrow(
      /^BAD_ARGUMENT: kind/,
    )
  })

  it('refuse a device name that an instrument may have', () => {
    const device = new Instrument({ ...instrument.spec, symbol: 'COM1' })
    expect(() => beginImport(path(), { instrument: device })).toThrow(
      /^BAD_ARGUMENT: symbol "COM1"/,
    )
  })

  it.each(['BTCUSDT', 'BTC-PERP', '1INCH_USDT', 'ES.c.0'])('accept %s', (name) => {
    expect(isPartitionName(name)).toBe(true)
  })

  it('do not follow a link out of the store', () => {
    const dir = path()
    const outside = path('outside')
    mkdirSync(dir)
    mkdirSync(outside)
    symlinkSync(outside, join(dir, 'binance-usdm'))
    const transaction = beginImport(dir, { instrument })
    transaction.append('l2', rowsOf([1]))
    expect(() => transaction.commit()).toThrow(/^STORE_CONFLICT: .*binance-usdm is in the way/)
    transaction.abort()
    expect(readdirSync(outside)).toEqual([])
    expect(readdirSync(dir)).toEqual(['binance-usdm'])
  })

  it('do not make a store of a file', () => {
    const file = path('file')
    writeFileSync(file, 'mine')
    expect(() => beginImport(file, { instrument }).append('l2', rowsOf([1]))).toThrow(
      /^STORE_CONFLICT/,
    )
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })
})
