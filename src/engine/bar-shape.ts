/** What bars tell of themselves: their grid of prices, their interval. */
import { decimalText, parseDecimal } from '../core/index.ts'
import { Instrument, type BarColumns } from '../market/index.ts'

/** An instrument whose price grid has as many decimals as the finest price of the bars. */
export function instrumentOfBars(bars: BarColumns): Instrument {
  let scale = 0
  for (const column of [bars.open, bars.high, bars.low, bars.close]) {
    for (let i = 0; i < bars.length; i++) {
      scale = Math.max(scale, parseDecimal(decimalText(column[i]!)).scale)
    }
  }
  const tickSize = scale === 0 ? '1' : `0.${'0'.repeat(scale - 1)}1`
  return new Instrument({
    venue: 'bars',
    symbol: bars.symbol,
    kind: 'equity',
    base: bars.symbol,
    quote: 'CASH',
    tickSize,
    lotSize: '0.0001',
  })
}

/** The commonest distance of two bars; the mean one where fewer than half have it. */
export function barInterval(bars: BarColumns): number {
  const counts = new Map<number, number>()
  for (let i = 1; i < bars.length; i++) {
    const distance = bars.time[i]! - bars.time[i - 1]!
    counts.set(distance, (counts.get(distance) ?? 0) + 1)
  }
  let best = 86_400e9
  let bestCount = 0
  for (const [distance, count] of counts) {
    if (distance > 0 && count > bestCount) {
      best = distance
      bestCount = count
    }
  }
  if (bestCount * 2 >= bars.length - 1) return best
  return Math.max(1, Math.round((bars.time[bars.length - 1]! - bars.time[0]!) / (bars.length - 1)))
}
