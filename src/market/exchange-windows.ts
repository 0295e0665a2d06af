/**
 * Blocks as windows in stable order of venue time.
 *
 * A row may be given once no block still to come holds an earlier one: the least venue time of
 * those is known beforehand. Rows that must wait are carried to the next block, already in order;
 * the carried rows and those of the block among them come first, as a small window of copies, and
 * then the rest of the block as a view of it.
 */
import { formatInstant } from '../time/index.ts'
import { LobtraderError } from '../core/index.ts'
import type { EventBlocks, EventWindows } from './event-tape.ts'
import { EventWriter, sliceEvents, type EventColumns } from './events.ts'
import { firstRowAfter } from './row-search.ts'

/** @see module comment */
export class ExchangeWindows implements EventWindows {
  readonly #blocks: EventBlocks
  /** For each block the least venue time in those behind it. */
  readonly #floors: Float64Array
  #block = 0
  #isHeld = false
  /** The view of the present block, while the small window before it is being read. */
  #view: EventColumns | undefined
  /** Rows that wait, in order of venue time. */
  #carry: EventWriter
  #nextCarry: EventWriter
  readonly #merged: EventWriter

  constructor(blocks: EventBlocks, floors: Float64Array) {
    this.#blocks = blocks
    this.#floors = floors
    this.#carry = new EventWriter(blocks.epochNs, 256)
    this.#nextCarry = new EventWriter(blocks.epochNs, 256)
    this.#merged = new EventWriter(blocks.epochNs, 256)
  }

  get isLast(): boolean {
    return this.#view === undefined && this.#block >= this.#blocks.rows.length
  }

  next(): EventColumns | undefined {
    const view = this.#view
    this.#view = undefined
    if (view !== undefined) return view
    while (true) {
      this.#leaveBlock()
      if (this.#block >= this.#blocks.rows.length) return undefined
      const merged = this.#enterBlock()
      if (merged.length > 0) return merged
      if (this.#view !== undefined) {
        const only = this.#view
        this.#view = undefined
        return only
      }
    }
  }

  /** Takes the next block, sorts its rows into what may be given and what waits. */
  #enterBlock(): EventColumns {
    const block = this.#blocks.take(this.#block)
    this.#isHeld = true
    const floor = this.#floors[this.#block++]!
    const { exchTime, exchOrder, length } = block
    const carried = this.#carry.rows
    const upTo = (time: number): number =>
      firstRowAfter(exchTime, exchOrder, { from: 0, length }, time)
    const ready = upTo(floor)
    const lastCarried = carried.length === 0 ? undefined : carried.exchTime[carried.length - 1]!
    const among = lastCarried === undefined ? 0 : Math.min(ready, upTo(lastCarried))
    const carriedReady = firstRowAfter(
      carried.exchTime,
      undefined,
      { from: 0, length: carried.length },
      floor,
    )
    this.#merged.clear()
    merge(this.#merged, [carried, 0, carriedReady], [block, 0, among])
    this.#nextCarry.clear()
    merge(this.#nextCarry, [carried, carriedReady, carried.length], [block, ready, length])
    const waiting = this.#nextCarry
    this.#nextCarry = this.#carry
    this.#carry = waiting
    this.#checkRoom()
    if (ready > among) this.#view = viewOf(block, among, ready)
    return this.#merged.rows
  }

  #checkRoom(): void {
    const { borderRowsMax, epochNs } = this.#blocks
    const { length, exchTime } = this.#carry.rows
    if (length <= borderRowsMax) return
    const from = formatInstant(epochNs + BigInt(exchTime[0]!))
    throw new LobtraderError(
      'OUT_OF_RANGE',
      `${length} events of venue time ${from} and later wait for earlier ones that were received behind them, more than the ${borderRowsMax} that the memory budget holds; give it more`,
      { events: length, limit: borderRowsMax },
    )
  }

  #leaveBlock(): void {
    if (this.#isHeld) this.#blocks.giveBack(this.#block - 1)
    this.#isHeld = false
  }

  close(): void {
    this.#leaveBlock()
    this.#view = undefined
    this.#block = this.#blocks.rows.length
  }
}

/** Positions [from, to) of `block` in its order of venue time, without a copy. */
function viewOf(block: EventColumns, from: number, to: number): EventColumns {
  const { exchOrder } = block
  if (exchOrder === undefined) return sliceEvents(block, from, to)
  return { ...block, length: to - from, exchOrder: exchOrder.subarray(from, to) }
}

type Positions = readonly [rows: EventColumns, from: number, to: number]

/** Appends two stretches, each in order of venue time, as one; at equal time `a` goes first. */
function merge(out: EventWriter, [a, aFrom, aTo]: Positions, [b, bFrom, bTo]: Positions): void {
  let i = aFrom
  for (let position = bFrom; position < bTo; position++) {
    const row = b.exchOrder === undefined ? position : b.exchOrder[position]!
    const time = b.exchTime[row]!
    while (i < aTo && a.exchTime[i]! <= time) push(out, a, i++)
    push(out, b, row)
  }
  while (i < aTo) push(out, a, i++)
}

function push(out: EventWriter, rows: EventColumns, row: number): void {
  const { localTime, exchTime, code, tick, lots, orderRef, seq } = rows
  out.push(
    localTime[row]!,
    exchTime[row]!,
    code[row]!,
    tick[row]!,
    lots[row]!,
    orderRef[row]!,
    seq[row]!,
  )
}
