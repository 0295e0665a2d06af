/** Rows of an export on their way back into a store, and the book that they make. */
import { OrderBookState, applyEvents, applyOrderEvents, BookState } from '../../../book/index.ts'
import { EventKind, EventWriter, KIND_MASK, codeSide } from '../../../market/index.ts'
import type { RowSink } from '../../../store/index.ts'
import type { OrderCounts } from '../import-result.ts'
import { TradeTotals } from '../trade-totals.ts'
import type { ExportRow } from './export-row.ts'

const APPEND_ROWS = 1 << 16
/** Orders that a book may hold at once, for the figures of the result. */
const ORDERS_MAX = 2 ** 22
const NS_PER_S = 1e9

/** Writes rows as they are. */
export class RestoredRows {
  readonly totals = new TradeTotals()
  events = 0
  gaps = 0
  crossed = 0
  firstNs: bigint | undefined
  lastNs = 0n
  hasBook = false
  readonly #sink: RowSink
  readonly #levels = new BookState()
  #orders: OrderBookState | undefined
  #kind = ''
  #epochSecond = 0
  #rows = new EventWriter(0n)

  constructor(sink: RowSink) {
    this.#sink = sink
  }

  /** Levels at the end. */
  get ladder(): BookState['ladder'] {
    return (this.#orders ?? this.#levels).ladder
  }

  /** Orders at the end, undefined where the export has none. */
  get orders(): OrderCounts | undefined {
    if (this.#orders === undefined) return undefined
    const { faults, queues } = this.#orders
    const { unknownModifies, unknownCancels, duplicateAdds } = faults
    return { open: queues.count, unknown: unknownModifies + unknownCancels + duplicateAdds }
  }

  /** The rows that follow are of a partition. @param daySecond its UTC midnight */
  enter(kind: string, daySecond: number): void {
    if (kind === this.#kind && daySecond === this.#epochSecond) return
    this.flush()
    this.#kind = kind
    this.#epochSecond = daySecond
    this.#rows = new EventWriter(BigInt(daySecond) * 1_000_000_000n)
  }

  push({ local, exch, code, tick, lots, orderRef, seq }: ExportRow): void {
    const from = this.#epochSecond
    const localTime = (local.seconds - from) * NS_PER_S + local.nanos
    const exchTime = (exch.seconds - from) * NS_PER_S + exch.nanos
    this.#rows.push(localTime, exchTime, code, tick, lots, orderRef, seq)
    const kind = code & KIND_MASK
    if (kind === EventKind.Trade) this.totals.add(tick, lots, codeSide(code) > 0)
    else if (kind === EventKind.Gap) this.gaps++
  }

  /** Appends to the store what is worth it. */
  drain(): void {
    if (this.#rows.length >= APPEND_ROWS) this.flush()
  }

  /** Appends all that is left. */
  flush(): void {
    const rows = this.#rows
    if (rows.length === 0) return
    const { rows: events } = rows
    if (this.#kind !== 'bbo') this.#replay()
    const at = (i: number): bigint => events.epochNs + BigInt(events.localTime[i]!)
    const last = at(rows.length - 1)
    if (this.firstNs === undefined || at(0) < this.firstNs) this.firstNs = at(0)
    if (last > this.lastNs) this.lastNs = last
    this.#sink.append(this.#kind, events)
    this.events += rows.length
    rows.clear()
  }

  /** Moves the book on, moment by moment, to see where it is crossed. */
  #replay(): void {
    const { rows: events } = this.#rows
    const isOrders = this.#kind === 'l3'
    if (isOrders) this.#orders ??= new OrderBookState({ ordersMax: ORDERS_MAX })
    const state = isOrders ? this.#orders! : this.#levels
    let from = 0
    while (from < events.length) {
      let to = from + 1
      while (to < events.length && events.localTime[to] === events.localTime[from]) to++
      const { version } = state
      if (isOrders) applyOrderEvents(this.#orders!, events, from, to)
      else applyEvents(state, events, from, to)
      from = to
      if (state.version === version) continue
      this.hasBook = true
      if (state.ladder.bestBidTick > state.ladder.bestAskTick) this.crossed++
    }
  }
}
