/**
 * Writes one NumPy array into a zip file (`.npz`), piece by piece.
 *
 * Pieces are deflated one by one and joined: a piece ends at a byte and refers to none before it,
 * so that together they are one deflate stream, and memory stays bounded by a piece.
 *
 * Source: PKWARE .ZIP File Format Specification (APPNOTE) 6.3.10, sections 4.3.7 to 4.3.16, 4.5.3;
 * NumPy, `numpy.lib.format` version 1.0.
 */
import { constants, crc32, deflateRawSync } from 'node:zlib'

const LOCAL_SIGNATURE = 0x04034b50
const CENTRAL_SIGNATURE = 0x02014b50
const END_SIGNATURE = 0x06054b50
const END64_SIGNATURE = 0x06064b50
const LOCATOR64_SIGNATURE = 0x07064b50
/** Sizes stand in 64-bit fields always; readers since 2001 know them. */
const VERSION = 45
const DEFLATED = 8
const IN_ZIP64 = 0xffffffff
const ZIP64_EXTRA = 0x0001
/** 1980-01-01, so that equal data give equal files. */
const DOS_DATE = 0x0021
const LEVEL = 5

/** Writes bytes at a position. */
export type PutBytes = (bytes: Uint8Array, position: number) => void

interface Entry {
  readonly name: Buffer
  readonly offset: number
  bytes: number
  packedBytes: number
  crc: number
}

/** A zip file on its way; entries are written one after another. */
export class ZipWriter {
  readonly #put: PutBytes
  readonly #entries: Entry[] = []
  #position = 0
  #entry: Entry | undefined

  constructor(put: PutBytes) {
    this.#put = put
  }

  /** Begins an entry; the one before is complete. */
  begin(name: string): void {
    this.#endEntry()
    this.#entry = {
      name: Buffer.from(name),
      offset: this.#position,
      bytes: 0,
      packedBytes: 0,
      crc: 0,
    }
    this.#position += localHeader(this.#entry).length
  }

  /** Adds bytes to the entry. */
  write(bytes: Uint8Array): void {
    const entry = this.#entry!
    entry.bytes += bytes.length
    entry.crc = crc32(bytes, entry.crc)
    this.#append(deflateRawSync(bytes, { level: LEVEL, finishFlush: constants.Z_SYNC_FLUSH }))
  }

  /** Writes the directory and returns the size of the file. */
  finish(): number {
    this.#endEntry()
    const directoryAt = this.#position
    const headers = this.#entries.map(centralHeader)
    for (const header of headers) this.#putNext(header)
    const directoryBytes = this.#position - directoryAt
    this.#putNext(ending(this.#entries.length, directoryAt, directoryBytes))
    return this.#position
  }

  #endEntry(): void {
    const entry = this.#entry
    if (entry === undefined) return
    this.#append(deflateRawSync(new Uint8Array(0), { level: LEVEL }))
    this.#put(localHeader(entry), entry.offset)
    this.#entries.push(entry)
    this.#entry = undefined
  }

  #append(packed: Uint8Array): void {
    this.#entry!.packedBytes += packed.length
    this.#putNext(packed)
  }

  #putNext(bytes: Uint8Array): void {
    this.#put(bytes, this.#position)
    this.#position += bytes.length
  }
}

function localHeader({ name, bytes, packedBytes, crc }: Entry): Buffer {
  const header = Buffer.alloc(30 + 20)
  header.writeUInt32LE(LOCAL_SIGNATURE, 0)
  header.writeUInt16LE(VERSION, 4)
  header.writeUInt16LE(DEFLATED, 8)
  header.writeUInt16LE(DOS_DATE, 12)
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(IN_ZIP64, 18)
  header.writeUInt32LE(IN_ZIP64, 22)
  header.writeUInt16LE(name.length, 26)
  header.writeUInt16LE(20, 28)
  header.writeUInt16LE(ZIP64_EXTRA, 30)
  header.writeUInt16LE(16, 32)
  header.writeBigUInt64LE(BigInt(bytes), 34)
  header.writeBigUInt64LE(BigInt(packedBytes), 42)
  return Buffer.concat([header.subarray(0, 30), name, header.subarray(30)])
}

function centralHeader({ name, bytes, packedBytes, crc, offset }: Entry): Buffer {
  const header = Buffer.alloc(46)
  header.writeUInt32LE(CENTRAL_SIGNATURE, 0)
  header.writeUInt16LE(VERSION, 4)
  header.writeUInt16LE(VERSION, 6)
  header.writeUInt16LE(DEFLATED, 10)
  header.writeUInt16LE(DOS_DATE, 14)
  header.writeUInt32LE(crc, 16)
  header.writeUInt32LE(IN_ZIP64, 20)
  header.writeUInt32LE(IN_ZIP64, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt16LE(28, 30)
  header.writeUInt32LE(IN_ZIP64, 42)
  const extra = Buffer.alloc(28)
  extra.writeUInt16LE(ZIP64_EXTRA, 0)
  extra.writeUInt16LE(24, 2)
  extra.writeBigUInt64LE(BigInt(bytes), 4)
  extra.writeBigUInt64LE(BigInt(packedBytes), 12)
  extra.writeBigUInt64LE(BigInt(offset), 20)
  return Buffer.concat([header, name, extra])
}

/** The end of the directory in both forms, 64-bit and old. */
function ending(count: number, offset: number, bytes: number): Buffer {
  const end64 = Buffer.alloc(56)
  end64.writeUInt32LE(END64_SIGNATURE, 0)
  end64.writeBigUInt64LE(44n, 4)
  end64.writeUInt16LE(VERSION, 12)
  end64.writeUInt16LE(VERSION, 14)
  end64.writeBigUInt64LE(BigInt(count), 24)
  end64.writeBigUInt64LE(BigInt(count), 32)
  end64.writeBigUInt64LE(BigInt(bytes), 40)
  end64.writeBigUInt64LE(BigInt(offset), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(LOCATOR64_SIGNATURE, 0)
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8)
  locator.writeUInt32LE(1, 16)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(END_SIGNATURE, 0)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(bytes, 12)
  end.writeUInt32LE(Math.min(offset, IN_ZIP64), 16)
  return Buffer.concat([end64, locator, end])
}

/**
 * Returns the header of a one-dimensional `.npy` array.
 *
 * @param fields `name:type`, such as `px:<f8`
 */
export function npyHeader(fields: readonly string[], rows: number): Buffer {
  const types = fields.map((field) => `('${field.replace(':', "', '")}')`).join(', ')
  const text = `{'descr': [${types}], 'fortran_order': False, 'shape': (${rows},), }`
  // Header and text together are a multiple of 64 bytes, the text ends in a line feed.
  const padded = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`
  const head = Buffer.alloc(10)
  head.write('\x93NUMPY\x01\x00', 'latin1')
  head.writeUInt16LE(padded.length, 8)
  return Buffer.concat([head, Buffer.from(padded, 'latin1')])
}
