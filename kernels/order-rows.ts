/**
 * Applies rows of single orders to a market-by-order book in linear memory, until one that JavaScript
 * has to see.
 *
 * AssemblyScript. `npm run kernels` compiles it into `src/book/order-rows.wasm.ts`. The addresses are
 * those of `src/book/order-memory.ts`, the records those of `src/book/order-pool.ts` and
 * `src/book/level-table.ts`, and the meaning of a row that of `src/book/order-rows.kernel.ts`, which
 * does the same in JavaScript: the two are held against each other by their tests.
 *
 * Neighbours in a queue are linked without a branch, since no processor foretells where in its queue
 * an order stands.
 */

/** Bits of a row's code, see `src/market/events.ts`. */
const USUAL_MASK = 0x4f
const BUY_BIT = 0x10
const SIDE_BITS = 0x30
const TRADE = 1
const ORDER_ADD = 8
const ORDER_MODIFY = 9
const ORDER_EXECUTE = 11
const ORDER_FILL = 15

/** The header. Int32 by side: best key, lowest key of the window, keys in it. */
const HEADER: usize = 1024
const BEST: usize = HEADER
const FLOOR: usize = HEADER + 8
const SPAN: usize = HEADER + 16
/** Int32: rows applied in the last pass and the position of the last of them, live orders. */
const APPLIED: usize = HEADER + 24
const LAST: usize = HEADER + 28
const COUNT: usize = HEADER + 32
/** Int32: references that there is room for; addresses of orders, levels and the places of these. */
const ROOM: usize = HEADER + 36
const ORDERS: usize = HEADER + 40
const LEVELS: usize = HEADER + 44
const PLACES: usize = HEADER + 48
const PLACE_MASK: usize = HEADER + 52
/** Float64: lots that a modification may add without loss of the place; below 0: none keeps it. */
const GROWTH_MAX: usize = HEADER + 56

/** A block of rows. */
const ROWS: usize = 2048
const ROW_LOTS: usize = HEADER + 64
const ROW_TICK: usize = ROW_LOTS + ROWS * 8
const ROW_REF: usize = ROW_TICK + ROWS * 4
const ROW_CODE: usize = ROW_REF + ROWS * 4

/** The windows of both sides. */
const WINDOW: usize = 16384
const WINDOW_MASK: i32 = 16383
const LOTS: usize = ROW_CODE + ROWS
const TOUCHED: usize = LOTS + 2 * WINDOW * 8
/** Where a window whose best level has sunk to is moved. */
const LOW: i32 = 4096
const NO_KEY: i32 = i32.MIN_VALUE

/** An order: lots, then Int32 words; a level likewise. 32 bytes each, by number, 0 for none. */
const RECORD: usize = 5
const ORDER_PREV: usize = 8
const ORDER_NEXT: usize = 12
const ORDER_LEVEL: usize = 16
const LEVEL_SIDE: usize = 8
const LEVEL_TICK: usize = 12
const LEVEL_HEAD: usize = 16
const LEVEL_TAIL: usize = 20
const LEVEL_COUNT: usize = 24
const LEVEL_SUMMED: usize = 28

const SIZE_MAX: f64 = 9007199254740991

