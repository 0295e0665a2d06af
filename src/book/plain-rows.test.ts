import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventKind, KIND_MASK } from '../market/index.ts'
import { countPlainLevels } from './plain-rows.ts'

/** The same, row by row. */
function countSlowly(code: Uint8Array, from: number, to: number): number {
  const kinds = [...code.subarray(from, to)].map((each) => each & KIND_MASK)
  if (kinds.some((kind) => kind > EventKind.DepthSet)) return -1
  return kinds.filter((kind) => kind === EventKind.DepthSet).length
}

const flags = fc.integer({ min: 0, max: 15 }).map((bits) => bits << 4)
const plain = fc.constantFrom(0, EventKind.Trade, EventKind.DepthSet)
const codesOf = (kind: fc.Arbitrary<number>, maxLength: number): fc.Arbitrary<number[]> =>
  fc.array(
    fc.tuple(kind, flags).map(([low, high]) => low | high),
    { maxLength, size: 'max' },
  )

describe('countPlainLevels', () => {
  it('counts levels among levels and trades, wherever the rows begin and end', () => {
    fc.assert(
      fc.property(codesOf(plain, 60), fc.nat(7), fc.nat(5), fc.nat(5), (codes, at, cut, less) => {
        const code = new Uint8Array(new ArrayBuffer(at + codes.length), at)
        code.set(codes)
        const from = Math.min(cut, codes.length)
        const to = Math.max(from, codes.length - less)
        expect(countPlainLevels(code, from, to)).toBe(countSlowly(code, from, to))
      }),
    )
  })

  it('tells rows of any other kind', () => {
    fc.assert(
      fc.property(
        codesOf(plain, 30),
        fc.integer({ min: 3, max: 15 }),
        fc.nat(),
        (codes, kind, at) => {
          const code = Uint8Array.from(codes)
          const row = codes.length === 0 ? 0 : at % codes.length
          if (codes.length > 0) code[row] = kind | 0x10
          expect(countPlainLevels(code, 0, code.length)).toBe(codes.length === 0 ? 0 : -1)
          expect(countPlainLevels(code, 0, code.length)).toBe(countSlowly(code, 0, code.length))
        },
      ),
    )
  })

  it('counts rows by the hundred thousand', () => {
    const code = Uint8Array.from({ length: 300_001 }, (_, row) => (row % 3) | 0xf0)
    expect(countPlainLevels(code, 1, code.length)).toBe(countSlowly(code, 1, code.length))
  })
})
