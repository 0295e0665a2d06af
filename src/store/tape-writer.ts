/**
 * Writes one partition file, block by block, in bounded memory.
 *
 * Rows gather in memory that grows with them, and the file is open only while something is written,
 * so that an import may have thousands of partitions at once. Rows that must leave memory before
 * their block is complete wait behind the blocks of the file, as plain columns.
 */
import { crc32 } from 'node:zlib'
import { LobtraderError, assert } from '../core/index.ts'
import {
  KIND_MASK,
  EVENT_ROW_BYTES,
  allocateEvents,
  copyEvents,
  exchangeOrder,
  sliceEvents,
  type EventColumns,
  type Instrument,
} from '../market/index.ts'
import { BlockEncoder, type BlockOwner, type PendingBlock } from './block-encoder.ts'
import { giveBlock, takeBlock } from './block-pool.ts'
import { makeSlot } from './block-slot.ts'
import { openingOf, type BookOpening } from './book-opening.ts'
import type { CheckpointChain } from './checkpoint-chain.ts'
import { encodeBlock, type EncodedBlock } from './encode-block.ts'
import { EventsDigest } from './events-digest.ts'
import { dropNegativeZeros, isOrdered, shiftTimes } from './row-check.kernel.ts'
import type { RowHolder, RowMemory } from './row-memory.ts'
import { readBlock } from './read-block.ts'
import { TapeFile } from './tape-file.ts'
import {
  BLOCK_ROWS,
  COLUMN_NAMES,
  HEADER_BYTES,
  PARTITION_ROWS_MAX,
  SCHEMA_VERSION,
  encodeBlockEntry,
  encodeHeader,
  type BlockEntry,
  type TapeMeta,
} from './tape-format.ts'

/** What a partition is called and where its times begin. */
export interface TapeIdentity {
  readonly instrument: Instrument
  readonly day: string
  readonly kind: string
  readonly epochNs: bigint
  /** True when rows of the day before, in the same import, lead into this one. */
  readonly follows: boolean
}

/** The checkpoints of one partition, and whether the next day goes on with them. */
export interface ChainLink {
  readonly chain: CheckpointChain
  readonly isFollowed: boolean
  /** Hears whether the chain can go on. */
  readonly onEnd: (goesOn: boolean) => void
}

/** A finished file: what its metadata says and how long it is. */
export interface WrittenTape {
  readonly meta: TapeMeta
  readonly bytes: number
}

/** Rows that a new partition has room for. */
const ROWS_AT_FIRST = 64
/** Encoded blocks that may wait for one before them. */
const PENDING_MAX = 4

/** One open partition file; {@link finish} or {@link discard} ends it. */
export class TapeWriter implements RowHolder, BlockOwner {
  readonly identity: TapeIdentity
  readonly #file: TapeFile
  readonly #memory: RowMemory
  readonly #encoder: BlockEncoder
  /** Blocks on their way to the file, in order. */
  readonly #pending: PendingBlock[] = []
  readonly #digest = new EventsDigest()
  readonly #index: BlockEntry[] = []
  /** The youngest rows of the block at hand. */
  #block: EventColumns
  #filled = 0
  /** Rows of the block at hand that wait in the file, a run behind the other. */
  readonly #aside: number[] = []
  #asideRows = 0
  #events = 0
  #position = HEADER_BYTES
  #firstTime = 0
  #lastTime = Number.NEGATIVE_INFINITY
  #lastExchTime = Number.NEGATIVE_INFINITY
  #isVenueOrdered = true
  #opening: BookOpening = 'open'
  #isOpen = true

  /** @param memory what the rows of all open partitions share @param encoder likewise */
  constructor(
    path: string,
    identity: TapeIdentity,
    memory: RowMemory,
    encoder = new BlockEncoder(),
  ) {
    this.#file = new TapeFile(path)
    this.identity = identity
    this.#memory = memory
    this.#encoder = encoder
    this.#block = allocateEvents(ROWS_AT_FIRST, identity.epochNs)
    memory.add(this)
  }

  get path(): string {
    return this.#file.path
  }

  get room(): number {
    return this.#block.length
  }

  /** Blocks of rows that the finished file has. */
  get blocks(): number {
    return this.#index.length + this.#pending.length + (this.#asideRows + this.#filled > 0 ? 1 : 0)
  }

  /** True where the book needs that of the day before. */
  get isContinued(): boolean {
    return this.identity.follows && this.#opening === 'continued'
  }

  /** Local time of the last row, ns since the partition's epoch. */
  get lastTime(): number {
    return this.#lastTime
  }

  /** Venue time of the last row, ns since the partition's epoch. */
  get lastExchTime(): number {
    return this.#lastExchTime
  }

