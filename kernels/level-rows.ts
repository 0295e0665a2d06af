/**
 * Applies rows of levels to books in linear memory, until one that JavaScript has to see.
 *
 * AssemblyScript. `npm run kernels` compiles it into `src/book/level-rows.wasm.ts`. The addresses are
 * those of `src/book/level-memory.ts`, and the meaning of a row that of
 * `src/book/apply-events.kernel.ts` and `src/venue/no-partial-exchange.ts`, which do the same in
 * JavaScript for every row that is left to them: the two are held against each other by their tests.
 */

import { LOW, NO_KEY, WINDOW, WINDOW_MASK, nextBelow } from './ladder-window'
import {
  APPLIED,
  BBO,
  BEST,
  BUY_BIT,
  CHANGED,
  CHANGED_AT,
  CHANGED_FROM,
  CHANGED_OWN,
  CHANGE_BYTES,
  DEPTH_SET,
  EXCH_ONLY_BIT,
  FLOOR,
  KIND_MASK,
  LAST,
  LOCAL_ONLY_BIT,
  LOTS,
  MARKED,
  MOVED,
  QUEUE,
  REACHED,
  ROW_CODE,
  ROW_LOTS,
  ROW_TICK,
  SELL_BIT,
  SELL_SHIFT,
  TICKER,
  TOUCHED,
  TRADE,
  TRADE_FROM,
  TRADE_TO,
} from './level-layout'
import { BY_LEVEL, firstInSlot, levelAt, moveByChanges, passTrade } from './own-queues'

export { moveLevels, moveOrders } from './own-queues'

/** Where a side has a key among its lots, in places of lots. */
@inline
function placeOf(side: i32, key: i32): usize {
  return (<usize>side * WINDOW) | (key & WINDOW_MASK)
}

/**
 * Sets a level that stands at `place`. Returns false, and does nothing, where more than the window is
 * asked for.
 */
@inline
function setLevel(book: usize, side: i32, key: i32, place: usize, lots: f64): bool {
  const word = book + (<usize>side << 2)
  const floor = load<i32>(word, FLOOR)
  if (<u32>(key - floor) >= <u32>WINDOW || !(lots >= 0)) return false
  const best = load<i32>(word, BEST)
  if (key >= best) {
    if (lots > 0) store<i32>(word, key, BEST)
    else if (key == best) {
      const lotsOfSide = book + LOTS + (<usize>side * WINDOW << 3)
      const touched = book + TOUCHED + <usize>side * (WINDOW >> 4)
      const next = nextBelow(lotsOfSide, touched, key, floor)
      if (next == NO_KEY || next - floor < LOW) return false
      store<i32>(word, next, BEST)
    }
  }
  store<f64>(book + (place << 3), lots, LOTS)
  store<u8>(book + (place >> 4), 1, TOUCHED)
  return true
}

/**
 * Applies rows as long as they are the commonest: trades, which do nothing, and levels within the
 * window that leave a best price where it is, or with `stops` unset better it. Returns the first
 * other row, or `to`; APPLIED and LAST go on.
 *
 * It calls nothing: around calls, what a loop needs would be kept in memory.
 */
@inline
function applyCommon(
  book: usize,
  rows: usize,
  from: i32,
  to: i32,
  hidden: i32,
  stops: bool,
): i32 {
  let applied = load<i32>(book, APPLIED)
  let last = load<i32>(book, LAST)
  // Places of the row in each column: they cost less to move on than an index costs to scale.
  let codeAt = rows + <usize>from
  let tickAt = rows + (<usize>from << 2)
  let lotsAt = rows + (<usize>from << 3)
  const end = rows + <usize>to
  for (; codeAt < end; codeAt++, tickAt += 4, lotsAt += 8) {
    const code = <i32>load<u8>(codeAt, ROW_CODE)
    if ((code & (KIND_MASK | hidden)) != DEPTH_SET) {
      if ((code & hidden) != 0 || (code & KIND_MASK) < DEPTH_SET) continue
      break
    }
    const side = (code >> SELL_SHIFT) & 1
    const word = book + (<usize>side << 2)
    const key = load<i32>(tickAt, ROW_TICK) ^ -side
    if (<u32>(key - load<i32>(word, FLOOR)) >= <u32>WINDOW) break
    const lots = load<f64>(lotsAt, ROW_LOTS)
    if (!(lots >= 0)) break
    if (key >= load<i32>(word, BEST)) {
      if (stops || !(lots > 0)) break
      store<i32>(word, key, BEST)
    }
    const place = placeOf(side, key)
    store<f64>(book + (place << 3), lots, LOTS)
    store<u8>(book + (place >> 4), 1, TOUCHED)
    applied++
    last = <i32>codeAt
  }
  store<i32>(book, applied, APPLIED)
  store<i32>(book, last, LAST)
  return <i32>(codeAt - rows)
}

