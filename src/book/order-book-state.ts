/** One view of one instrument's market of orders: queues, levels, and what did not fit them. */
import { BookState } from './book-state.ts'
import { Ladder, type LadderOptions } from './ladder.ts'
import type { OrderRun } from './order-rows.kernel.ts'
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

/** What the kernel of `apply-orders.kernel.ts` moves. */
export class OrderBookState extends BookState {
  readonly queues: OrderQueues
  /** Where rows of orders go: {@link queues}, or the snapshot that is under way. */
  target: OrderQueues
  /** The orders of a snapshot, collected aside; made with the first one. */
  #incoming: OrderQueues | undefined
  readonly #options: LadderOptions & OrderQueuesOptions
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

  constructor(options: LadderOptions & OrderQueuesOptions = {}) {
    super(options)
    this.#options = options
    this.queues = new OrderQueues(this.ladder, options)
    this.target = this.queues
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
