/**
 * What the market did, independent of any strategy: replayed from the tape after the run, so that
 * the run itself never pays for it.
 */
import {
  LevelMemory,
  NO_ASK,
  NO_BID,
  OrderBookManager,
  type BookView,
  type CompiledBook,
  type Ladder,
} from '../book/index.ts'
import {
  firstRowAfter,
  rowContent,
  type EventColumns,
  type EventTape,
  type EventWindows,
  type Instrument,
} from '../market/index.ts'
import type { LocalBookKind } from '../feed/index.ts'
import { Column } from './column.ts'
import type { DepthGrid, MidColumns } from './run-record.ts'

/** A stretch of a tape: rows are replayed from the start, kept from `fromTime` to `toTime`. */
export interface Stretch {
  readonly tape: EventTape
  readonly instrument: Instrument
  readonly localBook: LocalBookKind
  readonly fromTime: number
  readonly toTime: number
}

/** Returns the mid of the local book at each of its changes, starting with its value at `fromTime`. */
export function midHistory(stretch: Stretch): MidColumns {
  const history = new MidHistory(stretch)
  const windows = stretch.tape.local()
  for (
    let events = windows.next();
    events !== undefined && events.localTime[0]! <= stretch.toTime;
    events = windows.next()
  ) {
    history.add(events)
  }
  windows.close()
  return history.finish()
}

/** A book, and the memory in which it is kept where it is one of plain levels. */
interface HistoryBook {
  readonly book: BookView
  readonly memory: CompiledBook | undefined
}

/** An empty book of its own, for a tape that begins with these rows: the run's has gone on. */
function bookFor(
  { instrument, localBook }: Stretch,
  events: EventColumns | undefined,
): HistoryBook {
  const books = new OrderBookManager()
  if (localBook === 'fused') return { book: books.addFused(instrument).book, memory: undefined }
  const isOfOrders = events !== undefined && rowContent(events, 0, events.length) === 'orders'
  if (isOfOrders)
    return { book: books.addL3(instrument, { rowsAreFinal: true }).book, memory: undefined }
  const memory = new LevelMemory().local
  return { book: books.add(instrument, { compiled: memory }).book, memory }
}

/** Collects the mids of successive windows. */
class MidHistory {
  readonly #stretch: Stretch
  #kept: HistoryBook | undefined
  readonly #time = new Column()
  readonly #mid = new Column()
  /** Sum of the best ticks at the last change. */
  #last = Number.NaN

  constructor(stretch: Stretch) {
    this.#stretch = stretch
  }

  add(events: EventColumns): void {
    const { book, memory } = (this.#kept ??= bookFor(this.#stretch, events))
    const { length, localTime } = events
    const range = { from: 0, length }
    const end = firstRowAfter(localTime, undefined, range, this.#stretch.toTime)
    if (memory === undefined) this.#addGroups(book, events, end)
    else this.#addLevels(book, memory, events, end)
  }

  /** Rows that reached us together are one change. */
  #addGroups(book: BookView, events: EventColumns, end: number): void {
    const { localTime } = events
    for (let from = 0; from < end;) {
      const to = endOfGroup(events, from + 1, end)
      book.apply(events, from, to)
      this.#note(book.ladder, localTime[to - 1]!)
      from = to
    }
  }

  /** As {@link #addGroups}, from one move of a best price to the next. */
  #addLevels(book: BookView, memory: CompiledBook, events: EventColumns, end: number): void {
    for (let row = 0; row < end;) {
      row = memory.applyUntilMove(events, row, end)
      const isLeft = !memory.hasMoved && row < end && row !== memory.end
      if (!memory.hasMoved && !isLeft) continue
      const to = endOfGroup(events, isLeft ? row + 1 : row, end)
      book.apply(events, row, to)
      row = to
      this.#note(book.ladder, events.localTime[row - 1]!)
    }
  }

  #note({ bestBidTick: bid, bestAskTick: ask }: Ladder, time: number): void {
    if (bid + ask === this.#last || bid === NO_BID || ask === NO_ASK) return
    this.#last = bid + ask
    const { instrument, fromTime } = this.#stretch
    if (time <= fromTime) this.#time.clear()
    if (time <= fromTime) this.#mid.clear()
    this.#time.push(time)
    this.#mid.push((instrument.price(bid) + instrument.price(ask)) / 2)
  }

  finish(): MidColumns {
    const time = this.#time.values.slice()
    // The mid at the start holds from there on, whenever it came to be.
    if (time[0]! < this.#stretch.fromTime) time[0] = this.#stretch.fromTime
    return { length: time.length, time, mid: this.#mid.values.slice() }
  }
}

/** The row behind those that reached us together with the one before `from`. */
function endOfGroup({ localTime }: EventColumns, from: number, end: number): number {
  let to = from
  while (to < end && localTime[to] === localTime[to - 1]) to++
  return to
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
  const book = new ReplayedBook(stretch)
  for (let column = 0; column < size.times; column++) {
    drawColumn(book.at(time[column]!), cells.subarray(column * prices, (column + 1) * prices), {
      firstTick,
      binTicks,
      instrument,
    })
  }
  book.close()
  return {
    times: size.times,
    prices,
    time,
    priceFirst: instrument.price(firstTick),
    priceStep: tickSize * binTicks,
    size: cells,
  }
}

/** The local book along a tape. */
class ReplayedBook {
  readonly #book: BookView
  readonly #windows: EventWindows
  #events: EventColumns | undefined
  #row = 0

  constructor(stretch: Stretch) {
    this.#windows = stretch.tape.local()
    this.#events = this.#windows.next()
    this.#book = bookFor(stretch, this.#events).book
  }

  /** Returns the levels with all rows up to `time`, which must not go back. */
  at(time: number): Ladder {
    while (this.#events !== undefined) {
      const events = this.#events
      const { localTime, length } = events
      const from = this.#row
      const to = firstRowAfter(localTime, undefined, { from, length }, time)
      this.#book.apply(events, from, to)
      this.#row = to
      if (to < length) break
      this.#events = this.#windows.next()
      this.#row = 0
    }
    return this.#book.ladder
  }

  close(): void {
    this.#windows.close()
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
