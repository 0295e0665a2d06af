/** Imports that go on with days that the store has. */
import { describe, expect, it } from 'vitest'
import {
  DAY,
  MIDNIGHT,
  instrument,
  plainRows,
  sameEvents,
  session,
  temporaryFolder,
  tree,
} from '../../test/store-fixture.ts'
import {
  EventKind,
  EventWriter,
  Instrument,
  concatEvents,
  sliceEvents,
  type EventColumns,
} from '../market/index.ts'
import { eventsDigest } from './events-digest.ts'
import { openStore, type Store } from './store.ts'
import { beginImport } from './store-transaction.ts'

const path = temporaryFolder()

function write(dir: string, events: EventColumns, append = true, of = instrument): void {
  const transaction = beginImport(dir, { instrument: of, append })
  try {
    transaction.append('l2', events)
    transaction.commit()
  } catch (error) {
    transaction.abort()
    throw error
  }
}

const load = (store: Store): EventColumns => store.loadJoined(store.partitions())

/** A session that begins with a snapshot, as a file of its own does. */
function withSnapshot(events: EventColumns): EventColumns {
  const writer = new EventWriter(events.epochNs)
  writer.push(events.localTime[0]!, events.exchTime[0]!, EventKind.SnapshotBegin, 0, 0)
  writer.append(events, 0, events.length)
  return writer.finish()
}

describe('an import that appends', () => {
  it('leaves what one import of both would, where the rows go on without a break', () => {
    const events = session(150_000, 1)
    const [parts, whole] = [path(), path()]
    for (const [from, to] of [
      [0, 70_000],
      [70_000, 70_001],
      [70_001, 150_000],
    ] as const) {
      write(parts, sliceEvents(events, from, to))
    }
    write(whole, events, false)
    const [a, b] = [openStore(parts), openStore(whole)]
    const placeless = (store: Store): unknown =>
      store.partitions().map((info) => ({ ...info, path: '' }))
    expect(placeless(a)).toEqual(placeless(b))
    expect(sameEvents(load(a), events)).toBe(true)
  })

  it('adds a further day and makes the store where there is none', () => {
    const dir = path()
    const days = [session(500, 2), session(400, 3, DAY)]
    for (const day of days) write(dir, day)
    expect(
      openStore(dir)
        .partitions()
        .map(({ day, events }) => [day, events]),
    ).toEqual([
      ['2024-08-08', 500],
      ['2024-08-09', 400],
    ])
    expect(plainRows(load(openStore(dir)))).toEqual(plainRows(concatEvents(days)))
  })

  it('puts a gap before a snapshot that begins anew: nobody knows what was missed', () => {
    const dir = path()
    const first = session(300, 4)
    write(dir, first)
    write(dir, withSnapshot(session(200, 5, 3_600_000_000_000)))
    const events = load(openStore(dir))
    expect(events.length).toBe(300 + 1 + 201)
    expect([events.code[300], events.localTime[300]]).toEqual([EventKind.Gap, first.localTime[299]])
    expect(openStore(dir).partitions()[0]!.digest).toBe(eventsDigest(events))
  })

  it('refuses events before the end of a day, other grids, and leaves the store as it was', () => {
    const dir = path()
    write(dir, session(300, 6, 1_000_000_000))
    const before = [tree(dir), openStore(dir).partitions()]
    expect(() => write(dir, session(300, 7))).toThrow(
      /^STORE_CONFLICT: partition .*l2\.tape reaches 2024-08-08T00:00:\d\d\.\d{9}Z and this import begins at 2024-08-08T00:00:00\.\d{9}Z, before that; --append adds later/,
    )
    const other = new Instrument({ ...instrument.spec, tickSize: '0.01' })
    expect(() => write(dir, session(300, 7, DAY / 2), true, other)).toThrow(
      /^STORE_CONFLICT: partition .* is of BTCUSDT with other grids .* without --append$/,
    )
    expect([tree(dir), openStore(dir).partitions()]).toEqual(before)
  })

  it('refuses to take the place of a partition that another import replaced meanwhile', () => {
    const dir = path()
    write(dir, session(300, 8))
    const late = beginImport(dir, { instrument, append: true })
    late.append('l2', session(100, 9, DAY / 2))
    write(dir, session(250, 10), false)
    expect(() => late.commit()).toThrow(/^STORE_CONFLICT: partition .* was replaced/)
    late.abort()
    expect(openStore(dir).partitions()[0]!.events).toBe(250)
  })

  it('keeps whether the book needs the day before', () => {
    const dir = path()
    write(dir, session(2000, 11, DAY - 1_000_000_000), false)
    const [, second] = openStore(dir).partitions()
    expect(second!.isContinued).toBe(true)
    write(dir, session(100, 12, Number(second!.toNs - MIDNIGHT) + 1_000_000_000))
    expect(openStore(dir).partitions()[1]).toMatchObject({
      isContinued: true,
      events: second!.events + 100,
    })
  })
})
