/**
 * Writes the seek section of partitions: rows that make the book as it stood before a block, so
 * that a run can begin there.
 *
 * Two books are followed, that of our side in order of receipt and that of the venue in order of
 * venue time; the store knows no books and is handed a {@link BookKeeper}. At a checkpoint the
 * venue's book has seen all rows that no later row can precede; the others, which ours has seen
 * already, stand behind the book's rows for the venue alone. What follows is then exactly the tape.
 */
import {
  EXCH_ONLY_BIT,
  EventWriter,
  KIND_MASK,
  EventKind,
  LOCAL_ONLY_BIT,
  VenueOrder,
  type EventColumns,
} from '../market/index.ts'

/** Follows both books of one instrument and kind. */
export interface BookKeeper {
  /** Sees rows as we did, in order of receipt. */
  seeLocal(rows: EventColumns): void
  /** Sees positions in order of venue time. */
  seeExchange(rows: EventColumns): void
  /** Appends rows that make both books as they stand; all carry these times. */
  write(out: EventWriter, localTime: number, exchTime: number): void
}

/** Makes checkpoints while an import writes. */
export interface CheckpointMaker {
  /** Blocks of rows between two checkpoints. */
  readonly everyBlocks: number
  /** Returns a keeper of empty books; undefined for kinds of partitions that make none. */
  keeper(kind: string): BookKeeper | undefined
}

/** The blocks of a partition that has been written. */
export interface WrittenBlocks {
  readonly epochNs: bigint
  /** Least and greatest venue time of each block, ns since the epoch. */
  readonly exchMin: readonly number[]
  readonly exchMax: readonly number[]
  /** Reads a block with its order by venue time; valid until the next call. */
  read(block: number): EventColumns
}

/** Rows of the last minute of venue time wait for those of the next day that may precede them. */
const HELD_BACK_NS = 60e9
/** Most rows that wait at a checkpoint: with more it would be no shorter than what it spares. */
const WAITING_MAX = 1 << 13
/** Most rows that wait for the next day. */
const HELD_BACK_MAX = 1 << 18

/** The checkpoints of days that follow one another without a snapshot of their own. */
export class CheckpointChain {
  readonly #keeper: BookKeeper
  readonly #everyBlocks: number
  /** What waits at the end of the day before, and that day's epoch. */
  #before: { readonly waiting: EventColumns; readonly epochNs: bigint } | undefined
  /** The venue's book holds no row that happened later, Unix ns. */
  #floorNs = 0n
  #lastLocal = 0

  constructor(keeper: BookKeeper, everyBlocks: number) {
    this.#keeper = keeper
    this.#everyBlocks = everyBlocks
  }

  /** True when rows of a day before lead into the next. */
  get hasBegun(): boolean {
    return this.#before !== undefined
  }

