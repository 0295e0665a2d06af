/** Files that are cut, flipped or forged. */
import { mkdirSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { instrument, session, temporaryFolder } from '../../test/store-fixture.ts'
import { DataError, LobtraderError, Prng } from '../core/index.ts'
import type { PartitionInfo } from './partition.ts'
import { openStore } from './store.ts'
import { beginImport } from './store-transaction.ts'
import { COLUMN_NAMES, HEADER_BYTES, SCHEMA_VERSION, indexBlockBytes } from './tape-format.ts'

const path = temporaryFolder()
/** Bytes of an index entry before those of its chunks. */
const BLOCK_BYTES = indexBlockBytes(SCHEMA_VERSION) - COLUMN_NAMES.length * 32
const BROKEN = ['CORRUPT_FILE', 'TRUNCATED_FILE', 'UNSUPPORTED']

/** A store of one partition; returns its folder and its file. */
function oneTape(rows: number): {
  readonly dir: string
  readonly file: string
  readonly bytes: Buffer
} {
  const dir = path()
  const transaction = beginImport(dir, { instrument })
  transaction.append('l2', session(rows, rows))
  const file = transaction.commit()[0]!.path
  return { dir, file, bytes: readFileSync(file) }
}

/** Opens the store and loads all of it; returns what was thrown, or undefined. */
function failureOf(dir: string): unknown {
  try {
    const store = openStore(dir)
    for (const info of store.partitions()) store.load(info)
  } catch (error) {
    return error
  }
  return undefined
}

function expectBroken(dir: string, file: string, what: string): void {
  const error = failureOf(dir)
  expect(error, what).toBeInstanceOf(DataError)
  expect(BROKEN, what).toContain((error as DataError).code)
  expect((error as DataError).file, what).toBe(file)
}

/** Makes the checksums of a tampered file right again, as a forger would. */
function forged(bytes: Buffer): Buffer {
  const indexAt = Number(bytes.readBigUInt64LE(16))
  const indexBytes = bytes.readUInt32LE(24)
  const metaAt = Number(bytes.readBigUInt64LE(32))
  const inFile = (at: number, length: number): boolean => at + length <= bytes.length
  if (inFile(indexAt, indexBytes)) {
    bytes.writeUInt32LE(crc32(bytes.subarray(indexAt, indexAt + indexBytes)), 28)
  }
  const metaBytes = bytes.readUInt32LE(40)
  if (inFile(metaAt, metaBytes)) {
    bytes.writeUInt32LE(crc32(bytes.subarray(metaAt, metaAt + metaBytes)), 44)
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60)
  return bytes
}

describe('a damaged partition file', () => {
  it('is found out at any one flipped byte', () => {
    const { dir, file, bytes } = oneTape(60)
    const prng = new Prng(1)
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes)
      flipped[at]! ^= 1 + prng.nextInt(255)
      writeFileSync(file, flipped)
      expectBroken(dir, file, `byte ${at} of ${bytes.length}`)
    }
  })

  it('is found out wherever it was cut', () => {
    const { dir, file, bytes } = oneTape(60)
    for (let length = 0; length < bytes.length; length++) {
      writeFileSync(file, bytes.subarray(0, length))
      expectBroken(dir, file, `cut at ${length} of ${bytes.length}`)
    }
  })

  it('is found out when something follows it', () => {
    const { dir, file, bytes } = oneTape(60)
    writeFileSync(file, Buffer.concat([bytes, Buffer.from([0])]))
    expectBroken(dir, file, 'one byte more')
  })

  it('is found out when blocks of a large file are damaged, and names column and offset', () => {
    const { dir, file, bytes } = oneTape(200_000)
    const prng = new Prng(2)
    for (let i = 0; i < 40; i++) {
      const at = HEADER_BYTES + prng.nextInt(bytes.length - HEADER_BYTES)
      const flipped = Buffer.from(bytes)
      flipped[at]! ^= 1 << prng.nextInt(8)
      writeFileSync(file, flipped)
      expectBroken(dir, file, `byte ${at}`)
    }
    const flipped = Buffer.from(bytes)
    flipped[HEADER_BYTES]! ^= 1
    writeFileSync(file, flipped)
    expect(failureOf(dir)).toMatchObject({ offset: HEADER_BYTES, field: 'localTime' })
  })

  it('says which: no such magic, another version, too short', () => {
    const { dir, file, bytes } = oneTape(60)
    writeFileSync(file, Buffer.concat([Buffer.from('PAR1'), bytes.subarray(4)]))
    expect(failureOf(dir)).toMatchObject({ code: 'CORRUPT_FILE', offset: 0 })

    const newer = Buffer.from(bytes)
    newer.writeUInt32LE(4, 8)
    writeFileSync(file, forged(newer))
    expect(failureOf(dir)).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(
        /schema version 4; this version reads 1 to 3: read it with a newer one, or import/,
      ),
    })

    writeFileSync(file, bytes.subarray(0, 30))
    expect(failureOf(dir)).toMatchObject({ code: 'TRUNCATED_FILE', offset: 30 })
    writeFileSync(file, bytes.subarray(0, -1))
    expect(failureOf(dir)).toMatchObject({ code: 'TRUNCATED_FILE', offset: bytes.length - 1 })
    writeFileSync(file, '')
    expect(failureOf(dir)).toMatchObject({ code: 'TRUNCATED_FILE', offset: 0 })
  })
})

