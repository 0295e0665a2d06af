/**
 * Memory that threads share.
 *
 * V8 leaves shared memory out of the count by which it decides when to collect: who loads one day
 * after the other would hold them all, long after they are done with, and each would ask the system
 * for pages again, which costs as much as reading the day. So as much memory that is not shared is
 * asked for from time to time and let go untouched: it takes no pages, and is counted.
 */

/**
 * Shared bytes after which V8 is told. It clears away young objects after 32 MiB that it counts;
 * with half as much again, collecting and asking for pages cost the least together.
 */
const UNTOLD_MAX = 48 * 2 ** 20

/** The most that V8 is told at once. */
const TOLD_MAX = 2 ** 30

/**
 * What the first time is asked for. The allocator of the C library (glibc) asks the system for
 * pieces from 32 MiB on one by one; of a smaller one that is given back it learns to keep pieces of
 * that size for the next.
 */
const FIRST_TOLD = 32 * 2 ** 20 - 65_536

let untold = 0
let isFirst = true

/** Allocates shared memory of zeros. @throws RangeError where there is not so much */
export function allocateShared(bytes: number): SharedArrayBuffer {
  untold += bytes
  if (untold > UNTOLD_MAX) {
    tell(isFirst ? FIRST_TOLD : Math.min(untold, TOLD_MAX))
    untold = 0
    isFirst = false
  }
  return new SharedArrayBuffer(bytes)
}

/** Asks for memory and lets it go. */
function tell(bytes: number): ArrayBuffer {
  return new ArrayBuffer(bytes)
}
