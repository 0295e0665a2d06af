/** Coarser bars from any feed. */
import { madeBars, type BarFeed } from '../csv-bars.ts'
import type { LobFeed } from '../lob-feed.ts'
import { TickFeed } from '../tick-feed.ts'
import { resampleBars, type ResampleOptions } from './resample-bars.ts'
import { SHORT_FRAMES, checkTimeframe, isShortFrame } from './timeframe.ts'

/**
 * Returns bars of a timeframe: of the trades of an order-book or tick feed with the touch of the book
 * as lines, or of finer bars.
 *
 * Bars of ticks cover [start, end), stand at their end, and are given out whole only, but for days
 * and more, whose last one is as far as the feed goes; short timeframes count from UTC midnight, or
 * with a calendar from the open. Bars of bars are those of {@link resampleBars}.
 *
 * @throws LobtraderError BAD_ARGUMENT for options that cannot be, TOO_FEW_ROWS when no bar is left
 */
export function resample(feed: LobFeed | TickFeed | BarFeed, options: ResampleOptions): BarFeed {
  const { timeframe, compression = 1, calendar } = options
  checkTimeframe(timeframe, compression)
  if (feed.kind === 'bars') return coarser(feed, options)
  const ticks = feed.kind === 'lob' ? TickFeed.of(feed) : feed
  if (timeframe === 'ticks') return ticks.bars({ by: 'trades', count: compression }, { calendar })
  if (isShortFrame(timeframe)) {
    return ticks.bars({ by: 'time', every: SHORT_FRAMES[timeframe] * compression }, { calendar })
  }
  const minutes = ticks.bars({ by: 'time', every: '1m' }, { calendar, keepLast: true })
  return coarser(minutes, { ...options, stamped: 'end' })
}

function coarser(feed: BarFeed, options: ResampleOptions): BarFeed {
  const bars = resampleBars(feed.bars, options)
  const { timeframe, compression = 1 } = options
  const source = `${feed.source}, resampled to ${compression} ${timeframe}`
  return madeBars(bars, source, feed.instrument)
}
