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
export const HALVES = 2 * 54
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
      const high = value < 0x100000000 ? 0 : value / 0x100000000
      let hash = Math.imul(value ^ high, 0x9e3779b1) >>> HASH_SHIFT
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
  if (value < 0x80000000) return 2 * extra + (value >>> extra)
  return 2 * extra + Math.floor(value / POWERS[extra]!)
}

/** The least value of a half octave, and the bits that tell its values apart. */
export function rangeOfHalf(half: number): { readonly base: number; readonly extra: number } {
  const extra = half < 4 ? 0 : (half - 2) >> 1
  return { base: (half - 2 * extra) * POWERS[extra]!, extra }
}

/** The least value of the half octave of a value. */
export function leastOfHalf(value: number): number {
  const size = POWERS[extraBits(value)]!
  return Math.floor(value / size) * size
}

/** Bits behind a code that fit into a word of 32 with it and what was left. */
const AT_ONCE = 13

/**
 * Writes the codes of every fourth of `values[0, rows)`, from `first` on, to `out` from `at` on.
 *
 * @param slots    of each value
 * @param symbolOf the symbol of each slot
 * @param out      also written to up to three bytes behind the end
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
    const left = word >> 20
    let rest = values[i]! - base[symbol]!
    // 7 bits may have been left, and a code has 11 at most.
    bits |= (word & 0xffff) << filled
    filled += (word >> 16) & 15
    if (left <= AT_ONCE) {
      bits |= rest << filled
      filled += left
    } else {
      for (let more = left; more > 0; more -= 8) {
        const whole = filled >> 3
        out[at] = bits
        out[at + 1] = bits >>> 8
        at += whole
        bits >>>= whole << 3
        filled &= 7
        const count = more < 8 ? more : 8
        bits |= (rest & ((1 << count) - 1)) << filled
        filled += count
        rest = Math.floor(rest / 256)
      }
    }
    // Whether a byte is full nobody can foretell: three are written, and as many kept as are full.
    const whole = filled >> 3
    out[at] = bits
    out[at + 1] = bits >>> 8
    out[at + 2] = bits >>> 16
    at += whole
    bits >>>= whole << 3
    filled &= 7
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

/** How often each half octave is there, and of each of its values which it is. */
export interface HalfCounts {
  /** By half octave. */
  readonly weights: Float64Array
  /** By place in the list of slots. */
  readonly halves: Uint8Array
}

/**
 * Counts by half octave the values in `slots[0, count)` that have no symbol of their own.
 *
 * @param symbolOf `own` for a slot whose value has one
 * @returns false where a value is `max` or more
 */
export function countHalves(
  { keys, counts }: ValueCounts,
  slots: Int32Array,
  count: number,
  symbolOf: Int16Array,
  own: number,
  max: number,
  { weights, halves }: HalfCounts,
): boolean {
  assert(count <= slots.length && count <= halves.length, 'count <= slots')
  weights.fill(0)
  for (let i = 0; i < count; i++) {
    const slot = slots[i]!
    if (symbolOf[slot] === own) continue
    const value = keys[slot]!
    if (value >= max) return false
    const half = halfOctave(value)
    halves[i] = half
    weights[half]! += counts[slot]!
  }
  return true
}

/** Gives slots without a symbol of their own that of their half octave, which stands at `shared`. */
export function assignHalves(
  slots: Int32Array,
  count: number,
  symbolOf: Int16Array,
  own: number,
  halves: Uint8Array,
): void {
  assert(count <= slots.length && count <= halves.length, 'count <= slots')
  for (let i = 0; i < count; i++) {
    const slot = slots[i]!
    if (symbolOf[slot] !== own) symbolOf[slot] = symbolOf[SHARED_SLOTS + halves[i]!]!
  }
}

/**
 * Copies the slots of values below `max` that are there `least` times or more to `out`; returns how
 * many there are.
 */
export function frequentSlots(
  { keys, counts }: ValueCounts,
  slots: Int32Array,
  count: number,
  least: number,
  max: number,
  out: Int32Array,
): number {
  assert(count <= slots.length && count <= out.length, 'count <= slots')
  let found = 0
  for (let i = 0; i < count; i++) {
    const slot = slots[i]!
    if (counts[slot]! < least || slot >= SHARED_SLOTS || !(keys[slot]! < max)) continue
    out[found++] = slot
  }
  return found
}
