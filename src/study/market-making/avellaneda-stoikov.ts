/**
 * The closed forms of Avellaneda & Stoikov (2008), "High-frequency trading in a limit order book",
 * Quantitative Finance 8(3), pp. 217-224. Equation numbers are the journal's.
 *
 * Units: prices in quote units; gamma in 1 / quote unit; sigma in quote units per sqrt(second); k in
 * 1 / quote unit; time in seconds; inventory q in multiples of the order size.
 */
import { assert } from '../../core/index.ts'

/**
 * Returns the price at which the maker is indifferent between its inventory and none:
 * r = s - q gamma sigma^2 (T - t), section 2.2.
 */
export function reservationPrice(
  mid: number,
  inventory: number,
  gamma: number,
  sigma: number,
  timeRemaining: number,
): number {
  return mid - inventory * gamma * sigma * sigma * timeRemaining
}

/** Returns the price from which one more sale is worth it: r^a = s + (1 - 2q) gamma sigma^2 (T - t) / 2. */
export function reservationAsk(
  mid: number,
  inventory: number,
  gamma: number,
  sigma: number,
  timeRemaining: number,
): number {
  return mid + ((1 - 2 * inventory) * gamma * sigma * sigma * timeRemaining) / 2
}

/** Returns the price up to which one more purchase is worth it: r^b = s - (1 + 2q) gamma sigma^2 (T - t) / 2. */
export function reservationBid(
  mid: number,
  inventory: number,
  gamma: number,
  sigma: number,
  timeRemaining: number,
): number {
  return mid - ((1 + 2 * inventory) * gamma * sigma * sigma * timeRemaining) / 2
}

/**
 * Returns how far from its reservation price each quote stands against an intensity of
 * A exp(-k delta): (1 / gamma) ln(1 + gamma / k), which is 1 / k for gamma = 0.
 */
export function intensityMargin(gamma: number, k: number): number {
  return gamma === 0 ? 1 / k : Math.log1p(gamma / k) / gamma
}

/** Returns delta^a + delta^b = gamma sigma^2 (T - t) + (2 / gamma) ln(1 + gamma / k), eq. 30. */
export function optimalSpread(
  gamma: number,
  sigma: number,
  k: number,
  timeRemaining: number,
): number {
  return gamma * sigma * sigma * timeRemaining + 2 * intensityMargin(gamma, k)
}

/** Returns the mean over [0, T] of the optimal spread: gamma sigma^2 T / 2 + (2 / gamma) ln(1 + gamma / k). */
export function averageSpread(gamma: number, sigma: number, k: number, period: number): number {
  return optimalSpread(gamma, sigma, k, period / 2)
}

/**
 * Returns the discount rate omega = gamma^2 sigma^2 (q_max + 1)^2 / 2, with which inventories up to
 * q_max have finite reservation prices, section 2.3.
 */
export function infiniteHorizonDiscount(
  gamma: number,
  sigma: number,
  inventoryMax: number,
): number {
  return 0.5 * gamma * gamma * sigma * sigma * (inventoryMax + 1) * (inventoryMax + 1)
}

/**
 * Returns the infinite-horizon reservation ask
 * s + (1 / gamma) ln(1 + (1 - 2q) gamma^2 sigma^2 / (2 omega - gamma^2 q^2 sigma^2)), section 2.3;
 * -Infinity where the argument of the logarithm is not positive.
 */
export function infiniteHorizonReservationAsk(
  mid: number,
  inventory: number,
  gamma: number,
  sigma: number,
  omega: number,
): number {
  return mid + infiniteHorizonShift(1 - 2 * inventory, inventory, gamma, sigma, omega)
}

/**
 * Returns the infinite-horizon reservation bid, with -1 - 2q in place of 1 - 2q. It is -Infinity, no
 * bid at any price, at q = q_max for the omega of {@link infiniteHorizonDiscount}.
 */
export function infiniteHorizonReservationBid(
  mid: number,
  inventory: number,
  gamma: number,
  sigma: number,
  omega: number,
): number {
  return mid + infiniteHorizonShift(-1 - 2 * inventory, inventory, gamma, sigma, omega)
}

function infiniteHorizonShift(
  side: number,
  inventory: number,
  gamma: number,
  sigma: number,
  omega: number,
): number {
  const risk = gamma * gamma * sigma * sigma
  // Without risk every inventory is worth the mid; the limit of the formula for sigma -> 0.
  if (risk === 0 && omega === 0) return 0
  const scale = 2 * omega - risk * inventory * inventory
  assert(scale > 0, 'omega > gamma^2 sigma^2 q^2 / 2')
  const excess = (side * risk) / scale
  // At the largest inventory the argument 1 + excess is 0, which rounding may turn into any dust.
  return 1 + excess <= 1e-12 ? Number.NEGATIVE_INFINITY : Math.log1p(excess) / gamma
}
