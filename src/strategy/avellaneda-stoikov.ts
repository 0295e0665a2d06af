/** The market maker of Avellaneda & Stoikov (2008), "High-frequency trading in a limit order book". */
import { z } from 'zod'
import {
  infiniteHorizonDiscount,
  infiniteHorizonReservationAsk,
  infiniteHorizonReservationBid,
  intensityMargin,
  optimalSpread,
  reservationPrice,
} from '../study/index.ts'
import { MarketMakingStrategy } from './market-making-strategy.ts'

/** What Avellaneda-Stoikov has beyond {@link MarketMakingStrategy}. */
export const avellanedaStoikovParameters = z.object({
  /**
   * 'rolling': the finite horizon T = tradingPeriod, started anew each time it is over; 'infinite':
   * the stationary reservation prices of section 2.3 for inventories up to maxInventory.
   */
  horizon: z.enum(['rolling', 'infinite']).default('rolling'),
})

/**
 * Quotes around the reservation price r = s - q gamma sigma^2 (T - t), with a spread of
 * gamma sigma^2 (T - t) + (2 / gamma) ln(1 + gamma / k): equations 29 and 30.
 */
export class AvellanedaStoikov extends MarketMakingStrategy.with(avellanedaStoikovParameters) {
  override calculateOptimalQuotes(
    inventory: number,
    volatility: number,
    timeRemaining: number,
  ): readonly [bid: number, ask: number] {
    const { riskAversion, maxInventory, inventoryTarget, horizon } = this.p
    const { mid } = this.book
    if (horizon === 'rolling') {
      const center = reservationPrice(mid, inventory, riskAversion, volatility, timeRemaining)
      const spread = optimalSpread(riskAversion, volatility, this.k, timeRemaining)
      return [center - spread / 2, center + spread / 2]
    }
    // Counted from the target, the inventory can stray further than the limit on the position.
    const most = maxInventory + Math.abs(inventoryTarget)
    const q = Math.max(-most, Math.min(most, inventory))
    const omega = infiniteHorizonDiscount(riskAversion, volatility, most)
    const margin = intensityMargin(riskAversion, this.k)
    return [
      infiniteHorizonReservationBid(mid, q, riskAversion, volatility, omega) - margin,
      infiniteHorizonReservationAsk(mid, q, riskAversion, volatility, omega) + margin,
    ]
  }
}
