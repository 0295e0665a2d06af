/** Reads lines of comma-separated integers from bytes. */

const COMMA = 44
const MINUS = 45
const POINT = 46
const ZERO = 48
const NEWLINE = 10
const CARRIAGE_RETURN = 13
const FRACTION_DIGITS = 9
const DIGITS_MAX = 15
/** Two days: sessions may run past midnight. */
const SECONDS_MAX = 172_800

/**
 * The fields of one line. A field that is no integer ends the reading, and `faultField` is its
 * index from 0. When `hasTime`, the first field is seconds with a fraction and comes out in ns;
 * decimals beyond the ninth, which some files have from printing doubles, are rounded away.
 */
export class IntegerLine {
  readonly values: Float64Array
  /** Number of fields read. */
  count = 0
  /** Index of a field that could not be read, -1 when the whole line could. */
  faultField = -1
  readonly #hasTime: boolean
  #at = 0

  constructor(fieldsMax: number, hasTime: boolean) {
    this.values = new Float64Array(fieldsMax)
    this.#hasTime = hasTime
  }

  /** Reads the line that begins at `start` and ends with a newline. */
  read(bytes: Uint8Array, start: number): void {
    const { values } = this
    let count = 0
    this.#at = start
    this.faultField = -1
    for (;;) {
      const isTime = count === 0 && this.#hasTime
      const value = isTime ? this.#time(bytes) : this.#integer(bytes)
      if (bytes[this.#at] === CARRIAGE_RETURN) this.#at++
      const end = bytes[this.#at++]
      if (Number.isNaN(value) || count === values.length || (end !== COMMA && end !== NEWLINE)) {
        this.faultField = count
        break
      }
      values[count++] = value
      if (end === NEWLINE) break
    }
    this.count = count
  }

  #integer(bytes: Uint8Array): number {
    let at = this.#at
    const isNegative = bytes[at] === MINUS
    if (isNegative) at++
    const first = at
    let value = 0
    for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) {
      value = value * 10 + digit
    }
    this.#at = at
    if (at === first || at - first > DIGITS_MAX) return Number.NaN
    return isNegative ? -value : value
  }

  #time(bytes: Uint8Array): number {
    let value = this.#integer(bytes)
    if (!(value >= 0 && value < SECONDS_MAX)) return Number.NaN
    let at = this.#at
    let places = 0
    let roundUp = 0
    if (bytes[at] === POINT) {
      at++
      for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) {
        if (places < FRACTION_DIGITS) value = value * 10 + digit
        else if (places === FRACTION_DIGITS) roundUp = digit >= 5 ? 1 : 0
        places++
      }
    }
    this.#at = at
    for (; places < FRACTION_DIGITS; places++) value *= 10
    return value + roundUp
  }
}
