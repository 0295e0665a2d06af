/**
 * How fast one L2 book is replayed: event columns in, best prices maintained, looked at after every
 * 200 rows as a strategy that wakes up does.
 */
import { BookState, LevelMemory, applyEvents } from 'lobtrader/book'
import { Prng } from 'lobtrader/core'
import {
  BUY_BIT,
  EventKind,
  EventWriter,
  eventCode,
  type EventColumns,
  type Side,
} from 'lobtrader/market'
import { HighPrecisionClock } from 'lobtrader/time'

const UPDATES = 6_000_000
const ROWS_BETWEEN_LOOKS = 200
/** Mean distance of an update from the touch, in ticks. */
const MEAN_DISTANCE = 30
/** Chance that an update of a level that exists removes it. */
const REMOVAL = 0.45
const START_TICK = 650_000

/** Makes a market whose middle walks at random and whose book is never crossed. */
function generate(random: Prng): { readonly events: EventColumns; readonly removals: number } {
  const writer = new EventWriter(0n, UPDATES + 2)
  const held = new Map<number, Side>()
  let middle = START_TICK
  let removals = 0
  let time = 0
  const push = (side: Side, tick: number, lots: number): void => {
    time += 1 + random.nextInt(20_000)
    writer.push(time + 500_000, time, eventCode(EventKind.DepthSet, side), tick, lots)
    if (lots === 0) {
      held.delete(tick)
      removals++
    } else {
      held.set(tick, side)
    }
  }
  while (writer.length < UPDATES) {
    // The middle steps every thirty updates or so and takes the level that it meets with it.
    if (random.nextInt(30) === 0) {
      middle += random.nextInt(2) === 0 ? 1 : -1
      const met = held.get(middle)
      if (met !== undefined) push(met, middle, 0)
    }
    const side = random.nextInt(2) === 0 ? 1 : -1
    const tick = middle - side * (1 + Math.floor(random.nextExponential(MEAN_DISTANCE)))
    const isRemoval = held.has(tick) && random.next() < REMOVAL
    push(side, tick, isRemoval ? 0 : 1 + random.nextInt(5000))
  }
  return { events: writer.finish(), removals }
}

/** The last book lives on: V8 drops compiled code with the last object of a shape. */
let kept: BookState | undefined

/** Replays every row into a new book and returns updates per second. */
function replay(events: EventColumns, rows: number): number {
  const state = new BookState({ compiled: new LevelMemory().local })
  kept = state
  let crossed = 0
  const begin = HighPrecisionClock.nowNs()
  for (let from = 0; from < rows; from += ROWS_BETWEEN_LOOKS) {
    applyEvents(state, events, from, Math.min(rows, from + ROWS_BETWEEN_LOOKS))
    if (state.ladder.bestBidTick >= state.ladder.bestAskTick) crossed++
  }
  const seconds = Number(HighPrecisionClock.nowNs() - begin) / 1e9
  if (crossed > 0 || kept.version !== rows) {
    throw new Error(`replayed ${state.version} of ${rows} updates, ${crossed} times crossed`)
  }
  return rows / seconds
}

/**
 * The same replay through the book that one writes first: a `Map` of levels a side, the best price
 * found again by looking from tick to tick when it goes.
 */
function replayMaps(events: EventColumns, rows: number): number {
  const { code, tick, lots } = events
  const bids = new Map<number, number>()
  const asks = new Map<number, number>()
  let bestBid = -1
  let bestAsk = Number.POSITIVE_INFINITY
  let crossed = 0
  const begin = HighPrecisionClock.nowNs()
  for (let i = 0; i < rows; i++) {
    const t = tick[i]!
    const isBid = (code[i]! & BUY_BIT) !== 0
    const side = isBid ? bids : asks
    if (lots[i]! > 0) {
      side.set(t, lots[i]!)
      if (isBid && t > bestBid) bestBid = t
      if (!isBid && t < bestAsk) bestAsk = t
    } else {
      side.delete(t)
      if (isBid && t === bestBid) {
        if (bids.size === 0) bestBid = -1
        else while (!bids.has(bestBid)) bestBid--
      } else if (!isBid && t === bestAsk) {
        if (asks.size === 0) bestAsk = Number.POSITIVE_INFINITY
        else while (!asks.has(bestAsk)) bestAsk++
      }
    }
    if (i % ROWS_BETWEEN_LOOKS === 0 && bestBid >= bestAsk) crossed++
  }
  const seconds = Number(HighPrecisionClock.nowNs() - begin) / 1e9
  if (crossed > 0) throw new Error(`the book of maps was crossed ${crossed} times`)
  return rows / seconds
}

/** Measures L2 updates per second of one book, from columns through the kernel that runs use. */
export async function l2Replay(): Promise<{
  name: 'l2-replay'
  unit: 'updates/s'
  note: string
  run: () => number
  against: { name: string; run: () => number }
}> {
  const { events, removals } = await Promise.resolve(generate(new Prng(1)))
  const rows = events.length
  const share = ((100 * removals) / rows).toFixed(0)
  // A second book shows the compiler what the first could not: how a book begins.
  for (let i = 0; i < 3; i++) replay(events, rows / 6)
  return {
    name: 'l2-replay',
    unit: 'updates/s',
    note: `${rows} L2 updates, ${share} % removals, mean distance ${MEAN_DISTANCE} ticks, one book`,
    run: () => replay(events, rows),
    against: { name: 'a Map of levels a side', run: () => replayMaps(events, rows) },
  }
}
