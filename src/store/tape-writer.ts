/** Writes one partition file, block by block, in bounded memory. */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { LobtraderError, assert } from '../core/index.ts'
import {
  EventKind,
  KIND_MASK,
  allocateEvents,
  copyEvents,
  sliceEvents,
  type EventColumns,
  type Instrument,
} from '../market/index.ts'
import { encodeChunk, encodeVenueTimes } from './column-chunk.ts'
import { attempt, writeFully } from './disk.ts'
import { EventsDigest } from './events-digest.ts'
import {
  BLOCK_ROWS,
  COLUMN_NAMES,
  HEADER_BYTES,
  PARTITION_ROWS_MAX,
  encodeBlockEntry,
  encodeHeader,
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

/** A finished file: what its metadata says and how long it is. */
export interface WrittenTape {
  readonly meta: TapeMeta
  readonly bytes: number
}

/** One open partition file; {@link finish} or {@link discard} ends it. */
export class TapeWriter {
  readonly path: string
  readonly identity: TapeIdentity
  readonly #fd: number
  readonly #block: EventColumns
  readonly #digest = new EventsDigest()
  readonly #index: Buffer[] = []
  #filled = 0
  #events = 0
  #position = HEADER_BYTES
  #firstTime = 0
  #lastTime = Number.NEGATIVE_INFINITY
  #lastExchTime = Number.NEGATIVE_INFINITY
  #isVenueOrdered = true
  /** Whether the book can be built from here: open until a row decides. */
  #opening: 'open' | 'snapshot' | 'continued' = 'open'
  #isOpen = true

  /** @throws LobtraderError WRITE_FAILED */
  constructor(path: string, identity: TapeIdentity) {
    this.path = path
    this.identity = identity
    this.#fd = attempt('create', path, () => openSync(path, 'wx'))
    this.#block = allocateEvents(BLOCK_ROWS, identity.epochNs)
  }

  /** Local time of the last row, ns since the partition's epoch. */
  get lastTime(): number {
    return this.#lastTime
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
      const count = Math.min(to - at, BLOCK_ROWS - this.#filled)
      this.#copy(rows, at, count, shift)
      at += count
      if (this.#filled === BLOCK_ROWS) this.#flush()
    }
  }

  #copy(rows: EventColumns, from: number, count: number, shift: number): void {
    const start = this.#filled
    const end = start + count
    copyEvents({ ...rows, epochNs: this.#block.epochNs }, from, from + count, this.#block, start)
    const { localTime, exchTime, code, lots, seq } = this.#block
    let lastExch = this.#lastExchTime
    let isOrdered = this.#isVenueOrdered
    for (let i = start; i < end; i++) {
      localTime[i] = localTime[i]! + shift
      const exch = exchTime[i]! + shift
      exchTime[i] = exch
      if (exch < lastExch) isOrdered = false
      lastExch = exch
      // Adding 0 turns a negative zero, which encodings do not keep, into 0.
      lots[i]! += 0
      seq[i]! += 0
    }
    this.#lastExchTime = lastExch
    this.#isVenueOrdered = isOrdered
    for (let i = start; i < end && this.#opening === 'open'; i++) {
      this.#opening = openingOf(code[i]! & KIND_MASK)
    }
    if (this.#events === 0) this.#firstTime = localTime[start]!
    this.#lastTime = localTime[end - 1]!
    this.#filled = end
    this.#events += count
  }

  #flush(): void {
    if (this.#filled === 0) return
    const block = sliceEvents(this.#block, 0, this.#filled)
    this.#digest.add(block)
    const chunks = COLUMN_NAMES.map((name) =>
      name === 'exchTime'
        ? encodeVenueTimes(block.exchTime, block.localTime, block.length)
        : encodeChunk(block[name], block.length),
    )
    const offset = this.#position
    this.#write(Buffer.concat(chunks.map((chunk) => chunk.payload)))
    this.#index.push(
      encodeBlockEntry({
        offset,
        rows: block.length,
        firstTime: block.localTime[0]!,
        chunks: chunks.map((chunk) => chunk.entry),
      }),
    )
    this.#filled = 0
  }

  #write(bytes: Uint8Array): void {
    attempt('write', this.path, () => writeFully(this.#fd, bytes, this.#position))
    this.#position += bytes.length
  }

  /**
   * Writes what is left, makes the file durable and closes it.
   *
   * @throws LobtraderError WRITE_FAILED
   */
  finish(): WrittenTape {
    assert(this.#isOpen && this.#events > 0, 'the file is open and has rows')
    this.#flush()
    const meta = this.#meta()
    const index = Buffer.concat(this.#index)
    const text = Buffer.from(JSON.stringify(meta))
    const indexOffset = this.#position
    this.#write(index)
    this.#write(text)
    const header = encodeHeader({
      indexOffset,
      indexBytes: index.length,
      indexChecksum: crc32(index),
      metaOffset: indexOffset + index.length,
      metaBytes: text.length,
      metaChecksum: crc32(text),
      fileBytes: this.#position,
    })
    attempt('write', this.path, () => writeFully(this.#fd, header, 0))
    attempt('flush', this.path, () => fsyncSync(this.#fd))
    this.#isOpen = false
    attempt('close', this.path, () => closeSync(this.#fd))
    return { meta, bytes: this.#position }
  }

  #meta(): TapeMeta {
    const { instrument, day, kind, epochNs, follows } = this.identity
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
      isContinued: follows && this.#opening === 'continued',
      digest: this.#digest.finish(),
      columns: [...COLUMN_NAMES],
      instrument: instrument.spec,
    }
  }

  /** Closes the file without finishing it. */
  discard(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    closeSync(this.#fd)
  }
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
