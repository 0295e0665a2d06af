/**
 * Applies rows of levels to books in linear memory, until one that JavaScript has to see.
 *
 * AssemblyScript. `npm run kernels` compiles it into `src/book/level-rows.wasm.ts`. The addresses are
 * those of `src/book/level-memory.ts`, and the meaning of a row that of
 * `src/book/apply-events.kernel.ts` and `src/venue/no-partial-exchange.ts`, which do the same in
 * JavaScript for every row that is left to them: the two are held against each other by their tests.
 */

import { LOW, NO_KEY, WINDOW, WINDOW_MASK, nextBelow } from './ladder-window'

/** Bits of a row's code, see `src/market/events.ts`. */
const KIND_MASK = 0x0f
const SELL_SHIFT = 5
const BUY_BIT = 0x10
const SELL_BIT = 0x20
const EXCH_ONLY_BIT = 0x40
const LOCAL_ONLY_BIT = 0x80
const TRADE = 1
const DEPTH_SET = 2
const BBO = 7

/**
 * Of a book, from its address on. Int32 by side: best key, lowest key of the window, and behind it
 * how many keys that has, which are always as many.
 */
const BEST: usize = 0
const FLOOR: usize = 8
/** Int32: rows that were levels, and the last position of one, in the last pass. */
const APPLIED: usize = 24
const LAST: usize = 28
/** Int32 by side: the least key that meets an order of ours on the other side. */
const REACHED: usize = 32
/**
 * Int32: the queue model, see {@link frontAfter}, and {@link BY_LEVEL}; -1 to leave each level of
 * ours to JavaScript.
 */
const QUEUE: usize = 40
/** Int32: no buy below the one and no sell above the other can meet an order of ours. */
const TRADE_FROM: usize = 44
const TRADE_TO: usize = 48
/** Int32: 1 where the last pass stopped right behind a row that moved the best price of a side. */
const MOVED: usize = 52
/** Int32 by side: the row that told the ticker's best price last in the last pass, -1 for none. */
const TICKER: usize = 56
const LOTS: usize = 64
const TOUCHED: usize = LOTS + 2 * WINDOW * 8

/** Rows of a block. */
const ROWS: usize = 2048

/** Of our resting orders. */
const SLOTS: usize = 1024
const SLOT_BITS: i32 = 12
const SLOT_MASK: i32 = 4095
const RESTING: usize = 1024
const TICK: usize = SLOTS + 2 * 4096 * 4
const NEXT: usize = TICK + RESTING * 4
const FRONT: usize = NEXT + RESTING * 4
const TRADED: usize = FRONT + RESTING * 8
/** The next order at a level, where they stand by levels: TICK and NEXT are then of levels. */
const BEHIND: usize = TRADED + RESTING * 8
/** Of a level of ours: its oldest order, its side, whether JavaScript has to hear of it. */
const FIRST: usize = BEHIND + RESTING * 4
const SIDE: usize = FIRST + RESTING * 4
const MARKED: usize = SIDE + RESTING
/**
 * Changes of levels of ours that were put off: lots before, where the lots of the row stand, first
 * order of the slot.
 */
const CHANGES: usize = MARKED + RESTING
const CHANGE_BYTES: usize = 16
const CHANGED_FROM: usize = CHANGES
const CHANGED_AT: usize = CHANGES + 8
const CHANGED_OWN: usize = CHANGES + 12
/** Int32, in the kernel's own corner below all else: the end of the changes behind the last call. */
const CHANGED: usize = 512

/** Of a block of rows, from its address on. */
const ROW_LOTS: usize = 0
const ROW_TICK: usize = ROW_LOTS + ROWS * 8
const ROW_CODE: usize = ROW_TICK + ROWS * 4

/** QUEUE of exponent 3 and the first family, fair or not. */
const CUBES: i32 = 7
const MODEL_MASK: i32 = 31
/** QUEUE where our orders stand by levels, whose slots do not tell sides apart. */
const BY_LEVEL: i32 = 32

