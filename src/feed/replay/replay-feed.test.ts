import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Tape, unitInstrument } from '../../../test/tape.ts'
import { OrderBook } from '../../book/index.ts'
import { ManualClock, SystemPacingClock } from '../../time/index.ts'
import { LobFeed } from '../lob-feed.ts'
import { simulateMarket } from '../simulated-market/simulated-market.ts'
import { ReplayFeed, type ReplayBatch, type ReplayOptions } from './replay-feed.ts'

const MS = 1e6

/** One bid change at each of these milliseconds; its size is its number. */
function feedOf(
  milliseconds: readonly number[],
  window: { readonly from?: bigint; readonly to?: bigint } = {},
): LobFeed {
  const tape = new Tape()
  for (const [i, ms] of milliseconds.entries()) tape.bid(ms * MS, 100, i + 1)
  return LobFeed.fromEvents(unitInstrument, tape.events(), window)
}

/** Lets whatever is ready run, without time going on. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

interface Heard {
  /** Clock, ms. */
  readonly at: number
  /** Numbers of the rows. */
  readonly rows: readonly number[]
  readonly batch: ReplayBatch
}

class Session {
  readonly clock = new ManualClock(5 * MS)
  readonly heard: Heard[] = []
  readonly replay: ReplayFeed
  failure: unknown
  #onBatch: (batch: ReplayBatch) => void | Promise<void>

  constructor(
    feed: LobFeed,
    options: ReplayOptions = {},
    onBatch: (batch: ReplayBatch) => void | Promise<void> = () => undefined,
  ) {
    this.#onBatch = onBatch
    this.replay = new ReplayFeed(feed, { clock: this.clock, ...options })
    const done = this.replay.run((batch) => {
      const { events, fromRow, toRow } = batch
      const rows = [...events.lots.subarray(fromRow, toRow)]
      this.heard.push({ at: this.clock.now() / MS, rows, batch })
      return this.#onBatch(batch)
    })
    void done.catch((error: unknown) => {
      this.failure = error
    })
  }

  /** Moves the clock to a millisecond, stopping wherever somebody waits. */
  async until(ms: number): Promise<void> {
    await settle()
    while (this.clock.nextDeadline <= ms * MS) {
      this.clock.moveTo(this.clock.nextDeadline)
      await settle()
    }
    this.clock.moveTo(ms * MS)
    await settle()
  }

  get log(): (readonly [number, readonly number[]])[] {
    return this.heard.map(({ at, rows }) => [at, rows])
  }
}

describe('a replay', () => {
  it('keeps the distances of the rows, from the first on', async () => {
    const session = new Session(feedOf([1000, 1000, 1003, 1010]))
    await session.until(100)
    expect(session.log).toEqual([
      [5, [1, 2]],
      [8, [3]],
      [15, [4]],
    ])
    expect(session.replay.state).toBe('ended')
  })

  it.each([
    [2, [5, 6.5, 10]],
    [10, [5, 5.3, 6]],
    [0.5, [5, 11, 25]],
  ])('at speed %d divides them', async (speed, at) => {
    const session = new Session(feedOf([1000, 1003, 1010]), { speed })
    await session.until(100)
    expect(session.log.map(([ms]) => ms)).toEqual(at)
  })

  it('at speed max lets no time pass', async () => {
    const session = new Session(feedOf([0, 5000, 1e6]), { speed: 'max', batchRows: 2 })
    await session.until(5)
    expect(session.log).toEqual([
      [5, [1, 2]],
      [5, [3]],
    ])
  })

  it('never lets lateness add up: deadlines are absolute', async () => {
    const session = new Session(feedOf([0, 10, 20, 30, 40]))
    await settle()
    for (const ms of [17, 28, 36, 49]) {
      session.clock.moveTo(ms * MS)
      await settle()
    }
    // Due at 5, 15, 25, 35, 45: each was heard at the first look after it, not 10 ms after the last.
    expect(session.log).toEqual([
      [5, [1]],
      [17, [2]],
      [28, [3]],
      [36, [4]],
      [49, [5]],
    ])
    expect(session.heard.map(({ batch }) => batch.lateNs / MS)).toEqual([0, 2, 3, 1, 4])
  })

  it('gives a slow reader all that became due meanwhile, and never two batches at once', async () => {
    let release = (): void => undefined
    let open = 0
    const session = new Session(feedOf([0, 1, 2, 3, 9]), {}, async () => {
      expect(++open).toBe(1)
      await new Promise<void>((resolve) => (release = resolve))
      open--
    })
    await session.until(7)
    expect(session.log).toEqual([[5, [1]]])
    release()
    await session.until(8)
    expect(session.log.at(-1)).toEqual([7, [2, 3]])
    release()
    await session.until(9)
    expect(session.log.at(-1)).toEqual([8, [4]])
  })

  it('keeps rows of one moment in one batch, however small batches are', async () => {
    const session = new Session(feedOf([1, 1, 1, 2, 2]), { speed: 'max', batchRows: 1 })
    await session.until(5)
    expect(session.log.map(([, rows]) => rows)).toEqual([
      [1, 2, 3],
      [4, 5],
    ])
  })

  it('first brings the book to where the window begins', async () => {
    const session = new Session(feedOf([1, 2, 50, 60], { from: 50n * BigInt(MS) }))
    await session.until(100)
    expect(session.log).toEqual([
      [5, [1, 2]],
      [5, [3]],
      [15, [4]],
    ])
    expect(session.heard.map(({ batch }) => [batch.isCatchUp, batch.isRestart])).toEqual([
      [true, true],
      [false, false],
      [false, false],
    ])
  })
})

