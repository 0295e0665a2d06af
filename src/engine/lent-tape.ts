/** A tape that a run can give back, while the objects that have read it live on; see `kept-run.ts`. */
import { assert } from '../core/index.ts'
import type { EventColumns, EventTape, EventWindows } from '../market/index.ts'

/** Windows of which something may still be held: those before are of blocks, and small. */
const HELD_MAX = 8

type LentColumns = { -readonly [Column in keyof EventColumns]: EventColumns[Column] }

/** @see module comment */
export class LentTape implements EventTape {
  readonly epochNs: bigint
  readonly length: number
  readonly firstTime: number
  readonly lastTime: number
  #tape: EventTape | undefined
  /** Columns as they were given, and as they are lent; the last ones. */
  #given: EventColumns[] = []
  #lent: LentColumns[] = []

  constructor(tape: EventTape) {
    this.epochNs = tape.epochNs
    this.length = tape.length
    this.firstTime = tape.firstTime
    this.lastTime = tape.lastTime
    this.#tape = tape
  }

  get hasFunding(): boolean | undefined {
    return this.#tape?.hasFunding
  }

  get isSeenAlike(): boolean | undefined {
    return this.#tape?.isSeenAlike
  }

  local(): EventWindows {
    return new LentWindows(this.#there().local(), (events) => this.#lend(events))
  }

  exchange(): EventWindows {
    return new LentWindows(this.#there().exchange(), (events) => this.#lend(events))
  }

  /** Takes the rows back: whoever still holds columns of the tape holds nothing. */
  release(): void {
    for (const columns of this.#lent) {
      columns.localTime = new Float64Array(0)
      columns.exchTime = new Float64Array(0)
      columns.code = new Uint8Array(0)
      columns.tick = new Int32Array(0)
      columns.lots = new Float64Array(0)
      columns.orderRef = new Int32Array(0)
      columns.seq = new Float64Array(0)
      columns.exchOrder = undefined
    }
    this.#tape = undefined
    this.#given = []
    this.#lent = []
  }

  #there(): EventTape {
    assert(this.#tape !== undefined, 'the tape is not given back yet')
    return this.#tape
  }

  /** Both orders of a tape in memory are of one window: it is lent as one. */
  #lend(events: EventColumns): EventColumns {
    const known = this.#given.indexOf(events)
    if (known >= 0) return this.#lent[known]!
    const lent = { ...events }
    if (this.#given.length === HELD_MAX) {
      this.#given.shift()
      this.#lent.shift()
    }
    this.#given.push(events)
    this.#lent.push(lent)
    return lent
  }
}

class LentWindows implements EventWindows {
  #windows: EventWindows | undefined
  readonly #lend: (events: EventColumns) => EventColumns

  constructor(windows: EventWindows, lend: (events: EventColumns) => EventColumns) {
    this.#windows = windows
    this.#lend = lend
  }

  get isLast(): boolean {
    return this.#windows?.isLast ?? true
  }

  next(): EventColumns | undefined {
    const events = this.#windows?.next()
    return events && this.#lend(events)
  }

  close(): void {
    this.#windows?.close()
    this.#windows = undefined
  }
}
