/**
 * Compares compressors on the chunks of a store as they were before prefix codes, and both ways to
 * read them, as docs/decisions/0002-store-container.md tells:
 *
 *     npm run build && node scripts/run.mjs bench/store-codecs.ts STORE
 *
 * zstd is measured when Node has it (22.15 and later) or when a package that has it was put beside
 * the others: `npm install --no-save @bokuweb/zstd-wasm@0.0.27 @mongodb-js/zstd@1.2.2`.
 */
import { readFileSync } from 'node:fs'
import * as zlib from 'node:zlib'
import { HighPrecisionClock } from 'lobtrader/time'
import { openStore, type PartitionInfo } from 'lobtrader/store'
import { decodeChunk } from '../src/store/decode-chunk.ts'
import {
  COLUMN_NAMES,
  Codec,
  HEADER_BYTES,
  decodeHeader,
  decodeIndex,
} from '../src/store/tape-format.ts'
import { oldChunks, type Chunk } from '../test/old-tapes.ts'

type Bytes = Uint8Array
type Step = (bytes: Bytes) => Bytes | Promise<Bytes>

interface Zstd {
  init?: () => Promise<void>
  compress: (bytes: Bytes, level: number) => Bytes | Promise<Bytes>
  decompress: Step
}

/** A chunk as it stands in the store, and as it was before. */
interface ChunkPair {
  readonly field: (typeof COLUMN_NAMES)[number]
  readonly rows: number
  readonly own: Chunk
  readonly old: Chunk
}

function chunksOf(info: PartitionInfo): readonly ChunkPair[] {
  const file = readFileSync(info.path)
  const header = decodeHeader(file.subarray(0, HEADER_BYTES), info.path, file.length)
  const index = file.subarray(header.indexOffset, header.metaOffset)
  return decodeIndex(index, header, info.path, info.events).blocks.flatMap((block) => {
    const old = oldChunks(file, block)
    let at = block.offset
    return block.chunks.map((entry, i) => {
      const own = { entry, payload: file.subarray(at, (at += entry.bytes)) }
      return { field: COLUMN_NAMES[i]!, rows: block.rows, own, old: old[i]! }
    })
  })
}

/** The bytes of an old chunk before compression. */
function varintsOf({ entry, payload }: Chunk): Bytes {
  return entry.codec === Codec.Deflate ? zlib.inflateRawSync(payload) : payload
}

/** Reads chunks into columns, over and over, and prints the median of rows a second. */
function measureReading(name: string, of: (pair: ChunkPair) => Chunk): void {
  const wide = new Float64Array(65_536)
  const columns = { tick: new Int32Array(65_536), orderRef: new Int32Array(65_536) }
  const codes = new Uint8Array(65_536)
  const reads: number[] = []
  let bytes = 0
  for (let round = 0; round < 15; round++) {
    const begin = HighPrecisionClock.monotonicNs()
    bytes = 0
    for (const pair of pairs) {
      const { field } = pair
      const { entry, payload } = of(pair)
      const column =
        field === 'tick' || field === 'orderRef' ? columns[field] : field === 'code' ? codes : wide
      const target = { out: column.subarray(0, pair.rows), shift: 0 }
      decodeChunk(payload, entry, target, { file: name, offset: 0, field })
      bytes += payload.length
    }
    reads.push(seconds(begin))
  }
  const reading = reads.toSorted((a, b) => a - b)[7]!
  process.stdout.write(
    `| ${name} | ${(bytes / rows).toFixed(3)} | ${(rows / reading / 1e6).toFixed(1)} |\n`,
  )
}

async function packageOf(name: string): Promise<Zstd | undefined> {
  try {
    const found = (await import(name)) as Zstd & { default?: Zstd }
    const zstd = found.default ?? found
    await zstd.init?.()
    return zstd
  } catch (error) {
    process.stderr.write(`${name} is not measured: ${(error as Error).message.split('\n')[0]}\n`)
    return undefined
  }
}

const seconds = (since: bigint): number => Number(HighPrecisionClock.monotonicNs() - since) / 1e9

async function measure(name: string, pack: Step, unpack: Step): Promise<void> {
  const packed: Bytes[] = []
  const start = HighPrecisionClock.monotonicNs()
  for (const chunk of chunks) packed.push(await pack(chunk))
  const writing = seconds(start)
  const reads: number[] = []
  for (let round = 0; round < 7; round++) {
    const begin = HighPrecisionClock.monotonicNs()
    for (const bytes of packed) await unpack(bytes)
    reads.push(seconds(begin))
  }
  const reading = reads.toSorted((a, b) => a - b)[3]!
  const bytes = packed.reduce((sum, part) => sum + part.length, 0)
  const figures = [
    (bytes / rows).toFixed(3),
    (rows / writing / 1e6).toFixed(1),
    (rows / reading / 1e6).toFixed(1),
  ]
  process.stdout.write(`| ${name} | ${figures.join(' | ')} |\n`)
}

const store = openStore(process.argv[2] ?? 'store')
const books = store.partitions().filter((info) => info.kind === 'l2')
const pairs = books.flatMap(chunksOf)
const chunks = pairs.map(({ old }) => varintsOf(old)).filter((chunk) => chunk.length > 0)
const rows = books.reduce((sum, info) => sum + info.events, 0)
const raw = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
process.stdout.write(`${rows} rows, ${(raw / rows).toFixed(3)} bytes a row before compression\n`)
process.stdout.write(
  '| codec | bytes a row | packs M rows/s | unpacks M rows/s |\n|---|---|---|---|\n',
)

for (const level of [1, 6, 9]) {
  await measure(
    `deflate ${level}`,
    (bytes) => zlib.deflateRawSync(bytes, { level }),
    (bytes) => zlib.inflateRawSync(bytes),
  )
}
for (const quality of [3, 5]) {
  const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: quality }
  await measure(
    `brotli ${quality}`,
    (bytes) => zlib.brotliCompressSync(bytes, { params }),
    (bytes) => zlib.brotliDecompressSync(bytes),
  )
}
for (const name of ['@bokuweb/zstd-wasm', '@mongodb-js/zstd']) {
  const zstd = await packageOf(name)
  if (zstd === undefined) continue
  for (const level of [3, 9]) {
    await measure(
      `zstd ${level}, ${name}`,
      (bytes) => zstd.compress(bytes, level),
      (bytes) => zstd.decompress(bytes),
    )
  }
}
if ('zstdCompressSync' in zlib) {
  const own = zlib as unknown as { zstdCompressSync: Step; zstdDecompressSync: Step }
  await measure('zstd 3, Node', own.zstdCompressSync, own.zstdDecompressSync)
}

process.stdout.write('\n| chunks into columns | bytes a row | reads M rows/s |\n|---|---|---|\n')
measureReading('varints, deflate', ({ old }) => old)
measureReading('prefix codes, where they are chosen', ({ own }) => own)
