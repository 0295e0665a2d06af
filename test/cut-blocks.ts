/** Event columns in memory as blocks cut anywhere, for tests of what streams. */
import fc from 'fast-check'
import {
  allocateEvents,
  copyEvents,
  exchangeOrder,
  type EventBlocks,
  type EventColumns,
} from '../src/market/index.ts'

/** Blocks that are copies, scribbled over as soon as nobody has taken them. */
export class CutBlocks implements EventBlocks {
  readonly epochNs: bigint
  readonly rows: Int32Array
  readonly firstTime: Float64Array
  readonly exchMin: Float64Array
  readonly lastTime: number
  readonly borderRowsMax: number
  /** Blocks taken at this moment, and the most there ever were. */
  taken = 0
  takenMax = 0
  readonly #events: EventColumns
  readonly #starts: readonly number[]
  readonly #held = new Map<number, { events: EventColumns; count: number }>()

  /** @param cuts rows between two blocks; none, double or out of range are passed by */
  constructor(events: EventColumns, cuts: readonly number[], borderRowsMax = events.length) {
    const { length, localTime, exchTime } = events
    const inside = [...new Set(cuts)].filter((cut) => cut > 0 && cut < length)
    const starts = length === 0 ? [] : [0, ...inside.sort((a, b) => a - b)]
    const ends = [...starts.slice(1), length]
    this.#events = events
    this.#starts = starts
    this.epochNs = events.epochNs
    this.borderRowsMax = borderRowsMax
    this.rows = Int32Array.from(starts, (start, i) => ends[i]! - start)
    this.firstTime = Float64Array.from(starts, (start) => localTime[start]!)
    this.exchMin = Float64Array.from(starts, (start, i) =>
      exchTime.subarray(start, ends[i]).reduce((least, time) => Math.min(least, time)),
    )
    this.lastTime = length === 0 ? Number.NaN : localTime[length - 1]!
  }

  take(block: number): EventColumns {
    this.taken++
    this.takenMax = Math.max(this.takenMax, this.taken)
    const held = this.#held.get(block)
    if (held !== undefined) {
      held.count++
      return held.events
    }
    const start = this.#starts[block]!
    const copy = allocateEvents(this.rows[block]!, this.epochNs)
    copyEvents(this.#events, start, start + copy.length, copy, 0)
    const events = { ...copy, exchOrder: exchangeOrder(copy.exchTime, copy.length) }
    this.#held.set(block, { events, count: 1 })
    return events
  }

  giveBack(block: number): void {
    const held = this.#held.get(block)
    if (held === undefined) throw new Error(`block ${block} is not taken`)
    this.taken--
    if (--held.count > 0) return
    this.#held.delete(block)
    for (const name of ['localTime', 'exchTime', 'lots', 'tick', 'code'] as const) {
      held.events[name].fill(85)
    }
  }
}

/** Random places to cut `length` rows: none, few, or one behind every row. */
export function anyCuts(length: number): fc.Arbitrary<readonly number[]> {
  return fc.oneof(
    fc.constant([]),
    fc.array(fc.integer({ min: 0, max: length }), { maxLength: 12 }),
    fc
      .integer({ min: 1, max: Math.max(1, length) })
      .map((size) => Array.from({ length: Math.ceil(length / size) }, (_, i) => i * size)),
  )
}
