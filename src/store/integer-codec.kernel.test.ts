import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  VARINT_BYTES_MAX,
  decodeDelta,
  decodeDelta32,
  decodePlain,
  encodeDelta,
  encodePlain,
  measureRuns,
  putVarint,
  splitRuns,
  spreadRuns,
  spreadRuns8,
  subtractBase,
  varintSize,
  widenFrom32,
  widenFrom8,
  zigzag,
  zigzagSteps,
} from './integer-codec.kernel.ts'

const unsigned = fc.oneof(
  fc.nat(300),
  fc.maxSafeNat(),
  fc.constantFrom(127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1),
)
/** Columns whose values lie less than 2^52 apart, as the writer grants. */
const column = fc
  .array(fc.oneof(fc.constant(5), fc.integer({ min: -(2 ** 50), max: 2 ** 50 }), fc.integer()), {
    minLength: 1,
    maxLength: 200,
    size: 'max',
  })
  .map((values) => Float64Array.from(values))

/** The published form of base-128 varints, digit by digit in BigInt. */
function slowVarint(value: number): number[] {
  const bytes: number[] = []
  let rest = BigInt(value)
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return bytes
}

describe('varints', () => {
  it('are the published base-128 form, and their size is known before they are written', () => {
    fc.assert(
      fc.property(unsigned, (value) => {
        const out = new Uint8Array(VARINT_BYTES_MAX)
        const end = putVarint(out, 0, value)
        expect([...out.subarray(0, end)]).toEqual(slowVarint(value))
        expect(varintSize(value)).toBe(end)
      }),
    )
  })

  it('map signed differences to the published zigzag order', () => {
    expect([0, -1, 1, -2, 2, 2 ** 51, -(2 ** 51)].map(zigzag)).toEqual([
      0,
      1,
      2,
      3,
      4,
      2 ** 52,
      2 ** 52 - 1,
    ])
  })
})

