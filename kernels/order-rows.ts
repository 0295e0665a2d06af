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

import { LOW, NO_KEY, WINDOW, WINDOW_MASK, nextBelow } from './ladder-window'

/** Bits of a row's code, see `src/market/events.ts`. */
const KIND_MASK = 0x0f
const BUY_BIT = 0x10
const SELL_BIT = 0x20
const SIDE_BITS = 0x30
const EXCH_ONLY_BIT = 0x40
const LOCAL_ONLY_BIT = 0x80
const TRADE = 1
const BBO = 7
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
/** Int32: no ask of ours rests below, no bid of ours above. */
const ASK_MIN: usize = HEADER + 64
const BID_MAX: usize = HEADER + 68
/** Int32: address of places of ours. */
const PLACES_OF_OURS: usize = HEADER + 72
/** Float64: moments so far at which an order came to a price of ours. */
const MOMENTS: usize = HEADER + 80
/** The moment of the last fill that a row told, and the references of its fills, as a set of 64. */
const TOLD_TIME: usize = HEADER + 88
const TOLD_REFS: usize = HEADER + 96

/** A block of rows. */
const ROWS: usize = 2048
const ROW_TIME: usize = HEADER + 128
const ROW_LOTS: usize = ROW_TIME + ROWS * 8
const ROW_TICK: usize = ROW_LOTS + ROWS * 8
const ROW_REF: usize = ROW_TICK + ROWS * 4
const ROW_CODE: usize = ROW_REF + ROWS * 4

/** The windows of both sides. */
const LOTS: usize = ROW_CODE + ROWS
const TOUCHED: usize = LOTS + 2 * WINDOW * 8

/** An order: lots, then Int32 words; a level likewise. 32 bytes each, by number, 0 for none. */
const RECORD: usize = 5
const ORDER_PREV: usize = 8
const ORDER_NEXT: usize = 12
const ORDER_LEVEL: usize = 16
/** Float64: the moment at which it came to a price of ours, below 0 where we took of it. */
const ORDER_ARRIVAL: usize = 24
const LEVEL_SIDE: usize = 8
const LEVEL_TICK: usize = 12
const LEVEL_HEAD: usize = 16
const LEVEL_TAIL: usize = 20
const LEVEL_COUNT: usize = 24
/** 1 while it has sums; above that bit the first place of ours there, 0 for none. */
const LEVEL_NOTES: usize = 28
/** A place of ours: lots ahead and moment of arrival, Float64, then the next at its level, Int32. */
const PLACE_ARRIVAL: usize = 8
const PLACE_NEXT: usize = 16

const SIZE_MAX: f64 = 9007199254740991

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
  const lots = LOTS + (<usize>side * WINDOW << 3)
  const touched = TOUCHED + <usize>side * (WINDOW >> 4)
  const next = nextBelow(lots, touched, key, floor)
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

/** An order that arrived then has `lots` less: places of ours behind it move up. */
function moveUp(first: i32, arrival: f64, lots: f64): void {
  const places = load<usize>(PLACES_OF_OURS)
  let place = places + (<usize>first << RECORD)
  while (true) {
    if (load<f64>(place + PLACE_ARRIVAL) > arrival) store<f64>(place, load<f64>(place) - lots)
    const next = load<i32>(place + PLACE_NEXT)
    if (next == 0) return
    place = places + (<usize>next << RECORD)
  }
}

/** Notes that an order came to a price of ours. */
@inline
function noteArrival(order: usize): void {
  const moment = load<f64>(MOMENTS) + 1
  store<f64>(MOMENTS, moment)
  store<f64>(order + ORDER_ARRIVAL, moment)
}

@inline
function noteFill(time: f64, ref: i32): void {
  const before = load<f64>(TOLD_TIME) == time ? load<i64>(TOLD_REFS) : 0
  store<f64>(TOLD_TIME, time)
  store<i64>(TOLD_REFS, before | ((<i64>1) << (ref & 63)))
}

/** True where a fill of this moment may have told of an order. */
@inline
function mayBeTold(time: f64, ref: i32): bool {
  return load<f64>(TOLD_TIME) == time && ((load<i64>(TOLD_REFS) >> (ref & 63)) & 1) != 0
}

/** True where a fill or an execution at a price of ours, or beyond, may concern us. */
@inline
function isLoud(orders: usize, levels: usize, room: u32, ref: i32): bool {
  if (<u32>ref >= room) return false
  const order = orders + (<usize>(ref + 1) << RECORD)
  const level = load<i32>(order + ORDER_LEVEL)
  if (level == 0) return false
  const notes = load<i32>(levels + (<usize>level << RECORD) + LEVEL_NOTES)
  return (notes >> 1) != 0 || load<f64>(order + ORDER_ARRIVAL) < 0
}

/**
 * Applies the rows of the block in [from, to). Returns the first that is left to JavaScript, or `to`.
 * With `watches` they are those of an exchange at which orders of ours rest, up to the time `until`:
 * places of ours move, and what may meet one of them, or says more of it, is left to JavaScript.
 */
