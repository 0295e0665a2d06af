/**
 * Encodes the blocks of one import: beside the import's own work in a thread, while that keeps up,
 * else at once.
 *
 * A block that is away keeps its rows until its bytes are written, so that nothing is lost where the
 * thread fails: it is encoded here then.
 */
import type { EventColumns } from '../market/index.ts'
import { SlotState } from './block-slot.ts'
import { encodeBlock, takeEncoded, type EncodedBlock } from './encode-block.ts'
import { encodeThread, makeEncodeSlot, type EncodeJob, type EncodeSlot } from './encode-thread.ts'
import type { SlotThread } from './slot-thread.ts'
import { BLOCK_ROWS } from './tape-format.ts'

/** Blocks that are away, or back and not written yet. */
const AWAY_MAX = 3
/** Fewer rows are not worth the way to the thread. */
const ROWS_MIN = 8192

/** Whose blocks are encoded. */
export interface BlockOwner {
  /** Writes the blocks that are ready, up to the first that is not. */
  writeReady(): void
}

/** A block on its way. */
export interface PendingBlock {
  readonly rows: EventColumns
  readonly owner: BlockOwner
  /** Where the thread leaves it; undefined where it was encoded at once. */
  readonly slot: EncodeSlot | undefined
  readonly encoded: EncodedBlock | undefined
}

/** Slots of imports that have ended. */
const freeSlots: EncodeSlot[] = []

/** The encoder of one import. */
export class BlockEncoder {
  readonly #thread: () => Pick<SlotThread<EncodeJob>, 'ask' | 'wait'>
  readonly #away: PendingBlock[] = []
  /** True once there was a whole block: an import without one is not worth a thread. */
  #isLong = false

  /** @param thread gives the thread; asked when there is a block for it */
  constructor(thread: () => Pick<SlotThread<EncodeJob>, 'ask' | 'wait'> = encodeThread) {
    this.#thread = thread
  }

  /** Tells whether a block of that many rows may go to the thread. */
  isWorthwhile(rows: number): boolean {
    return this.#isLong && rows >= ROWS_MIN
  }

  /**
   * Begins to encode a block. Where it went to the thread ({@link PendingBlock.slot}), its rows must
   * not change before it is collected.
   */
  encode(rows: EventColumns, owner: BlockOwner): PendingBlock {
    if (rows.length === BLOCK_ROWS) this.#isLong = true
    if (this.isWorthwhile(rows.length)) {
      const slot = this.#slot()
      if (slot !== undefined && this.#thread().ask({ block: rows, slot })) {
        const pending = { rows, owner, slot, encoded: undefined }
        this.#away.push(pending)
        return pending
      }
      if (slot !== undefined) freeSlots.push(slot)
    }
    return { rows, owner, slot: undefined, encoded: encodeBlock(rows) }
  }

  /** True when {@link collect} would not wait. */
  isReady({ slot }: PendingBlock): boolean {
    return slot === undefined || Atomics.load(slot.state, 0) !== SlotState.Filling
  }

  /**
   * Waits for a block and gives it to `write`; its bytes are only lent.
   *
   * @returns true when its rows may be used again
   */
  collect(pending: PendingBlock, write: (encoded: EncodedBlock) => void): boolean {
    const { slot, rows, encoded } = pending
    if (slot === undefined) {
      write(encoded!)
      return true
    }
    const isBack = this.#thread().wait(slot)
    this.#away.splice(this.#away.indexOf(pending), 1)
    write(isBack ? takeEncoded(slot.bytes) : encodeBlock(rows))
    // A thread that does not answer may still be at it.
    if (!this.isReady(pending)) return false
    freeSlots.push(slot)
    return true
  }

  /** Gives up a block whose bytes nobody needs; the thread may still read its rows. */
  forget(pending: PendingBlock): void {
    const at = this.#away.indexOf(pending)
    if (at >= 0) this.#away.splice(at, 1)
    if (pending.slot !== undefined && this.isReady(pending)) freeSlots.push(pending.slot)
  }

  /** A slot for one more block, if there may be one; a block that is back is written for it. */
  #slot(): EncodeSlot | undefined {
    const [oldest] = this.#away
    if (this.#away.length === AWAY_MAX && this.isReady(oldest!)) oldest!.owner.writeReady()
    if (this.#away.length >= AWAY_MAX) return undefined
    return freeSlots.pop() ?? makeEncodeSlot()
  }
}
