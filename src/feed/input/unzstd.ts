/**
 * Streams zstd frames through libzstd compiled to WebAssembly, which checks content checksums.
 *
 * zlib of Node 20 has no zstd.
 */
import { readSync } from 'node:fs'
import { ZSTDDecoder } from 'zstddec/stream'
import { StreamFault } from './stream-fault.ts'

const INPUT_CHUNK_BYTES = 1 << 16

/**
 * Decompresses the zstd file behind `descriptor` from its start, frame after frame.
 *
 * @param onRead told of the compressed bytes read so far
 * @throws StreamFault TRUNCATED_FILE or CORRUPT_FILE
 */
export async function* unzstdFile(
  descriptor: number,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const decoder = new ZSTDDecoder()
  await decoder.init()
  let read = 0
  let inputLength = 0
  let idle = 0
  function* input(): Generator<Uint8Array> {
    const buffer = new Uint8Array(INPUT_CHUNK_BYTES)
    for (;;) {
      const length = readSync(descriptor, buffer, 0, buffer.length, read)
      if (length === 0) return
      read += length
      inputLength = length
      idle = 0
      onRead(read)
      yield buffer.subarray(0, length)
    }
  }
  const chunks = decoder.decodeStreaming(input())
  for (;;) {
    let step: IteratorResult<Uint8Array, void>
    try {
      step = chunks.next()
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('Incomplete stream')) throw error
      throw new StreamFault('TRUNCATED_FILE', 'the zstd data end in the middle')
    }
    if (step.done === true) return
    // The decoder does not report errors: on one it delivers nothing, forever. A sound input of n
    // bytes holds fewer than n empty frames.
    idle = step.value.length === 0 ? idle + 1 : 0
    if (idle > inputLength) throw new StreamFault('CORRUPT_FILE', 'the zstd data are corrupt')
    if (step.value.length > 0) yield step.value
  }
}
