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
import { MODEL_MASK, fairness, frontAfterCubes, isCubes, movedFront } from './queue-fronts'

/** QUEUE where our orders stand by levels, whose slots do not tell sides apart. */
export const BY_LEVEL: i32 = 32

/** Moves our orders at a price in their queue. */
@inline
export function moveQueues(first: i32, tick: i32, model: i32, before: f64, after: f64): void {
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
export function moveLevel(level: i32, model: i32, before: f64, after: f64): void {
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

/** `max(0, x)` of a number, without the care that NaN takes. */
@inline
function atLeastZero(x: f64): f64 {
  return f64x2.extract_lane(f64x2.pmax(f64x2.splat(0), f64x2.splat(x)), 0)
}

/**
 * Moves our orders by changes from `from` on as long as each meets but one and the model is that of
 * cubes. Returns the first other change, or `end`. It calls nothing, see `passCommon`.
 */
@inline
function moveSingles(rows: usize, from: usize, end: usize, fair: f64, isByLevel: bool): usize {
  let change = from
  for (; change < end; change += CHANGE_BYTES) {
    let own = load<i32>(change, CHANGED_OWN)
    const lotsAt = <usize>load<i32>(change, CHANGED_AT)
    if (isByLevel) {
      own = load<i32>(<usize>own << 2, FIRST)
      if (own < 0 || load<i32>(<usize>own << 2, BEHIND) >= 0) break
    } else {
      if (load<i32>(<usize>own << 2, NEXT) >= 0) break
      const tick = load<i32>(rows + ((lotsAt - rows) >> 1), ROW_TICK)
      if (load<i32>(<usize>own << 2, TICK) != tick) continue
    }
    const at = <usize>own << 3
    const front = load<f64>(at, FRONT)
    const before = load<f64>(change, CHANGED_FROM)
    const after = load<f64>(lotsAt, ROW_LOTS)
    const moved = frontAfterCubes(fair, front, load<f64>(at, TRADED), before, after)
    if (moved != moved) break
    store<f64>(at, isByLevel ? atLeastZero(moved) : moved, FRONT)
    store<f64>(at, 0, TRADED)
  }
  return change
}

/** {@link moveSingles} of orders; the kernel exports it lest it be inlined. */
export function moveOrders(rows: usize, from: usize, end: usize, fair: f64): usize {
  return moveSingles(rows, from, end, fair, false)
}

/** {@link moveSingles} of levels; the kernel exports it lest it be inlined. */
export function moveLevels(rows: usize, from: usize, end: usize, fair: f64): usize {
  return moveSingles(rows, from, end, fair, true)
}

/** Moves our orders by the changes of levels that were put off, in their order. */
export function moveByChanges(rows: usize, end: usize, queue: i32): void {
  const model = queue & MODEL_MASK
  const isByLevel = (queue & BY_LEVEL) != 0
  for (let change: usize = 0; change < end; change += CHANGE_BYTES) {
    if (isCubes(model)) {
      const fair = fairness(model)
      change = isByLevel
        ? moveLevels(rows, change, end, fair)
        : moveOrders(rows, change, end, fair)
      if (change >= end) return
    }
    const own = load<i32>(change, CHANGED_OWN)
    const before = load<f64>(change, CHANGED_FROM)
    const lotsAt = <usize>load<i32>(change, CHANGED_AT)
    const after = load<f64>(lotsAt, ROW_LOTS)
    if (isByLevel) moveLevel(own, model, before, after)
    else {
      const tick = load<i32>(rows + ((lotsAt - rows) >> 1), ROW_TICK)
      moveQueues(own, tick, model, before, after)
    }
  }
}

/** The level of ours at a key, from the first of its slot on; below 0 where there is none. */
@inline
export function levelAt(first: i32, side: i32, key: i32): i32 {
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
export function slotOf(side: i32, tick: i32, isByLevel: bool): usize {
  return isByLevel ? <usize>(tick & SLOT_MASK) : <usize>((side << SLOT_BITS) | (tick & SLOT_MASK))
}

/**
 * Lets a trade pass the only order at its price, which stands first on side `side`. False, and
 * nothing done, where that would fill it, or where there are others.
 */
@inline
export function passTrade(side: i32, tick: i32, lots: f64, isByLevel: bool): bool {
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
