/** Reads decimals from bytes exactly, without floats, text or objects. */
import { POWERS_OF_TEN } from '../../core/index.ts'

const MINUS = 45
const PLUS = 43
const POINT = 46
const ZERO = 48
const LOWER_E = 101
const UPPER_E = 69

/** Digits whose value is a safe integer whatever they are. */
const DIGITS_SAFE = 15
/** Decimal places that a value may have. */
const SCALE_MAX = 15
/** Exponents beyond it are of no price or size. */
const EXPONENT_MAX = 400

/** What {@link DecimalScan.read} may find. */
export const DecimalFault = {
  None: 0,
  /** The bytes are no decimal number. */
  NotDecimal: 1,
  /** The value has more digits than 2^53 holds, or more than 15 decimal places. */
  TooLong: 2,
} as const

/** One of {@link DecimalFault}. */
export type DecimalFault = (typeof DecimalFault)[keyof typeof DecimalFault]

/** The value `mantissa / 10^scale` of the last field read. */
export class DecimalScan {
  /** A safe integer. */
  mantissa = 0
  /** 0 <= scale <= 15. */
  scale = 0

  /**
   * Reads bytes [from, to): digits with an optional sign, point and exponent, such as `-12.50` or
   * `1e-05`, which is how floats are often printed.
   */
  read(bytes: Uint8Array, from: number, to: number): DecimalFault {
    let at = from
    const isNegative = bytes[at] === MINUS
    if (isNegative || bytes[at] === PLUS) at++
    const first = at
    let mantissa = 0
    let point = -1
    for (; at < to; at++) {
      const c = bytes[at]!
      const digit = c - ZERO
      if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit
      else if (c === POINT && point < 0) point = at
      else break
    }
    const digits = at - first - (point < 0 ? 0 : 1)
    if (digits === 0) return DecimalFault.NotDecimal
    const scale = point < 0 ? 0 : at - point - 1
    if (at === to && digits <= DIGITS_SAFE && scale <= SCALE_MAX) {
      this.mantissa = isNegative ? 0 - mantissa : mantissa
      this.scale = scale
      return DecimalFault.None
    }
    const exponent = at === to ? 0 : exponentOf(bytes, at, to)
    if (Number.isNaN(exponent)) return DecimalFault.NotDecimal
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + first, at - first).toString('latin1')
    return this.#exact(text.replace('.', ''), scale - exponent, isNegative)
  }

  /** Takes digits apart that are too long, or shifted by an exponent. */
  #exact(digits: string, scale: number, isNegative: boolean): DecimalFault {
    let value = BigInt(digits)
    let places = scale
    // Zeros at the end of a fraction carry no value, but would take digits that 2^53 lacks.
    while (isTooLong(value, places) && places > 0 && value % 10n === 0n && value !== 0n) {
      value /= 10n
      places--
    }
    if (value === 0n) places = 0
    if (places < 0) {
      if (-places >= POWERS_OF_TEN.length) return DecimalFault.TooLong
      value *= 10n ** BigInt(-places)
      places = 0
    }
    if (isTooLong(value, places)) return DecimalFault.TooLong
    this.mantissa = isNegative ? 0 - Number(value) : Number(value)
    this.scale = places
    return DecimalFault.None
  }
}

function isTooLong(value: bigint, places: number): boolean {
  return places > SCALE_MAX || value > BigInt(Number.MAX_SAFE_INTEGER)
}

/** Reads `e-05`; NaN when it is none. */
function exponentOf(bytes: Uint8Array, start: number, to: number): number {
  let at = start
  if (bytes[at] !== LOWER_E && bytes[at] !== UPPER_E) return Number.NaN
  at++
  const isNegative = bytes[at] === MINUS
  if (isNegative || bytes[at] === PLUS) at++
  if (at === to) return Number.NaN
  let value = 0
  for (; at < to; at++) {
    const digit = bytes[at]! - ZERO
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    value = Math.min(value * 10 + digit, EXPONENT_MAX)
  }
  return isNegative ? -value : value
}
