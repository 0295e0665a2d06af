/**
 * Encodes the blocks of one import: beside the import's own work in a thread, while that keeps up,
 * else at once.
 *
 * A block that is away keeps its rows until its bytes are written, so that nothing is lost where the
 * thread fails: it is encoded here then. Who would have to wait for the thread encodes what it has
 * not begun.
 */
import type { EventColumns } from '../market/index.ts'
import { SlotState } from './block-slot.ts'
import { encodeBlock, takeEncoded, type EncodedBlock } from './encode-block.ts'
import { beginJob, encodeThread, makeEncodeSlot, type EncodeJob } from './encode-thread.ts'
import type { SlotThread } from './slot-thread.ts'
import { BLOCK_ROWS } from './tape-format.ts'

/** Blocks that are away, or back and not written yet. */
const AWAY_MAX = 3
/** Fewer rows are not worth the way to the thread. */
const ROWS_MIN = 8192
/**
 * Whole blocks of a process before it starts the thread, which costs what encoding some twenty does
 * until its code is compiled as well.
 */
const BLOCKS_BEFORE_THREAD = 16
/** Tickets are words of 32 bits. */
const TICKET_MAX = 2 ** 30

/** What is used of the thread. */
export type EncodingThread = Pick<SlotThread<EncodeJob>, 'ask' | 'wait'>

/** Whose blocks are encoded. */
export interface BlockOwner {
  /** Writes the blocks that are ready, up to the first that is not. */
  writeReady(): void
}

/** A block on its way. */
export interface PendingBlock {
  readonly rows: EventColumns
  readonly owner: BlockOwner
  /** Given to the thread; undefined where it was encoded at once. */
  readonly job: EncodeJob | undefined
  /** Where it was encoded here. */
  encoded: EncodedBlock | undefined
}

/** Slots of imports that have ended. */
const freeSlots: EncodeJob['slot'][] = []

let tickets = 0
/** Whole blocks that this process has encoded. */
let wholeBlocks = 0

/** The encoder of one import. */
export class BlockEncoder {
  readonly #thread: () => EncodingThread
  readonly #away: PendingBlock[] = []
  readonly #blocksBefore: number
  /** True once there was a whole block: an import without one is not worth a thread. */
  #isLong = false

  /**
   * @param thread gives the thread; asked when there is a block for it
   * @param blocksBefore whole blocks of the process before it is asked
   */
  constructor(
    thread: () => EncodingThread = encodeThread,
    blocksBefore: number = BLOCKS_BEFORE_THREAD,
  ) {
    this.#thread = thread
    this.#blocksBefore = blocksBefore
  }

  /** Tells whether a block of that many rows may go to the thread. */
  isWorthwhile(rows: number): boolean {
    return this.#isLong && wholeBlocks > this.#blocksBefore && rows >= ROWS_MIN
  }

  /**
   * Begins to encode a block. Where it went to the thread ({@link PendingBlock.job}), its rows must
   * not change before it is collected.
   */
  encode(rows: EventColumns, owner: BlockOwner): PendingBlock {
    if (rows.length === BLOCK_ROWS) {
      this.#isLong = true
      wholeBlocks++
    }
    const job = this.isWorthwhile(rows.length) ? this.#send(rows) : undefined
    const encoded = job === undefined ? encodeBlock(rows) : undefined
    const pending: PendingBlock = { rows, owner, job, encoded }
    if (job !== undefined) this.#away.push(pending)
    return pending
  }

  /** True when {@link collect} would not wait. */
  isReady({ job, encoded }: PendingBlock): boolean {
    return encoded !== undefined || Atomics.load(job!.slot.state, 0) !== SlotState.Filling
  }

  /**
   * Waits for a block and gives it to `write`; its bytes are only lent.
   *
   * @returns true when its rows may be used again
   */
  collect(pending: PendingBlock, write: (encoded: EncodedBlock) => void): boolean {
    const { job, rows } = pending
    while (!this.isReady(pending) && this.#help()) {
      // What the thread has not begun is done here meanwhile.
    }
    const isThreads = pending.encoded === undefined
    const isBack = isThreads && this.#thread().wait(job!.slot)
    this.#leave(pending)
    write(isBack ? takeEncoded(job!.slot.bytes) : (pending.encoded ?? encodeBlock(rows)))
    return this.#free(pending)
  }

  /** Gives up a block whose bytes nobody needs; the thread may still read its rows. */
  forget(pending: PendingBlock): void {
    const { job } = pending
    this.#leave(pending)
    if (job !== undefined && beginJob(job)) freeSlots.push(job.slot)
    else this.#free(pending)
  }

  #send(rows: EventColumns): EncodeJob | undefined {
    const [oldest] = this.#away
    if (this.#away.length === AWAY_MAX && this.isReady(oldest!)) oldest!.owner.writeReady()
    if (this.#away.length >= AWAY_MAX) return undefined
    const slot = freeSlots.pop() ?? makeEncodeSlot()
    tickets = (tickets % TICKET_MAX) + 1
    const job = { block: rows, slot, ticket: tickets }
    Atomics.store(slot.ticket, 0, job.ticket)
    if (this.#thread().ask(job)) return job
    freeSlots.push(slot)
    return undefined
  }

  /** Encodes the youngest block that the thread has not begun; false where there is none. */
  #help(): boolean {
    const pending = this.#away.findLast(({ job }) => beginJob(job!))
    if (pending === undefined) return false
    pending.encoded = encodeBlock(pending.rows)
    return true
  }

  #leave(pending: PendingBlock): void {
    const at = this.#away.indexOf(pending)
    if (at >= 0) this.#away.splice(at, 1)
  }

  /** Lets go of a slot, unless a thread that did not answer may still be at it. */
  #free(pending: PendingBlock): boolean {
    if (!this.isReady(pending)) return false
    if (pending.job !== undefined) freeSlots.push(pending.job.slot)
    return true
  }
}
