/**
 * Replays the events of a feed by a clock: in real time, faster or slower, as fast as possible, or
 * step by step.
 *
 * Rows go out in batches, many rows at once where many are due, so that what is asynchronous costs
 * nothing per row. The reader sets the pace: no batch is made before the last one was dealt with,
 * and a reader that falls behind finds all that became due in the next one.
 */
import { LobtraderError } from '../../core/index.ts'
import type { EventColumns, Instrument } from '../../market/index.ts'
import { SystemPacingClock, instantNs, type Instant, type PacingClock } from '../../time/index.ts'
import { rowsOf } from '../feed-windows.ts'
import type { LobFeed } from '../lob-feed.ts'
import { ReplayPace, type ReplaySpeed } from './replay-pace.ts'
import { ReplayRows } from './replay-rows.ts'

/** Options of a {@link ReplayFeed}. */
export interface ReplayOptions {
  /** Times real time; `max` (as fast as rows are taken); default 1. */
  readonly speed?: ReplaySpeed | undefined
  /** Rows in a batch at most, but for those of one moment, which stay together; default 65,536. */
  readonly batchRows?: number | undefined
  /** Begin paused; default false. */
  readonly paused?: boolean | undefined
  /** Ends the replay: its reader gets the signal's reason as an exception. */
  readonly signal?: AbortSignal | undefined
  /** Default: the machine's. */
  readonly clock?: PacingClock | undefined
}

/** Rows [fromRow, toRow) of `events`, valid until the next batch. */
export interface ReplayBatch {
  readonly events: EventColumns
  readonly fromRow: number
  readonly toRow: number
  /** Local time of the last of these rows, ns since the feed's epoch. */
  readonly time: number
  /** True for rows that only bring the book to where the replay begins or was told to go. */
  readonly isCatchUp: boolean
  /** True where the rows begin anew: whoever builds a book of them starts with an empty one. */
  readonly isRestart: boolean
  /** How much later than due the first row is, ns of the clock; 0 at speed `max` and in steps. */
  readonly lateNs: number
}

/** What a step lets through: one row, all rows of one moment, or all up to the next trade. */
export type ReplayStep = 'event' | 'message' | 'trade'

/** Where a replay stands. */
export type ReplayState = 'ready' | 'playing' | 'paused' | 'ended' | 'stopped'

/** @see module comment */
export class ReplayFeed {
  readonly instrument: Instrument
  /** Unix ns of time 0. */
  readonly epochNs: bigint
  readonly #feed: LobFeed
  readonly #clock: PacingClock
  readonly #pace: ReplayPace
  readonly #batchRows: number
  readonly #signal: AbortSignal | undefined
  readonly #steps: ReplayStep[] = []
  #state: ReplayState = 'ready'
  #isPaused: boolean
  #seekTime: number | undefined
  /** The next batch is the first, or the first behind a seek that goes back. */
  #isRestart = true
  #time = Number.NaN
  /** Ends the present wait, because something has changed. */
  #wake = new AbortController()

