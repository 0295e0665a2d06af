/**
 * Codes of rows, and where books, rows and orders of ours stand in the memory of `level-rows.ts`; the
 * addresses are those of `src/book/level-memory.ts`.
 *
 * AssemblyScript, for kernels to import.
 */
import { WINDOW } from './ladder-window'

/** Bits of a row's code, see `src/market/events.ts`. */
export const KIND_MASK = 0x0f
export const SELL_SHIFT = 5
export const BUY_BIT = 0x10
export const SELL_BIT = 0x20
export const EXCH_ONLY_BIT = 0x40
export const LOCAL_ONLY_BIT = 0x80
export const TRADE = 1
export const DEPTH_SET = 2
export const BBO = 7

/**
 * Of a book, from its address on. Int32 by side: best key, lowest key of the window, and behind it
 * how many keys that has, which are always as many.
 */
export const BEST: usize = 0
export const FLOOR: usize = 8
/** Int32: rows that were levels, and the last position of one, in the last pass. */
export const APPLIED: usize = 24
export const LAST: usize = 28
/** Int32 by side: the least key that meets an order of ours on the other side. */
export const REACHED: usize = 32
/**
 * Int32: the queue model, see {@link frontAfter}, and {@link BY_LEVEL}; -1 to leave each level of
 * ours to JavaScript.
 */
export const QUEUE: usize = 40
/** Int32: no buy below the one and no sell above the other can meet an order of ours. */
export const TRADE_FROM: usize = 44
export const TRADE_TO: usize = 48
/** Int32: 1 where the last pass stopped right behind a row that moved the best price of a side. */
export const MOVED: usize = 52
/** Int32 by side: the row that told the ticker's best price last in the last pass, -1 for none. */
export const TICKER: usize = 56
export const LOTS: usize = 64
export const TOUCHED: usize = LOTS + 2 * WINDOW * 8

/** Rows of a block. */
export const ROWS: usize = 2048

/** Of the book of an exchange, from its address on: our resting orders. */
export const SLOTS: usize = TOUCHED + 2 * (WINDOW >> 4)
export const SLOT_BITS: i32 = 12
export const SLOT_MASK: i32 = 4095
export const RESTING: usize = 1024
export const TICK: usize = SLOTS + 2 * 4096 * 4
export const NEXT: usize = TICK + RESTING * 4
export const FRONT: usize = NEXT + RESTING * 4
export const TRADED: usize = FRONT + RESTING * 8
/** The next order at a level, where they stand by levels: TICK and NEXT are then of levels. */
export const BEHIND: usize = TRADED + RESTING * 8
/** Of a level of ours: its oldest order, its side, whether JavaScript has to hear of it. */
export const FIRST: usize = BEHIND + RESTING * 4
export const SIDE: usize = FIRST + RESTING * 4
export const MARKED: usize = SIDE + RESTING

/**
 * Changes of levels of ours that were put off: lots before, where the lots of the row stand, first
 * order of the slot. They last for a call, so that all books of a memory share them.
 */
export const CHANGES: usize = 1024
export const CHANGE_BYTES: usize = 16
export const CHANGED_FROM: usize = CHANGES
export const CHANGED_AT: usize = CHANGES + 8
export const CHANGED_OWN: usize = CHANGES + 12
/** Int32, in the kernel's own corner below all else: the end of the changes behind the last call. */
export const CHANGED: usize = 512

/** Of a block of rows, from its address on. */
export const ROW_LOTS: usize = 0
export const ROW_TICK: usize = ROW_LOTS + ROWS * 8
export const ROW_CODE: usize = ROW_TICK + ROWS * 4
