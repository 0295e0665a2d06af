/** A feed that streams within a budget of memory, from files. */
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  DAY,
  MIDNIGHT,
  instrument,
  plainRows,
  session,
  temporaryFolder,
} from '../../test/store-fixture.ts'
import {
  EventKind,
  EventWriter,
  eventCode,
  exchangeOrder,
  type EventColumns,
  type EventWindows,
} from '../market/index.ts'
import { beginImport, openStore } from '../store/index.ts'
import { LobFeed, type LobFeedOptions } from './lob-feed.ts'
import { TickFeed } from './tick-feed.ts'

const path = temporaryFolder()
const symbol = 'BTCUSDT'

/** Two days that one import passes through: four blocks, venue times going back by up to 30 ms. */
function twoDays(): { readonly dir: string; readonly events: EventColumns } {
  const dir = path()
  const events = session(200_000, 11, DAY - 200_000_000_000)
  const transaction = beginImport(dir, { instrument })
  transaction.append('l2', events)
  transaction.commit()
  return { dir, events }
}
const { dir, events } = twoDays()

/** Copies the rows of windows, in the order of their positions. */
function collect(windows: EventWindows, epochNs: bigint): EventColumns {
  const writer = new EventWriter(epochNs)
  for (let window = windows.next(); window !== undefined; window = windows.next()) {
    const { exchOrder } = window
    if (exchOrder === undefined) writer.append(window, 0, window.length)
    else exchOrder.forEach((row) => writer.append({ ...window, length: row + 1 }, row, row + 1))
  }
  return writer.rows
}

const open = (options: Partial<LobFeedOptions> = {}): Promise<LobFeed> =>
  LobFeed.open(dir, { symbol, memory: '24MB', ...options })

describe('a feed within a budget of memory', () => {
  it('spans days and blocks and holds the rows of the feed that loads all', async () => {
    expect(openStore(dir).partitions().length).toBe(2)
    const streamed = await open()
    const whole = await open({ memory: undefined })
    const { tape } = streamed
    expect([tape.length, tape.firstTime, tape.lastTime, tape.epochNs]).toEqual([
      whole.tape.length,
      whole.tape.firstTime,
      whole.tape.lastTime,
      whole.tape.epochNs,
    ])
    expect(streamed.digest).toBe(whole.digest)
    expect(plainRows(collect(tape.local(), tape.epochNs))).toEqual(plainRows(events))
    const inOrder = { ...events, exchOrder: exchangeOrder(events.exchTime, events.length) }
    const expected = new EventWriter(MIDNIGHT)
    inOrder.exchOrder!.forEach((row) => expected.append(events, row, row + 1))
    expect(plainRows(collect(tape.exchange(), tape.epochNs))).toEqual(plainRows(expected.rows))
  })

  it('cuts after `to`, inside a block too, and begins a day earlier where the book needs it', async () => {
    const middle = events.localTime[150_003]!
    const window = { from: MIDNIGHT + BigInt(DAY), to: MIDNIGHT + BigInt(middle) }
    const streamed = await open(window)
    const whole = await open({ ...window, memory: undefined })
    expect(streamed.digest).toBe(whole.digest)
    expect(streamed.fromTime).toBe(DAY)
    expect([streamed.tape.length, streamed.tape.lastTime]).toEqual([whole.events.length, middle])
    const { tape } = streamed
    expect(plainRows(collect(tape.local(), tape.epochNs))).toEqual(plainRows(whole.events))
    const order = whole.events.exchOrder!
    const seen = collect(tape.exchange(), tape.epochNs).seq
    expect([...seen.subarray(0, order.length)]).toEqual(
      Array.from(order, (row) => whole.events.seq[row]),
    )
  })

  it('gives the same ticks and bars', async () => {
    const [streamed, whole] = [await open(), await open({ memory: undefined })]
    expect([...TickFeed.of(streamed).ticks()]).toEqual([...TickFeed.of(whole).ticks()])
    const rule = { by: 'time', every: '10s' } as const
    expect(TickFeed.of(streamed).bars(rule).bars).toEqual(TickFeed.of(whole).bars(rule).bars)
  })

  it('has no columns of all rows, and says so', async () => {
    const feed = await open()
    expect(() => feed.events).toThrow(/^UNSUPPORTED: the feed of BTCUSDT streams .* feed\.tape/)
  })

  it.each([
    ['24', /^BAD_ARGUMENT: "24" is not a size of memory; expected a number with KB, MB, GB/],
    ['1MB', /^BAD_ARGUMENT: a memory budget of 1MB is too small .* 24MB or more/],
    [Number.NaN, /^BAD_ARGUMENT: "NaN" is not a size/],
  ])('refuses a budget of %s', async (memory, message) => {
    await expect(open({ memory })).rejects.toThrow(message)
  })

  it('says when a row must wait longer than the budget can hold', async () => {
    const far = path()
    const writer = new EventWriter(MIDNIGHT)
    for (let row = 0; row < 140_000; row++) {
      const exch = row < 70_000 ? row + 3_600_000_000_000 : row
      writer.push(row, exch, eventCode(EventKind.DepthSet, 1), 100, 1)
    }
    const transaction = beginImport(far, { instrument })
    transaction.append('l2', writer.finish())
    transaction.commit()
    const feed = await LobFeed.open(far, { symbol, memory: '24MB' })
    const windows = feed.tape.exchange()
    expect(() => collect(windows, MIDNIGHT)).toThrow(
      /^OUT_OF_RANGE: 65536 events of venue time 2024-08-08T01:00:00.000000000Z and later wait for/,
    )
    const roomy = await LobFeed.open(far, { symbol, memory: '512MB' })
    expect(collect(roomy.tape.exchange(), MIDNIGHT).seq.length).toBe(140_000)
  })

  it('says when a partition was replaced or damaged while it is being read', async () => {
    const changing = path()
    const write = (seed: number): void => {
      const transaction = beginImport(changing, { instrument })
      transaction.append('l2', session(80_000, seed))
      transaction.commit()
    }
    write(1)
    const feed = await LobFeed.open(changing, { symbol, memory: '24MB' })
    const file = openStore(changing).partitions()[0]!.path
    const bytes = readFileSync(file)
    bytes[100]! ^= 1
    writeFileSync(file, bytes)
    expect(() => feed.tape.local().next()).toThrow(/^CORRUPT_FILE: .* offset \d+ field/)
    write(2)
    expect(() => feed.tape.local().next()).toThrow(/^STORE_CONFLICT: .* was replaced since/)
  })
})
