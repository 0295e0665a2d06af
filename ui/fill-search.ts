/** Searching fills by words. */
import type { FillColumn } from '../src/report/page-contract.ts'
import type { Numbers } from './rows.ts'

/** What a search needs to know of fills. */
export interface SearchedFills {
  readonly fills: { readonly length: number } & Readonly<
    Record<Extract<FillColumn, 'side' | 'maker' | 'orderId'>, Numbers>
  >
  price(row: number): string
  fullTime(row: number): string
  /** True where fills are of several instruments. */
  readonly hasInstruments?: boolean
  instrument?(row: number): string
}

type Predicate = (row: number) => boolean

/**
 * Returns the rows that every word of `query` fits, latest first. A word is a side, a liquidity, a
 * part of the time, the beginning of an instrument or of a price, or a whole order number; what is none of these fits
 * nothing.
 */
export function matchingRows(searched: SearchedFills, query: string): readonly number[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const fits = words.map((word) => predicateOf(searched, word))
  const rows: number[] = []
  for (let row = searched.fills.length - 1; row >= 0; row--) {
    if (fits.every((fit) => fit(row))) rows.push(row)
  }
  return rows
}

function predicateOf(searched: SearchedFills, word: string): Predicate {
  const { side, maker, orderId } = searched.fills
  if (word.length > 1) {
    if ('buy'.startsWith(word)) return (row) => side[row]! > 0
    if ('sell'.startsWith(word)) return (row) => side[row]! < 0
    if ('maker'.startsWith(word)) return (row) => maker[row] === 1
    if ('taker'.startsWith(word)) return (row) => maker[row] === 0
  }
  const isOfInstrument: Predicate = (row) =>
    searched.hasInstruments === true && nameFits(searched.instrument?.(row) ?? '', word)
  if (/[:-]/.test(word)) {
    return (row) => searched.fullTime(row).includes(word) || isOfInstrument(row)
  }
  const digits = word.replaceAll(',', '')
  return (row) =>
    String(orderId[row]!) === digits ||
    searched.price(row).replaceAll(',', '').startsWith(digits) ||
    isOfInstrument(row)
}

/** A name fits by its beginning, or by that of the symbol behind its venue. */
function nameFits(name: string, word: string): boolean {
  const [venue = '', symbol = venue] = name.toLowerCase().split(':')
  return name.toLowerCase().startsWith(word) || symbol.startsWith(word)
}
