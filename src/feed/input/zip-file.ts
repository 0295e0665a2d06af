/**
 * Reads the entries of a zip file, stored or deflated, zip64 included.
 *
 * Every number in it is checked against the size of the file before it is used, and every entry
 * against its own size and CRC-32. Names are compared, never used as paths.
 *
 * Source: PKWARE .ZIP File Format Specification (APPNOTE) 6.3.10, sections 4.3.7 to 4.3.16, 4.5.3.
 */
import { crc32 } from 'node:zlib'
import { inflateRawChunks, outputChunkBytes } from './gunzip.ts'
import { StreamFault } from './stream-fault.ts'

const LOCAL_SIGNATURE = 0x04034b50
const CENTRAL_SIGNATURE = 0x02014b50
const END_SIGNATURE = 0x06054b50
const END64_SIGNATURE = 0x06064b50
const LOCATOR64_SIGNATURE = 0x07064b50
const END_BYTES = 22
const LOCATOR64_BYTES = 20
const END64_BYTES = 56
const CENTRAL_BYTES = 46
const LOCAL_BYTES = 30
const COMMENT_BYTES_MAX = 65_535
const ZIP64_EXTRA = 0x0001
const IN_ZIP64 = 0xffffffff
const STORED = 0
const DEFLATED = 8
const ENCRYPTED_FLAG = 1
/** An archive packs an array's parts or a year of days; more is something else. */
const ENTRIES_MAX = 1000
/** Deflate cannot do better than 1,032 to 1. */
const DEFLATE_RATIO_MAX = 1040
const READ_CHUNK_BYTES = 1 << 18
const DESKTOP_NAME = /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|Thumbs\.db$)/

/** The file on disk that a zip is read from. */
export interface ZipSource {
  /** Its size. */
  readonly bytes: number
  /** Returns bytes of it as they are. @throws StreamFault TRUNCATED_FILE when it ends before */
  readAt(offset: number, length: number): Promise<Uint8Array>
}

/** One file inside a zip file. */
export interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly compressedBytes: number
  readonly bytes: number
  /** Where its local header begins. */
  readonly offset: number
}

/** True when a file that begins with `head` is a zip file, an empty one included. */
export function isZip(head: Uint8Array): boolean {
  if (head.length < 4) return false
  const signature = viewOf(head).getUint32(0, true)
  return signature === LOCAL_SIGNATURE || signature === END_SIGNATURE
}

/**
 * Returns the entries that hold data, in the order of their names: no folders, none of what
 * archivers of desktops add.
 *
 * @throws StreamFault CORRUPT_FILE, also when there is no such entry, or TRUNCATED_FILE
 */
export async function zipDataEntries(input: ZipSource): Promise<readonly ZipEntry[]> {
  const entries = await zipEntries(input)
  const held = entries.filter(({ name }) => !name.endsWith('/') && !DESKTOP_NAME.test(name))
  if (held.length === 0) throw corrupt('it holds no file')
  return held.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * Returns the entries of a zip file.
 *
 * @throws StreamFault CORRUPT_FILE or TRUNCATED_FILE
 */
export async function zipEntries(input: ZipSource): Promise<readonly ZipEntry[]> {
  const end = await findEnd(input)
  if (end.count > ENTRIES_MAX) throw corrupt(`it lists ${end.count} entries`)
  if (end.offset + end.bytes > end.at) throw corrupt('its directory does not fit into the file')
  const directory = await input.readAt(end.offset, end.bytes)
  const view = viewOf(directory)
  const entries: ZipEntry[] = []
  let at = 0
  for (let i = 0; i < end.count; i++) {
    if (at + CENTRAL_BYTES > directory.length || view.getUint32(at, true) !== CENTRAL_SIGNATURE) {
      throw corrupt(`entry ${i + 1} of its directory is broken`)
    }
    const nameBytes = view.getUint16(at + 28, true)
    const extraBytes = view.getUint16(at + 30, true)
    const next = at + CENTRAL_BYTES + nameBytes + extraBytes + view.getUint16(at + 32, true)
    if (next > directory.length) throw corrupt(`entry ${i + 1} of its directory is too long`)
    const nameAt = at + CENTRAL_BYTES
    const extra = directory.subarray(nameAt + nameBytes, nameAt + nameBytes + extraBytes)
    const entry: ZipEntry = {
      name: Buffer.from(directory.subarray(nameAt, nameAt + nameBytes)).toString('utf8'),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      ...sizesOf(view, at, extra),
    }
    checkEntry(entry, view.getUint16(at + 8, true), end.offset)
    if (entries.some((other) => other.name === entry.name)) {
      throw corrupt(`two entries have the name "${entry.name}"`)
    }
    entries.push(entry)
    at = next
  }
  return entries
}

/**
 * Yields the content of an entry.
 *
 * @throws StreamFault CORRUPT_FILE when header, size or checksum are not what the directory says
 */
export async function* zipEntryChunks(
  input: ZipSource,
  entry: ZipEntry,
): AsyncGenerator<Uint8Array> {
  const header = viewOf(await input.readAt(entry.offset, LOCAL_BYTES))
  if (header.getUint32(0, true) !== LOCAL_SIGNATURE || header.getUint16(8, true) !== entry.method) {
    throw corrupt(`the header of "${entry.name}" is broken`)
  }
  const start = entry.offset + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true)
  if (start + entry.compressedBytes > input.bytes) {
    throw corrupt(`"${entry.name}" does not fit into the file`)
  }
  const raw = rawChunks(input, start, entry.compressedBytes)
  let bytes = 0
  let crc = 0
  const isPacked = entry.method === DEFLATED
  const packedBytes = entry.compressedBytes
  const chunks = isPacked ? inflateRawChunks(raw, outputChunkBytes(packedBytes)) : raw
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > entry.bytes) throw corrupt(`"${entry.name}" is longer than the directory says`)
    crc = crc32(chunk, crc)
    yield chunk
  }
  if (bytes !== entry.bytes) throw corrupt(`"${entry.name}" is shorter than the directory says`)
  if (crc !== entry.crc) throw corrupt(`the checksum of "${entry.name}" is wrong`)
}

