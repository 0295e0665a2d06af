/**
 * When a venue closes positions, and at what price it takes them over.
 *
 * Binance, "Liquidation Protocols": when the collateral (balance + unrealised profit) falls to the
 * maintenance margin, all open orders are cancelled, the position is closed by an order that is
 * immediate or cancelled, and what is left of it is taken over at the bankruptcy price, at which
 * nothing is left of the collateral; a fee is charged on what was liquidated.
 */
import type { Side } from '../../market/index.ts'
import type { Account } from './account.ts'
import type { AccountHolding } from './holding.ts'

/** Positions that stand on the same margin: of one currency, or one position by itself. */
export class MarginPool {
  readonly currency: string
  readonly holdings: readonly AccountHolding[]
  readonly #account: Account

  constructor(account: Account, currency: string, holdings: readonly AccountHolding[]) {
    this.currency = currency
    this.holdings = holdings
    this.#account = account
  }

  /** What losses can eat before nothing is left. */
  get equity(): number {
    if (this.#account.mode === 'cross') {
      return this.#account.balance(this.currency) + this.#account.unrealized(this.currency)
    }
    const [holding] = this.holdings
    return holding!.isolatedMargin + holding!.unrealized
  }

  get maintenance(): number {
    let sum = 0
    for (const holding of this.holdings) sum += holding.maintenance
    return sum
  }

  get hasPosition(): boolean {
    return this.holdings.some(({ isOpen }) => isOpen)
  }

  /** What is left before positions are closed; 0 or less when they must be. */
  get buffer(): number {
    return this.equity - this.maintenance
  }

  get mustLiquidate(): boolean {
    return this.hasPosition && this.buffer <= 0
  }
}

/** Returns the pools of an account whose positions are margined. */
export function marginPools(account: Account): readonly MarginPool[] {
  const margined = account.holdings.filter(({ terms }) => terms !== undefined)
  if (account.mode === 'isolated') {
    return margined.map((each) => new MarginPool(account, each.instrument.settlement, [each]))
  }
  const currencies = new Set(margined.map(({ instrument }) => instrument.settlement))
  return [...currencies].map((currency) => {
    const all = margined.filter(({ instrument }) => instrument.settlement === currency)
    return new MarginPool(account, currency, all)
  })
}

/** A position that the venue closes. */
export interface Liquidation {
  readonly holding: AccountHolding
  /** Of the order that closes it. */
  readonly side: Side
  readonly lots: number
  /** The worst price of that order, and the price of the rest. */
  readonly bankruptcyTicks: number
}

/**
 * Returns the next position to close: the one with the largest maintenance margin. Where several
 * share a pool, the bankruptcy price of one is where its share (by maintenance margin) of the pool's
 * equity is gone, so that after the last of them nothing is owed.
 */
export function nextLiquidation(pool: MarginPool): Liquidation {
  const open = pool.holdings.filter(({ isOpen }) => isOpen)
  const total = pool.maintenance
  const holding = open.reduce((a, b) => (b.maintenance > a.maintenance ? b : a))
  const share = total > 0 ? holding.maintenance / total : 1 / open.length
  const { lots } = holding.position
  return {
    holding,
    side: lots > 0 ? -1 : 1,
    lots: Math.abs(lots),
    bankruptcyTicks: bankruptcyTicks(holding, pool.equity * share),
  }
}

/**
 * Returns the price in ticks at which closing the position loses `equity` against its mark; rounded
 * so that no debt is left.
 */
export function bankruptcyTicks(holding: AccountHolding, equity: number): number {
  const { instrument, position } = holding
  // size x (unitValue(price) - unitValue(mark)) = -equity
  const unit = instrument.unitValue(holding.mark) - equity / position.size
  const price = instrument.isInverse ? -instrument.multiplier / unit : unit / instrument.multiplier
  const step = instrument.orderTickStep
  // No price loses as much, or none is good enough: the nearest to it that there is.
  const highest = LARGEST_TICK - (LARGEST_TICK % step)
  if (!(price > 0)) return instrument.isInverse ? highest : step
  const raw = price / instrument.price(step)
  const nearest = Math.round(raw)
  const isWhole = Math.abs(raw - nearest) <= Math.max(1e-9, raw * 1e-14)
  const rounded = isWhole ? nearest : position.lots > 0 ? Math.ceil(raw) : Math.floor(raw)
  return Math.max(step, Math.min(rounded * step, highest))
}

const LARGEST_TICK = 2 ** 31 - 1

/**
 * Returns the mark price that a position must reach before it can have eaten `share` of a pool's
 * buffer: below it for a long position, above it for a short one. Infinity or 0: never.
 *
 * The price is on the safe side: maintenance margin is taken to grow at the largest rate on the way,
 * and not to shrink. While each position of a pool is short of the price for its share, the buffer
 * cannot be gone.
 */
export function watchPrice(holding: AccountHolding, share: number): number {
  const { instrument, position, terms } = holding
  const units = Math.abs(position.size) * instrument.multiplier
  const isLong = position.lots > 0
  // A short linear or a long inverse position grows in value as it loses.
  const grows = isLong === instrument.isInverse
  const rate = grows ? terms!.maintenanceSlope(holding.value + share) : 0
  const value = grows ? holding.value + share / (1 + rate) : holding.value - share
  if (value <= 0) return isLong ? 0 : Number.POSITIVE_INFINITY
  return instrument.isInverse ? units / value : value / units
}
