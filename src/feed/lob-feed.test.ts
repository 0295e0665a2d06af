import { describe, expect, it } from 'vitest'
import {
  DAY,
  MIDNIGHT,
  instrument,
  sameEvents,
  session,
  temporaryFolder,
} from '../../test/store-fixture.ts'
import {
  EventKind,
  EventWriter,
  Instrument,
  eventCode,
  exchangeOrder,
  sliceEvents,
  type EventColumns,
} from '../market/index.ts'
import { beginImport, openStore } from '../store/index.ts'
import { LobFeed } from './lob-feed.ts'

const path = temporaryFolder()
const SECOND = 1_000_000_000
const DAY_SECONDS = 86_400
const symbol = 'BTCUSDT'

function write(dir: string, events: EventColumns, of = instrument, kind = 'l2'): void {
  const transaction = beginImport(dir, { instrument: of })
  transaction.append(kind, events)
  transaction.commit()
}

/** A row a second from `seconds[0]` to `seconds[1]` after 2024-08-08; the first opens a snapshot. */
function ticking(
  seconds: readonly [number, number],
  opening: EventKind = EventKind.SnapshotBegin,
): EventColumns {
  const day = Math.floor(seconds[0] / DAY_SECONDS)
  const writer = new EventWriter(MIDNIGHT + BigInt(day) * BigInt(DAY))
  for (let second = seconds[0]; second <= seconds[1]; second++) {
    const kind = second === seconds[0] ? opening : EventKind.DepthSet
    const time = second * SECOND - day * DAY
    writer.push(time, time, eventCode(kind, 1), second & 0xffff, 1)
  }
  return writer.finish()
}

describe('LobFeed.open', () => {
  it('gives the rows of the store, its instrument and a name for the report', async () => {
    const dir = path()
    const events = session(5000, 1)
    write(dir, events)
    const feed = await LobFeed.open(dir, { symbol })
    expect(sameEvents(feed.events, events)).toBe(true)
    expect(feed.events.exchOrder).toEqual(events.exchOrder)
    expect(feed.kind).toBe('lob')
    expect(feed.instrument.spec).toEqual(instrument.spec)
    expect([feed.fromTime, feed.toTime]).toEqual([-Infinity, Infinity])
    expect(feed.source).toBe(`${dir}: binance-usdm BTCUSDT l2, 2024-08-08`)
  })

  it('replays from the start of the day, trades from `from` and cuts after `to`', async () => {
    const dir = path()
    write(dir, ticking([100, 200]))
    const feed = await LobFeed.open(dir, {
      symbol,
      from: '2024-08-08T00:02:30Z',
      to: '2024-08-08T00:03:00Z',
    })
    expect(feed.fromTime).toBe(150 * SECOND)
    expect(feed.toTime).toBe(180 * SECOND)
    expect(feed.events.localTime[0]).toBe(100 * SECOND)
    expect(feed.events.length).toBe(81)
    expect(feed.events.localTime[80]).toBe(180 * SECOND)
  })

  it('reorders what a cut leaves for the exchange side', async () => {
    const dir = path()
    const events = session(2000, 2)
    write(dir, events)
    const to = MIDNIGHT + BigInt(events.localTime[700]!)
    const feed = await LobFeed.open(dir, { symbol, to })
    const rows = events.localTime.findIndex((time) => time > events.localTime[700]!)
    const kept = sliceEvents(events, 0, rows)
    expect(sameEvents(feed.events, kept)).toBe(true)
    expect(feed.events.exchOrder).toEqual(exchangeOrder(kept.exchTime, rows))
    expect(feed.events.exchOrder).toBeDefined()
  })

  it('joins days, and leaves out those before the day of `from` and after `to`', async () => {
    const dir = path()
    for (let day = 0; day < 4; day++) {
      write(dir, ticking([day * DAY_SECONDS + 10, day * DAY_SECONDS + 20]))
    }
    const all = await LobFeed.open(dir, { symbol })
    expect(all.events.length).toBe(44)
    expect(all.events.localTime[43]).toBe(3 * DAY + 20 * SECOND)
    expect(all.source).toMatch(/l2, 2024-08-08 to 2024-08-11$/)
    const some = await LobFeed.open(dir, {
      symbol,
      from: '2024-08-09T00:00:15Z',
      to: '2024-08-10T00:00:12Z',
    })
    expect(some.events.epochNs).toBe(MIDNIGHT + BigInt(DAY))
    expect(some.events.length).toBe(11 + 3)
    expect(some.fromTime).toBe(15 * SECOND)
    expect(some.toTime).toBe(DAY + 12 * SECOND)
  })

  it('goes back a day for the book when one import passed midnight', async () => {
    const dir = path()
    write(dir, ticking([DAY_SECONDS - 5, DAY_SECONDS + 5]))
    const feed = await LobFeed.open(dir, { symbol, from: '2024-08-09T00:00:01Z' })
    expect(feed.events.epochNs).toBe(MIDNIGHT)
    expect(feed.events.length).toBe(11)
    expect(feed.fromTime).toBe(DAY + SECOND)
  })

  it('takes the next day that there is when that of `from` is missing', async () => {
    const dir = path()
    write(dir, ticking([2 * DAY_SECONDS, 2 * DAY_SECONDS + 3]))
    const feed = await LobFeed.open(dir, { symbol, from: '2024-08-08T12:00Z' })
    expect(feed.events.length).toBe(4)
    expect(feed.fromTime).toBeLessThan(0)
  })

  it.each([
    ['after the last row', { from: '2024-08-08T00:04Z' }],
    ['before the first row', { to: '2024-08-08T00:01Z' }],
    ['between two rows', { from: '2024-08-08T00:02:00.1Z', to: '2024-08-08T00:02:00.9Z' }],
    ['on another day', { from: '2024-09-01' }],
    ['of a kind that is not there', { kind: 'l3' }],
  ])('names what there is when the window is empty: %s', async (_, window) => {
    const dir = path()
    write(dir, ticking([100, 200]))
    await expect(LobFeed.open(dir, { symbol, ...window })).rejects.toThrow(
      /^OUT_OF_RANGE: store .* has no events of BTCUSDT .*; it has (?:2024-08-08T00:01:40.000000000Z to 2024-08-08T00:03:20.000000000Z|the kinds l2)/,
    )
  })

  it('refuses a window that ends before it begins', async () => {
    const dir = path()
    write(dir, ticking([100, 200]))
    await expect(
      LobFeed.open(dir, { symbol, from: '2024-08-09', to: '2024-08-08' }),
    ).rejects.toThrow(/^BAD_ARGUMENT: from 2024-08-09T.* is after to 2024-08-08T/)
  })

  it('refuses more than 104 days, and runs a part of them', async () => {
    const dir = path()
    write(dir, ticking([0, 5]))
    write(dir, ticking([110 * DAY_SECONDS, 110 * DAY_SECONDS + 5]))
    await expect(LobFeed.open(dir, { symbol })).rejects.toThrow(/^OUT_OF_RANGE: .*104 days/)
    expect((await LobFeed.open(dir, { symbol, from: '2024-10-01' })).events.length).toBe(6)
  })

  it('asks for the venue when two have the symbol', async () => {
    const dir = path()
    write(dir, ticking([0, 5]))
    write(dir, ticking([0, 7]), new Instrument({ ...instrument.spec, venue: 'binance-spot' }))
    await expect(LobFeed.open(dir, { symbol })).rejects.toThrow(/^AMBIGUOUS_SYMBOL/)
    expect((await LobFeed.open(dir, { symbol, venue: 'binance-spot' })).events.length).toBe(8)
    await expect(LobFeed.open(path(), { symbol })).rejects.toThrow(/^ABSENT_FILE/)
  })
})

