/** Memory for one block of rows, which another thread may fill. */
import { allocateEvents, sliceEvents, exchangeOrder, type EventColumns } from '../market/index.ts'
import { BLOCK_ROWS, type BlockEntry } from './tape-format.ts'
import type { TapeReader } from './tape-reader.ts'

/** What a slot holds; the value in its shared word. */
export const SlotState = {
  Empty: 0,
  /** Another thread is filling it. */
  Filling: 1,
  /** Rows that stand in order of venue time. */
  Ordered: 2,
  /** Rows and, beside them, their order by venue time. */
  Disordered: 3,
  /** The other thread could not fill it. */
  Failed: 4,
  /** The bytes of an encoded block. */
  Encoded: 5,
} as const

/** The memory of a slot: plain shared arrays, so that it can be sent to a thread. */
export interface SlotMemory {
  readonly columns: EventColumns
  readonly order: Int32Array
  /** One word, a {@link SlotState}. */
  readonly state: Int32Array
}

/** Bytes that a slot takes. */
export const SLOT_BYTES = BLOCK_ROWS * (45 + 4)

/** Allocates a slot. */
export function makeSlot(epochNs: bigint): SlotMemory {
  return {
    columns: allocateEvents(BLOCK_ROWS, epochNs),
    order: new Int32Array(new SharedArrayBuffer(BLOCK_ROWS * 4)),
    state: new Int32Array(new SharedArrayBuffer(4)),
  }
}

/**
 * Reads a block into a slot and puts its rows in order of venue time.
 *
 * @returns the state to be stored once every row is in place
 * @throws as TapeReader.readBlock
 */
export function fillSlot(
  slot: SlotMemory,
  reader: TapeReader,
  block: BlockEntry,
  shift: number,
): number {
  const rows = sliceEvents(slot.columns, 0, block.rows)
  reader.readBlock(block, rows, shift)
  const order = exchangeOrder(rows.exchTime, rows.length, slot.order)
  return order === undefined ? SlotState.Ordered : SlotState.Disordered
}

/** The first `rows` rows of a filled slot. */
export function slotRows(slot: SlotMemory, rows: number): EventColumns {
  const events = sliceEvents(slot.columns, 0, rows)
  const isOrdered = slot.state[0] === SlotState.Ordered
  return isOrdered ? events : { ...events, exchOrder: slot.order.subarray(0, rows) }
}
