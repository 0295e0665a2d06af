/**
 * Writing into a store: what an import has written appears when it commits, never in part.
 *
 * Rows go into files in a gathering folder. A first commit renames that folder to be the store.
 * Later commits rename file by file into a store that exists: each partition is the old one or
 * the new one at every moment. A process killed between two of these renames leaves some
 * partitions new and some as before; running the import again completes it.
 */
import { existsSync, readdirSync, renameSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { LobtraderError, assert } from '../core/index.ts'
import type { EventColumns, Instrument } from '../market/index.ts'
import { BlockEncoder } from './block-encoder.ts'
import { Checkpoints, type CheckpointMaker } from './checkpoint-chain.ts'
import { makeFolders, moveInPlace, syncDirectory, systemCode, writeFailed } from './disk.ts'
import { ExtendedPartition } from './extended-partition.ts'
import {
  isFolder,
  makeImportFolder,
  removeImportFolder,
  type ImportFolder,
} from './import-folder.ts'
import { InstrumentRows, type ImportShared, type RowSink } from './instrument-rows.ts'
import { comparePartitions, partitionInfo, type PartitionInfo } from './partition.ts'
import { RowMemory } from './row-memory.ts'
import type { WrittenTape } from './tape-writer.ts'

/** How a {@link StoreImport} works. */
export interface StoreImportOptions {
  /** Rows to keep in memory, over all instruments; default 2^22, about 170 MB. */
  readonly heldRowsMax?: number | undefined
  /** Makes the books of the seek section; without it there is none. */
  readonly checkpoints?: CheckpointMaker | undefined
  /**
   * Partitions that the store has are gone on with instead of replaced. What begins before they
   * end is refused; where a snapshot comes next, a gap stands between.
   */
  readonly append?: boolean | undefined
}

/** One import of any number of instruments; nothing of it is visible before {@link commit}. */
export class StoreImport {
  readonly dir: string
  readonly #instruments = new Map<string, InstrumentRows>()
  readonly #shared: ImportShared
  readonly #append: boolean
  readonly #extended: ExtendedPartition[] = []
  #folder: ImportFolder | undefined
  #state: 'open' | 'committed' | 'aborted' = 'open'

  /**
   * @param dir         folder of the store, which appears with the first commit if it is absent
   */
  constructor(dir: string, options: StoreImportOptions = {}) {
    this.dir = dir
    this.#append = options.append ?? false
    this.#shared = {
      memory: new RowMemory(options.heldRowsMax),
      encoder: new BlockEncoder(),
      checkpoints: new Checkpoints(options.checkpoints),
      extended: (path) => this.#extend(path),
    }
  }

  /**
   * Adds an instrument and returns where its rows go. Nothing is written before the first row.
   *
   * @throws LobtraderError BAD_ARGUMENT when the instrument's names cannot be part of a path,
   *   AMBIGUOUS_SYMBOL when this import has the instrument already
   */
  open(instrument: Instrument): RowSink {
    this.checkOpen()
    const name = `${instrument.venue}/${instrument.symbol}`
    if (this.#instruments.has(name)) {
      throw new LobtraderError('AMBIGUOUS_SYMBOL', `${name} is twice in one import`, { name })
    }
    const folder = (): string => (this.#folder ??= makeImportFolder(this.dir)).path
    const rows = new InstrumentRows(instrument, folder, this.#shared)
    this.#instruments.set(name, rows)
    return rows
  }

  /** The partition at `path` below the store that this import goes on with. */
  #extend(path: string): ExtendedPartition | undefined {
    const file = join(resolve(this.dir), path)
    if (!this.#append || !existsSync(file)) return undefined
    const extended = new ExtendedPartition(file)
    this.#extended.push(extended)
    return extended
  }

  /** Asserts that the import has not ended. */
  checkOpen(): void {
    assert(this.#state === 'open', 'the import is neither committed nor aborted')
  }

  /**
   * Makes every partition of this import visible; each takes the place of the one that stood there.
   * An import without rows makes no store.
   *
   * @throws LobtraderError WRITE_FAILED or STORE_CONFLICT; call {@link abort} then
   */
  commit(): readonly PartitionInfo[] {
    this.checkOpen()
    const written: Placed[] = []
    for (const rows of this.#instruments.values()) {
      for (const tape of rows.finish()) written.push({ tape, rows })
    }
    const folder = this.#folder
    for (const extended of this.#extended) extended.checkUnchanged()
    if (folder !== undefined) {
      if (!folder.isFirst || !this.#becomeStore(folder)) this.#putInPlace(folder, written)
      removeImportFolder(this.dir, folder)
    }
    this.#state = 'committed'
    return written
      .map(({ tape, rows }) =>
        partitionInfo(tape.meta, tape.bytes, pathOf(this.dir, { tape, rows })),
      )
      .toSorted(comparePartitions)
  }

  /** Removes all that this import has written; a store that it was about to make does not appear. */
  abort(): void {
    if (this.#state !== 'open') return
    this.#state = 'aborted'
    for (const rows of this.#instruments.values()) rows.discard()
    if (this.#folder !== undefined) removeImportFolder(this.dir, this.#folder)
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

  #putInPlace(folder: ImportFolder, written: readonly Placed[]): void {
    const store = resolve(this.dir)
    const changed = new Set<string>()
    for (const placed of written) {
      const target = pathOf(store, placed)
      for (const path of makeFolders(store, dirname(target))) changed.add(path)
      changed.add(dirname(target))
    }
    for (const placed of written) {
      moveInPlace(pathOf(folder.path, placed), pathOf(store, placed))
    }
    for (const path of changed) syncDirectory(path)
  }
}

/** A finished file and the instrument that it belongs to. */
interface Placed {
  readonly tape: WrittenTape
  readonly rows: InstrumentRows
}

function pathOf(root: string, { tape, rows }: Placed): string {
  return rows.pathIn(root, tape.meta.day, tape.meta.kind)
}

/** Every folder below `root`, the deepest first, and `root` itself. */
function foldersIn(root: string): readonly string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => foldersIn(join(root, entry.name)))
    .concat(root)
}

/** What {@link beginImport} needs to know before the first row. */
export interface ImportOptions extends StoreImportOptions {
  readonly instrument: Instrument
}

/** An import of one instrument. */
export class StoreTransaction implements RowSink {
  readonly instrument: Instrument
  readonly #import: StoreImport
  readonly #rows: RowSink

  /** Use {@link beginImport}. */
  constructor(dir: string, { instrument, ...options }: ImportOptions) {
    this.instrument = instrument
    this.#import = new StoreImport(dir, options)
    this.#rows = this.#import.open(instrument)
  }

  /** @see RowSink.append; after a failure only {@link abort} is of use */
  append(kind: string, rows: EventColumns): void {
    this.#import.checkOpen()
    this.#rows.append(kind, rows)
  }

  /** @see StoreImport.commit */
  commit(): readonly PartitionInfo[] {
    return this.#import.commit()
  }

  /** @see StoreImport.abort */
  abort(): void {
    this.#import.abort()
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
