/** Makes arrays of hftbacktest events and the zip files around them. */
import { crc32, deflateRawSync } from 'node:zlib'
import { RECORD_FIELDS, RecordFlag } from '../src/feed/import/hftbacktest/event-record.ts'

export const START_NS = 1_723_161_240_000_000_000n

export interface Row {
  readonly kind: number
  /** `x` exchange, `l` local, `b` both. */
  readonly seen: 'x' | 'l' | 'b' | ''
  readonly side?: 1 | -1 | 0
  /** ms behind the start. */
  readonly exch: number
  readonly local: number
  readonly px: number
  readonly qty: number
}

export const DESCR = `[${RECORD_FIELDS.map((field) => `('${field.replace(':', "', '")}')`).join(', ')}]`

export function npyHeader(rows: number, descr = DESCR, more = ''): Buffer {
  const text = `{'descr': ${descr}, 'fortran_order': False, 'shape': (${rows},), ${more}}`
  const padded = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`
  const head = Buffer.alloc(10)
  head.write('\x93NUMPY\x01\x00', 'latin1')
  head.writeUInt16LE(padded.length, 8)
  return Buffer.concat([head, Buffer.from(padded, 'latin1')])
}

export function npy(rows: readonly Row[], header = npyHeader(rows.length)): Buffer {
  const data = Buffer.alloc(rows.length * 64)
  rows.forEach(({ kind, seen, side = 0, exch, local, px, qty }, i) => {
    let flags = kind
    if (seen === 'x' || seen === 'b') flags += RecordFlag.Exchange
    if (seen === 'l' || seen === 'b') flags += RecordFlag.Local
    if (side > 0) flags += RecordFlag.Buy
    if (side < 0) flags += RecordFlag.Sell
    data.writeUInt32LE(flags, i * 64)
    data.writeBigInt64LE(START_NS + BigInt(exch) * 1_000_000n, i * 64 + 8)
    data.writeBigInt64LE(START_NS + BigInt(local) * 1_000_000n, i * 64 + 16)
    data.writeDoubleLE(px, i * 64 + 24)
    data.writeDoubleLE(qty, i * 64 + 32)
  })
  return Buffer.concat([header, data])
}

export interface ZipPart {
  readonly name: string
  readonly content: Buffer
  readonly deflate?: boolean
}

/** Packs entries; `tamper` may change the directory before it is put together. */
export function zip(
  parts: readonly ZipPart[],
  tamper: (directory: Buffer) => void = () => {},
): Buffer {
  const bodies: Buffer[] = []
  const entries: Buffer[] = []
  let at = 0
  for (const { name, content, deflate = true } of parts) {
    const packed = deflate ? deflateRawSync(content) : content
    const local = Buffer.alloc(30 + name.length)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(deflate ? 8 : 0, 8)
    local.writeUInt16LE(name.length, 26)
    local.write(name, 30)
    const entry = Buffer.alloc(46 + name.length)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(deflate ? 8 : 0, 10)
    entry.writeUInt32LE(crc32(content), 16)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(content.length, 24)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(at, 42)
    entry.write(name, 46)
    bodies.push(local, packed)
    entries.push(entry)
    at += local.length + packed.length
  }
  const directory = Buffer.concat(entries)
  tamper(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...bodies, directory, end])
}

/** Packs one array with all sizes in zip64 fields. */
export function zip64(content: Buffer): Buffer {
  const plain = zip([{ name: 'data.npy', content }])
  const directoryAt = plain.readUInt32LE(plain.length - 6)
  const entry = plain.subarray(directoryAt, plain.length - 22)
  const extra = Buffer.alloc(28)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(24, 2)
  extra.writeBigUInt64LE(BigInt(entry.readUInt32LE(24)), 4)
  extra.writeBigUInt64LE(BigInt(entry.readUInt32LE(20)), 12)
  extra.writeBigUInt64LE(BigInt(entry.readUInt32LE(42)), 20)
  for (const field of [20, 24, 42]) entry.writeUInt32LE(0xffffffff, field)
  entry.writeUInt16LE(extra.length, 30)
  const end64 = Buffer.alloc(56)
  end64.writeUInt32LE(0x06064b50, 0)
  end64.writeBigUInt64LE(1n, 32)
  end64.writeBigUInt64LE(BigInt(entry.length + extra.length), 40)
  end64.writeBigUInt64LE(BigInt(directoryAt), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(directoryAt + entry.length + extra.length), 8)
  const end = plain.subarray(plain.length - 22)
  return Buffer.concat([plain.subarray(0, directoryAt), entry, extra, end64, locator, end])
}

export const npz = (rows: readonly Row[]): Buffer => zip([{ name: 'data.npy', content: npy(rows) }])
