/**
 * How far from the physical limit a backtest is: over the tape of the grid job, a pass that only
 * reads its columns, and a replay of one bare book.
 */
import { BookState, LevelMemory, applyEvents } from 'lobtrader/book'
import type { EventColumns } from 'lobtrader/market'
import { HighPrecisionClock } from 'lobtrader/time'
import type { BenchCase, BenchPeer } from './bench-case.ts'
import { generateTape } from './generated-tape.ts'

const ROWS = 10_000_000
/** Rows between two looks, as those of a strategy that wakes every 100 ms. */
const ROWS_A_STEP = 200

function rate(events: EventColumns, work: () => void): number {
  const begin = HighPrecisionClock.nowNs()
  work()
  return events.length / (Number(HighPrecisionClock.nowNs() - begin) / 1e9)
}

/** Reads time, code, tick and lots of every row and adds them up. */
function sumOf({ localTime, code, tick, lots }: EventColumns, length: number): number {
  let sum = 0
  for (let i = 0; i < length; i++) sum += localTime[i]! + code[i]! + tick[i]! + lots[i]!
  return sum
}

function passOnce(events: EventColumns): number {
  let sum = 0
  const figure = rate(events, () => {
    sum = sumOf(events, events.length)
  })
  if (!(sum > 0)) throw new Error('the columns hold nothing')
  return figure
}

/** Shows the compiler the pass as a function, which it cannot leave halfway. */
function warmPass(events: EventColumns): void {
  for (let i = 0; i < 200; i++) sumOf(events, 10_000)
}

/** Replays every row into a new book, kept as the books of runs are; returns how often it crossed. */
function replay(events: EventColumns): number {
  const state = new BookState({ compiled: new LevelMemory().local })
  let crossed = 0
  for (let from = 0; from < events.length; from += ROWS_A_STEP) {
    applyEvents(state, events, from, Math.min(events.length, from + ROWS_A_STEP))
    if (state.ladder.bestBidTick >= state.ladder.bestAskTick) crossed++
  }
  return crossed
}

function replayOnce(events: EventColumns): number {
  let crossed = 0
  const figure = rate(events, () => {
    crossed = replay(events)
  })
  if (crossed > 0) throw new Error(`the generated book was crossed ${crossed} times`)
  return figure
}

const passPeer = (events: EventColumns): BenchPeer => ({
  name: 'a pass that only adds up four columns',
  run: () => passOnce(events),
})

/** Measures rows per second of the bare pass, the limit of everything that reads the columns. */
export function limitPass(): BenchCase {
  const { events } = generateTape(ROWS, 7)
  warmPass(events)
  return {
    name: 'limit-pass',
    unit: 'rows/s',
    note: `the sum of time, code, tick and lots over ${events.length} generated L2 events; 21 bytes a row`,
    run: () => passOnce(events),
    against: { name: 'one bare book over the same tape', run: () => replayOnce(events) },
  }
}

/** Measures updates per second of one bare book over the tape of the grid job. */
export function bookReplay(): BenchCase {
  const { events } = generateTape(ROWS, 7)
  warmPass(events)
  return {
    name: 'book-replay',
    unit: 'updates/s',
    note: `one bare book over ${events.length} generated L2 events, looked at every ${ROWS_A_STEP} rows`,
    run: () => replayOnce(events),
    against: passPeer(events),
  }
}
