/** The CRC32 that OKX sent with its order book channels until June 2026. */
import { crc32 } from 'node:zlib'
import type { ChecksumVerdict } from './checksum-verdict.ts'
import type { TextBook } from './text-book.ts'

const LEVELS = 25

/**
 * First instant, in ms since 1970, from which the field `checksum` is fixed to 0.
 *
 * "OKX Order Book Channels Checksum Field Deprecation", OKX help centre, published 2026-05-21 (read
 * 2026-11): demo from 2026-06-02, production from 2026-06-23; the hour is not told, so the whole
 * day counts.
 */
export const OKX_CHECKSUM_ENDS_MS = {
  production: Date.UTC(2026, 5, 23),
  demo: Date.UTC(2026, 5, 2),
} as const

/**
 * Returns the checksum that OKX had for a book, signed.
 *
 * In our words, from "Order book channel, Checksum", OKX API v5 documentation (read 2026-11): write
 * `price:size` of the best bid, the best ask, the second bid, the second ask and so on for 25
 * levels; where one side has fewer, the other goes on alone; join all with colons; CRC32 as a
 * signed integer of 32 bits.
 */
export function okxChecksum(book: TextBook): number {
  const fields: string[] = []
  for (let i = 0; i < LEVELS; i++) {
    for (const side of [book.bids, book.asks]) {
      const price = side.prices[i]
      if (price !== undefined) fields.push(price, side.sizes[i] ?? '')
    }
  }
  return crc32(fields.join(':')) | 0
}

/**
 * Compares a book with the checksum of the message that was just applied.
 *
 * A 0 from the end of checksums on says nothing: taken for a sum it would be an endless mismatch,
 * taken for a match it would be a proof of nothing. A value other than 0 is compared at any time.
 *
 * @param received field `checksum`
 * @param timeMs   field `ts`, ms since 1970
 */
export function checkOkx(
  book: TextBook,
  received: number | undefined,
  timeMs: number,
  environment: keyof typeof OKX_CHECKSUM_ENDS_MS = 'production',
): ChecksumVerdict {
  if (received === undefined) return 'none'
  if (received === 0 && timeMs >= OKX_CHECKSUM_ENDS_MS[environment]) return 'none'
  return okxChecksum(book) === received ? 'match' : 'mismatch'
}
