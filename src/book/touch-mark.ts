/** The touch of one book at one place of its tape, taken on the way past it, for another book. */
import type { EventColumns } from '../market/index.ts'
import { BookPhase, type BookState } from './book-state.ts'
import { NO_ASK, NO_BID, type Ladder } from './ladder.ts'

/** The best level of both sides, in data ticks and lots. */
export interface Touch {
  /** {@link NO_BID} without bids. */
  readonly bestBidTick: number
  /** {@link NO_ASK} without asks. */
  readonly bestAskTick: number
  readonly bestBidLots: number
  readonly bestAskLots: number
}

/** A touch and what the status of its book is made of, as they were when they were noted. */
export class HeldTouch implements Touch {
  bestBidTick = NO_BID
  bestAskTick = NO_ASK
  bestBidLots = 0
  bestAskLots = 0
  phase: BookPhase = BookPhase.Empty
  isHalted = false

  note(touch: Touch, { phase, isHalted }: { phase: BookPhase; isHalted: boolean }): void {
    this.bestBidTick = touch.bestBidTick
    this.bestAskTick = touch.bestAskTick
    this.bestBidLots = touch.bestBidLots
    this.bestAskLots = touch.bestAskLots
    this.phase = phase
    this.isHalted = isHalted
  }
}

/**
 * What an exchange's book looked like right before one row. Where our own book sees the same rows in
 * the same order, ours looks alike once it has seen the rows before that one, and needs not apply
 * them as long as nobody asks for more than this.
 */
export class TouchMark extends HeldTouch {
  /** The book whose touch it takes. */
  readonly #state: BookState
  #events: EventColumns | undefined
  #wanted = -1
  #taken = -1

  constructor(state: BookState) {
    super()
    this.#state = state
  }

  /** Asks for the touch right before `row` of a tape whose rows both books see in that order. */
  want(events: EventColumns, row: number): void {
    this.#events = events
    this.#wanted = row
    this.#taken = -1
  }

  /**
   * Takes the touch where that before `row` is wanted; the book has seen the rows before it. Returns
   * up to where the book may go on before the next call.
   */
  pass(events: EventColumns, row: number): number {
    const wanted = this.#wanted
    if (row > wanted || events !== this.#events) return events.length
    if (row < wanted) return wanted
    this.note(this.#state.ladder, this.#state)
    this.#wanted = -1
    this.#taken = row
    return events.length
  }

  /** True where it is the touch right before `row`. */
  isAt(events: EventColumns, row: number): boolean {
    return row === this.#taken && events === this.#events
  }

  /** The levels as they are now. */
  get ladder(): Ladder {
    return this.#state.ladder
  }
}
