/** Splits the rows of one instrument into the partition files of an import. */
import { dirname } from 'node:path'
import { DataError, type ErrorCode } from '../core/index.ts'
import { DAY_NS, midnightBefore, utcDay } from '../time/index.ts'
import type { EventColumns, Instrument } from '../market/index.ts'
import type { BlockEncoder } from './block-encoder.ts'
import type { CheckpointChain, Checkpoints } from './checkpoint-chain.ts'
import type { ExtendedPartition } from './extended-partition.ts'
import { makeFolders } from './disk.ts'
import { partitionPath } from './partition.ts'
import type { RowMemory } from './row-memory.ts'
import { rowsAreSound, type RowFault } from './row-check.kernel.ts'
import { TapeWriter, type ChainLink, type WrittenTape } from './tape-writer.ts'

/** What the instruments of one import share. */
export interface ImportShared {
  readonly memory: RowMemory
  readonly encoder: BlockEncoder
  readonly checkpoints: Checkpoints
  /** Returns the partition of the store to go on with; undefined to begin anew. */
  readonly extended: (path: string) => ExtendedPartition | undefined
}

/** Takes the rows of one instrument. */
export interface RowSink {
  readonly instrument: Instrument
  /**
   * Adds rows of one kind; they are split by UTC day of their local time here.
   *
   * The rows are copied, so that the caller may reuse their memory; memory stays bounded by one
   * block a kind, and over all kinds and instruments of an import, whatever is appended.
   *
   * @param kind `l2`, `l3`, `bbo` or another name of lower-case letters, digits and dashes
   * @param rows in local order, on any epoch; each call goes on where the last one of its kind ended
   * @throws DataError TIME_BACKWARDS, NOT_FINITE, OUT_OF_RANGE, NEGATIVE or BAD_FIELD naming kind,
   *   row and value
   * @throws LobtraderError WRITE_FAILED when the disk refuses
   */
  append(kind: string, rows: EventColumns): void
}

/** The files of one instrument on their way into a store. */
export class InstrumentRows implements RowSink {
  readonly instrument: Instrument
  /** Gives the gathering folder, which is made when the first row comes. */
  readonly #folder: () => string
  readonly #memory: RowMemory
  readonly #encoder: BlockEncoder
  /** The open file of each kind. */
  readonly #writers = new Map<string, TapeWriter>()
  /** Rows so far of each kind, for messages. */
  readonly #rows = new Map<string, number>()
  readonly #written: WrittenTape[] = []
  readonly #checkpoints: Checkpoints
  readonly #extended: ImportShared['extended']
  /** Checkpoints of each kind that go on from the day before. */
  readonly #chains = new Map<string, CheckpointChain>()

  /** @throws LobtraderError BAD_ARGUMENT when the instrument's names cannot be part of a path */
  constructor(instrument: Instrument, folder: () => string, shared: ImportShared) {
    this.instrument = instrument
    this.#folder = folder
    this.#memory = shared.memory
    this.#encoder = shared.encoder
    this.#checkpoints = shared.checkpoints
    this.#extended = shared.extended
    this.pathIn('.', '1970-01-01', 'l2')
  }

  append(kind: string, rows: EventColumns): void {
    const fault: RowFault = { row: -1, field: 'localTime' }
    const done = this.#rows.get(kind) ?? 0
    let from = 0
    while (from < rows.length) {
      const local = rows.localTime[from]!
      if (!Number.isSafeInteger(local))
        throw badRow(kind, rows, { row: from, field: 'localTime' }, done)
      const writer = this.#writerFor(kind, rows.epochNs + BigInt(local), rows.code[from]!)
      const shift = Number(rows.epochNs - writer.identity.epochNs)
      const to = endOfDay(rows, from, shift)
      if (!rowsAreSound(rows, from, to, shift, writer.lastTime, fault)) {
        throw badRow(kind, rows, fault, done)
      }
      writer.append(rows, from, to, shift)
      this.#memory.relieve()
      from = to
    }
    this.#rows.set(kind, done + rows.length)
  }

