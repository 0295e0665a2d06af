/** A partition in the store that an import goes on with. */
import { isDeepStrictEqual } from 'node:util'
import { LobtraderError } from '../core/index.ts'
import { formatInstant } from '../time/index.ts'
import { EventKind, EventWriter, Instrument, KIND_MASK, sliceEvents } from '../market/index.ts'
import { makeSlot } from './block-slot.ts'
import { TapeReader, replacedError } from './tape-reader.ts'
import type { TapeWriter } from './tape-writer.ts'

/** Kinds whose rows make a book. */
const BOOK_KINDS = new Set(['l2', 'l3'])

/** @see module comment */
export class ExtendedPartition {
  readonly #reader: TapeReader

  /** Opens the file at `path`, which is there. @throws as TapeReader */
  constructor(path: string) {
    this.#reader = new TapeReader(path)
    this.#reader.close()
  }

  /** True where the book of its first rows needs that of the day before. */
  get isContinued(): boolean {
    return this.#reader.meta.isContinued
  }

  /**
   * Refuses an import that does not go on where the partition ends, or with other grids.
   *
   * @param firstNs local time of the import's first row of this partition, Unix ns
   * @throws LobtraderError STORE_CONFLICT
   */
  check(instrument: Instrument, firstNs: bigint): void {
    const { meta, path } = this.#reader
    const stored = new Instrument(meta.instrument).spec
    if (!isDeepStrictEqual(stored, instrument.spec)) {
      throw new LobtraderError(
        'STORE_CONFLICT',
        `partition ${path} is of ${meta.symbol} with other grids or names than those of this import; import the day again without --append`,
        { path },
      )
    }
    const toNs = BigInt(meta.toNs)
    if (firstNs >= toNs) return
    throw new LobtraderError(
      'STORE_CONFLICT',
      `partition ${path} reaches ${formatInstant(toNs)} and this import begins at ${formatInstant(firstNs)}, before that; --append adds later events only, and without it the partition is replaced`,
      { path, from: formatInstant(firstNs), to: formatInstant(toNs) },
    )
  }

  /**
   * Copies every row into `writer`; what happened between them and a snapshot that comes next is
   * not known, so that a gap stands between.
   *
   * @param nextCode `code` of the row that comes next
   */
  copyInto(writer: TapeWriter, nextCode: number): void {
    const { epochNs } = writer.identity
    const { columns } = makeSlot(epochNs)
    try {
      for (const block of this.#reader.index.blocks) {
        const rows = sliceEvents(columns, 0, block.rows)
        this.#reader.readBlock(block, rows, 0)
        writer.append(rows, 0, block.rows, 0)
      }
    } finally {
      this.#reader.close()
    }
    const isRestart = (nextCode & KIND_MASK) === EventKind.SnapshotBegin
    if (!isRestart || !BOOK_KINDS.has(writer.identity.kind)) return
    const gap = new EventWriter(epochNs, 1)
    gap.push(writer.lastTime, writer.lastExchTime, EventKind.Gap, 0, 0)
    writer.append(gap.rows, 0, 1, 0)
  }

  /** Refuses to take the place of a partition that is no longer the one that was copied. */
  checkUnchanged(): void {
    const { path, meta } = this.#reader
    const now = new TapeReader(path)
    now.close()
    if (now.meta.digest !== meta.digest) throw replacedError(path)
  }
}
