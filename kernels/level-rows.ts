/**
 * Applies rows of levels to books in linear memory, until one that JavaScript has to see.
 *
 * AssemblyScript. `npm run kernels` compiles it into `src/book/level-rows.wasm.ts`. The addresses are
 * those of `src/book/level-memory.ts`, and the meaning of a row that of
 * `src/book/apply-events.kernel.ts` and `src/venue/no-partial-exchange.ts`, which do the same in
 * JavaScript for every row that is left to them: the two are held against each other by their tests.
 */

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

/** Of a book, from its address on. Int32 by side: best key, lowest key of the window, keys in it. */
const BEST: usize = 0
const FLOOR: usize = 8
const SPAN: usize = 16
/** Int32: rows that were levels, and the last position of one, in the last pass. */
const APPLIED: usize = 24
const LAST: usize = 28
/** Int32 by side: the least key that meets an order of ours on the other side. */
const REACHED: usize = 32
/** Int32: the queue model, see {@link frontAfter}; -1 to leave each level of ours to JavaScript. */
const QUEUE: usize = 40
/** Int32: no buy below the one and no sell above the other can meet an order of ours. */
const TRADE_FROM: usize = 44
const TRADE_TO: usize = 48
/** Int32: 1 where the last pass stopped right behind a row that moved the best price of a side. */
const MOVED: usize = 52
const WINDOW: usize = 16384
const WINDOW_MASK: i32 = 16383
const LOTS: usize = 64
const TOUCHED: usize = LOTS + 2 * WINDOW * 8
/** Where a window whose best level has sunk to is moved. */
const LOW: i32 = 4096
const NO_KEY: i32 = i32.MIN_VALUE

/** Of our resting orders. */
const SLOTS: usize = 1024
const SLOT_BITS: i32 = 12
const SLOT_MASK: i32 = 4095
const RESTING: usize = 1024
const TICK: usize = SLOTS + 2 * 4096 * 4
const NEXT: usize = TICK + RESTING * 4
const FRONT: usize = NEXT + RESTING * 4
const TRADED: usize = FRONT + RESTING * 8

/** Of a block of rows, from its address on. */
const ROWS: usize = 2048
const ROW_TIME: usize = 0
const ROW_LOTS: usize = ROW_TIME + ROWS * 8
const ROW_TICK: usize = ROW_LOTS + ROWS * 8
const ROW_CODE: usize = ROW_TICK + ROWS * 4

/** The place in the queue by any model that is not written out here. */
@external("queue", "front")
declare function askedFront(front: f64, traded: f64, before: f64, after: f64): f64

/** The next level below `key` in the window, NO_KEY where there is none. */
function nextBelow(book: usize, side: i32, key: i32, floor: i32): i32 {
  const lots = book + LOTS + (<usize>side * WINDOW << 3)
  const touched = book + TOUCHED + <usize>side * (WINDOW >> 4)
  let at = key - 1
  while (at >= floor) {
    const block = touched + ((at & WINDOW_MASK) >> 4)
    if (load<u8>(block) == 0) {
      at = (at & ~15) - 1
      continue
    }
    const isWhole = (at & 15) == 15
    const first = max(at & ~15, floor)
    while (at >= first) {
      if (load<f64>(lots + ((at & WINDOW_MASK) << 3)) > 0) return at
      at--
    }
    if (isWhole && (first & 15) == 0) store<u8>(block, 0)
  }
  return NO_KEY
}

/** Sets a level. Returns false, and does nothing, where more than the window is asked for. */
@inline
function setLevel(book: usize, side: i32, key: i32, lots: f64): bool {
  const word = book + (<usize>side << 2)
  const floor = load<i32>(FLOOR + word)
  if (<u32>(key - floor) >= load<u32>(SPAN + word) || !(lots >= 0)) return false
  const best = load<i32>(BEST + word)
  if (key >= best) {
    if (lots > 0) store<i32>(BEST + word, key)
    else if (key == best) {
      const next = nextBelow(book, side, key, floor)
      if (next == NO_KEY || next - floor < LOW) return false
      store<i32>(BEST + word, next)
    }
  }
  const at = (<usize>side * WINDOW) | (key & WINDOW_MASK)
  store<f64>(book + LOTS + (at << 3), lots)
  store<u8>(book + TOUCHED + (at >> 4), 1)
  return true
}

