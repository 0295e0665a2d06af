/**
 * Writing into a store: what an import has written appears when it commits, never in part.
 *
 * Rows go into files in a gathering folder. A first commit renames that folder to be the store.
 * Later commits rename file by file into a store that exists: each partition is the old one or
 * the new one at every moment. A process killed between two of these renames leaves some
 * partitions new and some as before; running the import again completes it.
 */
import { readdirSync, renameSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DataError, assert, type ErrorCode } from '../core/index.ts'
import { DAY_NS, midnightBefore, utcDay } from '../time/index.ts'
import type { EventColumns, Instrument } from '../market/index.ts'
import { makeFolders, moveInPlace, syncDirectory, systemCode, writeFailed } from './disk.ts'
import {
  isFolder,
  makeImportFolder,
  removeImportFolder,
  type ImportFolder,
} from './import-folder.ts'
import { comparePartitions, partitionInfo, partitionPath, type PartitionInfo } from './partition.ts'
import { rowsAreSound, type RowFault } from './row-check.kernel.ts'
import { TapeWriter, type WrittenTape } from './tape-writer.ts'

/** What {@link beginImport} needs to know before the first row. */
export interface ImportOptions {
  readonly instrument: Instrument
}

/** Rows on their way into a store; nothing of them is visible before {@link commit}. */
export class StoreTransaction {
  readonly dir: string
  readonly instrument: Instrument
  #folder: ImportFolder | undefined
  /** The open file of each kind. */
  readonly #writers = new Map<string, TapeWriter>()
  /** Rows so far of each kind, for messages. */
  readonly #rows = new Map<string, number>()
  readonly #written: WrittenTape[] = []
  #state: 'open' | 'committed' | 'aborted' = 'open'

  /** Use {@link beginImport}. */
  constructor(dir: string, options: ImportOptions) {
    this.dir = dir
    this.instrument = options.instrument
    this.#pathIn(dir, '1970-01-01', 'l2')
  }

  /**
   * Adds rows to the partitions of one kind; they are split by UTC day of their local time here.
   *
   * The rows are copied, so that the caller may reuse their memory; memory stays bounded by one
   * block a kind, whatever is appended. After a failure only {@link abort} is of use.
   *
   * @param kind `l2`, `l3`, `bbo` or another name of lower-case letters, digits and dashes
   * @param rows in local order, on any epoch; each call goes on where the last one of its kind ended
   * @throws DataError TIME_BACKWARDS, NOT_FINITE, OUT_OF_RANGE, NEGATIVE or BAD_FIELD naming kind,
   *   row and value
   * @throws LobtraderError WRITE_FAILED when the disk refuses
   */
  append(kind: string, rows: EventColumns): void {
    assert(this.#state === 'open', 'the import is neither committed nor aborted')
    const fault: RowFault = { row: -1, field: 'localTime' }
    const done = this.#rows.get(kind) ?? 0
    let from = 0
    while (from < rows.length) {
      const local = rows.localTime[from]!
      if (!Number.isSafeInteger(local))
        throw badRow(kind, rows, { row: from, field: 'localTime' }, done)
      const writer = this.#writerFor(kind, midnightBefore(rows.epochNs + BigInt(local)))
      const shift = Number(rows.epochNs - writer.identity.epochNs)
      const to = endOfDay(rows, from, shift)
      if (!rowsAreSound(rows, from, to, shift, writer.lastTime, fault)) {
        throw badRow(kind, rows, fault, done)
      }
      writer.append(rows, from, to, shift)
      from = to
    }
    this.#rows.set(kind, done + rows.length)
  }

  /**
   * Makes every partition of this import visible; each replaces the one that stood in its place.
   * An import without rows makes no store.
   *
   * @throws LobtraderError WRITE_FAILED or STORE_CONFLICT; call {@link abort} then
   */
  commit(): readonly PartitionInfo[] {
    assert(this.#state === 'open', 'the import is neither committed nor aborted')
    for (const [kind, writer] of this.#writers) {
      this.#written.push(writer.finish())
      this.#writers.delete(kind)
    }
    const folder = this.#folder
    if (folder !== undefined) {
      if (!folder.isFirst || !this.#becomeStore(folder)) this.#putInPlace(folder)
      removeImportFolder(this.dir, folder)
    }
    this.#state = 'committed'
    return this.#written
      .map(({ meta, bytes }) =>
        partitionInfo(meta, bytes, this.#pathIn(this.dir, meta.day, meta.kind)),
      )
      .toSorted(comparePartitions)
  }

  /** Removes all that this import has written; a store that it was about to make does not appear. */
  abort(): void {
    if (this.#state !== 'open') return
    this.#state = 'aborted'
    for (const writer of this.#writers.values()) writer.discard()
    if (this.#folder !== undefined) removeImportFolder(this.dir, this.#folder)
  }

  #writerFor(kind: string, epochNs: bigint): TapeWriter {
    const open = this.#writers.get(kind)
    // An earlier day than the open one is left to the row check, which tells of time going back.
    if (open !== undefined && open.identity.epochNs >= epochNs) return open
    if (open !== undefined) {
      this.#written.push(open.finish())
      this.#writers.delete(kind)
    }
    const day = utcDay(epochNs)
    this.#pathIn(this.dir, day, kind)
    this.#folder ??= makeImportFolder(this.dir)
    const path = this.#pathIn(this.#folder.path, day, kind)
    makeFolders(this.#folder.path, dirname(path))
    const { instrument } = this
    const writer = new TapeWriter(path, {
      instrument,
      day,
      kind,
      epochNs,
      follows: open !== undefined,
    })
    this.#writers.set(kind, writer)
    return writer
  }

  #pathIn(root: string, day: string, kind: string): string {
    const { venue, symbol } = this.instrument
    return partitionPath(root, { venue, symbol, day, kind })
  }

  /** Renames the gathering folder to be the store; false when a store has appeared meanwhile. */
  #becomeStore(folder: ImportFolder): boolean {
    for (const path of foldersIn(folder.path)) syncDirectory(path)
    const store = resolve(this.dir)
    try {
      renameSync(folder.path, store)
    } catch (error) {
      const code = systemCode(error)
      if (isFolder(store) && ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(code)) return false
      throw writeFailed('make', this.dir, error)
    }
    try {
      syncDirectory(dirname(store))
    } catch (error) {
      moveInPlace(store, folder.path)
      throw error
    }
    return true
  }

  #putInPlace(folder: ImportFolder): void {
    const store = resolve(this.dir)
    const changed = new Set<string>()
    for (const { meta } of this.#written) {
      const target = this.#pathIn(store, meta.day, meta.kind)
      for (const path of makeFolders(store, dirname(target))) changed.add(path)
      changed.add(dirname(target))
    }
    for (const { meta } of this.#written) {
      moveInPlace(
        this.#pathIn(folder.path, meta.day, meta.kind),
        this.#pathIn(store, meta.day, meta.kind),
      )
    }
    for (const path of changed) syncDirectory(path)
  }
}

/** Every folder below `root`, the deepest first, and `root` itself. */
function foldersIn(root: string): readonly string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => foldersIn(join(root, entry.name)))
    .concat(root)
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
function badRow(kind: string, rows: EventColumns, fault: RowFault, done: number): DataError {
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

/**
 * Begins an import into the store at `dir`, which appears with the first commit if it is absent.
 * Nothing is written before the first row.
 *
 * @throws LobtraderError BAD_ARGUMENT when the instrument's names cannot be part of a path
 */
export function beginImport(dir: string, options: ImportOptions): StoreTransaction {
  return new StoreTransaction(dir, options)
}
