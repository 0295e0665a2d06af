/** Rows of a tape, copied into the linear memory of the compiled kernel a block at a time. */
import type { EventColumns } from '../market/index.ts'

/** Rows that are brought in at once. */
export const BLOCK_ROWS = 2048

/** Times in a cache line. */
const LINE_TIMES = 8

/** Places in a block of rows. */
const ROW_TICK = BLOCK_ROWS * 8
const ROW_CODE = ROW_TICK + BLOCK_ROWS * 4
/** Bytes of a block. */
export const BLOCK_BYTES = ROW_CODE + BLOCK_ROWS

/** Rows of a tape in linear memory: positions [begin, end) in one of its two orders. */
export class RowBlock {
  readonly address: number
  begin = 0
  end = 0
  #events: EventColumns | undefined
  #order: Int32Array | undefined
  #hasTimes = false
  /** Keeps what {@link readTimes} reads from being left out by the compiler. */
  readonly #times = new Float64Array(1)
  readonly #lots: Float64Array
  readonly #tick: Int32Array
  readonly #code: Uint8Array

  constructor(buffer: ArrayBuffer, address: number) {
    this.address = address
    this.#lots = new Float64Array(buffer, address, BLOCK_ROWS)
    this.#tick = new Int32Array(buffer, address + ROW_TICK, BLOCK_ROWS)
    this.#code = new Uint8Array(buffer, address + ROW_CODE, BLOCK_ROWS)
  }

  /** True when the position is here. */
  has(events: EventColumns, order: Int32Array | undefined, position: number): boolean {
    return (
      this.#events === events &&
      this.#order === order &&
      position >= this.begin &&
      position < this.end
    )
  }

  /** Brings in the rows from a position on, as many as fit, but none that `other` has. */
  load(events: EventColumns, order: Int32Array | undefined, from: number, other: RowBlock): void {
    const isNext = other.begin > from && other.has(events, order, other.begin)
    const end = Math.min(events.length, from + BLOCK_ROWS, isNext ? other.begin : events.length)
    this.#events = events
    this.#order = order
    this.#hasTimes = false
    this.begin = from
    this.end = end
    if (order === undefined) {
      this.#lots.set(events.lots.subarray(from, end))
      this.#tick.set(events.tick.subarray(from, end))
      this.#code.set(events.code.subarray(from, end))
      return
    }
    for (let position = from, at = 0; position < end; position++, at++) {
      const row = order[position]!
      this.#lots[at] = events.lots[row]!
      this.#tick[at] = events.tick[row]!
      this.#code[at] = events.code[row]!
    }
  }

  /**
   * Reads the times of its rows once, a cache line after the other: whoever asks for a few of them
   * one by one, as wakes and fills do, waits for memory at each.
   */
  readTimes(): void {
    if (this.#hasTimes) return
    this.#hasTimes = true
    const { exchTime, localTime } = this.#events!
    const { end } = this
    let sum = 0
    for (let row = this.begin; row < end; row += LINE_TIMES) sum += exchTime[row]! + localTime[row]!
    this.#times[0] = sum
  }
}
