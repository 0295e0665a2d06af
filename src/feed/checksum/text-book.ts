/**
 * An order book that keeps prices and sizes as the text received.
 *
 * Checksums are over that text, trailing zeros included, so a book of numbers cannot reproduce
 * them. For verification; a backtest reads the book of ticks and lots.
 */
import { LobtraderError } from '../../core/index.ts'

const PLAIN_DECIMAL = /^-?\d+(?:\.\d+)?$/

/** One side of a {@link TextBook}, best level first. */
export class TextSide {
  /** Prices as received, best first. */
  readonly prices: string[] = []
  /** Sizes as received, in step with `prices`. */
  readonly sizes: string[] = []
  readonly #sign: number

  /** @param sign -1 for bids (highest first), +1 for asks (lowest first) */
  constructor(sign: -1 | 1) {
    this.#sign = sign
  }

  /**
   * Sets a level; a size of zero removes it, wherever it stands and even when it is not there.
   *
   * @throws LobtraderError BAD_DECIMAL when price or size is not a plain decimal
   */
  set(price: string, size: string): void {
    const at = this.#find(plain(price))
    const found = at < this.prices.length && comparePriceText(this.prices[at] ?? '', price) === 0
    if (isZero(plain(size))) {
      if (!found) return
      this.prices.splice(at, 1)
      this.sizes.splice(at, 1)
    } else {
      this.prices.splice(at, found ? 1 : 0, price)
      this.sizes.splice(at, found ? 1 : 0, size)
    }
  }

  /** Returns the prices of the levels behind the first `depth`. */
  beyond(depth: number): readonly string[] {
    return this.prices.length > depth ? this.prices.slice(depth) : []
  }

  /** Removes the levels behind the first `depth`. */
  truncate(depth: number): void {
    if (this.prices.length <= depth) return
    this.prices.length = depth
    this.sizes.length = depth
  }

  #find(price: string): number {
    let low = 0
    let high = this.prices.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#sign * comparePriceText(this.prices[middle] ?? '', price) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Bids and asks as the text received, cut to the subscribed depth. */
export class TextBook {
  readonly bids = new TextSide(-1)
  readonly asks = new TextSide(1)
  /** Levels per side that the venue keeps for the subscription; Infinity where it sends all. */
  readonly depth: number

  constructor(depth = Infinity) {
    this.depth = depth
  }

  /** Removes the levels beyond `depth`, for which the venue sends no removal. Once per message. */
  truncate(): void {
    this.bids.truncate(this.depth)
    this.asks.truncate(this.depth)
  }
}

/** Returns below 0, 0 or above 0 as the plain decimal `a` is below, equal to or above `b`. */
export function comparePriceText(a: string, b: string): number {
  const negative = a.startsWith('-')
  if (negative !== b.startsWith('-')) {
    if (isZero(a) && isZero(b)) return 0
    return negative ? -1 : 1
  }
  return negative ? compareUnsigned(b.slice(1), a.slice(1)) : compareUnsigned(a, b)
}

function compareUnsigned(a: string, b: string): number {
  const [wholeA = '', fractionA = ''] = a.split('.')
  const [wholeB = '', fractionB = ''] = b.split('.')
  const whole = compareText(...padded(wholeA, wholeB, 'start'))
  return whole === 0 ? compareText(...padded(fractionA, fractionB, 'end')) : whole
}

function padded(a: string, b: string, at: 'start' | 'end'): [string, string] {
  const length = Math.max(a.length, b.length)
  return at === 'start'
    ? [a.padStart(length, '0'), b.padStart(length, '0')]
    : [a.padEnd(length, '0'), b.padEnd(length, '0')]
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function isZero(text: string): boolean {
  return /^-?[0.]+$/.test(text)
}

function plain(text: string): string {
  if (PLAIN_DECIMAL.test(text)) return text
  throw new LobtraderError('BAD_DECIMAL', `"${text}" is not a plain decimal`, { value: text })
}
