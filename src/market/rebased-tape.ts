/** A tape whose times count from another epoch, so that tapes of several days meet in one run. */
import type { EventTape, EventWindows } from './event-tape.ts'
import type { EventColumns } from './events.ts'

/** Returns the tape with times since `epochNs`, which is not after its own; the rows are shared. */
export function rebasedTape(tape: EventTape, epochNs: bigint): EventTape {
  if (tape.epochNs === epochNs) return tape
  const shift = Number(tape.epochNs - epochNs)
  return {
    epochNs,
    length: tape.length,
    firstTime: tape.firstTime + shift,
    lastTime: tape.lastTime + shift,
    get hasFunding() {
      return tape.hasFunding
    },
    local: () => new RebasedWindows(tape.local(), epochNs, shift),
    exchange: () => new RebasedWindows(tape.exchange(), epochNs, shift),
  }
}

/** Windows with both times moved; one window's columns are overwritten by those of the next. */
class RebasedWindows implements EventWindows {
  readonly #windows: EventWindows
  readonly #epochNs: bigint
  readonly #shift: number
  #localTime = new Float64Array(0)
  #exchTime = new Float64Array(0)

  constructor(windows: EventWindows, epochNs: bigint, shift: number) {
    this.#windows = windows
    this.#epochNs = epochNs
    this.#shift = shift
  }

  get isLast(): boolean {
    return this.#windows.isLast
  }

  next(): EventColumns | undefined {
    const rows = this.#windows.next()
    if (rows === undefined) return undefined
    // With an order by venue time, `length` counts positions, and the columns may be longer.
    const count = rows.exchTime.length
    if (this.#exchTime.length < count) {
      this.#localTime = new Float64Array(count)
      this.#exchTime = new Float64Array(count)
    }
    shiftTimes(rows.localTime, this.#shift, this.#localTime)
    shiftTimes(rows.exchTime, this.#shift, this.#exchTime)
    return {
      ...rows,
      epochNs: this.#epochNs,
      localTime: this.#localTime.subarray(0, count),
      exchTime: this.#exchTime.subarray(0, count),
    }
  }

  close(): void {
    this.#windows.close()
  }
}

function shiftTimes(times: Float64Array, shift: number, into: Float64Array): void {
  for (let row = 0; row < times.length; row++) into[row] = times[row]! + shift
}