async function* rawChunks(
  input: ZipSource,
  start: number,
  bytes: number,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes; at += READ_CHUNK_BYTES) {
    yield await input.readAt(start + at, Math.min(READ_CHUNK_BYTES, bytes - at))
  }
}

interface DirectoryEnd {
  readonly count: number
  readonly offset: number
  readonly bytes: number
  /** Where the directory must have ended. */
  readonly at: number
}

async function findEnd(input: ZipSource): Promise<DirectoryEnd> {
  const tailBytes = Math.min(input.bytes, END_BYTES + COMMENT_BYTES_MAX)
  const tailAt = input.bytes - tailBytes
  const tail = viewOf(await input.readAt(tailAt, tailBytes))
  let at = tailBytes - END_BYTES
  while (at >= 0 && !isEnd(tail, at)) at--
  if (at < 0) {
    throw new StreamFault('TRUNCATED_FILE', 'the zip file has no directory at its end')
  }
  const locatorAt = at - LOCATOR64_BYTES
  if (locatorAt >= 0 && tail.getUint32(locatorAt, true) === LOCATOR64_SIGNATURE) {
    return await end64(input, toNumber(tail, locatorAt + 8))
  }
  return {
    count: tail.getUint16(at + 10, true),
    bytes: tail.getUint32(at + 12, true),
    offset: tail.getUint32(at + 16, true),
    at: tailAt + at,
  }
}

function isEnd(tail: DataView, at: number): boolean {
  return (
    tail.getUint32(at, true) === END_SIGNATURE &&
    at + END_BYTES + tail.getUint16(at + 20, true) === tail.byteLength
  )
}

async function end64(input: ZipSource, at: number): Promise<DirectoryEnd> {
  if (at + END64_BYTES > input.bytes)
    throw corrupt('its zip64 directory does not fit into the file')
  const view = viewOf(await input.readAt(at, END64_BYTES))
  if (view.getUint32(0, true) !== END64_SIGNATURE) throw corrupt('its zip64 directory is broken')
  return {
    count: toNumber(view, 32),
    bytes: toNumber(view, 40),
    offset: toNumber(view, 48),
    at,
  }
}

/** Sizes and offset of a directory entry, from its zip64 field where they are too large. */
function sizesOf(
  view: DataView,
  at: number,
  extra: Uint8Array,
): Pick<ZipEntry, 'compressedBytes' | 'bytes' | 'offset'> {
  let compressedBytes = view.getUint32(at + 20, true)
  let bytes = view.getUint32(at + 24, true)
  let offset = view.getUint32(at + 42, true)
  const fields = viewOf(extra)
  for (let i = 0; i + 4 <= extra.length;) {
    const size = fields.getUint16(i + 2, true)
    if (i + 4 + size > extra.length) throw corrupt('an extra field of its directory is too long')
    if (fields.getUint16(i, true) === ZIP64_EXTRA) {
      let from = i + 4
      const take = (): number => {
        if (from + 8 > i + 4 + size) throw corrupt('a zip64 field of its directory is too short')
        from += 8
        return toNumber(fields, from - 8)
      }
      if (bytes === IN_ZIP64) bytes = take()
      if (compressedBytes === IN_ZIP64) compressedBytes = take()
      if (offset === IN_ZIP64) offset = take()
    }
    i += 4 + size
  }
  return { compressedBytes, bytes, offset }
}

function checkEntry(entry: ZipEntry, flags: number, directoryAt: number): void {
  const { name, method, compressedBytes, bytes, offset } = entry
  if ((flags & ENCRYPTED_FLAG) !== 0) throw corrupt(`"${name}" is encrypted`)
  if (method !== STORED && method !== DEFLATED) {
    throw corrupt(`"${name}" is packed by method ${method}; known are stored and deflated`)
  }
  if (offset + LOCAL_BYTES + compressedBytes > directoryAt) {
    throw corrupt(`"${name}" does not fit before the directory`)
  }
  const bytesMax = method === STORED ? compressedBytes : compressedBytes * DEFLATE_RATIO_MAX + 64
  if (bytes > bytesMax || (method === STORED && bytes !== compressedBytes)) {
    throw corrupt(`"${name}" cannot hold the ${bytes} bytes that the directory says`)
  }
}

function toNumber(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true)
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw corrupt(`it says a size of ${value}`)
  return Number(value)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

function corrupt(detail: string): StreamFault {
  return new StreamFault('CORRUPT_FILE', `the zip file is not sound: ${detail}`)
}
