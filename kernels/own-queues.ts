/**
 * Orders of ours in the queues of their levels, and what trades and changes of levels do to them.
 *
 * AssemblyScript, for kernels to import.
 */
import {
  BEHIND,
  CHANGED_AT,
  CHANGED_FROM,
  CHANGED_OWN,
  CHANGE_BYTES,
  FIRST,
  FRONT,
  NEXT,
  ROW_LOTS,
  ROW_TICK,
  SIDE,
  SLOTS,
  SLOT_BITS,
  SLOT_MASK,
  TICK,
  TRADED,
} from './level-layout'
import { MODEL_MASK, fairness, frontsAfterCubes, isCubes, movedFront } from './queue-fronts'

/** QUEUE where our orders stand by levels, whose slots do not tell sides apart. */
export const BY_LEVEL: i32 = 32

/** No order, and perhaps several. */
const NONE: i32 = -1
const OTHERS: i32 = -2

/** Where a row of our resting orders has its Int32, before the offset of its column. */
@inline
export function wordOf(book: usize, row: i32): usize {
  return book + (<usize>row << 2)
}

/** Where the lots are that a change has left. */
@inline
function lotsOf(change: usize): usize {
  return <usize>load<i32>(change, CHANGED_AT)
}

/** Where a row of our resting orders has its Float64, before the offset of its column. */
@inline
function doubleOf(book: usize, row: i32): usize {
  return book + (<usize>row << 3)
}

/** Moves our orders at a price in their queue. */
@inline
export function moveQueues(
  book: usize,
  first: i32,
  tick: i32,
  model: i32,
  before: f64,
  after: f64,
): void {
  for (let row = first; row >= 0; row = load<i32>(wordOf(book, row), NEXT)) {
    if (load<i32>(wordOf(book, row), TICK) != tick) continue
    const at = doubleOf(book, row)
    const ahead = load<f64>(at, FRONT)
    const traded = load<f64>(at, TRADED)
    if (model == 0 && traded == 0) {
      // A level that grows does so behind us, and the head of the queue has nobody before it.
      if (after > before ? ahead <= after : ahead == 0) continue
    }
    store<f64>(at, movedFront(book, model, ahead, traded, before, after), FRONT)
    store<f64>(at, 0, TRADED)
  }
}

/** Moves our orders at a level in the queue that they share: none gets before an older one. */
@inline
export function moveLevel(
  book: usize,
  level: i32,
  model: i32,
  before: f64,
  after: f64,
): void {
  let least: f64 = 0
  let row = load<i32>(wordOf(book, level), FIRST)
  for (; row >= 0; row = load<i32>(wordOf(book, row), BEHIND)) {
    const at = doubleOf(book, row)
    const front = load<f64>(at, FRONT)
    least = max(least, movedFront(book, model, front, load<f64>(at, TRADED), before, after))
    store<f64>(at, least, FRONT)
    store<f64>(at, 0, TRADED)
  }
}

/**
 * The only order that a change of a level concerns; {@link NONE} where it is none of ours, below that
 * where there may be others.
 */
@inline
function onlyConcerned(book: usize, rows: usize, change: usize, isByLevel: bool): i32 {
  const own = load<i32>(change, CHANGED_OWN)
  if (isByLevel) {
    const oldest = load<i32>(wordOf(book, own), FIRST)
    return oldest < 0 || load<i32>(wordOf(book, oldest), BEHIND) >= 0 ? OTHERS : oldest
  }
  if (load<i32>(wordOf(book, own), NEXT) >= 0) return OTHERS
  const lotsAt = lotsOf(change)
  const tick = load<i32>(rows + ((lotsAt - rows) >> 1), ROW_TICK)
  return load<i32>(wordOf(book, own), TICK) == tick ? own : NONE
}

/**
 * Moves our orders by changes from `from` on as long as each meets but one and the model is that of
 * cubes, two orders at a time. Returns the first other change, or `end`. It calls nothing, see
 * `passCommon`.
 */
