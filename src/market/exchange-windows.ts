/** Blocks as windows in stable order of venue time. */
import { formatInstant } from '../time/index.ts'
import { LobtraderError } from '../core/index.ts'
import type { EventBlocks, EventWindows } from './event-tape.ts'
import type { EventColumns } from './events.ts'
import { VenueOrder } from './venue-order.ts'

/** @see module comment */
export class ExchangeWindows implements EventWindows {
  readonly #blocks: EventBlocks
  /** For each block the least venue time in those behind it. */
  readonly #floors: Float64Array
  readonly #order: VenueOrder
  #block = 0
  #isHeld = false
  /** The view of the present block, while the copies before it are being read. */
  #view: EventColumns | undefined

  constructor(blocks: EventBlocks, floors: Float64Array) {
    this.#blocks = blocks
    this.#floors = floors
    this.#order = new VenueOrder(blocks.epochNs)
  }

  get isLast(): boolean {
    return this.#view === undefined && this.#block >= this.#blocks.rows.length
  }

  next(): EventColumns | undefined {
    if (this.#view !== undefined) return this.#takeView()
    while (true) {
      this.#leaveBlock()
      if (this.#block >= this.#blocks.rows.length) return undefined
      const block = this.#blocks.take(this.#block)
      this.#isHeld = true
      const { merged, view } = this.#order.enter(block, this.#floors[this.#block++]!)
      this.#checkRoom()
      this.#view = view
      if (merged.length > 0) return merged
      if (view !== undefined) return this.#takeView()
    }
  }

  #takeView(): EventColumns | undefined {
    const view = this.#view
    this.#view = undefined
    return view
  }

  #checkRoom(): void {
    const { borderRowsMax, epochNs } = this.#blocks
    const { length, exchTime } = this.#order.waiting
    if (length <= borderRowsMax) return
    const from = formatInstant(epochNs + BigInt(exchTime[0]!))
    throw new LobtraderError(
      'OUT_OF_RANGE',
      `${length} events of venue time ${from} and later wait for earlier ones that were received behind them, more than the ${borderRowsMax} that the memory budget holds; give it more`,
      { events: length, limit: borderRowsMax },
    )
  }

  #leaveBlock(): void {
    if (this.#isHeld) this.#blocks.giveBack(this.#block - 1)
    this.#isHeld = false
  }

  close(): void {
    this.#leaveBlock()
    this.#view = undefined
    this.#block = this.#blocks.rows.length
  }
}
