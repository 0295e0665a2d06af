/** Counts rows by their codes, four at a time, where nothing but levels and trades is among them. */
import { EventKind, KIND_MASK } from '../market/index.ts'

/** Of four codes in a word: the low half of each, and single bits of it. */
const LOW_BITS = 0x0101_0101
/** Bits 2 and 3 of each: kinds of neither levels nor trades have one of them, or both others. */
const HIGH_BITS = 0x0c0c_0c0c
/** Pairs of words whose counts, two to each byte at most, can be added within 31 bits. */
const PAIRS = 63

/**
 * Returns how many of rows [from, to) set a level; -1 where one of them is neither level nor trade.
 *
 * @param code codes of rows, see `EventColumns.code`
 */
export function countPlainLevels(code: Uint8Array, from: number, to: number): number {
  let at = from
  let levels = 0
  for (; at < to && ((code.byteOffset + at) & 3) !== 0; at++) {
    const kind = code[at]! & KIND_MASK
    if (kind > EventKind.DepthSet) return -1
    levels += kind >> 1
  }
  const pairs = (to - at) >> 3
  if (pairs > 0) {
    const words = new Int32Array(code.buffer, code.byteOffset + at, pairs * 2)
    const counted = countPairs(words)
    if (counted < 0) return -1
    levels += counted
    at += pairs * 8
  }
  for (; at < to; at++) {
    const kind = code[at]! & KIND_MASK
    if (kind > EventKind.DepthSet) return -1
    levels += kind >> 1
  }
  return levels
}

/** As {@link countPlainLevels}, for codes in pairs of words. */
function countPairs(words: Int32Array): number {
  const { length } = words
  let levels = 0
  for (let at = 0; at < length;) {
    const end = Math.min(length, at + PAIRS * 2)
    let counts = 0
    let all = 0
    let both = 0
    for (; at < end; at += 2) {
      const one = words[at]!
      const other = words[at + 1]!
      // A kind is a level where bit 1 is set and bit 0 is not.
      const oneHalved = one >>> 1
      const otherHalved = other >>> 1
      counts = (counts + (oneHalved & LOW_BITS) + (otherHalved & LOW_BITS)) | 0
      all |= one | other
      both |= (one & oneHalved) | (other & otherHalved)
    }
    if ((all & HIGH_BITS) !== 0 || (both & LOW_BITS) !== 0) return -1
    levels += (counts & 0xff) + ((counts >>> 8) & 0xff) + ((counts >>> 16) & 0xff) + (counts >>> 24)
  }
  return levels
}