describe('a paused replay', () => {
  it('stops market time and goes on from there', async () => {
    const session = new Session(feedOf([0, 10, 20]))
    await session.until(12)
    session.replay.pause()
    await session.until(40)
    expect([session.log.length, session.replay.state]).toEqual([1, 'paused'])
    session.replay.resume()
    await session.until(100)
    // 3 ms of market time were left to the second row.
    expect(session.log).toEqual([
      [5, [1]],
      [43, [2]],
      [53, [3]],
    ])
  })

  it('steps by row, by moment and by trade', async () => {
    const events = new Tape()
      .bid(1, 100, 1)
      .bid(1, 100, 2)
      .bid(2, 100, 3)
      .bid(2, 100, 4)
      .bid(3, 100, 5)
      .trade(4, 1, 101, 6)
      .bid(4, 100, 7)
      .events()
    const session = new Session(LobFeed.fromEvents(unitInstrument, events), { paused: true })
    await session.until(50)
    expect(session.log).toEqual([])
    session.replay.step('event')
    session.replay.step('message')
    await session.until(51)
    session.replay.step()
    await session.until(52)
    session.replay.step('trade')
    await session.until(53)
    expect(session.log.map(([, rows]) => rows)).toEqual([[1], [2], [3, 4], [5, 6]])
    expect(session.replay.time).toBe(4)
    session.replay.resume()
    await session.until(60)
    expect(session.log.at(-1)).toEqual([53, [7]])
  })

  it('goes on from the row that it stepped to', async () => {
    const session = new Session(feedOf([0, 10, 30]), { paused: true })
    session.replay.step()
    session.replay.step()
    await session.until(20)
    session.replay.resume()
    await session.until(100)
    expect(session.log).toEqual([
      [5, [1]],
      [5, [2]],
      [40, [3]],
    ])
  })

  it('steps behind the last trade to the end', async () => {
    const session = new Session(feedOf([1, 2]), { paused: true })
    session.replay.step('trade')
    await session.until(9)
    expect([session.log.map(([, rows]) => rows), session.replay.state]).toEqual([[[1, 2]], 'ended'])
  })

  it('is the only one that steps', () => {
    expect(() => new ReplayFeed(feedOf([1])).step()).toThrow(/BAD_ARGUMENT.*only a paused replay/)
  })
})

describe('a replay that is told to go elsewhere', () => {
  it('ahead catches up with the rows between, and plays on at once', async () => {
    const session = new Session(feedOf([0, 10, 20, 30, 40]))
    await session.until(6)
    session.replay.seek(25n * BigInt(MS))
    await session.until(100)
    expect(session.log).toEqual([
      [5, [1]],
      [6, [2, 3]],
      [6, [4]],
      [16, [5]],
    ])
    expect(session.heard[1]!.batch).toMatchObject({ isCatchUp: true, isRestart: false })
  })

  it('back begins anew, so that a book can be built again', async () => {
    const session = new Session(feedOf([0, 10, 20, 30]))
    await session.until(26)
    session.replay.seek('1970-01-01T00:00:00.010Z')
    await session.until(100)
    expect(session.log.slice(3)).toEqual([
      [26, [1]],
      [26, [2]],
      [36, [3]],
      [46, [4]],
    ])
    expect(session.heard[3]!.batch).toMatchObject({ isCatchUp: true, isRestart: true })
  })

  it('from its last batch goes on', async () => {
    let isFirst = true
    const session = new Session(feedOf([0, 1]), { speed: 'max' }, ({ toRow, events }) => {
      if (toRow === events.length && isFirst) session.replay.seek(1n * BigInt(MS))
      isFirst = false
    })
    await session.until(9)
    expect(session.log.map(([, rows]) => rows)).toEqual([[1, 2], [1], [2]])
  })

  it('shows the book of each moment, whatever is done to it', () => {
    const { instrument, events } = simulateMarket({ seed: 6, durationNs: 2e9 })
    const feed = LobFeed.fromEvents(instrument, events)
    const last = events.localTime[events.length - 1]!
    const action = fc.oneof(
      fc.record({ kind: fc.constant('seek'), to: fc.integer({ min: 0, max: last }) }),
      fc.record({
        kind: fc.constantFrom('pause', 'resume', 'wait', 'slow', 'fast'),
        to: fc.nat(300),
      }),
      fc.record({ kind: fc.constantFrom('event', 'message', 'trade'), to: fc.nat(3) }),
    )
    return fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 10 }), async (actions) => {
        let book = new OrderBook(instrument)
        const session = new Session(feed, { batchRows: 200 }, (batch) => {
          if (batch.isRestart) book = new OrderBook(instrument)
          book.apply(batch.events, batch.fromRow, batch.toRow)
          const alone = new OrderBook(instrument)
          alone.apply(events, 0, batch.toRow)
          expect(book.getDepth(10)).toEqual(alone.getDepth(10))
        })
        const { replay, clock } = session
        for (const { kind, to } of actions) {
          if (kind === 'seek') replay.seek(events.epochNs + BigInt(to))
          else if (kind === 'pause') replay.pause()
          else if (kind === 'resume') replay.resume()
          else if (kind === 'slow') replay.setSpeed(0.5)
          else if (kind === 'fast') replay.setSpeed(20)
          else if (kind !== 'wait' && replay.state === 'paused')
            for (let i = 0; i < to; i++) replay.step(kind as 'event')
          await session.until(clock.now() / MS + to / 10)
        }
        replay.setSpeed('max')
        replay.resume()
        await session.until(clock.now() / MS)
        for (let i = 0; i < 400 && replay.state === 'playing'; i++) await settle()
        expect(session.failure).toBeUndefined()
        expect(replay.state).toBe('ended')
      }),
      { numRuns: 20 },
    )
  })
})

