/**
 * The pieces of special orders that a core has: put in, changed, taken out, without a word of it to
 * the owner but what trades.
 *
 * A core never hears more than it knows: a piece is a plain order under the index of its whole. The
 * next piece goes in when the one before is gone, behind all that rests by then.
 */
import type { CoreTimeInForce, ExchangeModel } from '../exchange.ts'
import type { SpecialOrder } from './special-order.ts'

/** How an order's try to enter the book ended, where it did not stay there. */
export interface EntryFailure {
  readonly kind: 'rejected' | 'expired' | 'cancelled'
  readonly reason: string
}

/** How a piece goes into the core. */
export interface PieceTerms {
  readonly tif: CoreTimeInForce
  /** Undefined to take at any price. */
  readonly limitTicks: number | undefined
  readonly time: number
}

/** @see module comment */
export class CorePieces {
  readonly #core: ExchangeModel
  /** The order whose reports from the core are answers to us; -1 for none. */
  #muted = -1
  /** What the core told of a piece that it did not keep. */
  #failure: EntryFailure | undefined
  /** Lots ahead of the piece in its queue, as the core told last. */
  aheadLots = Number.NaN

  constructor(core: ExchangeModel) {
    this.#core = core
  }

  /** True while what the core says of this order is an answer to us. */
  isMuted(index: number): boolean {
    return this.#muted === index
  }

  /** Takes note of an answer: the piece rests, or the core did not keep it for this reason. */
  answer(order: SpecialOrder, failure: EntryFailure | undefined): void {
    order.isResting = failure === undefined
    this.#failure = failure
  }

  /** Puts a piece in. Returns why the core did not keep what is left of it; undefined when it did. */
  put(order: SpecialOrder, lots: number, how: PieceTerms): EntryFailure | undefined {
    order.pieceLots = lots
    order.pieceFilledLots = 0
    order.isResting = false
    this.aheadLots = Number.NaN
    return this.#quietly(order, () =>
      this.#core.submit(
        {
          index: order.index,
          side: order.side,
          type: how.limitTicks === undefined ? 'market' : 'limit',
          timeInForce: how.tif,
          priceTicks: how.limitTicks ?? 0,
          sizeLots: lots,
          owner: order.owner,
        },
        how.time,
      ),
    )
  }

  /** Makes `openLots` of a resting piece open; it keeps its place when that is less than before. */
  resize(order: SpecialOrder, openLots: number, time: number): void {
    order.pieceLots = order.pieceFilledLots + openLots
    this.#quietly(order, () =>
      this.#core.amend(
        {
          index: order.index,
          side: order.side,
          type: 'limit',
          timeInForce: order.coreTimeInForce,
          priceTicks: order.priceTicks,
          sizeLots: order.pieceLots,
          owner: order.owner,
        },
        time,
      ),
    )
  }

  /** Takes the piece out, if any rests. */
  takeOut(order: SpecialOrder, time: number): void {
    if (order.isResting) this.#quietly(order, () => this.#core.cancel(order.index, time))
    order.isResting = false
  }

  #quietly(order: SpecialOrder, request: () => void): EntryFailure | undefined {
    this.#muted = order.index
    this.#failure = undefined
    request()
    this.#muted = -1
    return this.#failure
  }
}
