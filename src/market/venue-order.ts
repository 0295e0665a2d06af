/**
 * Puts blocks of rows, one behind the other, into stable order of venue time.
 *
 * A row may be given once no block still to come holds an earlier one: the least venue time of
 * those must be known. Rows that must wait are carried to the next block, already in order; the
 * carried rows and those of the block among them come first, as copies, and then the rest of the
 * block as a view of it.
 */
import { EventWriter, sliceEvents, type EventColumns } from './events.ts'
import { firstRowAfter } from './row-search.ts'

/** Rows of one block and of those before that may be given now: first `merged`, then `view`. */
export interface ReadyRows {
  /** Copies in order of venue time, valid until the next block is entered; may be empty. */
  readonly merged: EventColumns
  /** Positions of the block itself. */
  readonly view: EventColumns | undefined
}

/** @see module comment */
export class VenueOrder {
  readonly #merged: EventWriter
  /** Rows that wait, in order of venue time. */
  #carry: EventWriter
  #nextCarry: EventWriter

  constructor(epochNs: bigint) {
    this.#merged = new EventWriter(epochNs, 256)
    this.#carry = new EventWriter(epochNs, 256)
    this.#nextCarry = new EventWriter(epochNs, 256)
  }

  /** The rows that wait, in order of venue time; valid until the next block is entered. */
  get waiting(): EventColumns {
    return this.#carry.rows
  }

  /** Takes rows that wait from elsewhere; they stand in order of venue time. */
  resume(waiting: EventColumns): void {
    this.#carry.clear()
    this.#carry.append(waiting, 0, waiting.length)
  }

  /** Gives the waiting rows up to `floor`, as copies that are valid until the next block. */
  release(floor: number): EventColumns {
    const carried = this.#carry.rows
    const { exchTime, length } = carried
    const ready = firstRowAfter(exchTime, undefined, { from: 0, length }, floor)
    this.#merged.clear()
    this.#merged.append(carried, 0, ready)
    this.#nextCarry.clear()
    this.#nextCarry.append(carried, ready, length)
    this.#swap()
    return this.#merged.rows
  }

  #swap(): void {
    const waiting = this.#nextCarry
    this.#nextCarry = this.#carry
    this.#carry = waiting
  }

  /**
   * Takes the next block.
   *
   * @param block rows with their `exchOrder`
   * @param floor least venue time in the blocks behind it, Infinity behind the last
   */
  enter(block: EventColumns, floor: number): ReadyRows {
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
    this.#swap()
    return {
      merged: this.#merged.rows,
      view: ready > among ? viewOf(block, among, ready) : undefined,
    }
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
