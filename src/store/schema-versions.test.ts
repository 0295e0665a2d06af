import { readFileSync, writeFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  instrument,
  plainRows,
  sameEvents,
  session,
  temporaryFolder,
} from '../../test/store-fixture.ts'
import { TAPE_VERSION_2 } from '../../test/format-samples/tape-version-2.ts'
import { asVersion1, asVersion2 } from '../../test/old-tapes.ts'
import { EventWriter, blockTape } from '../market/index.ts'
import { openStore } from './store.ts'
import { beginImport } from './store-transaction.ts'

const path = temporaryFolder()

/** A store of one partition and the bytes of its file. */
function oneTape(rows: number): {
  readonly dir: string
  readonly file: string
  readonly bytes: Buffer
} {
  const dir = path()
  const transaction = beginImport(dir, { instrument })
  transaction.append('l2', session(rows, 5))
  const file = transaction.commit()[0]!.path
  return { dir, file, bytes: readFileSync(file) }
}

describe('a partition of version 2', () => {
  it('is read as it was written: a file of the time', () => {
    const { dir, file } = oneTape(300)
    const [info] = openStore(dir).partitions()
    writeFileSync(file, TAPE_VERSION_2)
    const store = openStore(dir)
    expect(store.partitions()).toEqual([{ ...info, bytes: TAPE_VERSION_2.length }])
    expect(sameEvents(store.load(store.partitions()[0]!), session(300, 5))).toBe(true)
  })

  it('is read as it was written: a large file, columns of varints', () => {
    const { dir, file, bytes } = oneTape(140_000)
    const [info] = openStore(dir).partitions()
    const events = openStore(dir).load(info!)
    writeFileSync(file, asVersion2(bytes))
    const store = openStore(dir)
    const [old] = store.partitions()
    expect(old!.bytes).toBeGreaterThan(info!.bytes)
    expect(sameEvents(store.load(old!), events)).toBe(true)
  })

  it('is refused where it has prefix codes, which came later', () => {
    const { dir, file, bytes } = oneTape(300)
    const copy = Buffer.from(bytes)
    copy.writeUInt32LE(2, 8)
    copy.writeUInt32LE(crc32(copy.subarray(0, 60)), 60)
    writeFileSync(file, copy)
    const store = openStore(dir)
    expect(() => store.load(store.partitions()[0]!)).toThrow(
      /^CORRUPT_FILE: .*block 0 has an impossible index entry/,
    )
  })
})

describe('a partition of version 1', () => {
  const { dir, file, bytes } = oneTape(140_000)
  const [info] = openStore(dir).partitions()
  const events = openStore(dir).load(info!)
  const version1 = asVersion1(asVersion2(bytes))
  writeFileSync(file, version1)

  it('is read as it was written', () => {
    expect(readFileSync(file).readUInt32LE(8)).toBe(1)
    const store = openStore(dir)
    expect(store.partitions()).toEqual([{ ...info, bytes: version1.length }])
    const loaded = store.load(store.partitions()[0]!)
    expect(sameEvents(loaded, events)).toBe(true)
    expect(loaded.exchOrder).toEqual(events.exchOrder)
  })

  it('streams, though it does not tell the venue times of its blocks', () => {
    const store = openStore(dir)
    const windows = blockTape(store.stream(store.partitions(), { memory: '24MB' })).exchange()
    const seen = new EventWriter(events.epochNs)
    for (let window = windows.next(); window !== undefined; window = windows.next()) {
      for (let i = 0; i < window.length; i++) {
        const row = window.exchOrder === undefined ? i : window.exchOrder[i]!
        seen.append({ ...window, length: row + 1 }, row, row + 1)
      }
    }
    const expected = new EventWriter(events.epochNs)
    for (const row of events.exchOrder!) expected.append(events, row, row + 1)
    expect(plainRows(seen.rows)).toEqual(plainRows(expected.rows))
  })

  it('has no checkpoints to begin at', () => {
    const store = openStore(dir)
    const from = info!.toNs
    expect(store.seek(store.partitions(), from)).toBeUndefined()
  })
})

describe('a partition of a layout that is not known', () => {
  it('says so when its columns are others', () => {
    const { dir, file, bytes } = oneTape(50)
    const metaAt = Number(bytes.readBigUInt64LE(32))
    const meta = Buffer.from(bytes.subarray(metaAt).toString().replace('"orderRef"', '"orderId_"'))
    const copy = Buffer.concat([bytes.subarray(0, metaAt), meta])
    copy.writeUInt32LE(crc32(meta), 44)
    copy.writeUInt32LE(crc32(copy.subarray(0, 60)), 60)
    writeFileSync(file, copy)
    expect(() => openStore(dir)).toThrow(
      /^UNSUPPORTED: .*l2\.tape offset \d+: has the columns localTime,.*orderId_.*; this version reads /,
    )
  })
})

describe('columns asked for by name', () => {
  const { dir } = oneTape(70_000)
  const store = openStore(dir)
  const [info] = store.partitions()
  const events = store.load(info!)

  it('are those of the partition, and no others are there', () => {
    const query = { symbol: 'BTCUSDT' }
    const [part] = store.read(query, { columns: ['exchTime', 'tick'] })
    expect(Object.keys(part!.columns).toSorted()).toEqual(['epochNs', 'exchTime', 'length', 'tick'])
    expect(part!.columns.length).toBe(70_000)
    expect(part!.columns.exchTime).toEqual(Float64Array.from(events.exchTime))
    expect(part!.columns.tick).toEqual(Int32Array.from(events.tick))
    const [all] = store.read(query)
    expect(sameEvents(all!.events, events)).toBe(true)
  })

  it('are read without a look at the others', () => {
    const broken = oneTape(50)
    const indexAt = Number(broken.bytes.readBigUInt64LE(16))
    // The last byte of the blocks belongs to seq.
    broken.bytes[indexAt - 1]! ^= 1
    writeFileSync(broken.file, broken.bytes)
    const damaged = openStore(broken.dir)
    const query = { symbol: 'BTCUSDT' }
    expect([...damaged.read(query, { columns: ['lots'] })][0]!.columns.lots.length).toBe(50)
    expect(() => [...damaged.read(query, { columns: ['seq'] })]).toThrow(
      /^CORRUPT_FILE: .* field seq/,
    )
  })

  it.each([
    [['price'], /^BAD_ARGUMENT: events have no column "price".*; there are localTime, exchTime/],
    [['ticks'], /did you mean "?tick/],
    [[], /^BAD_ARGUMENT: no columns were asked for/],
  ])('are refused where there is none such: %s', (columns, message) => {
    expect(() => [...store.read({ symbol: 'BTCUSDT' }, { columns: columns as 'tick'[] })]).toThrow(
      message,
    )
  })
})
