/**
 * The window of one side of a ladder in linear memory, see `src/book/ladder-side.ts`: levels stand at
 * their key modulo its size, and beside them a byte for each 16 keys.
 *
 * AssemblyScript, for kernels to import.
 */

/** Keys in the window of a side. */
export const WINDOW: usize = 16384
export const WINDOW_MASK: i32 = 16383
/** Where a window whose best level has sunk to is moved. */
export const LOW: i32 = 4096
export const NO_KEY: i32 = i32.MIN_VALUE

/**
 * The next level below `key` in the window, NO_KEY where there is none.
 *
 * @param lots    where the lots of the side begin, Float64
 * @param touched where its bytes begin, 0 for each 16 keys without a level
 */
export function nextBelow(lots: usize, touched: usize, key: i32, floor: i32): i32 {
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
