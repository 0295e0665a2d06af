/** The blocks of partitions, one behind the other, within a fixed memory. */
import { DataError, LobtraderError, assert } from '../core/index.ts'
import { instantNs } from '../time/index.ts'
import {
  allocateEvents,
  exchangeOrder,
  firstRowAfter,
  sliceEvents,
  type EventBlocks,
  type EventColumns,
} from '../market/index.ts'
import {
  SLOT_BYTES,
  SlotState,
  fillSlot,
  makeSlot,
  slotRows,
  type SlotMemory,
} from './block-slot.ts'
import type { PartitionInfo } from './partition.ts'
import { prefetchThread } from './prefetch-thread.ts'
import type { SeekPoint } from './seek-point.ts'
import type { BlockEntry, ColumnName, TapeIndex } from './tape-format.ts'
import { openUnchanged, type TapeReader } from './tape-reader.ts'

/** What {@link StoredBlocks} are made of. */
export interface StoredBlocksOptions {
  /** At least one; of one instrument and kind, in order of time. */
  readonly partitions: readonly PartitionInfo[]
  /** Unix ns of time 0. */
  readonly epochNs: bigint
  /** Rows after this local time are left out, ns since the epoch; Infinity: none. */
  readonly lastTime: number
  readonly memoryBytes: number
  /** Where to begin; default: with the first row. */
  readonly seek?: SeekPoint | undefined
}

/** Where one block stands. */
interface BlockPlace {
  readonly partition: number
  /** Number of the block in its file. */
  readonly block: number
  /** True for a block of the seek section. */
  readonly isSeek: boolean
}

interface Slot {
  memory: SlotMemory
  /** The block in it, -1 for none. */
  block: number
  /** How often it is taken. */
  taken: number
  /** When it was last taken, in takes. */
  used: number
  events: EventColumns | undefined
}

/** Blocks read ahead of the one that was taken last. */
const AHEAD = 2
/** The least number of slots: two readers, and {@link AHEAD}. */
const SLOTS_MIN = 4
/**
 * Bytes of the budget for each row that may be copied at the borders: four writers, each up to
 * three times its rows while it grows, of 45 bytes.
 */
const BORDER_ROW_BYTES = 4 * 3 * 45

const TIMES: ReadonlySet<ColumnName> = new Set(['localTime', 'exchTime'])
const LOCAL_TIME: ReadonlySet<ColumnName> = new Set(['localTime'])

/** @see module comment */
export class StoredBlocks implements EventBlocks {
  readonly epochNs: bigint
  readonly rows: Int32Array
  readonly firstTime: Float64Array
  readonly exchMin: Float64Array
  readonly lastTime: number
  readonly borderRowsMax: number
  readonly #partitions: readonly PartitionInfo[]
  readonly #places: BlockPlace[] = []
  readonly #slots: Slot[] = []
  readonly #slotsMax: number
  readonly #slotOf = new Map<number, Slot>()
  /** Rows that the last block has in its file. */
  #lastBlockRows = 0
  #reader: TapeReader | undefined
  #takes = 0

  /**
   * @throws DataError CORRUPT_FILE, TRUNCATED_FILE or UNSUPPORTED naming file and offset
   * @throws LobtraderError ABSENT_FILE or STORE_CONFLICT when a partition is gone or was replaced
   */
  constructor(options: StoredBlocksOptions) {
    const { partitions, epochNs, lastTime, memoryBytes, seek } = options
    this.epochNs = epochNs
    this.#partitions = partitions
    this.#slotsMax = Math.max(SLOTS_MIN, Math.floor((memoryBytes * 0.75) / SLOT_BYTES))
    this.borderRowsMax = Math.floor(memoryBytes / 4 / BORDER_ROW_BYTES)
    const figures: { rows: number; firstTime: number; exchMin: number }[] = []
    for (let partition = seek?.partition ?? 0; partition < partitions.length; partition++) {
      const reader = this.#readerOf(partition)
      const shift = this.#shiftOf(partition)
      const from = partition === seek?.partition ? seek.block : undefined
      for (const { place, entry } of placesFrom(reader.index, partition, from)) {
        const firstTime = entry.firstTime + shift
        if (firstTime > lastTime) break
        const exchMin = this.#exchMin(reader, entry) + shift
        this.#places.push(place)
        figures.push({ rows: entry.rows, firstTime, exchMin })
      }
      reader.close()
    }
    this.rows = Int32Array.from(figures, ({ rows }) => rows)
    this.firstTime = Float64Array.from(figures, ({ firstTime }) => firstTime)
    this.exchMin = Float64Array.from(figures, ({ exchMin }) => exchMin)
    this.lastTime = this.#cut(lastTime)
  }

  take(block: number): EventColumns {
    const slot = this.#slotOf.get(block) ?? this.#freeSlot()
    // Taken at once, so that reading ahead does not take it away.
    slot.taken++
    slot.used = ++this.#takes
    if (slot.block !== block) this.#assign(slot, block)
    slot.events ??= this.#fill(slot, block)
    this.#readAhead(block)
    return slot.events
  }

  giveBack(block: number): void {
    const slot = this.#slotOf.get(block)
    assert(slot !== undefined && slot.taken > 0, 'what is given back was taken')
    slot.taken--
  }

