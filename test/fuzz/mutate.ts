/** Random changes of bytes, the same for the same seed. */
import { gunzipSync, gzipSync, inflateRawSync } from 'node:zlib'
import type { Prng } from '../../src/core/index.ts'
import { zip } from '../hftbacktest-arrays.ts'

/** Values at which integers of formats tip over. */
const EDGES = [0n, 1n, 0x7fn, 0xffn, 0x7fffn, 0xffffn, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn]
const WIDE_EDGES = [...EDGES, 1n << 40n, 1n << 53n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n]
/** Numbers that text may hold and no row should. */
const NUMBERS = [
  '0',
  '-0',
  '-1',
  '1e400',
  '-1e-400',
  'NaN',
  'null',
  '1e5',
  '0x10',
  '.5',
  '1.',
  '00',
  '1_000',
  '9007199254740993',
  '1099511627776',
  '2147483648',
  '340282366920938463463374607431768211456',
  '0.000000000000000000000001',
  '99999999999999999999.99999999999999999999',
  '"',
  '""',
  ' ',
]

type Edit = (bytes: Buffer, random: Prng) => Buffer

const EDITS: readonly Edit[] = [
  flipBit,
  flipBit,
  setByte,
  setEdge,
  setEdge,
  insert,
  remove,
  truncate,
  splice,
  editNumber,
  editNumber,
  swapLines,
]

/** Returns `bytes` with one to four random changes. */
export function mutate(bytes: Uint8Array, random: Prng): Buffer {
  let changed: Buffer = Buffer.from(bytes)
  for (let n = 1 + random.nextInt(4); n > 0 && changed.length > 0; n--) {
    changed = EDITS[random.nextInt(EDITS.length)]!(changed, random)
  }
  return changed
}

/** Returns what a sample holds: the content of a gzip file, or of the first entry of a zip file. */
export function contentOf(bytes: Uint8Array): Buffer {
  const file = Buffer.from(bytes)
  if (file[0] === 0x1f && file[1] === 0x8b) return gunzipSync(file)
  if (file.length < 46 || file.readUInt32LE(0) !== 0x04034b50) return file
  const directory = file.readUInt32LE(file.length - 6)
  // Sizes in zip64 fields: such a sample is about its packing.
  if (directory + 46 > file.length || file.readUInt32LE(directory + 20) === 0xffffffff) return file
  const start = 30 + file.readUInt16LE(26) + file.readUInt16LE(28)
  const data = file.subarray(start, start + file.readUInt32LE(directory + 20))
  return file.readUInt16LE(8) === 8 ? inflateRawSync(data) : Buffer.from(data)
}

/** Ways to pack an input; all but the first may be changed once more when they are packed. */
const PACKINGS: readonly ((bytes: Buffer, name: string) => Buffer)[] = [
  (bytes) => bytes,
  (bytes) => gzipSync(bytes, { level: 1 }),
  (bytes) => zstdFrame(bytes),
  (bytes, name) => zip([{ name, content: bytes }]),
]

/** Packs an input in a random way, plain for the most part. */
export function packed(bytes: Buffer, name: string, random: Prng): Buffer {
  const way = random.nextInt(3) > 0 ? 0 : random.nextInt(PACKINGS.length)
  const file = PACKINGS[way]!(bytes, name)
  return way > 0 && random.nextInt(3) === 0 ? mutate(file, random) : file
}

function flipBit(bytes: Buffer, random: Prng): Buffer {
  bytes[random.nextInt(bytes.length)]! ^= 1 << random.nextInt(8)
  return bytes
}

function setByte(bytes: Buffer, random: Prng): Buffer {
  bytes[random.nextInt(bytes.length)] = random.nextInt(256)
  return bytes
}

function setEdge(bytes: Buffer, random: Prng): Buffer {
  const size = [1, 2, 4, 8][random.nextInt(4)]!
  if (bytes.length < size) return bytes
  const edge = WIDE_EDGES[random.nextInt(WIDE_EDGES.length)]!
  const word = Buffer.alloc(8)
  word.writeBigUInt64LE(edge)
  const part = word.subarray(0, size)
  if (random.nextInt(2) === 0) part.reverse()
  part.copy(bytes, random.nextInt(bytes.length - size + 1))
  return bytes
}

function insert(bytes: Buffer, random: Prng): Buffer {
  const at = random.nextInt(bytes.length + 1)
  const more = Buffer.alloc(1 + random.nextInt(16), random.nextInt(256))
  return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)])
}

function remove(bytes: Buffer, random: Prng): Buffer {
  const at = random.nextInt(bytes.length)
  const count = 1 + random.nextInt(random.nextInt(4) === 0 ? bytes.length : 16)
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + count))])
}

function truncate(bytes: Buffer, random: Prng): Buffer {
  return bytes.subarray(0, random.nextInt(bytes.length))
}

/** Puts a stretch of the input somewhere else in it. */
function splice(bytes: Buffer, random: Prng): Buffer {
  const from = random.nextInt(bytes.length)
  const part = bytes.subarray(from, from + 1 + random.nextInt(200))
  const at = random.nextInt(bytes.length)
  return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)])
}

function editNumber(bytes: Buffer, random: Prng): Buffer {
  const text = bytes.toString('latin1')
  const start = random.nextInt(bytes.length)
  const found = /-?\d+(?:\.\d+)?/.exec(text.slice(start))
  if (found === null) return flipBit(bytes, random)
  const number = NUMBERS[random.nextInt(NUMBERS.length)]!
  const at = start + found.index
  return Buffer.concat([
    bytes.subarray(0, at),
    Buffer.from(number),
    bytes.subarray(at + found[0].length),
  ])
}

function swapLines(bytes: Buffer, random: Prng): Buffer {
  const lines = bytes.toString('latin1').split('\n')
  if (lines.length < 3) return setByte(bytes, random)
  const a = random.nextInt(lines.length)
  const b = random.nextInt(lines.length)
  ;[lines[a], lines[b]] = [lines[b]!, lines[a]!]
  return Buffer.from(lines.join('\n'), 'latin1')
}

/** A zstd frame of raw blocks (RFC 8878, 3.1.1). */
function zstdFrame(bytes: Buffer): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32LE(0xfd2fb528, 0)
  head[4] = 0xe0
  head.writeBigUInt64LE(BigInt(bytes.length), 5)
  const parts: Buffer[] = [head]
  const room = 1 << 17
  for (let at = 0; at < bytes.length || at === 0; at += room) {
    const block = bytes.subarray(at, at + room)
    const isLast = at + room >= bytes.length ? 1 : 0
    const header = Buffer.alloc(3)
    header.writeUIntLE(isLast | (block.length << 3), 0, 3)
    parts.push(header, block)
  }
  return Buffer.concat(parts)
}
