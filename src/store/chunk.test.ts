/** Columns to chunks and back. */
import fc from 'fast-check'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { DataError, Prng } from '../core/index.ts'
import { decodeChunk } from './decode-chunk.ts'
import { encodeChunk, type EncodedChunk } from './encode-chunk.ts'
import { encodeDelta, encodePlain, type IntegerColumn } from './integer-codec.kernel.ts'
import { Codec, Encoding } from './tape-format.ts'

const ROWS = 30_000
const PLACE = { file: 'a.tape', offset: 64, field: 'lots' }

function decode<T extends IntegerColumn>({ payload, entry }: EncodedChunk, out: T, shift = 0): T {
  decodeChunk(payload, entry, { out, shift }, PLACE)
  return out
}

function column(value: (row: number, prng: Prng) => number): Float64Array {
  const prng = new Prng(3)
  return Float64Array.from({ length: ROWS }, (_, row) => value(row, prng))
}

/** Compares as bytes, which is quick for long columns. */
function expectSame(seen: IntegerColumn, expected: IntegerColumn): void {
  expect(seen.constructor).toBe(expected.constructor)
  expect(Buffer.from(seen.buffer).equals(Buffer.from(expected.buffer))).toBe(true)
}

const sizes = column((_, prng) => (prng.nextInt(3) === 0 ? 0 : 1 + prng.nextInt(900)))
let walk = 600_000
const prices = column((_, prng) => (walk += prng.nextInt(41) - 20))
const seqs = column((row) => 2 ** 40 + Math.floor(row / 9) * 17)
const pattern = column((_, prng) => prng.nextInt(1000))
const repeated = pattern.map((_, row) => pattern[row % 64]!)
const apart = column((row) => (row % 2 === 0 ? -1 : 1) * 2 ** 52 + (row % 7))

describe('a chunk', () => {
  it.each([
    ['sizes', sizes, Encoding.Plain, Codec.Prefix],
    ['prices', prices, Encoding.Delta, Codec.Prefix],
    ['sequence numbers', seqs, Encoding.RunDelta, Codec.Prefix],
    ['what comes again and again', repeated, Encoding.Plain, Codec.Deflate],
    ['values far apart', apart, Encoding.Raw, Codec.Deflate],
    ['one value', sizes.map(() => 7), Encoding.Constant, Codec.Stored],
  ])('of %s is written in the way for it, and read as it was', (_, values, encoding, codec) => {
    const chunk = encodeChunk(values, ROWS)
    expect(chunk.entry).toMatchObject({ encoding, codec, bytes: chunk.payload.length })
    expectSame(decode(chunk, new Float64Array(ROWS)), values)
    const moved = values.map((value) => value + 1000)
    expectSame(decode(chunk, new Float64Array(ROWS), 1000), moved)
  })

  it('of a narrow column is read as it was, whichever way it was written', () => {
    const ticks = Int32Array.from(prices)
    const refs = Int32Array.from({ length: ROWS }, (_, row) => (row >> 4) % 3)
    const codes = Uint8Array.from({ length: ROWS }, (_, row) => 0x10 + ((row >> 3) & 1))
    const mixed = Uint8Array.from(sizes, (lots) => lots % 7)
    for (const values of [ticks, refs, Int32Array.from(sizes)]) {
      expectSame(decode(encodeChunk(values, ROWS), new Int32Array(ROWS)), values)
    }
    for (const values of [codes, mixed, Uint8Array.from(repeated)]) {
      expectSame(decode(encodeChunk(values, ROWS), new Uint8Array(ROWS)), values)
    }
  })

  it('is at most a 32nd of a byte a row longer than varints, deflated', () => {
    const out = new Uint8Array(ROWS * 8)
    const deflated = (end: number): number =>
      deflateRawSync(out.subarray(0, end), { level: 6 }).length
    for (const values of [sizes, prices, repeated]) {
      const plain = deflated(encodePlain(values, ROWS, Math.min(...values), out))
      const steps = deflated(encodeDelta(values, ROWS, values[0]!, out))
      const { bytes } = encodeChunk(values, ROWS).entry
      expect(bytes).toBeLessThanOrEqual(Math.min(plain, steps) + ROWS / 32)
    }
  })

  it('is read as it was, whatever the values', () => {
    const value = fc.oneof(fc.nat(3), fc.integer(), fc.integer({ min: -(2 ** 51), max: 2 ** 51 }))
    const runs = fc.array(fc.tuple(value, fc.integer({ min: 1, max: 30 })), {
      minLength: 1,
      maxLength: 200,
      size: 'max',
    })
    fc.assert(
      fc.property(runs, fc.boolean(), (list, isOfRuns) => {
        const values = Float64Array.from(
          list.flatMap(([one, count]) => Array.from({ length: isOfRuns ? count : 1 }, () => one)),
        )
        const chunk = encodeChunk(values, values.length)
        expect(decode(chunk, new Float64Array(values.length))).toEqual(values)
      }),
    )
  })

  it('of prefix codes is refused when it has another encoding or another number of rows', () => {
    const chunk = encodeChunk(seqs, ROWS)
    const read = (changes: Partial<EncodedChunk['entry']>, rows: number): unknown =>
      decode({ ...chunk, entry: { ...chunk.entry, ...changes } }, new Float64Array(rows))
    const broken = [
      () => read({}, ROWS - 1),
      () => read({}, ROWS + 1),
      () => read({ rawBytes: chunk.entry.rawBytes + 1 }, ROWS),
      () => read({ lengthBytes: 0 }, ROWS),
      () => read({ lengthBytes: chunk.entry.bytes }, ROWS),
      () => read({ runs: chunk.entry.runs - 1 }, ROWS),
      () => read({ encoding: Encoding.Delta }, ROWS),
      () => read({ encoding: Encoding.Constant }, ROWS),
      () => read({ encoding: Encoding.Raw }, ROWS),
      () => read({ checksum: chunk.entry.checksum ^ 1 }, ROWS),
    ]
    for (const attempt of broken) {
      expect(attempt).toThrow(DataError)
      expect(attempt).toThrow(/^CORRUPT_FILE: a\.tape offset 64.* field lots/)
    }
  })
})