  /**
   * Goes through one day.
   *
   * @param isFollowed whether the next day will be gone through as well
   * @param write      takes the rows of the checkpoint before a block
   * @returns false when the chain ends here: an order of venue time across midnight that it cannot
   *   follow
   */
  pass(
    blocks: WrittenBlocks,
    isFollowed: boolean,
    write: (rows: EventColumns, before: number) => void,
  ): boolean {
    const { exchMin, exchMax, epochNs } = blocks
    const count = exchMin.length
    const floors = floorsFrom(exchMin)
    const order = new VenueOrder(epochNs)
    if (!this.#resume(order, epochNs, floors[0]!)) return false
    const latest = exchMax.reduce((most, time) => Math.max(most, time))
    const last = isFollowed ? count : count - ((count - 1) % this.#everyBlocks) - 1
    for (let block = 0; block <= last && block < count; block++) {
      const isCheckpoint = block % this.#everyBlocks === 0 && (block > 0 || this.hasBegun)
      if (isCheckpoint) this.#checkpoint(order, block, floors[block]!, write)
      if (block === last) break
      const rows = blocks.read(block)
      this.#keeper.seeLocal(rows)
      this.#lastLocal = rows.localTime[rows.length - 1]!
      const floor = block + 1 < count ? floors[block + 1]! : latest - HELD_BACK_NS
      const { merged, view } = order.enter(rows, floor)
      this.#keeper.seeExchange(merged)
      if (view !== undefined) this.#keeper.seeExchange(view)
      this.#raiseFloor(epochNs, floor)
    }
    const { waiting } = order
    this.#before = { waiting, epochNs }
    return waiting.length <= HELD_BACK_MAX
  }

  /** Lets what waited at the end of the day before go on on the epoch of this one. */
  #resume(order: VenueOrder, epochNs: bigint, floor: number): boolean {
    const before = this.#before
    if (before === undefined) return true
    if (epochNs + BigInt(floor) < this.#floorNs) return false
    const shift = Number(before.epochNs - epochNs)
    const { waiting } = before
    const moved = new EventWriter(epochNs, Math.max(1, waiting.length))
    moved.append({ ...waiting, epochNs }, 0, waiting.length)
    const rows = moved.rows
    for (let row = 0; row < rows.length; row++) {
      rows.localTime[row]! += shift
      rows.exchTime[row]! += shift
    }
    order.resume(rows)
    this.#lastLocal += shift
    this.#keeper.seeExchange(order.release(floor))
    this.#raiseFloor(epochNs, floor)
    return true
  }

  #raiseFloor(epochNs: bigint, floor: number): void {
    const floorNs = epochNs + BigInt(floor)
    if (floorNs > this.#floorNs) this.#floorNs = floorNs
  }

  #checkpoint(
    order: VenueOrder,
    block: number,
    floor: number,
    write: (rows: EventColumns, before: number) => void,
  ): void {
    const { waiting } = order
    if (waiting.length > WAITING_MAX) return
    const out = new EventWriter(waiting.epochNs, 4096)
    this.#keeper.write(out, this.#lastLocal, floor)
    for (let row = 0; row < waiting.length; row++) {
      const code = waiting.code[row]!
      // Ours has seen them all, and what is for us alone the venue never sees.
      if ((code & LOCAL_ONLY_BIT) !== 0 || (code & KIND_MASK) === EventKind.Bbo) continue
      out.push(
        this.#lastLocal,
        waiting.exchTime[row]!,
        code | EXCH_ONLY_BIT,
        waiting.tick[row]!,
        waiting.lots[row]!,
        waiting.orderRef[row]!,
        waiting.seq[row]!,
      )
    }
    if (out.length > 0) write(out.rows, block)
  }
}

/** For each block the least venue time in it and in all behind it. */
function floorsFrom(exchMin: readonly number[]): Float64Array {
  const floors = new Float64Array(exchMin.length)
  let floor = Number.POSITIVE_INFINITY
  for (let block = exchMin.length - 1; block >= 0; block--) {
    floor = Math.min(floor, exchMin[block]!)
    floors[block] = floor
  }
  return floors
}

/** Most chains that reach over midnight in one import: each keeps two books in memory. */
const CHAINS_MAX = 256

/** The chains of one import. */
export class Checkpoints {
  readonly #maker: CheckpointMaker | undefined
  #begun = 0

  constructor(maker: CheckpointMaker | undefined) {
    this.#maker = maker
  }

  /**
   * Returns a chain for a partition that no earlier day leads into.
   *
   * @param blocks     blocks that it has
   * @param isFollowed whether rows of the next day follow in this import
   */
  begin(kind: string, blocks: number, isFollowed: boolean): CheckpointChain | undefined {
    const maker = this.#maker
    if (maker === undefined) return undefined
    if (!isFollowed && blocks <= maker.everyBlocks) return undefined
    if (isFollowed && ++this.#begun > CHAINS_MAX) return undefined
    const keeper = maker.keeper(kind)
    return keeper && new CheckpointChain(keeper, maker.everyBlocks)
  }
}
