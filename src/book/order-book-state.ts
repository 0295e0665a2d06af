/** One view of one instrument's market of orders: queues, levels, and what did not fit them. */
import type { EventColumns } from '../market/index.ts'
import { BookState } from './book-state.ts'
import { Ladder, type LadderOptions } from './ladder.ts'
import { WINDOW } from './level-memory.ts'
import { OrderMemory, type OrderRun } from './order-memory.ts'
import { OrderQueues, type OrderQueuesOptions } from './order-queues.ts'

/** Rows of an L3 source that did not fit the book; each is counted once and, excess apart, changed nothing. */
export interface OrderFaults {
  /** Additions that name no order (a reference below 0 or beyond the pool). */
  unknownAdds: number
  /** Modifications of an order that is not live. */
  unknownModifies: number
  /** Cancellations of an order that is not live. */
  unknownCancels: number
  /** Executions of an order that is not live. */
  unknownExecutes: number
  /** Additions of an order that is live. */
  duplicateAdds: number
  /** More was taken than the order had; this one does take the order away. */
  excess: number
  /** Rows whose size is no whole number of lots, whose tick is none, or whose side is not the order's. */
  invalid: number
  /** Rows of price levels, of which a book of orders has no use. */
  levelRows: number
}

/** Rows behind which a book is worth memory of its own. */
const MANY_ROWS = 8192

/** How an {@link OrderBookState} is laid out, what its venue's rule is, and what it may rely on. */
export interface OrderBookStateOptions extends LadderOptions, OrderQueuesOptions {
  /**
   * True where rows, once handed in, are never written to again, nor those that follow them in the
   * same columns: a book that sees many of them then brings them in ahead. Default false.
   */
  readonly rowsAreFinal?: boolean
}

/** What the kernel of `apply-orders.kernel.ts` moves. */
export class OrderBookState extends BookState {
  readonly queues: OrderQueues
  /** Where rows of orders go: {@link queues}, or the snapshot that is under way. */
  target: OrderQueues
  /** The orders of a snapshot, collected aside; made with the first one. */
  #incoming: OrderQueues | undefined
  readonly rowsAreFinal: boolean
  readonly #options: OrderBookStateOptions
  /** Rows to come until the book moves into linear memory; Infinity where it never does. */
  #rowsToMemory: number
  /** What the rows under way have done; for the kernel. */
  readonly run: OrderRun = { applied: 0, bookRow: -1 }
  readonly faults: OrderFaults = {
    unknownAdds: 0,
    unknownModifies: 0,
    unknownCancels: 0,
    unknownExecutes: 0,
    duplicateAdds: 0,
    excess: 0,
    invalid: 0,
    levelRows: 0,
  }

  constructor(options: OrderBookStateOptions = {}) {
    super(options)
    this.rowsAreFinal = options.rowsAreFinal ?? false
    this.#options = options
    this.queues = new OrderQueues(this.ladder, options)
    this.target = this.queues
    const isUsual = (options.windowTicks ?? WINDOW) === WINDOW
    this.#rowsToMemory = isUsual ? MANY_ROWS : Number.POSITIVE_INFINITY
  }

  /** Opens rows that are about to be applied: of many, a compiled kernel applies them. */
  openRows(events: EventColumns, rows: number): void {
    this.#rowsToMemory -= rows
    if (this.#rowsToMemory <= 0) this.compile()
    this.queues.pool.memory?.open(events, this.rowsAreFinal)
  }

  /** Moves the book into linear memory, where a compiled kernel applies rows, if there is any. */
  compile(): void {
    if (this.#rowsToMemory === Number.POSITIVE_INFINITY) return
    this.#rowsToMemory = Number.POSITIVE_INFINITY
    const memory = OrderMemory.make()
    if (memory !== undefined) this.queues.pool.moveTo(memory)
  }

  /** Begins to collect the orders of a snapshot, anew where one was under way. */
  beginSnapshot(): void {
    this.#incoming ??= new OrderQueues(new Ladder(this.#options), this.#options)
    this.#incoming.clear()
    this.target = this.#incoming
    this.isCollecting = true
  }

  /** Replaces every order by those collected. */
  endSnapshot(): void {
    this.queues.copyFrom(this.target)
    this.dropSnapshot()
  }

  /** Forgets the snapshot under way; rows of orders go to the book again. */
  dropSnapshot(): void {
    this.target = this.queues
    this.isCollecting = false
  }
}