describe('a forged partition file, all checksums right', () => {
  /** Loads what a forger may have made; only our own errors or whole columns may come of it. */
  function expectTame(dir: string, what: string): void {
    const error = failureOf(dir)
    if (error !== undefined) expect(error, what).toBeInstanceOf(LobtraderError)
  }

  it('neither crashes nor hangs, whatever stands in header and index', () => {
    const { dir, file, bytes } = oneTape(500)
    const indexAt = Number(bytes.readBigUInt64LE(16))
    const prng = new Prng(3)
    for (let i = 0; i < 600; i++) {
      const copy = Buffer.from(bytes)
      const span = i % 3 === 0 ? [16, 40] : [indexAt, indexBlockBytes(SCHEMA_VERSION)]
      for (let flips = 1 + prng.nextInt(3); flips > 0; flips--) {
        const at = span[0]! + prng.nextInt(span[1]!)
        copy[at] = prng.nextInt(3) === 0 ? 255 : prng.nextInt(256)
      }
      writeFileSync(file, forged(copy))
      expectTame(dir, `round ${i}`)
    }
  })

  it('neither crashes nor hangs, whatever stands in the blocks', () => {
    const { dir, file, bytes } = oneTape(500)
    const indexAt = Number(bytes.readBigUInt64LE(16))
    const prng = new Prng(4)
    for (let i = 0; i < 400; i++) {
      const copy = Buffer.from(bytes)
      for (let flips = 1 + prng.nextInt(4); flips > 0; flips--) {
        copy[HEADER_BYTES + prng.nextInt(indexAt - HEADER_BYTES)] = prng.nextInt(256)
      }
      let at = HEADER_BYTES
      for (let column = 0; column < 7; column++) {
        const entry = indexAt + BLOCK_BYTES + column * 32
        const length = copy.readUInt32LE(entry + 8)
        copy.writeUInt32LE(crc32(copy.subarray(at, at + length)), entry + 20)
        at += length
      }
      writeFileSync(file, forged(copy))
      expectTame(dir, `round ${i}`)
    }
  })

  it('cannot claim more rows than its index has blocks for', () => {
    const { dir, file, bytes } = oneTape(500)
    const metaAt = Number(bytes.readBigUInt64LE(32))
    const text = bytes.subarray(metaAt).toString().replace('"events":500', '"events":2147483647')
    const meta = Buffer.from(text)
    const copy = Buffer.concat([bytes.subarray(0, metaAt), meta])
    copy.writeUInt32LE(meta.length, 40)
    copy.writeBigUInt64LE(BigInt(copy.length), 48)
    writeFileSync(file, forged(copy))
    expect(failureOf(dir)).toMatchObject({
      code: 'CORRUPT_FILE',
      message: expect.stringContaining('claims 2147483647 rows'),
    })
  })

  it('cannot make a chunk grow beyond the rows of its block', () => {
    const { dir, file, bytes } = oneTape(500)
    const indexAt = Number(bytes.readBigUInt64LE(16))
    const first = bytes.readUInt32LE(indexAt + BLOCK_BYTES + 8)
    const bomb = deflateRawSync(Buffer.alloc(50_000_000))
    const tail = bytes.subarray(HEADER_BYTES + first)
    const copy = Buffer.concat([bytes.subarray(0, HEADER_BYTES), bomb, tail])
    const moved = bomb.length - first
    copy.writeBigUInt64LE(BigInt(indexAt + moved), 16)
    copy.writeBigUInt64LE(BigInt(Number(bytes.readBigUInt64LE(32)) + moved), 32)
    copy.writeBigUInt64LE(BigInt(copy.length), 48)
    const entry = indexAt + moved + BLOCK_BYTES
    copy.writeUInt8(1, entry + 1)
    copy.writeUInt32LE(bomb.length, entry + 8)
    copy.writeUInt32LE(crc32(bomb), entry + 20)
    for (const rawBytes of [bomb.length, 50_000_000, 4_294_967_295]) {
      copy.writeUInt32LE(rawBytes, entry + 12)
      writeFileSync(file, forged(copy))
      expect(failureOf(dir)).toMatchObject({ code: 'CORRUPT_FILE' })
    }
  })

  it('cannot stand for another instrument, day or kind', () => {
    const { dir, file } = oneTape(500)
    const places = [
      file.replace('binance-usdm', 'other'),
      file.replace('BTCUSDT', 'ETHUSDT'),
      file.replace('2024-08-08', '2024-08-09'),
      file.replace('l2.tape', 'bbo.tape'),
    ]
    for (const place of places) {
      mkdirSync(dirname(place), { recursive: true })
      renameSync(file, place)
      expectBroken(dir, place, place)
      renameSync(place, file)
    }
    expect(failureOf(dir)).toBeUndefined()
  })
})

describe('a store that changes under its reader', () => {
  const setUp = (): { dir: string; info: PartitionInfo; store: ReturnType<typeof openStore> } => {
    const { dir } = oneTape(500)
    const store = openStore(dir)
    return { dir, store, info: store.partitions()[0]! }
  }

  it('says so when the partition was replaced', () => {
    const { dir, store, info } = setUp()
    const again = beginImport(dir, { instrument })
    again.append('l2', session(400, 7))
    again.commit()
    expect(() => store.load(info)).toThrow(
      /^STORE_CONFLICT: .* was replaced since the store was opened/,
    )
  })

  it('says so when the partition is gone or was cut', () => {
    const { store, info } = setUp()
    truncateSync(info.path, statSync(info.path).size - 5)
    expect(() => store.load(info)).toThrow(/^TRUNCATED_FILE/)
    renameSync(info.path, join(dirname(info.path), 'away'))
    expect(() => store.load(info)).toThrow(/^ABSENT_FILE/)
  })
})
