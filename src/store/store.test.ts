import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  DAY,
  MIDNIGHT,
  instrument,
  sameEvents,
  session,
  temporaryFolder,
} from '../../test/store-fixture.ts'
import { EventKind, EventWriter, Instrument, eventCode } from '../market/index.ts'
import { emptyWindow, openStore, type Store } from './store.ts'
import { beginImport } from './store-transaction.ts'

const path = temporaryFolder()

/** Adds a day of trades a second apart; `day` counts from 2024-08-08. */
function addDay(
  dir: string,
  spec: { venue?: string; symbol?: string; kind?: string; day?: number } = {},
): void {
  const { venue = 'binance-usdm', symbol = 'BTCUSDT', kind = 'l2', day = 0 } = spec
  const writer = new EventWriter(MIDNIGHT + BigInt(day) * BigInt(DAY))
  for (let i = 0; i < 10; i++)
    writer.push(i * 1e9, i * 1e9, eventCode(EventKind.Trade, 1), 10 + i, 1)
  const transaction = beginImport(dir, {
    instrument: new Instrument({ ...instrument.spec, venue, symbol }),
  })
  transaction.append(kind, writer.finish())
  transaction.commit()
}

function storeOf(...specs: readonly Parameters<typeof addDay>[1][]): Store {
  const dir = path()
  for (const spec of specs) addDay(dir, spec)
  return openStore(dir)
}

describe('openStore', () => {
  it('says that there is no store and what makes one', () => {
    expect(() => openStore(path())).toThrow(/^ABSENT_FILE: there is no store at .*lobtrader import/)
    const file = path('file')
    writeFileSync(file, '')
    expect(() => openStore(file)).toThrow(/^ABSENT_FILE/)
  })

  it('finds an empty folder to be an empty store', () => {
    const dir = path()
    mkdirSync(dir)
    expect(openStore(dir).partitions()).toEqual([])
    expect(() => openStore(dir).select({ symbol: 'X' })).toThrow(
      /^ABSENT_SYMBOL: X is not in store .*: it is empty$/,
    )
  })

  it('passes by what is no partition', () => {
    const dir = path()
    addDay(dir)
    writeFileSync(join(dir, 'README.md'), 'mine')
    mkdirSync(join(dir, '.git'))
    mkdirSync(join(dir, 'binance-usdm', 'BTCUSDT', 'notes'))
    writeFileSync(join(dir, 'binance-usdm', 'BTCUSDT', '2024-08-08', 'l2.tape.bak'), 'mine')
    expect(openStore(dir).partitions()).toHaveLength(1)
  })
})

describe('partitions', () => {
  it('are sorted by venue, symbol, day and kind, l2 first', () => {
    const store = storeOf(
      { venue: 'b' },
      { symbol: 'ETHUSDT' },
      { day: 1 },
      { kind: 'bbo' },
      {},
      { kind: 'aaa' },
    )
    expect(
      store.partitions().map((info) => [info.venue, info.symbol, info.day, info.kind].join(' ')),
    ).toEqual([
      'b BTCUSDT 2024-08-08 l2',
      'binance-usdm BTCUSDT 2024-08-08 l2',
      'binance-usdm BTCUSDT 2024-08-08 aaa',
      'binance-usdm BTCUSDT 2024-08-08 bbo',
      'binance-usdm BTCUSDT 2024-08-09 l2',
      'binance-usdm ETHUSDT 2024-08-08 l2',
    ])
  })

  it('tell rows, span, size and instrument without being loaded', () => {
    const [info] = storeOf({}).partitions()
    expect(info).toMatchObject({
      events: 10,
      fromNs: MIDNIGHT,
      toNs: MIDNIGHT + 9_000_000_000n,
      bytes: expect.any(Number),
      isContinued: false,
    })
    expect(new Instrument(info!.instrument).spec).toEqual(instrument.spec)
  })
})