/** The next level below `key` in the window, NO_KEY where there is none. */
function nextBelow(side: i32, key: i32, floor: i32): i32 {
  const lots = LOTS + (<usize>side * WINDOW << 3)
  const touched = TOUCHED + <usize>side * (WINDOW >> 4)
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

/** Number of a level, 0 where there is none; see `LevelTable.find`. */
@inline
function findLevel(levels: usize, places: usize, mask: i32, side: i32, tick: i32): i32 {
  const hash = ((tick >> 3) ^ (side << 30)) * 0x9e3779b1
  let at = (((hash ^ <i32>(<u32>hash >> 15)) << 3) | (tick & 7)) & mask
  while (true) {
    const level = load<i32>(places + (<usize>at << 2))
    if (level == 0) return 0
    const record = levels + (<usize>level << RECORD)
    if (load<i32>(record + LEVEL_TICK) == tick && load<i32>(record + LEVEL_SIDE) == side) {
      return level
    }
    at = (at + 9) & mask
  }
}

@inline
function isInWindow(side: i32, key: i32): bool {
  const word = <usize>side << 2
  return <u32>(key - load<i32>(FLOOR + word)) < load<u32>(SPAN + word)
}

/** Notes the lots of a level that lies in the window. */
@inline
function setLots(side: i32, key: i32, lots: f64): void {
  const at = (<usize>side * WINDOW) | (key & WINDOW_MASK)
  store<f64>(LOTS + (at << 3), lots)
  store<u8>(TOUCHED + (at >> 4), 1)
}

/** A level gets lots: it may be the best one now. */
@inline
function raiseBest(side: i32, key: i32): void {
  const word = <usize>side << 2
  store<i32>(BEST + word, max(load<i32>(BEST + word), key))
}

/** A level goes. False, and nothing done, where the next one is not at hand. */
@inline
function lowerBest(side: i32, key: i32): bool {
  const word = <usize>side << 2
  if (load<i32>(BEST + word) != key) return true
  const floor = load<i32>(FLOOR + word)
  const next = nextBelow(side, key, floor)
  if (next == NO_KEY || next - floor < LOW) return false
  store<i32>(BEST + word, next)
  return true
}

/** Puts an order behind all others of a level. */
@inline
function join(orders: usize, slot: i32, record: usize, level: i32): void {
  const order = orders + (<usize>slot << RECORD)
  const tail = load<i32>(record + LEVEL_TAIL)
  store<i32>(order + ORDER_PREV, tail)
  store<i32>(order + ORDER_NEXT, 0)
  store<i32>(order + ORDER_LEVEL, level)
  const link = select<usize>(
    record + LEVEL_HEAD,
    orders + (<usize>tail << RECORD) + ORDER_NEXT,
    tail == 0,
  )
  store<i32>(link, slot)
  store<i32>(record + LEVEL_TAIL, slot)
  store<i32>(record + LEVEL_COUNT, load<i32>(record + LEVEL_COUNT) + 1)
}

/** Takes an order out of the queue of its level. */
@inline
function leave(orders: usize, order: usize, record: usize): void {
  const prev = load<i32>(order + ORDER_PREV)
  const next = load<i32>(order + ORDER_NEXT)
  const ahead = orders + (<usize>prev << RECORD) + ORDER_NEXT
  const behind = orders + (<usize>next << RECORD) + ORDER_PREV
  store<i32>(select<usize>(record + LEVEL_HEAD, ahead, prev == 0), next)
  store<i32>(select<usize>(record + LEVEL_TAIL, behind, next == 0), prev)
  store<i32>(record + LEVEL_COUNT, load<i32>(record + LEVEL_COUNT) - 1)
  store<i32>(order + ORDER_LEVEL, 0)
}

/**
 * Applies the rows of the block in [from, to). Returns the first that is left to JavaScript, or `to`.
 */
export function applyOrders(from: i32, to: i32): i32 {
  const room = load<u32>(ROOM)
  const orders = load<usize>(ORDERS)
  const levels = load<usize>(LEVELS)
  const places = load<usize>(PLACES)
  const mask = load<i32>(PLACE_MASK)
  const growthMax = load<f64>(GROWTH_MAX)
  let count = load<i32>(COUNT)
  let applied = 0
  let last = -1
  let row = from
  for (; row < to; row++) {
    const code = <i32>load<u8>(ROW_CODE + row)
    const kind = code & USUAL_MASK
    if (<u32>(kind - ORDER_ADD) > <u32>(ORDER_EXECUTE - ORDER_ADD)) {
      if (kind == TRADE || kind == ORDER_FILL) continue
      break
    }
    const ref = load<i32>(ROW_REF + (<usize>row << 2))
    const size = load<f64>(ROW_LOTS + (<usize>row << 3))
    if (<u32>ref >= room || !(size > 0 && size <= SIZE_MAX && floor(size) == size)) break
    const slot = ref + 1
    const order = orders + (<usize>slot << RECORD)
    const level = load<i32>(order + ORDER_LEVEL)
    if (kind == ORDER_ADD) {
      if (level != 0 || (code & SIDE_BITS) == 0) break
      const side = <i32>((code & BUY_BIT) == 0)
      const tick = load<i32>(ROW_TICK + (<usize>row << 2))
      const key = tick ^ -side
      const joined = findLevel(levels, places, mask, side, tick)
      const record = levels + (<usize>joined << RECORD)
      if (joined == 0 || load<i32>(record + LEVEL_SUMMED) != 0 || !isInWindow(side, key)) break
      store<f64>(order, size)
      join(orders, slot, record, joined)
      count++
      const total = load<f64>(record) + size
      store<f64>(record, total)
      setLots(side, key, total)
      raiseBest(side, key)
    } else {
      const record = levels + (<usize>level << RECORD)
      if (level == 0 || load<i32>(record + LEVEL_SUMMED) != 0) break
      const side = load<i32>(record + LEVEL_SIDE)
      const key = load<i32>(record + LEVEL_TICK) ^ -side
      if (!isInWindow(side, key)) break
      const held = load<f64>(order)
      const total = load<f64>(record)
      if (kind != ORDER_MODIFY) {
        const left = total - size
        if (size > held || (left == 0 && !lowerBest(side, key))) break
        if (size < held) store<f64>(order, held - size)
        else {
          leave(orders, order, record)
          count--
        }
        store<f64>(record, left)
        setLots(side, key, left)
      } else {
        if ((code & SIDE_BITS) != 0 && <i32>((code & BUY_BIT) == 0) != side) break
        const tick = load<i32>(ROW_TICK + (<usize>row << 2))
        const toKey = tick ^ -side
        if (toKey == key && size - held <= growthMax) {
          const grown = total + (size - held)
          store<f64>(order, size)
          store<f64>(record, grown)
          setLots(side, key, grown)
        } else {
          const joined = findLevel(levels, places, mask, side, tick)
          const target = levels + (<usize>joined << RECORD)
          if (joined == 0 || load<i32>(target + LEVEL_SUMMED) != 0) break
          if (!isInWindow(side, toKey)) break
          const left = total - held
          if (left == 0 && toKey != key && !lowerBest(side, key)) break
          leave(orders, order, record)
          store<f64>(record, left)
          setLots(side, key, left)
          store<f64>(order, size)
          join(orders, slot, target, joined)
          const grown = load<f64>(target) + size
          store<f64>(target, grown)
          setLots(side, toKey, grown)
          raiseBest(side, toKey)
        }
      }
    }
    applied++
    last = row
  }
  store<i32>(COUNT, count)
  store<i32>(APPLIED, applied)
  store<i32>(LAST, last)
  return row
}
