/** Loops over the values of a section; see `prefix-code.ts`. */
import { assert } from '../core/index.ts'
import type { SymbolTable } from './symbol-table.ts'

/** Values below have a slot each, which is the value; they are most of them. */
const SMALL = 4096
/** Slots of greater values, by hash. */
const HASHED = 1 << 15
const HASH_SHIFT = 32 - 15
/** Slots behind these stand for all values of a half octave. */
export const SHARED_SLOTS = SMALL + HASHED
/** A half octave for every second bit below 2^53. */
const HALVES = 2 * 54
export const SLOTS = SHARED_SLOTS + HALVES

/** How often values are there, by slot. All of its `counts` are 0 between two sections. */
export interface ValueCounts {
  /** The value in each slot; of a half octave, its least. */
  readonly keys: Float64Array
  /** How often it was there; 0 for an empty slot. */
  readonly counts: Int32Array
  /** Slots that are not empty, in the order in which their values appeared. */
  readonly used: Int32Array
  /** The slot of each value. */
  readonly slots: Int32Array
}

/** Powers of two; `**` is slow. */
const POWERS = Float64Array.from({ length: 54 }, (_, bits) => 2 ** bits)

/** Bits behind the first two of an integer in [0, 2^53). */
export function extraBits(value: number): number {
  const bits = value < 0x100000000 ? 32 - Math.clz32(value) : 64 - Math.clz32(value / 0x100000000)
  return bits < 2 ? 0 : bits - 2
}

/**
 * Counts `values[0, rows)`, integers in [0, 2^53); returns how many slots are used. Once half of the
 * slots by hash are taken, further values are counted by half octave.
 */
export function countValues(values: Float64Array, rows: number, table: ValueCounts): number {
  const { keys, counts, used, slots } = table
  assert(rows <= slots.length && keys.length === SLOTS, 'the table has its size')
  let free = HASHED / 2
  let usedCount = 0
  for (let i = 0; i < rows; i++) {
    const value = values[i]!
    let slot = value
    if (value >= SMALL) {
      // Knuth's multiplicative hash of both halves.
      let hash = Math.imul(value ^ (value / 0x100000000), 0x9e3779b1) >>> HASH_SHIFT
      while (counts[SMALL + hash] !== 0 && keys[SMALL + hash] !== value) {
        hash = (hash + 1) & (HASHED - 1)
      }
      slot = SMALL + hash
      if (counts[slot] === 0 && free-- <= 0) slot = SHARED_SLOTS + halfOctave(value)
    }
    if (counts[slot] === 0) {
      keys[slot] = slot < SHARED_SLOTS ? value : leastOfHalf(value)
      used[usedCount++] = slot
    }
    counts[slot]!++
    slots[i] = slot
  }
  return usedCount
}

/** The number of the half octave of a value, in ascending order; values below 4 have their own. */
export function halfOctave(value: number): number {
  const extra = extraBits(value)
  return 2 * extra + Math.floor(value / POWERS[extra]!)
}

/** The least value of the half octave of a value. */
export function leastOfHalf(value: number): number {
  const size = POWERS[extraBits(value)]!
  return Math.floor(value / size) * size
}

/**
 * Writes the codes of every fourth of `values[0, rows)`, from `first` on, to `out` from `at` on.
 *
 * @param slots    of each value
 * @param symbolOf the symbol of each slot
 * @returns the end
 */
export function writeCodes(
  values: Float64Array,
  first: number,
  rows: number,
  slots: Int32Array,
  symbolOf: Int16Array,
  symbols: SymbolTable,
  out: Uint8Array,
  at: number,
): number {
  assert(rows <= values.length && rows <= slots.length, 'every row has a value and a slot')
  const { base, packed } = symbols
  let bits = 0
  let filled = 0
  for (let i = first; i < rows; i += 4) {
    const symbol = symbolOf[slots[i]!]!
    const word = packed[symbol]!
    bits |= (word & 0xffff) << filled
    filled += (word >> 16) & 15
    if (filled >= 8) {
      out[at++] = bits
      bits >>>= 8
      filled -= 8
      // A code has 11 bits at most, and 7 may have been left.
      if (filled >= 8) {
        out[at++] = bits
        bits >>>= 8
        filled -= 8
      }
    }
    let left = word >> 20
    if (left === 0) continue
    let rest = values[i]! - base[symbol]!
    while (left > 0) {
      const count = left < 16 ? left : 16
      bits |= (rest & ((1 << count) - 1)) << filled
      filled += count
      while (filled >= 8) {
        out[at++] = bits
        bits >>>= 8
        filled -= 8
      }
      rest = Math.floor(rest / 65_536)
      left -= count
    }
  }
  if (filled > 0) out[at++] = bits
  return at
}

/**
 * Writes for each next bits what the symbol that they begin with asks of the kernel: two words, of
 * which 8 bits tell how far to shift the bits up so that only those of the symbol are left, 8 how
 * far to shift them down then, and 48 what is added to the rest.
 *
 * A shift by 64 bits is one by none. So that nothing is left of a symbol without bits behind its
 * code, the last bit of its code is left, which is then taken off what is added.
 *
 * @param log bits of the longest code
 */
export function fillTable(symbols: SymbolTable, log: number, words: Uint32Array): void {
  const { base, code, count, extra, length } = symbols
  assert(words.length >= 2 << log, 'there are two words for each')
  for (let i = 0; i < count; i++) {
    const own = length[i]!
    const more = extra[i]!
    const last = more === 0 && own > 0 ? (code[i]! >> (own - 1)) & 1 : 0
    const added = base[i]! - last
    const up = (64 - own - more) & 63
    const down = more === 0 ? 63 : 64 - more
    const low = up | (down << 8) | ((added & 0xffff) << 16)
    const high = Math.floor(added / 65_536)
    for (let bits = code[i]!; bits >> log === 0; bits += 1 << own) {
      words[2 * bits] = low
      words[2 * bits + 1] = high
    }
  }
}