describe('the speed of a replay', () => {
  it('changes at the moment at which it is changed', async () => {
    const session = new Session(feedOf([0, 10, 20, 30]))
    await session.until(7)
    session.replay.setSpeed(4)
    await session.until(20)
    expect(session.log.map(([ms]) => ms)).toEqual([5, 9, 11.5, 14])
    expect(session.replay.speed).toBe(4)
  })

  it('changes while it is paused', async () => {
    const session = new Session(feedOf([0, 10]))
    await session.until(9)
    session.replay.pause()
    session.replay.setSpeed(2)
    await session.until(20)
    session.replay.resume()
    await session.until(30)
    expect(session.log.map(([ms]) => ms)).toEqual([5, 23])
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('is not %d', (speed) => {
    expect(() => new ReplayFeed(feedOf([1]), { speed })).toThrow(/BAD_ARGUMENT.*replay speed/)
  })
})

describe('the end of a replay', () => {
  it('comes by a signal as its reason', async () => {
    const abort = new AbortController()
    const session = new Session(feedOf([0, 10]), { signal: abort.signal })
    await session.until(6)
    abort.abort(new Error('enough'))
    await settle()
    expect(session.failure).toEqual(new Error('enough'))
    expect([session.log.length, session.replay.state]).toEqual([1, 'stopped'])
  })

  it('comes by stop without a word', async () => {
    const session = new Session(feedOf([0, 10]))
    await session.until(6)
    session.replay.stop()
    await session.until(50)
    expect([session.failure, session.log.length, session.replay.state]).toEqual([
      undefined,
      1,
      'stopped',
    ])
  })

  it('comes when the reader leaves, who may begin anew', async () => {
    const replay = new ReplayFeed(feedOf([0, 10, 20]), { speed: 'max', batchRows: 1 })
    for await (const batch of replay.batches()) {
      expect(batch.isRestart).toBe(true)
      break
    }
    expect(replay.state).toBe('stopped')
    let rows = 0
    for await (const { fromRow, toRow } of replay.batches()) rows += toRow - fromRow
    expect([rows, replay.state]).toEqual([3, 'ended'])
  })

  it('leaves no second reader in', async () => {
    const session = new Session(feedOf([0, 10]))
    await session.until(6)
    await expect(session.replay.batches().next()).rejects.toThrow(/BAD_ARGUMENT.*read already/)
  })

  it('carries what the reader throws', async () => {
    const replay = new ReplayFeed(feedOf([0]), { speed: 'max' })
    const run = replay.run(() => {
      throw new Error('mine')
    })
    await expect(run).rejects.toThrow('mine')
    expect(replay.state).toBe('stopped')
  })
})

describe("the machine's clock", () => {
  it('is never early', async () => {
    const clock = new SystemPacingClock()
    const { signal } = new AbortController()
    for (const wait of [0, 0.3 * MS, 2.7 * MS]) {
      const deadline = clock.now() + wait
      await clock.waitUntil(deadline, signal)
      expect(clock.now()).toBeGreaterThanOrEqual(deadline)
    }
  })

  it('is woken by a signal, also out of a wait without end', async () => {
    const abort = new AbortController()
    const waiting = new SystemPacingClock().waitUntil(Number.POSITIVE_INFINITY, abort.signal)
    setImmediate(() => abort.abort())
    await expect(waiting).resolves.toBeUndefined()
  })

  it('paces a replay', async () => {
    const replay = new ReplayFeed(feedOf([0, 5, 10]), { speed: 2 })
    const clock = new SystemPacingClock()
    const start = clock.now()
    await replay.run(() => undefined)
    expect(clock.now() - start).toBeGreaterThanOrEqual(5 * MS)
  })
})
