/** Reads lines of comma-separated integers from bytes. */

const COMMA = 44
const MINUS = 45
const POINT = 46
const ZERO = 48
const NEWLINE = 10
const CARRIAGE_RETURN = 13
const FRACTION_DIGITS = 9
const DIGITS_MAX = 15

/**
 * The fields of one line. A field that is no integer ends the reading, and `faultField` is its
 * index from 0; the first field may have a fraction of up to nine digits and is given in units of
 * 1e-9 when `hasTime`.
 */
export class IntegerLine {
  readonly values: Float64Array
  readonly #hasTime: boolean
  /** Number of fields read. */
  count = 0
  /** Index of a field that could not be read, -1 when the whole line could. */
  faultField = -1

  constructor(fieldsMax: number, hasTime: boolean) {
    this.values = new Float64Array(fieldsMax)
    this.#hasTime = hasTime
  }

  /** Reads the line that begins at `start` and ends with a newline. */
  read(bytes: Uint8Array, start: number): void {
    const { values } = this
    let at = start
    let count = 0
    this.faultField = -1
    for (;;) {
      const negative = bytes[at] === MINUS
      if (negative) at++
      const first = at
      let value = 0
      for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) {
        value = value * 10 + digit
      }
      let isWhole = at > first && at - first <= DIGITS_MAX
      if (count === 0 && this.#hasTime) {
        let places = 0
        if (bytes[at] === POINT) {
          at++
          for (
            let digit = bytes[at]! - ZERO;
            digit >= 0 && digit <= 9;
            digit = bytes[++at]! - ZERO
          ) {
            value = value * 10 + digit
            places++
          }
        }
        isWhole &&= places <= FRACTION_DIGITS && at - first <= DIGITS_MAX && !negative
        for (; places < FRACTION_DIGITS; places++) value *= 10
      }
      const end = bytes[at] === CARRIAGE_RETURN ? bytes[at + 1] : bytes[at]
      if (!isWhole || count === values.length || (end !== COMMA && end !== NEWLINE)) {
        this.faultField = count
        break
      }
      values[count++] = negative ? -value : value
      if (end === NEWLINE) break
      at++
    }
    this.count = count
  }
}
