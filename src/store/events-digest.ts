/** The identity of event columns: equal rows give equal text, however they are kept. */
import { createHash, type Hash } from 'node:crypto'
import { sliceEvents, type EventColumns } from '../market/index.ts'
import { BLOCK_ROWS, COLUMN_NAMES } from './tape-format.ts'

/** Hashes rows block by block; every block but the last must have the same number of rows. */
export class EventsDigest {
  readonly #hash: Hash = createHash('sha256')

  /** Adds one block. */
  add(block: EventColumns): void {
    for (const name of COLUMN_NAMES) {
      const column = block[name]
      this.#hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
    }
  }

  /** Returns 32 hexadecimal digits; nothing can be added afterwards. */
  finish(): string {
    return this.#hash.digest('hex').slice(0, 32)
  }
}

/**
 * Returns the identity of `events` on their own epoch: what the store writes into a partition
 * that holds the same rows.
 */
export function eventsDigest(events: EventColumns): string {
  const digest = new EventsDigest()
  for (let from = 0; from < events.length; from += BLOCK_ROWS) {
    digest.add(sliceEvents(events, from, Math.min(events.length, from + BLOCK_ROWS)))
  }
  return digest.finish()
}