  #fill(slot: Slot, block: number): EventColumns {
    if (Atomics.load(slot.memory.state, 0) !== SlotState.Empty) {
      const isFilled = prefetchThread().wait(slot.memory)
      // A thread that was given up may still write.
      if (!isFilled) slot.memory = makeSlot(this.epochNs)
    }
    const { memory } = slot
    if (memory.state[0] === SlotState.Empty) this.#read(memory, block)
    const isLast = block === this.#places.length - 1
    const rows = isLast ? this.#lastBlockRows : this.rows[block]!
    return this.#checked(slotRows(memory, rows), block)
  }

  #read(memory: SlotMemory, block: number): void {
    const place = this.#places[block]!
    const { partition } = place
    const reader = this.#readerOf(partition)
    try {
      const entry = entryAt(reader.index, place)
      memory.state[0] = fillSlot(memory, reader, entry, this.#shiftOf(partition))
    } finally {
      reader.close()
    }
  }

  /** Leaves out the rows behind the last moment, and holds the rest against the index. */
  #checked(events: EventColumns, block: number): EventColumns {
    const { exchOrder, exchTime } = events
    const least = exchTime[exchOrder === undefined ? 0 : exchOrder[0]!]!
    if (least < this.exchMin[block]!) {
      const file = this.#partitions[this.#places[block]!.partition]!.path
      throw new DataError('CORRUPT_FILE', 'a venue time is less than the index says', { file })
    }
    const rows = this.rows[block]!
    if (rows === events.length) return events
    const kept = sliceEvents(events, 0, rows)
    return { ...kept, exchOrder: exchangeOrder(kept.exchTime, rows) }
  }

  #readAhead(block: number): void {
    const thread = prefetchThread()
    const last = Math.min(block + AHEAD, this.#places.length - 1)
    for (let next = block + 1; next <= last; next++) {
      if (this.#slotOf.has(next)) continue
      const slot = this.#slotToReuse()
      if (slot === undefined) return
      const { partition, block: number, isSeek } = this.#places[next]!
      const { path, digest } = this.#partitions[partition]!
      const shift = this.#shiftOf(partition)
      const job = { path, digest, block: number, isSeek, shift, slot: slot.memory }
      if (!thread.ask(job)) return
      this.#assign(slot, next, SlotState.Filling)
      slot.used = ++this.#takes
    }
  }

  #assign(slot: Slot, block: number, state?: number): void {
    if (slot.block >= 0) this.#slotOf.delete(slot.block)
    slot.block = block
    slot.events = undefined
    if (state === undefined) slot.memory.state[0] = SlotState.Empty
    this.#slotOf.set(block, slot)
  }

  #freeSlot(): Slot {
    const slot = this.#slotToReuse()
    if (slot !== undefined) return slot
    throw new LobtraderError(
      'OUT_OF_RANGE',
      `more readers at once than the ${this.#slotsMax} blocks that the memory budget holds; give it more`,
      { limit: this.#slotsMax },
    )
  }

  /** A new slot while the budget allows, else the one that was not used for the longest time. */
  #slotToReuse(): Slot | undefined {
    if (this.#slots.length < this.#slotsMax) {
      const memory = makeSlot(this.epochNs)
      const slot: Slot = { memory, block: -1, taken: 0, used: 0, events: undefined }
      this.#slots.push(slot)
      return slot
    }
    let oldest: Slot | undefined
    for (const slot of this.#slots) {
      if (slot.taken > 0 || Atomics.load(slot.memory.state, 0) === SlotState.Filling) continue
      if (oldest === undefined || slot.used < oldest.used) oldest = slot
    }
    return oldest
  }

  #readerOf(partition: number): TapeReader {
    const info = this.#partitions[partition]!
    if (this.#reader?.path === info.path) return this.#reader
    const reader = openUnchanged(info)
    this.#reader = reader
    return reader
  }

  /** What moves the times of a partition, which count from its midnight, to our epoch. */
  #shiftOf(partition: number): number {
    return Number(instantNs(this.#partitions[partition]!.day) - this.epochNs)
  }

  /** Least venue time of a block, on the partition's epoch; version 1 must be looked through. */
  #exchMin(reader: TapeReader, entry: BlockEntry): number {
    if (!Number.isNaN(entry.exchMin)) return entry.exchMin
    const rows = allocateEvents(entry.rows, this.epochNs)
    reader.readBlock(entry, rows, 0, TIMES)
    return rows.exchTime.reduce((least, time) => Math.min(least, time))
  }

  /** Counts the rows of the last block up to `lastTime`; returns the local time of the last. */
  #cut(lastTime: number): number {
    const last = this.#places.length - 1
    if (last < 0) return Number.NaN
    const place = this.#places[last]!
    const { partition } = place
    const reader = this.#readerOf(partition)
    const entry = entryAt(reader.index, place)
    const rows = allocateEvents(entry.rows, this.epochNs)
    reader.readBlock(entry, rows, this.#shiftOf(partition), LOCAL_TIME)
    reader.close()
    this.#lastBlockRows = entry.rows
    const { localTime, length } = rows
    this.rows[last] = firstRowAfter(localTime, undefined, { from: 0, length }, lastTime)
    return localTime[this.rows[last]! - 1]!
  }
}

/** The blocks of one file in the order of a tape that begins at block `from`, or at the first. */
function placesFrom(
  { blocks, seek }: TapeIndex,
  partition: number,
  from: number | undefined,
): readonly { readonly place: BlockPlace; readonly entry: BlockEntry }[] {
  const begins = seek.flatMap((entry, block) =>
    entry.before === from ? [{ place: { partition, block, isSeek: true }, entry }] : [],
  )
  const rows = blocks.map((entry, block) => ({ place: { partition, block, isSeek: false }, entry }))
  return from === undefined ? rows : [...begins, ...rows.slice(from)]
}

function entryAt({ blocks, seek }: TapeIndex, { block, isSeek }: BlockPlace): BlockEntry {
  return (isSeek ? seek : blocks)[block]!
}
