/**
 * The exchange of one instrument, and how far it may fall behind the run.
 *
 * Where orders of ours rest at several exchanges, none may run ahead of a fill at another: what we
 * send in answer may arrive before. Each exchange therefore tells until when it is quiet, and is
 * brought forward only then, or when a request arrives.
 */
import type { CompiledBook } from '../book/index.ts'
import { type EventColumns, type EventTape, type EventWindows } from '../market/index.ts'
import type { Instrument } from '../market/index.ts'
import {
  Gateway,
  firstLoudRow,
  type ExchangeSetup,
  type QueueModel,
  type VenueReports,
  type VenueRules,
} from '../venue/index.ts'

/** Rows looked through at once: more would be looked through again when another order arrives. */
const ROWS_AHEAD = 512

/** What an {@link ExchangeSide} is made of. */
export interface ExchangeSideOptions {
  readonly instrument: Instrument
  readonly tape: EventTape
  readonly setup: ExchangeSetup
  readonly queue: QueueModel
  readonly rules: VenueRules | undefined
  readonly memory: CompiledBook | undefined
}

/** @see module comment */
export class ExchangeSide {
  readonly model: Gateway
  readonly #windows: ReadWindows

  constructor(options: ExchangeSideOptions, reports: VenueReports) {
    const { instrument, tape, setup, queue, rules, memory } = options
    this.#windows = new ReadWindows(tape.exchange())
    this.model = new Gateway({
      exchange: setup,
      instrument,
      windows: this.#windows,
      queue,
      reports,
      epochNs: tape.epochNs,
      rules,
      memory,
    })
  }

  /** Returns when something may next happen to what rests here: until then it can wait. */
  quietUntil(): number {
    const { core, nextClockTime: clock } = this.model
    const windows = this.#windows
    const { rows } = windows
    if (rows === undefined) return clock
    const { exchTime, exchOrder, length } = rows
    const from = core.row
    const to = Math.min(length, from + ROWS_AHEAD)
    const loud = from < to ? firstLoudRow(core, rows, from, to) : from
    const last = Math.min(loud, to - 1)
    const time = exchTime[exchOrder === undefined ? last : exchOrder[last]!]!
    if (from < length) return Math.min(clock, time)
    // The next window is there once the model has asked for it.
    return windows.isLast ? clock : Math.min(clock, time + 1)
  }

  close(): void {
    this.#windows.close()
  }
}

/** Windows of the venue's order, with the one that was last given. */
class ReadWindows implements EventWindows {
  readonly #windows: EventWindows
  rows: EventColumns | undefined

  constructor(windows: EventWindows) {
    this.#windows = windows
  }

  get isLast(): boolean {
    return this.#windows.isLast
  }

  next(): EventColumns | undefined {
    const next = this.#windows.next()
    if (next !== undefined) this.rows = next
    return next
  }

  close(): void {
    this.#windows.close()
  }
}
