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
export function decimalsFor(values: readonly number[], digits = 6): number {
  const largest = Math.max(0, ...values.filter(Number.isFinite).map(Math.abs))
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
  const two = (value: number): string => String(value).padStart(2, '0')
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 1440) return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`
  const hours = Math.round(minutes / 60)
  return hours % 24 === 0 ? `${hours / 24}d` : `${Math.floor(hours / 24)}d ${two(hours % 24)}h`
}

/** Returns a figure with a true minus, or with a dash where there is none. */
export function typeset(figure: string): string {
  return figure === NOTHING ? '\u2013' : figure.replace(/(^|[\s(])-(?=[\d.])/g, '$1\u2212')
}
