/** Sizers: decide the size of an order that does not say one. */
import type { Side } from '../market/index.ts'
import type { Broker } from './broker.ts'
import type { Data } from './data.ts'

/** Decides a size in base units or contracts. */
export interface Sizer {
  size(data: Data, side: Side, broker: Broker): number
}

/** Always the same size. */
export class FixedSize implements Sizer {
  readonly #stake: number

  constructor(options: { readonly stake?: number } = {}) {
    this.#stake = options.stake ?? 1
  }

  size(): number {
    return this.#stake
  }
}
