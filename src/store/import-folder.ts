/**
 * The folder in which an import gathers its files before they are put in place.
 *
 * It stands inside the store, or beside a store that does not exist yet, under a name that says
 * which process made it: the next import into the same store removes those whose process is gone.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, rmdirSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { LobtraderError } from '../core/index.ts'
import { HighPrecisionClock } from '../time/index.ts'
import { attempt, removeTree, systemCode } from './disk.ts'

const PREFIX = '.import-'

/** The machine in eight digits, since a process id means nothing on another one. */
const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)

let count = 0

/** A gathering folder and whether the store is there already. */
export interface ImportFolder {
  readonly path: string
  /** True when the whole folder becomes the store at commit. */
  readonly isFirst: boolean
  /** The topmost folder made on the way to a first store, to be removed when the import fails. */
  readonly made: string | undefined
}

/** Returns true when there is a folder at `dir`. */
export function isFolder(dir: string): boolean {
  return statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true
}

/**
 * Makes the folder for one import into the store at `dir`.
 *
 * @throws LobtraderError STORE_CONFLICT when `dir` is a file, WRITE_FAILED when the disk refuses
 */
export function makeImportFolder(dir: string): ImportFolder {
  const store = resolve(dir)
  const entry = statSync(store, { throwIfNoEntry: false })
  if (entry !== undefined && !entry.isDirectory()) {
    throw new LobtraderError('STORE_CONFLICT', `${dir} is in the way: it is not a folder`, {
      path: dir,
    })
  }
  const parent = dirname(store)
  removeStale(store, PREFIX)
  removeStale(parent, besidePrefix(store))
  const own = ownName()
  if (entry !== undefined) {
    const path = join(store, PREFIX + own)
    attempt('make folder', path, () => mkdirSync(path))
    return { path, isFirst: false, made: undefined }
  }
  const path = join(parent, besidePrefix(store) + own)
  const made = attempt('make folder', parent, () => mkdirSync(parent, { recursive: true }))
  const folder: ImportFolder = { path, isFirst: true, made }
  try {
    attempt('make folder', path, () => mkdirSync(path))
  } catch (error) {
    removeImportFolder(dir, folder)
    throw error
  }
  return folder
}

/**
 * Makes a folder for this process alone inside `dir`; those of processes that are gone go.
 *
 * @throws LobtraderError WRITE_FAILED when the disk refuses
 */
export function makeProcessFolder(dir: string, prefix: string): string {
  removeStale(dir, prefix)
  const path = join(dir, prefix + ownName())
  attempt('make folder', path, () => mkdirSync(path))
  return path
}

/**
 * Removes a gathering folder and the folders that were made to hold it. What a broken disk keeps
 * from being removed now, the next import removes.
 */
export function removeImportFolder(dir: string, folder: ImportFolder): void {
  try {
    rmSync(folder.path, { recursive: true, force: true })
    if (folder.made === undefined) return
    let at = dirname(resolve(dir))
    while (at.startsWith(folder.made)) {
      rmdirSync(at)
      at = dirname(at)
    }
  } catch (error) {
    if (systemCode(error) === 'unknown error') throw error
  }
}

/** A name that says which process made a folder. */
function ownName(): string {
  return `${HOST}-${process.pid}-${startedAt()}-${count++}`
}

function besidePrefix(store: string): string {
  return `.${basename(store)}${PREFIX}`
}

/** Whole seconds of the system's uptime at which this process began: tells reused process ids apart. */
function startedAt(): number {
  return Math.round(Number(HighPrecisionClock.monotonicNs()) / 1e9 - process.uptime())
}

function removeStale(folder: string, prefix: string): void {
  if (!isFolder(folder)) return
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(prefix)) continue
    const match = /^([0-9a-f]{8})-(\d+)-(\d+)-\d+$/.exec(name.slice(prefix.length))
    if (match === null || match[1] !== HOST) continue
    if (isGone(Number(match[2]), Number(match[3]))) removeTree(join(folder, name))
  }
}

function isGone(pid: number, started: number): boolean {
  if (pid === process.pid) return Math.abs(started - startedAt()) > 2
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