describe('a column', () => {
  it('is what it was after each encoding, and the measured sizes are the written ones', () => {
    fc.assert(
      fc.property(column, (values) => {
        const rows = values.length
        const bytes = new Uint8Array(rows * 16)
        const heads = new Float64Array(rows)
        const lengths = new Float64Array(rows)
        const runs = splitRuns(values, rows, heads, lengths)
        expect([...heads.subarray(0, runs)]).toEqual(
          [...values].filter((value, i) => i === 0 || value !== values[i - 1]),
        )
        const measure = measureRuns(heads, runs)
        expect([measure.min, measure.max]).toEqual([Math.min(...values), Math.max(...values)])

        const out = new Float64Array(rows)
        const plainEnd = encodePlain(values, rows, measure.min, bytes)
        expect(decodePlain(bytes, 0, plainEnd, measure.min, out, rows)).toBe(plainEnd)
        expect(out).toEqual(values)

        const deltaEnd = encodeDelta(values, rows, values[0]!, bytes)
        expect(decodeDelta(bytes, 0, deltaEnd, values[0]!, out.fill(0), rows)).toBe(deltaEnd)
        expect(out).toEqual(values)

        expect(encodePlain(heads, measure.runs, measure.min, bytes)).toBe(measure.plainBytes)
        expect(encodeDelta(heads, measure.runs, values[0]!, bytes)).toBe(measure.deltaBytes)
        expect(spreadRuns(heads, lengths, measure.runs, out.fill(0), rows)).toBe(true)
        expect(out).toEqual(values)
      }),
    )
  })

  it('of 32 or 8 bits holds the same integers when it is widened', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 50, size: 'max' }), (list) => {
        const out = new Float64Array(list.length)
        const narrow = Int32Array.from(list)
        widenFrom32(narrow, list.length, out)
        expect([...out]).toEqual([...narrow])
        const small = Uint8Array.from(list)
        widenFrom8(small, list.length, out)
        expect([...out]).toEqual([...small])
      }),
    )
  })

  it('is what its rests and its steps say', () => {
    fc.assert(
      fc.property(column, (values) => {
        const rows = values.length
        const base = Math.min(...values)
        const out = new Float64Array(rows)
        subtractBase(values, rows, base, out)
        expect([...out].map((rest) => rest + base)).toEqual([...values])
        zigzagSteps(values, rows, values[0]!, out)
        const steps = [...values].map((value, i) => zigzag(value - (values[i - 1] ?? value)))
        expect([...out]).toEqual(steps)
      }),
    )
  })

  it('has runs that must fill its rows', () => {
    const heads = Float64Array.of(7, 8)
    const spread = (lengths: readonly number[], rows: number): boolean =>
      spreadRuns(heads, Float64Array.from(lengths), 2, new Float64Array(rows), rows)
    expect(spread([1, 2], 5)).toBe(true)
    expect([spread([1, 2], 4), spread([1, 2], 6), spread([2 ** 46, 2], 5)]).toEqual([
      false,
      false,
      false,
    ])
  })

  it('moves to another base when it is decoded with one', () => {
    const bytes = new Uint8Array(64)
    const values = Float64Array.of(3, 3, 9, -4)
    const out = new Float64Array(4)
    decodeDelta(bytes, 0, encodeDelta(values, 4, 3, bytes), 3 + 1000, out, 4)
    expect([...out]).toEqual([1003, 1003, 1009, 996])
    decodePlain(bytes, 0, encodePlain(values, 4, -4, bytes), -4 + 1000, out, 4)
    expect([...out]).toEqual([1003, 1003, 1009, 996])
  })

  it('is refused, not read beyond its end, when bytes are missing', () => {
    fc.assert(
      fc.property(column, (values) => {
        const rows = values.length
        const bytes = new Uint8Array(rows * 16).fill(255)
        const out = new Float64Array(rows)
        const end = encodeDelta(values, rows, values[0]!, bytes)
        expect(decodeDelta(bytes, 0, end - 1, values[0]!, out, rows)).toBe(-1)
        expect(decodePlain(bytes, 0, end - 1, 0, out, rows)).toBe(-1)
      }),
    )
  })

  it('ends a varint after eight bytes, whatever the bytes say', () => {
    const bytes = new Uint8Array(32).fill(255)
    const out = new Float64Array(1)
    expect(decodePlain(bytes, 0, 32, 0, out, 1)).toBe(VARINT_BYTES_MAX)
    expect(decodeDelta(bytes, 0, 32, 0, out, 1)).toBe(VARINT_BYTES_MAX)
  })

  it('comes out of the decoders of narrow columns as out of those of doubles, cut off or not', () => {
    const ticks = fc.oneof(fc.nat(100), fc.integer(), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1))
    fc.assert(
      fc.property(
        fc.array(ticks, { minLength: 1, maxLength: 200, size: 'max' }),
        fc.nat(9),
        (list, cut) => {
          const values = Float64Array.from(list)
          const rows = values.length
          const bytes = new Uint8Array(rows * 16)
          const end = encodeDelta(values, rows, values[0]!, bytes) - cut
          const wide = new Float64Array(rows)
          const narrow = new Int32Array(rows)
          const place = decodeDelta(bytes, 0, end, values[0]!, wide, rows)
          expect(decodeDelta32(bytes, 0, end, values[0]!, narrow, rows)).toBe(place)
          if (place >= 0) expect([...narrow]).toEqual(list)
          expect([...narrow]).toEqual([...wide])

          const codes = values.map((value) => (value >>> 3) & 3)
          const heads = new Float64Array(rows)
          const lengths = new Float64Array(rows)
          const runs = splitRuns(codes, rows, heads, lengths)
          lengths[0]! += cut
          const small = new Uint8Array(rows)
          const isWhole = spreadRuns(heads, lengths, runs, wide.fill(0), rows)
          expect(isWhole).toBe(cut === 0)
          expect(spreadRuns8(heads, lengths, runs, small, rows)).toBe(isWhole)
          expect([...small]).toEqual([...wide])
        },
      ),
    )
  })
})
