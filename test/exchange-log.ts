/** Writes what an exchange reports as lines, for comparison and for reading. */
import type { AmendedTerms, ExchangeFill, ExchangeReports } from '../src/venue/index.ts'

/** @see module comment */
export class ExchangeLog implements ExchangeReports {
  readonly lines: string[] = []
  /** The lines since this was last asked. */
  news(): string[] {
    return this.lines.splice(0)
  }
  accepted(index: number, time: number, ahead: number): void {
    this.lines.push(`${time} accepted ${index} behind ${rounded(ahead)}`)
  }
  filled(index: number, time: number, fill: ExchangeFill): void {
    const { sizeLots, priceTicks, isMaker, queueAheadLots } = fill
    const place = isMaker ? `maker behind ${rounded(queueAheadLots)}` : 'taker'
    this.lines.push(`${time} filled ${index} ${sizeLots}@${priceTicks} ${place}`)
  }
  cancelled(index: number, time: number): void {
    this.lines.push(`${time} cancelled ${index}`)
  }
  expired(index: number, time: number): void {
    this.lines.push(`${time} expired ${index}`)
  }
  rejected(index: number, time: number): void {
    this.lines.push(`${time} rejected ${index}`)
  }
  cancelRejected(index: number, time: number): void {
    this.lines.push(`${time} cancel rejected ${index}`)
  }
  amended(index: number, time: number, terms: AmendedTerms): void {
    const { priceTicks, sizeLots, queueAheadLots } = terms
    const place = Number.isNaN(queueAheadLots) ? 'anew' : `behind ${rounded(queueAheadLots)}`
    this.lines.push(`${time} amended ${index} to ${sizeLots}@${priceTicks} ${place}`)
  }
  amendRejected(index: number, time: number): void {
    this.lines.push(`${time} amend rejected ${index}`)
  }
}

/** Places are sums of estimates: their last bits depend on the order of the additions. */
const rounded = (lots: number): number => Math.round(lots * 1e6) / 1e6
