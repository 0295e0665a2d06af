/**
 * Applies the usual rows of orders in one loop over plain arrays: what `OrderQueues` does with one
 * order at a time, without its calls and without reading its fields again for every row.
 *
 * Whatever is not usual is left to `OrderQueues`: a row that does not fit, one that only another view
 * sees, a price without a level, a queue that keeps sums because it was asked for a place.
 */
import {
  BUY_BIT,
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  SELL_BIT,
  type EventColumns,
} from '../market/index.ts'
import {
  LEVEL,
  LEVEL_COUNT,
  LEVEL_HEAD,
  LEVEL_LOTS,
  LEVEL_SIDE,
  LEVEL_NOTES,
  LEVEL_TAIL,
  LEVEL_TICK,
} from './level-table.ts'
import type { OrderRun } from './order-memory.ts'
import {
  ORDER,
  ORDER_LEVEL,
  ORDER_LOTS,
  ORDER_NEXT,
  ORDER_PREV,
  type OrderPool,
} from './order-pool.ts'

const NO_LEVEL = 0

/**
 * Applies rows from `from` on, up to the first one that is not usual.
 *
 * @param run counts on
 * @returns   that row, or `to`
 */
export function applyOrderRows(
  pool: OrderPool,
  events: EventColumns,
  from: number,
  to: number,
  run: OrderRun,
): number {
  const { code, tick, lots, orderRef } = events
  const { words, lots: sizes, room, levels, sides } = pool
  const { words: levelWords, lots: totals } = levels
  let { count } = pool
  let applied = 0
  let i = from
  for (; i < to; i++) {
    const c = code[i]!
    const kind = c & (KIND_MASK | EXCH_ONLY_BIT)
    if (kind < EventKind.OrderAdd || kind > EventKind.OrderExecute) {
      if (kind === EventKind.Trade || kind === EventKind.OrderFill) continue
      break
    }
    const ref = orderRef[i]!
    const size = lots[i]!
    if (ref >>> 0 >= room || !isSize(size)) break
    const slot = ref + 1
    const order = slot << ORDER
    const level = words[order + ORDER_LEVEL]!
    const at = level << LEVEL
    if (kind === EventKind.OrderAdd) {
      if (level !== NO_LEVEL || (c & (BUY_BIT | SELL_BIT)) === 0) break
      const side = (c & BUY_BIT) === 0 ? 1 : 0
      const joined = levels.find(side, tick[i]!)
      if (joined === NO_LEVEL || levelWords[(joined << LEVEL) + LEVEL_NOTES] !== 0) break
      sizes[slot << ORDER_LOTS] = size
      join(words, levelWords, slot, joined)
      count++
      sides[side].set(tick[i]! ^ -side, (totals[joined << LEVEL_LOTS]! += size))
    } else {
      if (level === NO_LEVEL || levelWords[at + LEVEL_NOTES] !== 0) break
      const side = levelWords[at + LEVEL_SIDE] as 0 | 1
      const key = levelWords[at + LEVEL_TICK]! ^ -side
      const held = sizes[slot << ORDER_LOTS]!
      if (kind === EventKind.OrderModify) {
        if ((c & (BUY_BIT | SELL_BIT)) !== 0 && ((c & BUY_BIT) === 0 ? 1 : 0) !== side) break
        if (!modify(pool, slot, level, tick[i]!, size)) break
      } else {
        if (size > held) break
        if (size < held) {
          sizes[slot << ORDER_LOTS] = held - size
        } else {
          leave(words, levelWords, order, at)
          count--
        }
        sides[side].set(key, (totals[level << LEVEL_LOTS]! -= size))
      }
    }
    applied++
    run.bookRow = i
  }
  pool.count = count
  run.applied += applied
  return i
}

/** Gives an order another price, size or both; false, and nothing done, where that is not usual. */
function modify(pool: OrderPool, slot: number, level: number, tick: number, size: number): boolean {
  const { words, lots: sizes, levels } = pool
  const { words: levelWords, lots: totals } = levels
  const at = level << LEVEL
  const sideIndex = levelWords[at + LEVEL_SIDE] as 0 | 1
  const side = pool.sides[sideIndex]
  const key = levelWords[at + LEVEL_TICK]! ^ -sideIndex
  const toKey = tick ^ -sideIndex
  const held = sizes[slot << ORDER_LOTS]!
  if (toKey === key && pool.keepsPlace && size - held <= pool.growthMax) {
    sizes[slot << ORDER_LOTS] = size
    side.set(key, (totals[level << LEVEL_LOTS]! += size - held))
    return true
  }
  const joined = levels.find(sideIndex, tick)
  if (joined === NO_LEVEL || levelWords[(joined << LEVEL) + LEVEL_NOTES] !== 0) return false
  leave(words, levelWords, slot << ORDER, at)
  side.set(key, (totals[level << LEVEL_LOTS]! -= held))
  sizes[slot << ORDER_LOTS] = size
  join(words, levelWords, slot, joined)
  side.set(toKey, (totals[joined << LEVEL_LOTS]! += size))
  return true
}

/** Puts an order behind all others of a level. */
function join(words: Int32Array, levelWords: Int32Array, slot: number, level: number): void {
  const at = level << LEVEL
  const order = slot << ORDER
  const tail = levelWords[at + LEVEL_TAIL]!
  words[order + ORDER_PREV] = tail
  words[order + ORDER_NEXT] = 0
  words[order + ORDER_LEVEL] = level
  if (tail === 0) levelWords[at + LEVEL_HEAD] = slot
  else words[(tail << ORDER) + ORDER_NEXT] = slot
  levelWords[at + LEVEL_TAIL] = slot
  levelWords[at + LEVEL_COUNT]!++
}

/** Takes an order out of the queue of the level whose record begins at `at`. */
function leave(words: Int32Array, levelWords: Int32Array, order: number, at: number): void {
  const prev = words[order + ORDER_PREV]!
  const next = words[order + ORDER_NEXT]!
  if (prev === 0) levelWords[at + LEVEL_HEAD] = next
  else words[(prev << ORDER) + ORDER_NEXT] = next
  if (next === 0) levelWords[at + LEVEL_TAIL] = prev
  else words[(next << ORDER) + ORDER_PREV] = prev
  levelWords[at + LEVEL_COUNT]!--
  words[order + ORDER_LEVEL] = NO_LEVEL
}

function isSize(lots: number): boolean {
  return lots > 0 && lots <= Number.MAX_SAFE_INTEGER && Math.floor(lots) === lots
}
