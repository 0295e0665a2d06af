/** Rows on their way from an importer to the store, collected into larger appends. */
import { EventWriter } from '../../market/index.ts'
import type { RowSink } from '../../store/index.ts'

/** Rows to collect before an append: few enough to be in the processor's cache still. */
const APPEND_ROWS = 1 << 13

/** Rows to collect, and ticks that a ladder holds directly, where there are thousands of tapes. */
export const SMALL_TAPE = { appendRows: 256, windowTicks: 256 } as const

/** Rows that each kind has room for at first. */
const ROWS_AT_FIRST = 64

/**
 * The rows of one instrument; `l2` or `l3` is what books and fills need, `bbo` the ticker channel.
 */
export class Tape {
  readonly l2: EventWriter
  readonly l3: EventWriter
  readonly bbo: EventWriter
  readonly #sink: RowSink
  readonly #appendRows: number
  #appended = 0

  /**
   * @param epochNs    Unix ns of time 0 of the rows
   * @param appendRows rows to collect before an append; few where there are thousands of tapes
   */
  constructor(sink: RowSink, epochNs: bigint, appendRows: number = APPEND_ROWS) {
    this.#sink = sink
    this.#appendRows = appendRows
    this.l2 = new EventWriter(epochNs, ROWS_AT_FIRST)
    this.l3 = new EventWriter(epochNs, ROWS_AT_FIRST)
    this.bbo = new EventWriter(epochNs, ROWS_AT_FIRST)
  }

  /** Rows written so far. */
  get events(): number {
    return this.#appended + this.l2.length + this.l3.length + this.bbo.length
  }

  /** Appends to the store what is worth it; call it between blocks of input. */
  drain(): void {
    const rows = this.#appendRows
    if (this.l2.length >= rows) this.#append('l2', this.l2)
    if (this.l3.length >= rows) this.#append('l3', this.l3)
    if (this.bbo.length >= rows) this.#append('bbo', this.bbo)
  }

  /** Appends all that is left. */
  finish(): void {
    this.#append('l2', this.l2)
    this.#append('l3', this.l3)
    this.#append('bbo', this.bbo)
  }

  #append(kind: string, writer: EventWriter): void {
    if (writer.length === 0) return
    this.#sink.append(kind, writer.rows)
    this.#appended += writer.length
    writer.clear()
  }
}
