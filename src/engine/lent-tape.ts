/** A tape that a run can give back, while the objects that have read it live on; see `kept-run.ts`. */
import { assert } from '../core/index.ts'
import type { EventColumns, EventTape, EventWindows } from '../market/index.ts'

/** Windows of which something may still be held: those before are of blocks, and small. */
const HELD_MAX = 8

/** A class, because columns must share one shape in all runs: copies by `...` come to differ. */
class LentColumns implements EventColumns {
  readonly length: number
  readonly epochNs: bigint
  localTime: Float64Array
  exchTime: Float64Array
  code: Uint8Array
  tick: Int32Array
  lots: Float64Array
  orderRef: Int32Array
  seq: Float64Array
  exchOrder: Int32Array | undefined

  constructor(given: EventColumns) {
    this.length = given.length
    this.epochNs = given.epochNs
    this.localTime = given.localTime
    this.exchTime = given.exchTime
    this.code = given.code
    this.tick = given.tick
    this.lots = given.lots
    this.orderRef = given.orderRef
    this.seq = given.seq
    this.exchOrder = given.exchOrder
  }

  release(): void {
    this.localTime = new Float64Array(0)
    this.exchTime = new Float64Array(0)
    this.code = new Uint8Array(0)
    this.tick = new Int32Array(0)
    this.lots = new Float64Array(0)
    this.orderRef = new Int32Array(0)
    this.seq = new Float64Array(0)
    this.exchOrder = undefined
  }
}

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
    for (const columns of this.#lent) columns.release()
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
    const lent = new LentColumns(events)
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
