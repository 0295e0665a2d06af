import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Prng } from '../core/index.ts'
import { codeLengths } from './code-lengths.ts'
import { CodeMemory } from './code-memory.ts'
import { CODED_MAX, writeSection } from './prefix-code.ts'

/** Integers that a section may hold: few frequent ones, rare ones of every size. */
const integer = fc.oneof(
  { weight: 4, arbitrary: fc.nat(3) },
  { weight: 2, arbitrary: fc.constantFrom(1000, 2 ** 33 + 1, 2 ** 46 + 12_345) },
  { weight: 1, arbitrary: fc.nat(70_000) },
  { weight: 1, arbitrary: fc.bigInt(0n, BigInt(CODED_MAX) - 1n).map(Number) },
)
const integers = fc.array(integer, { minLength: 1, maxLength: 600, size: 'max' })

function sectionOf(values: readonly number[]): Uint8Array {
  const out = new Uint8Array(values.length * 8 + 4096)
  return out.subarray(0, writeSection(Float64Array.from(values), values.length, out, 0))
}

/** Bits of a stream in their order. */
function bitsOf(bytes: Uint8Array): string {
  return [...bytes]
    .map((byte) => [...byte.toString(2).padStart(8, '0')].toReversed().join(''))
    .join('')
}

/** What the comment of `prefix-code.ts` says, bit by bit. */
function slowSection(bytes: Uint8Array, count: number): bigint[] {
  let at = 1
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
  }
  let base = 0n
  const symbols = Array.from({ length: Number(varint()) }, () => {
    base += varint()
    const byte = bytes[at++]!
    return { base, length: byte & 15, extra: byte < 16 ? 0 : bytes[at++]! }
  })
  // RFC 1951, 3.2.2: shorter codes first, and of one length in the order of the symbols.
  const byCode = new Map<string, (typeof symbols)[number]>()
  let code = 0n
  let bits = 0
  for (const symbol of symbols.toSorted((a, b) => a.length - b.length)) {
    code <<= BigInt(symbol.length - bits)
    bits = symbol.length
    byCode.set(bits === 0 ? '' : code.toString(2).padStart(bits, '0'), symbol)
    code++
  }
  const sizes = [varint(), varint(), varint()].map(Number)
  const streams = sizes.map((size) => bitsOf(bytes.subarray(at, (at += size))))
  streams.push(bitsOf(bytes.subarray(at)))
  const places = [0, 0, 0, 0]
  return Array.from({ length: count }, (_, i) => {
    const stream = streams[i % 4]!
    let end = places[i % 4]!
    while (!byCode.has(stream.slice(places[i % 4], end))) end++
    const symbol = byCode.get(stream.slice(places[i % 4], end))!
    const rest = Array.from(stream.slice(end, end + symbol.extra))
      .toReversed()
      .join('')
    places[i % 4] = end + symbol.extra
    return symbol.base + BigInt(`0b0${rest}`)
  })
}

/** Decodes a section that is all that was brought in. */
function decoded(
  bytes: Uint8Array,
  count: number,
  base = 0,
  isSteps = false,
): number[] | undefined {
  const memory = CodeMemory.get()
  memory.load(bytes)
  const values = memory.values({ from: 0, to: bytes.length, count, base, isSteps })
  return values === undefined ? undefined : [...values]
}

