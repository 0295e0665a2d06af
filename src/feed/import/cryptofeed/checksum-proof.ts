/** A book of text beside the book of ticks, for venues that send its checksum. */
import type { ChecksumVerdict } from '../../checksum/checksum-verdict.ts'
import { TextBook, type TextSide } from '../../checksum/text-book.ts'
import type { TextLevel, VenueBook } from './market-events.ts'

/** Compares a book with the checksums of its venue. */
export type ChecksumRule = (book: TextBook, message: VenueBook, unixMs: number) => ChecksumVerdict

/** Levels that fell out of the depth. */
export interface FallenLevels {
  readonly bids: readonly string[]
  readonly asks: readonly string[]
}

/** Keeps the text of a book, cuts it as the venue does, and counts what was equal. */
export class ChecksumProof {
  readonly counts = { compared: 0, equal: 0 }
  readonly #rule: ChecksumRule
  #book = new TextBook()

  constructor(rule: ChecksumRule) {
    this.#rule = rule
  }

  /** Applies a message, a snapshot to an empty book, and returns the prices that fell out. */
  apply({ isSnapshot, isCut, depth, bids, asks }: VenueBook): FallenLevels {
    if (isSnapshot) this.#book = new TextBook(isCut ? depth : Infinity)
    const book = this.#book
    set(book.bids, bids)
    set(book.asks, asks)
    const fallen = { bids: book.bids.beyond(book.depth), asks: book.asks.beyond(book.depth) }
    book.truncate()
    return fallen
  }

  /** Compares the book with the checksum of the message that was just applied. */
  judge(message: VenueBook, unixMs: number): ChecksumVerdict {
    const verdict = this.#rule(this.#book, message, unixMs)
    if (verdict !== 'none') this.counts.compared++
    if (verdict === 'match') this.counts.equal++
    return verdict
  }
}

function set(side: TextSide, levels: readonly TextLevel[]): void {
  for (const [price, size] of levels) side.set(price, size)
}
