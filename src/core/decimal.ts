/**
 * Exact decimals as an integer mantissa and a power of ten.
 *
 * Prices and sizes enter the library here and nowhere else; floats never decide on which grid
 * point a price lies.
 */
import { LobtraderError } from './errors.ts'

/** The value `mantissa / 10^scale`; `mantissa` is an exact integer, 0 <= scale <= 15. */
export interface Decimal {
  readonly mantissa: number
  readonly scale: number
}

/** 10^0 ... 10^22, each exact in a double. */
export const POWERS_OF_TEN: readonly number[] = Array.from({ length: 23 }, (_, i) =>
  Number(`1e${i}`),
)

const ZERO = 48
const NINE = 57

/**
 * Reads a plain decimal such as `-12.50`; no exponent, no blanks, no leading `+`.
 *
 * @throws LobtraderError BAD_DECIMAL when the text is not one, or needs more than 2^53
 */
export function parseDecimal(text: string): Decimal {
  let mantissa = 0
  let scale = 0
  let digits = 0
  let point = -1
  const start = text.charCodeAt(0) === 45 ? 1 : 0
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c >= ZERO && c <= NINE) {
      mantissa = mantissa * 10 + (c - ZERO)
      digits++
      if (point >= 0) scale++
    } else if (c === 46 && point < 0) {
      point = i
    } else {
      throw badDecimal(text)
    }
  }
  // Trailing zeros of the fraction carry no value but would eat the 53 bits.
  if (digits === 0) throw badDecimal(text)
  if (mantissa > Number.MAX_SAFE_INTEGER || scale > 15) return parseLongDecimal(text)
  return { mantissa: start === 1 ? -mantissa : mantissa, scale }
}

function parseLongDecimal(text: string): Decimal {
  const [whole = '', fraction = ''] = text.split('.')
  const short = fraction.replace(/0+$/, '')
  const mantissa = Number(BigInt(`${whole === '-' ? '-0' : whole || '0'}${short}`))
  if (!Number.isSafeInteger(mantissa) || short.length > 15) {
    throw new LobtraderError('BAD_DECIMAL', `"${text}" has more digits than 2^53 holds`, {
      value: text,
    })
  }
  return { mantissa, scale: short.length }
}

function badDecimal(text: string): LobtraderError {
  return new LobtraderError('BAD_DECIMAL', `"${text.slice(0, 64)}" is not a plain decimal number`, {
    value: text.slice(0, 64),
  })
}

/** Returns the shortest decimal text that reads back as the double `value`, never with an exponent. */
export function decimalText(value: number): string {
  const text = String(value)
  if (!text.includes('e')) return text
  const [digits = '', exponentText = '0'] = text.split('e')
  const exponent = Number(exponentText)
  const negative = digits.startsWith('-')
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.')
  const all = whole + fraction
  const pointAt = whole.length + exponent
  const body =
    pointAt <= 0
      ? `0.${'0'.repeat(-pointAt)}${all}`
      : pointAt >= all.length
        ? all + '0'.repeat(pointAt - all.length)
        : `${all.slice(0, pointAt)}.${all.slice(pointAt)}`
  return negative ? `-${body}` : body
}

/** Returns the double nearest to `decimal`. */
export function decimalToNumber(decimal: Decimal): number {
  return decimal.mantissa / POWERS_OF_TEN[decimal.scale]!
}

/** Returns the mantissa of `decimal` at a larger or equal scale. */
export function mantissaAt(decimal: Decimal, scale: number): number {
  return decimal.mantissa * POWERS_OF_TEN[scale - decimal.scale]!
}