/**
 * Applies the rows of the block in [from, to) to a book, passing over those that carry `hidden`.
 * Returns the first that is left to JavaScript, or `to`; with `stops` also the row behind one that
 * has moved the best price of a side, which MOVED tells.
 */
export function applyLevels(
  book: usize,
  rows: usize,
  from: i32,
  to: i32,
  hidden: i32,
  stops: i32,
): i32 {
  let applied = 0
  let last = -1
  let moved = 0
  let row = from
  for (; row < to; row++) {
    const code = <i32>load<u8>(rows + ROW_CODE + row)
    const kind = code & KIND_MASK
    if ((code & hidden) != 0 || kind < DEPTH_SET) continue
    if (kind == DEPTH_SET) {
      const side = (code & SELL_BIT) >> SELL_SHIFT
      const key = load<i32>(rows + ROW_TICK + (<usize>row << 2)) ^ -side
      const best = load<i32>(book + BEST + (<usize>side << 2))
      if (!setLevel(book, side, key, load<f64>(rows + ROW_LOTS + (<usize>row << 3)))) break
      applied++
      last = row
      if (stops != 0 && load<i32>(book + BEST + (<usize>side << 2)) != best) {
        moved = 1
        row++
        break
      }
    } else if (kind != BBO || hidden != LOCAL_ONLY_BIT) break
  }
  store<i32>(book + APPLIED, applied)
  store<i32>(book + LAST, last)
  store<i32>(book + MOVED, moved)
  return row
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

/** Moves our orders at a price in their queue. */
@inline
function moveQueues(first: i32, tick: i32, queue: i32, before: f64, after: f64): void {
  for (let row = first; row >= 0; row = load<i32>(NEXT + (<usize>row << 2))) {
    if (load<i32>(TICK + (<usize>row << 2)) != tick) continue
    const at = <usize>row << 3
    const ahead = load<f64>(FRONT + at)
    const traded = load<f64>(TRADED + at)
    const isKept = after > before ? ahead <= after : ahead == 0
    if (traded == 0 && isKept) continue
    store<f64>(FRONT + at, frontAfter(queue, ahead, traded, before, after))
    store<f64>(TRADED + at, 0)
  }
}

/**
 * Applies the rows of the block in [from, to) to the book of an exchange at which orders of ours
 * rest, and moves these in their queues, until the time is behind `until`. Returns the first row that
 * is too late or left to JavaScript: one that may fill an order, or is no level; else `to`.
 */
export function passResting(book: usize, rows: usize, from: i32, to: i32, until: f64): i32 {
  const queue = load<i32>(book + QUEUE)
  const buyFrom = load<i32>(book + TRADE_FROM)
  const sellTo = load<i32>(book + TRADE_TO)
  // One slot for both sides where levels are left, since these say of which side they are.
  const sideBits = queue < 0 ? 0 : SLOT_BITS
  const sideMask = queue < 0 ? 0 : 1
  let row = from
  for (; row < to; row++) {
    if (load<f64>(rows + ROW_TIME + (<usize>row << 3)) > until) break
    const code = <i32>load<u8>(rows + ROW_CODE + row)
    const kind = code & (KIND_MASK | LOCAL_ONLY_BIT)
    const tick = load<i32>(rows + ROW_TICK + (<usize>row << 2))
    if (kind == DEPTH_SET) {
      const side = (code & SELL_BIT) >> SELL_SHIFT
      const key = tick ^ -side
      const after = load<f64>(rows + ROW_LOTS + (<usize>row << 3))
      if (after > 0 && key >= load<i32>(book + REACHED + (<usize>side << 2))) break
      const slot = ((side & sideMask) << sideBits) | (tick & SLOT_MASK)
      const own = load<i32>(SLOTS + (<usize>slot << 2))
      if (own >= 0 && queue < 0) break
      const at = (<usize>side * WINDOW) | (key & WINDOW_MASK)
      const before = load<f64>(book + LOTS + (at << 3))
      if (!setLevel(book, side, key, after)) break
      if (own >= 0) moveQueues(own, tick, queue, before, after)
    } else if (kind == TRADE) {
      if (((code & SELL_BIT) == 0 && tick >= buyFrom) || ((code & BUY_BIT) == 0 && tick <= sellTo)) {
        break
      }
    } else if ((code & LOCAL_ONLY_BIT) == 0) break
  }
  return row
}
