/**
 * The bytes of an input file: gzip, zstd, zip or plain, told apart by content and never by name.
 *
 * The entries of a zip file follow one another in the order of their names.
 *
 * Streams in bounded memory. Refuses a file that changes while it is read, because a collector
 * may still be writing it, and one that expands beyond any real capture.
 */
import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs'
import { promisify } from 'node:util'
import { DataError } from '../../core/index.ts'
import { gunzipChunks, outputChunkBytes } from './gunzip.ts'
import { StreamFault } from './stream-fault.ts'
import { unzstdFile } from './unzstd.ts'
import { isZip, zipDataEntries, zipEntryChunks } from './zip-file.ts'

/** Limits that keep a hostile or broken file from taking the machine's memory. */
export interface InputLimits {
  /** Longest line in bytes. */
  readonly lineBytesMax: number
  /** Largest decompressed size per compressed byte, once `ratioFreeBytes` have come out. */
  readonly ratioMax: number
  readonly ratioFreeBytes: number
}

/** Real captures expand 7 to 15 times; gzip can do 1,030 times, zstd far more. */
export const INPUT_LIMITS: InputLimits = {
  lineBytesMax: 16 << 20,
  ratioMax: 200,
  ratioFreeBytes: 64 << 20,
}

/** How the bytes of a file are packed. */
export type Compression = 'gzip' | 'zstd' | 'zip' | 'plain'

const READ_CHUNK_BYTES = 1 << 17
const readBytes = promisify(read)
const ZSTD_MAGIC = 0xfd2fb528
const ZSTD_SKIPPABLE_MAGIC = 0x184d2a50

/** Returns how a file that begins with `head` is packed. */
export function compressionOf(head: Uint8Array): Compression {
  if (head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  if (head.length < 4) return 'plain'
  if (isZip(head)) return 'zip'
  const magic = new DataView(head.buffer, head.byteOffset).getUint32(0, true)
  const zstd = magic === ZSTD_MAGIC || (magic & 0xfffffff0) >>> 0 === ZSTD_SKIPPABLE_MAGIC
  return zstd ? 'zstd' : 'plain'
}

/** An input file, opened and sized. */
export class InputFile {
  readonly path: string
  /** Size on disk. */
  readonly bytes: number
  readonly compression: Compression
  readonly #descriptor: number
  readonly #modifiedMs: number
  #bytesRead = 0
  #isClosed = false

  private constructor(
    path: string,
    descriptor: number,
    found: { bytes: number; modifiedMs: number; compression: Compression },
  ) {
    this.path = path
    this.bytes = found.bytes
    this.compression = found.compression
    this.#descriptor = descriptor
    this.#modifiedMs = found.modifiedMs
  }

  /**
   * Opens a file. The caller must `close` it.
   *
   * @throws DataError ABSENT_FILE, BAD_ARGUMENT for a folder, TOO_FEW_ROWS for an empty file
   */
  static async open(path: string): Promise<InputFile> {
    const descriptor = openForReading(path)
    try {
      const stat = fstatSync(descriptor)
      if (!stat.isFile()) {
        throw new DataError('BAD_ARGUMENT', 'is a folder or a device, expected a file', {
          file: path,
        })
      }
      if (stat.size === 0) throw new DataError('TOO_FEW_ROWS', 'the file is empty', { file: path })
      const head = new Uint8Array(4)
      const length = readSync(descriptor, head, 0, 4, 0)
      return new InputFile(path, descriptor, {
        bytes: stat.size,
        modifiedMs: stat.mtimeMs,
        compression: compressionOf(head.subarray(0, length)),
      })
    } catch (error) {
      closeSync(descriptor)
      throw error
    }
  }

  /** Bytes of the file on disk that were read so far. */
  get bytesRead(): number {
    // The directory of a zip file is read besides its entries.
    return Math.min(this.#bytesRead, this.bytes)
  }

  /**
   * Yields the decompressed bytes from the start of the file.
   *
   * @param between byte to put behind an entry of a zip file that another one follows, unless it
   *   ends with it
   * @throws StreamFault when they are truncated, corrupt, expand too much, or the file changes
   */
  async *chunks(limits: InputLimits = INPUT_LIMITS, between?: number): AsyncGenerator<Uint8Array> {
    this.#bytesRead = 0
    let produced = 0
    for await (const chunk of this.#unpacked(between)) {
      produced += chunk.length
      if (produced > limits.ratioFreeBytes && produced > limits.ratioMax * this.#bytesRead) {
        throw new StreamFault(
          'OUT_OF_RANGE',
          `the ${this.compression} data expand more than ${limits.ratioMax} times, which no capture does`,
        )
      }
      yield chunk
    }
    const stat = fstatSync(this.#descriptor)
    if (stat.size !== this.bytes || stat.mtimeMs !== this.#modifiedMs) {
      throw new StreamFault('CORRUPT_FILE', 'the file changed while it was read')
    }
  }

  /**
   * Returns `length` bytes of the file as it is on disk, from `offset`.
   *
   * @throws StreamFault TRUNCATED_FILE when the file ends before
   */
  async readAt(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length)
    let filled = 0
    while (filled < length) {
      const bytesRead = await this.#read(bytes, filled, offset + filled)
      if (bytesRead === 0) throw new StreamFault('TRUNCATED_FILE', 'the file ends too early')
      filled += bytesRead
    }
    this.#bytesRead += length
    return bytes
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    closeSync(this.#descriptor)
  }

  #unpacked(between: number | undefined): AsyncIterable<Uint8Array> {
    if (this.compression === 'zip') return this.#unzipped(between)
    if (this.compression === 'gzip') return gunzipChunks(this.#raw(), outputChunkBytes(this.bytes))
    if (this.compression === 'plain') return this.#raw()
    return unzstdFile(this.#descriptor, Math.min(READ_CHUNK_BYTES, this.bytes), (bytes) => {
      this.#bytesRead = bytes
    })
  }

  async *#unzipped(between: number | undefined): AsyncGenerator<Uint8Array> {
    let last = between
    for (const entry of await zipDataEntries(this)) {
      if (between !== undefined && last !== between) yield Uint8Array.of(between)
      for await (const chunk of zipEntryChunks(this, entry)) {
        if (chunk.length > 0) last = chunk[chunk.length - 1]
        yield chunk
      }
    }
  }

  /** Fills `bytes` from `filled` on; a small file is not worth a round through the thread pool. */
  async #read(bytes: Uint8Array, filled: number, position: number): Promise<number> {
    const length = bytes.length - filled
    if (this.bytes <= READ_CHUNK_BYTES) {
      return readSync(this.#descriptor, bytes, filled, length, position)
    }
    return (await readBytes(this.#descriptor, bytes, filled, length, position)).bytesRead
  }

  async *#raw(): AsyncGenerator<Uint8Array> {
    // What comes behind the size that the file had is told as a change of the file.
    while (this.#bytesRead < this.bytes) {
      const chunk = Buffer.allocUnsafe(Math.min(READ_CHUNK_BYTES, this.bytes - this.#bytesRead))
      const bytesRead = await this.#read(chunk, 0, this.#bytesRead)
      if (bytesRead === 0) return
      this.#bytesRead += bytesRead
      yield chunk.subarray(0, bytesRead)
    }
  }
}

function openForReading(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new DataError('ABSENT_FILE', 'there is no such file', { file: path })
    }
    if (code === 'EACCES' || code === 'EPERM') {
      throw new DataError('ABSENT_FILE', 'the file may not be read (permission denied)', {
        file: path,
      })
    }
    throw error
  }
}
