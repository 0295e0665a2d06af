/**
 * Streams gzip and raw deflate through zlib's thread pool.
 *
 * The next input is inflated while the consumer works on the last output. A stream that ends in
 * the middle or fails its checksum throws; what was delivered before must not be kept.
 */
import { createGunzip, createInflateRaw, type Gunzip, type InflateRaw } from 'node:zlib'
import { StreamFault } from './stream-fault.ts'

/** One thread-pool round should finish one input chunk, or the consumer's work stalls it. */
const OUTPUT_CHUNK_BYTES = 3 << 19
const OUTPUT_CHUNK_BYTES_MIN = 1 << 12
/** Captures shrink 7 to 15 times. */
const USUAL_RATIO = 16

/** Returns how many bytes to inflate at once where `bytes` are packed: no more than may come. */
export function outputChunkBytes(bytes: number): number {
  return Math.min(OUTPUT_CHUNK_BYTES, Math.max(OUTPUT_CHUNK_BYTES_MIN, bytes * USUAL_RATIO))
}

/**
 * Inflates gzip chunks; concatenated members are one stream.
 *
 * @param chunkSize bytes to inflate at once
 * @throws StreamFault TRUNCATED_FILE or CORRUPT_FILE
 */
export function gunzipChunks(
  chunks: AsyncIterable<Uint8Array>,
  chunkSize = OUTPUT_CHUNK_BYTES,
): AsyncGenerator<Uint8Array> {
  return inflate(createGunzip({ chunkSize }), 'gzip', chunks)
}

/**
 * Inflates chunks of raw deflate data.
 *
 * @param chunkSize bytes to inflate at once
 * @throws StreamFault TRUNCATED_FILE or CORRUPT_FILE
 */
export function inflateRawChunks(
  chunks: AsyncIterable<Uint8Array>,
  chunkSize = OUTPUT_CHUNK_BYTES,
): AsyncGenerator<Uint8Array> {
  return inflate(createInflateRaw({ chunkSize }), 'deflate', chunks)
}

async function* inflate(
  stream: Gunzip | InflateRaw,
  format: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let produced: Uint8Array[] = []
  let failure: Error | undefined
  let hasEnded = false
  let wake: () => void = () => undefined
  stream.on('data', (chunk: Uint8Array) => produced.push(chunk))
  stream.on('error', (error: Error) => {
    failure = error
    wake()
  })
  // The data may end before the input does; then no write is answered any more.
  stream.on('end', () => {
    hasEnded = true
    wake()
  })
  const settled = async (begin: (done: () => void) => void): Promise<void> =>
    await new Promise((resolve) => {
      wake = resolve
      begin(resolve)
    })
  const take = (): Uint8Array[] => {
    const ready = produced
    produced = []
    return ready
  }
  try {
    let ready: Uint8Array[] = []
    for await (const chunk of chunks) {
      const writing = settled((done) => stream.write(chunk, () => done()))
      yield* ready
      await writing
      ready = take()
      if (failure !== undefined || hasEnded) break
    }
    if (failure === undefined && !hasEnded) {
      const ending = settled(() => stream.end())
      yield* ready
      await ending
      ready = take()
    }
    yield* ready
    if (failure !== undefined) throw faultOf(failure, format)
  } finally {
    stream.destroy()
  }
}

function faultOf(error: Error, format: string): StreamFault {
  const truncated = (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR'
  return truncated
    ? new StreamFault('TRUNCATED_FILE', `the ${format} data end in the middle`)
    : new StreamFault('CORRUPT_FILE', `the ${format} data are corrupt (${error.message})`)
}
