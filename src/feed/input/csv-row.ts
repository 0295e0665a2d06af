/** Finds the fields of a CSV line in its bytes, without text or objects. */

const QUOTE = 34
const BLANK = 32
const CARRIAGE_RETURN = 13

/** Fields that a row may have; the widest tables of the vendors have 104. */
const FIELDS_MAX = 1024

/** What {@link CsvRow.split} may find wrong. */
export type CsvFault = '' | 'too many fields' | 'a quote that does not end'

/**
 * The fields of one row, as places in the bytes of its line (RFC 4180, without line breaks in
 * fields). Blanks around a field do not belong to it; quotes around it neither.
 */
export class CsvRow {
  /** Bytes that hold the line. */
  bytes: Uint8Array = new Uint8Array(0)
  /** Fields of the row; 0 for a blank line. */
  count = 0
  /** Field i stands in bytes [from[i], to[i]). */
  from = new Int32Array(32)
  to = new Int32Array(32)

  /**
   * Reads the line in bytes [start, end), its newline not included.
   *
   * @param separator byte between two fields, not a blank
   * @returns what is wrong with the line, or nothing
   */
  split(bytes: Uint8Array, start: number, end: number, separator: number): CsvFault {
    this.bytes = bytes
    this.count = 0
    let last = end
    if (last > start && bytes[last - 1] === CARRIAGE_RETURN) last--
    let at = start
    while (at < last && bytes[at] === BLANK) at++
    if (at === last) return ''
    let count = 0
    for (;;) {
      if (count === this.from.length && !this.#grow()) return 'too many fields'
      while (at < last && bytes[at] === BLANK) at++
      if (bytes[at] === QUOTE && at < last) {
        const close = closingQuote(bytes, at + 1, last)
        if (close < 0) return 'a quote that does not end'
        this.from[count] = at + 1
        this.to[count++] = close
        at = close + 1
        while (at < last && bytes[at] === BLANK) at++
        if (at < last && bytes[at] !== separator) return 'a quote that does not end'
      } else {
        const from = at
        while (at < last && bytes[at] !== separator) at++
        let to = at
        while (to > from && bytes[to - 1] === BLANK) to--
        this.from[count] = from
        this.to[count++] = to
      }
      if (at >= last) break
      at++
    }
    this.count = count
    return ''
  }

  /** True when the row has no field `i` or nothing stands in it. */
  isEmpty(i: number): boolean {
    return i >= this.count || this.from[i] === this.to[i]
  }

  /** Text of field `i`, a doubled quote read as one; empty where there is no such field. */
  text(i: number): string {
    if (i < 0 || i >= this.count) return ''
    const from = this.from[i]!
    const { buffer, byteOffset } = this.bytes
    const text = Buffer.from(buffer, byteOffset + from, this.to[i]! - from).toString()
    return text.includes('""') ? text.replaceAll('""', '"') : text
  }

  /** Texts of all fields. */
  texts(): string[] {
    return Array.from({ length: this.count }, (_, i) => this.text(i))
  }

  /** True when field `i` holds just these bytes. */
  equals(i: number, word: Uint8Array): boolean {
    if (i >= this.count) return false
    const from = this.from[i]!
    if (this.to[i]! - from !== word.length) return false
    for (let k = 0; k < word.length; k++) {
      if (this.bytes[from + k] !== word[k]) return false
    }
    return true
  }

  #grow(): boolean {
    if (this.from.length >= FIELDS_MAX) return false
    const from = new Int32Array(this.from.length * 2)
    const to = new Int32Array(from.length)
    from.set(this.from)
    to.set(this.to)
    this.from = from
    this.to = to
    return true
  }
}

/** Returns where the quote that opened before `at` closes, -1 when it does not. */
function closingQuote(bytes: Uint8Array, at: number, last: number): number {
  for (let i = at; i < last; i++) {
    if (bytes[i] !== QUOTE) continue
    if (i + 1 < last && bytes[i + 1] === QUOTE) i++
    else return i
  }
  return -1
}
