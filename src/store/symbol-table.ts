/** The symbols of one prefix code; see `prefix-code.ts`. */

/** Bits of the longest code: with those behind it, 57 at most, which one load of 64 bits gives. */
export const CODE_BITS_MAX = 11

const SYMBOLS_MAX = 1 << CODE_BITS_MAX

/** Symbols in columns; {@link SymbolTable.count} of them are valid. */
export class SymbolTable {
  count = 0
  /** First value of each. */
  readonly base = new Float64Array(SYMBOLS_MAX)
  /** Bits that follow the code. */
  readonly extra = new Uint8Array(SYMBOLS_MAX)
  /** Bits of the code. */
  readonly length = new Uint8Array(SYMBOLS_MAX)
  /** The code, its first bit in the least place. */
  readonly code = new Uint16Array(SYMBOLS_MAX)
  /** All three in one word: 16 bits of the code, 4 of its length, and the number of those behind. */
  readonly packed = new Int32Array(SYMBOLS_MAX)

  /** Gives each symbol the code that the lengths imply. */
  assignCodes(): void {
    const next = new Uint16Array(CODE_BITS_MAX + 2)
    for (let i = 0; i < this.count; i++) next[this.length[i]! + 1]!++
    // No code is as long as 0 bits, except where there is but one.
    next[1] = 0
    for (let bits = 2; bits < next.length; bits++) next[bits] = (next[bits]! + next[bits - 1]!) << 1
    for (let i = 0; i < this.count; i++) {
      const length = this.length[i]!
      const code = reversed(next[length]!++, length)
      this.code[i] = code
      this.packed[i] = code | (length << 16) | (this.extra[i]! << 20)
    }
  }
}

function reversed(code: number, length: number): number {
  let out = 0
  for (let bit = 0; bit < length; bit++) out |= ((code >> bit) & 1) << (length - 1 - bit)
  return out
}