  /**
   * Adds rows [from, to), which passed the row check.
   *
   * @param shift what moves their times to the partition's epoch
   */
  append(rows: EventColumns, from: number, to: number, shift: number): void {
    assert(this.#isOpen, 'the file is still being written')
    if (this.#events + to - from > PARTITION_ROWS_MAX) {
      throw new LobtraderError(
        'OUT_OF_RANGE',
        `${this.identity.day} has more than ${PARTITION_ROWS_MAX} events of kind ${this.identity.kind}, the most that one partition holds`,
      )
    }
    let at = from
    while (at < to) {
      const count = Math.min(to - at, BLOCK_ROWS - this.#asideRows - this.#filled)
      this.#makeRoom(this.#filled + count)
      this.#copy(rows, at, count, shift)
      at += count
      if (this.#asideRows + this.#filled === BLOCK_ROWS) this.#file.use(() => this.#flush())
    }
  }

  putAside(): void {
    if (this.#filled > 0) {
      this.#file.use(() => {
        this.#writePending(0)
        const rows = sliceEvents(this.#block, 0, this.#filled)
        const columns = COLUMN_NAMES.map((name) => bytesOf(rows[name]))
        this.#file.write(Buffer.concat(columns), this.#position + this.#asideRows * EVENT_ROW_BYTES)
      })
      this.#aside.push(this.#filled)
      this.#asideRows += this.#filled
      this.#filled = 0
    }
    this.#leaveBlock()
  }

  /** Begins anew in little memory; that of the block at hand is somebody else's now. */
  #leaveBlock(): void {
    const { length, epochNs } = this.#block
    this.#block = allocateEvents(ROWS_AT_FIRST, epochNs)
    this.#memory.noteGrowth(ROWS_AT_FIRST - length)
  }

  #makeRoom(rows: number): void {
    const { length, epochNs } = this.#block
    if (rows <= length) return
    let room = length
    while (room < rows) room *= 2
    const grown = room === BLOCK_ROWS ? takeBlock(epochNs) : allocateEvents(room, epochNs)
    copyEvents(this.#block, 0, this.#filled, grown, 0)
    this.#block = grown
    this.#memory.noteGrowth(room - length)
  }

  /** Returns the block at hand, with the rows that wait in the file in front. */
  #wholeBlock(): EventColumns {
    if (this.#asideRows === 0) return sliceEvents(this.#block, 0, this.#filled)
    const rows = this.#asideRows + this.#filled
    const block = allocateEvents(rows, this.identity.epochNs)
    let at = 0
    for (const count of this.#aside) {
      const offset = this.#position + at * EVENT_ROW_BYTES
      const bytes = this.#file.read(Buffer.allocUnsafe(count * EVENT_ROW_BYTES), offset)
      const run = sliceEvents(block, at, at + count)
      let from = 0
      for (const name of COLUMN_NAMES) {
        const column = bytesOf(run[name])
        column.set(bytes.subarray(from, from + column.length))
        from += column.length
      }
      at += count
    }
    copyEvents(this.#block, 0, this.#filled, block, at)
    this.#aside.length = 0
    this.#asideRows = 0
    return block
  }

  #copy(rows: EventColumns, from: number, count: number, shift: number): void {
    const start = this.#filled
    const end = start + count
    copyEvents({ ...rows, epochNs: this.#block.epochNs }, from, from + count, this.#block, start)
    const { localTime, exchTime, code, lots, seq } = this.#block
    shiftTimes(localTime, start, end, shift)
    shiftTimes(exchTime, start, end, shift)
    dropNegativeZeros(lots, start, end)
    dropNegativeZeros(seq, start, end)
    this.#isVenueOrdered &&= isOrdered(exchTime, start, end, this.#lastExchTime)
    this.#lastExchTime = exchTime[end - 1]!
    for (let i = start; i < end && this.#opening === 'open'; i++) {
      this.#opening = openingOf(code[i]! & KIND_MASK)
    }
    if (this.#events === 0) this.#firstTime = localTime[start]!
    this.#lastTime = localTime[end - 1]!
    this.#filled = end
    this.#events += count
  }

  /** Hands the block at hand to the encoder and writes what has come back. */
  #flush(): void {
    const block = this.#wholeBlock()
    if (block.length === 0) return
    this.#digest.add(block)
    const pending = this.#encoder.encode(block, this)
    this.#pending.push(pending)
    const isLent = pending.job !== undefined && block.code.buffer === this.#block.code.buffer
    if (isLent && this.#block.length < BLOCK_ROWS) this.#leaveBlock()
    else if (isLent) this.#block = takeBlock(this.identity.epochNs)
    this.#filled = 0
    this.#writePending(PENDING_MAX)
  }

  /** Begins to encode the last block ahead of {@link finish}, so that several are at it at once. */
  flushAhead(): void {
    if (this.#encoder.isWorthwhile(this.#asideRows + this.#filled))
      this.#file.use(() => this.#flush())
  }

  writeReady(): void {
    if (this.#pending.length > 0) this.#file.use(() => this.#writePending(PENDING_MAX))
  }

  /** Writes the encoded blocks that are ready; waits for the first where there are more than `max`. */
  #writePending(max: number): void {
    for (let first = this.#pending[0]; first !== undefined; first = this.#pending[0]) {
      if (this.#pending.length <= max && !this.#encoder.isReady(first)) return
      this.#pending.shift()
      const isFree = this.#encoder.collect(first, (encoded) => this.#place(encoded, undefined))
      if (isFree && first.job !== undefined) giveBlock(first.rows)
    }
  }

  #place({ entry, payload }: EncodedBlock, before: number | undefined): void {
    const offset = this.#position
    this.#write(payload)
    this.#index.push({ ...entry, offset, before })
  }

  #write(bytes: Uint8Array): void {
    this.#file.write(bytes, this.#position)
    this.#position += bytes.length
  }

  /**
   * Writes what is left, makes the file durable and closes it.
   *
   * @param chain makes the checkpoints of the seek section; none without one
   * @throws LobtraderError WRITE_FAILED
   */
  finish(chain?: ChainLink): WrittenTape {
    assert(this.#isOpen && this.#events > 0, 'the file is open and has rows')
    let meta: TapeMeta | undefined
    this.#file.use(() => {
      this.#flush()
      this.#writePending(0)
      if (chain !== undefined) this.#writeSeek(chain)
      meta = this.#meta()
      this.#writeEnd(meta)
      // Rows that waited may have stood behind what the file ends with.
      this.#file.sync(this.#position)
    })
    this.discard()
    return { meta: meta!, bytes: this.#position }
  }

  /** Reads the rows back and writes the books that stood before some of the blocks. */
  #writeSeek({ chain, isFollowed, onEnd }: ChainLink): void {
    const { epochNs } = this.identity
    const blocks = [...this.#index]
    const room = makeSlot(epochNs)
    const written = {
      epochNs,
      exchMin: blocks.map((block) => block.exchMin),
      exchMax: blocks.map((block) => block.exchMax),
      read: (block: number) => {
        const rows = sliceEvents(room.columns, 0, blocks[block]!.rows)
        readBlock(this.#file, blocks[block]!, rows, 0)
        return { ...rows, exchOrder: exchangeOrder(rows.exchTime, rows.length, room.order) }
      },
    }
    const goesOn = chain.pass(written, isFollowed, (rows, before) => {
      for (let from = 0; from < rows.length; from += BLOCK_ROWS) {
        const to = Math.min(rows.length, from + BLOCK_ROWS)
        this.#place(encodeBlock(sliceEvents(rows, from, to)), before)
      }
    })
    onEnd(goesOn)
  }

  /** Writes index and metadata behind the blocks, and the header, which makes the file whole. */
  #writeEnd(meta: TapeMeta): void {
    const index = Buffer.concat(this.#index.map(encodeBlockEntry))
    const text = Buffer.from(JSON.stringify(meta))
    const indexOffset = this.#position
    this.#write(index)
    this.#write(text)
    const header = encodeHeader({
      version: SCHEMA_VERSION,
      indexOffset,
      indexBytes: index.length,
      indexChecksum: crc32(index),
      metaOffset: indexOffset + index.length,
      metaBytes: text.length,
      metaChecksum: crc32(text),
      fileBytes: this.#position,
    })
    this.#file.write(header, 0)
  }

  #meta(): TapeMeta {
    const { instrument, day, kind, epochNs } = this.identity
    return {
      venue: instrument.venue,
      symbol: instrument.symbol,
      day,
      kind,
      events: this.#events,
      epochNs: String(epochNs),
      fromNs: String(epochNs + BigInt(this.#firstTime)),
      toNs: String(epochNs + BigInt(this.#lastTime)),
      isVenueOrdered: this.#isVenueOrdered,
      isContinued: this.isContinued,
      digest: this.#digest.finish(),
      columns: [...COLUMN_NAMES],
      instrument: instrument.spec,
    }
  }

  /** Lets the rows go without finishing the file. */
  discard(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    for (const pending of this.#pending.splice(0)) this.#encoder.forget(pending)
    this.#memory.remove(this)
    giveBlock(this.#block)
  }
}

function bytesOf(column: EventColumns[(typeof COLUMN_NAMES)[number]]): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
}
