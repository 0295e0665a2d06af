/** Packs records into the 64 bytes that hftbacktest reads, batch by batch. */
import { RECORD_BYTES } from '../import/hftbacktest/event-record.ts'
import type { RecordColumns } from './record-columns.ts'

const TWO_32 = 2 ** 32

/** Takes records one by one and hands full batches on. */
export class RecordWriter {
  readonly #records: RecordColumns
  readonly #flush: (batch: Uint8Array) => void
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #epochLow: number
  readonly #epochHigh: number
  #at = 0

  /** @param batch records to collect @param flush gets memory that is used again afterwards */
  constructor(records: RecordColumns, batch: number, flush: (batch: Uint8Array) => void) {
    this.#records = records
    this.#flush = flush
    this.#bytes = new Uint8Array(batch * RECORD_BYTES)
    this.#view = new DataView(this.#bytes.buffer)
    this.#epochLow = Number(records.epochNs & 0xffffffffn)
    this.#epochHigh = Number(records.epochNs >> 32n)
  }

  /** @param seen flags of the sides that see the record */
  add(record: number, seen: number): void {
    const { event, localTime, exchTime, price, size, orderId, seq } = this.#records
    const view = this.#view
    const at = this.#at
    view.setUint32(at, event[record]! + seen, true)
    view.setUint32(at + 4, 0, true)
    this.#setTime(at + 8, exchTime[record]!)
    this.#setTime(at + 16, localTime[record]!)
    view.setFloat64(at + 24, price[record]!, true)
    view.setFloat64(at + 32, size[record]!, true)
    setInteger(view, at + 40, orderId[record]!)
    setInteger(view, at + 48, seq[record]!)
    view.setFloat64(at + 56, 0, true)
    this.#at = at + RECORD_BYTES
    if (this.#at === this.#bytes.length) this.finish()
  }

  /** Hands on what is left. */
  finish(): void {
    if (this.#at > 0) this.#flush(this.#bytes.subarray(0, this.#at))
    this.#at = 0
  }

  /** Writes epoch plus time as an int64, exactly. */
  #setTime(at: number, time: number): void {
    const high = Math.floor(time / TWO_32)
    const low = time - high * TWO_32 + this.#epochLow
    const carry = low >= TWO_32 ? 1 : 0
    this.#view.setUint32(at, low - carry * TWO_32, true)
    this.#view.setInt32(at + 4, high + carry + this.#epochHigh, true)
  }
}

/** Writes a safe integer as an int64. */
function setInteger(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / TWO_32)
  view.setUint32(at, value - high * TWO_32, true)
  view.setInt32(at + 4, high, true)
}
