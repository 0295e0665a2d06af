/**
 * Streams zstd frames through libzstd compiled to WebAssembly, which checks content checksums.
 *
 * zlib of Node 20 has no zstd. The package's own loop over a stream neither tells errors nor gives
 * memory back where a stream is left early, so it is driven here; see {@link ZstdLibrary}.
 */
import { readSync } from 'node:fs'
import { StreamFault } from './stream-fault.ts'
import { zstdLibrary, type ZstdLibrary } from './zstd-library.ts'

/**
 * Decompresses the zstd file behind `descriptor` from its start, frame after frame.
 *
 * @param chunkBytes compressed bytes to read at once, > 0
 * @param onRead told of the compressed bytes read so far
 * @throws StreamFault TRUNCATED_FILE or CORRUPT_FILE
 */
export async function* unzstdFile(
  descriptor: number,
  chunkBytes: number,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const stream = new ZstdStream(await zstdLibrary(), chunkBytes)
  try {
    let read = 0
    for (;;) {
      const length = readSync(descriptor, stream.input(), 0, chunkBytes, read)
      if (length === 0) break
      read += length
      onRead(read)
      stream.begin(length)
      while (stream.hasMore) {
        const chunk = stream.step()
        if (chunk.length > 0) yield chunk
      }
    }
    if (!stream.isAtEnd) throw new StreamFault('TRUNCATED_FILE', 'the zstd data end in the middle')
  } finally {
    stream.close()
  }
}

/** Offsets in `ZSTD_inBuffer` and `ZSTD_outBuffer` of zstd.h: start, size, position. */
const SIZE_AT = 4
const POSITION_AT = 8
const BUFFER_BYTES = 12

/** One decompression in the memory of the library. */
class ZstdStream {
  readonly #library: ZstdLibrary
  readonly #context: number
  readonly #inAt: number
  readonly #outAt: number
  readonly #outBytes: number
  readonly #inBuffer: number
  readonly #outBuffer: number
  #rest = 0
  #isFull = false

  constructor(library: ZstdLibrary, chunkBytes: number) {
    this.#library = library
    this.#context = library.ZSTD_createDCtx()
    this.#inAt = library.malloc(chunkBytes)
    this.#outBytes = library.ZSTD_DStreamOutSize()
    this.#outAt = library.malloc(this.#outBytes)
    this.#inBuffer = library.malloc(BUFFER_BYTES)
    this.#outBuffer = library.malloc(BUFFER_BYTES)
  }

  /** True between frames. */
  get isAtEnd(): boolean {
    return this.#rest === 0
  }

  /** True while input waits, or output may. */
  get hasMore(): boolean {
    const view = this.#view
    const position = view.getUint32(this.#inBuffer + POSITION_AT, true)
    return this.#isFull || position < view.getUint32(this.#inBuffer + SIZE_AT, true)
  }

  /** Where the next compressed bytes go. */
  input(): Uint8Array {
    return new Uint8Array(this.#library.memory.buffer, this.#inAt)
  }

  /** Takes `length` bytes of {@link input}. */
  begin(length: number): void {
    const view = this.#view
    view.setUint32(this.#inBuffer, this.#inAt, true)
    view.setUint32(this.#inBuffer + SIZE_AT, length, true)
    view.setUint32(this.#inBuffer + POSITION_AT, 0, true)
  }

  /** Returns the next decompressed bytes, perhaps none. @throws StreamFault CORRUPT_FILE */
  step(): Uint8Array {
    const library = this.#library
    const before = this.#view
    before.setUint32(this.#outBuffer, this.#outAt, true)
    before.setUint32(this.#outBuffer + SIZE_AT, this.#outBytes, true)
    before.setUint32(this.#outBuffer + POSITION_AT, 0, true)
    const rest = library.ZSTD_decompressStream(this.#context, this.#outBuffer, this.#inBuffer)
    // An error is a small negative number in the place of a size.
    if (rest < 0) throw new StreamFault('CORRUPT_FILE', 'the zstd data are corrupt')
    this.#rest = rest
    // The memory may have grown and moved.
    const length = this.#view.getUint32(this.#outBuffer + POSITION_AT, true)
    this.#isFull = length === this.#outBytes && rest > 0
    return new Uint8Array(library.memory.buffer, this.#outAt, length).slice()
  }

  close(): void {
    const library = this.#library
    library.ZSTD_freeDCtx(this.#context)
    for (const at of [this.#inAt, this.#outAt, this.#inBuffer, this.#outBuffer]) library.free(at)
  }

  get #view(): DataView {
    return new DataView(this.#library.memory.buffer)
  }
}