  /** Finishes every file and returns what was written. @throws LobtraderError WRITE_FAILED */
  finish(): readonly WrittenTape[] {
    for (const writer of this.#writers.values()) writer.flushAhead()
    for (const [kind, writer] of this.#writers) this.#finish(kind, writer, false)
    return this.#written
  }

  #finish(kind: string, writer: TapeWriter, isFollowed: boolean): void {
    const before = this.#chains.get(kind)
    this.#chains.delete(kind)
    // A chain that ended within a day has no book to go on with.
    const chain = writer.isContinued
      ? before
      : this.#checkpoints.begin(kind, writer.blocks, isFollowed)
    let goesOn = false
    const link: ChainLink | undefined = chain && {
      chain,
      isFollowed,
      onEnd: (isWhole) => (goesOn = isWhole),
    }
    this.#written.push(writer.finish(link))
    this.#writers.delete(kind)
    if (goesOn && isFollowed) this.#chains.set(kind, chain!)
  }

  /** Closes the files without finishing them. */
  discard(): void {
    for (const writer of this.#writers.values()) writer.discard()
  }

  /** Returns where a partition of this instrument stands below `root`. */
  pathIn(root: string, day: string, kind: string): string {
    const { venue, symbol } = this.instrument
    return partitionPath(root, { venue, symbol, day, kind })
  }

  #writerFor(kind: string, localNs: bigint, code: number): TapeWriter {
    const epochNs = midnightBefore(localNs)
    const open = this.#writers.get(kind)
    // An earlier day than the open one is left to the row check, which tells of time going back.
    if (open !== undefined && open.identity.epochNs >= epochNs) return open
    if (open !== undefined) this.#finish(kind, open, true)
    const day = utcDay(epochNs)
    this.pathIn('.', day, kind)
    const folder = this.#folder()
    const path = this.pathIn(folder, day, kind)
    makeFolders(folder, dirname(path))
    const { instrument } = this
    const extended = this.#extended(this.pathIn('', day, kind))
    extended?.check(instrument, localNs)
    const follows = open !== undefined || extended?.isContinued === true
    const identity = { instrument, day, kind, epochNs, follows }
    const writer = new TapeWriter(path, identity, this.#memory, this.#encoder)
    this.#writers.set(kind, writer)
    extended?.copyInto(writer, code)
    return writer
  }
}

/** Returns the first row from `from` on that belongs to a later day than the partition. */
function endOfDay(rows: EventColumns, from: number, shift: number): number {
  const { localTime, length } = rows
  if (localTime[length - 1]! + shift < DAY_NS) return length
  let to = from
  while (to < length && !(localTime[to]! + shift >= DAY_NS)) to++
  return to
}

/** Says what is wrong with a row; rows count from 1 over all that was appended to the kind. */
export function badRow(kind: string, rows: EventColumns, fault: RowFault, done: number): DataError {
  const value = rows[fault.field][fault.row]!
  const [code, rule] = ruleBroken(fault.field, value)
  return new DataError(code, `${rule} (events of kind ${kind}), was ${value}`, {
    row: done + fault.row + 1,
    field: fault.field,
    value: Number.isFinite(value) ? value : String(value),
  })
}

function ruleBroken(field: RowFault['field'], value: number): readonly [ErrorCode, string] {
  if (!Number.isFinite(value)) return ['NOT_FINITE', 'must be a finite number']
  if (!Number.isInteger(value)) return ['BAD_FIELD', 'must be an integer']
  if (!Number.isSafeInteger(value)) return ['OUT_OF_RANGE', 'must lie within 2^53']
  switch (field) {
    case 'localTime':
      return ['TIME_BACKWARDS', 'receive time must not go back']
    case 'lots':
      return ['NEGATIVE', 'must not be negative']
    case 'code':
      return ['BAD_FIELD', 'must name an event kind']
    case 'orderRef':
      return ['BAD_FIELD', 'must be -1 or more']
    default:
      return ['OUT_OF_RANGE', "must lie within 2^53 of the partition's midnight"]
  }
}
