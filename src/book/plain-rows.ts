/** Counts rows by their codes, four at a time, where nothing but levels and trades is among them. */
import { EventKind, KIND_MASK } from '../market/index.ts'

/** Of four codes in a word: the low half of each, and single bits of it. */
const LOW_BITS = 0x0101_0101
/** Words whose counts, one to each byte, can be added within 31 bits. */
const WORDS = 127

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
  const words = (to - at) >> 2
  const four = new Int32Array(code.buffer, words > 0 ? code.byteOffset + at : 0, words)
  for (let begin = 0; begin < words; begin += WORDS) {
    const end = Math.min(words, begin + WORDS)
    let counts = 0
    let others = 0
    for (let i = begin; i < end; i++) {
      const word = four[i]!
      // A kind is a level where bit 1 is set, and something else where another is set beside or
      // above it.
      counts += (word >>> 1) & LOW_BITS
      others |= (word >>> 2) | (word >>> 3) | ((word >>> 1) & word)
    }
    if ((others & LOW_BITS) !== 0) return -1
    levels += (counts & 0xff) + ((counts >>> 8) & 0xff) + ((counts >>> 16) & 0xff) + (counts >>> 24)
  }
  for (at += words * 4; at < to; at++) {
    const kind = code[at]! & KIND_MASK
    if (kind > EventKind.DepthSet) return -1
    levels += kind >> 1
  }
  return levels
}
