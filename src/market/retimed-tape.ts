/**
 * A tape as it reaches us elsewhere: other local times over the same rows.
 *
 * What reached us together still does, and nothing overtakes: a row that would come before the one
 * in front of it comes 1 ns behind it instead. So no row changes its place, wherever windows part.
 */
import type { EventTape, EventWindows } from './event-tape.ts'
import type { EventColumns } from './events.ts'
import { allocateShared } from './shared-memory.ts'

/** Returns what is added to the local time `localTime`, in whole ns. */
export type ExtraNs = (localTime: number) => number

/** Returns the rows with their new local times; all other columns are shared. */
export function retimedEvents(events: EventColumns, extraNs: ExtraNs): EventColumns {
  const localTime = new Float64Array(allocateShared(8 * events.length))
  new Retiming(extraNs).retime(events, localTime)
  return { ...events, localTime }
}

/** Returns the tape with new local times; they are found anew in each pass over it. */
export function retimedTape(tape: EventTape, extraNs: ExtraNs): EventTape {
  const retimed = (): RetimedWindows => new RetimedWindows(tape.local(), new Retiming(extraNs))
  let firstTime = Number.NaN
  let lastTime = Number.NaN
  const windows = retimed()
  for (let rows = windows.next(); rows !== undefined; rows = windows.next()) {
    if (Number.isNaN(firstTime)) firstTime = rows.localTime[0]!
    lastTime = rows.localTime[rows.length - 1]!
  }
  windows.close()
  return {
    epochNs: tape.epochNs,
    length: tape.length,
    firstTime,
    lastTime,
    get hasFunding() {
      return tape.hasFunding
    },
    local: retimed,
    exchange: () => tape.exchange(),
  }
}

/** Carries the last time of one window over to the next. */
class Retiming {
  readonly #extraNs: ExtraNs
  #before = Number.NaN
  #last = Number.NEGATIVE_INFINITY

  constructor(extraNs: ExtraNs) {
    this.#extraNs = extraNs
  }

  retime({ localTime, length }: EventColumns, into: Float64Array): void {
    for (let row = 0; row < length; row++) {
      const time = localTime[row]!
      if (time !== this.#before) {
        this.#before = time
        this.#last = Math.max(time + this.#extraNs(time), this.#last + 1)
      }
      into[row] = this.#last
    }
  }
}

class RetimedWindows implements EventWindows {
  readonly #windows: EventWindows
  readonly #retiming: Retiming
  #room = new Float64Array(0)

  constructor(windows: EventWindows, retiming: Retiming) {
    this.#windows = windows
    this.#retiming = retiming
  }

  get isLast(): boolean {
    return this.#windows.isLast
  }

  next(): EventColumns | undefined {
    const rows = this.#windows.next()
    if (rows === undefined) return undefined
    if (this.#room.length < rows.length) this.#room = new Float64Array(2 * rows.length)
    const localTime = this.#room.subarray(0, rows.length)
    this.#retiming.retime(rows, localTime)
    return { ...rows, localTime }
  }

  close(): void {
    this.#windows.close()
  }
}
