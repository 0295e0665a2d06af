/**
 * The bytes of an input file: gzip, zstd, zip or plain, told apart by content and never by name.
 *
 * The entries of a zip file follow one another in the order of their names.
 *
 * Streams in bounded memory. Refuses a file that changes while it is read, because a collector
 * may still be writing it, and one that expands beyond any real capture.
 */
import { open, type FileHandle } from 'node:fs/promises'
import { DataError } from '../../core/index.ts'
import { gunzipChunks } from './gunzip.ts'
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

const READ_CHUNK_BYTES = 1 << 16
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
  readonly #handle: FileHandle
  readonly #modifiedMs: number
  #bytesRead = 0

  private constructor(
    path: string,
    handle: FileHandle,
    found: { bytes: number; modifiedMs: number; compression: Compression },
  ) {
    this.path = path
    this.bytes = found.bytes
    this.compression = found.compression
    this.#handle = handle
    this.#modifiedMs = found.modifiedMs
  }

  /**
   * Opens a file. The caller must `close` it.
   *
   * @throws DataError ABSENT_FILE, BAD_ARGUMENT for a folder, TOO_FEW_ROWS for an empty file
   */
  static async open(path: string): Promise<InputFile> {
    const handle = await openForReading(path)
    try {
      const stat = await handle.stat()
      if (!stat.isFile()) {
        throw new DataError('BAD_ARGUMENT', 'is a folder or a device, expected a file', {
          file: path,
        })
      }
      if (stat.size === 0) throw new DataError('TOO_FEW_ROWS', 'the file is empty', { file: path })
      const head = new Uint8Array(4)
      const { bytesRead } = await handle.read(head, 0, 4, 0)
      return new InputFile(path, handle, {
        bytes: stat.size,
        modifiedMs: stat.mtimeMs,
        compression: compressionOf(head.subarray(0, bytesRead)),
      })
    } catch (error) {
      await handle.close()
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
    const stat = await this.#handle.stat()
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
      const { bytesRead } = await this.#handle.read(bytes, filled, length - filled, offset + filled)
      if (bytesRead === 0) throw new StreamFault('TRUNCATED_FILE', 'the file ends too early')
      filled += bytesRead
    }
    this.#bytesRead += length
    return bytes
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  #unpacked(between: number | undefined): AsyncIterable<Uint8Array> {
    if (this.compression === 'zip') return this.#unzipped(between)
    if (this.compression === 'gzip') return gunzipChunks(this.#raw())
    if (this.compression === 'plain') return this.#raw()
    return unzstdFile(this.#handle.fd, (bytes) => {
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

  async *#raw(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = Buffer.allocUnsafe(READ_CHUNK_BYTES)
      const { bytesRead } = await this.#handle.read(chunk, 0, chunk.length, this.#bytesRead)
      if (bytesRead === 0) return
      this.#bytesRead += bytesRead
      yield chunk.subarray(0, bytesRead)
    }
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
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
