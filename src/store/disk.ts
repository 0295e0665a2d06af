/** The few file operations that a store needs, each failing with one clear error. */
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { DataError, LobtraderError } from '../core/index.ts'

/** Returns the system's code of a failed call, such as `ENOSPC`. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be too large',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EIO: 'the disk failed',
}

/** Runs a file operation and turns its failure into WRITE_FAILED with the path and the reason. */
export function attempt<T>(action: string, path: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw writeFailed(action, path, error)
  }
}

/** Returns the WRITE_FAILED that tells of a failed file operation. */
export function writeFailed(action: string, path: string, error: unknown): LobtraderError {
  const code = systemCode(error)
  const reason = REASONS[code]
  const told = reason === undefined ? code : `${reason} (${code})`
  return new LobtraderError('WRITE_FAILED', `cannot ${action} ${path}: ${told}`, {
    path,
    reason: code,
  })
}

/** Writes all of `bytes` at `position`. */
export function writeFully(fd: number, bytes: Uint8Array, position: number): void {
  let done = 0
  while (done < bytes.length) {
    done += writeSync(fd, bytes, done, bytes.length - done, position + done)
  }
}

/**
 * Reads exactly `length` bytes at `position`.
 *
 * @throws DataError TRUNCATED_FILE when the file ends before, CORRUPT_FILE when the disk fails
 */
export function readFully(fd: number, length: number, position: number, file: string): Buffer {
  return readInto(fd, Buffer.allocUnsafe(length), position, file)
}

/** Fills `bytes` from `position` on and returns them. @throws as {@link readFully} */
export function readInto(fd: number, bytes: Buffer, position: number, file: string): Buffer {
  const { length } = bytes
  let done = 0
  while (done < length) {
    const got = readPart(fd, bytes, done, { position: position + done, file })
    if (got === 0) {
      throw new DataError('TRUNCATED_FILE', `the file ends ${length - done} bytes too early`, {
        file,
        offset: position + done,
      })
    }
    done += got
  }
  return bytes
}

function readPart(
  fd: number,
  bytes: Buffer,
  at: number,
  place: { position: number; file: string },
): number {
  try {
    return readSync(fd, bytes, at, bytes.length - at, place.position)
  } catch (error) {
    throw new DataError('CORRUPT_FILE', `cannot be read: ${systemCode(error)}`, {
      file: place.file,
      offset: place.position,
    })
  }
}

/** Makes a directory's entries durable; platforms that cannot open directories do that themselves. */
export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return
  attempt('flush directory', path, () => {
    const fd = openSync(path, 'r')
    try {
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
  })
}

/**
 * Makes every folder from `root` down to `path`, refusing links that would lead out of `root`.
 *
 * @returns the folders that now have a new entry, `root` first
 * @throws LobtraderError STORE_CONFLICT when something other than a folder is in the way
 */
export function makeFolders(root: string, path: string): readonly string[] {
  const changed: string[] = []
  let at = root
  for (const part of relative(root, path).split(sep)) {
    const parent = at
    at = join(at, part)
    const entry = lstatSync(at, { throwIfNoEntry: false })
    if (entry === undefined) {
      attempt('make folder', at, () => mkdirSync(at, { recursive: true }))
      changed.push(parent)
    } else if (!entry.isDirectory()) {
      throw new LobtraderError('STORE_CONFLICT', `${at} is in the way: it is not a folder`, {
        path: at,
      })
    }
  }
  return changed
}

/** Puts `from` in the place of `to` in one step. */
export function moveInPlace(from: string, to: string): void {
  attempt('put in place', to, () => renameSync(from, to))
}

/** Removes a file or a whole folder, if it is there. */
export function removeTree(path: string): void {
  attempt('remove', path, () => rmSync(path, { recursive: true, force: true }))
}

/**
 * Writes a file beside its final place and moves it there when `fill` has returned, so that the
 * place never holds half a file.
 *
 * @param fill gets the descriptor of the new file; what it throws is passed on, the file removed
 * @throws LobtraderError WRITE_FAILED when the disk refuses
 */
export function writeAtomically<T>(path: string, fill: (fd: number) => T): T {
  const temporary = join(dirname(path), `.${process.pid}.${temporaryCount++}.part`)
  const fd = attempt('create', path, () => openSync(temporary, 'wx'))
  let isOpen = true
  try {
    const result = fill(fd)
    attempt('flush', path, () => fsyncSync(fd))
    isOpen = false
    attempt('close', path, () => closeSync(fd))
    moveInPlace(temporary, path)
    syncDirectory(dirname(path))
    return result
  } catch (error) {
    if (isOpen) closeSync(fd)
    rmSync(temporary, { force: true })
    throw error
  }
}

let temporaryCount = 0