@inline
function pass(from: i32, to: i32, until: f64, watches: bool): i32 {
  const room = load<u32>(ROOM)
  const orders = load<usize>(ORDERS)
  const levels = load<usize>(LEVELS)
  const places = load<usize>(PLACES)
  const mask = load<i32>(PLACE_MASK)
  const growthMax = load<f64>(GROWTH_MAX)
  const askMin = load<i32>(ASK_MIN)
  const bidMax = load<i32>(BID_MAX)
  const hidden = watches ? LOCAL_ONLY_BIT : EXCH_ONLY_BIT
  let count = load<i32>(COUNT)
  let applied = 0
  let last = -1
  let row = from
  for (; row < to; row++) {
    const code = <i32>load<u8>(ROW_CODE + row)
    const kind = code & KIND_MASK
    const tick = load<i32>(ROW_TICK + (<usize>row << 2))
    const ref = load<i32>(ROW_REF + (<usize>row << 2))
    const size = load<f64>(ROW_LOTS + (<usize>row << 3))
    if (watches && load<f64>(ROW_TIME + (<usize>row << 3)) > until) break
    if ((code & hidden) != 0) {
      if (watches) continue
      break
    }
    if (<u32>(kind - ORDER_ADD) > <u32>(ORDER_EXECUTE - ORDER_ADD)) {
      if (kind == TRADE) {
        // What buys meets asks; where the side is not told, both.
        if (watches && (code & BUY_BIT) == 0 && tick <= bidMax) break
        if (watches && (code & SELL_BIT) == 0 && tick >= askMin) break
      } else if (kind == ORDER_FILL) {
        if (!watches) continue
        if ((code & SELL_BIT) == 0 && tick <= bidMax) break
        if ((code & BUY_BIT) == 0 && tick >= askMin) break
        if (isLoud(orders, levels, room, ref)) break
        if (ref >= 0) noteFill(load<f64>(ROW_TIME + (<usize>row << 3)), ref)
      } else if (!watches || kind != BBO) break
      continue
    }
    if (watches && kind == ORDER_EXECUTE) {
      if ((code & SELL_BIT) == 0 && tick <= bidMax) break
      if ((code & BUY_BIT) == 0 && tick >= askMin) break
      // What a hidden order loses, no book shows.
      if (ref < 0) continue
    }
    if (<u32>ref >= room || !(size > 0 && size <= SIZE_MAX && floor(size) == size)) break
    const slot = ref + 1
    const order = orders + (<usize>slot << RECORD)
    const level = load<i32>(order + ORDER_LEVEL)
    if (kind == ORDER_ADD) {
      if (level != 0 || (code & SIDE_BITS) == 0) break
      const side = <i32>((code & BUY_BIT) == 0)
      if (watches && (side == 0 ? tick >= askMin : tick <= bidMax)) break
      const key = tick ^ -side
      const joined = findLevel(levels, places, mask, side, tick)
      if (joined == 0 || !isInWindow(side, key)) break
      const record = levels + (<usize>joined << RECORD)
      const notes = load<i32>(record + LEVEL_NOTES)
      if (notes != 0) {
        if (!watches || (notes & 1) != 0) break
        noteArrival(order)
      }
      store<f64>(order, size)
      join(orders, slot, record, joined)
      count++
      const total = load<f64>(record) + size
      store<f64>(record, total)
      setLots(side, key, total)
      raiseBest(side, key)
    } else {
      if (level == 0) break
      const record = levels + (<usize>level << RECORD)
      const notes = load<i32>(record + LEVEL_NOTES)
      if (notes != 0 && (!watches || (notes & 1) != 0)) break
      const arrival = watches ? load<f64>(order + ORDER_ARRIVAL) : 0
      if (watches && arrival < 0) break
      const side = load<i32>(record + LEVEL_SIDE)
      const key = load<i32>(record + LEVEL_TICK) ^ -side
      if (!isInWindow(side, key)) break
      const held = load<f64>(order)
      const total = load<f64>(record)
      if (kind != ORDER_MODIFY) {
        if (watches && kind == ORDER_EXECUTE && notes != 0) break
        const left = total - size
        if (size > held || (left == 0 && !lowerBest(side, key))) break
        if (size < held) store<f64>(order, held - size)
        else {
          leave(orders, order, record)
          count--
        }
        store<f64>(record, left)
        setLots(side, key, left)
        if (watches && notes != 0) moveUp(notes >> 1, arrival, size)
      } else {
        if ((code & SIDE_BITS) != 0 && <i32>((code & BUY_BIT) == 0) != side) break
        if (watches) {
          if ((code & BUY_BIT) == 0 && tick <= bidMax) break
          if ((code & SELL_BIT) == 0 && tick >= askMin) break
          // Behind a fill it may be the next part of an iceberg, which is new in the queue.
          if (mayBeTold(load<f64>(ROW_TIME + (<usize>row << 3)), ref)) break
        }
        const toKey = tick ^ -side
        if (toKey == key && size - held <= growthMax) {
          const grown = total + (size - held)
          store<f64>(order, size)
          store<f64>(record, grown)
          setLots(side, key, grown)
          if (watches && notes != 0) moveUp(notes >> 1, arrival, held - size)
        } else {
          const joined = findLevel(levels, places, mask, side, tick)
          if (joined == 0 || !isInWindow(side, toKey)) break
          const target = levels + (<usize>joined << RECORD)
          const toNotes = load<i32>(target + LEVEL_NOTES)
          if (toNotes != 0 && (!watches || (toNotes & 1) != 0)) break
          const left = total - held
          if (left == 0 && toKey != key && !lowerBest(side, key)) break
          leave(orders, order, record)
          store<f64>(record, left)
          setLots(side, key, left)
          if (watches && notes != 0) moveUp(notes >> 1, arrival, held)
          if (watches && toNotes != 0) noteArrival(order)
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

/** See {@link pass}: a book at which nothing of ours rests. */
export function applyOrders(from: i32, to: i32): i32 {
  return pass(from, to, 0, false)
}

/** See {@link pass}: the book of an exchange at which orders of ours rest. */
export function passOrders(from: i32, to: i32, until: f64): i32 {
  return pass(from, to, until, true)
}
