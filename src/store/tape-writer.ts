/**
 * Writes one partition file, block by block, in bounded memory.
 *
 * Rows gather in memory that grows with them, and the file is open only while something is written,
 * so that an import may have thousands of partitions at once. Rows that must leave memory before
 * their block is complete wait behind the blocks of the file, as plain columns.
 */
import { closeSync, fsyncSync, ftruncateSync, openSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { LobtraderError, assert } from '../core/index.ts'
import {
  EventKind,
  KIND_MASK,
  EVENT_ROW_BYTES,
  allocateEvents,
  copyEvents,
  exchangeOrder,
  sliceEvents,
  type EventColumns,
  type Instrument,
} from '../market/index.ts'
import { makeSlot } from './block-slot.ts'
import type { CheckpointChain } from './checkpoint-chain.ts'
import { encodeChunk, encodeVenueTimes } from './column-chunk.ts'
import { attempt, readFully, readInto, writeFully } from './disk.ts'
import { EventsDigest } from './events-digest.ts'
import { dropNegativeZeros, isOrdered, shiftTimes, spanOf, type Span } from './row-check.kernel.ts'
import type { RowHolder, RowMemory } from './row-memory.ts'
import { readBlock } from './read-block.ts'
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

/** One open partition file; {@link finish} or {@link discard} ends it. */
export class TapeWriter implements RowHolder {
  readonly path: string
  readonly identity: TapeIdentity
  readonly #memory: RowMemory
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
  /** How far the file reaches: rows that waited may have stood behind what it ends with. */
  #reach = 0
  #fd = -1
  #exists = false
  #firstTime = 0
  #lastTime = Number.NEGATIVE_INFINITY
  #lastExchTime = Number.NEGATIVE_INFINITY
  #isVenueOrdered = true
  /** Whether the book can be built from here: open until a row decides. */
  #opening: 'open' | 'snapshot' | 'continued' = 'open'
  #isOpen = true

  /** @param memory what the rows of all open partitions share */
  constructor(path: string, identity: TapeIdentity, memory: RowMemory) {
    this.path = path
    this.identity = identity
    this.#memory = memory
    this.#block = allocateEvents(ROWS_AT_FIRST, identity.epochNs)
    memory.add(this)
  }

  get room(): number {
    return this.#block.length
  }

  /** Blocks of rows that the finished file has. */
  get blocks(): number {
    return this.#index.length + (this.#asideRows + this.#filled > 0 ? 1 : 0)
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
      if (this.#asideRows + this.#filled === BLOCK_ROWS) this.#inFile(() => this.#flush())
    }
  }

  putAside(): void {
    const { length } = this.#block
    if (this.#filled > 0) {
      this.#inFile(() => {
        const rows = sliceEvents(this.#block, 0, this.#filled)
        const columns = COLUMN_NAMES.map((name) => bytesOf(rows[name]))
        this.#writeAt(Buffer.concat(columns), this.#position + this.#asideRows * EVENT_ROW_BYTES)
      })
      this.#aside.push(this.#filled)
      this.#asideRows += this.#filled
      this.#filled = 0
    }
    this.#block = allocateEvents(ROWS_AT_FIRST, this.identity.epochNs)
    this.#memory.noteGrowth(ROWS_AT_FIRST - length)
  }

  #makeRoom(rows: number): void {
    const { length, epochNs } = this.#block
    if (rows <= length) return
    let room = length
    while (room < rows) room *= 2
    const grown = allocateEvents(room, epochNs)
    copyEvents(this.#block, 0, this.#filled, grown, 0)
    this.#block = grown
    this.#memory.noteGrowth(room - length)
  }

  /** Runs what writes with the file open; the first time makes the file. */
  #inFile(run: () => void): void {
    const flags = this.#exists ? 'r+' : 'wx+'
    this.#fd = attempt('create', this.path, () => openSync(this.path, flags))
    this.#exists = true
    try {
      run()
    } catch (error) {
      closeSync(this.#fd)
      throw error
    }
    attempt('close', this.path, () => closeSync(this.#fd))
  }

  /** Returns the block at hand, with the rows that wait in the file in front. */
  #wholeBlock(): EventColumns {
    if (this.#asideRows === 0) return sliceEvents(this.#block, 0, this.#filled)
    const rows = this.#asideRows + this.#filled
    const block = allocateEvents(rows, this.identity.epochNs)
    let at = 0
    for (const count of this.#aside) {
      const offset = this.#position + at * EVENT_ROW_BYTES
      const bytes = readFully(this.#fd, count * EVENT_ROW_BYTES, offset, this.path)
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

  #flush(): void {
    const block = this.#wholeBlock()
    if (block.length === 0) return
    this.#digest.add(block)
    this.#writeBlock(block, undefined)
    this.#filled = 0
  }

  #writeBlock(block: EventColumns, before: number | undefined): void {
    const chunks = COLUMN_NAMES.map((name) =>
      name === 'exchTime'
        ? encodeVenueTimes(block.exchTime, block.localTime, block.length)
        : encodeChunk(block[name], block.length),
    )
    const exch: Span = { min: 0, max: 0 }
    spanOf(block.exchTime, block.length, exch)
    const offset = this.#position
    this.#write(Buffer.concat(chunks.map((chunk) => chunk.payload)))
    this.#index.push({
      offset,
      rows: block.length,
      firstTime: block.localTime[0]!,
      exchMin: exch.min,
      exchMax: exch.max,
      before,
      chunks: chunks.map((chunk) => chunk.entry),
    })
  }

  #write(bytes: Uint8Array): void {
    this.#writeAt(bytes, this.#position)
    this.#position += bytes.length
  }

  #writeAt(bytes: Uint8Array, position: number): void {
    attempt('write', this.path, () => writeFully(this.#fd, bytes, position))
    this.#reach = Math.max(this.#reach, position + bytes.length)
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
    this.#inFile(() => {
      this.#flush()
      if (chain !== undefined) this.#writeSeek(chain)
      meta = this.#meta()
      this.#writeEnd(meta)
      const end = this.#position
      if (end < this.#reach) attempt('write', this.path, () => ftruncateSync(this.#fd, end))
      attempt('flush', this.path, () => fsyncSync(this.#fd))
    })
    this.discard()
    return { meta: meta!, bytes: this.#position }
  }

  /** Reads the rows back and writes the books that stood before some of the blocks. */
  #writeSeek({ chain, isFollowed, onEnd }: ChainLink): void {
    const { epochNs } = this.identity
    const blocks = [...this.#index]
    const room = makeSlot(epochNs)
    const read = (bytes: Buffer, offset: number): Buffer =>
      readInto(this.#fd, bytes, offset, this.path)
    const written = {
      epochNs,
      exchMin: blocks.map((block) => block.exchMin),
      exchMax: blocks.map((block) => block.exchMax),
      read: (block: number) => {
        const rows = sliceEvents(room.columns, 0, blocks[block]!.rows)
        readBlock({ path: this.path, read }, blocks[block]!, rows, 0)
        return { ...rows, exchOrder: exchangeOrder(rows.exchTime, rows.length, room.order) }
      },
    }
    const goesOn = chain.pass(written, isFollowed, (rows, before) => {
      for (let from = 0; from < rows.length; from += BLOCK_ROWS) {
        const to = Math.min(rows.length, from + BLOCK_ROWS)
        this.#writeBlock(sliceEvents(rows, from, to), before)
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
    this.#writeAt(header, 0)
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
    this.#isOpen = false
    this.#memory.remove(this)
  }
}

function bytesOf(column: EventColumns[(typeof COLUMN_NAMES)[number]]): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
}

/** Whether a row lets a book begin here, needs the book of the day before, or says neither. */
function openingOf(kind: number): 'open' | 'snapshot' | 'continued' {
  switch (kind) {
    case EventKind.SnapshotBegin:
    case EventKind.SnapshotLevel:
    case EventKind.DepthClear:
      return 'snapshot'
    case EventKind.DepthSet:
    case EventKind.OrderAdd:
    case EventKind.OrderModify:
    case EventKind.OrderCancel:
    case EventKind.OrderExecute:
      return 'continued'
    default:
      return 'open'
  }
}