describe('lengths of codes', () => {
  /** The least cost of all codes that there are, shortest lengths last. */
  function leastCost(weights: readonly number[], limit: number): number {
    const search = (place: number, least: number, room: number): number => {
      if (place < 0) return room >= 0 ? 0 : Number.POSITIVE_INFINITY
      let best = Number.POSITIVE_INFINITY
      for (let length = least; length <= limit; length++) {
        const left = room - 2 ** (limit - length)
        if (left >= 0)
          best = Math.min(best, length * weights[place]! + search(place - 1, length, left))
      }
      return best
    }
    return search(weights.length - 1, 1, 2 ** limit)
  }

  it('cost the least that a longest code allows, and leave no code unused', () => {
    const some = fc.array(
      fc.nat(200).map((weight) => weight + 1),
      { minLength: 2, maxLength: 7 },
    )
    fc.assert(
      fc.property(some, fc.integer({ min: 3, max: 5 }), (list, limit) => {
        const weights = list.toSorted((a, b) => a - b)
        const lengths = codeLengths(weights, limit)
        expect(Math.max(...lengths)).toBeLessThanOrEqual(limit)
        expect(lengths.reduce((sum, length) => sum + 2 ** -length, 0)).toBe(1)
        const cost = weights.reduce((sum, weight, i) => sum + weight * lengths[i]!, 0)
        expect(cost).toBe(leastCost(weights, limit))
      }),
    )
  })
})

describe('a section of prefix codes', () => {
  it('holds what its description says, bit by bit', () => {
    fc.assert(
      fc.property(integers, (values) => {
        expect(slowSection(sectionOf(values), values.length).map(Number)).toEqual(values)
      }),
    )
  })

  it('is decoded to what was written, plain and as steps', () => {
    fc.assert(
      fc.property(integers, fc.integer({ min: -(2 ** 45), max: 2 ** 45 }), (values, base) => {
        const bytes = sectionOf(values)
        const count = values.length
        expect(decoded(bytes, count, base)).toEqual(values.map((value) => value + base))
        let sum = BigInt(base)
        const sums = values.map((value) => {
          const zigzag = BigInt(value)
          sum += zigzag % 2n === 0n ? zigzag / 2n : -(zigzag + 1n) / 2n
          return sum
        })
        expect(decoded(bytes, count, base, true)).toEqual(sums.map(Number))
        const memory = CodeMemory.get()
        const narrow = memory.steps32({ from: 0, to: bytes.length, count, base: 7, isSteps: true })
        const moved = sums.map((value) => Number(BigInt.asIntN(32, value - BigInt(base) + 7n)))
        expect([...narrow!]).toEqual(moved)
      }),
    )
  })

  it('holds a whole block, of more distinct values than have a code of their own', () => {
    const prng = new Prng(1)
    const values = Array.from({ length: 65_536 }, () =>
      Math.floor(2 ** (prng.nextInt(4) * 10) * (1 + prng.nextInt(1000))),
    )
    const bytes = sectionOf(values)
    expect(bytes.length).toBeLessThan(65_536 * 4)
    expect(decoded(bytes, values.length)).toEqual(values)
  })

  it('takes no bits for one value over and over', () => {
    const values = Array.from({ length: 10_001 }, () => 2 ** 40 + 3)
    const bytes = sectionOf(values)
    expect(bytes.length).toBeLessThan(16)
    expect(decoded(bytes, values.length)).toEqual(values)
    expect(decoded(bytes, 3, 0, true)).toEqual([1, 2, 3].map((i) => i * -(2 ** 39 + 2)))
  })

  it('is not written for an integer from 2^47 on', () => {
    const out = new Uint8Array(4200)
    expect(writeSection(Float64Array.of(1, 2 ** 47), 2, out, 0)).toBe(-1)
    expect(decoded(sectionOf([1, 2 ** 47 - 1]), 2)).toEqual([1, 2 ** 47 - 1])
    const frequent = Float64Array.from({ length: 40 }, (_, i) => (i < 39 ? 5 : 2 ** 47))
    expect(writeSection(frequent, 40, out, 0)).toBe(-1)
    expect(decoded(sectionOf([4, 5, 6, 7]), 4)).toEqual([4, 5, 6, 7])
  })

  it('does not depend on the section before, written or not', () => {
    const before = fc.array(fc.oneof(integer, fc.constantFrom(3, 7, 2 ** 47)), {
      maxLength: 200,
      size: 'max',
    })
    fc.assert(
      fc.property(before, integers, (other, values) => {
        const first = [...sectionOf(values)]
        const frequent = other.flatMap((value) => Array.from({ length: 20 }, () => value))
        const out = new Uint8Array(frequent.length * 8 + 4096)
        writeSection(Float64Array.from(frequent), frequent.length, out, 0)
        expect([...sectionOf(values)]).toEqual(first)
      }),
    )
  })

  it('is refused when it is cut, goes on, or is one of more integers', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 40, maxLength: 80, size: 'max' }), (values) => {
        const bytes = sectionOf([...values, 1, 2, 3, 4])
        const count = values.length + 4
        expect(decoded(bytes.subarray(0, -1), count)).toBeUndefined()
        expect(decoded(Uint8Array.of(...bytes, 0), count)).toBeUndefined()
        expect(decoded(bytes, count + 40)).toBeUndefined()
        expect(decoded(bytes.subarray(0, 3), count)).toBeUndefined()
        expect(decoded(bytes.subarray(0, 0), count)).toBeUndefined()
      }),
    )
  })

  it('does no harm when it is forged', () => {
    const flips = fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(integers, flips, fc.nat(65_535), (values, changes, more) => {
        const bytes = sectionOf(values).slice()
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        for (const count of [values.length, more + 1]) {
          const out = decoded(bytes, count)
          if (out !== undefined) expect(out.every((value) => value >= 0)).toBe(true)
        }
        // The memory of the kernel is as good as before.
        expect(decoded(sectionOf(values), values.length)).toEqual(values)
      }),
      { numRuns: 60 },
    )
  })
})

