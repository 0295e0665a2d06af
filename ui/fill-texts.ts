/** Fills as text. */
import { bpsText, groupedText, moneyText, plainText, typeset } from '../src/report/number-text.ts'
import type { FillColumn, PageData } from '../src/report/page-contract.ts'
import type { Table } from './columns.ts'
import type { Theme } from './theme.ts'
import type { RunClock } from './time-text.ts'
import type { TooltipRow } from './tooltip.ts'

/** Turns rows of the fills into text, exactly. */
export class FillTexts {
  readonly fills: Table<FillColumn>
  readonly #data: PageData
  readonly #clock: RunClock
  readonly #theme: Theme

  constructor(
    fills: Table<FillColumn>,
    given: { readonly data: PageData; readonly clock: RunClock; readonly theme: Theme },
  ) {
    this.fills = fills
    this.#data = given.data
    this.#clock = given.clock
    this.#theme = given.theme
  }

  /** Returns date and time, exact. */
  fullTime(row: number): string {
    return this.#clock.full(this.fills.localTime[row]!)
  }

  /** True where fills are of several instruments. */
  get hasInstruments(): boolean {
    return this.#data.instruments.length > 1
  }

  instrument(row: number): string {
    return this.#instrumentOf(row).name
  }

  side(row: number): 'buy' | 'sell' {
    return this.fills.side[row]! > 0 ? 'buy' : 'sell'
  }

  liquidity(row: number): 'maker' | 'taker' {
    return this.fills.maker[row] === 1 ? 'maker' : 'taker'
  }

  price(row: number): string {
    return this.#priceText(row, this.fills.price[row]!)
  }

  size(row: number): string {
    return this.#sizeText(row, this.fills.size[row]!)
  }

  fee(row: number): string {
    return typeset(moneyText(this.fills.fee[row]!, 4))
  }

  position(row: number): string {
    return typeset(this.#sizeText(row, this.fills.position[row]!))
  }

  /** Returns the size that was ahead of it in the queue. */
  queueAhead(row: number): string {
    const ahead = this.fills.queueAhead[row]!
    return Number.isNaN(ahead) ? '\u2013' : plainText(ahead, 6)
  }

  /** Returns the exchange's touch: `61,499.90 x 61,500.00`. */
  touch(row: number): string {
    const bid = this.fills.bidPrice[row]!
    const ask = this.fills.askPrice[row]!
    if (Number.isNaN(bid) && Number.isNaN(ask)) return '\u2013'
    return `${this.#priceText(row, bid)} \u00D7 ${this.#priceText(row, ask)}`
  }

  /** Returns the markout in bps, signed. */
  markout(row: number): string {
    const bps = this.fills.markout[row]!
    return typeset(bpsText(Number.isNaN(bps) ? null : bps, 2))
  }

  /** Returns all that is known of a fill, line by line. */
  details(row: number): readonly TooltipRow[] {
    const color = this.#theme.color(this.fills.side[row]! > 0 ? 'buy' : 'sell')
    const head = this.fills.side[row]! > 0 ? 'Bought' : 'Sold'
    const instrument = this.hasInstruments
      ? [{ name: 'Instrument', value: this.instrument(row) }]
      : []
    return [
      ...instrument,
      { name: head, value: `${this.size(row)} at ${this.price(row)}`, color },
      { name: 'Order', value: `${this.fills.orderId[row]!}, ${this.liquidity(row)}` },
      { name: 'Time', value: this.fullTime(row).slice(11) },
      { name: 'Queue ahead', value: this.queueAhead(row) },
      { name: 'Touch', value: this.touch(row) },
      { name: 'Position after', value: this.position(row) },
      { name: 'Fee', value: `${this.fee(row)} ${this.#data.settlement}` },
      { name: `Markout ${this.#data.markoutLabel}, bps`, value: this.markout(row) },
    ]
  }

  #instrumentOf(row: number): PageData['instruments'][number] {
    return this.#data.instruments[this.fills.instrument[row]!]!
  }

  #priceText(row: number, price: number): string {
    return groupedText(price, this.#instrumentOf(row).priceDecimals)
  }

  #sizeText(row: number, size: number): string {
    return groupedText(size, this.#instrumentOf(row).sizeDecimals)
  }
}
