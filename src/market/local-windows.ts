/**
 * Blocks as windows in local order that never part rows of one local time.
 *
 * A window is a view of one block without the rows at its end that reached us together with the
 * first of the next block; those and their fellows are copied into a small window of their own.
 */
import { formatInstant } from '../time/index.ts'
import { LobtraderError } from '../core/index.ts'
import type { EventBlocks, EventWindows } from './event-tape.ts'
import { EventWriter, sliceEvents, type EventColumns } from './events.ts'
import { firstRowAfter, firstRowAtOrAfter } from './row-search.ts'

/** @see module comment */
export class LocalWindows implements EventWindows {
  readonly #blocks: EventBlocks
  /** The block that is taken, and its first row that has not been given. */
  #block = 0
  #from = 0
  #held: EventColumns | undefined
  #border: EventWriter | undefined

  constructor(blocks: EventBlocks) {
    this.#blocks = blocks
  }

  get isLast(): boolean {
    const { rows } = this.#blocks
    return (
      this.#block >= rows.length ||
      (this.#block === rows.length - 1 && this.#from === rows[this.#block])
    )
  }

  next(): EventColumns | undefined {
    while (this.#block < this.#blocks.rows.length) {
      const held = (this.#held ??= this.#blocks.take(this.#block))
      const { length, localTime } = held
      const from = this.#from
      const last = localTime[length - 1]!
      const isCut = this.#blocks.firstTime[this.#block + 1] === last
      const end = isCut ? firstRowAtOrAfter(localTime, length, last) : length
      if (from < end) {
        this.#from = end
        return sliceEvents(held, from, end)
      }
      if (isCut) return this.#atBorder(held, last)
      this.#leaveBlock()
    }
    return undefined
  }

  /** The rows of `time` on both sides of one border or more. */
  #atBorder(first: EventColumns, time: number): EventColumns {
    const { firstTime, rows, epochNs } = this.#blocks
    const border = (this.#border ??= new EventWriter(epochNs, 1024))
    border.clear()
    border.append(first, this.#from, first.length)
    this.#leaveBlock()
    while (this.#block < rows.length && firstTime[this.#block] === time) {
      const held = this.#blocks.take(this.#block)
      this.#held = held
      const to = firstRowAfter(held.localTime, undefined, { from: 0, length: held.length }, time)
      this.#checkRoom(border.length + to, time)
      border.append(held, 0, to)
      this.#from = to
      if (to < held.length) break
      this.#leaveBlock()
    }
    return border.rows
  }

  #checkRoom(rows: number, time: number): void {
    const { borderRowsMax, epochNs } = this.#blocks
    if (rows <= borderRowsMax) return
    throw new LobtraderError(
      'OUT_OF_RANGE',
      `more than ${borderRowsMax} events reached us together at ${formatInstant(epochNs + BigInt(time))}, more than the memory budget holds; give it more`,
      { events: rows, limit: borderRowsMax },
    )
  }

  #leaveBlock(): void {
    this.#blocks.giveBack(this.#block++)
    this.#held = undefined
    this.#from = 0
  }

  close(): void {
    if (this.#held !== undefined) this.#leaveBlock()
    this.#block = this.#blocks.rows.length
  }
}
