/** The CRC32 that Kraken sends with the updates of its `book` channel. */
import { crc32 } from 'node:zlib'
import type { ChecksumVerdict } from './checksum-verdict.ts'
import type { TextBook, TextSide } from './text-book.ts'

const LEVELS = 10

/**
 * Returns Kraken's checksum of a book, unsigned; the same for websocket v1 and v2.
 *
 * In our words, from "Book checksum (WebSocket v1)" and "(WebSocket v2)", Kraken API Center (read
 * 2026-11), after all levels of the message are applied and the book is cut to its depth:
 * 1. for the ten best asks, low to high, write price then size, each without its point and without
 *    leading zeros; 2. the same for the ten best bids, high to low; 3. CRC32 of asks then bids.
 */
export function krakenChecksum(book: TextBook): number {
  return crc32(sideText(book.asks) + sideText(book.bids))
}

/**
 * Compares a book with the checksum of the message that was just applied.
 *
 * @param received field `c` of v1 (text), `checksum` of v2 (number); v1 sends none with a snapshot
 */
export function checkKraken(
  book: TextBook,
  received: string | number | undefined,
): ChecksumVerdict {
  if (received === undefined) return 'none'
  return krakenChecksum(book) === Number(received) ? 'match' : 'mismatch'
}

function sideText(side: TextSide): string {
  let text = ''
  for (let i = 0; i < LEVELS && i < side.prices.length; i++) {
    text += digits(side.prices[i] ?? '') + digits(side.sizes[i] ?? '')
  }
  return text
}

function digits(text: string): string {
  return text.replace('.', '').replace(/^0+/, '')
}
