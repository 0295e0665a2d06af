/** The thread that encodes blocks of an import while the next rows are read. */
import type { EventColumns } from '../market/index.ts'
import { SlotThread } from './slot-thread.ts'
import { BLOCK_ROWS, COLUMN_NAMES } from './tape-format.ts'

/** Bytes of the longest encoded block that is met: every value of every column by itself. */
const ENCODED_BYTES_MAX = BLOCK_ROWS * COLUMN_NAMES.length * 8

/** Where the thread leaves an encoded block. */
export interface EncodeSlot {
  /** One word, a `SlotState`. */
  readonly state: Int32Array
  /** One word: the ticket of the job that nobody has begun yet, 0 where there is none. */
  readonly ticket: Int32Array
  readonly bytes: Uint8Array
}

/** One block to encode, as it is sent to the thread; its columns are shared memory. */
export interface EncodeJob {
  readonly block: EventColumns
  readonly slot: EncodeSlot
  /** Tells the jobs of a slot apart; not 0. */
  readonly ticket: number
}

/** Begins a job; false where the other side has begun it, or the slot is of another job by now. */
export function beginJob({ slot, ticket }: EncodeJob): boolean {
  return Atomics.compareExchange(slot.ticket, 0, ticket, 0) === ticket
}

/** Allocates a slot; the system gives memory only for what is written. */
export function makeEncodeSlot(): EncodeSlot {
  return {
    state: new Int32Array(new SharedArrayBuffer(4)),
    ticket: new Int32Array(new SharedArrayBuffer(4)),
    bytes: new Uint8Array(new SharedArrayBuffer(ENCODED_BYTES_MAX)),
  }
}

let shared: SlotThread<EncodeJob> | undefined

/** Returns the one encoding thread of this thread, started with the first call. */
export function encodeThread(): SlotThread<EncodeJob> {
  shared ??= new SlotThread('encode-worker')
  return shared
}