@inline
function moveSingles(
  book: usize,
  rows: usize,
  from: usize,
  end: usize,
  fair: f64,
  isByLevel: bool,
): usize {
  let change = from
  while (change < end) {
    const one = onlyConcerned(book, rows, change, isByLevel)
    if (one < 0) {
      if (one != NONE) break
      change += CHANGE_BYTES
      continue
    }
    const next = change + CHANGE_BYTES
    let other = one
    if (next < end) other = onlyConcerned(book, rows, next, isByLevel)
    // The second one of an order goes on where the first has left it.
    const isPair = other >= 0 && other != one
    const second = isPair ? next : change
    const at = doubleOf(book, one)
    const otherAt = isPair ? doubleOf(book, other) : at
    const moved = frontsAfterCubes(
      fair,
      v128.load64_lane(otherAt, v128.load64_zero(at, FRONT), 1, FRONT),
      v128.load64_lane(otherAt, v128.load64_zero(at, TRADED), 1, TRADED),
      v128.load64_lane(second, v128.load64_zero(change, CHANGED_FROM), 1, CHANGED_FROM),
      v128.load64_lane(lotsOf(second), v128.load64_zero(lotsOf(change), ROW_LOTS), 1, ROW_LOTS),
    )
    // Which of the two it is, the caller finds out.
    if (v128.any_true(f64x2.ne(moved, moved))) break
    const fronts = isByLevel ? f64x2.pmax(f64x2.splat(0), moved) : moved
    v128.store64_lane(otherAt, fronts, 1, FRONT)
    store<f64>(otherAt, 0, TRADED)
    v128.store64_lane(at, fronts, 0, FRONT)
    store<f64>(at, 0, TRADED)
    change = second + CHANGE_BYTES
  }
  return change
}

/** {@link moveSingles} of orders; the kernel exports it lest it be inlined. */
export function moveOrders(
  book: usize,
  rows: usize,
  from: usize,
  end: usize,
  fair: f64,
): usize {
  return moveSingles(book, rows, from, end, fair, false)
}

/** {@link moveSingles} of levels; the kernel exports it lest it be inlined. */
export function moveLevels(
  book: usize,
  rows: usize,
  from: usize,
  end: usize,
  fair: f64,
): usize {
  return moveSingles(book, rows, from, end, fair, true)
}

/** Moves our orders by the changes of levels that were put off, in their order. */
export function moveByChanges(book: usize, rows: usize, end: usize, queue: i32): void {
  const model = queue & MODEL_MASK
  const isByLevel = (queue & BY_LEVEL) != 0
  for (let change: usize = 0; change < end; change += CHANGE_BYTES) {
    if (isCubes(model)) {
      const fair = fairness(model)
      change = isByLevel
        ? moveLevels(book, rows, change, end, fair)
        : moveOrders(book, rows, change, end, fair)
      if (change >= end) return
    }
    const own = load<i32>(change, CHANGED_OWN)
    const before = load<f64>(change, CHANGED_FROM)
    const lotsAt = lotsOf(change)
    const after = load<f64>(lotsAt, ROW_LOTS)
    if (isByLevel) moveLevel(book, own, model, before, after)
    else {
      const tick = load<i32>(rows + ((lotsAt - rows) >> 1), ROW_TICK)
      moveQueues(book, own, tick, model, before, after)
    }
  }
}

/** The level of ours at a key, from the first of its slot on; below 0 where there is none. */
@inline
export function levelAt(book: usize, first: i32, side: i32, key: i32): i32 {
  let level = first
  while (level >= 0) {
    const isIt = load<i32>(wordOf(book, level), TICK) == key
    if (isIt && <i32>load<u8>(book + <usize>level, SIDE) == side) break
    level = load<i32>(wordOf(book, level), NEXT)
  }
  return level
}

/**
 * The first order or level of ours in the slot of a price; slots of levels serve both sides, since
 * levels say of which side they are.
 */
@inline
export function firstInSlot(book: usize, side: i32, tick: i32, isByLevel: bool): i32 {
  const slot = isByLevel ? tick & SLOT_MASK : (side << SLOT_BITS) | (tick & SLOT_MASK)
  return load<i32>(wordOf(book, slot), SLOTS)
}

/**
 * Lets a trade pass the only order at its price, which stands first on side `side`. False, and
 * nothing done, where that would fill it, or where there are others.
 */
@inline
export function passTrade(
  book: usize,
  side: i32,
  tick: i32,
  lots: f64,
  isByLevel: bool,
): bool {
  let own = firstInSlot(book, side, tick, isByLevel)
  if (isByLevel) own = levelAt(book, own, side, tick ^ -side)
  if (own < 0) return false
  if (isByLevel) own = load<i32>(wordOf(book, own), FIRST)
  const word = wordOf(book, own)
  if ((isByLevel ? load<i32>(word, BEHIND) : load<i32>(word, NEXT)) >= 0) return false
  const at = doubleOf(book, own)
  const front = load<f64>(at, FRONT) - lots
  // The place is an estimate between whole lots: beyond half a lot counts as passed.
  if (!(front > -0.5)) return false
  store<f64>(at, isByLevel ? max(front, 0) : front, FRONT)
  store<f64>(at, load<f64>(at, TRADED) + lots, TRADED)
  return true
}