describe('select', () => {
  const store = storeOf({}, { day: 1 }, { day: 2 }, { day: 1, kind: 'bbo' }, { symbol: 'ETHUSDT' })
  const days = (query: Parameters<Store['select']>[0]): readonly string[] =>
    store.select(query).map((info) => `${info.day.slice(8)} ${info.kind}`)

  it('takes days, kinds and the partitions that a span touches, both ends inclusive', () => {
    const symbol = 'BTCUSDT'
    expect(days({ symbol })).toEqual(['08 l2', '09 l2', '09 bbo', '10 l2'])
    expect(days({ symbol, kind: 'bbo' })).toEqual(['09 bbo'])
    expect(days({ symbol, day: '2024-08-10' })).toEqual(['10 l2'])
    expect(days({ symbol, from: '2024-08-09T00:00:09Z' })).toEqual(['09 l2', '09 bbo', '10 l2'])
    expect(days({ symbol, from: '2024-08-09T00:00:09.000000001Z' })).toEqual(['10 l2'])
    expect(days({ symbol, to: '2024-08-09' })).toEqual(['08 l2', '09 l2', '09 bbo'])
    expect(days({ symbol, to: MIDNIGHT - 1n })).toEqual([])
  })

  it('says what is there when the symbol is not, and what was probably meant', () => {
    expect(() => store.select({ symbol: 'BTCUSD' })).toThrow(
      /^ABSENT_SYMBOL: BTCUSD is not in store .*: it holds BTCUSDT \(binance-usdm\), ETHUSDT \(binance-usdm\); did you mean "BTCUSDT"\?$/,
    )
    expect(() => store.select({ symbol: 'BTCUSDT', venue: 'okx' })).toThrow(
      /^ABSENT_SYMBOL: BTCUSDT of venue okx is not/,
    )
  })

  it('asks for the venue when two have the symbol', () => {
    const two = storeOf({}, { venue: 'binance-spot' })
    expect(() => two.select({ symbol: 'BTCUSDT' })).toThrow(
      /^AMBIGUOUS_SYMBOL: .* for the venues binance-spot, binance-usdm; choose one with --venue/,
    )
    expect(two.select({ symbol: 'BTCUSDT', venue: 'binance-spot' })).toHaveLength(1)
  })

  it('has a sentence for a window without events, naming what there is', () => {
    expect(
      emptyWindow(store, { symbol: 'BTCUSDT', kind: 'l2', from: '2025-01-01' }).message,
    ).toMatch(
      /no events of BTCUSDT of kind l2 from 2025-01-01T00:00:00.000000000Z; it has 2024-08-08T00:00:00.000000000Z to 2024-08-10T00:00:09.000000000Z \(kinds l2, bbo\)$/,
    )
    expect(emptyWindow(store, { symbol: 'BTCUSDT', kind: 'l3' }).message).toMatch(
      /it has the kinds l2, bbo$/,
    )
  })
})

describe('read', () => {
  it('yields instrument, facts and columns of each partition', () => {
    const dir = path()
    const transaction = beginImport(dir, { instrument })
    const events = session(500, 4, DAY - 100_000_000)
    transaction.append('l2', events)
    transaction.commit()
    const store = openStore(dir)
    const parts = [...store.read({ symbol: 'BTCUSDT' })]
    expect(parts.map((part) => part.info)).toEqual(store.partitions())
    expect(parts.map((part) => part.events.length).reduce((a, b) => a + b)).toBe(500)
    expect(parts[0]!.instrument.ticksOf('60000.1')).toBe(600_001)
    expect(sameEvents(store.loadJoined(store.partitions()), events)).toBe(true)
  })
})

describe('loadJoined', () => {
  it('refuses more days than a run can count in nanoseconds', () => {
    const store = storeOf({}, { day: 105 })
    expect(() => store.loadJoined(store.partitions())).toThrow(
      /^OUT_OF_RANGE: 2 days from 2024-08-08 to 2024-11-21 .*104 days/,
    )
  })

  it('refuses partitions that overlap in time', () => {
    const store = storeOf({}, { kind: 'bbo' })
    expect(() => store.loadJoined(store.partitions())).toThrow(/^TIME_BACKWARDS/)
  })
})
