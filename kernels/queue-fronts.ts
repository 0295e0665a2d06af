/**
 * Where a change of a level leaves an order of ours in its queue: the models of
 * `src/venue/queue-model.ts`.
 *
 * AssemblyScript, for kernels to import.
 */

/** A model: exponent | family << 2 | fair << 4, 0 to ask. */
export const MODEL_MASK: i32 = 31
/** Exponent 3 and the first family, fair or not. */
const CUBES: i32 = 7

/** The place in the queue at the exchange of a book, by any model that is not written out here. */
@external("queue", "front")
declare function askedFront(book: usize, front: f64, traded: f64, before: f64, after: f64): f64

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

/** `QueueModel.frontAfterChange`. */
function frontAfter(
  book: usize,
  queue: i32,
  front: f64,
  traded: f64,
  before: f64,
  after: f64,
): f64 {
  if (queue == 0) return askedFront(book, front, traded, before, after)
  const decrease = before - after - traded
  if (decrease < 0) return min(front, after)
  const back = (queue & 16) != 0 ? before - traded - front : before - front
  const share = shareBehind((queue >> 2) & 3, queue & 3, front, back)
  if (share != share) return after
  const behind = abs(share) < Infinity ? share : 1
  const estimate = front - (1 - behind) * decrease + min(back - behind * decrease, 0)
  return min(estimate, after)
}

/** True for a model of exponent 3 and the first family, fair or not. */
@inline
export function isCubes(model: i32): bool {
  return (model & 15) == CUBES
}

/** What `frontAfterCubes` takes for a model: 1 where it is fair, else 0. */
@inline
export function fairness(model: i32): f64 {
  return (model & 16) != 0 ? 1 : 0
}

/**
 * As {@link frontAfter} for exponent 3 of the first family, of two orders by lane, without a branch
 * that only the data decide; NaN where the share is infinite.
 */
@inline
export function frontsAfterCubes(
  fair: f64,
  front: v128,
  traded: v128,
  before: v128,
  after: v128,
): v128 {
  const zero = f64x2.splat(0)
  const decrease = f64x2.sub(f64x2.sub(before, after), traded)
  const back = f64x2.sub(f64x2.sub(before, f64x2.mul(traded, f64x2.splat(fair))), front)
  const behindCubed = f64x2.mul(f64x2.mul(back, back), back)
  const frontCubed = f64x2.mul(f64x2.mul(front, front), front)
  const behind = f64x2.div(behindCubed, f64x2.add(behindCubed, frontCubed))
  const ahead = f64x2.mul(f64x2.sub(f64x2.splat(1), behind), decrease)
  const short = f64x2.pmin(zero, f64x2.sub(back, f64x2.mul(behind, decrease)))
  const estimate = f64x2.add(f64x2.sub(front, ahead), short)
  const moved = v128.bitselect(front, estimate, f64x2.lt(decrease, zero))
  const isFinite = f64x2.lt(f64x2.abs(behind), f64x2.splat(Infinity))
  // Where the share is NaN, the lesser is `after` already, unless the level grows.
  const isShare = v128.or(isFinite, f64x2.ne(behind, behind))
  return v128.bitselect(f64x2.pmin(after, moved), f64x2.splat(NaN), isShare)
}

/** {@link frontsAfterCubes} of one order. */
@inline
export function frontAfterCubes(
  fair: f64,
  front: f64,
  traded: f64,
  before: f64,
  after: f64,
): f64 {
  const fronts = frontsAfterCubes(
    fair,
    f64x2.splat(front),
    f64x2.splat(traded),
    f64x2.splat(before),
    f64x2.splat(after),
  )
  return f64x2.extract_lane(fronts, 0)
}

/** Where a change of a level leaves an order of ours. */
@inline
export function movedFront(
  book: usize,
  model: i32,
  front: f64,
  traded: f64,
  before: f64,
  after: f64,
): f64 {
  if (isCubes(model)) {
    const moved = frontAfterCubes(fairness(model), front, traded, before, after)
    if (moved == moved) return moved
  }
  return frontAfter(book, model, front, traded, before, after)
}