describe('a section at the end of the longest chunk', () => {
  it('is refused where the longest codes lead out of it, wherever that is', () => {
    const bytes = sectionOf([2 ** 46, 2 ** 46 + 2 ** 44, 2 ** 46 + 2 ** 45])
    const chunk = new Uint8Array(16 * 65_536).fill(255)
    const from = chunk.length - bytes.length
    chunk.set(bytes, from)
    const memory = CodeMemory.get()
    memory.load(chunk)
    const section = { from, to: chunk.length, count: 65_536, base: 0, isSteps: false }
    expect(memory.values(section)).toBeUndefined()
    expect(memory.values({ ...section, count: 3 })![0]).toBe(2 ** 46)
  })
})

describe('sections of runs', () => {
  const run = fc.tuple(fc.nat(255), fc.oneof(fc.nat(2), fc.nat(70)))

  it('are spread over rows, of doubles and of bytes', () => {
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 100, size: 'max' }), (runs) => {
        const lengths = sectionOf(runs.map(([, more]) => more))
        const heads = sectionOf(runs.map(([value]) => value))
        const expected = runs.flatMap(([value, more]) =>
          Array.from({ length: more + 1 }, () => value),
        )
        const memory = CodeMemory.get()
        memory.load(Uint8Array.of(...lengths, ...heads))
        const from = lengths.length
        const section = {
          from,
          to: from + heads.length,
          count: runs.length,
          base: 0,
          isSteps: false,
        }
        const rows = expected.length
        expect([...memory.runs(section, rows)!]).toEqual(expected)
        expect([...memory.runs8(section, rows)!]).toEqual(expected)
        for (const other of [rows - 1, rows + 1]) {
          expect(memory.runs(section, other)).toBeUndefined()
          expect(memory.runs8(section, other)).toBeUndefined()
        }
      }),
    )
  })

  it('are refused where a length is beyond all rows', () => {
    const lengths = sectionOf([1, 2 ** 32 + 1, 2 ** 46])
    const heads = sectionOf([4, 5, 6])
    const memory = CodeMemory.get()
    memory.load(Uint8Array.of(...lengths, ...heads))
    const from = lengths.length
    const section = { from, to: from + heads.length, count: 3, base: 0, isSteps: false }
    // Of 32 bits there would be 1, 1 and 0.
    for (const rows of [5, 65_536]) {
      expect(memory.runs(section, rows)).toBeUndefined()
      expect(memory.runs8(section, rows)).toBeUndefined()
    }
  })
})