/** {@link applyCommon} without stops; exported lest it be inlined. */
export function passLevels(book: usize, rows: usize, from: i32, to: i32, hidden: i32): i32 {
  return applyCommon(book, rows, from, to, hidden, false)
}

/** {@link applyCommon} with stops; exported lest it be inlined. */
export function passBelowBest(book: usize, rows: usize, from: i32, to: i32, hidden: i32): i32 {
  return applyCommon(book, rows, from, to, hidden, true)
}

/**
 * Applies the rows of the block in [from, to) to a book, passing over those that carry `hidden` and
 * noting which told the ticker's best prices last; with `stops` until one has moved the best price of
 * a side, which MOVED tells. Returns the first that is left to JavaScript, or the one behind that
 * which moved it; else `to`.
 */
@inline
function apply(book: usize, rows: usize, from: i32, to: i32, hidden: i32, stops: bool): i32 {
  store<i32>(book, 0, APPLIED)
  store<i32>(book, <i32>rows - 1, LAST)
  store<i32>(book, 0, MOVED)
  store<i64>(book, -1, TICKER)
  let row = from
  for (; ; row++) {
    row = stops
      ? passBelowBest(book, rows, row, to, hidden)
      : passLevels(book, rows, row, to, hidden)
    if (row >= to) break
    const code = <i32>load<u8>(rows + <usize>row, ROW_CODE)
    const kind = code & KIND_MASK
    const side = (code >> SELL_SHIFT) & 1
    const word = book + (<usize>side << 2)
    if (kind == DEPTH_SET) {
      const key = load<i32>(rows + (<usize>row << 2), ROW_TICK) ^ -side
      const lots = load<f64>(rows + (<usize>row << 3), ROW_LOTS)
      const best = load<i32>(word, BEST)
      if (!setLevel(book, side, key, placeOf(side, key), lots)) break
      store<i32>(book, load<i32>(book, APPLIED) + 1, APPLIED)
      store<i32>(book, <i32>rows + row, LAST)
      if (stops && load<i32>(word, BEST) != best) {
        store<i32>(book, 1, MOVED)
        row++
        break
      }
    } else if (kind == BBO) store<i32>(word, row, TICKER)
    else break
  }
  store<i32>(book, load<i32>(book, LAST) - <i32>rows, LAST)
  return row
}

/** Applies rows, see {@link apply}. */
export function applyLevels(book: usize, rows: usize, from: i32, to: i32, hidden: i32): i32 {
  return apply(book, rows, from, to, hidden, false)
}

/** Applies rows as we see them until one has moved a best price, see {@link apply}. */
export function applyUntilMove(book: usize, rows: usize, from: i32, to: i32): i32 {
  return apply(book, rows, from, to, EXCH_ONLY_BIT, true)
}

/**
 * Applies rows as long as they are the commonest: levels within the window that meet none of our
 * orders and leave a best price where it is or better it. Notes what they change at levels of ours
 * behind `change`, and the end of that in CHANGED. Returns the first other row, or `to`.
 *
 * It calls nothing: around calls, what a loop needs would be kept in memory.
 */
@inline
function passCommon(
  book: usize,
  rows: usize,
  from: i32,
  to: i32,
  change: usize,
  isByLevel: bool,
): i32 {
  // Places of the row in each column: they cost less to move on than an index costs to scale.
  let codeAt = rows + <usize>from
  let tickAt = rows + (<usize>from << 2)
  let lotsAt = rows + (<usize>from << 3)
  const end = rows + <usize>to
  for (; codeAt < end; codeAt++, tickAt += 4, lotsAt += 8) {
    const code = <i32>load<u8>(codeAt, ROW_CODE)
    if ((code & (KIND_MASK | LOCAL_ONLY_BIT)) != DEPTH_SET) break
    const side = (code >> SELL_SHIFT) & 1
    const word = book + (<usize>side << 2)
    const tick = load<i32>(tickAt, ROW_TICK)
    const key = tick ^ -side
    if (key >= load<i32>(word, REACHED)) break
    if (<u32>(key - load<i32>(word, FLOOR)) >= <u32>WINDOW) break
    const lots = load<f64>(lotsAt, ROW_LOTS)
    if (!(lots >= 0)) break
    let own = firstInSlot(book, side, tick, isByLevel)
    if (isByLevel && own >= 0) {
      own = levelAt(book, own, side, key)
      if (own >= 0 && load<u8>(book + <usize>own, MARKED) != 0) break
    }
    if (key >= load<i32>(word, BEST)) {
      if (!(lots > 0)) break
      store<i32>(word, key, BEST)
    }
    const place = placeOf(side, key)
    const at = book + (place << 3)
    store<f64>(change, load<f64>(at, LOTS), CHANGED_FROM)
    store<f64>(at, lots, LOTS)
    store<u8>(book + (place >> 4), 1, TOUCHED)
    store<i32>(change, <i32>lotsAt, CHANGED_AT)
    store<i32>(change, own, CHANGED_OWN)
    // Where it is none of ours, the next one takes its place.
    change += (~own >> 31) & CHANGE_BYTES
  }
  store<i32>(0, <i32>change, CHANGED)
  return <i32>(codeAt - rows)
}