  /** @throws LobtraderError BAD_ARGUMENT for a speed or a number of rows that cannot be */
  constructor(feed: LobFeed, options: ReplayOptions = {}) {
    const { batchRows = 65_536 } = options
    if (!Number.isSafeInteger(batchRows) || batchRows < 1) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `batchRows must be a whole number above 0, was ${batchRows}`,
      )
    }
    this.instrument = feed.instrument
    this.epochNs = rowsOf(feed).epochNs
    this.#feed = feed
    this.#clock = options.clock ?? new SystemPacingClock()
    this.#pace = new ReplayPace(options.speed ?? 1)
    this.#batchRows = batchRows
    this.#signal = options.signal
    this.#isPaused = options.paused ?? false
    if (this.#isPaused) this.#pace.freeze(this.#clock.now())
  }

  get state(): ReplayState {
    return this.#state === 'playing' && this.#isPaused ? 'paused' : this.#state
  }

  get speed(): ReplaySpeed {
    return this.#pace.speed
  }

  /** Local time of the last row that went out, ns since the epoch; NaN before the first. */
  get time(): number {
    return this.#time
  }

  /** Stops market time; rows that are due already do not go out either. */
  pause(): void {
    this.#isPaused = true
    this.#pace.freeze(this.#clock.now())
    this.#change()
  }

  /** Lets market time go on from where it stands. */
  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#pace.thaw(this.#clock.now())
    this.#steps.length = 0
    this.#change()
  }

  /**
   * Lets one step through and stays paused; several calls are as many steps.
   *
   * @throws LobtraderError BAD_ARGUMENT unless the replay is paused
   */
  step(step: ReplayStep = 'message'): void {
    if (!this.#isPaused) {
      throw new LobtraderError('BAD_ARGUMENT', 'only a paused replay can step; call pause() first')
    }
    this.#steps.push(step)
    this.#change()
  }

  /** Changes the speed from now on. @throws LobtraderError BAD_ARGUMENT as the constructor */
  setSpeed(speed: ReplaySpeed): void {
    this.#pace.change(speed, this.#clock.now())
    this.#change()
  }

  /**
   * Goes to a moment: the rows that its book needs go out at once, as catch-up; those before it in
   * time when it lies ahead, all from the first (a restart) when it lies behind. The next row to be
   * paced is the first at or after the moment, and it is due at once.
   *
   * @throws LobtraderError BAD_INSTANT
   */
  seek(to: Instant): void {
    this.#seekTime = Number(instantNs(to) - this.epochNs)
    this.#change()
  }

  /** Ends the replay: its reader gets no further batch. */
  stop(): void {
    if (this.#state === 'playing') this.#state = 'stopped'
    this.#change()
  }

  /**
   * Calls `onBatch` with each batch; where it returns a promise, the next one waits for it.
   *
   * @throws whatever `onBatch` throws, and as {@link ReplayFeed.batches}
   */
  async run(onBatch: (batch: ReplayBatch) => void | Promise<void>): Promise<void> {
    for await (const batch of this.batches()) {
      const pending = onBatch(batch)
      if (pending !== undefined) await pending
    }
  }

  /**
   * Gives the batches; one reader at a time. After its end a replay may be read anew.
   *
   * @throws the reason of the signal; LobtraderError BAD_ARGUMENT when it is being read already
   */
  async *batches(): AsyncGenerator<ReplayBatch, void> {
    if (this.#state === 'playing') {
      throw new LobtraderError('BAD_ARGUMENT', 'this replay is being read already')
    }
    this.#state = 'playing'
    this.#pace.untie()
    this.#time = Number.NaN
    const rows = new ReplayRows(rowsOf(this.#feed))
    const onAbort = (): void => this.#change()
    this.#signal?.addEventListener('abort', onAbort)
    try {
      this.#isRestart = true
      yield* this.#catchUp(rows, this.#feed.fromTime)
      while (this.#isReading() && (rows.events !== undefined || this.#seekTime !== undefined)) {
        const batch = await this.#next(rows)
        if (batch === undefined) continue
        if (typeof batch === 'number') yield* this.#goTo(rows, batch)
        else yield batch
      }
      if (this.#state === 'playing') this.#state = 'ended'
    } finally {
      if (this.#state === 'playing') this.#state = 'stopped'
      this.#signal?.removeEventListener('abort', onAbort)
      rows.close()
    }
  }

  #isReading(): boolean {
    this.#signal?.throwIfAborted()
    return this.#state === 'playing'
  }

  /** Returns what is next: rows, a moment to go to, or nothing yet. */
  async #next(rows: ReplayRows): Promise<ReplayBatch | number | undefined> {
    if (this.#seekTime !== undefined) {
      const time = this.#seekTime
      this.#seekTime = undefined
      return time
    }
    if (this.#isPaused) {
      const step = this.#steps[0]
      if (step !== undefined) return this.#step(rows, step)
      await this.#wait(Number.POSITIVE_INFINITY)
      return undefined
    }
    const { time } = rows
    if (!this.#pace.isTied) this.#pace.tie(this.#clock.now(), time)
    const due = this.#pace.dueAt(time)
    await this.#wait(due)
    const now = this.#clock.now()
    if (now < due || this.#hasNews()) return undefined
    // Float noise of the pace must not make a row that is due wait for itself.
    const end = rows.endAt(Math.max(time, this.#pace.marketAt(now)))
    return this.#give(rows, rows.endWithin(end, this.#batchRows), {
      lateNs: this.#pace.speed === 'max' ? 0 : now - due,
    })
  }

  #hasNews(): boolean {
    return (
      this.#isPaused ||
      this.#seekTime !== undefined ||
      this.#state !== 'playing' ||
      this.#signal?.aborted === true
    )
  }

  #step(rows: ReplayRows, step: ReplayStep): ReplayBatch {
    let end = rows.row + 1
    let isWhole = true
    if (step === 'message') end = rows.endAt(rows.time)
    else if (step === 'trade') ({ end, isTrade: isWhole } = rows.endOfTrade())
    if (isWhole) this.#steps.shift()
    const batch = this.#give(rows, end)
    this.#pace.reach(batch.time)
    return batch
  }

  *#goTo(rows: ReplayRows, time: number): Generator<ReplayBatch, void> {
    if (!(time > this.#time)) {
      rows.rewind()
      this.#isRestart = true
    }
    this.#pace.untie()
    yield* this.#catchUp(rows, time)
  }

  /** Gives out the rows before a time at once. */
  *#catchUp(rows: ReplayRows, time: number): Generator<ReplayBatch, void> {
    while (rows.events !== undefined && rows.time < time && this.#isReading()) {
      const end = rows.endWithin(rows.endAt(time - 1), this.#batchRows)
      yield this.#give(rows, end, { isCatchUp: true })
    }
  }

  #give(
    rows: ReplayRows,
    toRow: number,
    kind: Partial<Pick<ReplayBatch, 'isCatchUp' | 'lateNs'>> = {},
  ): ReplayBatch {
    const events = rows.events!
    const fromRow = rows.row
    rows.moveTo(toRow)
    this.#time = events.localTime[toRow - 1]!
    const isRestart = this.#isRestart
    this.#isRestart = false
    const { isCatchUp = false, lateNs = 0 } = kind
    return { events, fromRow, toRow, time: this.#time, isCatchUp, isRestart, lateNs }
  }

  async #wait(deadline: number): Promise<void> {
    this.#wake = new AbortController()
    await this.#clock.waitUntil(deadline, this.#wake.signal)
  }

  #change(): void {
    this.#wake.abort()
  }
}
