/**
 * Reads the bytes of JSON texts in linear memory: digits, integers, decimals onto a grid. Each reader
 * returns the place behind what it has read, 0 where that is not there, and leaves it in `number`.
 *
 * AssemblyScript, for kernels to import.
 */

/** Characters. */
export const QUOTE: u32 = 34
export const COMMA: u32 = 44
const POINT: u32 = 46
export const ZERO: u32 = 48
export const AT_SIGN: u32 = 64
export const OPEN_BRACKET: u32 = 91
const BACKSLASH: u32 = 92
export const CLOSE_BRACKET: u32 = 93
export const OPEN_BRACE: u32 = 123
export const CLOSE_BRACE: u32 = 125

const MAX_SAFE: f64 = 9007199254740991
const ID_DIGITS_MAX: usize = 15
const DIGITS_MAX: usize = 16

/** Bytes from a grid's factors to multiply with, by decimal places, to those to divide by. */
const DIVIDE: usize = 17 * 8

/** The number that was read last. */
export let number: f64 = 0

@inline
export function byte(at: usize): u32 {
  return <u32>load<u8>(at)
}

/** True for a byte of a JSON string that stands for itself. */
@inline
export function isPlain(c: u32): bool {
  return c - 32 < 95 && c != QUOTE && c != BACKSLASH
}

@inline
function areDigits(word: u64): bool {
  const over = word + 0x4646464646464646
  const under = word - 0x3030303030303030
  return ((over | under) & 0x8080808080808080) == 0
}

/** The number that eight digits make, the first of them in the lowest byte. */
@inline
function eightDigits(word: u64): u64 {
  const digits = word - 0x3030303030303030
  const pairs = digits * 10 + (digits >> 8)
  const high = (pairs & 0x000000ff000000ff) * 0x000f424000000064
  const low = ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001
  return (high + low) >> 32
}

/** Reads just `count` digits into `number`; false when there are others. */
@inline
export function digits(at: usize, count: usize): bool {
  let value: u64 = 0
  const end = at + count
  if (count >= 8) {
    const word = load<u64>(at)
    if (!areDigits(word)) return false
    value = eightDigits(word)
    at += 8
  }
  for (; at < end; at++) {
    const digit = byte(at) - ZERO
    if (digit > 9) return false
    value = value * 10 + digit
  }
  number = <f64>value
  return true
}

/** Reads a JSON integer of up to 15 digits; returns the place behind it or 0. */
export function integer(at: usize): usize {
  const start = at
  let value: u64 = 0
  const word = load<u64>(at)
  if (areDigits(word)) {
    value = eightDigits(word)
    at += 8
  }
  let digit = byte(at) - ZERO
  while (digit <= 9) {
    value = value * 10 + digit
    digit = byte(++at) - ZERO
  }
  const count = at - start
  const next = digit + ZERO
  if (count - 1 >= ID_DIGITS_MAX || (count > 1 && byte(start) == ZERO)) return 0
  if (next != COMMA && next != CLOSE_BRACE) return 0
  number = <f64>value
  return at
}

/** Reads a decimal in quotes as an index of a grid; returns the place behind it or 0. */
@inline
export function decimal(at: usize, grid: usize): usize {
  if (byte(at) != QUOTE) return 0
  const start = ++at
  let mantissa: u64 = 0
  let digit = byte(at) - ZERO
  while (digit <= 9) {
    mantissa = mantissa * 10 + digit
    digit = byte(++at) - ZERO
  }
  let count = at - start
  let scale: usize = 0
  if (digit + ZERO == POINT) {
    const point = at
    digit = byte(++at) - ZERO
    while (digit <= 9) {
      mantissa = mantissa * 10 + digit
      digit = byte(++at) - ZERO
    }
    scale = at - point - 1
    count += scale
  }
  if (digit + ZERO != QUOTE || count - 1 >= DIGITS_MAX) return 0
  const factors = grid + (scale << 3)
  const whole = <f64>mantissa
  const scaled = whole * load<f64>(factors)
  const divisor = load<f64>(factors + DIVIDE)
  const index = scaled / divisor
  if (whole > MAX_SAFE || scaled > MAX_SAFE) return 0
  if (index != floor(index) || index * divisor != scaled) return 0
  number = index
  return at + 1
}