/** {@link passCommon} where our orders stand by themselves; exported lest it be inlined. */
export function passByOrder(book: usize, rows: usize, from: i32, to: i32, change: usize): i32 {
  return passCommon(book, rows, from, to, change, false)
}

/** {@link passCommon} where they stand by levels; exported lest it be inlined. */
export function passByLevel(book: usize, rows: usize, from: i32, to: i32, change: usize): i32 {
  return passCommon(book, rows, from, to, change, true)
}

/** {@link passResting}, by orders or by levels. */
@inline
function pass(book: usize, rows: usize, from: i32, to: i32, isByLevel: bool): i32 {
  const queue = load<i32>(book, QUEUE)
  const buyFrom = load<i32>(book, TRADE_FROM)
  const sellTo = load<i32>(book, TRADE_TO)
  let change: usize = 0
  let row = from
  for (; ; row++) {
    if (!isByLevel || queue >= 0) {
      row = isByLevel
        ? passByLevel(book, rows, row, to, change)
        : passByOrder(book, rows, row, to, change)
      change = <usize>load<i32>(0, CHANGED)
    }
    if (row >= to) break
    const code = <i32>load<u8>(rows + <usize>row, ROW_CODE)
    const kind = code & (KIND_MASK | LOCAL_ONLY_BIT)
    const tick = load<i32>(rows + (<usize>row << 2), ROW_TICK)
    const lotsAt = rows + (<usize>row << 3)
    const lots = load<f64>(lotsAt, ROW_LOTS)
    if (kind == DEPTH_SET) {
      const side = (code >> SELL_SHIFT) & 1
      const key = tick ^ -side
      if (key >= load<i32>(book + (<usize>side << 2), REACHED) && lots > 0) break
      let own = firstInSlot(book, side, tick, isByLevel)
      if (isByLevel && own >= 0) {
        if (queue < 0) break
        own = levelAt(book, own, side, key)
        if (own >= 0 && load<u8>(book + <usize>own, MARKED) != 0) break
      }
      const place = placeOf(side, key)
      const before = load<f64>(book + (place << 3), LOTS)
      if (!setLevel(book, side, key, place, lots)) break
      if (own < 0) continue
      store<f64>(change, before, CHANGED_FROM)
      store<i32>(change, <i32>lotsAt, CHANGED_AT)
      store<i32>(change, own, CHANGED_OWN)
      change += CHANGE_BYTES
    } else if (kind == TRADE) {
      const aggressor = code & (BUY_BIT | SELL_BIT)
      if (aggressor == BUY_BIT) {
        if (tick < buyFrom) continue
        moveByChanges(book, rows, change, queue)
        change = 0
        if (tick > buyFrom || (isByLevel && queue < 0) || !passTrade(book, 1, tick, lots, isByLevel)) break
      } else if (aggressor == SELL_BIT) {
        if (tick > sellTo) continue
        moveByChanges(book, rows, change, queue)
        change = 0
        if (tick < sellTo || (isByLevel && queue < 0) || !passTrade(book, 0, tick, lots, isByLevel)) break
      } else if (tick >= buyFrom || tick <= sellTo) break
    } else if (kind < LOCAL_ONLY_BIT && kind != BBO) break
  }
  moveByChanges(book, rows, change, queue)
  return row
}

/**
 * Applies the rows of the block in [from, to) to the book of an exchange at which orders of ours
 * rest, and moves these in their queues. Returns the first row that is left to JavaScript, one that
 * may fill an order or is no level; else `to`.
 *
 * What a change of a level does to our orders is put off to the end, or to the next trade that they
 * may meet: no processor foresees which rows touch a level of ours.
 */
export function passResting(book: usize, rows: usize, from: i32, to: i32): i32 {
  return (load<i32>(book, QUEUE) & BY_LEVEL) != 0
    ? pass(book, rows, from, to, true)
    : pass(book, rows, from, to, false)
}