/** The place in the queue by any model that is not written out here. */
@external("queue", "front")
declare function askedFront(front: f64, traded: f64, before: f64, after: f64): f64

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

function power(x: f64, n: i32): f64 {
  return n == 3 ? x * x * x : n == 2 ? x * x : x
}

/** The share of an unexplained decrease that stood behind us, see `src/venue/queue-model.ts`. */
function shareBehind(family: i32, n: i32, front: f64, back: f64): f64 {
  if (family == 1) {
    if (front == 0 && back > 0) return 1
    if (back == 0 && front > 0) return 0
    const behind = power(back, n)
    return behind / (behind + power(front, n))
  }
  if (family == 2) return power(back, n) / power(back + front, n)
  return 1 - power(front / (front + back), n)
}

/** `QueueModel.frontAfterChange`; QUEUE holds exponent | family << 2 | fair << 4, 0 to ask. */
function frontAfter(queue: i32, front: f64, traded: f64, before: f64, after: f64): f64 {
  if (queue == 0) return askedFront(front, traded, before, after)
  const decrease = before - after - traded
  if (decrease < 0) return min(front, after)
  const back = (queue & 16) != 0 ? before - traded - front : before - front
  const share = shareBehind((queue >> 2) & 3, queue & 3, front, back)
  if (share != share) return after
  const behind = abs(share) < Infinity ? share : 1
  const estimate = front - (1 - behind) * decrease + min(back - behind * decrease, 0)
  return min(estimate, after)
}

/**
 * As {@link frontAfter} for exponent 3 of the first family, without a branch that only the data
 * decide; NaN where the share is none.
 */
@inline
function frontAfterCubes(isFair: bool, front: f64, traded: f64, before: f64, after: f64): f64 {
  const decrease = before - after - traded
  const back = isFair ? before - traded - front : before - front
  const behindCubed = back * back * back
  const behind = behindCubed / (behindCubed + front * front * front)
  const estimate = f64x2.add(
    f64x2.splat(front - (1 - behind) * decrease),
    f64x2.pmin(f64x2.splat(0), f64x2.splat(back - behind * decrease)),
  )
  const grows = f64x2.lt(f64x2.splat(decrease), f64x2.splat(0))
  const moved = v128.bitselect(f64x2.splat(front), estimate, grows)
  const least = f64x2.pmin(f64x2.splat(after), moved)
  return behind - behind == 0 ? f64x2.extract_lane(least, 0) : NaN
}

/** Where a change of a level leaves an order of ours. */
@inline
function movedFront(model: i32, front: f64, traded: f64, before: f64, after: f64): f64 {
  if ((model & 15) == CUBES) {
    const moved = frontAfterCubes((model & 16) != 0, front, traded, before, after)
    if (moved == moved) return moved
  }
  return frontAfter(model, front, traded, before, after)
}

/** Moves our orders at a price in their queue. */
@inline
function moveQueues(first: i32, tick: i32, model: i32, before: f64, after: f64): void {
  for (let row = first; row >= 0; row = load<i32>(<usize>row << 2, NEXT)) {
    if (load<i32>(<usize>row << 2, TICK) != tick) continue
    const at = <usize>row << 3
    const ahead = load<f64>(at, FRONT)
    const traded = load<f64>(at, TRADED)
    if (model == 0 && traded == 0) {
      // A level that grows does so behind us, and the head of the queue has nobody before it.
      if (after > before ? ahead <= after : ahead == 0) continue
    }
    store<f64>(at, movedFront(model, ahead, traded, before, after), FRONT)
    store<f64>(at, 0, TRADED)
  }
}

/** Moves our orders at a level in the queue that they share: none gets before an older one. */
@inline
function moveLevel(level: i32, model: i32, before: f64, after: f64): void {
  let least: f64 = 0
  let row = load<i32>(<usize>level << 2, FIRST)
  for (; row >= 0; row = load<i32>(<usize>row << 2, BEHIND)) {
    const at = <usize>row << 3
    const front = load<f64>(at, FRONT)
    least = max(least, movedFront(model, front, load<f64>(at, TRADED), before, after))
    store<f64>(at, least, FRONT)
    store<f64>(at, 0, TRADED)
  }
}

