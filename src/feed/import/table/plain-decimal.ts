/** Decimals as text. */

/** Returns `mantissa / 10^scale` as a plain decimal, without trailing zeros. */
export function plainDecimal(mantissa: number, scale: number): string {
  const digits = String(Math.abs(mantissa)).padStart(scale + 1, '0')
  const point = digits.length - scale
  const fraction = digits.slice(point).replace(/0+$/, '')
  const whole = `${mantissa < 0 ? '-' : ''}${digits.slice(0, point)}`
  return fraction === '' ? whole : `${whole}.${fraction}`
}
