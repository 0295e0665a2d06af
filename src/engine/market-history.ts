/**
 * What the market did, independent of any strategy: replayed from the tape after the run, so that
 * the run itself never pays for it.
 */
import { Ladder, NO_ASK, NO_BID, OrderBook } from '../book/index.ts'
import type { EventColumns, Instrument } from '../market/index.ts'
import type { DepthGrid, MidColumns } from './run-record.ts'

/** A stretch of a tape: rows are replayed from the start, kept from `fromTime` to `toTime`. */
export interface Stretch {
  readonly events: EventColumns
  readonly instrument: Instrument
  readonly fromTime: number
  readonly toTime: number
}

/** Calls `visit` after each group of rows that reached us together, book applied. */
function replay(stretch: Stretch, visit: (ladder: Ladder, time: number) => void): void {
  const { events, instrument, toTime } = stretch
  const { localTime, length } = events
  const book = new OrderBook(instrument)
  for (let from = 0; from < length && localTime[from]! <= toTime;) {
    const time = localTime[from]!
    let to = from + 1
    while (to < length && localTime[to] === time) to++
    book.apply(events, from, to)
    visit(book.ladder, time)
    from = to
  }
}

/** Returns the mid of the local book at each of its changes, starting with its value at `fromTime`. */
export function midHistory(stretch: Stretch): MidColumns {
  const { instrument, fromTime } = stretch
  const times: number[] = []
  const mids: number[] = []
  let last = Number.NaN
  replay(stretch, (ladder, time) => {
    const bid = ladder.bestBidTick
    const ask = ladder.bestAskTick
    if (bid === NO_BID || ask === NO_ASK) return
    const doubled = bid + ask
    if (doubled === last) return
    last = doubled
    const mid = (instrument.price(bid) + instrument.price(ask)) / 2
    if (time <= fromTime && times.length > 0) {
      times[0] = time
      mids[0] = mid
    } else {
      times.push(time)
      mids.push(mid)
    }
  })
  return { length: times.length, time: Float64Array.from(times), mid: Float64Array.from(mids) }
}

/** Size of a heatmap. */
export interface DepthGridSize {
  readonly times: number
  readonly prices: number
}

/** Returns the depth around the traded range on a grid; undefined when nothing was ever quoted. */
export function depthGrid(
  stretch: Stretch,
  mids: MidColumns,
  size: DepthGridSize,
): DepthGrid | undefined {
  if (mids.length === 0 || stretch.toTime <= stretch.fromTime) return undefined
  const { instrument, fromTime, toTime } = stretch
  const tickSize = instrument.tickSize
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const mid of mids.mid) {
    if (mid < low) low = mid
    if (mid > high) high = mid
  }
  // A quarter of the range beyond it on either side, and never less than ten ticks.
  const margin = Math.max((high - low) / 4, 10 * tickSize)
  const firstTick = Math.floor((low - margin) / tickSize)
  const lastTick = Math.ceil((high + margin) / tickSize)
  const binTicks = Math.max(1, Math.ceil((lastTick - firstTick + 1) / size.prices))
  const prices = Math.ceil((lastTick - firstTick + 1) / binTicks)
  const interval = (toTime - fromTime) / size.times
  const cells = new Float32Array(size.times * prices)
  const time = Float64Array.from({ length: size.times }, (_, i) => fromTime + i * interval)
  let column = 0
  const ladderAt: { current: Ladder | undefined } = { current: undefined }
  const draw = (): void => {
    if (ladderAt.current !== undefined) {
      drawColumn(ladderAt.current, cells.subarray(column * prices, (column + 1) * prices), {
        firstTick,
        binTicks,
        instrument,
      })
    }
    column++
  }
  replay(stretch, (ladder, now) => {
    // Columns show the book as it stood at their time, so they are drawn by the last group before.
    ladderAt.current = ladder
    while (column < size.times && time[column]! <= now) draw()
  })
  while (column < size.times) draw()
  return {
    times: size.times,
    prices,
    time,
    priceFirst: instrument.price(firstTick),
    priceStep: tickSize * binTicks,
    size: cells,
  }
}

interface Bins {
  readonly firstTick: number
  readonly binTicks: number
  readonly instrument: Instrument
}

function drawColumn(ladder: Ladder, cells: Float32Array, bins: Bins): void {
  const { firstTick, binTicks, instrument } = bins
  const lastTick = firstTick + cells.length * binTicks - 1
  for (
    let tick = ladder.bestBidTick;
    tick !== NO_BID && tick >= firstTick;
    tick = ladder.nextBidBelow(tick)
  ) {
    if (tick > lastTick) continue
    cells[Math.floor((tick - firstTick) / binTicks)]! += instrument.size(ladder.bidLotsAt(tick))
  }
  for (
    let tick = ladder.bestAskTick;
    tick !== NO_ASK && tick <= lastTick;
    tick = ladder.nextAskAbove(tick)
  ) {
    if (tick < firstTick) continue
    cells[Math.floor((tick - firstTick) / binTicks)]! -= instrument.size(ladder.askLotsAt(tick))
  }
}
