/**
 * Numbers as people read them, in plain ASCII. Free of imports: the page in the browser uses it too.
 */

/** What stands for a figure that does not exist. */
export const NOTHING = '-'

/** Returns a number with thousands separated and a fixed count of decimals: `-1,234.50`. */
export function groupedText(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return NOTHING
  const [whole = '', fraction] = Math.abs(value).toFixed(decimals).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  const body = fraction === undefined ? grouped : `${grouped}.${fraction}`
  return value < 0 && /[1-9]/.test(body) ? `-${body}` : body
}

/** Returns the decimals that show about `digits` digits of the largest value, 2 to 10. */
export function decimalsFor(values: Iterable<number>, digits = 6): number {
  let largest = 0
  for (const value of values) {
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value))
  }
  if (largest === 0) return 2
  return Math.min(10, Math.max(2, digits - 1 - Math.floor(Math.log10(largest))))
}

/** Returns an amount of money with about `digits` digits. */
export function moneyText(value: number | null, digits = 6): string {
  return value === null ? NOTHING : groupedText(value, decimalsFor([value], digits))
}

/** Returns the text with a `+` in front of a positive number. */
export function signedText(text: string): string {
  return /^[\d.,]*[1-9]/.test(text) ? `+${text}` : text
}

/** Returns a share as a percentage: `34.7 %`. */
export function percentText(share: number | null, decimals = 1): string {
  return share === null || !Number.isFinite(share)
    ? NOTHING
    : `${groupedText(share * 100, decimals)} %`
}

/** Returns basis points without their unit, signed. */
export function bpsText(bps: number | null, decimals = 3): string {
  return bps === null ? NOTHING : signedText(groupedText(bps, decimals))
}

/** Returns a plain number with up to `digits` significant digits and no trailing zeros. */
export function plainText(value: number | null, digits = 6): string {
  if (value === null || !Number.isFinite(value)) return NOTHING
  if (value === 0) return '0'
  const decimals = Math.min(12, Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value)))))
  const text = groupedText(value, decimals)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** Returns a span of ns in the unit that suits it: `1.25 ms`, `12.5 s`, `2m 03s`. */
export function spanText(ns: number | null): string {
  if (ns === null || !Number.isFinite(ns)) return NOTHING
  if (ns < 0) return `-${spanText(-ns)}`
  if (ns < 1e3) return `${plainText(ns, 3)} ns`
  if (ns < 1e6) return `${plainText(ns / 1e3, 4)} us`
  if (ns < 1e9) return `${plainText(ns / 1e6, 4)} ms`
  if (ns < 60e9) return `${plainText(ns / 1e9, 4)} s`
  const seconds = Math.round(ns / 1e9)
  if (seconds < 3600) return twoUnits(seconds, 60, 'ms')
  const minutes = Math.round(seconds / 60)
  if (minutes < 1440) return twoUnits(minutes, 60, 'hm')
  return twoUnits(Math.round(minutes / 60), 24, 'dh')
}

function twoUnits(count: number, base: number, units: string): string {
  const rest = count % base
  const whole = `${Math.floor(count / base)}${units[0]!}`
  return rest === 0 ? whole : `${whole} ${String(rest).padStart(2, '0')}${units[1]!}`
}

/** Returns the decimals that ticks `step` apart need: 2 for 0.25. */
export function decimalsOfStep(step: number): number {
  const text = Number(step.toPrecision(6)).toFixed(10).replace(/0+$/, '')
  return text.length - 1 - text.indexOf('.')
}

/** Returns a figure with a true minus and micro sign, or with a dash where there is none. */
export function typeset(figure: string): string {
  if (figure === NOTHING) return '\u2013'
  return figure.replace(/(^|[\s(])-(?=[\d.])/g, '$1\u2212').replace(/(\d) us\b/g, '$1 \u00B5s')
}
