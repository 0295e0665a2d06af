/** A partition file in the making, open only while something is written. */
import { closeSync, fsyncSync, ftruncateSync, openSync } from 'node:fs'
import { attempt, readInto, writeFully } from './disk.ts'

/** Bytes of one file; every failure is a WRITE_FAILED or DataError that names it. */
export class TapeFile {
  readonly path: string
  /** How far it reaches, whatever was meant to stay. */
  #reach = 0
  #fd = -1
  #exists = false

  constructor(path: string) {
    this.path = path
  }

  /** Runs what reads and writes with the file open; the first time makes the file. */
  use(run: () => void): void {
    if (this.#fd >= 0) {
      run()
      return
    }
    const flags = this.#exists ? 'r+' : 'wx+'
    const fd = attempt('create', this.path, () => openSync(this.path, flags))
    this.#exists = true
    this.#fd = fd
    try {
      run()
    } catch (error) {
      this.#fd = -1
      closeSync(fd)
      throw error
    }
    this.#fd = -1
    attempt('close', this.path, () => closeSync(fd))
  }

  write(bytes: Uint8Array, position: number): void {
    attempt('write', this.path, () => writeFully(this.#fd, bytes, position))
    this.#reach = Math.max(this.#reach, position + bytes.length)
  }

  /** Fills `bytes` from `offset` on and returns them. */
  readonly read = (bytes: Buffer, offset: number): Buffer =>
    readInto(this.#fd, bytes, offset, this.path)

  /** Cuts off what stands behind `end` and makes the file durable. */
  sync(end: number): void {
    if (end < this.#reach) attempt('write', this.path, () => ftruncateSync(this.#fd, end))
    attempt('flush', this.path, () => fsyncSync(this.#fd))
  }
}