describe('LobFeed.fromEvents', () => {
  it('is the same feed as one from a store that holds these events', async () => {
    const dir = path()
    const events = session(3000, 3)
    write(dir, events)
    const window = { to: MIDNIGHT + BigInt(events.localTime[2999]!) }
    const opened = await LobFeed.open(dir, { symbol, ...window })
    const wrapped = LobFeed.fromEvents(instrument, events, window)
    expect(wrapped.digest).toBe(opened.digest)
    expect([wrapped.fromTime, wrapped.toTime]).toEqual([opened.fromTime, opened.toTime])
    expect(wrapped.source).toBe('BTCUSDT in memory')
    expect(LobFeed.fromEvents(instrument, events, { source: 'simulated' }).source).toBe('simulated')
  })

  it('has another digest for other rows, another cut and another instrument', () => {
    const events = session(300, 3)
    const { digest } = LobFeed.fromEvents(instrument, events)
    const changed = { ...events, lots: events.lots.map((lots, i) => (i === 150 ? lots + 1 : lots)) }
    const other = new Instrument({ ...instrument.spec, lotSize: '0.01' })
    const digests = [
      digest,
      LobFeed.fromEvents(instrument, changed).digest,
      LobFeed.fromEvents(instrument, events, { to: MIDNIGHT + BigInt(events.localTime[200]!) })
        .digest,
      LobFeed.fromEvents(other, events).digest,
    ]
    expect(new Set(digests).size).toBe(4)
    expect(LobFeed.fromEvents(instrument, session(300, 3)).digest).toBe(digest)
  })

  it('says what there is when the window is empty', () => {
    expect(() =>
      LobFeed.fromEvents(instrument, ticking([100, 200]), { from: '2024-08-09' }),
    ).toThrow(
      /^OUT_OF_RANGE: .*they run from 2024-08-08T00:01:40.000000000Z to 2024-08-08T00:03:20.000000000Z/,
    )
    expect(() => LobFeed.fromEvents(instrument, new EventWriter(MIDNIGHT).finish())).toThrow(
      /no events at all/,
    )
  })
})

describe('the digest of a feed from a store', () => {
  it('does not depend on where the store lies', async () => {
    const [a, b] = [path(), path()]
    for (const dir of [a, b]) write(dir, session(100, 5))
    expect(openStore(a).partitions()[0]!.digest).toBe(openStore(b).partitions()[0]!.digest)
    const feeds = await Promise.all([LobFeed.open(a, { symbol }), LobFeed.open(b, { symbol })])
    expect(feeds[0].digest).toBe(feeds[1].digest)
  })
})