/** Moves our orders by the changes of levels that were put off, in their order. */
function moveByChanges(rows: usize, end: usize, queue: i32): void {
  const model = queue & MODEL_MASK
  for (let change: usize = 0; change < end; change += CHANGE_BYTES) {
    const own = load<i32>(change, CHANGED_OWN)
    const before = load<f64>(change, CHANGED_FROM)
    const lotsAt = <usize>load<i32>(change, CHANGED_AT)
    const after = load<f64>(lotsAt, ROW_LOTS)
    if ((queue & BY_LEVEL) != 0) moveLevel(own, model, before, after)
    else {
      const tick = load<i32>(rows + ((lotsAt - rows) >> 1), ROW_TICK)
      moveQueues(own, tick, model, before, after)
    }
  }
}

/** The level of ours at a key, from the first of its slot on; below 0 where there is none. */
@inline
function levelAt(first: i32, side: i32, key: i32): i32 {
  let level = first
  while (level >= 0) {
    const isIt = load<i32>(<usize>level << 2, TICK) == key
    if (isIt && <i32>load<u8>(<usize>level, SIDE) == side) break
    level = load<i32>(<usize>level << 2, NEXT)
  }
  return level
}

/** The slot of a price; those of levels serve both sides, since levels say of which side they are. */
@inline
function slotOf(side: i32, tick: i32, isByLevel: bool): usize {
  return isByLevel ? <usize>(tick & SLOT_MASK) : <usize>((side << SLOT_BITS) | (tick & SLOT_MASK))
}

/**
 * Lets a trade pass the only order at its price, which stands first on side `side`. False, and
 * nothing done, where that would fill it, or where there are others.
 */
@inline
function passTrade(side: i32, tick: i32, lots: f64, isByLevel: bool): bool {
  let own = load<i32>(slotOf(side, tick, isByLevel) << 2, SLOTS)
  if (isByLevel) own = levelAt(own, side, tick ^ -side)
  if (own < 0) return false
  if (isByLevel) own = load<i32>(<usize>own << 2, FIRST)
  const behind = isByLevel ? load<i32>(<usize>own << 2, BEHIND) : load<i32>(<usize>own << 2, NEXT)
  if (behind >= 0) return false
  const at = <usize>own << 3
  const front = load<f64>(at, FRONT) - lots
  // The place is an estimate between whole lots: beyond half a lot counts as passed.
  if (!(front > -0.5)) return false
  store<f64>(at, isByLevel ? max(front, 0) : front, FRONT)
  store<f64>(at, load<f64>(at, TRADED) + lots, TRADED)
  return true
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
    let own = load<i32>(slotOf(side, tick, isByLevel) << 2, SLOTS)
    if (isByLevel && own >= 0) {
      own = levelAt(own, side, key)
      if (own >= 0 && load<u8>(<usize>own, MARKED) != 0) break
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
      let own = load<i32>(slotOf(side, tick, isByLevel) << 2, SLOTS)
      if (isByLevel && own >= 0) {
        if (queue < 0) break
        own = levelAt(own, side, key)
        if (own >= 0 && load<u8>(<usize>own, MARKED) != 0) break
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
        moveByChanges(rows, change, queue)
        change = 0
        if (tick > buyFrom || (isByLevel && queue < 0) || !passTrade(1, tick, lots, isByLevel)) break
      } else if (aggressor == SELL_BIT) {
        if (tick > sellTo) continue
        moveByChanges(rows, change, queue)
        change = 0
        if (tick < sellTo || (isByLevel && queue < 0) || !passTrade(0, tick, lots, isByLevel)) break
      } else if (tick >= buyFrom || tick <= sellTo) break
    } else if (kind < LOCAL_ONLY_BIT && kind != BBO) break
  }
  moveByChanges(rows, change, queue)
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
